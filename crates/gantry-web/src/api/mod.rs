//! The admin API: everything that the console does, for programs.
//!
//! Each noun has a file that says its operations once, with their documentation and their handlers; the server's
//! routes, the OpenAPI document and the tests are made of that. Handlers translate: what may be done, and by whom,
//! is decided by the rules that the console asks too.

mod attachments;
mod audit;
mod body;
mod call;
mod client_keys;
mod clients;
mod connections;
mod domains;
mod dry_run;
mod examples;
mod installations;
mod invitations;
mod keys;
mod linked;
mod mail;
mod members;
mod openapi;
mod operation;
mod people;
mod publishers;
mod realm_state;
mod realms;
mod reply;
mod resources;
mod scopes;
mod serve;
mod sessions;
mod stored;
mod tenants;
mod traces;
mod users;

use std::sync::LazyLock;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::secret::Digest;

pub use operation::{Method, Operation, QueryParameter};
pub(crate) use scopes::body as scope_body;
pub(crate) use stored::version;

use crate::extract::RequestId;
use crate::paths;

/// All operations, in an order in which their examples can be played.
static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| {
    let nouns: &[fn() -> Vec<Operation>] = &[
        realms::operations,
        realm_state::operations,
        // Before whatever writes mails of its own, which leave when they like.
        mail::operations,
        publishers::operations,
        resources::operations,
        scopes::operations,
        clients::operations,
        client_keys::operations,
        users::operations,
        people::operations,
        linked::operations,
        tenants::operations,
        members::operations,
        invitations::operations,
        domains::operations,
        installations::operations,
        connections::operations,
        dry_run::operations,
        attachments::operations,
        keys::operations,
        sessions::operations,
        traces::operations,
        audit::operations,
    ];
    nouns.iter().flat_map(|noun| noun()).collect()
});

/// The document with its strong tag.
static DOCUMENT: LazyLock<(String, String)> = LazyLock::new(|| {
    let text = format!("{:#}\n", openapi::document(&OPERATIONS));
    let tag = format!("\"{}\"", Digest::of(text.as_bytes()).to_text());
    (text, tag)
});

/// All operations of the admin API.
pub fn operations() -> &'static [Operation] {
    &OPERATIONS
}

/// The OpenAPI document, as it is published.
pub fn openapi_text() -> &'static str {
    &DOCUMENT.0
}

/// Mounts the API.
pub(crate) fn routes(cfg: &mut web::ServiceConfig) {
    let mut scope =
        web::scope(paths::ADMIN_API).service(web::resource(paths::OPENAPI).route(web::get().to(document)).route(web::head().to(document)));
    let mut mounted: Vec<&'static str> = Vec::new();
    for operation in OPERATIONS.iter() {
        if mounted.contains(&operation.path()) {
            continue;
        }
        mounted.push(operation.path());
        let of_path: Vec<&'static Operation> = OPERATIONS.iter().filter(|other| other.path() == operation.path()).collect();
        // Once for each worker, and there to the end.
        let of_path: &'static [&'static Operation] = of_path.leak();
        scope = scope.service(web::resource(operation.path()).app_data(serve::Mounted(of_path)).to(serve_one));
    }
    cfg.service(scope.default_service(web::to(nothing)));
}

async fn serve_one(request: HttpRequest, payload: web::Payload) -> HttpResponse {
    serve::answer(request, payload.into_inner()).await
}

async fn document(request: HttpRequest) -> HttpResponse {
    let (text, tag) = &*DOCUMENT;
    let known = request.headers().get(header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == tag.as_bytes());
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((header::CACHE_CONTROL, "public, max-age=300")).insert_header((header::ETAG, tag.as_str()));
    if known { response.finish() } else { response.content_type("application/json").body(text.as_str()) }
}

async fn nothing(request: HttpRequest) -> HttpResponse {
    refusal(&request, call::nothing().into())
}

/// Whether a path is the API's, whether or not there is anything.
pub(crate) fn is_below(path: &str) -> bool {
    path.strip_prefix(paths::ADMIN_API).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A failure as the API says it, for what is refused before it gets here.
pub(crate) fn refusal(request: &HttpRequest, failure: Failure) -> HttpResponse {
    use actix_web::HttpMessage as _;
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    reply::failed(failure, &id, None)
}

/// A refusal of the API's own.
fn problem(code: ErrorCode, description: &'static str) -> Failure {
    Refusal::new(code, description).into()
}
