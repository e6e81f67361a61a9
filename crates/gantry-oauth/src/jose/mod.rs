//! JSON Web Signatures: what Gantry signs, and what it believes.
//!
//! Owns the compact form, our own signer with its parsed keys, the verification of our own tokens
//! and that of what other parties signed. Never knows what a claim means.

pub mod foreign;
pub mod sign;
pub mod strict;
pub mod verify;

use gantry_core::realm::AccessTokenType;

/// The longest compact form that is looked at.
pub const MAX_TOKEN: usize = 16 * 1024;

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

/// The three parts of a compact JWS (RFC 7515 §7.1), still encoded.
#[derive(Debug, Clone, Copy)]
pub struct Compact<'t> {
    /// The header.
    pub header: &'t str,
    /// The payload.
    pub payload: &'t str,
    /// The signature.
    pub signature: &'t str,
    /// What was signed: header, dot, payload.
    pub message: &'t str,
}

impl<'t> Compact<'t> {
    /// Takes a token apart; anything but three parts is none, and too long a text is not looked at.
    pub fn split(token: &'t str) -> Option<Self> {
        if token.len() > MAX_TOKEN {
            return None;
        }
        let (message, signature) = token.rsplit_once('.')?;
        let (header, payload) = message.split_once('.')?;
        (!payload.contains('.')).then_some(Self { header, payload, signature, message })
    }
}
