//! Forms and queries as strict parameters, and the checks that a form of our own pages passes.

use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, web};
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Fault, Refusal};
use gantry_core::parameters::{InvalidParameters, Parameters};
use gantry_core::reason::Reason;
use tokio::time::timeout;

use super::{Browser, CurrentSession, RealmContext};
use crate::csrf::Csrf;
use crate::respond::PageFailure;

/// How long a form may take to arrive.
pub(crate) const BODY_TIMEOUT: Duration = Duration::from_secs(10);

type Extracting<T> = Pin<Box<dyn Future<Output = Result<T, PageFailure>>>>;

/// A form body, strictly parsed. For endpoints that other programs post to.
#[derive(Debug)]
pub struct FormParameters(pub Parameters);

/// A form body that is text, for an endpoint with rules of its own on repetition.
pub struct FormText(pub String);

impl std::fmt::Debug for FormText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FormText")
    }
}

/// A query, strictly parsed.
#[derive(Debug)]
pub struct QueryParameters(pub Parameters);

/// A form of a page that was shown to this browser in its present session.
#[derive(Debug)]
pub struct CheckedForm(pub Parameters);

/// A form of a sign-in page: bound to the browser alone, since another tab may have signed in
/// since the page was shown.
#[derive(Debug)]
pub struct FlowForm(pub Parameters);

macro_rules! derefs {
    ($($name:ident),*) => {$(
        impl Deref for $name {
            type Target = Parameters;

            fn deref(&self) -> &Parameters {
                &self.0
            }
        }
    )*};
}
derefs!(FormParameters, QueryParameters, CheckedForm, FlowForm);

fn invalid(description: &'static str) -> Failure {
    Refusal::new(ErrorCode::InvalidRequest, description).into()
}

/// The tick boxes of our own pages and what goes with them, the only names that may repeat there.
const TICK_BOXES: &[&str] = &["scope", "organization", "was_ticked"];

pub(crate) fn parse(text: &str) -> Result<Parameters, Failure> {
    readable(Parameters::parse(text))
}

pub(crate) fn readable(parsed: Result<Parameters, InvalidParameters>) -> Result<Parameters, Failure> {
    parsed.map_err(|invalid| {
        Refusal::new(ErrorCode::InvalidRequest, "the parameters are malformed or repeated").detail(invalid.to_string()).into()
    })
}

/// The media type must be the form type; `charset`, if named, UTF-8 (attack catalogue INP-02).
fn check_media_type(request: &HttpRequest) -> Result<(), Failure> {
    let unsupported = || Refusal::new(ErrorCode::UnsupportedMediaType, "the body must be application/x-www-form-urlencoded");
    let value = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).ok_or_else(unsupported)?;
    let mut parts = value.split(';').map(str::trim);
    let is_form = parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case("application/x-www-form-urlencoded"));
    let charset_ok = parts.all(|part| !part.to_ascii_lowercase().starts_with("charset=") || part.eq_ignore_ascii_case("charset=utf-8"));
    if is_form && charset_ok && !request.headers().contains_key(header::CONTENT_ENCODING) { Ok(()) } else { Err(unsupported().into()) }
}

pub(crate) async fn read_form(request: HttpRequest, mut payload: Payload) -> Result<String, Failure> {
    check_media_type(&request)?;
    let reading = web::Bytes::from_request(&request, &mut payload);
    let body = timeout(BODY_TIMEOUT, reading).await.or(Err(invalid("the body took too long to arrive")))?.map_err(|error| {
        let code = if error.as_response_error().status_code() == 413 { ErrorCode::TooLarge } else { ErrorCode::InvalidRequest };
        Refusal::new(code, "the body is too large or was cut off").detail(error.to_string())
    })?;
    String::from_utf8(body.into()).or(Err(invalid("the body is not valid UTF-8")))
}

/// A request that a page of another site made is refused. `Sec-Fetch-Site` decides where the
/// browser sends it; our own pages' `Origin` is `null` then, because their referrer policy is
/// `no-referrer`.
pub(crate) fn check_origin(request: &HttpRequest, own: &str) -> Result<(), Failure> {
    let header = |name: &str| request.headers().get(name).map(|value| value.to_str().unwrap_or("invalid"));
    let allowed = match (header("sec-fetch-site"), header("origin")) {
        (Some("same-origin"), origin) => origin.is_none_or(|origin| origin == "null" || origin == own),
        (Some(_), _) => false,
        (None, Some(origin)) => origin == own,
        (None, None) => true,
    };
    if allowed {
        Ok(())
    } else {
        Err(Refusal::new(ErrorCode::Forbidden, "the form was sent from another site").reason(Reason::ForeignForm).into())
    }
}

async fn checked(request: HttpRequest, payload: Payload, in_session: bool) -> Result<Parameters, Failure> {
    let realm = RealmContext::of(&request).await?;
    check_origin(&request, realm.address.origin())?;
    let parameters = readable(Parameters::parse_form(&read_form(request.clone(), payload).await?, TICK_BOXES))?;
    let browser = Browser::of(&request).await?;
    let csrf = request.app_data::<web::Data<Csrf>>().ok_or_else(|| Fault::new("form tokens are not wired"))?;
    let session = CurrentSession::of(&request).await?.0.map(|signed_in| signed_in.session.id);
    let token = parameters.get("csrf").unwrap_or_default();
    let holds =
        csrf.holds(token, realm.id(), browser.digest(), session) || (!in_session && csrf.holds(token, realm.id(), browser.digest(), None));
    if holds {
        return Ok(parameters);
    }
    Err(Refusal::new(ErrorCode::Forbidden, "the form has expired or belongs to another browser").reason(Reason::ForeignForm).into())
}

impl FromRequest for QueryParameters {
    type Error = PageFailure;
    type Future = std::future::Ready<Result<Self, PageFailure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(parse(request.query_string()).map(Self).map_err(PageFailure::from))
    }
}

impl FromRequest for FormParameters {
    type Error = PageFailure;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move { Ok(Self(parse(&read_form(request, payload).await?)?)) })
    }
}

impl FromRequest for FormText {
    type Error = PageFailure;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move { read_form(request, payload).await.map(Self).map_err(PageFailure::from) })
    }
}

impl FromRequest for CheckedForm {
    type Error = PageFailure;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move { checked(request, payload, true).await.map(Self).map_err(PageFailure::from) })
    }
}

impl FromRequest for FlowForm {
    type Error = PageFailure;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move { checked(request, payload, false).await.map(Self).map_err(PageFailure::from) })
    }
}
