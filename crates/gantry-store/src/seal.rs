//! Seals secrets at rest: AES-256-GCM-SIV under a key derived from the master key, bound to where the value lives.
//!
//! A value sealed for one realm, purpose and row opens nowhere else (attack catalogue §0.12).
//! Owns the format of sealed bytes and the rules for a master key. Never stores anything, and
//! never makes a master key on its own account: who calls for one decides whether that is safe.

use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, Nonce, RandomizedNonceKey};
use aws_lc_rs::hkdf;
use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use gantry_core::failure::Fault;
use gantry_core::secret::{Secret, random_bytes};

/// The first byte of everything sealed in this format.
const VERSION: u8 = 1;
const NONCE_LEN: usize = 12;
const KEY_LEN: usize = 32;
/// A random key of 32 bytes has fewer different ones about once in 10^20 keys.
const FEWEST_DIFFERENT_BYTES: usize = 16;

const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent).with_encode_padding(false);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);

/// Where a sealed value lives; part of what is authenticated.
#[derive(Debug, Clone, Copy)]
pub struct SealContext<'c> {
    /// What it is: `signing_key.private`, `authorize.form` …
    pub purpose: &'c str,
    /// The realm, as text of its id.
    pub realm: &'c str,
    /// The row, or whatever else it is bound to.
    pub row: &'c str,
}

impl SealContext<'_> {
    /// The context as bytes. Each part goes with its length, so that no two contexts look alike.
    fn to_bytes(self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(24 + self.purpose.len() + self.realm.len() + self.row.len());
        for part in [self.purpose, self.realm, self.row] {
            bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
            bytes.extend_from_slice(part.as_bytes());
        }
        bytes
    }
}

/// Seals and opens.
#[derive(Clone)]
pub struct Sealer(Arc<Keys>);

struct Keys {
    root: hkdf::Prk,
    aead: RandomizedNonceKey,
    /// Tells values sealed under another master key apart without trying; says nothing about the key.
    id: u8,
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealer")
    }
}

impl Sealer {
    /// From the master key: 32 bytes as base64 (any alphabet, padding or not).
    pub fn from_master_key(key: &Secret) -> Result<Self, Fault> {
        let bytes = decode_master_key(key.expose().trim())?;
        let root = hkdf::Salt::new(hkdf::HKDF_SHA256, b"gantry master key").extract(&bytes);
        let aead = RandomizedNonceKey::new(&AES_256_GCM_SIV, &expand(&root, "seal", "v1"))
            .map_err(|error| Fault::caused("cannot prepare the sealing key", error))?;
        let [id, ..] = expand(&root, "key-id", "v1");
        Ok(Self(Arc::new(Keys { root, aead, id })))
    }

    /// A fresh master key, in the form that `from_master_key` reads.
    pub fn generate_master_key() -> Secret {
        Secret::new(URL_SAFE.encode(random_bytes::<KEY_LEN>()))
    }

    /// Seals bytes: version, key id, nonce, ciphertext.
    pub fn seal(&self, context: SealContext<'_>, plain: &[u8]) -> Result<Vec<u8>, Fault> {
        let mut text = plain.to_vec();
        let nonce = self
            .0
            .aead
            .seal_in_place_append_tag(Aad::from(context.to_bytes()), &mut text)
            .map_err(|error| Fault::caused(format!("cannot seal a {}", context.purpose), error))?;
        let mut sealed = Vec::with_capacity(2 + NONCE_LEN + text.len());
        sealed.extend_from_slice(&[VERSION, self.0.id]);
        sealed.extend_from_slice(nonce.as_ref());
        sealed.extend_from_slice(&text);
        Ok(sealed)
    }

    /// Opens what was sealed in the same context; `None` for anything else.
    pub fn open(&self, context: SealContext<'_>, sealed: &[u8]) -> Option<Vec<u8>> {
        let (head, rest) = sealed.split_first_chunk::<2>()?;
        let (nonce, text) = rest.split_first_chunk::<NONCE_LEN>()?;
        if *head != [VERSION, self.0.id] {
            return None;
        }
        let mut text = text.to_vec();
        let plain = self.0.aead.open_in_place(Nonce::from(nonce), Aad::from(context.to_bytes()), &mut text).ok()?;
        Some(plain.to_vec())
    }

    /// A key of its own for a purpose (HKDF), for MACs such as the CSRF token's.
    pub fn derive(&self, purpose: &str) -> [u8; KEY_LEN] {
        expand(&self.0.root, "derive", purpose)
    }
}

struct KeyLength;

impl hkdf::KeyType for KeyLength {
    fn len(&self) -> usize {
        KEY_LEN
    }
}

#[expect(clippy::expect_used, reason = "HKDF-SHA256 only refuses outputs longer than 8160 bytes; this one has 32")]
fn expand(root: &hkdf::Prk, label: &str, purpose: &str) -> [u8; KEY_LEN] {
    let info = [label.as_bytes(), b"\0", purpose.as_bytes()];
    let mut key = [0; KEY_LEN];
    root.expand(&info, KeyLength).and_then(|okm| okm.fill(&mut key)).expect("32 bytes are within HKDF's limit");
    key
}

