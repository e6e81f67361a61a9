//! The end of a sign-in to the console: what the realm answered, believed only if it fits what this browser was sent for.

use std::sync::Arc;

use actix_web::{HttpRequest, web};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gantry_core::failure::{Failure, Fault};
use gantry_core::id::SessionId;
use gantry_core::parameters::Parameters;
use gantry_core::secret::constant_time_eq;
use gantry_identity::Identity;
use gantry_oauth::client_request::{ClientRequest, ServedRealm};
use gantry_oauth::console_client::CLIENT_ID;
use gantry_oauth::token::endpoint::TokenEndpoint;
use gantry_store::Store;
use serde::Deserialize;

use super::context::Answer;
use super::flow::{self, Flow};
use super::{seat, sign_in};
use crate::extract::{QueryParameters, RealmContext, origin_of};
use crate::paths::console as at;
use crate::respond::{data, see_other};
use crate::settings::WebSettings;

/// What the console reads of an ID token.
#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    sid: SessionId,
    nonce: Option<String>,
}

/// Takes the answer (RFC 6749 §4.1.2). Each step refuses with a page that says why and leads to a new start.
pub(super) async fn show(request: HttpRequest, query: QueryParameters, identity: web::Data<Identity>) -> Answer {
    let Some(flow) = flow::read(&request)? else { return sign_in::failed(&request, "frame-sign-in-failed-over") };
    // Another's answer, or that of a tab that came before (attack catalogue SES-02, SES-04).
    if !constant_time_eq(query.get("state").unwrap_or_default().as_bytes(), flow.state.as_bytes()) {
        return sign_in::failed(&request, "frame-sign-in-failed-over");
    }
    let Some(realm) = realm_of(&request, &flow).await? else { return sign_in::failed(&request, "frame-sign-in-failed-over") };
    // RFC 9207 §2.4: the answer of another issuer is not ours to read.
    if query.get("iss") != Some(realm.address.issuer().as_str()) {
        return sign_in::failed(&request, "frame-sign-in-failed-issuer");
    }
    let Some(code) = query.get("code") else {
        let refused = query.get("error") == Some("access_denied");
        return sign_in::failed(&request, if refused { "frame-sign-in-failed-denied" } else { "frame-sign-in-failed-error" });
    };
    let Some(claims) = redeem(&request, &realm, &flow, code).await? else { return sign_in::failed(&request, "frame-sign-in-failed-code") };
    let fits = claims.iss == realm.address.issuer() && claims.aud == CLIENT_ID && claims.nonce.as_ref() == Some(&flow.nonce);
    let live = identity.find_live_session(realm.realm(), claims.sid).await?;
    if !fits || live.is_none_or(|(_, user)| user.id.to_string() != claims.sub) {
        return sign_in::failed(&request, "frame-sign-in-failed-code");
    }
    let mut response = see_other(flow.back.as_deref().unwrap_or(at::HOME));
    for cookie in [seat::cookie(data::<Store>(&request)?.sealer(), realm.id(), claims.sid)?, flow::over()] {
        response.add_cookie(&cookie).map_err(|error| Fault::caused("a cookie", error))?;
    }
    Ok(response)
}

async fn realm_of(request: &HttpRequest, flow: &Flow) -> Result<Option<RealmContext>, Fault> {
    let snapshot = data::<Store>(request)?.snapshots().realm(flow.realm).await?.filter(|found| found.realm.disabled_at.is_none());
    let public = &data::<WebSettings>(request)?.public_url;
    Ok(snapshot.map(|snapshot| RealmContext { address: public.address_of(&snapshot.realm), snapshot }))
}

/// Redeems the code at the realm's token endpoint, in process: the same checks as for any app. None: it was refused.
async fn redeem(request: &HttpRequest, realm: &RealmContext, flow: &Flow, code: &str) -> Result<Option<Claims>, Failure> {
    let form = form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", "authorization_code")
        .append_pair("client_id", CLIENT_ID)
        .append_pair("code", code)
        .append_pair("redirect_uri", &flow::redirect_uri(data::<WebSettings>(request)?))
        .append_pair("code_verifier", &flow.verifier)
        .finish();
    let parameters = Parameters::parse(&form).map_err(|error| Fault::caused("the token request", error))?;
    let snapshot = Arc::clone(&realm.snapshot);
    let served = ServedRealm { snapshot: &snapshot, address: &realm.address };
    let asked = ClientRequest { realm: served, authorization: &[], parameters: &parameters, origin: &origin_of(request) };
    match data::<TokenEndpoint>(request)?.handle(asked).await {
        Ok(tokens) => Ok(tokens.id_token().and_then(claims_of)),
        Err(Failure::Refused(refusal)) => {
            tracing::info!(target: "security", code = refusal.code.wire_name(), detail = refusal.detail.as_deref(), "the console's code was refused");
            Ok(None)
        }
        Err(broken @ Failure::Broken(_)) => Err(broken),
    }
}

/// What an ID token says that was signed here a moment ago, in this process: there is no signature to doubt.
fn claims_of(token: &str) -> Option<Claims> {
    let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    serde_json::from_slice(&payload).ok()
}
