//! What a form of the console sends: checked to come from a page of ours, shown to this person in this session.

use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, FieldProblem, Refusal};
use gantry_core::parameters::Parameters;
use gantry_core::reason::Reason;

use super::seat::Seat;
use crate::csrf::Csrf;
use crate::extract::{check_origin, read_form, readable};
use crate::respond::{PageFailure, data};
use crate::settings::WebSettings;

/// The names that may repeat: tick boxes, and rows that are chosen. Everything else that repeats is refused
/// (attack catalogue §0.8).
const REPEATED: &[&str] =
    &["id", "scope", "scopes", "resource", "resources", "grant_types", "locales", "personal_tokens.scopes", "signing_algorithms", "claims"];

/// A form of the console. `csrf` was checked already.
#[derive(Debug)]
pub(crate) struct ConsoleForm(Parameters);

impl Deref for ConsoleForm {
    type Target = Parameters;

    fn deref(&self) -> &Parameters {
        &self.0
    }
}

impl ConsoleForm {
    async fn read(request: HttpRequest, payload: Payload) -> Result<Self, PageFailure> {
        let form = OpenForm::read(request.clone(), payload).await?;
        let Some(seat) = Seat::of(&request).await? else { return Err(PageFailure::away(super::sign_in::address_for(&request))) };
        if seat.holds(data::<Csrf>(&request)?, form.0.get("csrf").unwrap_or_default()) {
            return Ok(Self(form.0));
        }
        Err(Refusal::new(ErrorCode::Forbidden, "the form has expired or belongs to another browser").reason(Reason::ForeignForm).into())
    }

    /// What was typed, without white space around it; empty if nothing was.
    pub(crate) fn line(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default().trim()
    }

    /// What was typed; none if nothing was.
    pub(crate) fn some(&self, name: &str) -> Option<String> {
        Some(self.line(name)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// The lines of an area, without empty ones.
    pub(crate) fn lines(&self, name: &str) -> Vec<String> {
        self.get(name).unwrap_or_default().lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
    }

    /// Whether a switch is on.
    pub(crate) fn on(&self, name: &str) -> bool {
        self.get(name) == Some("on")
    }

    /// Whether the name of what goes was typed.
    pub(crate) fn confirms(&self, name: &str) -> bool {
        self.line("confirm") == name
    }
}

/// A form that somebody sends who is not signed in: from a page of ours, and no more is known.
#[derive(Debug)]
pub(crate) struct OpenForm(pub(crate) Parameters);

impl OpenForm {
    async fn read(request: HttpRequest, payload: Payload) -> Result<Self, PageFailure> {
        check_origin(&request, data::<WebSettings>(&request)?.public_url.as_str())?;
        Ok(Self(readable(Parameters::parse_form(&read_form(request, payload).await?, REPEATED))?))
    }
}

/// What rules found wrong with a form's fields, as `Form::with_problems` takes it.
pub(crate) fn problems(refusal: &Refusal) -> Vec<(String, String)> {
    let said = |problem: &FieldProblem| match problem.index {
        Some(index) => (problem.field.clone(), format!("[{}] {}", index.saturating_add(1), problem.problem)),
        None => (problem.field.clone(), problem.problem.clone()),
    };
    refusal.fields.iter().map(said).collect()
}

/// What is wrong with what somebody typed; anything that no typing mends is the page's own failure.
pub(crate) fn wrong(failure: Failure) -> Result<Refusal, PageFailure> {
    match failure {
        Failure::Refused(refusal) if !matches!(refusal.code, ErrorCode::NotFound | ErrorCode::Forbidden) => Ok(refusal),
        other @ (Failure::Refused(_) | Failure::Broken(_)) => Err(other.into()),
    }
}

impl FromRequest for ConsoleForm {
    type Error = PageFailure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, PageFailure>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        Box::pin(Self::read(request.clone(), payload.take()))
    }
}

impl FromRequest for OpenForm {
    type Error = PageFailure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, PageFailure>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        Box::pin(Self::read(request.clone(), payload.take()))
    }
}
