//! Verification of tokens that this realm signed.
//!
//! A token is ours only if its header is, byte for byte, one that our signer makes: so `none`, a
//! changed `alg`, `crit`, `jwk`, a foreign `kid` and the header of another kind all fail in the one
//! look-up of a map (attack catalogue JWT-01 to JWT-05, JWT-11). Claims cannot be reached before.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;

use super::{Compact, TokenKind};
use crate::keys::RealmKeys;

/// Claims that one of the realm's keys signed, in a token of the kind that was asked for.
#[derive(Debug, Clone)]
pub struct Verified<T>(T);

impl<T> Verified<T> {
    /// The claims.
    pub fn into_claims(self) -> T {
        self.0
    }
}

/// What a token's place takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// An access token, of either `typ`: a realm may have changed it since.
    Access,
    /// An ID token, as `id_token_hint`.
    Id,
}

impl Slot {
    const fn takes(self, kind: TokenKind) -> bool {
        matches!((self, kind), (Self::Access, TokenKind::Access(_)) | (Self::Id, TokenKind::Id))
    }
}

/// Reads the claims of a token that these keys signed. Issuer and times are the caller's to check.
pub fn verify<T: DeserializeOwned>(keys: &RealmKeys, slot: Slot, token: &str) -> Option<Verified<T>> {
    let compact = Compact::split(token)?;
    let (pair, kind) = keys.find(compact.header)?;
    let signature = URL_SAFE_NO_PAD.decode(compact.signature).ok()?;
    if !slot.takes(kind) || !pair.verify(compact.message.as_bytes(), &signature) {
        return None;
    }
    let payload = URL_SAFE_NO_PAD.decode(compact.payload).ok()?;
    serde_json::from_slice(&payload).ok().map(Verified)
}
