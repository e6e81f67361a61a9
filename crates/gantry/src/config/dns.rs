//! `[dns]`: who is asked for the records that prove domains.

use std::net::{IpAddr, SocketAddr};

use serde::Deserialize;

use super::list::List;

/// The port of DNS servers that name none.
const PORT: u16 = 53;

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Section {
    servers: List,
}

/// Who is asked for the records that prove domains.
#[derive(Debug, Clone, Default)]
pub struct DnsSettings {
    /// The servers; those of the system if there are none.
    pub servers: Vec<SocketAddr>,
}

impl Section {
    pub(super) fn settings(self, faults: &mut Vec<String>) -> Option<DnsSettings> {
        let before = faults.len();
        let servers = self.servers.0.iter().filter_map(|text| {
            let server = text.parse::<SocketAddr>().ok().or_else(|| Some(SocketAddr::new(text.parse::<IpAddr>().ok()?, PORT)));
            if server.is_none() {
                faults.push(format!("`dns.servers` must be IP addresses, with a port or without, and has `{text}`"));
            }
            server
        });
        let servers = servers.collect();
        (faults.len() == before).then_some(DnsSettings { servers })
    }
}
