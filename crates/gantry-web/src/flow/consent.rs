//! The decision on the consent page.

use actix_web::{HttpRequest, HttpResponse, web};
use gantry_core::scope_set::ScopeSet;
use gantry_oauth::authorize::AuthorizeEndpoint;
use gantry_oauth::consent::Decision;

use crate::extract::{Arrival, CheckedForm};
use crate::respond::PageFailure;

pub(super) async fn create(
    request: HttpRequest,
    arrival: Arrival,
    form: CheckedForm,
    endpoint: web::Data<AuthorizeEndpoint>,
) -> Result<HttpResponse, PageFailure> {
    // Whatever is not a plain yes is a no.
    let decision = match form.get("decision") {
        Some("allow") => Decision::Allow(ScopeSet::from_names(form.all("scope"))),
        _ => Decision::Deny,
    };
    let outcome = endpoint.decide_consent(&arrival.visit(), form.get("request").unwrap_or_default(), decision).await?;
    super::show(&request, &arrival, outcome).await
}
