//! Pushed requests (RFC 9126): judged when they are pushed, found again when the browser comes.
//!
//! Owns what a reference is good for: one client, a short time, one answer. What a browser brings
//! beside it counts for nothing (RFC 9101 §6.3, attack catalogue PAR-05).

use gantry_core::authorization_request::AuthorizationParameters;
use gantry_core::client::Client;
use gantry_core::clock::Timestamp;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::parameters::Parameters;
use gantry_core::pushed_request::{self, PushedRequest, REFERENCE_PREFIX};
use gantry_core::realm::Realm;
use gantry_core::response_mode::ResponseMode;
use gantry_core::secret::Digest;
use gantry_store::snapshot::{ClientSnapshot, RealmSnapshot};
use gantry_store::{RealmTx, Store};
use std::sync::Arc;

use super::answer::over;
use super::check::{self, Asked, Destination};
use crate::client_request::ServedRealm;
use crate::id_token_hint::Hint;
use crate::keys::KeyRing;

/// Judges parameters as if a browser had brought them; whatever is wrong is the client's to hear.
pub(crate) async fn judge(
    store: &Store,
    keys: &KeyRing,
    realm: ServedRealm<'_>,
    parameters: &Parameters,
    now: Timestamp,
) -> Result<AuthorizationParameters, Failure> {
    // RFC 9126 §2.1: a request is not pushed twice.
    if parameters.has("request_uri") {
        return Err(Refusal::new(ErrorCode::InvalidRequest, "`request_uri` does not belong into a pushed request").into());
    }
    let destination = check::destination(store, realm.snapshot, parameters).await?;
    let hint = Hint::read(parameters, keys, realm.snapshot, &realm.address.issuer(), now)?;
    let asked = Asked { realm: realm.snapshot, client: &destination.client.client, parameters, hint: &hint, now };
    let mode = check::response_mode(parameters)?;
    Ok(check::demands(&asked, &destination, mode)?)
}

/// Judges an admin's test of a client, whose answer goes to the console: the one case in which a redirect URI
/// is not among the client's. It comes from the console's own settings, never from a request.
pub(crate) fn judge_test(
    realm: &RealmSnapshot,
    client: &Arc<ClientSnapshot>,
    parameters: &Parameters,
    callback: &str,
    now: Timestamp,
) -> Result<AuthorizationParameters, Refusal> {
    let destination =
        Destination { client: Arc::clone(client), redirect_uri: callback.to_owned(), state: parameters.get("state").map(str::to_owned) };
    let hint = Hint::Absent;
    let asked = Asked { realm, client: &client.client, parameters, hint: &hint, now };
    let judged = check::demands(&asked, &destination, ResponseMode::Query)?;
    Ok(AuthorizationParameters { console_test: true, ..judged })
}

/// The request that a browser's parameters refer to; none if they refer to no pushed one. The
/// refusal is a page: who brings a reference that does not hold is nobody's browser for sure.
pub(super) async fn referred(
    store: &Store,
    realm: &Realm,
    parameters: &Parameters,
    now: Timestamp,
) -> Result<Option<AuthorizationParameters>, Failure> {
    let Some(request_uri) = parameters.get("request_uri").filter(|uri| uri.starts_with(REFERENCE_PREFIX)) else { return Ok(None) };
    let digest = pushed_request::of_request_uri(request_uri).ok_or_else(|| unusable("not a reference"))?;
    let found = store.read(realm.id).pushed_requests().find(digest).await?.ok_or_else(|| unusable("unknown"))?;
    let client = store.snapshots().client_by_key(realm.id, found.client_id).await?.ok_or_else(check::unknown_client)?;
    check_reference(&found, &client.client, parameters.get("client_id"), now)?;
    Ok(Some(found.parameters))
}

fn check_reference(found: &PushedRequest, client: &Client, client_id: Option<&str>, now: Timestamp) -> Result<(), Refusal> {
    if client_id != Some(client.client_id.as_str()) {
        return Err(unusable("pushed by another client"));
    }
    if found.expires_at <= now {
        return Err(unusable("expired"));
    }
    if found.used_at.is_some() {
        return Err(unusable("answered before"));
    }
    Ok(())
}

fn unusable(detail: &str) -> Refusal {
    Refusal::new(ErrorCode::InvalidRequestUri, "the request_uri is unknown, has expired or was used already").detail(detail)
}

/// Whether a request may come by the browser alone.
pub(super) fn check_demand(realm: &Realm, client: &Client) -> Result<(), Refusal> {
    if (realm.settings.authorization.require_pushed_requests && !client.built_in) || client.policy.require_pushed_requests {
        return Err(Refusal::new(ErrorCode::InvalidRequest, "this app must push its authorization requests"));
    }
    Ok(())
}

/// Uses up what the request was pushed as, if it was: one reference leads to one answer (attack
/// catalogue PAR-01).
pub(super) async fn use_up(tx: &RealmTx, asked: &AuthorizationParameters, now: Timestamp) -> Result<(), Failure> {
    let Some(digest) = asked.pushed.as_deref().and_then(Digest::from_text) else { return Ok(()) };
    if tx.pushed_requests().consume(digest, now).await? { Ok(()) } else { Err(over().into()) }
}