/// Reads a master key and refuses what nobody drew by chance (attack catalogue DAT-03). The error
/// never repeats the key.
fn decode_master_key(text: &str) -> Result<[u8; KEY_LEN], Fault> {
    let refuse = |why: &str| Fault::new(format!("the master key must be 32 random bytes as base64, and {why}"));
    let bytes = URL_SAFE.decode(text).or_else(|_| STANDARD.decode(text)).ok().ok_or_else(|| refuse("is no base64"))?;
    let key: [u8; KEY_LEN] = bytes.try_into().map_err(|bytes: Vec<u8>| refuse(&format!("has {}", bytes.len())))?;
    if is_drawn_by_hand(&key) {
        return Err(refuse("is an example or a typed text"));
    }
    Ok(key)
}

/// Whether a key has a pattern that chance does not make: few different bytes, plain text, or a
/// constant step from byte to byte, as examples in documentation have.
fn is_drawn_by_hand(key: &[u8; KEY_LEN]) -> bool {
    let mut sorted = *key;
    sorted.sort_unstable();
    let different = 1 + sorted.iter().zip(sorted.iter().skip(1)).filter(|(one, next)| one != next).count();
    let steps: Vec<u8> = key.iter().zip(key.iter().skip(1)).map(|(one, next)| next.wrapping_sub(*one)).collect();
    let typed = key.iter().all(|byte| byte.is_ascii_graphic() || *byte == b' ');
    different < FEWEST_DIFFERENT_BYTES || typed || steps.iter().all(|step| Some(step) == steps.first())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: SealContext<'_> = SealContext { purpose: "signing_key.private", realm: "rlm_a", row: "key_1" };

    fn sealer() -> Sealer {
        Sealer::from_master_key(&Sealer::generate_master_key()).unwrap()
    }

    #[test]
    fn a_value_opens_where_it_was_sealed_and_nowhere_else() {
        let sealer = sealer();
        let column = sealer.seal(HERE, b"private").unwrap();
        assert_eq!(sealer.open(HERE, &column).as_deref(), Some(&b"private"[..]));
        for elsewhere in [
            SealContext { purpose: "outbox.mail", ..HERE },
            SealContext { realm: "rlm_b", ..HERE },
            SealContext { row: "key_2", ..HERE },
            // The same letters, divided otherwise.
            SealContext { purpose: "signing_key.privaterlm_a", realm: "", ..HERE },
            SealContext { realm: "rlm_akey_1", row: "", ..HERE },
        ] {
            assert!(sealer.open(elsewhere, &column).is_none(), "{elsewhere:?}");
        }
    }

    #[test]
    fn another_master_key_opens_nothing() {
        let column = sealer().seal(HERE, b"private").unwrap();
        assert!(sealer().open(HERE, &column).is_none());
    }

    #[test]
    fn every_changed_or_missing_byte_is_noticed() {
        let sealer = sealer();
        let column = sealer.seal(HERE, b"private").unwrap();
        for index in 0..column.len() {
            let mut changed = column.clone();
            changed[index] ^= 1;
            assert!(sealer.open(HERE, &changed).is_none(), "byte {index}");
            assert!(sealer.open(HERE, &column[..index]).is_none(), "cut at {index}");
        }
    }

    #[test]
    fn the_same_value_never_looks_the_same_and_never_shows() {
        let sealer = sealer();
        let (first, second) = (sealer.seal(HERE, b"private").unwrap(), sealer.seal(HERE, b"private").unwrap());
        assert_ne!(first, second);
        assert!(!first.windows(7).any(|window| window == b"private"));
    }

    #[test]
    fn a_master_key_survives_both_alphabets_and_padding() {
        let bytes: [u8; KEY_LEN] = std::array::from_fn(|i| u8::try_from((i * i * 41 + 251) % 256).unwrap());
        let text = |engine: &GeneralPurpose| engine.encode(bytes);
        let padded = base64::engine::general_purpose::STANDARD.encode(bytes);
        let derived: Vec<_> = [text(&URL_SAFE), text(&STANDARD), padded.clone(), format!(" {padded}\n")]
            .into_iter()
            .map(|text| Sealer::from_master_key(&Secret::new(text)).unwrap().derive("csrf"))
            .collect();
        assert!(derived.windows(2).all(|pair| pair[0] == pair[1]));
    }

    #[test]
    fn purposes_have_keys_of_their_own() {
        let sealer = sealer();
        assert_ne!(sealer.derive("csrf"), sealer.derive("refresh"));
    }

    #[test]
    fn a_master_key_that_nobody_drew_is_refused() {
        let counting: [u8; KEY_LEN] = std::array::from_fn(|i| u8::try_from(i).unwrap());
        for (wrong, why) in [
            (String::new(), "and has 0"),
            ("not base64!".to_owned(), "no base64"),
            (STANDARD.encode([7; 16]), "and has 16"),
            (STANDARD.encode([9; 48]), "and has 48"),
            (STANDARD.encode([0; KEY_LEN]), "example"),
            (STANDARD.encode(counting), "example"),
            (STANDARD.encode(b"change-me-change-me-change-me-32"), "example"),
        ] {
            let fault = Sealer::from_master_key(&Secret::new(wrong.clone())).unwrap_err().to_string();
            assert!(fault.contains(why), "{fault}");
            assert!(wrong.is_empty() || !fault.contains(&wrong));
        }
    }
}
