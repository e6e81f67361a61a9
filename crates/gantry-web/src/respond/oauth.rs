//! Answers to programs: JSON as RFC 6749 §5 has it.

use std::fmt;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};
use gantry_core::error_code::{Challenge, ErrorCode};
use gantry_core::failure::{Failure, Refusal};
use serde::Serialize;

/// A failure that is answered as JSON.
#[derive(Debug)]
pub struct OAuthFailure(pub Failure);

impl<F: Into<Failure>> From<F> for OAuthFailure {
    fn from(failure: F) -> Self {
        Self(failure.into())
    }
}

impl fmt::Display for OAuthFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

#[derive(Serialize)]
struct Body<'r> {
    error: &'r str,
    error_description: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'r str>,
}

impl ResponseError for OAuthFailure {
    fn status_code(&self) -> StatusCode {
        let code = match &self.0 {
            Failure::Refused(refusal) => refusal.code,
            Failure::Broken(fault) if fault.is_unavailable() => ErrorCode::TemporarilyUnavailable,
            Failure::Broken(_) => ErrorCode::ServerError,
        };
        StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        super::page::log(&self.0);
        match &self.0 {
            Failure::Refused(refusal) => refused(refusal),
            Failure::Broken(fault) if fault.is_unavailable() => {
                refused(&Refusal::new(ErrorCode::TemporarilyUnavailable, "the server is busy; try again shortly"))
            }
            Failure::Broken(_) => refused(&Refusal::new(ErrorCode::ServerError, "the server met an unexpected condition")),
        }
    }
}

fn refused(refusal: &Refusal) -> HttpResponse {
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
    response.json(Body { error: code.wire_name(), error_description: refusal.description, reason: refusal.reason })
}

/// A JSON answer that nobody may keep (RFC 6749 §5.1).
pub fn json_no_store(body: &impl Serialize) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).insert_header((header::PRAGMA, "no-cache")).json(body)
}
