//! What the web crate has to be told.

use std::net::IpAddr;

use gantry_core::address::PublicUrl;

/// Settings of the HTTP side. Source: `gantry::config`.
#[derive(Debug, Clone)]
pub struct WebSettings {
    /// Every absolute URL of realms without a host of their own starts with it.
    pub public_url: PublicUrl,
    /// Peers whose `X-Forwarded-For` is believed, for the client address alone.
    pub trusted_proxies: Vec<IpAddr>,
}
