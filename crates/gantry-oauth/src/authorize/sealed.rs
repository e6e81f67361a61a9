//! A request on its way through pages: sealed inside their forms until a person acts on it.
//!
//! Nothing is stored for a request that nobody has acted on. Its pages carry it sealed for the
//! realm and for the browser they were shown to: in another browser it opens to nothing (attack
//! catalogue SES-02, CON-03). The id is given when it is sealed, so that however often the same
//! page is submitted there is one row.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gantry_core::authorization_request::{AuthorizationParameters, AuthorizationRequest, REQUEST_LIFETIME, Stage};
use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::id::{AuthorizationRequestId, RealmId};
use gantry_core::realm::seconds;
use gantry_core::secret::Digest;
use gantry_store::seal::{SealContext, Sealer};
use serde::{Deserialize, Serialize};

const PURPOSE: &str = "authorize.form";

#[derive(Serialize, Deserialize)]
struct Sealed<P> {
    id: AuthorizationRequestId,
    parameters: P,
}

/// A request that no row stands for yet.
pub(super) fn fresh(realm: RealmId, browser: Digest, parameters: AuthorizationParameters) -> AuthorizationRequest {
    with_id(AuthorizationRequestId::new(), realm, browser, parameters)
}

fn with_id(id: AuthorizationRequestId, realm_id: RealmId, browser: Digest, parameters: AuthorizationParameters) -> AuthorizationRequest {
    let created_at = parameters.received_at;
    let expires_at = created_at.plus(seconds(REQUEST_LIFETIME));
    AuthorizationRequest { id, realm_id, browser, parameters, stage: Stage::Received, trace: None, created_at, expires_at }
}

/// The form's value for a request without a row.
pub(super) fn seal_request(sealer: &Sealer, request: &AuthorizationRequest) -> Result<String, Fault> {
    let content = Sealed { id: request.id, parameters: &request.parameters };
    let plain = serde_json::to_vec(&content).map_err(|error| Fault::caused("the request cannot be written", error))?;
    let (realm, row) = (request.realm_id.to_string(), request.browser.to_text());
    sealer.seal(SealContext { purpose: PURPOSE, realm: &realm, row: &row }, &plain).map(|sealed| URL_SAFE_NO_PAD.encode(sealed))
}

/// The request in a form's value, if it was sealed for this realm and browser and is not too old.
pub(super) fn open_request(sealer: &Sealer, realm: RealmId, browser: Digest, value: &str, now: Timestamp) -> Option<AuthorizationRequest> {
    let bytes = URL_SAFE_NO_PAD.decode(value).ok()?;
    let (realm_text, row) = (realm.to_string(), browser.to_text());
    let plain = sealer.open(SealContext { purpose: PURPOSE, realm: &realm_text, row: &row }, &bytes)?;
    let Sealed { id, parameters } = serde_json::from_slice::<Sealed<AuthorizationParameters>>(&plain).ok()?;
    let request = with_id(id, realm, browser, parameters);
    (now < request.expires_at).then_some(request)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::authorize::samples::{self, NOW};

    #[test]
    fn ses_02_a_sealed_request_opens_in_its_realm_and_browser_alone_and_not_for_ever() {
        let sealer = Sealer::from_master_key(&Sealer::generate_master_key()).unwrap();
        let realm = samples::realm();
        let browser = Digest::of(b"browser");
        let request = fresh(realm.realm.id, browser, samples::asked(&samples::client(&realm), "openid"));
        let value = seal_request(&sealer, &request).unwrap();
        assert_eq!(open_request(&sealer, request.realm_id, browser, &value, NOW), Some(request.clone()));
        assert_eq!(open_request(&sealer, request.realm_id, Digest::of(b"other"), &value, NOW), None);
        assert_eq!(open_request(&sealer, RealmId::new(), browser, &value, NOW), None);
        let late = NOW.plus(Duration::from_secs(u64::from(REQUEST_LIFETIME)));
        assert_eq!(open_request(&sealer, request.realm_id, browser, &value, late), None);
        let one = value.chars().nth(40).unwrap();
        let changed = value.replace(one, if one == '_' { "A" } else { "_" });
        assert_eq!(open_request(&sealer, request.realm_id, browser, &changed, NOW), None);
        for nonsense in ["", "=", "arq_0", "é"] {
            assert_eq!(open_request(&sealer, request.realm_id, browser, nonsense, NOW), None);
        }
    }
}
