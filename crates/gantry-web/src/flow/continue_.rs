//! The dispatcher's address: decides again for a request that a person has acted on.

use actix_web::{HttpRequest, HttpResponse, web};
use gantry_oauth::authorize::AuthorizeEndpoint;

use crate::extract::{Arrival, QueryParameters};
use crate::respond::PageFailure;

pub(super) async fn show(
    request: HttpRequest,
    arrival: Arrival,
    query: QueryParameters,
    endpoint: web::Data<AuthorizeEndpoint>,
) -> Result<HttpResponse, PageFailure> {
    let outcome = endpoint.resume(&arrival.visit(), query.get("request").unwrap_or_default()).await?;
    super::show(&request, &arrival, outcome).await
}
