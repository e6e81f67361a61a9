//! One call of the admin API, from its first header to its answer.
//!
//! Owns who calls, the order of checks, methods, and repeated requests. A key is the only proof: no cookie is
//! looked at, and no page of another origin reads an answer.

use actix_web::http::header::{self, HeaderValue};
use actix_web::http::{Method as Verb, StatusCode};
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, dev, web};
use gantry_core::actor::Actor;
use gantry_core::admin_scope::AdminScopes;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Fault, Refusal};
use gantry_core::parameters::Parameters;
use gantry_core::secret::Digest;
use gantry_identity::Identity;
use gantry_identity::service_accounts::{self, Caller};
use gantry_store::Store;
use gantry_store::platform::{Claim, Claimed};
use serde_json::{Value, json};

use super::call::{Call, nothing_here, wrong_query};
use super::operation::{Method, Operation};
use super::reply::{Reply, failed};
use super::{body, problem};
use crate::extract::{RequestId, authority, authorization_of, host_of, origin_of};
use crate::settings::WebSettings;

/// The operations of one path.
#[derive(Clone, Copy)]
pub(super) struct Mounted(pub(super) &'static [&'static Operation]);

/// A failure with the challenge that goes with it.
struct Refused {
    failure: Failure,
    challenge: Option<String>,
}

impl<F: Into<Failure>> From<F> for Refused {
    fn from(failure: F) -> Self {
        Self { failure: failure.into(), challenge: None }
    }
}

/// Answers a request to a path of the API.
pub(super) async fn answer(request: HttpRequest, mut payload: dev::Payload) -> HttpResponse {
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    match carry_out(&request, &mut payload).await {
        Ok(response) => response,
        Err(refused) => {
            let allow = matches!(&refused.failure, Failure::Refused(refusal) if refusal.code == ErrorCode::MethodNotAllowed);
            let mut response = failed(refused.failure, &id, refused.challenge);
            if allow {
                allowed(&request, &mut response);
            }
            response
        }
    }
}

async fn carry_out(request: &HttpRequest, payload: &mut dev::Payload) -> Result<HttpResponse, Refused> {
    check_host(request)?;
    if request.method() == Verb::OPTIONS {
        let mut response = HttpResponse::NoContent().finish();
        allowed(request, &mut response);
        return Ok(response);
    }
    let operation = operation_for(request).ok_or_else(|| problem(ErrorCode::MethodNotAllowed, "This address does not take that method"))?;
    let caller = caller(request).await?;
    let outcome = carry_out_for(request, payload, operation, &caller).await;
    if let Err(Refused { failure: Failure::Refused(refusal), .. }) = &outcome
        && matches!(refusal.code, ErrorCode::Forbidden | ErrorCode::InsufficientScope | ErrorCode::NotFound)
    {
        let (store, identity) = parts(request)?;
        let asked = json!({ "operation": operation.id() });
        service_accounts::note_denied(store, &caller, (refusal.code.wire_name(), asked), &origin_of(request), identity.now()).await?;
    }
    outcome
}

/// The same once it is clear who calls what. Each way in which it is refused leaves its line, up there in one place
/// (attack catalogue TEN-21).
async fn carry_out_for(
    request: &HttpRequest,
    payload: &mut dev::Payload,
    operation: &'static Operation,
    caller: &Caller,
) -> Result<HttpResponse, Refused> {
    let mut call = call(request, operation, caller).await?;
    if operation.method() != Method::Get && !operation.is_conditional() && call.has_match() {
        // A condition that nothing here can meet is not met (RFC 9110 §13.1.1); to ignore it would act against it.
        return Err(problem(ErrorCode::PreconditionFailed, "There is no record here that If-Match could name").into());
    }
    if operation.takes_body() {
        body::check_media_type(request, operation.method() == Method::Patch)?;
    }
    let bytes = body::read(request, payload).await?;
    if operation.takes_body() {
        call.body = body::parse(&bytes)?;
    } else if !bytes.is_empty() {
        return Err(problem(ErrorCode::InvalidRequest, "This operation takes no body").into());
    }
    let reply = match idempotency_key(request)?.filter(|_| operation.method() == Method::Post) {
        Some(key) => once(&mut call, operation, caller, &key, &bytes).await?,
        None => work(operation, &call).await?,
    };
    Ok(respond(request, reply))
}

