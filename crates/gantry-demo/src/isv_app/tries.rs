//! What a platform's guide has beside the code flow, each behind a button.
//!
//! Owns the way from the button to the record of what went over the wire.

use actix_web::web::{Data, Form, Path};
use actix_web::{HttpRequest, HttpResponse};
use gantry_core::secret::Secret;
use serde::Deserialize;

use super::IsvApp;
use super::client::Wish;
use super::exchange::Exchange;
use super::platform::Platform;
use super::respond::{own_post, see_other};

/// Where Rocketpunch's public data is.
const JOBS: &str = "/api/v1/jobs";
/// More than any developer token has.
const MAX_TOKEN: usize = 512;

/// Acts for itself, without a person: `client_credentials` (RFC 6749 §4.4).
pub(super) async fn machine(request: HttpRequest, app: Data<IsvApp>, word: Path<String>) -> HttpResponse {
    let Some((platform, key)) = own_post(&request, &app, &word).filter(|(platform, _)| !platform.guide.machine.is_empty()) else {
        return see_other("/");
    };
    let asked = app.ask_for_tokens(platform, &Wish::Machine).await;
    let mut tries = vec![asked.exchange];
    if let Ok(tokens) = asked.outcome {
        let url = format!("{}{}", platform.api, platform.guide.call);
        tries.push(app.call("Perigee’s server called the API with it", &url, &tokens.access).await.exchange);
    }
    keep(&app, platform, &key, tries)
}

#[derive(Deserialize)]
pub(super) struct Which {
    key: String,
}

/// Asks for public data with the App Key, or with one that is none.
pub(super) async fn app_key(request: HttpRequest, app: Data<IsvApp>, word: Path<String>, form: Form<Which>) -> HttpResponse {
    let Some((platform, key)) = own_post(&request, &app, &word) else { return see_other("/") };
    let Some((header, app_key)) = &platform.app_key else { return see_other(&platform.page()) };
    let url = format!("{}{JOBS}", platform.api);
    let asked = if form.key == "own" {
        app.call_with_key("Perigee’s server called the API with its App Key", &url, header, app_key).await
    } else {
        app.call_with_key("Perigee’s server called the API with a wrong key", &url, header, &Secret::new("mistyped")).await
    };
    keep(&app, platform, &key, vec![asked.exchange])
}

#[derive(Deserialize)]
pub(super) struct Pasted {
    token: String,
}

/// Calls the API with somebody's own developer token, which is not kept.
pub(super) async fn developer_token(request: HttpRequest, app: Data<IsvApp>, word: Path<String>, form: Form<Pasted>) -> HttpResponse {
    let Some((platform, key)) = own_post(&request, &app, &word) else { return see_other("/") };
    let pasted = form.token.trim();
    // What no header can carry is not sent.
    if pasted.is_empty() || pasted.len() > MAX_TOKEN || !pasted.bytes().all(|byte| byte.is_ascii_graphic()) {
        let exchange = Exchange::call("Nothing was sent", &platform.api, "Authorization", "Bearer ", "");
        return keep(&app, platform, &key, vec![exchange.ended("This is no developer token.".to_owned())]);
    }
    let url = format!("{}{}", platform.api, platform.guide.call);
    let asked = app.call("The API was called with your developer token", &url, &Secret::new(pasted)).await;
    keep(&app, platform, &key, vec![asked.exchange])
}

fn keep(app: &IsvApp, platform: &Platform, key: &Secret, tries: Vec<Exchange>) -> HttpResponse {
    app.sessions.change(key, platform, |place| place.tries = tries);
    see_other(&format!("{}#tried", platform.page()))
}
