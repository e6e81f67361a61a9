//! Decides everything that OAuth 2.0 and OpenID Connect say about a client's request.
//!
//! Knows neither HTTP nor a database: it takes parameters and headers as values, asks the store,
//! and answers with values. The one exception to "no network" is a client's `jwks_uri`, fetched
//! through `gantry-connect`.

pub mod app_keys;
pub mod audience;
pub mod authorize;
pub mod catalogue;
pub mod client_auth;
pub mod client_request;
pub mod clients;
pub mod consent;
pub mod console_client;
pub mod credential;
pub mod discovery;
pub mod endpoint_paths;
pub mod explanation;
pub mod forward_auth;
pub mod id_token_hint;
pub mod introspection;
pub mod jose;
pub mod keys;
mod listing;
pub mod logout;
pub mod org_id;
pub mod par;
mod per_snapshot;
pub mod personal_tokens;
pub mod provision;
pub mod publishers;
pub mod realm_settings;
mod refusal_log;
pub mod resources;
pub mod revocation;
pub mod scopes;
pub mod tenancy;
pub mod token;
mod traced;
pub mod upstream_token;
mod use_log;
pub mod userinfo;
pub mod violation;
pub mod visit;
mod website;

#[cfg(test)]
mod samples;
