//! The revocation endpoint (RFC 7009).

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, ResponseError as _, web};
use gantry_oauth::revocation::RevocationEndpoint;
use gantry_store::Store;

use super::cors;
use crate::extract::ClientForm;
use crate::respond::OAuthFailure;

pub(super) async fn create(
    request: HttpRequest,
    form: ClientForm,
    endpoint: web::Data<RevocationEndpoint>,
    store: web::Data<Store>,
) -> Result<HttpResponse, OAuthFailure> {
    let mut response = match endpoint.handle(form.request()).await {
        Ok(()) => HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).finish(),
        Err(failure) => OAuthFailure::at(&form.realm, failure).error_response(),
    };
    cors::allow_named(response.headers_mut(), &request, &form, &store).await?;
    Ok(response)
}
