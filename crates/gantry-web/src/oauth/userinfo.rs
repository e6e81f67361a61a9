//! The userinfo endpoint (OpenID Connect Core §5.3): by GET, or by POST with the token in header or form.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, ResponseError as _, web};
use gantry_core::failure::Failure;
use gantry_oauth::client_request::ServedRealm;
use gantry_oauth::userinfo::{Userinfo, UserinfoEndpoint};

use super::{challenge, cors};
use crate::extract::{ClientForm, RealmContext, authorization_of};
use crate::respond::{OAuthFailure, json_no_store};

pub(super) async fn show(request: HttpRequest, endpoint: web::Data<UserinfoEndpoint>) -> HttpResponse {
    answer(&request, &endpoint, None).await
}

/// A POST whose token is in the header may have no form at all.
pub(super) async fn create(
    request: HttpRequest,
    form: Result<ClientForm, OAuthFailure>,
    endpoint: web::Data<UserinfoEndpoint>,
) -> HttpResponse {
    match form {
        Ok(form) => answer(&request, &endpoint, form.parameters.get("access_token")).await,
        Err(_) if request.headers().contains_key(header::AUTHORIZATION) => answer(&request, &endpoint, None).await,
        Err(failure) => failure.error_response(),
    }
}

async fn answer(request: &HttpRequest, endpoint: &UserinfoEndpoint, in_body: Option<&str>) -> HttpResponse {
    let answered = ask(request, endpoint, in_body).await;
    let (mut response, redirect_uris) = match answered {
        Ok(Userinfo::Claims { claims, redirect_uris }) => (json_no_store(&claims), Some(redirect_uris)),
        Ok(Userinfo::Challenge) => (challenge(), None),
        Err(failure) => (OAuthFailure::from(failure).error_response(), None),
    };
    match redirect_uris {
        Some(uris) => cors::allow_own(response.headers_mut(), request, &uris),
        None => cors::allow_any(response.headers_mut()),
    }
    response
}

async fn ask(request: &HttpRequest, endpoint: &UserinfoEndpoint, in_body: Option<&str>) -> Result<Userinfo, Failure> {
    let context = RealmContext::of(request).await?;
    let realm = ServedRealm { snapshot: &context.snapshot, address: &context.address };
    endpoint.handle(realm, &authorization_of(request), in_body).await
}
