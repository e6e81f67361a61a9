//! Signing keys: made, rotated, withdrawn, published.
//!
//! Owns the parsed form of a realm's keys, kept in memory, and the order of a key's life: `next`
//! is published before it signs, the retired one stays published until the last token it signed
//! has expired (attack catalogue JWT-14, JWT-15). The private parts are sealed by the store.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::clock::Timestamp;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Fault, Refusal};
use gantry_core::id::{RealmId, SigningKeyId};
use gantry_core::realm::seconds;
use gantry_core::signing_algorithm::SigningAlgorithm;
use gantry_core::signing_key::{KeyState, SigningKey};
use gantry_identity::permission::{self, Action};
use gantry_store::RealmTx;
use gantry_store::snapshot::RealmSnapshot;
use serde_json::json;

use crate::jose::TokenKind;
use crate::jose::sign::SigningPair;
use crate::per_snapshot::PerSnapshot;

/// How long others may keep the published set. A new key is published for two of these before it signs.
pub const JWKS_MAX_AGE: Duration = Duration::from_mins(5);

/// A realm's keys, parsed, and the document that publishes them.
#[derive(Debug)]
pub struct RealmKeys {
    pairs: Vec<(SigningKeyId, KeyState, Arc<SigningPair>)>,
    /// By the exact header of each kind of token.
    by_header: HashMap<String, (Arc<SigningPair>, TokenKind)>,
    document: Arc<str>,
    /// When the first of the retired keys is no longer to be believed.
    fresh_until: Option<Timestamp>,
}

