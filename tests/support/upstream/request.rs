//! What Gantry and browsers ask of the provider: read strictly, kept for the test to look at.

use std::collections::BTreeMap;

use actix_web::HttpRequest;
use actix_web::http::header;

use super::Place;

/// A request that came.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Where.
    pub place: Place,
    /// The path.
    pub path: String,
    /// The parameters of the query, or of the form.
    pub parameters: BTreeMap<String, String>,
    /// The parameters as they came.
    pub raw: String,
    /// The `Authorization` header.
    pub authorization: Option<String>,
    /// The `Accept` header.
    pub accept: String,
    /// Who signs in, where a browser says so.
    pub account: Option<String>,
}

impl Seen {
    /// Reads a request; `None` where a parameter is there twice.
    pub(super) fn of(place: Place, path: &str, request: &HttpRequest, body: &[u8]) -> Option<Self> {
        let raw = if body.is_empty() { request.query_string().to_owned() } else { String::from_utf8(body.to_vec()).ok()? };
        let mut parameters = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(raw.as_bytes()) {
            if parameters.insert(name.into_owned(), value.into_owned()).is_some() {
                return None;
            }
        }
        let header = |name: header::HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        Some(Self {
            place,
            path: path.to_owned(),
            parameters,
            raw,
            authorization: header(header::AUTHORIZATION),
            accept: header(header::ACCEPT).unwrap_or_default(),
            account: request
                .headers()
                .get("x-account")
                .and_then(|value| form_urlencoded::parse(value.as_bytes()).next())
                .map(|(account, _)| account.into_owned()),
        })
    }

    /// A parameter, empty if it is missing.
    pub fn get(&self, name: &str) -> &str {
        self.parameters.get(name).map_or("", String::as_str)
    }

    /// The bearer token.
    pub(super) fn bearer(&self) -> Option<&str> {
        let (scheme, token) = self.authorization.as_deref()?.split_once(' ')?;
        (scheme.eq_ignore_ascii_case("bearer") || scheme == "token").then_some(token)
    }
}
