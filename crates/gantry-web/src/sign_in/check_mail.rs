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
use gantry_core::id::PendingLinkId;
use gantry_core::reason::Reason;
use gantry_core::secret::Digest;
use gantry_store::Store;
use gantry_store::seal::{SealContext, Sealer};
use gantry_views::page::mailed::{CheckMail, Purpose};
use serde::{Deserialize, Serialize};

use crate::extract::{Browser, QueryParameters, RealmContext};
use crate::respond::{PageAnswer, PageFailure, see_other};
use crate::{connections, paths};

const PURPOSE: &str = "check_mail";

/// What the page says.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Sent {
    /// The address that was typed.
    pub(crate) email: EmailAddress,
    /// What the mail is for.
    pub(crate) mailed: Mailed,
    /// The request that was interrupted.
    pub(crate) request: Option<String>,
}

/// What a mail is for.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) enum Mailed {
    /// To confirm the address of a new account.
    SignUp,
    /// To set a new password.
    Reset,
    /// To prove an address or an account, after a sign-in with a provider.
    Proof(PendingLinkId),
}

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(paths::CHECK_MAIL).route(web::get().to(show)));
}

/// Sends the browser to the page.
pub(crate) fn redirect(store: &Store, realm: &RealmContext, browser: &Browser, sent: &Sent) -> Result<HttpResponse, PageFailure> {
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
    let (purpose, again) = match sent.mailed {
        Mailed::SignUp => (Purpose::VerifyEmail, path(paths::SIGN_UP)),
        Mailed::Reset => (Purpose::ResetPassword, path(paths::RESET)),
        Mailed::Proof(link) => (Purpose::ProveAddress, connections::prove_path(&realm, link)),
    };
    let page = CheckMail { purpose, email: sent.email.to_string(), again, sign_in: path(paths::SIGN_IN) };
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
