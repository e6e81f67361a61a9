//! Styles, scripts and pictures: part of the binary, named by their content, kept for ever.

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Refusal;
use gantry_views::Views;
use gantry_views::branding::branding_css;

use crate::extract::{QueryParameters, RealmContext};
use crate::respond::PageFailure;

/// A file by its hashed name.
pub(crate) async fn file(path: web::Path<String>, views: web::Data<Views>) -> Result<HttpResponse, PageFailure> {
    let (bytes, mime) = views.static_file(&path).ok_or_else(|| Refusal::new(ErrorCode::NotFound, "there is nothing at this address"))?;
    Ok(HttpResponse::Ok()
        .content_type(mime)
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .body(bytes.into_owned()))
}

/// The realm's colours, or those made of the colour in the query: what is no colour is none.
pub(crate) async fn branding(realm: RealmContext, query: QueryParameters) -> HttpResponse {
    let mut branding = realm.realm().settings.branding.clone();
    branding.accent = query.get("accent").map(str::to_owned).or(branding.accent);
    HttpResponse::Ok()
        .content_type("text/css; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "public, max-age=60"))
        .body(branding_css(&branding))
}
