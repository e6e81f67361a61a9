//! A resource: an API that tokens are meant for.

use crate::clock::Timestamp;
use crate::id::{RealmId, ResourceId};
use crate::realm::TokenFormat;
use crate::signing_algorithm::SigningAlgorithm;

/// An API, named on the wire by its audience (RFC 8707).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// The key.
    pub id: ResourceId,
    /// Its realm.
    pub realm_id: RealmId,
    /// The `aud` of its tokens: an absolute URI without a fragment.
    pub audience: String,
    /// The name that people read.
    pub name: String,
    /// JWT or opaque.
    pub token_format: TokenFormat,
    /// How its tokens are signed; the realm's way if unset.
    pub signing_algorithm: Option<SigningAlgorithm>,
    /// How long its access tokens live, in seconds; the realm's if unset.
    pub access_lifetime: Option<u32>,
    /// When it was made.
    pub created_at: Timestamp,
}
