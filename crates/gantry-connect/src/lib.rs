//! Speaks to other people's servers, and believes nothing that they say before it is checked.
//!
//! The only crate that opens connections to hosts which somebody else named.

mod assertion;
pub mod authorization;
pub mod budget;
mod callback;
mod claims;
mod client_auth;
pub mod connector;
pub mod credential;
pub mod dns;
pub mod id_token;
pub mod jwks;
pub mod keys;
mod line;
mod logout;
pub mod metadata;
pub mod outbound;
pub mod plain;
pub mod preset;
pub mod provider;
mod token;
