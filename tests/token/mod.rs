//! The token endpoint and its neighbours, grant type by grant type.

mod authorization_code;
mod client_auth;
mod client_credentials;
mod cross_origin;
mod documents;
mod id_token;
mod introspection;
mod refresh_token;
mod requests;
mod revocation;
mod userinfo;
mod verification;
