//! Tenants: the realm's list of them, and the pages of one, for the realm's admins and for its own.
//!
//! The same pages for both; what only the realm's admins may is an address of theirs alone, or left out. Invitations to
//! the realm's own roles are here too, since they are sent and taken back the same way.

mod apps;
mod branding;
mod code;
mod domains;
mod drawn;
mod invitations;
mod list;
mod members;
mod overview;
mod settings;
mod several;
mod suspension;

use actix_web::web;
use gantry_core::failure::Refusal;
use gantry_core::tenant::Tenant;
use gantry_views::console::{Badge, Link, Sheet, Text, Tone, said, say};

use super::context::Console;
use crate::paths::console as at;

/// Mounts this area. Fixed addresses stand before those that would match them too.
pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    let (get, post) = (web::get, web::post);
    cfg.service(web::resource(at::TENANTS).route(get().to(list::show)))
        .service(web::resource(at::TENANT_NEW).route(get().to(list::new)).route(post().to(list::create)))
        .service(web::resource(at::INVITATIONS).route(get().to(invitations::of_realm)))
        .service(web::resource(at::INVITATION_NEW).route(get().to(invitations::new)).route(post().to(invitations::create)))
        .service(web::resource(at::INVITATIONS_BULK).route(post().to(several::invitations)))
        .service(web::resource(at::INVITATION_RESEND).route(post().to(invitations::resend)))
        .service(web::resource(at::INVITATION_REVOKE).route(post().to(invitations::revoke)))
        .service(web::resource(at::TENANT).route(get().to(overview::show)))
        .service(web::resource(at::TENANT_SETTINGS).route(get().to(settings::show)).route(post().to(settings::save)))
        .configure(branding::routes)
        .service(web::resource(at::TENANT_SUSPENSION).route(get().to(suspension::show)).route(post().to(suspension::save)))
        .service(web::resource(at::TENANT_MEMBERS).route(get().to(members::list)))
        .service(web::resource(at::TENANT_INVITATION_NEW).route(get().to(invitations::new)).route(post().to(invitations::create)))
        .service(web::resource(at::TENANT_MEMBERS_BULK).route(post().to(several::members)))
        .service(web::resource(at::TENANT_INVITATIONS_BULK).route(post().to(several::invitations)))
        .service(web::resource(at::TENANT_MEMBER_REMOVE).route(get().to(members::ask)).route(post().to(members::remove)))
        .service(web::resource(at::TENANT_MEMBER).route(get().to(members::show)).route(post().to(members::save)))
        .service(web::resource(at::TENANT_INVITATION_RESEND).route(post().to(invitations::resend)))
        .service(web::resource(at::TENANT_INVITATION_REVOKE).route(post().to(invitations::revoke)))
        .service(web::resource(at::TENANT_DOMAINS).route(get().to(domains::list)).route(post().to(domains::claim)))
        .service(web::resource(at::TENANT_DOMAIN_VERIFY).route(post().to(domains::verify)))
        .service(web::resource(at::TENANT_DOMAIN_VOUCH).route(post().to(domains::vouch)))
        .service(web::resource(at::TENANT_DOMAIN_REMOVE).route(get().to(domains::ask)).route(post().to(domains::remove)))
        .service(web::resource(at::TENANT_DOMAIN).route(get().to(domains::show)))
        .service(web::resource(at::TENANT_APPS).route(get().to(apps::list)))
        .service(web::resource(at::TENANT_APP).route(post().to(apps::decide)));
}

/// A page of a tenant, without content yet.
fn sheet(console: &Console, tenant: &Tenant, title: Text) -> Sheet {
    let mut sheet = Sheet::new(title);
    if console.actor.tenant().is_none() {
        sheet = sheet.crumb(Link::to(say("tenants-title"), console.path(at::TENANTS, &[])));
    }
    let mut sheet = sheet.crumb(Link::to(said(&tenant.name), console.path(at::TENANT, &[])));
    if tenant.suspended_at.is_some() {
        sheet.badges.push(Badge { text: say("tenants-suspended"), tone: Tone::Bad });
    }
    sheet
}

/// What a refusal says of a form as a whole. Rules word it for those who read English.
fn summary(refusal: &Refusal) -> Text {
    if refusal.fields.is_empty() { said(refusal.description) } else { say("tenants-wrong") }
}
