//! The yardstick for tokens: a bare handler that signs one for each request and asks nothing.

use std::path::Path;

use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::web;
use actix_web::{App, HttpResponse, HttpServer};

use crate::jwt::{Algorithm, Signer};
use crate::{Failure, Server};

/// Answers until it is stopped.
pub(crate) fn serve(server: &Server, algorithm: Algorithm, like: Option<&Path>) -> Result<(), Failure> {
    let signer = web::Data::new(Signer::new(algorithm, like)?);
    let app = move || App::new().app_data(signer.clone()).default_service(web::to(answer));
    actix_web::rt::System::new().block_on(async {
        HttpServer::new(app).workers(server.workers).bind(server.listen)?.run().await?;
        Ok(())
    })
}

async fn answer(signer: web::Data<Signer>) -> HttpResponse {
    let Ok(token) = signer.token() else { return HttpResponse::InternalServerError().finish() };
    let body = format!(r#"{{"access_token":"{token}","token_type":"Bearer","expires_in":300,"scope":"bench.read"}}"#);
    HttpResponse::Ok().insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store"))).content_type("application/json").body(body)
}
