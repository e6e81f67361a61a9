//! The pages on which a signed-in person sees to their own account.
//!
//! Each form leads back to the overview, with a line that says what it did.

mod apps;
mod connections;
mod merge;
mod overview;
mod password;
mod profile;
mod sessions;
mod tokens;

use actix_web::{HttpResponse, web};
use gantry_views::chrome::Notice;

use crate::extract::RealmContext;
use crate::paths;
use crate::respond::see_other;

pub(crate) use merge::page as merge_page;

/// Mounts this area.
pub(crate) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(paths::ACCOUNT).route(web::get().to(overview::show)))
        .service(web::resource(paths::ACCOUNT_PROFILE).route(web::post().to(profile::update)))
        .service(web::resource(paths::ACCOUNT_PASSWORD).route(web::post().to(password::change)))
        .service(web::resource(paths::ACCOUNT_PASSWORD_MAIL).route(web::post().to(password::mail)))
        .service(web::resource(paths::ACCOUNT_CONNECTIONS).route(web::post().to(connections::unlink)))
        .service(web::resource(paths::ACCOUNT_CONNECTIONS_LINK).route(web::post().to(connections::link)))
        .service(web::resource(paths::ACCOUNT_MERGE).route(web::post().to(merge::create)))
        .service(web::resource(paths::ACCOUNT_SESSIONS).route(web::post().to(sessions::end)))
        .service(web::resource(paths::ACCOUNT_APPS).route(web::post().to(apps::remove)))
        .service(web::resource(paths::ACCOUNT_TOKENS).route(web::get().to(tokens::show)).route(web::post().to(tokens::create)))
        .service(web::resource(paths::ACCOUNT_TOKENS_REVOKE).route(web::post().to(tokens::revoke)));
}

/// The overview's path, with the line that it shows.
pub(crate) fn with_notice(realm: &RealmContext, notice: Notice) -> String {
    format!("{}?notice={}", realm.path(paths::ACCOUNT), notice.name())
}

fn done(realm: &RealmContext, notice: Notice) -> HttpResponse {
    see_other(&with_notice(realm, notice))
}

/// Nobody is signed in: to the sign-in page, which leads back here.
fn to_sign_in(realm: &RealmContext) -> HttpResponse {
    see_other(&realm.path(paths::SIGN_IN))
}