impl RealmKeys {
    fn build(snapshot: &RealmSnapshot, known: Option<&Self>, now: Timestamp) -> Result<Self, Fault> {
        let published: Vec<&SigningKey> = snapshot.keys.iter().filter(|key| is_published(key, now)).collect();
        let mut pairs = Vec::new();
        let mut by_header = HashMap::new();
        for key in &published {
            let parsed = known.and_then(|known| known.pairs.iter().find(|(id, ..)| *id == key.id));
            let pair = match parsed {
                Some((.., pair)) => Arc::clone(pair),
                None => Arc::new(SigningPair::parse(key.algorithm, &key.private)?),
            };
            for kind in TokenKind::ALL {
                by_header.insert(pair.header(kind).to_owned(), (Arc::clone(&pair), kind));
            }
            pairs.push((key.id, key.state, pair));
        }
        let keys: Vec<&str> = published.iter().map(|key| key.public_jwk.as_str()).collect();
        let document = format!(r#"{{"keys":[{}]}}"#, keys.join(",")).into();
        let fresh_until = published.iter().filter_map(|key| key.expires_at).min();
        Ok(Self { pairs, by_header, document, fresh_until })
    }

    /// The key that signs with this algorithm now.
    pub fn active(&self, algorithm: SigningAlgorithm) -> Result<&SigningPair, Fault> {
        self.pairs
            .iter()
            .find(|(_, state, pair)| *state == KeyState::Active && pair.algorithm() == algorithm)
            .map(|(.., pair)| pair.as_ref())
            .ok_or_else(|| Fault::new(format!("the realm has no active {algorithm} key")))
    }

    /// The key and kind of the token that has this header, base64url.
    pub fn find(&self, header: &str) -> Option<(&SigningPair, TokenKind)> {
        self.by_header.get(header).map(|(pair, kind)| (pair.as_ref(), *kind))
    }

    /// The JWK set (RFC 7517 §5), ready for the wire.
    pub fn document(&self) -> Arc<str> {
        Arc::clone(&self.document)
    }
}

/// Next and active keys always, retired ones until they expire, withdrawn ones never.
fn is_published(key: &SigningKey, now: Timestamp) -> bool {
    match key.state {
        KeyState::Next | KeyState::Active => true,
        KeyState::Retired => key.expires_at.is_none_or(|at| at > now),
        KeyState::Withdrawn => false,
    }
}

/// The parsed keys of the realms that this node serves. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct KeyRing(PerSnapshot<RealmKeys>);

impl KeyRing {
    /// The keys of the realm as this snapshot has them; parsed anew only where a key is new.
    pub fn of(&self, snapshot: &Arc<RealmSnapshot>, now: Timestamp) -> Result<Arc<RealmKeys>, Fault> {
        let still = |keys: &RealmKeys| keys.fresh_until.is_none_or(|until| now < until);
        self.0.get(snapshot, still, |known| RealmKeys::build(snapshot, known, now))
    }
}

/// Makes a key. Done before a transaction, never within: RSA takes long, so it has a thread of its own.
pub async fn generate(realm: RealmId, algorithm: SigningAlgorithm, state: KeyState, now: Timestamp) -> Result<SigningKey, Fault> {
    let made = tokio::task::spawn_blocking(move || {
        let private = SigningPair::generate(algorithm)?;
        let pair = SigningPair::parse(algorithm, &private)?;
        Ok::<_, Fault>((private, pair))
    });
    let (private, pair) = made.await.map_err(|error| Fault::caused("making a signing key was interrupted", error))??;
    Ok(SigningKey {
        id: SigningKeyId::new(),
        realm_id: realm,
        algorithm,
        kid: pair.kid().to_owned(),
        private,
        public_jwk: pair.public_jwk(),
        state,
        created_at: now,
        activated_at: (state == KeyState::Active).then_some(now),
        retired_at: None,
        expires_at: None,
    })
}

/// The two keys that a realm needs of an algorithm from the start: one that signs and its successor.
pub async fn generate_pair(realm: RealmId, algorithm: SigningAlgorithm, now: Timestamp) -> Result<[SigningKey; 2], Fault> {
    let (active, next) =
        tokio::try_join!(generate(realm, algorithm, KeyState::Active, now), generate(realm, algorithm, KeyState::Next, now))?;
    Ok([active, next])
}

/// The algorithms that a realm's settings and resources name and for which no key signs yet.
/// Whoever is about to save such a setting makes these first, with [`generate_pair`] and [`insert`].
pub fn missing(existing: &[SigningKey], wanted: &[SigningAlgorithm]) -> Vec<SigningAlgorithm> {
    let has = |algorithm| existing.iter().any(|key| key.algorithm == algorithm && key.state == KeyState::Active);
    SigningAlgorithm::ALL.iter().copied().filter(|algorithm| wanted.contains(algorithm) && !has(*algorithm)).collect()
}

/// Writes keys that were made for a realm. Another node may have been first: then its keys stand.
pub async fn insert(tx: &RealmTx, keys: &[SigningKey]) -> Result<(), Fault> {
    for key in keys {
        tx.signing_keys().insert(key).await?;
    }
    Ok(())
}

/// A key as it is shown: without its private part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownKey {
    /// The key.
    pub id: SigningKeyId,
    /// What it signs with.
    pub algorithm: SigningAlgorithm,
    /// Its name on the wire.
    pub kid: String,
    /// Where it is in its life.
    pub state: KeyState,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it began to sign.
    pub activated_at: Option<Timestamp>,
    /// When it stops being published.
    pub expires_at: Option<Timestamp>,
}

/// The realm's keys that are still of interest: by algorithm, then in the order of their lives.
pub async fn list(tx: &RealmTx, actor: Actor) -> Result<Vec<ShownKey>, Failure> {
    permission::check(actor, Action::ReadKeys, tx.realm_id())?;
    let mut keys: Vec<ShownKey> = tx.signing_keys().list().await?.into_iter().map(shown).collect();
    let place = |state| KeyState::ALL.iter().position(|one| *one == state);
    keys.sort_by_key(|key| (key.algorithm, place(key.state), std::cmp::Reverse(key.created_at)));
    Ok(keys)
}

fn shown(key: SigningKey) -> ShownKey {
    let SigningKey { id, algorithm, kid, state, created_at, activated_at, expires_at, .. } = key;
    ShownKey { id, algorithm, kid, state, created_at, activated_at, expires_at }
}

