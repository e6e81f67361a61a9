//! The choice on the tenant page.

use actix_web::{HttpRequest, HttpResponse, web};
use gantry_oauth::authorize::AuthorizeEndpoint;
use gantry_oauth::authorize::outcome::Chosen;

use crate::extract::{Arrival, CheckedForm};
use crate::respond::PageFailure;

pub(super) async fn create(
    request: HttpRequest,
    arrival: Arrival,
    form: CheckedForm,
    endpoint: web::Data<AuthorizeEndpoint>,
) -> Result<HttpResponse, PageFailure> {
    let chosen = match (form.get("organization"), form.get("decision")) {
        (Some(org_id), _) => Chosen::Tenant(org_id.to_owned()),
        (None, Some("nobody")) => Chosen::Nobody,
        (None, _) => Chosen::Deny,
    };
    let outcome = endpoint.choose_tenant(&arrival.visit(), form.get("request").unwrap_or_default(), &chosen).await?;
    super::show(&request, &arrival, outcome).await
}
