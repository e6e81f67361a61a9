//! Answers of the admin API: a representation with its `ETag`, or a problem (RFC 9457).

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Fault, FieldProblem, Refusal};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::admin::fingerprint;

/// What an operation answers. It can be kept, sealed, and given again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) body: Option<Value>,
    pub(super) etag: Option<String>,
    pub(super) location: Option<String>,
}

impl Reply {
    /// A representation.
    pub(super) fn of(representation: &impl Serialize) -> Result<Self, Fault> {
        let body = serde_json::to_value(representation).map_err(|error| Fault::caused("a representation as JSON", error))?;
        let etag = tag(&body)?;
        Ok(Self { status: 200, body: Some(body), etag: Some(etag), location: None })
    }

    /// The representation of something new, with where it is below the API.
    pub(super) fn created(location: String, representation: &impl Serialize) -> Result<Self, Fault> {
        Ok(Self { status: 201, location: Some(location), ..Self::of(representation)? })
    }

    /// Nothing to say.
    pub(super) const fn nothing() -> Self {
        Self { status: 204, body: None, etag: None, location: None }
    }

    /// The same with a member that is no part of the representation: what is shown this once.
    pub(super) fn with(mut self, name: &str, value: &impl Serialize) -> Result<Self, Fault> {
        let value = serde_json::to_value(value).map_err(|error| Fault::caused("a member as JSON", error))?;
        if let Some(Value::Object(members)) = &mut self.body {
            members.insert(name.to_owned(), value);
        }
        Ok(self)
    }
}

/// The strong tag of a representation (RFC 9110 §8.8.3).
pub(super) fn tag(representation: &impl Serialize) -> Result<String, Fault> {
    // The one form of JSON that travels: a type's own order of members is another.
    let json = serde_json::to_value(representation).map_err(|error| Fault::caused("a representation as JSON", error))?;
    Ok(format!("\"{}\"", fingerprint(&json)?))
}

/// What is wrong, as RFC 9457 has it.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct Problem {
    /// What kind of problem it is: `urn:gantry:problem:` and a word that never changes.
    #[serde(rename = "type")]
    pub(super) kind: String,
    /// That kind in words.
    pub(super) title: String,
    /// The HTTP status.
    pub(super) status: u16,
    /// What is wrong here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) detail: Option<String>,
    /// What is wrong with which member of the body or of the query.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) fields: Vec<ProblemField>,
    /// The name under which the server's log knows the request.
    pub(super) request_id: String,
}

/// What is wrong with one member.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct ProblemField {
    /// The member; members of members follow a dot.
    pub(super) field: String,
    /// Which entry, where it is a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) index: Option<usize>,
    /// What is wrong, worded to follow the member's name.
    pub(super) problem: String,
}

impl From<FieldProblem> for ProblemField {
    fn from(FieldProblem { field, index, problem }: FieldProblem) -> Self {
        Self { field, index, problem }
    }
}

/// The type of a problem.
pub(super) fn problem_type(code: ErrorCode) -> String {
    format!("urn:gantry:problem:{}", code.wire_name())
}

/// The title of a problem: its type in words.
pub(super) fn title(code: ErrorCode) -> String {
    let words = code.wire_name().replace('_', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}

/// A failure as an answer. `challenge` is what RFC 6750 §3 demands beside 401 and 403.
pub(super) fn failed(failure: Failure, request_id: &str, challenge: Option<String>) -> HttpResponse {
    crate::respond::log_failure(&failure);
    let refusal = match failure {
        Failure::Refused(refusal) => refusal,
        Failure::Broken(fault) if fault.is_unavailable() => {
            Refusal::new(ErrorCode::TemporarilyUnavailable, "The server is busy; try again shortly")
        }
        Failure::Broken(_) => Refusal::new(ErrorCode::ServerError, "The server met an unexpected condition"),
    };
    let code = refusal.code;
    let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    // What is not there is told apart from nothing else, whatever a rule knows of it (attack catalogue §0.7).
    let detail = match refusal.detail {
        _ if code == ErrorCode::NotFound => "There is nothing here".to_owned(),
        Some(more) if refusal.fields.is_empty() => format!("{}: {more}", refusal.description),
        Some(_) | None => refusal.description.to_owned(),
    };
    let problem = Problem {
        kind: problem_type(code),
        title: title(code),
        status: code.status(),
        detail: Some(detail),
        fields: refusal.fields.into_iter().map(ProblemField::from).collect(),
        request_id: request_id.to_owned(),
    };
    let mut response = HttpResponse::build(status);
    response.insert_header((header::CACHE_CONTROL, "no-store")).insert_header((header::CONTENT_TYPE, "application/problem+json"));
    if let Some(challenge) = challenge.and_then(|challenge| HeaderValue::try_from(challenge).ok()) {
        response.insert_header((header::WWW_AUTHENTICATE, challenge));
    }
    if matches!(code, ErrorCode::TemporarilyUnavailable | ErrorCode::TooManyRequests | ErrorCode::RequestInFlight) {
        response.insert_header((header::RETRY_AFTER, if code == ErrorCode::TooManyRequests { "60" } else { "1" }));
    }
    response.body(serde_json::to_string(&problem).unwrap_or_else(|_| json!({ "status": code.status() }).to_string()))
}
