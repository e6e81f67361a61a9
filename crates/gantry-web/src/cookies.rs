//! The cookies of a realm: which browser this is, and who is signed in.
//!
//! Names carry the realm, since cookies ignore ports. Values are opaque secrets, but for the name of a
//! connection; nothing of a person can be read in them. `__Host-` keeps sub-domains and paths from planting them (attack catalogue SES-09).

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use gantry_core::realm::Realm;
use gantry_core::secret::{Secret, SecretKind};

/// The name of the cookie that binds a browser to its flows.
pub fn browser_name(realm: &Realm) -> String {
    format!("__Host-gantry-{}-browser", realm.slug)
}

/// The name of the cookie of a signed-in session.
pub fn session_name(realm: &Realm) -> String {
    format!("__Host-gantry-{}-session", realm.slug)
}

/// The name of the cookie of the accounts that this device is known for.
pub fn devices_name(realm: &Realm) -> String {
    format!("__Host-gantry-{}-devices", realm.slug)
}

/// Sets the cookie of known accounts, for a year like the browser cookie that its tags are bound to.
pub fn devices(realm: &Realm, value: String) -> Cookie<'static> {
    let mut cookie = secure(devices_name(realm), value);
    cookie.set_max_age(Duration::days(365));
    cookie
}

/// The name of the cookie of the connection that this browser signed in with last.
pub fn connection_name(realm: &Realm) -> String {
    format!("__Host-gantry-{}-connection", realm.slug)
}

/// Remembers the connection that this browser signed in with, for a year: its button comes first the next time. No
/// secret, and no right to anything.
pub fn connection(realm: &Realm, slug: String) -> Cookie<'static> {
    let mut cookie = secure(connection_name(realm), slug);
    cookie.set_max_age(Duration::days(365));
    cookie
}

/// Sets the browser cookie, for a year: it also remembers that this device is known.
pub fn browser(realm: &Realm, value: &Secret) -> Cookie<'static> {
    let mut cookie = secure(browser_name(realm), value.expose().to_owned());
    cookie.set_max_age(Duration::days(365));
    cookie
}

/// Sets the session cookie: until the browser closes, or for `remember_seconds`.
pub fn session(realm: &Realm, value: &Secret, remember_seconds: Option<u32>) -> Cookie<'static> {
    let mut cookie = secure(session_name(realm), value.expose().to_owned());
    if let Some(seconds) = remember_seconds {
        cookie.set_max_age(Duration::seconds(i64::from(seconds)));
    }
    cookie
}

/// Takes the session cookie away.
pub fn without_session(realm: &Realm) -> Cookie<'static> {
    let mut cookie = secure(session_name(realm), String::new());
    cookie.set_max_age(Duration::ZERO);
    cookie
}

/// The name of the cookie that remembers that somebody signed out here.
pub fn signed_out_name(realm: &Realm) -> String {
    format!("__Host-gantry-{}-signed-out", realm.slug)
}

/// Remembers for a day that somebody signed out: whoever is sent to a provider next is asked there who they are, even if
/// somebody is still signed in there (attack catalogue LGO-07).
pub fn signed_out(realm: &Realm) -> Cookie<'static> {
    let mut cookie = secure(signed_out_name(realm), "1".to_owned());
    cookie.set_max_age(Duration::days(1));
    cookie
}

/// Takes that cookie away: somebody has said who they are.
pub fn without_signed_out(realm: &Realm) -> Cookie<'static> {
    let mut cookie = secure(signed_out_name(realm), String::new());
    cookie.set_max_age(Duration::ZERO);
    cookie
}

/// The name of the cookie of an invitation whose person is signing in.
pub fn invitation_name(realm: &Realm) -> String {
    format!("__Host-gantry-{}-invitation", realm.slug)
}

/// Remembers the link of an invitation for an hour, so that no address of the way to a sign-in and back carries it.
pub fn invitation(realm: &Realm, token: &Secret) -> Cookie<'static> {
    let mut cookie = secure(invitation_name(realm), token.expose().to_owned());
    cookie.set_max_age(Duration::hours(1));
    cookie
}

/// Takes that cookie away.
pub fn without_invitation(realm: &Realm) -> Cookie<'static> {
    let mut cookie = secure(invitation_name(realm), String::new());
    cookie.set_max_age(Duration::ZERO);
    cookie
}

/// Reads a cookie's secret: of the right kind and named once, else it counts as absent.
pub fn read(request: &actix_web::HttpRequest, name: &str, kind: SecretKind) -> Option<Secret> {
    read_text(request, name).filter(|value| kind.unwrap(value).is_some()).map(Secret::new)
}

/// Reads a cookie that is named once.
pub fn read_text(request: &actix_web::HttpRequest, name: &str) -> Option<String> {
    let cookies = request.cookies().ok()?;
    let mut values = cookies.iter().filter(|cookie| cookie.name() == name).map(Cookie::value);
    let value = values.next()?;
    // Two cookies of one name: one of them was planted, and nobody can tell which.
    if values.next().is_some() { None } else { Some(value.to_owned()) }
}

/// A cookie of the console, which is for the public URL and no realm: until the browser closes.
pub fn of_console(name: &'static str, value: String) -> Cookie<'static> {
    secure(name.to_owned(), value)
}

/// Takes a cookie of the console away.
pub fn gone(name: &'static str) -> Cookie<'static> {
    let mut cookie = secure(name.to_owned(), String::new());
    cookie.set_max_age(Duration::ZERO);
    cookie
}

fn secure(name: String, value: String) -> Cookie<'static> {
    Cookie::build(name, value).path("/").secure(true).http_only(true).same_site(SameSite::Lax).finish()
}
