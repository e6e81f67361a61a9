//! Names things: identifiers, records, stages, codes, failures, clock. No I/O.
//!
//! Every other crate speaks in these words. Nothing here knows a database, a network or a page.

mod closed_set;

pub mod access_token;
pub mod action_link;
pub mod actor;
pub mod address;
pub mod admin_scope;
pub mod app_key;
pub mod audit;
pub mod authorization_code;
pub mod authorization_request;
pub mod change;
pub mod client;
pub mod client_auth_method;
pub mod clock;
pub mod connection;
pub mod connector_kind;
pub mod consent;
pub mod display_name;
pub mod email_address;
pub mod error_code;
pub mod external_identity;
pub mod failure;
pub mod grant;
pub mod grant_type;
pub mod id;
pub mod installation;
pub mod jose;
pub mod outbox;
pub mod paging;
pub mod parameters;
pub mod personal_token;
pub mod pkce;
pub mod prompt;
pub mod publisher;
pub mod pushed_request;
pub mod realm;
pub mod reason;
pub mod redirect_uri;
pub mod refresh_family;
pub mod resource;
pub mod response_mode;
pub mod scope;
pub mod scope_set;
pub mod secret;
pub mod service_account;
pub mod session;
pub mod sign_in_attempt;
pub mod sign_in_trace;
pub mod signing_algorithm;
pub mod signing_key;
pub mod tenant;
pub mod tenant_domain;
pub mod upstream_session;
pub mod user;
