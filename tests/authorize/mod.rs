//! The authorization endpoint, from an app's request to its answer.

mod client;
mod consent;
mod flow;
mod parameters;
mod pkce;
mod prompt;
mod pushed;
mod redirect_uri;
mod request_object;
mod response;
mod scope_and_resource;
mod tenant_access;
mod tenants;
