//! The choice between the account that is signed in and another one.

use actix_web::{HttpResponse, web};
use gantry_oauth::authorize::AuthorizeEndpoint;

use super::{go_on, within};
use crate::extract::{Arrival, CheckedForm};
use crate::paths;
use crate::respond::{PageFailure, see_other};

pub(super) async fn create(
    arrival: Arrival,
    form: CheckedForm,
    endpoint: web::Data<AuthorizeEndpoint>,
) -> Result<HttpResponse, PageFailure> {
    let (visit, realm) = (arrival.visit(), &arrival.realm);
    let stays = form.get("account") == Some("continue");
    let location = match form.get("request") {
        None if stays => realm.path(paths::ACCOUNT),
        None => realm.path(paths::SIGN_IN),
        Some(value) if stays => go_on(realm, &endpoint.choose_account(&visit, value).await?),
        Some(value) => {
            let adopted = endpoint.adopt(&visit, value).await?;
            within(realm, paths::SIGN_IN, Some(&adopted.request.id.to_string()))
        }
    };
    Ok(see_other(&location))
}
