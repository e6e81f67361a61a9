//! The answer to a sign-in that succeeded: the cookies, and on to the next page.

use actix_web::HttpResponse;
use gantry_core::failure::Fault;
use gantry_identity::session::OpenedSession;

use crate::cookies;
use crate::extract::{RealmContext, Visitor};
use crate::respond::{PageFailure, see_other};

/// Gives the browser its new session and sends it on. The location is a path of ours.
pub(crate) fn enter(realm: &RealmContext, visitor: &Visitor, opened: &OpenedSession, location: &str) -> Result<HttpResponse, PageFailure> {
    let record = realm.realm();
    let remembered = opened.session.remembered.then_some(record.settings.sign_in.remembered_lifetime);
    let mut cookies = vec![
        cookies::session(record, &opened.cookie, remembered),
        cookies::devices(record, opened.devices.clone()),
        cookies::without_signed_out(record),
    ];
    cookies.extend(visitor.browser().to_set().map(|value| cookies::browser(record, value)));
    let mut response = see_other(location);
    for cookie in &cookies {
        response.add_cookie(cookie).map_err(|error| Fault::caused("a cookie", error))?;
    }
    Ok(response)
}
