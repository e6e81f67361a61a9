//! What the web crate has to be told.

use std::net::IpAddr;

use gantry_core::address::PublicUrl;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Refusal;

use crate::extract::authority;

/// Settings of the HTTP side. Source: `gantry::config`.
#[derive(Debug, Clone)]
pub struct WebSettings {
    /// Every absolute URL of realms without a host of their own starts with it.
    pub public_url: PublicUrl,
    /// Peers whose `X-Forwarded-For` is believed, for the client address alone.
    pub trusted_proxies: Vec<IpAddr>,
}

impl WebSettings {
    /// Refuses the deployment's own host as that of one realm: it would take the console's place, and the issuer of the realms
    /// that live there (attack catalogue TEN-17).
    pub(crate) fn check_hosts(&self, hosts: &[String]) -> Result<(), Refusal> {
        let own = authority(self.public_url.as_str());
        if hosts.iter().any(|host| authority(host).eq_ignore_ascii_case(own)) {
            return Err(Refusal::new(ErrorCode::Conflict, "The host is that of the whole deployment, and no realm's own")
                .field("hosts", "must not name the host of the whole deployment"));
        }
        Ok(())
    }
}
