//! The pushed authorization request endpoint (RFC 9126).

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, ResponseError as _, web};
use gantry_oauth::par::PushEndpoint;
use gantry_store::Store;

use super::cors;
use crate::extract::ClientForm;
use crate::respond::OAuthFailure;

pub(super) async fn create(
    request: HttpRequest,
    form: ClientForm,
    endpoint: web::Data<PushEndpoint>,
    store: web::Data<Store>,
) -> Result<HttpResponse, OAuthFailure> {
    let mut response = match endpoint.handle(form.request()).await {
        Ok(pushed) => HttpResponse::Created().insert_header((header::CACHE_CONTROL, "no-store")).json(&pushed),
        Err(failure) => OAuthFailure::at(&form.realm, failure).error_response(),
    };
    cors::allow_named(response.headers_mut(), &request, &form, &store).await?;
    Ok(response)
}
