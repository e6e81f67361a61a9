//! The host check: a request for a host that is none of ours is answered 421, before anything
//! else looks at it (attack catalogue §0.6). Another loopback name of ours leads to the right one.

use actix_web::http::Method;
use actix_web::{HttpRequest, HttpResponse, ResponseError as _, web};
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_store::Store;

use crate::extract::{authority, host_of};
use crate::respond::{PageFailure, see_other};
use crate::settings::WebSettings;

const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// The answer to a request that is not for a host of ours; `None` for one that is.
pub(super) async fn check(request: &HttpRequest) -> Option<HttpResponse> {
    let (store, settings) = (request.app_data::<web::Data<Store>>()?, request.app_data::<web::Data<WebSettings>>()?);
    let public = authority(settings.public_url.as_str());
    let Some(host) = host_of(request).map(|host| host.to_ascii_lowercase()) else { return Some(misdirected()) };
    if host == public {
        return None;
    }
    match origin_of_realm(store, &host).await {
        Ok(Some(_)) => None,
        Ok(None) => Some(match right_name(store, public, settings.public_url.as_str(), &host).await {
            Some(origin) if *request.method() == Method::GET => see_other(&format!("{origin}{}", request.uri())),
            _ => misdirected(),
        }),
        Err(failure) => Some(PageFailure::from(failure).error_response()),
    }
}

/// The origin under which a host serves a realm, if it does.
async fn origin_of_realm(store: &Store, host: &str) -> Result<Option<String>, Failure> {
    for scheme in ["https", "http"] {
        let origin = format!("{scheme}://{host}");
        if store.snapshots().realm_by_host(&origin).await?.is_some() {
            return Ok(Some(origin));
        }
    }
    Ok(None)
}

/// The origin that another loopback name of the same port stands for.
async fn right_name(store: &Store, public: &str, public_origin: &str, host: &str) -> Option<String> {
    let port = LOOPBACK.iter().find_map(|name| host.strip_prefix(name)).filter(|port| port.is_empty() || port.starts_with(':'))?;
    for name in LOOPBACK {
        let candidate = format!("{name}{port}");
        if candidate == public {
            return Some(public_origin.to_owned());
        }
        if let Some(origin) = origin_of_realm(store, &candidate).await.ok().flatten() {
            return Some(origin);
        }
    }
    None
}

fn misdirected() -> HttpResponse {
    let refusal = Refusal::new(ErrorCode::MisdirectedRequest, "this server does not answer for the host that was asked for");
    PageFailure::from(refusal).error_response()
}
