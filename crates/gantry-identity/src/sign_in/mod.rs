//! The ways to sign in, one file each.

pub mod password;
pub mod proving;
pub mod upstream;
