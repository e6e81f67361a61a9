//! The authorization endpoint (RFC 6749 §3.1).

use actix_web::{HttpRequest, HttpResponse, web};
use gantry_oauth::authorize::{AuthorizeEndpoint, parameters};

use crate::extract::{Arrival, FormText, RealmContext};
use crate::respond::{PageFailure, repeat_as_get};
use crate::{flow, paths};

pub(super) async fn show(
    request: HttpRequest,
    arrival: Arrival,
    endpoint: web::Data<AuthorizeEndpoint>,
) -> Result<HttpResponse, PageFailure> {
    let parameters = parameters::read(request.query_string())?;
    let outcome = endpoint.receive(&arrival.visit(), &parameters).await?;
    flow::show(&request, &arrival, outcome).await
}

/// A request by POST, which a page of the app makes: our cookies do not come with it.
pub(super) async fn create(request: HttpRequest, realm: RealmContext, form: FormText) -> Result<HttpResponse, PageFailure> {
    let parameters = parameters::read(&format!("{}&{}", request.query_string(), form.0))?;
    repeat_as_get(&realm.path(paths::AUTHORIZE), &parameters)
}
