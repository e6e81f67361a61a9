//! A provider's own tokens, for the app that the person allowed to have them. No page of another origin reads them.

use actix_web::{HttpRequest, HttpResponse, web};
use gantry_oauth::client_request::ServedRealm;
use gantry_oauth::upstream_token::UpstreamTokenEndpoint;

use super::challenge;
use crate::extract::{RealmContext, authorization_of, origin_of};
use crate::respond::{OAuthFailure, json_no_store};
use crate::upstream::callback;

pub(super) async fn show(request: HttpRequest, endpoint: web::Data<UpstreamTokenEndpoint>) -> Result<HttpResponse, OAuthFailure> {
    let context = RealmContext::of(&request).await?;
    let realm = ServedRealm { snapshot: &context.snapshot, address: &context.address };
    let (authorization, origin) = (authorization_of(&request), origin_of(&request));
    let answered = endpoint.handle(realm, &authorization, |slug| callback(&context, slug), &origin).await;
    let token = answered.map_err(|failure| OAuthFailure::at(&context, failure))?;
    Ok(token.map_or_else(challenge, |token| json_no_store(&token)))
}
