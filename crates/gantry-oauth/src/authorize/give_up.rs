//! The end of a request whose person could not sign in with a provider, and goes back to the app.
//!
//! Owns what the app is told of it. The person's page has the reason; the app learns whether it is worth trying again.

use gantry_core::authorization_request::AuthorizationRequest;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::sign_in_trace::SignInProblem;
use gantry_identity::routing::{Hints, WantedTenant};

use super::endpoint::{AuthorizeEndpoint, chosen};
use super::outcome::{Outcome, hints_of};
use crate::visit::Visit;

impl AuthorizeEndpoint {
    /// What a request that a person has acted on says of where they sign in.
    pub fn hints(request: &AuthorizationRequest) -> Hints {
        let hints = hints_of(&request.parameters);
        Hints { tenant: chosen(request).map(WantedTenant::Known).or(hints.tenant), ..hints }
    }

    /// The person goes back to the app with the reason that the request's trace holds; without one they only refused.
    pub async fn give_up(&self, visit: &Visit<'_>, value: &str) -> Result<Outcome, Failure> {
        let pass = self.adopted(visit, value).await?;
        let trace = match pass.request.trace {
            Some(id) => self.store.read(pass.request.realm_id).sign_in_traces().find(id).await?,
            None => None,
        };
        let refusal = trace.and_then(|trace| trace.problem).map_or_else(
            || Refusal::new(ErrorCode::AccessDenied, "the person did not sign in"),
            |problem| told(problem).detail(format!("sign-in with a provider: {problem}")),
        );
        self.refuse(visit, &pass, &refusal).await
    }
}

/// What an app is told: a no of the person or of the rules, a provider that may answer later, or one that is set up wrongly.
fn told(problem: SignInProblem) -> Refusal {
    use SignInProblem as P;
    match problem {
        P::Unreachable | P::BadAnswer | P::ErrorUpstream | P::GroupsUnavailable | P::TooMany => {
            Refusal::new(ErrorCode::TemporarilyUnavailable, "the person's identity provider cannot be used just now")
        }
        P::Misconfigured
        | P::ClientRejected
        | P::MetadataMismatch
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
        | P::WrongResponseIssuer => {
            Refusal::new(ErrorCode::ServerError, "the person's identity provider gave an answer that cannot be used")
        }
        P::UnknownAttempt
        | P::ConnectionDisabled
        | P::DeniedUpstream
        | P::InteractionUpstream
        | P::AdminConsentNeeded
        | P::CodeRejected
        | P::TokenTooOld
        | P::DirectoryNotAllowed
        | P::GuestNotAllowed
        | P::LinkOnly
        | P::UnknownPerson
        | P::AddressTaken
        | P::NoAddress
        | P::AccountDisabled
        | P::LinkedElsewhere
        | P::ProofMismatch
        | P::NotForTenant => Refusal::new(ErrorCode::AccessDenied, "the person did not sign in"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Nothing that an app is told names the provider, the person or the exact reason.
    #[test]
    fn an_app_learns_only_whether_to_try_again() {
        let mut codes: Vec<&str> = SignInProblem::ALL.iter().map(|problem| told(*problem).code.wire_name()).collect();
        assert_eq!(
            (told(SignInProblem::LinkOnly).code, told(SignInProblem::Unreachable).code),
            (ErrorCode::AccessDenied, ErrorCode::TemporarilyUnavailable)
        );
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes, ["access_denied", "server_error", "temporarily_unavailable"]);
    }
}
