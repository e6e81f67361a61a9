//! Where the demo listens: every port, counted from one base.
//!
//! Owns the offsets. Never opens a port. Everything is on this machine's loopback address alone.

use std::net::{Ipv4Addr, SocketAddr};

/// The base if none is named.
pub const DEFAULT_BASE_PORT: u16 = 8080;

/// The ports of the sample realms follow the base; of these, one for each sample is in use.
const FIRST_REALM: u16 = 1;
const ISV_APP: u16 = 10;
const API: u16 = 11;
const MANAGEMENT: u16 = 12;
const UPSTREAM: u16 = 13;
/// The highest offset that the demo keeps for itself.
const LAST: u16 = UPSTREAM;

/// All addresses of a demo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Addresses {
    base: u16,
}

/// The base leaves no room for the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the base port must be 1 to {}", u16::MAX - LAST)]
pub struct NoRoom;

impl Addresses {
    /// Counted from this port.
    pub const fn from_base(base: u16) -> Result<Self, NoRoom> {
        if base == 0 || base > u16::MAX - LAST { Err(NoRoom) } else { Ok(Self { base }) }
    }

    /// Where the server itself is reached.
    pub fn public_url(self) -> String {
        localhost(self.base)
    }

    /// The issuer of the sample realm with this place in the list of samples.
    pub fn realm(self, place: u16) -> String {
        localhost(self.base + FIRST_REALM + place)
    }

    /// Where the server listens: on its own port and on one for each of so many realms.
    pub fn server(self, realms: u16) -> Vec<SocketAddr> {
        std::iter::once(self.base).chain((0..realms).map(|place| self.base + FIRST_REALM + place)).map(loopback).collect()
    }

    /// Where the server tells health and metrics.
    pub fn management(self) -> SocketAddr {
        loopback(self.base + MANAGEMENT)
    }

    /// Where the sample app listens.
    pub fn isv_app(self) -> SocketAddr {
        loopback(self.base + ISV_APP)
    }

    /// Where the sample providers listen.
    pub fn upstream(self) -> SocketAddr {
        loopback(self.base + UPSTREAM)
    }

    /// Where browsers and realms find the sample providers.
    pub fn upstream_url(self) -> String {
        localhost(self.base + UPSTREAM)
    }

    /// Where the sample API listens.
    pub fn api(self) -> SocketAddr {
        loopback(self.base + API)
    }
}

/// An address as the start of a URL.
pub fn origin(address: SocketAddr) -> String {
    format!("http://{address}")
}

fn localhost(port: u16) -> String {
    format!("http://localhost:{port}")
}

fn loopback(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_ports_move_together() {
        let addresses = Addresses::from_base(9000).unwrap();
        assert_eq!(addresses.public_url(), "http://localhost:9000");
        assert_eq!(addresses.realm(0), "http://localhost:9001");
        assert_eq!(addresses.server(1), [loopback(9000), loopback(9001)]);
        assert_eq!(origin(addresses.isv_app()), "http://127.0.0.1:9010");
        assert_eq!((addresses.api().port(), addresses.management().port()), (9011, 9012));
    }

    #[test]
    fn there_must_be_room_above_the_base() {
        assert!(Addresses::from_base(65_522).is_ok());
        for wrong in [0, 65_523, u16::MAX] {
            assert_eq!(Addresses::from_base(wrong), Err(NoRoom));
        }
    }
}
