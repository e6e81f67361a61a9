//! Where a platform sends the browser back, with a code or with an error.
//!
//! Owns what is believed of it: an answer to a question that this very browser asked. Each platform
//! has an address of its own, so that no platform can answer for another (RFC 9700 §4.4.2.2).

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use gantry_core::parameters::Parameters;
use gantry_core::secret::Secret;

use super::IsvApp;
use super::client::Wish;
use super::exchange::Exchange;
use super::handlers::nothing;
use super::platform::Platform;
use super::respond::{see_other, session, troubled, with_cookie};
use super::session::Place;
use super::trouble::{Refused, Trouble};

pub(super) async fn callback(request: HttpRequest, app: Data<IsvApp>, word: Path<String>) -> HttpResponse {
    let Some(platform) = app.platform(&word) else { return nothing().await };
    match answered(&request, &app, platform).await {
        Ok((key, place)) => with_cookie(see_other(&platform.page()), &app.sessions.connect(&key, platform, place)),
        Err(trouble) => troubled(platform, &trouble),
    }
}

async fn answered(request: &HttpRequest, app: &IsvApp, platform: &Platform) -> Result<(Secret, Place), Trouble> {
    let answer = Parameters::parse(request.query_string()).or(Err(Trouble::Distrusted("The answer cannot be read.")))?;
    let asked = || {
        let key = session(request)?;
        let attempt = app.sessions.answered(&key, platform, answer.get("state"), app.now())?;
        Some((key, attempt))
    };
    let (key, attempt) = asked().ok_or(Trouble::Distrusted("This browser has not asked the question that the answer belongs to."))?;
    if let Some(error) = answer.get("error") {
        return Err(Trouble::Refused(refused(error, &answer)));
    }
    let code = answer.get("code").ok_or(Trouble::Distrusted("The answer has neither a code nor an error."))?;
    let mut place = Place::default();
    attempt.exchange.into_iter().for_each(|exchange| place.note(exchange));
    place.note(came_back(platform, code, answer.get("state")));
    let asked = app.ask_for_tokens(platform, &Wish::Exchange { code }).await;
    place.note(asked.exchange);
    place.tokens = Some(asked.outcome?);
    Ok((key, place))
}

fn came_back(platform: &Platform, code: &str, state: Option<&str>) -> Exchange {
    let parameters: Vec<(&str, &str)> = std::iter::once(("code", code)).chain(state.map(|state| ("state", state))).collect();
    Exchange::by_browser("Your browser came back with a code", &platform.redirect_uri, &parameters)
}

fn refused(error: &str, answer: &Parameters) -> Refused {
    let text = |name| answer.get(name).map(str::to_owned);
    Refused {
        error: error.to_owned(),
        error_description: text("error_description"),
        error_uri: text("error_uri"),
        reason: text("reason"),
        authorization_uri: None,
    }
}
