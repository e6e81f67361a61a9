//! The app's addresses: read, ask, answer.
//!
//! Owns the way from a button to the page that shows what came of it.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Form, Path};
use actix_web::{HttpRequest, HttpResponse};
use gantry_core::secret::Secret;
use serde::Deserialize;
use url::Url;

use super::IsvApp;
use super::client::{self, Wish, question};
use super::pages::{self, Told};
use super::platform::Platform;
use super::respond::{own_post, page, see_other, session, troubled, with_cookie};
use super::session::{Attempt, Place};
use super::trouble::Trouble;

pub(super) async fn home(request: HttpRequest, app: Data<IsvApp>) -> HttpResponse {
    let key = session(&request);
    let place = |platform| key.as_ref().map(|key| app.sessions.place(key, platform, app.now())).unwrap_or_default();
    let places: Vec<(&Platform, Place)> = app.platforms.iter().map(|platform| (platform, place(platform))).collect();
    page(StatusCode::OK, pages::home(&app, &places))
}

pub(super) async fn connect(request: HttpRequest, app: Data<IsvApp>, word: Path<String>) -> HttpResponse {
    let Some(platform) = app.platform(&word) else { return nothing().await };
    send(&request, &app, platform, |attempt| question(platform, attempt))
}

/// Sends the browser where the platform said, in a refusal, that the person can mend it.
pub(super) async fn again(request: HttpRequest, app: Data<IsvApp>, word: Path<String>) -> HttpResponse {
    let Some(platform) = app.platform(&word) else { return nothing().await };
    let place = session(&request).map(|key| app.sessions.place(&key, platform, app.now()));
    let Some(Trouble::Refused(refused)) = place.and_then(|place| place.trouble) else { return see_other(&platform.page()) };
    let Some(url) = platform.own(refused.authorization_uri.as_deref()) else { return see_other(&platform.page()) };
    send(&request, &app, platform, |attempt| client::again(url, attempt))
}

/// Sends the browser away with a question, which is remembered.
fn send(
    request: &HttpRequest,
    app: &IsvApp,
    platform: &Platform,
    question: impl FnOnce(&mut Attempt) -> Result<Url, Trouble>,
) -> HttpResponse {
    let mut attempt = Attempt::new(platform, app.now());
    match question(&mut attempt) {
        Ok(url) => {
            let key = app.sessions.open(session(request), app.now());
            app.sessions.ask(&key, attempt);
            with_cookie(see_other(url.as_str()), &key)
        }
        Err(trouble) => troubled(platform, &trouble),
    }
}

/// What the app knows of a platform, and what its API answers right now.
pub(super) async fn platform(request: HttpRequest, app: Data<IsvApp>, word: Path<String>) -> HttpResponse {
    let Some(platform) = app.platform(&word) else { return nothing().await };
    // The buttons on the page need a session, connected or not.
    let key = app.sessions.open(session(&request), app.now());
    let mut place = app.sessions.place(&key, platform, app.now());
    let told = ask_api(&app, platform, &key, &mut place).await;
    with_cookie(page(StatusCode::OK, pages::platform(&app, platform, &place, told.as_ref())), &key)
}

/// Asks the API, with newer tokens if it does not take the ones at hand.
async fn ask_api(app: &IsvApp, platform: &Platform, key: &Secret, place: &mut Place) -> Option<Told> {
    let url = format!("{}{}", platform.api, platform.guide.call);
    for may_refresh in [true, false] {
        let tokens = place.tokens.as_ref()?;
        let asked = app.call("Perigee’s server called the API", &url, &tokens.access).await;
        place.note(asked.exchange);
        match asked.outcome {
            Ok((401, _)) if may_refresh => refreshed(app, platform, key, None).await,
            Ok((status, body)) => return Some(Told::Answer { status, body }),
            Err(silent) => return Some(Told::Nothing(silent.to_string())),
        }
        *place = app.sessions.place(key, platform, app.now());
    }
    None
}

#[derive(Deserialize)]
pub(super) struct Refresh {
    org_id: Option<String>,
}

pub(super) async fn refresh(request: HttpRequest, app: Data<IsvApp>, word: Path<String>, form: Form<Refresh>) -> HttpResponse {
    let Some((platform, key)) = own_post(&request, &app, &word) else { return see_other("/") };
    refreshed(&app, platform, &key, form.org_id.as_deref()).await;
    see_other(&platform.page())
}

/// Gets newer tokens and keeps them, or keeps why there are none.
async fn refreshed(app: &IsvApp, platform: &Platform, key: &Secret, org_id: Option<&str>) {
    let Some(tokens) = app.sessions.place(key, platform, app.now()).tokens else { return };
    let asked = app.ask_for_tokens(platform, &Wish::Refresh { tokens: &tokens, org_id }).await;
    app.sessions.change(key, platform, |place| {
        place.note(asked.exchange);
        place.trouble = None;
        match asked.outcome {
            Ok(tokens) => place.tokens = Some(tokens),
            Err(trouble) => {
                if matches!(&trouble, Trouble::Refused(refused) if refused.is_the_end()) {
                    place.tokens = None;
                }
                place.trouble = Some(trouble);
            }
        }
    });
}

/// The guides know no way to give access back: the app forgets, and the person ends it at the platform.
pub(super) async fn forget(request: HttpRequest, app: Data<IsvApp>, word: Path<String>) -> HttpResponse {
    let Some((platform, key)) = own_post(&request, &app, &word) else { return see_other("/") };
    app.sessions.change(&key, platform, |place| *place = Place::default());
    see_other(&platform.page())
}

pub(super) async fn nothing() -> HttpResponse {
    page(StatusCode::NOT_FOUND, pages::not_found())
}
