//! The token that a mailed link carries, and the page for one that works no longer.

use actix_web::{HttpRequest, HttpResponse};
use gantry_core::parameters::Parameters;
use gantry_core::secret::Secret;
use gantry_views::page::mailed::{ExpiredLink, Purpose};

use crate::extract::RealmContext;
use crate::paths;
use crate::respond::{PageAnswer, PageFailure};

/// The token of a request, in whatever form it arrived.
pub(crate) fn token(parameters: &Parameters) -> Secret {
    parameters.secret("token").unwrap_or_else(|| Secret::new(""))
}

/// The absolute address of a page that takes a token, up to the token.
pub(crate) fn link_to(realm: &RealmContext, path: &str) -> String {
    format!("{}?token=", realm.url(path))
}

/// One page for every link that does nothing, whyever.
pub(crate) async fn expired(request: &HttpRequest, realm: &RealmContext, purpose: Purpose) -> Result<HttpResponse, PageFailure> {
    let again = match purpose {
        Purpose::VerifyEmail | Purpose::FirstOperator | Purpose::ProveAddress => paths::SIGN_IN,
        Purpose::ResetPassword => paths::RESET,
    };
    PageAnswer::to(request).gone().render(&ExpiredLink { purpose, again: Some(realm.path(again)) }).await
}
