//! The endpoints that clients call, over a real store and without HTTP. Cases carry the ids of the
//! attack catalogue.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice, reason = "a test fails by panicking")]

#[path = "endpoints/authorization_code.rs"]
mod authorization_code;
#[path = "endpoints/client_credentials.rs"]
mod client_credentials;
#[path = "endpoints/federation.rs"]
mod federation;
#[path = "endpoints/private_key_jwt.rs"]
mod private_key_jwt;
#[path = "endpoints/records.rs"]
mod records;
#[path = "endpoints/refresh_token.rs"]
mod refresh_token;
#[path = "endpoints/tenants.rs"]
mod tenants;
#[path = "endpoints/tokens_in_use.rs"]
mod tokens_in_use;
#[path = "endpoints/traces.rs"]
mod traces;
#[path = "endpoints/world.rs"]
mod world;
