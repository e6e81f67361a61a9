//! The answer on its way to the app: a redirect, or a page that posts it.

use actix_web::{HttpRequest, HttpResponse};
use gantry_core::response_mode::ResponseMode;
use gantry_oauth::authorize::Response;
use gantry_views::page::form_post::{FormPost, HiddenField};

use crate::respond::{PageAnswer, PageFailure, see_other};

/// Sends the answer as the client asked for it.
pub(super) async fn respond(request: &HttpRequest, response: Response) -> Result<HttpResponse, PageFailure> {
    match response.mode {
        ResponseMode::Query => Ok(see_other(&response.location())),
        ResponseMode::FormPost => {
            let fields = response.parameters.into_iter().map(|(name, value)| HiddenField { name: name.to_owned(), value }).collect();
            PageAnswer::to(request).render(&FormPost { action: response.redirect_uri, app: response.app, fields }).await
        }
    }
}
