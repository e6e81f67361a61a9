//! Where people begin: the start that leads on, and the places to choose from.

mod concerns;
mod failures;
pub(crate) mod overview;
mod pages;
mod search;

use actix_web::web;
use gantry_core::tenant::Tenant;
use gantry_identity::roles::Administers;
use gantry_views::console::{Card, Cards, Sheet, said, say};

use super::context::{Answer, Console};
use crate::paths::console as at;
use crate::respond::see_other;

/// Mounts this area.
pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(at::HOME).route(web::get().to(start)))
        .service(web::resource(at::PLACES).route(web::get().to(places)))
        .service(web::resource(at::REALM).route(web::get().to(overview::realm)))
        .service(web::resource(at::SEARCH).route(web::get().to(search::page)));
}

/// Leads on to the one place that a person administers, or to the choice.
async fn start(console: Console) -> Answer {
    let home = &console.seat().home.realm.slug;
    let path = match &console.seat().administers {
        Administers::Deployment => at::REALMS.to_owned(),
        Administers::Realm => console.path(at::REALM, &[("realm", home)]),
        Administers::Tenants(tenants) => match tenants.as_slice() {
            [only] => console.path(at::TENANT, &[("realm", home), ("tenant", &only.org_id)]),
            _ => at::PLACES.to_owned(),
        },
        Administers::Nothing => at::NO_ROLE.to_owned(),
    };
    Ok(see_other(&path))
}

async fn places(console: Console) -> Answer {
    let home = &console.seat().home.realm;
    let card = |title: &str, kind, href| Card { title: said(title), text: Some(say(kind)), figure: None, href, icon: None, badge: None };
    let of_tenant = |tenant: &Tenant| {
        card(&tenant.name, "frame-place-tenant", console.path(at::TENANT, &[("realm", &home.slug), ("tenant", &tenant.org_id)]))
    };
    let cards = match &console.seat().administers {
        Administers::Deployment => return Ok(see_other(at::REALMS)),
        Administers::Realm => vec![card(&home.name, "frame-place-realm", console.path(at::REALM, &[("realm", &home.slug)]))],
        Administers::Tenants(tenants) => tenants.iter().map(of_tenant).collect(),
        Administers::Nothing => Vec::new(),
    };
    console.show(Sheet::new(say("frame-places-title")).lead(say("frame-places-lead")).panel(Cards { id: "places", title: None, cards }))
}
