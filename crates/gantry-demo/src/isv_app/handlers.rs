//! The app's addresses: read, ask, answer.
//!
//! Owns its cookie and its headers. Never puts a token into an answer.

use actix_web::body::MessageBody;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, LOCATION, ORIGIN, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use gantry_core::parameters::Parameters;
use gantry_core::secret::Secret;

use super::IsvApp;
use super::pages::{self, Asked};
use super::session::{Attempt, Connection};
use super::trouble::Trouble;

const COOKIE: &str = "perigee_session";
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Sends whoever came by another name to the one that answers are sent to: the cookie is of that
/// name, and no other site can pass itself off as this one.
pub(crate) async fn under_own_name(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse, actix_web::Error> {
    let origin = request.app_data::<Data<IsvApp>>().map(|app| app.origin.clone()).unwrap_or_default();
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    if host.is_some_and(|host| Some(host) == origin.strip_prefix("http://")) {
        return next.call(request).await.map(ServiceResponse::map_into_boxed_body);
    }
    Ok(request.into_response(see_other(&format!("{origin}/"))))
}

pub(super) async fn home(request: HttpRequest, app: Data<IsvApp>) -> HttpResponse {
    let connection = session(&request).and_then(|key| app.sessions.connection(&key, app.client.now()));
    page(StatusCode::OK, pages::home(&app, connection.as_ref(), request.query_string() == "disconnected"))
}

pub(super) async fn connect(request: HttpRequest, app: Data<IsvApp>) -> HttpResponse {
    let attempt = Attempt::new(app.client.now());
    match app.client.question(&attempt).await {
        Ok(url) => {
            let key = app.sessions.ask(session(&request).as_ref(), attempt);
            with_cookie(see_other(url.as_str()), &key)
        }
        Err(trouble) => troubled(&app, &trouble),
    }
}

pub(super) async fn callback(request: HttpRequest, app: Data<IsvApp>) -> HttpResponse {
    match answered(&request, &app).await {
        Ok((key, connection)) => with_cookie(see_other("/board"), &app.sessions.connect(&key, connection)),
        Err(trouble) => troubled(&app, &trouble),
    }
}

async fn answered(request: &HttpRequest, app: &IsvApp) -> Result<(Secret, Connection), Trouble> {
    let answer = Parameters::parse(request.query_string()).or(Err(Trouble::Distrusted("The answer cannot be read.")))?;
    let asked = || {
        let key = session(request)?;
        let attempt = app.sessions.answered(&key, answer.get("state")?, app.client.now())?;
        Some((key, attempt))
    };
    let (key, attempt) = asked().ok_or(Trouble::Distrusted("This browser has not asked the question that the answer belongs to."))?;
    let connection = app.client.redeem(&attempt, &answer).await?;
    Ok((key, connection))
}

pub(super) async fn board(request: HttpRequest, app: Data<IsvApp>) -> HttpResponse {
    let connected = session(&request).and_then(|key| Some((app.sessions.connection(&key, app.client.now())?, key)));
    let Some((mut connection, key)) = connected else { return see_other("/") };
    match ask(&app, &key, &mut connection).await {
        Ok(asked) => page(StatusCode::OK, pages::board(&app, &connection, &asked, app.client.now())),
        Err(trouble) => ended(&app, &key, &trouble),
    }
}

/// Asks the API, with newer tokens if it does not take the ones at hand.
async fn ask(app: &IsvApp, key: &Secret, connection: &mut Connection) -> Result<Asked, Trouble> {
    let url = format!("{}/resource", app.api);
    match app.client.call(&url, &connection.tokens).await {
        Ok(Some(answer)) => return Ok(Asked::Answered(answer)),
        Ok(None) => {}
        Err(silent) => return Ok(Asked::Silent(silent)),
    }
    connection.tokens = app.client.refresh(&connection.tokens).await?;
    app.sessions.renew(key, connection.tokens.clone());
    Ok(match app.client.call(&url, &connection.tokens).await {
        Ok(Some(answer)) => Asked::Answered(answer),
        Ok(None) => Asked::NotTaken,
        Err(silent) => Asked::Silent(silent),
    })
}

pub(super) async fn refresh(request: HttpRequest, app: Data<IsvApp>) -> HttpResponse {
    let Some((key, connection)) = own_post(&request, &app) else { return see_other("/") };
    match app.client.refresh(&connection.tokens).await {
        Ok(tokens) => {
            app.sessions.renew(&key, tokens);
            see_other("/board")
        }
        Err(trouble) => ended(&app, &key, &trouble),
    }
}

pub(super) async fn disconnect(request: HttpRequest, app: Data<IsvApp>) -> HttpResponse {
    let Some((key, connection)) = own_post(&request, &app) else { return see_other("/") };
    match app.client.revoke(&connection.tokens).await {
        Ok(()) => {
            app.sessions.forget(&key);
            without_cookie(see_other("/?disconnected"))
        }
        Err(trouble) => troubled(&app, &trouble),
    }
}

/// The session of a form that this app's own page sent; another site's counts for nothing.
fn own_post(request: &HttpRequest, app: &IsvApp) -> Option<(Secret, Connection)> {
    let origin = request.headers().get(ORIGIN)?.to_str().ok()?;
    let key = session(request).filter(|_| origin == app.origin)?;
    let connection = app.sessions.connection(&key, app.client.now())?;
    Some((key, connection))
}

pub(super) async fn style() -> HttpResponse {
    file("text/css; charset=utf-8", include_str!("../../assets/isv_app/perigee.css"))
}

pub(super) async fn icon() -> HttpResponse {
    file("image/svg+xml", include_str!("../../assets/isv_app/perigee.svg"))
}

pub(super) async fn nothing() -> HttpResponse {
    page(StatusCode::NOT_FOUND, pages::not_found())
}

/// The page of a trouble; if it is the end of the connection, the app forgets its tokens.
fn ended(app: &IsvApp, key: &Secret, trouble: &Trouble) -> HttpResponse {
    if trouble.is_the_end() {
        app.sessions.forget(key);
        return without_cookie(troubled(app, trouble));
    }
    troubled(app, trouble)
}

fn troubled(app: &IsvApp, trouble: &Trouble) -> HttpResponse {
    tracing::info!(?trouble, "the sample app shows what went wrong");
    let status = match trouble {
        Trouble::Refused { .. } => StatusCode::OK,
        Trouble::Distrusted(_) => StatusCode::BAD_REQUEST,
        Trouble::Silent(_) => StatusCode::BAD_GATEWAY,
    };
    page(status, pages::trouble(app, trouble))
}

fn session(request: &HttpRequest) -> Option<Secret> {
    request.cookie(COOKIE).map(|cookie| Secret::new(cookie.value()))
}

fn cookie(value: &str) -> Cookie<'static> {
    // Without `Secure`, since the demo speaks plain http with this machine; a real app would have it.
    Cookie::build(COOKIE, value.to_owned()).path("/").http_only(true).same_site(SameSite::Lax).finish()
}

fn with_cookie(mut response: HttpResponse, key: &Secret) -> HttpResponse {
    // Only a value that no header can carry fails, and keys are base64url.
    let _ = response.add_cookie(&cookie(key.expose()));
    response
}

fn without_cookie(mut response: HttpResponse) -> HttpResponse {
    let _ = response.add_removal_cookie(&cookie(""));
    response
}

fn see_other(location: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((LOCATION, location))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .finish()
}

fn page(status: StatusCode, html: String) -> HttpResponse {
    HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        // An origin of `null` would come with the forms if no page at all were told.
        .insert_header((REFERRER_POLICY, "same-origin"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(html)
}

fn file(mime: &'static str, text: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(mime)
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((CACHE_CONTROL, "max-age=60"))
        .body(text)
}
