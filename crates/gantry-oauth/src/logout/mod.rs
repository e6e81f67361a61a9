//! Signing out: because a client asks for it, at the provider as well, and because a provider asks for it.

pub mod back_channel;
pub mod rp_initiated;
pub mod upstream;
