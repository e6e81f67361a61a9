//! Signing out from Gantry's own pages, and the page that says one is signed out.

use actix_web::{HttpRequest, HttpResponse, web};
use gantry_core::failure::Fault;
use gantry_identity::Identity;
use gantry_oauth::logout::upstream::UpstreamLogout;
use gantry_views::chrome::Person;
use gantry_views::page::sign_out::{Confirm, SignedOut};

use crate::extract::{CheckedForm, CurrentSession, RealmContext, Visitor};
use crate::respond::{PageAnswer, PageFailure, see_other};
use crate::upstream::after_sign_out;
use crate::{cookies, paths};

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(paths::SIGN_OUT).route(web::get().to(show)).route(web::post().to(create)));
}

/// Asks whoever is signed in; tells everybody else that they are not.
async fn show(request: HttpRequest, realm: RealmContext, current: CurrentSession) -> Result<HttpResponse, PageFailure> {
    let Some(person) = current.signed_in() else {
        return PageAnswer::to(&request).render(&SignedOut { sign_in: Some(realm.path(paths::SIGN_IN)) }).await;
    };
    let person = Person { name: person.user.display_name().to_owned(), email: person.user.email.to_string() };
    let page =
        Confirm { action: realm.path(paths::SIGN_OUT), request: None, app: None, person: Some(person), stay: realm.path(paths::ACCOUNT) };
    PageAnswer::to(&request).render(&page).await
}

/// Ends the session.
async fn create(
    realm: RealmContext,
    _form: CheckedForm,
    current: CurrentSession,
    visitor: Visitor,
    (identity, upstream): (web::Data<Identity>, web::Data<UpstreamLogout>),
) -> Result<HttpResponse, PageFailure> {
    let owed = match current.signed_in() {
        Some(person) => identity.sign_out(&person.session, visitor.origin()).await?,
        None => None,
    };
    leave_for(&realm, &after_sign_out(&realm, visitor.browser().digest(), &upstream, owed, None).await?)
}

/// Takes the cookie of an ended session away and says so.
pub(crate) fn leave(realm: &RealmContext) -> Result<HttpResponse, PageFailure> {
    leave_for(realm, &realm.path(paths::SIGN_OUT))
}

fn leave_for(realm: &RealmContext, location: &str) -> Result<HttpResponse, PageFailure> {
    let mut response = see_other(location);
    for cookie in [cookies::without_session(realm.realm()), cookies::signed_out(realm.realm())] {
        response.add_cookie(&cookie).map_err(|error| Fault::caused("a cookie", error))?;
    }
    Ok(response)
}
