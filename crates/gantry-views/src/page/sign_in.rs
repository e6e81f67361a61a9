//! Signing in: who you are, then proof of it.

mod account;
mod address;
mod failure;
mod identifier;
mod password;
mod prove;

pub use account::Account;
pub use address::Address;
pub use failure::{Advice, Failure, Mender};
pub use identifier::{Fold, Identifier};
pub use password::Password;
pub use prove::{Prove, ProvePassword};
