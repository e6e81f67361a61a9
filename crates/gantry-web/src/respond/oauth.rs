//! Answers to programs: JSON as RFC 6749 §5 has it.

use std::fmt;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};
use gantry_core::error_code::{Challenge, ErrorCode};
use gantry_core::failure::{Failure, Fault, Refusal};
use gantry_core::reason::Reason;
use serde::Serialize;

use crate::extract::RealmContext;
use crate::oauth::PATH_FAMILIES;

/// A failure that is answered as JSON.
#[derive(Debug)]
pub struct OAuthFailure {
    failure: Failure,
    /// Where its reason is explained.
    error_uri: Option<String>,
}

impl OAuthFailure {
    /// A failure of a request whose realm is known: its reason is explained there.
    pub fn at(realm: &RealmContext, failure: Failure) -> Self {
        let error_uri = match &failure {
            Failure::Refused(refusal) => refusal.reason.map(|reason| realm.explanation(reason)),
            Failure::Broken(_) => None,
        };
        Self { failure, error_uri }
    }
}

impl<F: Into<Failure>> From<F> for OAuthFailure {
    fn from(failure: F) -> Self {
        Self { failure: failure.into(), error_uri: None }
    }
}

impl fmt::Display for OAuthFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.failure, f)
    }
}

#[derive(Serialize)]
struct Body<'r> {
    error: &'r str,
    error_description: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Reason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_uri: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    authorization_uri: Option<&'r str>,
}

impl<'r> Body<'r> {
    fn new(refusal: &'r Refusal, error_uri: Option<&'r str>) -> Self {
        Self {
            error: refusal.code.wire_name(),
            error_description: refusal.description,
            reason: refusal.reason,
            error_uri,
            authorization_uri: refusal.authorization_uri.as_deref(),
        }
    }
}

/// A refusal of a realm as programs read it, to be shown to people.
pub(crate) fn sample_body(realm: &RealmContext, mut refusal: Refusal) -> Result<String, Fault> {
    if refusal.code == ErrorCode::InteractionRequired {
        let endpoint = realm.address.below_issuer(PATH_FAMILIES.of(realm.realm()).authorization);
        refusal = refusal.authorization_uri(format!("{endpoint}?response_type=code&client_id=..."));
    }
    let error_uri = refusal.reason.map(|reason| realm.explanation(reason));
    serde_json::to_string_pretty(&Body::new(&refusal, error_uri.as_deref())).map_err(|error| Fault::caused("a refusal as JSON", error))
}

impl ResponseError for OAuthFailure {
    fn status_code(&self) -> StatusCode {
        let code = match &self.failure {
            Failure::Refused(refusal) => refusal.code,
            Failure::Broken(fault) if fault.is_unavailable() => ErrorCode::TemporarilyUnavailable,
            Failure::Broken(_) => ErrorCode::ServerError,
        };
        StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        super::page::log(&self.failure);
        match &self.failure {
            Failure::Refused(refusal) => refused(refusal, self.error_uri.as_deref()),
            Failure::Broken(fault) if fault.is_unavailable() => {
                refused(&Refusal::new(ErrorCode::TemporarilyUnavailable, "the server is busy; try again shortly"), None)
            }
            Failure::Broken(_) => refused(&Refusal::new(ErrorCode::ServerError, "the server met an unexpected condition"), None),
        }
    }
}

fn refused(refusal: &Refusal, error_uri: Option<&str>) -> HttpResponse {
    let code = refusal.code;
    let mut response = HttpResponse::build(StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
    match code.challenge() {
        Challenge::None => {}
        Challenge::Basic => {
            response.insert_header((header::WWW_AUTHENTICATE, "Basic realm=\"gantry\", charset=\"UTF-8\""));
        }
        Challenge::Bearer => {
            let challenge = format!("Bearer error=\"{}\", error_description=\"{}\"", code.wire_name(), refusal.description);
            response.insert_header((header::WWW_AUTHENTICATE, challenge));
        }
    }
    if matches!(code, ErrorCode::TemporarilyUnavailable | ErrorCode::TooManyRequests) {
        response.insert_header((header::RETRY_AFTER, "5"));
    }
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    response.insert_header((header::PRAGMA, "no-cache"));
    response.json(Body::new(refusal, error_uri))
}

/// A JSON answer that nobody may keep (RFC 6749 §5.1).
pub fn json_no_store(body: &impl Serialize) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).insert_header((header::PRAGMA, "no-cache")).json(body)
}
