//! The endpoints that clients and APIs call.

mod authorize;
mod logout;

use actix_web::{HttpResponse, web};
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Refusal;
use gantry_core::parameters::Parameters;

use crate::paths;
use crate::respond::{PageFailure, see_other};

/// Mounts this area.
pub(crate) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(paths::AUTHORIZE).route(web::get().to(authorize::show)).route(web::post().to(authorize::create)))
        .service(web::resource(paths::LOGOUT).route(web::get().to(logout::show)).route(web::post().to(logout::create)))
        .service(web::resource(paths::LOGOUT_CONFIRM).route(web::post().to(logout::confirm)));
}

/// The longest query that a request may go on with.
const MAX_QUERY: usize = 15 * 1024;

/// Sends the browser to the same request as a GET, which carries its cookies whoever made the
/// POST (architecture §8).
fn repeat_as_get(path: &str, parameters: &Parameters) -> Result<HttpResponse, PageFailure> {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters.iter()).finish();
    if query.len() > MAX_QUERY {
        return Err(Refusal::new(ErrorCode::TooLarge, "the request is too large").into());
    }
    Ok(see_other(&format!("{path}?{query}")))
}
