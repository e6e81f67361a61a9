//! JSON Web Signatures as text: the compact form, objects read strictly, keys that are too weak.
//!
//! What every reader of other people's tokens has to agree on. Checks no signature.

pub mod strength;
pub mod strict;

/// The longest compact form that is looked at.
pub const MAX_TOKEN: usize = 16 * 1024;

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
