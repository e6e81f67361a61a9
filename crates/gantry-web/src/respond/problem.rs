//! From a failure to the words of the error page.

use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Failure;
use gantry_core::reason::Reason;
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
