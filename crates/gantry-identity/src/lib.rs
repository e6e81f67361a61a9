//! Decides who a person is and what they may administer.
//!
//! Sign-in, sessions, sign-up, recovery and a person's own account, and the admin rules for realms,
//! people, tenants and members. Never knows OAuth, HTTP or a page.

use gantry_core::audit::Origin;
use gantry_core::clock::{SharedClock, Timestamp};
use gantry_core::secret::{Digest, Secret};
use gantry_store::Store;

pub mod account;
mod action_link;
pub mod at_once;
pub mod attempts;
pub mod audit;
pub mod bootstrap;
pub mod connections;
pub mod credential_expiry;
pub mod device;
pub mod domains;
pub mod figures;
pub mod installations;
pub mod invitations;
pub mod joining;
pub mod linked;
pub mod linking;
mod lockout;
pub mod mail;
mod mail_quota;
pub mod members;
pub mod merge;
pub mod overview;
mod paging;
pub mod password;
pub mod password_rule;
pub mod people;
pub mod permission;
pub mod realms;
pub mod recovery;
pub mod refusals;
pub mod roles;
pub mod routing;
pub mod search;
pub mod service_accounts;
pub mod session;
pub mod sign_in;
pub mod sign_up;
mod start_quota;
pub mod tenants;
pub mod traces;
pub mod upstream_sessions;
pub mod users;
pub mod verification;

/// Knows who a person is: everything that the pages of a realm ask. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Identity {
    store: Store,
    passwords: password::Passwords,
    clock: SharedClock,
    devices: device::DeviceKey,
}

impl Identity {
    /// Built once, at start.
    pub fn new(store: Store, passwords: password::Passwords, clock: SharedClock) -> Self {
        let devices = device::DeviceKey::new(&store.sealer().derive("identity.known_device"));
        Self { store, passwords, clock, devices }
    }

    /// The present, as the rules see it.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The pool that hashes passwords, for admin rules that set one.
    pub const fn passwords(&self) -> &password::Passwords {
        &self.passwords
    }
}

/// The browser that a person acts from.
#[derive(Debug, Clone, Copy)]
pub struct Visit<'v> {
    /// Where the request came from.
    pub origin: &'v Origin,
    /// The digest of the cookie that binds the browser to its flows.
    pub browser: Digest,
    /// The value of its session cookie, live or not.
    pub session: Option<&'v Secret>,
    /// The value of its cookie of known accounts, see [`device`].
    pub devices: Option<&'v str>,
}
