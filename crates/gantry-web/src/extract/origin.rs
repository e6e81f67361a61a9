//! Where a request came from: address, browser, request id.

use std::net::IpAddr;

use actix_web::http::header;
use actix_web::{HttpMessage as _, HttpRequest, web};
use gantry_core::audit::Origin;

use crate::settings::WebSettings;

/// The id under which the logs know a request; made by the outermost middleware.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// Where the request came from. `X-Forwarded-For` counts only from a configured peer, and then
/// only its last entry that is not itself such a peer (attack catalogue BRU-13).
pub fn origin_of(request: &HttpRequest) -> Origin {
    let user_agent = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Origin {
        ip: client_address(request).map(|ip| ip.to_string()).unwrap_or_default(),
        user_agent: user_agent.chars().filter(|c| !c.is_control()).take(200).collect(),
        request_id: request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default(),
    }
}

fn client_address(request: &HttpRequest) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip();
    let trusted = &request.app_data::<web::Data<WebSettings>>()?.trusted_proxies;
    if !trusted.contains(&peer) {
        return Some(peer);
    }
    let forwarded = request.headers().get_all("x-forwarded-for").filter_map(|value| value.to_str().ok()).collect::<Vec<_>>().join(",");
    let nearest = forwarded.rsplit(',').filter_map(|entry| entry.trim().parse::<IpAddr>().ok()).find(|ip| !trusted.contains(ip));
    nearest.or(Some(peer))
}
