//! What providers and their sign-outs come to: the end of a round trip, and the word that somebody has signed out there.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use gantry_core::secret::Digest;
use gantry_identity::upstream_sessions::Standing;
use gantry_oauth::logout::back_channel::BackChannelLogout;
use gantry_oauth::logout::upstream::{Addresses, UpstreamLogout};

use crate::extract::{Browser, ClientForm, QueryParameters, RealmContext, origin_of};
use crate::paths;
use crate::respond::{OAuthFailure, PageFailure, see_other};

/// Mounts this area.
pub(crate) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(paths::CONNECTION_LOGOUT).route(web::post().to(back_channel)))
        .service(web::resource(paths::SIGNED_OUT).route(web::get().to(signed_out)));
}

/// A connection's own callback address, as it is registered at its provider.
pub(crate) fn callback(realm: &RealmContext, slug: &str) -> String {
    realm.url(&paths::CONNECTION_CALLBACK.replace("{slug}", slug))
}

/// Where a browser goes that has just been signed out here: to its provider first if it is to be signed out there too.
pub(crate) async fn after_sign_out(
    realm: &RealmContext,
    browser: Digest,
    endpoint: &UpstreamLogout,
    owed: Option<Box<Standing>>,
    location: Option<String>,
) -> Result<String, PageFailure> {
    let upstream = match owed {
        Some(owed) => {
            let callback = callback(realm, &owed.connection.slug);
            let addresses = Addresses { callback, signed_out: realm.url(paths::SIGNED_OUT) };
            endpoint.begin(*owed, (realm.id(), browser), addresses, location.clone()).await?
        }
        None => None,
    };
    // Our own page shows that nobody is signed in any more.
    Ok(upstream.or(location).unwrap_or_else(|| realm.path(paths::SIGN_OUT)))
}

/// The browser is back from its provider: on to where it was going.
async fn signed_out(
    realm: RealmContext,
    browser: Browser,
    query: QueryParameters,
    endpoint: web::Data<UpstreamLogout>,
) -> Result<HttpResponse, PageFailure> {
    let location = query.get("state").and_then(|state| endpoint.finish((realm.id(), browser.digest()), state));
    Ok(see_other(&location.unwrap_or_else(|| realm.path(paths::SIGN_OUT))))
}

/// A provider says that somebody has signed out there (OpenID Connect Back-Channel Logout 1.0 §2.8).
async fn back_channel(
    request: HttpRequest,
    form: ClientForm,
    endpoint: web::Data<BackChannelLogout>,
) -> Result<HttpResponse, OAuthFailure> {
    let slug = request.match_info().get("slug").unwrap_or_default();
    let named = (slug, callback(&form.realm, slug));
    endpoint.handle(form.realm.id(), named, &form.parameters, &origin_of(&request)).await?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).finish())
}
