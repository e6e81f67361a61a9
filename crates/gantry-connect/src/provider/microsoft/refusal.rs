//! What Entra ID means by its refusals.
//!
//! The reason that helps stands in `error_description`, as `AADSTS` and a number. Microsoft may change the numbers, so
//! they only sharpen what `error` says already: an unknown number changes nothing, and none lets anybody in.
//!
//! Source: Microsoft identity platform, «Authentication and authorization error codes» (`reference-error-codes`).

use gantry_core::sign_in_trace::SignInProblem;

/// The numbers that somebody can do something about: what they are, and what helps.
const KNOWN: [(u32, SignInProblem, &str); 19] = [
    (65001, SignInProblem::AdminConsentNeeded, "nobody has agreed to this app there yet"),
    (90094, SignInProblem::AdminConsentNeeded, "an administrator of the directory must agree to this app"),
    (90095, SignInProblem::AdminConsentNeeded, "an administrator of the directory must agree to this app; the person has asked for it"),
    (65004, SignInProblem::DeniedUpstream, "the person did not agree"),
    (50105, SignInProblem::DeniedUpstream, "the person is not assigned to this app in the directory"),
    (50020, SignInProblem::DeniedUpstream, "the account does not exist in this directory"),
    (50057, SignInProblem::DeniedUpstream, "the account is switched off there"),
    (53003, SignInProblem::DeniedUpstream, "the directory's conditional access does not allow it"),
    (50058, SignInProblem::InteractionUpstream, "nobody is signed in there"),
    (50076, SignInProblem::InteractionUpstream, "the directory demands a second factor"),
    (50079, SignInProblem::InteractionUpstream, "the directory demands that a second factor is set up"),
    (50011, SignInProblem::ClientRejected, "the callback address is not registered with the app"),
    (50194, SignInProblem::ClientRejected, "the app is registered for one directory: its id must be the audience"),
    (700_016, SignInProblem::ClientRejected, "the client id is not known in this directory"),
    (700_027, SignInProblem::ClientRejected, "the certificate is not registered with the app, or has expired"),
    (7_000_215, SignInProblem::ClientRejected, "the secret is wrong: it must be the secret's value, not its id"),
    (7_000_218, SignInProblem::ClientRejected, "no secret was sent, and the app needs one"),
    (7_000_222, SignInProblem::ClientRejected, "the secret has expired"),
    (90002, SignInProblem::Misconfigured, "there is no such directory"),
];

/// What a refusal means, if it says more than the error code of OAuth does. `description` is not repeated. A grant that is
/// no good any more stays one whatever happened to the person: liveness rests on that.
pub(crate) fn explain(error: &str, description: Option<&str>) -> Option<(SignInProblem, String)> {
    let number = description.and_then(number_in);
    if let Some((number, problem, hint)) = KNOWN.iter().find(|(known, ..)| Some(*known) == number) {
        let is_over = error == "invalid_grant" && *problem == SignInProblem::DeniedUpstream;
        let problem = if is_over { SignInProblem::CodeRejected } else { *problem };
        return Some((problem, format!("AADSTS{number}: {hint}")));
    }
    (error == "consent_required").then(|| (SignInProblem::AdminConsentNeeded, "nobody has agreed to this app there yet".to_owned()))
}

/// The number at the beginning of the description.
fn number_in(description: &str) -> Option<u32> {
    let rest = description.strip_prefix("AADSTS")?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).take(9).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_sharpens_the_refusal() {
        let told = |error: &str, description: &str| explain(error, Some(description));
        let (problem, detail) = told("invalid_client", "AADSTS7000222: The provided client secret keys are expired. Trace ID: 1").unwrap();
        assert_eq!(problem, SignInProblem::ClientRejected);
        assert_eq!(detail, "AADSTS7000222: the secret has expired");
        assert_eq!(told("invalid_client", "AADSTS7000215: x").unwrap().0, SignInProblem::ClientRejected);
        assert_eq!(told("unauthorized_client", "AADSTS700016: x").unwrap().0, SignInProblem::ClientRejected);
        assert_eq!(told("access_denied", "AADSTS65004: x").unwrap().0, SignInProblem::DeniedUpstream);
        for description in ["AADSTS65001: x", "AADSTS90094: x"] {
            assert_eq!(told("invalid_grant", description).unwrap().0, SignInProblem::AdminConsentNeeded);
        }
        assert_eq!(explain("consent_required", None).unwrap().0, SignInProblem::AdminConsentNeeded);
    }

    #[test]
    fn an_account_that_is_gone_ends_its_grant() {
        for description in ["AADSTS50057: x", "AADSTS50105: x", "AADSTS53003: x"] {
            assert_eq!(explain("invalid_grant", Some(description)).unwrap().0, SignInProblem::CodeRejected, "{description}");
            assert_eq!(explain("access_denied", Some(description)).unwrap().0, SignInProblem::DeniedUpstream, "{description}");
        }
        assert_eq!(explain("invalid_grant", Some("AADSTS50076: x")).unwrap().0, SignInProblem::InteractionUpstream);
    }

    #[test]
    fn what_is_unknown_is_left_to_the_error_code() {
        for description in ["", "AADSTS", "AADSTS1: x", "x AADSTS65001", "AADSTS99999999999999: x", "aadsts65001"] {
            assert_eq!(explain("access_denied", Some(description)), None, "{description}");
        }
        assert_eq!(explain("server_error", None), None);
    }
}
