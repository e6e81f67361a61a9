//! The app as an OAuth client: asking, exchanging, refreshing, calling.
//!
//! Owns what goes over the wire, which is what each platform's guide names and nothing more
//! (RFC 6749 §4.1, §4.4, §6). Keeps a record of each exchange.

use std::time::Duration;

use gantry_core::clock::Timestamp;
use gantry_core::secret::Secret;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::IsvApp;
use super::exchange::Exchange;
use super::platform::Platform;
use super::session::{Attempt, Tokens};
use super::trouble::{Refused, Trouble};
use crate::issuer::Silent;

/// Lifetime of a token whose answer does not say (RFC 6749 §5.1 recommends that it does).
const UNTOLD_LIFETIME: u32 = 300;

/// RFC 6749 §5.1.
#[derive(Deserialize)]
struct TokenAnswer {
    access_token: Secret,
    token_type: String,
    expires_in: Option<u32>,
    refresh_token: Option<Secret>,
    scope: Option<String>,
}

/// Why the app asks for tokens.
pub(super) enum Wish<'w> {
    /// A person came back with a code.
    Exchange { code: &'w str },
    /// They are old, or are to be for an organization.
    Refresh { tokens: &'w Tokens, org_id: Option<&'w str> },
    /// The app acts for itself.
    Machine,
}

/// What came of asking.
pub(super) struct Asked<T> {
    /// What went over the wire.
    pub(super) exchange: Exchange,
    /// What it brought.
    pub(super) outcome: T,
}

/// Where the browser goes with a question; the question remembers it.
pub(super) fn question(platform: &Platform, attempt: &mut Attempt) -> Result<Url, Trouble> {
    let state = attempt.state.as_ref().map(|state| ("state", state.expose()));
    let parameters = platform.parameters(platform.guide.question, state.as_slice());
    let url = Url::parse_with_params(&platform.authorize, &parameters);
    let exchange = Exchange::by_browser("Your browser was sent with the question", &platform.authorize, &parameters);
    attempt.exchange = Some(exchange);
    url.or(Err(Trouble::Distrusted("The platform’s address is none.")))
}

/// The question to which a refusal led, with a `state` of this app's own.
pub(super) fn again(url: &str, attempt: &mut Attempt) -> Result<Url, Trouble> {
    let mut url = Url::parse(url).or(Err(Trouble::Distrusted("The platform names an address that is none.")))?;
    if let Some(state) = &attempt.state {
        url.query_pairs_mut().append_pair("state", state.expose());
    }
    let parameters: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let parameters: Vec<(&str, &str)> = parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let address = url.as_str().split_once('?').map_or(url.as_str(), |(address, _)| address);
    attempt.exchange = Some(Exchange::by_browser("Your browser was sent where the refusal led", address, &parameters));
    Ok(url)
}

impl IsvApp {
    /// Asks a platform's token endpoint.
    pub(super) async fn ask_for_tokens(&self, platform: &Platform, wish: &Wish<'_>) -> Asked<Result<Tokens, Trouble>> {
        let parameters = platform.parameters(wish.names(platform), &wish.values());
        let exchange = Exchange::form(wish.title(), &platform.token, &parameters);
        let sent = self.http.post(&platform.token).form(&parameters).send().await;
        let (status, body) = match read(sent).await {
            Ok(answer) => answer,
            Err(silent) => {
                return Asked { exchange: exchange.ended(format!("{} {silent}.", platform.name())), outcome: Err(silent.into()) };
            }
        };
        let exchange = exchange.answered(status, &body);
        let outcome = if (200..300).contains(&status) {
            tokens(platform, wish, body, self.now()).map(|tokens| Tokens { response: exchange.body().to_owned(), ..tokens })
        } else {
            Err(Refused::deserialize(body).map_or_else(|_| Silent::Status(status).into(), Trouble::Refused))
        };
        Asked { exchange, outcome }
    }

