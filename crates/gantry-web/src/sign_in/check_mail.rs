//! "Look into your mailbox". Says the same whether or not there is an account.
//!
//! What was typed travels sealed in the address, for this browser alone: addresses of people do not
//! belong into histories and logs.

use actix_web::{HttpRequest, HttpResponse, web};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gantry_core::email_address::EmailAddress;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Fault, Refusal};
use gantry_core::reason::Reason;
use gantry_core::secret::Digest;
use gantry_store::Store;
use gantry_store::seal::{SealContext, Sealer};
use gantry_views::page::mailed::{CheckMail, Purpose};
use serde::{Deserialize, Serialize};

use crate::extract::{Browser, QueryParameters, RealmContext};
use crate::paths;
use crate::respond::{PageAnswer, PageFailure, see_other};

const PURPOSE: &str = "check_mail";

/// What the page says.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Sent {
    /// The address that was typed.
    pub(super) email: EmailAddress,
    /// Whether it was for a reset, or else for a sign-up.
    pub(super) reset: bool,
    /// The request that was interrupted.
    pub(super) request: Option<String>,
}

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(paths::CHECK_MAIL).route(web::get().to(show)));
}

/// Sends the browser to the page.
pub(super) fn redirect(store: &Store, realm: &RealmContext, browser: &Browser, sent: &Sent) -> Result<HttpResponse, PageFailure> {
    let sealed = seal(store.sealer(), realm, browser.digest(), sent)?;
    Ok(see_other(&format!("{}?sent={sealed}", realm.path(paths::CHECK_MAIL))))
}

async fn show(
    request: HttpRequest,
    realm: RealmContext,
    query: QueryParameters,
    browser: Browser,
    store: web::Data<Store>,
) -> Result<HttpResponse, PageFailure> {
    let sent = query.get("sent").and_then(|text| open(store.sealer(), &realm, browser.digest(), text));
    let sent =
        sent.ok_or_else(|| Refusal::new(ErrorCode::InvalidRequest, "the page belongs to another browser").reason(Reason::FlowExpired))?;
    let path = |path: &str| match &sent.request {
        Some(request) => format!("{}?request={request}", realm.path(path)),
        None => realm.path(path),
    };
    let page = CheckMail {
        purpose: if sent.reset { Purpose::ResetPassword } else { Purpose::VerifyEmail },
        email: sent.email.to_string(),
        again: path(if sent.reset { paths::RESET } else { paths::SIGN_UP }),
        sign_in: path(paths::SIGN_IN),
    };
    PageAnswer::to(&request).render(&page).await
}

fn seal(sealer: &Sealer, realm: &RealmContext, browser: Digest, sent: &Sent) -> Result<String, Failure> {
    let plain = serde_json::to_vec(sent).map_err(|error| Fault::caused("what was sent cannot be written", error))?;
    let (realm, row) = (realm.id().to_string(), browser.to_text());
    Ok(URL_SAFE_NO_PAD.encode(sealer.seal(SealContext { purpose: PURPOSE, realm: &realm, row: &row }, &plain)?))
}

fn open(sealer: &Sealer, realm: &RealmContext, browser: Digest, text: &str) -> Option<Sent> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (realm, row) = (realm.id().to_string(), browser.to_text());
    let plain = sealer.open(SealContext { purpose: PURPOSE, realm: &realm, row: &row }, &bytes)?;
    serde_json::from_slice(&plain).ok()
}
