//! From a failure to the words of the error page.

use actix_web::http::StatusCode;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Failure;
use gantry_core::reason::Reason;
use gantry_core::sign_in_trace::SignInProblem;
use gantry_views::page::error::Problem;

/// What the error page says of a failure.
pub(crate) fn problem_of(failure: &Failure) -> Problem {
    let refusal = match failure {
        Failure::Broken(fault) if fault.is_unavailable() => return Problem::Unavailable,
        Failure::Broken(_) => return Problem::Internal,
        Failure::Refused(refusal) => refusal,
    };
    if let Some(named) = refusal.reason.and_then(problem_of_reason) {
        return named;
    }
    match refusal.code {
        ErrorCode::UnknownClient => Problem::UnknownApp,
        ErrorCode::UnauthorizedClient
        | ErrorCode::InvalidScope
        | ErrorCode::InvalidTarget
        | ErrorCode::UnsupportedResponseType
        | ErrorCode::UnsupportedGrantType
        | ErrorCode::InvalidClient => Problem::NotAllowedForApp,
        ErrorCode::InvalidRequestUri => Problem::FlowExpired,
        ErrorCode::NotFound => Problem::NotFound,
        ErrorCode::Forbidden | ErrorCode::AccessDenied | ErrorCode::InsufficientScope => Problem::Forbidden,
        ErrorCode::TooManyRequests => Problem::TooManyRequests,
        ErrorCode::MethodNotAllowed
        | ErrorCode::TooLarge
        | ErrorCode::UnsupportedMediaType
        | ErrorCode::MisdirectedRequest
        | ErrorCode::PreconditionFailed
        | ErrorCode::IdempotencyKeyReused
        | ErrorCode::RequestInFlight
        | ErrorCode::Conflict => Problem::BadRequest,
        ErrorCode::TemporarilyUnavailable => Problem::Unavailable,
        ErrorCode::ServerError => Problem::Internal,
        ErrorCode::InvalidRequest
        | ErrorCode::InvalidGrant
        | ErrorCode::LoginRequired
        | ErrorCode::ConsentRequired
        | ErrorCode::InteractionRequired
        | ErrorCode::AccountSelectionRequired
        | ErrorCode::UnmetAuthenticationRequirements
        | ErrorCode::RequestNotSupported
        | ErrorCode::RequestUriNotSupported
        | ErrorCode::InvalidToken
        | ErrorCode::UnsupportedTokenType
        | ErrorCode::InvalidRedirectUri
        | ErrorCode::InvalidClientMetadata => Problem::InvalidRequest,
    }
}

/// Reasons that rules give where the code alone would say too little to a person.
const fn problem_of_reason(reason: Reason) -> Option<Problem> {
    match reason {
        Reason::RedirectUri => Some(Problem::UnknownDestination),
        Reason::FlowExpired => Some(Problem::FlowExpired),
        Reason::ForeignForm => Some(Problem::ForeignForm),
        Reason::SignUpClosed => Some(Problem::SignUpClosed),
        Reason::UnknownClient
        | Reason::TenantsNotUsed
        | Reason::NoTenant
        | Reason::TenantNotGranted
        | Reason::NotAMember
        | Reason::TenantSuspended
        | Reason::AppNotAllowed
        | Reason::AppRemoved
        | Reason::AppNotInstalled
        | Reason::SignInTooOld
        | Reason::ConnectionRequired
        | Reason::ConnectionDisabled => None,
    }
}

/// The status of a sign-in with a provider that failed: 400 for what does not fit together, 403 for a no, 5xx where
/// the provider or its registration is at fault.
pub(super) const fn status_of(problem: SignInProblem) -> StatusCode {
    use SignInProblem as P;
    match problem {
        P::UnknownAttempt
        | P::WrongResponseIssuer
        | P::CodeRejected
        | P::NoIdToken
        | P::TokenMalformed
        | P::TokenSignature
        | P::TokenIssuer
        | P::TokenAudience
        | P::TokenTime
        | P::TokenNonce
        | P::TokenHash
        | P::BadSubject
        | P::UserinfoMismatch
        | P::ProofMismatch => StatusCode::BAD_REQUEST,
        P::ConnectionDisabled
        | P::DeniedUpstream
        | P::InteractionUpstream
        | P::AdminConsentNeeded
        | P::TokenTooOld
        | P::DirectoryNotAllowed
        | P::GuestNotAllowed
        | P::LinkOnly
        | P::UnknownPerson
        | P::AddressTaken
        | P::NoAddress
        | P::AccountDisabled
        | P::LinkedElsewhere
        | P::NotForTenant => StatusCode::FORBIDDEN,
        P::ErrorUpstream | P::BadAnswer | P::MetadataMismatch | P::ClientRejected => StatusCode::BAD_GATEWAY,
        P::Misconfigured | P::GroupsUnavailable => StatusCode::SERVICE_UNAVAILABLE,
        P::Unreachable => StatusCode::GATEWAY_TIMEOUT,
        P::TooMany => StatusCode::TOO_MANY_REQUESTS,
    }
}
