//! "Back to the app", from the page of a sign-in with a provider that failed.

use actix_web::{HttpRequest, HttpResponse, web};
use gantry_oauth::authorize::AuthorizeEndpoint;

use crate::extract::{Arrival, FlowForm};
use crate::flow;
use crate::respond::PageFailure;

pub(super) async fn create(
    request: HttpRequest,
    arrival: Arrival,
    form: FlowForm,
    endpoint: web::Data<AuthorizeEndpoint>,
) -> Result<HttpResponse, PageFailure> {
    let outcome = endpoint.give_up(&arrival.visit(), form.get("request").unwrap_or_default()).await?;
    flow::show(&request, &arrival, outcome).await
}
