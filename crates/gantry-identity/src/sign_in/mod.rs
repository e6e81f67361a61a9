//! The ways to sign in, one file each.

pub mod password;
pub mod proving;
pub(crate) mod tenant_rule;
pub mod upstream;
