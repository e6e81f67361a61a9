//! The token endpoint: parse, authenticate, redeem, issue.
//!
//! Each step's result is a type that only it makes, so that no grant type can forget a step:
//! `TokenRequest` → `AuthenticatedClient` → `Entitlement` → `TokenSet`. What all grant types share
//! is in [`endpoint`]; each has one file below `grant_type`.

pub mod access_token;
mod authorize_again;
pub mod claims;
pub mod console_test;
pub mod endpoint;
mod entitlement;
mod grant_type;
mod id_token;
mod issue;
pub mod may_issue;
pub mod policy;
mod request;

pub use issue::TokenSet;

use gantry_core::failure::Refusal;

/// The refusal of a code or refresh token whose person came through a connection that is switched off.
pub(crate) fn connection_disabled() -> Refusal {
    grant_type::fallen_grant(may_issue::CONNECTION_DISABLED)
}
