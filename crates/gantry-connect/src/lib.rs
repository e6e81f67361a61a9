//! Speaks to other people's servers, and believes nothing that they say before it is checked.
//!
//! The only crate that opens connections to hosts which somebody else named.

pub mod connector;
pub mod credential;
pub mod jwks;
pub mod outbound;
pub mod plain;
