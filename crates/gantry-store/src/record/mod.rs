//! One file for each record: how its rows become core types, and its queries.

pub mod access_token;
pub mod action_link;
pub mod assertion;
pub mod audit;
pub mod authorization_code;
pub mod authorization_request;
pub(crate) mod change;
pub mod client;
pub mod client_secret;
pub mod connection;
pub mod consent;
pub mod grant;
pub mod membership;
pub mod outbox;
pub mod password;
pub mod publisher;
pub mod realm;
pub mod refresh_family;
pub(crate) mod removal;
pub mod resource;
pub(crate) mod row;
pub mod scope;
pub mod session;
pub mod signing_key;
mod taken_name;
pub mod tenant;
pub mod user;
