//! The token endpoint (RFC 6749 §3.2).

use actix_web::{HttpRequest, HttpResponse, ResponseError as _, web};
use gantry_oauth::token::endpoint::TokenEndpoint;
use gantry_store::Store;

use super::cors;
use crate::extract::ClientForm;
use crate::respond::{OAuthFailure, json_no_store};

pub(super) async fn create(
    request: HttpRequest,
    form: ClientForm,
    endpoint: web::Data<TokenEndpoint>,
    store: web::Data<Store>,
) -> Result<HttpResponse, OAuthFailure> {
    let mut response = match endpoint.handle(form.request()).await {
        Ok(tokens) => json_no_store(&tokens),
        Err(failure) => OAuthFailure::at(&form.realm, failure).error_response(),
    };
    cors::allow_named(response.headers_mut(), &request, &form, &store).await?;
    Ok(response)
}
