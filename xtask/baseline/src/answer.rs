//! The yardstick for metadata: fixed bytes, nothing looked up, nothing computed.

use std::fs;
use std::path::Path;

use actix_web::web::{self, Bytes};
use actix_web::{App, HttpResponse, HttpServer};

use crate::{Failure, Server};

/// Answers until it is stopped.
pub(crate) fn serve(server: &Server, body: &Path) -> Result<(), Failure> {
    let body = Bytes::from(fs::read(body)?);
    let app = move || App::new().app_data(web::Data::new(body.clone())).default_service(web::to(answer));
    actix_web::rt::System::new().block_on(async {
        HttpServer::new(app).workers(server.workers).bind(server.listen)?.run().await?;
        Ok(())
    })
}

async fn answer(body: web::Data<Bytes>) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(body.get_ref().clone())
}