/// The API is on the public URL alone: on a realm's own host there is nothing.
fn check_host(request: &HttpRequest) -> Result<(), Failure> {
    let settings = request.app_data::<web::Data<WebSettings>>().ok_or_else(|| Fault::new("the settings are not wired"))?;
    let public = host_of(request).is_some_and(|host| authority(settings.public_url.as_str()).eq_ignore_ascii_case(&host));
    if public { Ok(()) } else { Err(nothing_here()) }
}

fn mounted(request: &HttpRequest) -> &'static [&'static Operation] {
    request.app_data::<Mounted>().map_or(&[], |mounted| mounted.0)
}

fn operation_for(request: &HttpRequest) -> Option<&'static Operation> {
    let verb = if request.method() == Verb::HEAD { Verb::GET } else { request.method().clone() };
    mounted(request).iter().copied().find(|operation| operation.method().as_str() == verb.as_str())
}

fn allowed(request: &HttpRequest, response: &mut HttpResponse) {
    let mut verbs: Vec<&str> = mounted(request).iter().map(|operation| operation.method().as_str()).collect();
    if verbs.contains(&"GET") {
        verbs.push("HEAD");
    }
    verbs.push("OPTIONS");
    if let Ok(value) = HeaderValue::try_from(verbs.join(", ")) {
        response.headers_mut().insert(header::ALLOW, value);
    }
}

/// Who calls: the owner of the one key in the header. A key anywhere else is none.
async fn caller(request: &HttpRequest) -> Result<Caller, Refused> {
    let (store, identity) = parts(request)?;
    let presented = authorization_of(request);
    let key = match presented.as_slice() {
        [] => {
            let failure = problem(ErrorCode::InvalidToken, "A key of a service account is needed: Authorization: Bearer gsk_...");
            return Err(Refused { failure, challenge: Some("Bearer".to_owned()) });
        }
        [one] => std::str::from_utf8(one).ok().and_then(bearer),
        _ => None,
    };
    if let Some(key) = key
        && let Some(caller) = service_accounts::authenticate(store, key, identity.now()).await?
    {
        return Ok(caller);
    }
    let realm = match request.match_info().get("realm") {
        Some(slug) => store.snapshots().realm_by_slug(slug).await?.map(|found| found.realm.id),
        None => None,
    };
    service_accounts::note_refused(store, realm, "unknown_key", &origin_of(request), identity.now()).await?;
    let failure = problem(ErrorCode::InvalidToken, "The key is unknown, has ended, or belongs to an account that is switched off");
    Err(Refused { failure, challenge: Some("Bearer error=\"invalid_token\"".to_owned()) })
}

fn bearer(header: &str) -> Option<&str> {
    let (scheme, key) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(key)
}

/// The call, once it is clear that the caller reaches the realm and has the scope.
async fn call(request: &HttpRequest, operation: &'static Operation, caller: &Caller) -> Result<Call, Refused> {
    let (store, identity) = parts(request)?;
    let now = identity.now();
    if request.match_info().iter().any(|(_, value)| value.contains(char::is_control)) {
        return Err(nothing_here().into());
    }
    let own = if let Actor::Service { realm, .. } = caller.actor { realm } else { None };
    let realm = match request.match_info().get("realm") {
        Some(slug) => {
            let found = store.snapshots().realm_by_slug(slug).await?;
            // As in the console, a realm that is switched off is there for operators alone, who switch it on again.
            let found = found.filter(|found| own.is_none_or(|own| own == found.realm.id && found.realm.disabled_at.is_none()));
            Some(found.ok_or_else(nothing_here)?)
        }
        None => None,
    };
    let scopes = operation.scopes();
    let allowed = scopes.iter().all(|scope| caller.account.scopes.contains(*scope)) && (own.is_none() || !operation.operators_only());
    if !allowed {
        let failure = problem(ErrorCode::InsufficientScope, "The account may not do this");
        let wanted = AdminScopes::of(&scopes);
        return Err(Refused { failure, challenge: Some(format!("Bearer error=\"insufficient_scope\", scope=\"{wanted}\"")) });
    }
    Ok(Call {
        actor: caller.actor,
        now,
        request: request.clone(),
        realm,
        query: query(request, operation)?,
        body: Value::Null,
        shape: operation.body.as_ref(),
        claim: None,
        store: store.clone(),
    })
}

