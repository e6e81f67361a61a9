//! A refresh family: the chain of rotated refresh tokens under a grant.
//!
//! A token is derived from the family's secret and a generation number, so that a retry can
//! reproduce the successor but never fork the chain, and so that "older" is a number and not a
//! time (attack catalogue §4.2.2, RTK-03). Nothing that is stored is a token.

use aws_lc_rs::hmac;
use uuid::Uuid;

use crate::clock::Timestamp;
use crate::id::{ClientId, GrantId, RealmId, RefreshFamilyId};
use crate::secret::{Secret, SecretKind, constant_time_eq};

/// The chain.
#[derive(Debug, Clone)]
pub struct RefreshFamily {
    /// The key.
    pub id: RefreshFamilyId,
    /// Its realm.
    pub realm_id: RealmId,
    /// The grant above it.
    pub grant_id: GrantId,
    /// The client it belongs to.
    pub client_id: ClientId,
    /// What its tokens are derived from; sealed at rest.
    pub secret: FamilySecret,
    /// The live generation, from 0.
    pub generation: u32,
    /// When the live generation came to be.
    pub rotated_at: Timestamp,
    /// When it dies if it is not used.
    pub idle_expires_at: Timestamp,
    /// When it dies anyway.
    pub absolute_expires_at: Timestamp,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// The key of a family's tokens.
#[derive(Clone)]
pub struct FamilySecret([u8; 32]);

impl FamilySecret {
    /// A fresh one.
    pub fn generate() -> Self {
        Self(crate::secret::random_bytes())
    }

    /// From the opened column.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// For sealing.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl std::fmt::Debug for FamilySecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[secret]")
    }
}

/// A refresh token taken apart; its family has not vouched for it yet.
#[derive(Debug, Clone)]
pub struct PresentedRefreshToken {
    /// The family it names.
    pub family: RefreshFamilyId,
    /// The generation it claims.
    pub generation: u32,
    mac: Vec<u8>,
}

impl PresentedRefreshToken {
    /// Takes a token apart; `None` if it has not the form of one.
    pub fn parse(text: &str) -> Option<Self> {
        let body = SecretKind::RefreshToken.unwrap(text)?;
        let (family, rest) = body.split_first_chunk::<16>()?;
        let (generation, mac) = rest.split_first_chunk::<4>()?;
        (mac.len() == 32).then(|| Self {
            family: RefreshFamilyId::from_uuid(Uuid::from_bytes(*family)),
            generation: u32::from_be_bytes(*generation),
            mac: mac.to_vec(),
        })
    }
}

/// What a family says of a token that was presented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The live generation.
    Live,
    /// The generation just before the live one.
    Previous,
    /// An older one.
    Older,
    /// Not of this family, or of a generation that does not exist yet.
    Forged,
}

impl RefreshFamily {
    /// The token of a generation.
    pub fn token(&self, generation: u32) -> Secret {
        let mut body = self.id.uuid().into_bytes().to_vec();
        body.extend_from_slice(&generation.to_be_bytes());
        body.extend_from_slice(&self.mac(generation));
        SecretKind::RefreshToken.wrap(&body)
    }

    /// Judges a token by its derivation and generation alone.
    pub fn standing(&self, presented: &PresentedRefreshToken) -> Standing {
        if presented.family != self.id || !constant_time_eq(&presented.mac, &self.mac(presented.generation)) {
            return Standing::Forged;
        }
        match self.generation.checked_sub(presented.generation) {
            Some(0) => Standing::Live,
            Some(1) => Standing::Previous,
            Some(_) => Standing::Older,
            None => Standing::Forged,
        }
    }

    fn mac(&self, generation: u32) -> Vec<u8> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.secret.0);
        let mut context = hmac::Context::with_key(&key);
        context.update(b"gantry refresh token v1");
        context.update(self.realm_id.uuid().as_bytes());
        context.update(self.id.uuid().as_bytes());
        context.update(&generation.to_be_bytes());
        context.sign().as_ref().to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn family() -> RefreshFamily {
        let now = Timestamp::from_seconds(0);
        RefreshFamily {
            id: RefreshFamilyId::new(),
            realm_id: RealmId::new(),
            grant_id: GrantId::new(),
            client_id: ClientId::new(),
            secret: FamilySecret::generate(),
            generation: 2,
            rotated_at: now,
            idle_expires_at: now,
            absolute_expires_at: now,
            revoked_at: None,
            created_at: now,
        }
    }

    #[test]
    fn generations_are_told_apart_by_number() {
        let family = family();
        let standing = |generation| family.standing(&PresentedRefreshToken::parse(family.token(generation).expose()).unwrap());
        assert_eq!(standing(2), Standing::Live);
        assert_eq!(standing(1), Standing::Previous);
        assert_eq!(standing(0), Standing::Older);
        assert_eq!(standing(3), Standing::Forged);
    }

    #[test]
    fn another_family_or_realm_does_not_vouch() {
        let family = family();
        let presented = PresentedRefreshToken::parse(family.token(2).expose()).unwrap();
        let mut moved = family.clone();
        moved.realm_id = RealmId::new();
        assert_eq!(moved.standing(&presented), Standing::Forged);
        let mut other = family;
        other.secret = FamilySecret::generate();
        assert_eq!(other.standing(&presented), Standing::Forged);
    }
}
