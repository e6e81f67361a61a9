//! The outermost layer: request id, limits, host check, error pages, security headers.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, HttpResponse, ResponseError as _};
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Refusal;
use gantry_views::page::error::Problem;
use tracing::Instrument as _;

use super::{host, request_id, security_headers};
use crate::extract::RequestId;
use crate::respond::{OAuthFailure, PendingErrorPage, error_page};
use crate::{api, paths};

/// The longest request target (attack catalogue §0.9).
const MAX_TARGET: usize = 16 * 1024;

/// Handles a request from its first byte to its last header.
pub(crate) async fn edge(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let id = request_id::next();
    request.extensions_mut().insert(RequestId(id.clone()));
    // The path alone: queries carry codes, and login hints.
    // Documents come from memory: a span would cost as much as the answer, and nothing on their way says anything.
    let document = is_document(request.path());
    let named = || tracing::info_span!("request", id = %id, method = %request.method(), path = %request.path());
    let span = if document { tracing::Span::none() } else { named() };
    let mut response = answer(request, next).instrument(span).await?;
    if document && response.status().is_server_error() {
        tracing::error!(id, path = response.request().path(), "a document could not be served");
    }
    security_headers::add(&mut response);
    if let Ok(value) = header::HeaderValue::from_str(&id) {
        response.headers_mut().insert(header::HeaderName::from_static("x-request-id"), value);
    }
    Ok(response)
}

async fn answer(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<actix_web::body::BoxBody>, Error> {
    if request.uri().path_and_query().is_some_and(|target| target.as_str().len() > MAX_TARGET) {
        return Ok(request.into_response(HttpResponse::UriTooLong().finish()));
    }
    // Nothing has NUL in its name, and a database need not take it (attack catalogue WEB-10). Queries and bodies are read by
    // what refuses it there.
    if request.path().contains("%00") {
        return finish(request.into_response(HttpResponse::NotFound().finish())).await;
    }
    if let Some(elsewhere) = host::check(request.request()).await {
        return finish(request.into_response(elsewhere)).await;
    }
    let response = next.call(request).await?.map_into_boxed_body();
    finish(response).await
}

/// Gives an error that has no body yet the form that its reader expects.
async fn finish(response: ServiceResponse) -> Result<ServiceResponse, Error> {
    let status = response.status();
    let pending = response.response().extensions().get::<PendingErrorPage>().cloned();
    let bare = status.is_client_error() && !response.headers().contains_key(header::CONTENT_TYPE);
    if pending.is_none() && !bare {
        return Ok(response);
    }
    let (request, unfinished) = response.into_parts();
    if api::is_below(request.path()) {
        let answer = api::refusal(&request, refusal_for(status).into());
        return Ok(ServiceResponse::new(request, answer));
    }
    if pending.is_none() && is_for_programs(request.path()) {
        let mut answer = OAuthFailure::from(refusal_for(status)).error_response();
        *answer.status_mut() = status;
        copy_allow(&unfinished, &mut answer);
        return Ok(ServiceResponse::new(request, answer));
    }
    let pending = pending.unwrap_or(PendingErrorPage { problem: bare_problem(status), explained: None, link: None });
    let mut answer = error_page(&request, status, pending).await;
    copy_allow(&unfinished, &mut answer);
    if *request.method() == Method::HEAD {
        answer = answer.set_body(actix_web::body::BoxBody::new(()));
    }
    Ok(ServiceResponse::new(request, answer))
}

fn copy_allow(from: &HttpResponse, to: &mut HttpResponse) {
    if let Some(allow) = from.headers().get(header::ALLOW) {
        to.headers_mut().insert(header::ALLOW, allow.clone());
    }
}

/// Whether a path is an endpoint that programs call, below whatever base.
fn is_for_programs(path: &str) -> bool {
    path.starts_with(paths::OAUTH_METADATA) || paths::FOR_PROGRAMS.iter().any(|endpoint| path.ends_with(endpoint))
}

fn refusal_for(status: StatusCode) -> Refusal {
    match status {
        StatusCode::METHOD_NOT_ALLOWED => Refusal::new(ErrorCode::MethodNotAllowed, "this address does not take that HTTP method"),
        StatusCode::NOT_FOUND => Refusal::new(ErrorCode::NotFound, "there is nothing at this address"),
        StatusCode::PAYLOAD_TOO_LARGE => Refusal::new(ErrorCode::TooLarge, "the body is too large"),
        _ => Refusal::new(ErrorCode::InvalidRequest, "the request is malformed"),
    }
}

fn bare_problem(status: StatusCode) -> Problem {
    if status == StatusCode::NOT_FOUND { Problem::NotFound } else { Problem::BadRequest }
}

/// Whether a path is one of the documents that are served from memory, below whatever base.
fn is_document(path: &str) -> bool {
    path.starts_with(paths::OAUTH_METADATA) || paths::DOCUMENTS.iter().any(|document| path.ends_with(document))
}