    /// Asks an API with an access token or another bearer credential.
    pub(super) async fn call(&self, title: &str, url: &str, credential: &Secret) -> Asked<Result<(u16, Value), Silent>> {
        let exchange = Exchange::call(title, url, "Authorization", "Bearer ", credential.expose());
        let sent = self.http.get(url).bearer_auth(credential.expose()).send().await;
        recorded(exchange, read(sent).await)
    }

    /// Asks an API with a key in a header of the platform's own.
    pub(super) async fn call_with_key(&self, title: &str, url: &str, header: &str, key: &Secret) -> Asked<Result<(u16, Value), Silent>> {
        let exchange = Exchange::call(title, url, header, "", key.expose());
        let sent = self.http.get(url).header(header, key.expose()).send().await;
        recorded(exchange, read(sent).await)
    }
}

impl<'w> Wish<'w> {
    fn names(&self, platform: &Platform) -> &'static [&'static str] {
        match self {
            Self::Exchange { .. } => platform.guide.exchange,
            Self::Refresh { .. } => platform.guide.refresh,
            Self::Machine => platform.guide.machine,
        }
    }

    fn values(&self) -> Vec<(&'static str, &'w str)> {
        match self {
            Self::Exchange { code } => vec![("grant_type", "authorization_code"), ("code", code)],
            Self::Refresh { tokens, org_id } => {
                let refresh = tokens.refresh.as_ref().map(|refresh| ("refresh_token", refresh.expose()));
                let org_id = org_id.map(|org_id| ("org_id", org_id));
                std::iter::once(("grant_type", "refresh_token")).chain(refresh).chain(org_id).collect()
            }
            Self::Machine => vec![("grant_type", "client_credentials")],
        }
    }

    fn title(&self) -> String {
        match self {
            Self::Exchange { .. } => "Perigee’s server exchanged the code".to_owned(),
            Self::Refresh { org_id: None, .. } => "Perigee’s server refreshed the token".to_owned(),
            Self::Refresh { org_id: Some(org_id), .. } => format!("Perigee’s server refreshed the token for {org_id}"),
            Self::Machine => "Perigee’s server asked for a token of its own".to_owned(),
        }
    }
}

/// What is not in a new answer stays as it was (RFC 6749 §6).
fn tokens(platform: &Platform, wish: &Wish<'_>, body: Value, now: Timestamp) -> Result<Tokens, Trouble> {
    let unreadable = |_| Trouble::Distrusted("The platform’s answer has no tokens.");
    let answer = TokenAnswer::deserialize(body).map_err(unreadable)?;
    if !answer.token_type.eq_ignore_ascii_case("bearer") {
        return Err(Trouble::Distrusted("The platform sent a kind of token that nobody asked for."));
    }
    let before = match wish {
        Wish::Refresh { tokens, .. } => Some(*tokens),
        Wish::Exchange { .. } | Wish::Machine => None,
    };
    let asked = before.map_or(platform.guide.scope, |before| &before.scope);
    Ok(Tokens {
        access: answer.access_token,
        refresh: answer.refresh_token.or_else(|| before.and_then(|before| before.refresh.clone())),
        scope: answer.scope.unwrap_or_else(|| asked.to_owned()),
        expires_at: now.plus(Duration::from_secs(u64::from(answer.expires_in.unwrap_or(UNTOLD_LIFETIME)))),
        response: String::new(),
    })
}

/// The status and the JSON of an answer.
async fn read(sent: Result<reqwest::Response, reqwest::Error>) -> Result<(u16, Value), Silent> {
    let response = sent.map_err(Silent::Network)?;
    let status = response.status().as_u16();
    response.json().await.map(|body| (status, body)).map_err(Silent::Unreadable)
}

fn recorded(exchange: Exchange, outcome: Result<(u16, Value), Silent>) -> Asked<Result<(u16, Value), Silent>> {
    let exchange = match &outcome {
        Ok((status, body)) => exchange.answered(*status, body),
        Err(silent) => exchange.ended(format!("The API {silent}.")),
    };
    Asked { exchange, outcome }
}
