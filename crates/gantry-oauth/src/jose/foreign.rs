//! Verification of what other parties signed: client assertions now, more later.
//!
//! The one place that calls `jsonwebtoken`. It does the arithmetic; header, key choice and times
//! are judged here, because the library reads the wall clock, takes repeated members and knows no
//! `crit` (RFC 8725 §3). Keys come from the party's own set, never from the token.

use gantry_core::jose::strength::{RSA_BITS, is_small_order, rsa_bits};
use gantry_core::jose::strict::StrictObject;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;

use super::Compact;

/// The algorithms that a client may sign assertions with. No symmetric one, and never `none`.
pub const ALGORITHMS: [(&str, Algorithm); 4] =
    [("RS256", Algorithm::RS256), ("PS256", Algorithm::PS256), ("ES256", Algorithm::ES256), ("EdDSA", Algorithm::EdDSA)];

/// The most keys of a set that are tried for a token without `kid`.
const MAX_TRIES: usize = 8;

/// A token whose signature nobody has checked yet. Its claims say only whom to ask for keys.
#[derive(Debug)]
pub struct Unverified<'t> {
    compact: Compact<'t>,
    algorithm: Algorithm,
    kid: Option<String>,
    claims: StrictObject,
}

impl<'t> Unverified<'t> {
    /// Reads a token whose header is one that we understand in full. `types` are the values of
    /// `typ` that fit its place; none at all fits too.
    pub fn parse(token: &'t str, types: &[&str]) -> Option<Self> {
        let compact = Compact::split(token)?;
        let header = StrictObject::from_base64(compact.header)?;
        // RFC 7515 §4.1.11: an extension that is not understood makes the token invalid; we understand none.
        if ["crit", "b64", "zip", "enc"].iter().any(|member| header.get(member).is_some()) {
            return None;
        }
        let typ = header.text("typ").ok()?;
        if typ.is_some_and(|typ| !types.iter().any(|known| known.eq_ignore_ascii_case(typ))) {
            return None;
        }
        let alg = header.text("alg").ok()??;
        let (_, algorithm) = ALGORITHMS.iter().find(|(name, _)| *name == alg)?;
        let kid = header.text("kid").ok()?.map(ToOwned::to_owned);
        let claims = StrictObject::from_base64(compact.payload)?;
        Some(Self { compact, algorithm: *algorithm, kid, claims })
    }

    /// The name of the key it says it was signed with.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// Whom it says it is about. Nobody has vouched for that.
    pub fn claimed_subject(&self) -> Option<&str> {
        self.claims.text("sub").ok().flatten()
    }

    /// The claims, if a key of the set made the signature.
    pub fn verify(self, keys: &ForeignKeys) -> Option<StrictObject> {
        let candidates = keys.0.iter().filter(|key| key.fits(self.algorithm, self.kid.as_deref())).take(MAX_TRIES);
        let message = self.compact.message.as_bytes();
        let signed = candidates
            .into_iter()
            .any(|key| jsonwebtoken::crypto::verify(self.compact.signature, message, &key.key, self.algorithm).unwrap_or(false));
        signed.then_some(self.claims)
    }
}

/// The usable keys of another party's set.
#[derive(Debug, Default)]
pub struct ForeignKeys(Vec<ForeignKey>);

#[derive(Debug)]
struct ForeignKey {
    kid: Option<String>,
    /// The one algorithm that the key's owner enrolled it for, if any.
    alg: Option<String>,
    family: Family,
    key: DecodingKey,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Rsa,
    P256,
    Ed25519,
}

impl Family {
    /// The family of a key that is strong enough to be believed.
    fn of(parameters: &AlgorithmParameters) -> Option<Self> {
        if let AlgorithmParameters::RSA(rsa) = parameters {
            return rsa_bits(&rsa.n).filter(|bits| RSA_BITS.contains(bits)).map(|_| Self::Rsa);
        }
        if let AlgorithmParameters::EllipticCurve(ec) = parameters {
            return (ec.curve == EllipticCurve::P256).then_some(Self::P256);
        }
        if let AlgorithmParameters::OctetKeyPair(okp) = parameters {
            return (okp.curve == EllipticCurve::Ed25519 && !is_small_order(&okp.x)).then_some(Self::Ed25519);
        }
        None
    }
}

/// The text is no JWK set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a JWK set")]
pub struct NotAJwkSet;

impl ForeignKeys {
    /// Reads a JWK set; keys that cannot be used or are too weak are left out.
    pub fn parse(document: &str) -> Result<Self, NotAJwkSet> {
        #[derive(Deserialize)]
        struct Set {
            keys: Vec<serde_json::Value>,
        }
        let set: Set = serde_json::from_str(document).or(Err(NotAJwkSet))?;
        Ok(Self(set.keys.into_iter().filter_map(ForeignKey::parse).collect()))
    }

    /// How many keys are usable.
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether no key is usable.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl ForeignKey {
    fn parse(value: serde_json::Value) -> Option<Self> {
        let text = |name: &str| value.get(name).and_then(|member| member.as_str()).map(ToOwned::to_owned);
        if text("use").is_some_and(|usage| usage != "sig") {
            return None;
        }
        let (kid, alg) = (text("kid"), text("alg"));
        let jwk: Jwk = serde_json::from_value(value).ok()?;
        let family = Family::of(&jwk.algorithm)?;
        let key = DecodingKey::from_jwk(&jwk).ok()?;
        Some(Self { kid, alg, family, key })
    }

    fn fits(&self, algorithm: Algorithm, kid: Option<&str>) -> bool {
        let family = match self.family {
            Family::Rsa => matches!(algorithm, Algorithm::RS256 | Algorithm::PS256),
            Family::P256 => algorithm == Algorithm::ES256,
            Family::Ed25519 => algorithm == Algorithm::EdDSA,
        };
        let enrolled = self.alg.as_deref().is_none_or(|alg| ALGORITHMS.contains(&(alg, algorithm)));
        family && enrolled && kid.is_none_or(|kid| self.kid.as_deref() == Some(kid))
    }
}