/// What a rotation did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotation {
    /// The key that signs now.
    pub active: String,
    /// The key that is published to follow it.
    pub next: String,
    /// The key that signed before.
    pub retired: Option<String>,
    /// How long the key that signs now had been published: less than two [`JWKS_MAX_AGE`] means
    /// that verifiers may have to fetch the set again.
    pub published_for: Duration,
}

/// Lets the published successor sign, keeps the one before published, and publishes `next`.
pub async fn rotate(tx: &RealmTx, actor: Actor, next: SigningKey, now: Timestamp) -> Result<Rotation, Failure> {
    step(tx, actor, next, now, KeyState::Retired).await
}

/// The same after a compromise: the key that signed is neither published nor believed from now on.
pub async fn withdraw(tx: &RealmTx, actor: Actor, next: SigningKey, now: Timestamp) -> Result<Rotation, Failure> {
    step(tx, actor, next, now, KeyState::Withdrawn).await
}

async fn step(tx: &RealmTx, actor: Actor, next: SigningKey, now: Timestamp, end: KeyState) -> Result<Rotation, Failure> {
    permission::check(actor, Action::ManageKeys, tx.realm_id())?;
    let realm = tx.realms().find().await?.ok_or_else(|| Fault::new("the realm is not there"))?;
    let keys = tx.signing_keys().list().await?;
    let of = |state| keys.iter().find(|key| key.algorithm == next.algorithm && key.state == state).cloned();
    let Some(mut successor) = of(KeyState::Next) else {
        return Err(Refusal::new(ErrorCode::Conflict, "the realm does not sign with this algorithm").into());
    };
    // In this order, since at most one key of an algorithm is active and one is next at any moment.
    let former = of(KeyState::Active);
    if let Some(mut former) = former.clone() {
        former.state = end;
        former.retired_at = Some(now);
        former.expires_at = Some(now.plus(seconds(realm.settings.tokens.key_overlap)));
        tx.signing_keys().update(&former).await?;
    }
    successor.state = KeyState::Active;
    successor.activated_at = Some(now);
    tx.signing_keys().update(&successor).await?;
    if !tx.signing_keys().insert(&next).await? {
        return Err(Fault::new("another rotation came in between").into());
    }
    let entry = AuditEntry::new(realm.id, now, AuditEvent::KeysRotated).by(actor).target(&successor.id).reason(end.as_str());
    let entry = entry.detail(json!({
        "before": { "active": former.as_ref().map(|key| &key.kid), "next": successor.kid },
        "after": { "active": successor.kid, "next": next.kid },
    }));
    tx.audit().insert(&entry).await?;
    Ok(Rotation {
        published_for: now.since(successor.created_at),
        active: successor.kid,
        next: next.kid,
        retired: former.map(|key| key.kid),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jose::verify::{Slot, verify};
    use gantry_core::realm::{AccessTokenType, Realm, RealmSettings};
    use serde_json::Value;

    const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

    async fn snapshot(states: &[KeyState]) -> Arc<RealmSnapshot> {
        let id = RealmId::new();
        let mut keys = Vec::new();
        for state in states {
            let mut key = generate(id, SigningAlgorithm::EdDsa, *state, NOW).await.unwrap();
            key.expires_at = (*state == KeyState::Retired).then(|| NOW.plus(Duration::from_secs(100)));
            keys.push(key);
        }
        let realm = Realm {
            id,
            slug: "default".to_owned(),
            name: String::new(),
            hosts: Vec::new(),
            settings: RealmSettings::default(),
            version: 0,
            created_at: NOW,
            not_before: None,
            disabled_at: None,
        };
        Arc::new(RealmSnapshot { realm, resources: Vec::new(), scopes: Vec::new(), keys })
    }

    fn signed_by(key: &SigningKey, kind: TokenKind) -> String {
        let pair = SigningPair::parse(key.algorithm, &key.private).unwrap();
        pair.sign(kind, &json!({ "sub": "x" })).unwrap()
    }

    fn is_believed(keys: &RealmKeys, slot: Slot, token: &str) -> bool {
        verify::<Value>(keys, slot, token).is_some()
    }

    #[tokio::test]
    async fn jwt_14_a_retired_key_is_believed_until_its_end_and_a_withdrawn_one_never() {
        let snapshot = snapshot(&[KeyState::Active, KeyState::Next, KeyState::Retired, KeyState::Withdrawn]).await;
        let ring = KeyRing::default();
        let tokens: Vec<String> = snapshot.keys.iter().map(|key| signed_by(key, TokenKind::Access(AccessTokenType::AtJwt))).collect();
        let believed = |keys: &RealmKeys| tokens.iter().map(|token| is_believed(keys, Slot::Access, token)).collect::<Vec<_>>();
        let keys = ring.of(&snapshot, NOW).unwrap();
        assert_eq!(believed(&keys), [true, true, true, false]);
        assert!(Arc::ptr_eq(&keys, &ring.of(&snapshot, NOW).unwrap()));
        let later = ring.of(&snapshot, NOW.plus(Duration::from_secs(100))).unwrap();
        assert_eq!(believed(&later), [true, true, false, false]);
        let published: Value = serde_json::from_str(&later.document()).unwrap();
        assert_eq!(published["keys"].as_array().unwrap().len(), 2);
    }

    #[tokio::test]
    async fn jwt_11_a_kind_is_believed_in_its_own_place_only() {
        let snapshot = snapshot(&[KeyState::Active]).await;
        let keys = KeyRing::default().of(&snapshot, NOW).unwrap();
        for kind in TokenKind::ALL {
            let token = signed_by(&snapshot.keys[0], kind);
            assert_eq!(is_believed(&keys, Slot::Access, &token), kind != TokenKind::Id, "{kind:?}");
            assert_eq!(is_believed(&keys, Slot::Id, &token), kind == TokenKind::Id, "{kind:?}");
        }
    }

    #[tokio::test]
    async fn jwt_01_a_header_that_we_did_not_write_is_not_ours() {
        use base64::Engine as _;
        use base64::engine::general_purpose::URL_SAFE_NO_PAD;
        let snapshot = snapshot(&[KeyState::Active]).await;
        let keys = KeyRing::default().of(&snapshot, NOW).unwrap();
        let kid = &snapshot.keys[0].kid;
        let pair = SigningPair::parse(SigningAlgorithm::EdDsa, &snapshot.keys[0].private).unwrap();
        for header in [
            json!({ "alg": "none" }),
            json!({ "alg": "none", "kid": kid, "typ": "at+jwt" }),
            json!({ "alg": "HS256", "kid": kid, "typ": "at+jwt" }),
            json!({ "alg": "EdDSA", "kid": kid, "typ": "at+jwt", "crit": ["x"], "x": 1 }),
            json!({ "alg": "EdDSA", "kid": kid, "typ": "at+jwt", "jku": "https://evil.example" }),
            json!({ "alg": "EdDSA", "kid": "../../dev/null", "typ": "at+jwt" }),
            json!({ "alg": "EdDSA", "typ": "at+jwt" }),
        ] {
            let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(r#"{"sub":"x"}"#));
            // Even with our own signature over it.
            let key = aws_lc_rs::signature::Ed25519KeyPair::from_pkcs8(&snapshot.keys[0].private).unwrap();
            let signature = URL_SAFE_NO_PAD.encode(key.sign(message.as_bytes()));
            assert!(!is_believed(&keys, Slot::Access, &format!("{message}.{signature}")), "{header}");
            assert!(!is_believed(&keys, Slot::Access, &format!("{message}.")), "{header}");
        }
        let good = pair.sign(TokenKind::Access(AccessTokenType::AtJwt), &json!({ "sub": "x" })).unwrap();
        assert!(is_believed(&keys, Slot::Access, &good));
        for bad in [format!("{good}."), format!("{good}A"), format!("{good}="), good.replace('.', ".."), ".".repeat(1_000_000)] {
            assert!(!is_believed(&keys, Slot::Access, &bad));
        }
    }
}
