//! `redirect_uri`: always sent, always one of the client's.

use gantry_core::client::Client;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Refusal;
use gantry_core::parameters::Parameters;
use gantry_core::reason::Reason;
use gantry_core::redirect_uri::matches;

/// The redirect URI as it was sent. Never guessed from what is registered (OpenID Connect Core
/// §3.1.2.1), never learned from the request (attack catalogue RED-04, RED-10).
pub(super) fn check(client: &Client, parameters: &Parameters) -> Result<String, Refusal> {
    let Some(requested) = parameters.get("redirect_uri") else {
        return Err(Refusal::new(ErrorCode::UnknownClient, "the request names no address to return to (redirect_uri is missing)")
            .reason(Reason::RedirectUri));
    };
    if is_registered(client, requested) {
        return Ok(requested.to_owned());
    }
    Err(Refusal::new(ErrorCode::UnknownClient, "the address to return to (redirect_uri) is not registered for this app")
        .reason(Reason::RedirectUri)
        .detail(requested.chars().take(200).collect::<String>()))
}

/// Whether an answer may go there.
pub(super) fn is_registered(client: &Client, requested: &str) -> bool {
    client.redirect_uris.iter().any(|registered| matches(registered, requested, client.kind))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authorize::samples::{CALLBACK, client, parameters, realm};

    #[test]
    fn only_a_registered_uri_passes() {
        let client = client(&realm());
        assert_eq!(check(&client, &parameters(&format!("redirect_uri={CALLBACK}"))).unwrap(), CALLBACK);
        for wrong in ["", "redirect_uri=", "redirect_uri=https://app.example/cb/", "redirect_uri=https://app.example/cb%3Fx=1"] {
            let refusal = check(&client, &parameters(wrong)).unwrap_err();
            assert!(!refusal.code.may_redirect(), "{wrong}");
        }
    }

    #[test]
    fn a_client_without_a_uri_has_none() {
        let client = Client { redirect_uris: Vec::new(), ..client(&realm()) };
        assert!(check(&client, &parameters(&format!("redirect_uri={CALLBACK}"))).is_err());
    }
}
