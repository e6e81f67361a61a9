//! The introspection endpoint (RFC 7662). For servers: no page of another origin reads it.

use actix_web::{HttpResponse, web};
use gantry_oauth::introspection::IntrospectionEndpoint;

use crate::extract::ClientForm;
use crate::respond::{OAuthFailure, json_no_store};

pub(super) async fn create(form: ClientForm, endpoint: web::Data<IntrospectionEndpoint>) -> Result<HttpResponse, OAuthFailure> {
    Ok(json_no_store(&endpoint.handle(form.request()).await?))
}
