//! Ways to sign in with somebody else's server: set up, tried out, switched on.
//!
//! The same pages stand at two places: for the realm's admins below the realm, and for a tenant's below the tenant, cut
//! down to what it owns. What somebody may is for `gantry_identity::connections` to say; a connection that is not of the
//! place that the address names is like nothing at all.

mod attachments;
mod consent;
mod dry_run;
mod fields;
mod frame;
mod guide;
mod list;
mod making;
mod overview;
mod probing;
mod removing;
mod secrets;
mod settings;
mod trial;

use actix_web::{HttpRequest, web};
use gantry_core::connection::Connection;
use gantry_core::failure::{Failure, Fault};
use gantry_core::id::ConnectionId;
use gantry_core::realm::Realm;
use gantry_identity::attempts::UpstreamSignIn;
use gantry_identity::connections::{self, Seen};

use super::context::Console;
use crate::extract::unknown_realm;
use crate::paths::console as at;
use crate::respond::data;
use crate::settings::WebSettings;

pub(crate) use consent::{consented_at, is_consent};
pub(crate) use trial::back_at;

/// A page at both of its places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Both {
    realm: &'static str,
    tenant: &'static str,
}

const LIST: Both = Both { realm: at::CONNECTIONS, tenant: at::TENANT_CONNECTIONS };
const NEW: Both = Both { realm: at::CONNECTION_NEW, tenant: at::TENANT_CONNECTION_NEW };
const OVERVIEW: Both = Both { realm: at::CONNECTION, tenant: at::TENANT_CONNECTION };
const STATE: Both = Both { realm: at::CONNECTION_STATE, tenant: at::TENANT_CONNECTION_STATE };
const PROBE: Both = Both { realm: at::CONNECTION_PROBE, tenant: at::TENANT_CONNECTION_PROBE };
const DELETE: Both = Both { realm: at::CONNECTION_DELETE, tenant: at::TENANT_CONNECTION_DELETE };
const SETTINGS: Both = Both { realm: at::CONNECTION_SETTINGS, tenant: at::TENANT_CONNECTION_SETTINGS };
const SECRETS: Both = Both { realm: at::CONNECTION_SECRETS, tenant: at::TENANT_CONNECTION_SECRETS };
const CLAIMS: Both = Both { realm: at::CONNECTION_CLAIMS, tenant: at::TENANT_CONNECTION_CLAIMS };
const DRY_RUN: Both = Both { realm: at::CONNECTION_DRY_RUN, tenant: at::TENANT_CONNECTION_DRY_RUN };
const LINKING: Both = Both { realm: at::CONNECTION_LINKING, tenant: at::TENANT_CONNECTION_LINKING };
const TRIAL: Both = Both { realm: at::CONNECTION_TEST, tenant: at::TENANT_CONNECTION_TEST };
const TRIAL_BACK: Both = Both { realm: at::CONNECTION_TEST_BACK, tenant: at::TENANT_CONNECTION_TEST_BACK };
const TRIED: Both = Both { realm: at::CONNECTION_TESTED, tenant: at::TENANT_CONNECTION_TESTED };

/// Mounts this area.
pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    for of in [|both: Both| both.realm, |both: Both| both.tenant] {
        cfg.service(web::resource(of(LIST)).route(web::get().to(list::show)))
            .service(web::resource(of(NEW)).route(web::get().to(making::show)).route(web::post().to(making::create)))
            .service(web::resource(of(OVERVIEW)).route(web::get().to(overview::show)))
            .service(web::resource(of(STATE)).route(web::post().to(overview::switch)))
            .service(web::resource(of(PROBE)).route(web::post().to(probing::ask)))
            .service(web::resource(of(DELETE)).route(web::get().to(removing::show)).route(web::post().to(removing::remove)))
            .service(web::resource(of(SETTINGS)).route(web::get().to(settings::show)).route(web::post().to(settings::save)))
            .service(web::resource(of(SECRETS)).route(web::get().to(secrets::show)).route(web::post().to(secrets::save)))
            .service(web::resource(of(CLAIMS)).route(web::get().to(settings::show)).route(web::post().to(settings::save)))
            .service(web::resource(of(DRY_RUN)).route(web::get().to(dry_run::show)).route(web::post().to(dry_run::run)))
            .service(web::resource(of(LINKING)).route(web::get().to(settings::show)).route(web::post().to(settings::save)))
            .service(web::resource(of(TRIAL)).route(web::get().to(trial::show)).route(web::post().to(trial::begin)))
            .service(web::resource(of(TRIAL_BACK)).route(web::get().to(trial::back)))
            .service(web::resource(of(TRIED)).route(web::get().to(trial::tried)));
    }
    cfg.service(
        web::resource(at::CONNECTION_ATTACHMENTS).route(web::get().to(attachments::list)).route(web::post().to(attachments::attach)),
    )
    .service(web::resource(at::TENANT_CONNECTION_JOINING).route(web::get().to(attachments::show)).route(web::post().to(attachments::save)))
    .service(web::resource(at::TENANT_CONNECTION_DETACH).route(web::post().to(attachments::detach)));
}

impl Both {
    /// Its pattern where this page is.
    fn pattern(self, console: &Console) -> &'static str {
        if console.tenant.is_some() { self.tenant } else { self.realm }
    }

    /// Its path where this page is, for no single connection.
    fn path(self, console: &Console) -> String {
        console.path(self.pattern(console), &[])
    }

    /// Its path where this page is, for a connection.
    fn of(self, console: &Console, id: ConnectionId) -> String {
        console.path(self.pattern(console), &[("connection", &id.to_string())])
    }

    /// Whether this page is it.
    fn is_here(self, console: &Console) -> bool {
        console.request().match_pattern().as_deref() == Some(self.pattern(console))
    }
}

/// The address of a page of a connection on the public URL, for requests that are none of the console's.
fn page_of(request: &HttpRequest, realm: &Realm, connection: &Connection, owner: Option<&str>, page: Both) -> Result<String, Fault> {
    let id = connection.id.to_string();
    let mut values = vec![("realm", realm.slug.as_str()), ("connection", id.as_str())];
    values.extend(owner.map(|org_id| ("tenant", org_id)));
    let pattern = if owner.is_some() { page.tenant } else { page.realm };
    let public = data::<WebSettings>(request)?.public_url.as_str().to_owned();
    Ok(format!("{public}{}?{}", at::fill(pattern, &values), request.query_string()))
}

/// The connection that the address names, for whoever sees all of it: one of the tenant's own where the address names a
/// tenant, whoever asks (attack catalogue TEN-02).
async fn named(console: &Console) -> Result<Connection, Failure> {
    match connections::find(&console.read()?, console.actor, console.id("connection")?).await? {
        Seen::Whole(connection) if connection.kind.is_upstream() && is_of_place(console, &connection) => Ok(*connection),
        Seen::Whole(_) | Seen::Offered(_) => Err(unknown_realm().into()),
    }
}

fn is_of_place(console: &Console, connection: &Connection) -> bool {
    console.tenant.as_ref().is_none_or(|tenant| connection.owner == Some(tenant.id))
}

/// A connection's own callback address, as it is registered at its provider.
fn callback(console: &Console, slug: &str) -> String {
    console.address.url(&crate::paths::CONNECTION_CALLBACK.replace("{slug}", slug))
}

/// What asks providers.
fn upstream(console: &Console) -> Result<&UpstreamSignIn, Fault> {
    data::<UpstreamSignIn>(console.request()).map(actix_web::web::Data::get_ref)
}
