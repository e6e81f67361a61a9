//! People of a realm: who they are, how they sign in, what they have here, and taking all of it out or away.
//!
//! What is dangerous (roles, the address, locking, taking out, deleting, erasing) wants a sign-in of the last ten minutes, on the page
//! with the form and when it is sent. What an admin may is for `gantry_identity::users` and `::people` to say.

mod access;
mod account;
mod data;
mod frame;
mod history;
mod linked;
mod list;
mod making;
mod overview;
mod removing;
mod sessions;
mod several;

use actix_web::web;
use gantry_core::failure::{Failure, Fault};
use gantry_core::user::User;
use gantry_identity::users;
use gantry_views::Views;

use super::context::Console;
use crate::paths;
use crate::paths::console as at;
use crate::respond::data as shared;

/// Mounts this area.
pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(at::PEOPLE).route(web::get().to(list::show)))
        .service(web::resource(at::PERSON_NEW).route(web::get().to(making::show)).route(web::post().to(making::create)))
        .service(web::resource(at::PEOPLE_BULK).route(web::post().to(several::people)))
        .service(web::resource(at::PERSON).route(web::get().to(overview::show)).route(web::post().to(overview::save)))
        .service(web::resource(at::PERSON_ADDRESS).route(web::get().to(account::address)).route(web::post().to(account::readdress)))
        .service(web::resource(at::PERSON_ROLES).route(web::get().to(account::roles)).route(web::post().to(account::give)))
        .service(web::resource(at::PERSON_LOCK).route(web::post().to(account::lock)))
        .service(web::resource(at::PERSON_RESET).route(web::post().to(account::reset)))
        .service(web::resource(at::PERSON_SIGN_OUT).route(web::post().to(sessions::sign_out)))
        .service(web::resource(at::PERSON_DELETE).route(web::get().to(removing::show)).route(web::post().to(removing::remove)))
        .service(web::resource(at::PERSON_IDENTITIES).route(web::get().to(linked::identities)))
        .service(web::resource(at::PERSON_UNLINK).route(web::post().to(linked::unlink)))
        .service(web::resource(at::PERSON_MEMBERSHIPS).route(web::get().to(linked::memberships)))
        .service(web::resource(at::PERSON_SESSIONS).route(web::get().to(sessions::of_person)))
        .service(web::resource(at::PERSON_SESSION_END).route(web::post().to(sessions::end_of_person)))
        .service(web::resource(at::PERSON_ACCESS).route(web::get().to(access::show)))
        .service(web::resource(at::PERSON_ACCESS_REVOKE).route(web::post().to(access::revoke_app)))
        .service(web::resource(at::PERSON_GRANT_REVOKE).route(web::post().to(access::revoke_grant)))
        .service(web::resource(at::PERSON_TOKEN_REVOKE).route(web::post().to(access::revoke_token)))
        .service(web::resource(at::PERSON_HISTORY).route(web::get().to(history::show)))
        .service(web::resource(at::PERSON_DATA).route(web::get().to(data::show)))
        .service(web::resource(at::PERSON_EXPORT).route(web::post().to(data::export)))
        .service(web::resource(at::PERSON_ERASE).route(web::get().to(data::ask)).route(web::post().to(data::erase)))
        .service(web::resource(at::SESSIONS).route(web::get().to(sessions::of_realm)))
        .service(web::resource(at::SESSIONS_BULK).route(web::post().to(several::sessions)))
        .service(web::resource(at::SESSION_END).route(web::post().to(sessions::end_of_realm)));
}

/// The person that the address names.
async fn named(console: &Console) -> Result<User, Failure> {
    users::find(&console.read()?, console.actor, console.id("user")?).await
}

/// One of a person's pages.
fn page(console: &Console, pattern: &str, user: &User) -> String {
    console.path(pattern, &[("user", &user.id.to_string())])
}

/// The language in which a person is written to.
fn language<'v>(console: &'v Console, user: &User) -> Result<&'v str, Fault> {
    let settings = &console.realm.realm.settings;
    let default = settings.authorization.default_locale.as_deref();
    Ok(shared::<Views>(console.request())?.negotiate(user.profile.locale.as_deref(), None, &settings.branding.locales, default))
}

/// Where the link to a new password leads, up to its token.
fn reset_link(console: &Console) -> String {
    format!("{}?token=", console.address.url(paths::RESET_PASSWORD))
}
