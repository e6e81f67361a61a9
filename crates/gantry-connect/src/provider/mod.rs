//! The engines and the vendors: one file for each way in which a conversation with a provider goes.

pub(crate) mod oauth2;
pub(crate) mod oidc;
