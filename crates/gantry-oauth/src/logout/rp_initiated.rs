//! The end-session endpoint (OpenID Connect RP-Initiated Logout 1.0).
//!
//! A client that shows a genuine ID token of the person who is signed in signs them out and gets
//! them back; anything less is asked of the person first, and leads to a page of ours (attack
//! catalogue LGO-01 to LGO-03). Never ends a session but the browser's own.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gantry_core::client::Client;
use gantry_core::clock::SharedClock;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Fault, Refusal};
use gantry_core::parameters::Parameters;
use gantry_core::redirect_uri::matches;
use gantry_identity::Identity;
use gantry_identity::upstream_sessions::Standing;
use gantry_store::Store;
use gantry_store::seal::SealContext;
use gantry_store::snapshot::ClientSnapshot;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::authorize::answer::append_query;
use crate::authorize::parameters::MAX_STATE;
use crate::id_token_hint::Hint;
use crate::keys::KeyRing;
use crate::visit::Visit;

const PURPOSE: &str = "logout.form";

/// The end-session endpoint.
#[derive(Debug)]
pub struct LogoutEndpoint {
    /// Clients, the sealer.
    pub store: Store,
    /// Ends sessions.
    pub identity: Identity,
    /// The realms' keys, for hints.
    pub keys: KeyRing,
    /// The time.
    pub clock: SharedClock,
}

/// What happens next.
#[derive(Debug)]
pub enum LogoutOutcome {
    /// The person is asked.
    Confirm {
        /// The form's value of `request`: where the browser goes afterwards, sealed.
        request: Option<String>,
        /// The app that asked, where it has proved itself.
        app: Option<String>,
    },
    /// Nobody is signed in here any more.
    SignedOut {
        /// Where the browser goes in the end; else it sees our own page.
        location: Option<String>,
        /// What the session owed to a provider where the person is to be signed out as well.
        owed: Option<Box<Standing>>,
    },
}

impl LogoutEndpoint {
    /// Judges a request. `navigated` says that a person's browser follows a link or a redirect;
    /// an image or a frame of another page is asked to come back as a page (LGO-02).
    pub async fn receive(&self, visit: &Visit<'_>, parameters: &Parameters, navigated: bool) -> Result<LogoutOutcome, Failure> {
        let hint = Hint::read(parameters, &self.keys, visit.realm, visit.issuer, self.clock.now())?;
        let proven = self.proven_client(visit, parameters, &hint).await?;
        let wanted = parameters.get("post_logout_redirect_uri");
        let location = match (&proven, wanted) {
            (Some((client, _)), Some(uri)) => return_location(&client.client, uri, parameters)?,
            _ => None,
        };
        let Some((session, user)) = visit.signed_in else { return Ok(LogoutOutcome::SignedOut { location, owed: None }) };
        let honoured = wanted.is_none() || location.is_some();
        let same_person = proven.as_ref().is_some_and(|(_, subject)| *subject == user.id.to_string());
        if navigated && honoured && same_person {
            let owed = self.identity.sign_out(session, visit.origin).await?;
            return Ok(LogoutOutcome::SignedOut { location, owed });
        }
        let request = location.map(|location| self.seal(visit, &location)).transpose()?;
        Ok(LogoutOutcome::Confirm { request, app: proven.map(|(client, _)| client.client.name.clone()) })
    }

    /// The person said yes. `request` is the form's value, if it had one.
    pub async fn confirm(&self, visit: &Visit<'_>, request: Option<&str>) -> Result<LogoutOutcome, Failure> {
        let owed = match visit.signed_in {
            Some((session, _)) => self.identity.sign_out(session, visit.origin).await?,
            None => None,
        };
        Ok(LogoutOutcome::SignedOut { location: request.and_then(|request| self.open(visit, request)), owed })
    }

    /// The client that a genuine hint was issued to, and whom the hint is about. A `client_id`
    /// that says otherwise makes the hint worthless (§2).
    async fn proven_client(
        &self,
        visit: &Visit<'_>,
        parameters: &Parameters,
        hint: &Hint,
    ) -> Result<Option<(Arc<ClientSnapshot>, String)>, Fault> {
        let Hint::Genuine(hint) = hint else { return Ok(None) };
        if parameters.get("client_id").is_some_and(|client_id| client_id != hint.audience) {
            return Ok(None);
        }
        let known = self.store.snapshots().client(visit.realm.realm.id, &hint.audience).await?;
        Ok(known.filter(|known| known.client.is_enabled()).map(|client| (client, hint.subject.clone())))
    }

    fn seal(&self, visit: &Visit<'_>, location: &str) -> Result<String, Fault> {
        let (realm, row) = (visit.realm.realm.id.to_string(), visit.browser.to_text());
        let sealed = self.store.sealer().seal(SealContext { purpose: PURPOSE, realm: &realm, row: &row }, location.as_bytes())?;
        Ok(URL_SAFE_NO_PAD.encode(sealed))
    }

    fn open(&self, visit: &Visit<'_>, value: &str) -> Option<String> {
        let (realm, row) = (visit.realm.realm.id.to_string(), visit.browser.to_text());
        let sealed = URL_SAFE_NO_PAD.decode(value).ok()?;
        let plain = self.store.sealer().open(SealContext { purpose: PURPOSE, realm: &realm, row: &row }, &sealed)?;
        String::from_utf8(plain).ok()
    }
}

/// Where the browser goes after sign-out: a registered URI, with the client's `state` (§3).
fn return_location(client: &Client, uri: &str, parameters: &Parameters) -> Result<Option<String>, Refusal> {
    if !client.post_logout_redirect_uris.iter().any(|registered| matches(registered, uri, client.kind)) {
        return Ok(None);
    }
    let Some(state) = parameters.get("state") else { return Ok(Some(uri.to_owned())) };
    if state.len() > MAX_STATE || state.chars().any(char::is_control) {
        return Err(Refusal::new(ErrorCode::InvalidRequest, "the state parameter is too long or has control characters"));
    }
    Ok(Some(append_query(uri, &format!("state={}", utf8_percent_encode(state, NON_ALPHANUMERIC)))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authorize::samples::{self, parameters};

    #[test]
    fn lgo_01_only_a_registered_uri_is_gone_to() {
        let client = samples::client(&samples::realm());
        let location = |uri: &str, text: &str| return_location(&client, uri, &parameters(text));
        assert_eq!(location("https://app.example/bye", ""), Ok(Some("https://app.example/bye".to_owned())));
        assert_eq!(location("https://app.example/bye", "state=a%20b"), Ok(Some("https://app.example/bye?state=a%20b".to_owned())));
        for wrong in ["https://app.example/bye/", "https://app.example/bye?x=1", "https://app.example/cb", "https://evil.example/bye"] {
            assert_eq!(location(wrong, ""), Ok(None), "{wrong}");
        }
        assert!(location("https://app.example/bye", "state=a%0db").is_err());
    }
}
