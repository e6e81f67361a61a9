//! Signing in: who you are, then proof of it.

mod account;
mod identifier;
mod password;

pub use account::Account;
pub use identifier::Identifier;
pub use password::Password;
