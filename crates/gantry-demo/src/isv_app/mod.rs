//! The sample app of a partner: a plain OAuth client that asks a person for access to an API.
//!
//! Owns its pages and its sessions. Never looks into the server that it speaks to.
