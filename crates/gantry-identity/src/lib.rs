//! Decides who a person is and what they may administer.
//!
//! Sign-in, sessions, sign-up, recovery and a person's own account, and the admin rules for realms,
//! people, tenants and members. Never knows OAuth, HTTP or a page.

use gantry_core::failure::Failure;
use gantry_core::realm::Realm;
use gantry_core::secret::Secret;
use gantry_core::session::Session;
use gantry_core::user::User;

pub mod members;
pub mod password;
pub mod password_rule;
pub mod permission;
pub mod realms;
pub mod tenants;
pub mod users;

/// Placeholder until the identity rules land: the web crate compiles against this signature.
#[derive(Debug, Clone)]
pub struct Identity {}

impl Identity {
    /// The live session behind a cookie, with its person, judged against the realm's present policy.
    pub async fn find_live(&self, _realm: &Realm, _cookie: &Secret) -> Result<Option<(Session, User)>, Failure> {
        Ok(None)
    }
}
