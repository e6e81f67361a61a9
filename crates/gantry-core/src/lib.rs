//! Names things: identifiers, records, stages, codes, failures, clock. No I/O.
//!
//! Every other crate speaks in these words. Nothing here knows a database, a network or a page.

mod closed_set;

pub mod client_auth_method;
pub mod clock;
pub mod connector_kind;
pub mod email_address;
pub mod error_code;
pub mod failure;
pub mod grant_type;
pub mod id;
pub mod pkce;
pub mod prompt;
pub mod response_mode;
pub mod scope_set;
pub mod secret;
pub mod signing_algorithm;
