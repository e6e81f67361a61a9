//! The forward-auth endpoint, for gateways: no page of another origin reads it, whatever the method.
//!
//! Every header of an answer is there even where it says nothing, so that a gateway that copies
//! them writes over whatever its caller sent under the same name.

use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use gantry_core::failure::Fault;
use gantry_oauth::client_request::ServedRealm;
use gantry_oauth::forward_auth::{Ask, ForwardAuthEndpoint, Passport, Verdict};

use super::challenge;
use crate::extract::{RealmContext, authorization_of};
use crate::respond::OAuthFailure;

pub(super) async fn check(request: HttpRequest, endpoint: web::Data<ForwardAuthEndpoint>) -> Result<HttpResponse, OAuthFailure> {
    let context = RealmContext::of(&request).await?;
    let realm = ServedRealm { snapshot: &context.snapshot, address: &context.address };
    let ask = Ask {
        realm,
        authorization: &authorization_of(&request),
        app_keys: &app_keys_of(&request, &context),
        query: request.query_string(),
    };
    match endpoint.handle(ask).await? {
        Verdict::Challenge => Ok(challenge()),
        Verdict::Pass(passport) => Ok(pass(&passport)?),
    }
}

/// All values of the header in which the realm's App Keys travel; none where it names none.
fn app_keys_of(request: &HttpRequest, realm: &RealmContext) -> Vec<Vec<u8>> {
    let name = realm.realm().settings.app_keys.header.as_deref();
    name.map(|name| request.headers().get_all(name).map(|value| value.as_bytes().to_vec()).collect()).unwrap_or_default()
}

fn pass(passport: &Passport) -> Result<HttpResponse, Fault> {
    let scopes = passport.scopes.to_string();
    let facts = [
        ("x-auth-kind", passport.kind.as_str()),
        ("x-auth-subject", &passport.subject),
        ("x-auth-client", passport.client_id.as_deref().unwrap_or_default()),
        ("x-auth-scope", &scopes),
        ("x-auth-org", passport.org_id.as_deref().unwrap_or_default()),
    ];
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    for (name, value) in facts {
        let value = HeaderValue::from_str(value).map_err(|error| Fault::caused("a fact about a caller fits no header", error))?;
        response.insert_header((HeaderName::from_static(name), value));
    }
    Ok(response.finish())
}
