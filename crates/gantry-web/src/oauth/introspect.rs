//! The introspection endpoint (RFC 7662). For servers: no page of another origin reads it.

use actix_web::{HttpResponse, web};
use gantry_oauth::introspection::IntrospectionEndpoint;

use crate::extract::ClientForm;
use crate::respond::{OAuthFailure, json_no_store};

pub(super) async fn create(form: ClientForm, endpoint: web::Data<IntrospectionEndpoint>) -> Result<HttpResponse, OAuthFailure> {
    let answered = endpoint.handle(form.request()).await;
    Ok(json_no_store(&answered.map_err(|failure| OAuthFailure::at(&form.realm, failure))?))
}
