//! Signing in, signing up and getting back in: the pages and their forms.
//!
//! GET shows, POST acts. Never decides what follows a sign-in: that is the dispatcher's, behind
//! `/continue`.

mod check_mail;
mod entered;
mod identifier;
pub(crate) mod link;
mod password;
mod pending;
mod reset;
pub(crate) mod sign_out;
mod sign_up;
mod verify_email;
pub(crate) mod wording;

use actix_web::{HttpRequest, HttpResponse, web};
use gantry_identity::sign_up::check_open;
use gantry_oauth::authorize::outcome::{Look, SignIn};

use crate::extract::RealmContext;
use crate::respond::PageFailure;

pub(crate) use entered::enter;
use pending::Pending;

/// Mounts this area.
pub(crate) fn routes(cfg: &mut web::ServiceConfig) {
    identifier::routes(cfg);
    password::routes(cfg);
    sign_up::routes(cfg);
    check_mail::routes(cfg);
    verify_email::routes(cfg);
    reset::routes(cfg);
    sign_out::routes(cfg);
}

/// The page that signing in for a request begins with: the app may have asked for the sign-up page.
pub(crate) async fn begin(request: &HttpRequest, realm: &RealmContext, asked: SignIn, look: Look) -> Result<HttpResponse, PageFailure> {
    let create = asked.create && check_open(realm.realm()).is_ok();
    let pending = Pending::of(asked, look);
    if create {
        return pending.answer(request).render(&sign_up::page(realm, &pending)).await;
    }
    pending.answer(request).render(&identifier::page(realm, &pending)).await
}
