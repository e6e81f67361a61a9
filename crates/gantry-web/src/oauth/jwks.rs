//! The key set (RFC 7517 §5).

use actix_web::{HttpRequest, HttpResponse, web};
use gantry_oauth::client_request::ServedRealm;
use gantry_oauth::discovery::Documents;

use super::document;
use crate::extract::RealmContext;
use crate::respond::OAuthFailure;

pub(super) async fn show(request: HttpRequest, documents: web::Data<Documents>) -> Result<HttpResponse, OAuthFailure> {
    let context = RealmContext::of(&request).await?;
    let realm = ServedRealm { snapshot: &context.snapshot, address: &context.address };
    Ok(document(&documents.jwks(realm)?))
}
