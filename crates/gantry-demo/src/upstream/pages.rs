//! The sign-in page of the providers: their people as buttons, and what may go wrong on command.
//!
//! Owns the authorization request: reads it, checks the app, and carries it from the page to the answer.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use gantry_core::failure::Fault;
use url::Url;

use super::codes::Agreed;
use super::people::{Account, Provider, accounts};
use super::{Upstream, respond};
use crate::isv_app::html::Html;

const SHELL: &str = include_str!("../../assets/upstream/shell.html");
const SIGN_IN: &str = include_str!("../../assets/upstream/sign_in.html");
const ACCOUNT: &str = include_str!("../../assets/upstream/account.html");
const CHOICE: &str = include_str!("../../assets/upstream/choice.html");
const HIDDEN: &str = include_str!("../../assets/upstream/hidden.html");
const HOME: &str = include_str!("../../assets/upstream/home.html");
const SAID: &str = include_str!("../../assets/upstream/said.html");

/// What goes wrong on command.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Failure {
    #[default]
    Nothing,
    Nonce,
    Issuer,
    Expired,
    Signature,
    Legacy,
    Slow,
    Broken,
    GraphDown,
    ConsentNeeded,
    Denied,
}

/// Each with its word in the form and what the page calls it.
const FAILURES: [(Failure, &str, &str); 11] = [
    (Failure::Nothing, "nothing", "Nothing goes wrong"),
    (Failure::Nonce, "nonce", "The ID token repeats another nonce"),
    (Failure::Issuer, "issuer", "The ID token names another issuer"),
    (Failure::Expired, "expired", "The ID token has expired"),
    (Failure::Signature, "signature", "The ID token is signed with another key"),
    (Failure::Legacy, "legacy", "The ID token is of version 1.0 (Microsoft)"),
    (Failure::Slow, "slow", "The token endpoint takes 8 seconds"),
    (Failure::Broken, "broken", "The token endpoint answers with status 500"),
    (Failure::GraphDown, "graph", "Graph cannot be reached (Microsoft)"),
    (Failure::ConsentNeeded, "consent", "An administrator has to agree first"),
    (Failure::Denied, "denied", "The person says no"),
];

/// An authorization request that names an app and its own address.
#[derive(Debug)]
pub(super) struct Question {
    pairs: Vec<(String, String)>,
}

impl Question {
    /// Reads it. Until app and address are known nothing may be sent anywhere.
    pub(super) fn read(upstream: &Upstream, text: &str) -> Result<Self, &'static str> {
        let question = Self { pairs: form_urlencoded::parse(text.as_bytes()).into_owned().collect() };
        let known = upstream.apps.iter().any(|app| {
            question.get("client_id") == Some(app.client_id.as_str()) && question.get("redirect_uri") == Some(app.redirect_uri.as_str())
        });
        if !known {
            return Err("No app of this id is registered here with this redirect URI.");
        }
        if question.get("response_type") != Some("code") {
            return Err("Only response_type=code is served.");
        }
        if question.get("code_challenge").is_some() && question.get("code_challenge_method") != Some("S256") {
            return Err("The code challenge must be of the method S256.");
        }
        Ok(question)
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn owned(&self, name: &str) -> Option<String> {
        self.get(name).map(str::to_owned)
    }

    /// Back to the app with these parameters.
    pub(super) fn answer(&self, parameters: &[(&str, &str)]) -> HttpResponse {
        let Ok(mut url) = Url::parse(self.get("redirect_uri").unwrap_or_default()) else { return trouble("The redirect URI is none.") };
        url.query_pairs_mut().extend_pairs(parameters);
        if let Some(state) = self.get("state") {
            url.query_pairs_mut().append_pair("state", state);
        }
        respond::see_other(url.as_str())
    }
}

