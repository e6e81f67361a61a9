//! Signing out.

mod confirm;
mod signed_out;

pub use confirm::Confirm;
pub use signed_out::SignedOut;
