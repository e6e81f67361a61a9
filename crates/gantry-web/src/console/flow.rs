//! The console's side of a code flow: what it keeps while the person is at their realm, and where it sends them.
//!
//! What is kept travels in a sealed cookie of this browser alone: nobody else's answer fits it, and nothing in it can
//! be read or chosen by anybody (attack catalogue SES-01, SES-02, SES-04).

use actix_web::cookie::time::Duration;
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gantry_core::authorization_request::REQUEST_LIFETIME;
use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::id::RealmId;
use gantry_core::realm::seconds;
use gantry_core::secret::{Digest, random_bytes};
use gantry_identity::Identity;
use gantry_oauth::console_client::{self, CLIENT_ID, SCOPES};
use gantry_store::Store;
use gantry_store::seal::SealContext;
use gantry_store::snapshot::RealmSnapshot;
use serde::{Deserialize, Serialize};

use crate::paths::console::{self as at, Verb};
use crate::respond::{PageFailure, data, see_other};
use crate::settings::WebSettings;
use crate::{PATH_FAMILIES, cookies};

const COOKIE: &str = "__Host-gantry-console-flow";
const SEALED: SealContext<'_> = SealContext { purpose: "console.flow", realm: "", row: "" };

/// What the console keeps of a sign-in until it is over.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Flow {
    /// The realm that the person was sent to.
    pub(super) realm: RealmId,
    /// RFC 6749 §10.12.
    pub(super) state: String,
    /// OpenID Connect Core §3.1.2.1.
    pub(super) nonce: String,
    /// RFC 7636 §4.1.
    pub(super) verifier: String,
    /// The page that the person wanted.
    pub(super) back: Option<String>,
    begun_at: Timestamp,
}

/// How somebody is to sign in.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Way<'w> {
    /// Whose address is filled in.
    pub(super) login_hint: Option<&'w str>,
    /// Whether a session that lives already will not do.
    pub(super) anew: bool,
}

/// Sends the browser to a realm to sign in there.
pub(super) async fn start(
    request: &HttpRequest,
    realm: &RealmSnapshot,
    back: Option<String>,
    way: Way<'_>,
) -> Result<HttpResponse, PageFailure> {
    let (store, settings) = (data::<Store>(request)?, data::<WebSettings>(request)?);
    let now = data::<Identity>(request)?.now();
    let redirect_uri = redirect_uri(settings);
    console_client::ensure(store, realm.realm.id, &redirect_uri, now).await?;
    let text = || URL_SAFE_NO_PAD.encode(random_bytes::<32>());
    let flow = Flow { realm: realm.realm.id, state: text(), nonce: text(), verifier: text(), back, begun_at: now };
    let challenge = URL_SAFE_NO_PAD.encode(Digest::of(flow.verifier.as_bytes()).as_bytes());
    let scope = SCOPES.join(" ");
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("response_type", "code").append_pair("client_id", CLIENT_ID).append_pair("redirect_uri", &redirect_uri);
    query.append_pair("scope", &scope).append_pair("state", &flow.state).append_pair("nonce", &flow.nonce);
    query.append_pair("code_challenge", &challenge).append_pair("code_challenge_method", "S256");
    if let Some(hint) = way.login_hint {
        query.append_pair("login_hint", hint);
    }
    if way.anew {
        query.append_pair("prompt", "login").append_pair("max_age", "0");
    }
    let endpoint = settings.public_url.address_of(&realm.realm).below_issuer(PATH_FAMILIES.of(&realm.realm).authorization);
    let mut response = see_other(&format!("{endpoint}?{}", query.finish()));
    let plain = serde_json::to_vec(&flow).map_err(|error| Fault::caused("the sign-in cannot be kept", error))?;
    let mut cookie = cookies::of_console(COOKIE, URL_SAFE_NO_PAD.encode(store.sealer().seal(SEALED, &plain)?));
    cookie.set_max_age(Duration::seconds(i64::from(REQUEST_LIFETIME)));
    response.add_cookie(&cookie).map_err(|error| Fault::caused("a cookie", error))?;
    Ok(response)
}

/// The sign-in that this browser is in the middle of.
pub(super) fn read(request: &HttpRequest) -> Result<Option<Flow>, Fault> {
    let Some(value) = cookies::read_text(request, COOKIE) else { return Ok(None) };
    let opened = URL_SAFE_NO_PAD.decode(value).ok().and_then(|sealed| data::<Store>(request).ok()?.sealer().open(SEALED, &sealed));
    let flow = opened.and_then(|plain| serde_json::from_slice::<Flow>(&plain).ok());
    let now = data::<Identity>(request)?.now();
    Ok(flow.filter(|flow| now < flow.begun_at.plus(seconds(REQUEST_LIFETIME))))
}

/// Takes what was kept away.
pub(super) fn over() -> actix_web::cookie::Cookie<'static> {
    cookies::gone(COOKIE)
}

/// The one address that codes for the console go to.
pub(super) fn redirect_uri(settings: &WebSettings) -> String {
    format!("{}{}", settings.public_url.as_str(), at::CALLBACK)
}

/// A page of the console to come back to: a path of an address that shows something, with its query. Anything else is
/// not heard, so that nobody is led elsewhere by a link to the sign-in (attack catalogue RED-15).
pub(super) fn back(text: &str) -> Option<String> {
    let path = text.split_once('?').map_or(text, |(path, _)| path);
    let plain = text.len() <= 2000 && text.bytes().all(|b| b.is_ascii_graphic() && !b"\\#\"<>".contains(&b));
    // A dot segment would be resolved by the browser to an address that was not looked up here.
    let straight =
        !path.split('/').any(|part| matches!(part.to_ascii_lowercase().as_str(), "." | ".." | "%2e" | "%2e%2e" | ".%2e" | "%2e."));
    let shows = at::find(path).is_some_and(|address| address.verbs.contains(&Verb::Get) && address.audience != at::Audience::Anyone);
    (plain && straight && shows).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_the_console_are_come_back_to() {
        for good in ["/console", "/console/realms?q=a&after=b", "/console/realms/acme"] {
            assert_eq!(back(good).as_deref(), Some(good));
        }
        for bad in [
            "",
            "/",
            "//evil.example/console",
            "https://evil.example/console",
            "/console/nowhere",
            "/console/../account",
            "/console/realms/..",
            "/console/realms/%2E%2e",
            "/console\\realms",
            "/console/sign-out",
            "/console/callback",
            "/console#x",
            "/console?a=\r\nb",
            "console",
            "/console/",
            "javascript:alert(1)",
            "/console?a=é",
        ] {
            assert_eq!(back(bad), None, "{bad:?}");
        }
    }
}
