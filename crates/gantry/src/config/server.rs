//! `[server]`: addresses and limits of the listeners.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use gantry_core::address::PublicUrl;
use serde::Deserialize;
use validator::Validate;

use super::list::List;

#[derive(Debug, Deserialize, Validate)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Section {
    public_url: Option<String>,
    listen: List,
    management_listen: String,
    trusted_proxies: List,
    #[validate(range(min = 1, max = 1024, message = "must be 1 to 1024"))]
    workers: Option<usize>,
    #[validate(range(min = 16, max = 1_000_000, message = "must be 16 to 1000000"))]
    max_connections: usize,
    #[validate(range(max = 300, message = "must be 0 to 300"))]
    drain_seconds: u64,
}

impl Default for Section {
    fn default() -> Self {
        Self {
            public_url: None,
            listen: List(vec!["127.0.0.1:8080".to_owned()]),
            management_listen: "127.0.0.1:9000".to_owned(),
            trusted_proxies: List::default(),
            workers: None,
            max_connections: 20_000,
            drain_seconds: 30,
        }
    }
}

/// Addresses and limits of the listeners.
#[derive(Debug, Clone)]
pub struct ServerSettings {
    public_url: Option<PublicUrl>,
    /// Where requests are taken: one address, or more where realms have ports of their own.
    pub listen: Vec<SocketAddr>,
    /// Where health and metrics are told.
    pub management_listen: SocketAddr,
    /// Peers whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Threads that serve requests; as many as there are cores if unset.
    pub workers: Option<usize>,
    /// The most open connections.
    pub max_connections: usize,
    /// How long requests may take to finish once the server is told to stop.
    pub drain: Duration,
}

impl ServerSettings {
    /// The public URL: the one that was set, else this machine's name and the given port.
    pub fn public_url(&self, port: u16) -> PublicUrl {
        self.public_url.clone().unwrap_or_else(|| PublicUrl::localhost(port))
    }

    /// The port of the first address.
    pub fn port(&self) -> u16 {
        self.listen.first().map_or(0, SocketAddr::port)
    }

    /// Sets the public URL.
    pub fn set_public_url(&mut self, url: PublicUrl) {
        self.public_url = Some(url);
    }
}

impl Section {
    pub(super) fn settings(self, faults: &mut Vec<String>) -> Option<ServerSettings> {
        let public_url = match self.public_url.as_deref().map(PublicUrl::parse) {
            Some(Err(invalid)) => {
                faults.push(format!("`server.public_url` (GANTRY_PUBLIC_URL) {invalid}"));
                None
            }
            Some(Ok(url)) => Some(url),
            None => None,
        };
        let listen: Vec<SocketAddr> = self.listen.0.iter().filter_map(|text| address(faults, "server.listen", text)).collect();
        if self.listen.0.is_empty() {
            faults.push("`server.listen` must name an address".to_owned());
        }
        let management_listen = address(faults, "server.management_listen", &self.management_listen)?;
        let trusted_proxies = self.trusted_proxies.0.iter().filter_map(|text| proxy(faults, text)).collect();
        Some(ServerSettings {
            public_url,
            listen,
            management_listen,
            trusted_proxies,
            workers: self.workers,
            max_connections: self.max_connections,
            drain: Duration::from_secs(self.drain_seconds),
        })
    }
}

fn address(faults: &mut Vec<String>, setting: &str, text: &str) -> Option<SocketAddr> {
    let parsed = text.parse().ok();
    if parsed.is_none() {
        faults.push(format!("`{setting}` must be an address and port such as `127.0.0.1:8080`, and is `{text}`"));
    }
    parsed
}

fn proxy(faults: &mut Vec<String>, text: &str) -> Option<IpAddr> {
    let parsed = text.parse().ok();
    if parsed.is_none() {
        faults.push(format!("`server.trusted_proxies` must be IP addresses, and has `{text}`"));
    }
    parsed
}