/// The query, in which nothing is unknown and nothing is there twice.
fn query(request: &HttpRequest, operation: &Operation) -> Result<Parameters, Failure> {
    let parsed = Parameters::parse_repeating(request.query_string(), &[]);
    let parsed =
        parsed.map_err(|invalid| Refusal::new(ErrorCode::InvalidRequest, "The query cannot be read").detail(invalid.to_string()))?;
    for (name, _) in parsed.iter() {
        if !operation.query().iter().any(|known| known.name == name) {
            return Err(wrong_query(name, "is no parameter of this operation"));
        }
    }
    Ok(parsed)
}

async fn work(operation: &Operation, call: &Call) -> Result<Reply, Failure> {
    let work = operation.work.as_ref().ok_or_else(|| Fault::new("an operation does nothing"))?;
    let reply = work(call).await?;
    // The status is the one that the documents name.
    Ok(Reply { status: operation.status(), ..reply })
}

/// The key under which a request may be repeated: 1 to 255 visible characters.
fn idempotency_key(request: &HttpRequest) -> Result<Option<String>, Failure> {
    let mut values = request.headers().get_all("idempotency-key");
    let Some(value) = values.next() else { return Ok(None) };
    let text = value.to_str().ok().filter(|text| (1..=255).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic()));
    match (text, values.next()) {
        (Some(text), None) => Ok(Some(text.to_owned())),
        _ => Err(problem(ErrorCode::InvalidRequest, "An Idempotency-Key must be there once, as 1 to 255 visible characters")),
    }
}

/// Does a thing once, however often it is asked for under one key, and answers the same each time.
async fn once(call: &mut Call, operation: &Operation, caller: &Caller, key: &str, bytes: &[u8]) -> Result<Reply, Failure> {
    let store = call.store.clone();
    let platform = store.platform();
    let asked = format!("{}\0{}\0{}\0", operation.id(), call.request.path(), call.request.query_string());
    let asked = Digest::of(&[asked.as_bytes(), bytes].concat());
    let claim: Claim = match platform.claim(caller.account.id, key, asked, call.now).await? {
        Claimed::Mine(claim) => claim,
        Claimed::InFlight => return Err(problem(ErrorCode::RequestInFlight, "The same request is being carried out; ask again shortly")),
        Claimed::OtherRequest => {
            return Err(problem(ErrorCode::IdempotencyKeyReused, "The Idempotency-Key was used for another request"));
        }
        Claimed::Answered(kept) => {
            return serde_json::from_slice(&kept).map_err(|error| Fault::caused("an answer that was kept", error).into());
        }
    };
    call.claim = Some(claim.clone());
    let outcome = work(operation, call).await;
    // Where nothing was done the key is free again; where it was, the answer stands and this frees nothing.
    platform.unclaim(&claim).await?;
    outcome
}

fn parts(request: &HttpRequest) -> Result<(&web::Data<Store>, &web::Data<Identity>), Fault> {
    let store = request.app_data::<web::Data<Store>>();
    let identity = request.app_data::<web::Data<Identity>>();
    store.zip(identity).ok_or_else(|| Fault::new("the parts of the API are not wired"))
}

fn respond(request: &HttpRequest, reply: Reply) -> HttpResponse {
    let reads = matches!(*request.method(), Verb::GET | Verb::HEAD);
    let unchanged = reads && reply.etag.as_deref().is_some_and(|etag| seen(request, etag));
    let status = if unchanged { 304 } else { reply.status };
    let mut response = HttpResponse::build(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    if let Some(etag) = &reply.etag {
        response.insert_header((header::ETAG, etag.as_str()));
    }
    if let Some(location) = &reply.location {
        response.insert_header((header::LOCATION, location.as_str()));
    }
    match reply.body {
        Some(body) if !unchanged => response.json(body),
        Some(_) | None => response.finish(),
    }
}

/// Whether `If-None-Match` names this tag; weak comparison (RFC 9110 §13.1.2).
fn seen(request: &HttpRequest, etag: &str) -> bool {
    let values = request.headers().get_all(header::IF_NONE_MATCH).filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim).any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == etag)
}
