//! JSON Web Signatures: what Gantry signs, and what it believes.
//!
//! Owns our own signer with its parsed keys, the verification of our own tokens
//! and that of what other parties signed. Never knows what a claim means.

pub mod foreign;
pub mod sign;
pub mod verify;

use gantry_core::realm::AccessTokenType;

pub use gantry_core::jose::{Compact, MAX_TOKEN};

/// What a token is, which its header says: a token of one kind is nothing in the place of another
/// (RFC 8725 §3.11, attack catalogue JWT-11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// An access token (RFC 9068), with the `typ` that the realm gives it.
    Access(AccessTokenType),
    /// An ID token. It has no `typ`, so that it is told apart from access tokens of the type `JWT` too.
    Id,
}

impl TokenKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Access(AccessTokenType::AtJwt), Self::Access(AccessTokenType::Jwt), Self::Id];

    /// The `typ` of its header.
    pub const fn typ(self) -> Option<&'static str> {
        match self {
            Self::Access(AccessTokenType::AtJwt) => Some("at+jwt"),
            Self::Access(AccessTokenType::Jwt) => Some("JWT"),
            Self::Id => None,
        }
    }
}
