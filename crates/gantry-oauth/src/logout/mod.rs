//! Signing out because a client asks for it.

pub mod rp_initiated;
