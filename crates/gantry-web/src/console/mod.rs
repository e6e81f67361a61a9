//! The admin console: pages for those who administer the deployment, a realm or a tenant.
//!
//! On the public URL alone. Handlers read, ask the rules as the person's [`Actor`](gantry_core::actor::Actor), and
//! answer with a sheet; no rule is here. Signing in is an ordinary code flow against the person's own realm.

mod audit;
mod branding;
mod bulk;
mod callback;
mod clients;
mod code;
pub(crate) mod connections;
pub(crate) mod context;
mod flow;
pub(crate) mod form;
mod home;
mod keys;
mod listing;
mod mail;
mod once;
mod people;
mod publishers;
mod realms;
mod refused;
mod resources;
mod scopes;
mod seat;
mod service_accounts;
mod sessions;
mod settings;
mod shell;
mod sign_in;
mod stale;
mod standing_in;
mod tenants;
mod traces;

use actix_web::guard::GuardContext;
use actix_web::http::header;
use actix_web::middleware::from_fn;
use actix_web::{HttpRequest, HttpResponse, web};
use gantry_core::failure::Fault;
use gantry_core::session::Session;
use gantry_store::Store;

use crate::extract::authority;
use crate::paths::console as at;
use crate::respond::{PageFailure, data};
use crate::settings::WebSettings;

/// Lets somebody into the console who has just signed in to a realm on the public host.
pub(crate) fn enter(request: &HttpRequest, response: &mut HttpResponse, session: &Session) -> Result<(), PageFailure> {
    let cookie = seat::cookie(data::<Store>(request)?.sealer(), session.realm_id, session.id)?;
    Ok(response.add_cookie(&cookie).map_err(|error| Fault::caused("a cookie", error))?)
}

/// Mounts this area, before any realm's routes.
pub(crate) fn mount(cfg: &mut web::ServiceConfig) {
    cfg.service(web::scope("").guard(actix_web::guard::fn_guard(is_here)).wrap(from_fn(refused::noted)).configure(routes));
}

/// Each area adds its routes here.
fn routes(cfg: &mut web::ServiceConfig) {
    sign_in::routes(cfg);
    realms::routes(cfg);
    tenants::routes(cfg);
    home::routes(cfg);
    settings::routes(cfg);
    branding::routes(cfg);
    keys::routes(cfg);
    sessions::routes(cfg);
    audit::routes(cfg);
    mail::routes(cfg);
    traces::routes(cfg);
    connections::routes(cfg);
    service_accounts::routes(cfg);
    clients::routes(cfg);
    scopes::routes(cfg);
    resources::routes(cfg);
    publishers::routes(cfg);
    people::routes(cfg);
}

/// Whether a request is for the console: by its path, on the public host.
fn is_here(context: &GuardContext<'_>) -> bool {
    let Some(settings) = context.app_data::<web::Data<WebSettings>>() else { return false };
    let head = context.head();
    let host = head.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let public = authority(settings.public_url.as_str());
    at::is_below(head.uri.path()) && host.is_some_and(|host| host.eq_ignore_ascii_case(public))
}
