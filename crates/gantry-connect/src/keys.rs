//! The keys with which a provider signs.
//!
//! Owns which keys of a published set count: public ones for signatures, strong enough, of an algorithm that
//! Gantry knows (attack catalogue JWT-06). Whether a key may vouch for an issuer is the caller's question.

use gantry_core::jose::strength::{is_small_order, rsa_bits};
use gantry_core::signing_algorithm::SigningAlgorithm;
use openidconnect::JsonWebKeySet;
use openidconnect::core::{CoreJsonWebKey, CoreJwsSigningAlgorithm};
use serde_json::Value;

use crate::jwks::FetchedJwks;

/// The most keys of a set that are looked at.
const MAX_KEYS: usize = 100;

/// The usable keys of a provider.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProviderKeys(Vec<ProviderKey>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct ProviderKey {
    key: CoreJsonWebKey,
    /// The issuer that the key vouches for, if the set says so, as Microsoft's does.
    issuer: Option<String>,
}

impl ProviderKeys {
    /// The usable keys of a set. A bad one among them does not spoil the others.
    pub fn of(set: &FetchedJwks) -> Self {
        let document: Value = serde_json::from_str(&set.document).unwrap_or_default();
        let keys = document.get("keys").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        Self(keys.iter().take(MAX_KEYS).filter_map(ProviderKey::parse).collect())
    }

    /// How many there are.
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those whose `issuer` member passes; it is none where the set names none.
    #[must_use]
    pub fn for_issuer(&self, passes: impl Fn(Option<&str>) -> bool) -> Self {
        Self(self.0.iter().filter(|key| passes(key.issuer.as_deref())).cloned().collect())
    }

    /// In the form that verifiers take.
    pub(crate) fn to_set(&self) -> JsonWebKeySet<CoreJsonWebKey> {
        JsonWebKeySet::new(self.0.iter().map(|key| key.key.clone()).collect())
    }
}

impl ProviderKey {
    fn parse(value: &Value) -> Option<Self> {
        let text = |name: &str| value.get(name).and_then(Value::as_str);
        let strong = match text("kty")? {
            // Longer ones than 4096 bits the verifier refuses by itself.
            "RSA" => rsa_bits(text("n")?).is_some_and(|bits| (2048..=4096).contains(&bits)),
            "EC" => text("crv") == Some("P-256"),
            "OKP" => text("crv") == Some("Ed25519") && !is_small_order(text("x")?),
            _ => false,
        };
        if !strong || text("use").is_some_and(|usage| usage != "sig") {
            return None;
        }
        let key = serde_json::from_value(value.clone()).ok()?;
        Some(Self { key, issuer: text("issuer").map(ToOwned::to_owned) })
    }
}

/// Whether a set has a key at all that could have signed something.
pub(crate) fn is_usable(set: &FetchedJwks) -> bool {
    !ProviderKeys::of(set).is_empty()
}

/// The verifier's name for an algorithm.
pub(crate) const fn algorithm(of: SigningAlgorithm) -> CoreJwsSigningAlgorithm {
    match of {
        SigningAlgorithm::Rs256 => CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
        SigningAlgorithm::Es256 => CoreJwsSigningAlgorithm::EcdsaP256Sha256,
        SigningAlgorithm::EdDsa => CoreJwsSigningAlgorithm::EdDsa,
    }
}
