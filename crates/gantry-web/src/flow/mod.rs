//! The browser flow between an authorization request and its answer.
//!
//! Every page of it leads back to [`continue_`], where the dispatcher decides again. What pages
//! and links carry is the value of `request`: the id of a row, or a request that is still sealed.

mod account;
mod consent;
mod continue_;
mod form_post;
mod pages;
mod tenant;

use std::fmt::Display;

use actix_web::{HttpRequest, HttpResponse, web};
use gantry_oauth::authorize::Outcome;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::extract::{Arrival, RealmContext};
use crate::respond::{PageAnswer, PageFailure, see_other};
use crate::{paths, sign_in};

/// The longest value that a link carries: with it the whole address stays within every limit.
const MAX_LINKED: usize = 6 * 1024;

/// Mounts this area.
pub(crate) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(paths::CONTINUE).route(web::get().to(continue_::show)))
        .service(web::resource(paths::TENANT).route(web::post().to(tenant::create)))
        .service(web::resource(paths::CONSENT).route(web::post().to(consent::create)))
        .service(web::resource(paths::SIGN_IN_ACCOUNT).route(web::post().to(account::create)));
}

/// Where a flow goes on after a step: to the dispatcher.
pub(crate) fn go_on(realm: &RealmContext, request: &impl Display) -> String {
    format!("{}?request={request}", realm.path(paths::CONTINUE))
}

/// The path of a page that belongs to a flow, if it belongs to one.
pub(crate) fn within(realm: &RealmContext, path: &str, request: Option<&str>) -> String {
    match request {
        Some(value) => format!("{}?request={}", realm.path(path), utf8_percent_encode(value, NON_ALPHANUMERIC)),
        None => realm.path(path),
    }
}

/// Whether a link may carry this value; forms may carry any.
pub(crate) const fn linkable(request: &str) -> bool {
    request.len() <= MAX_LINKED
}

/// Shows what comes next.
pub(crate) async fn show(request: &HttpRequest, arrival: &Arrival, outcome: Outcome) -> Result<HttpResponse, PageFailure> {
    let realm = &arrival.realm;
    match outcome {
        Outcome::Respond(response) => form_post::respond(request, response).await,
        Outcome::Continue(id) => Ok(see_other(&go_on(realm, &id))),
        Outcome::SignIn(asked, look) => Box::pin(sign_in::begin(request, realm, asked, look)).await,
        Outcome::Account(asked, look) => PageAnswer::looking(request, &look).render(&pages::account(arrival, asked)).await,
        Outcome::Tenant(asked, look) => PageAnswer::looking(request, &look).render(&pages::tenant(arrival, *asked)).await,
        Outcome::Consent(question, look) => {
            let tenant = question.tenants.as_ref().and_then(|tenants| tenants.chosen.as_ref()).map(|chosen| chosen.branding.clone());
            PageAnswer::looking(request, &look).branded(tenant.as_ref()).render(&pages::consent(realm, *question)).await
        }
    }
}
