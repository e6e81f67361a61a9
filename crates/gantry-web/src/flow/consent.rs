//! The decision on the consent page.

use actix_web::{HttpRequest, HttpResponse, web};
use gantry_core::scope_set::ScopeSet;
use gantry_oauth::authorize::AuthorizeEndpoint;
use gantry_oauth::consent::{Allowed, Decision};

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
        Some("allow") => Decision::Allow(Allowed {
            scopes: ScopeSet::from_names(form.all("scope")),
            shown_for: form.get("shown_for").map(str::to_owned),
            org_ids: form.all("organization").map(str::to_owned).collect(),
            before: form.all("was_ticked").map(str::to_owned).collect(),
        }),
        _ => Decision::Deny,
    };
    let outcome = endpoint.decide_consent(&arrival.visit(), form.get("request").unwrap_or_default(), decision).await?;
    super::show(&request, &arrival, outcome).await
}
