//! The authorization endpoint (RFC 6749 §3.1, OpenID Connect Core §3.1.2).
//!
//! Receives a request, lets the ordered checks judge it, asks the one dispatcher for the next
//! step, and answers. Knows neither HTTP nor a page: it takes parameters and returns outcomes.

pub mod answer;
mod check;
pub mod endpoint;
pub mod flow;
mod give_up;
pub mod outcome;
pub mod parameters;
pub(crate) mod pushed;
mod sealed;
mod standing;

#[cfg(test)]
pub(crate) mod samples;

pub use answer::Response;
pub use check::{RESPONSE_TYPES, prompts_offered};
pub use endpoint::AuthorizeEndpoint;
pub use outcome::Outcome;
pub use standing::Standing;
