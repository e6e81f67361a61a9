//! Personal tokens: what people make to reach an API as themselves, without an app in between.
//!
//! Owns what such a token may be called, do and outlive, and how it is made, listed and revoked.
//! Every rule takes the person who is signed in and touches nothing of anybody else's. Never says
//! whether a token that was sent still works; see `credential`.

use gantry_core::scope::{OFFLINE_ACCESS, OPENID};

/// Whether a personal token can carry this scope: not what makes an app's sign-in.
pub fn may_carry(scope: &str) -> bool {
    scope != OPENID && scope != OFFLINE_ACCESS
}