/// The page on which somebody chooses whom to be.
pub(super) fn sign_in(provider: Provider, title: &str, question: &Question) -> HttpResponse {
    if question.get("prompt") == Some("none") {
        return question.answer(&[("error", "login_required"), ("error_description", "AADSTS50058: nobody is signed in here")]);
    }
    let hint = question.get("login_hint").unwrap_or_default();
    let hidden = |(name, value): &(String, String)| Html::fill(HIDDEN, &[("name", Html::text(name)), ("value", Html::text(value))]);
    let mut people: Vec<&Account> = accounts(Some(provider)).collect();
    people.sort_by_key(|account| !account.email.eq_ignore_ascii_case(hint));
    let person = |account: &Account| {
        let values = [
            ("word", Html::text(account.word)),
            ("name", Html::text(account.name)),
            ("email", Html::text(account.email)),
            ("remark", Html::text(account.remark)),
        ];
        Html::fill(ACCOUNT, &values)
    };
    let choice = |(_, word, label): &(Failure, &str, &str)| Html::fill(CHOICE, &[("word", Html::text(word)), ("label", Html::text(label))]);
    let content = Html::fill(
        SIGN_IN,
        &[
            ("title", Html::text(title)),
            ("hidden", Html::join(question.pairs.iter().map(hidden))),
            ("people", Html::join(people.into_iter().map(person))),
            ("failures", Html::join(FAILURES.iter().map(choice))),
        ],
    );
    page(StatusCode::OK, title, content)
}

/// The answer to a choice: a code, or what was commanded to go wrong already here.
pub(super) fn chosen(upstream: &Upstream, provider: Provider, form: &str) -> HttpResponse {
    let question = match Question::read(upstream, form) {
        Ok(question) => question,
        Err(reason) => return trouble(reason),
    };
    let word = question.get("failure").unwrap_or_default();
    let failure = FAILURES.iter().find(|(_, known, _)| *known == word).map(|(failure, ..)| *failure).unwrap_or_default();
    if failure == Failure::Denied || question.get("account") == Some("nobody") {
        return question
            .answer(&[("error", "access_denied"), ("error_description", "AADSTS65004: User declined to consent to access the app.")]);
    }
    if failure == Failure::ConsentNeeded {
        let text = "AADSTS90094: The grant requires admin permission.";
        return question.answer(&[("error", "access_denied"), ("error_description", text)]);
    }
    let Some(account) = accounts(Some(provider)).find(|account| question.get("account") == Some(account.word)) else {
        return trouble("Nobody was chosen.");
    };
    let agreed = Agreed {
        account,
        client_id: question.owned("client_id").unwrap_or_default(),
        redirect_uri: question.owned("redirect_uri").unwrap_or_default(),
        challenge: question.owned("code_challenge"),
        nonce: question.owned("nonce"),
        scope: question.owned("scope").unwrap_or_default(),
        failure,
        at: upstream.now(),
    };
    question.answer(&[("code", &upstream.codes.issue(agreed))])
}

/// The first page: what this is.
pub(super) async fn home(upstream: Data<Upstream>) -> HttpResponse {
    page(StatusCode::OK, "Sample providers", Html::fill(HOME, &[("origin", Html::text(&upstream.origin))]))
}

/// What is wrong with a request that nobody can be sent back from.
pub(super) fn trouble(reason: &str) -> HttpResponse {
    said(StatusCode::BAD_REQUEST, "This does not work", reason)
}

/// A page that says one thing.
pub(super) fn said(status: StatusCode, title: &str, text: &str) -> HttpResponse {
    page(status, title, Html::fill(SAID, &[("title", Html::text(title)), ("text", Html::text(text))]))
}

/// What is said when something broke.
pub(super) fn broken(fault: &Fault) -> HttpResponse {
    tracing::warn!(%fault, "the sample provider broke");
    HttpResponse::InternalServerError().finish()
}

fn page(status: StatusCode, title: &str, content: Html) -> HttpResponse {
    respond::page(status, Html::fill(SHELL, &[("title", Html::text(title)), ("content", content)]).into_text())
}
