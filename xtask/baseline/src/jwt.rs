//! Signs one kind of token again and again, with a parsed key and nothing else to do.

use std::fs;
use std::path::Path;

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use clap::ValueEnum;
use serde_json::{Value, json};

use crate::Failure;

/// What a token is signed with.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256, 2048 bits.
    #[value(name = "RS256")]
    Rs256,
    /// ECDSA on P-256 with SHA-256.
    #[value(name = "ES256")]
    Es256,
    /// Ed25519.
    #[value(name = "EdDSA")]
    EdDsa,
}

enum Key {
    Rsa(Box<RsaKeyPair>),
    Ecdsa(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

/// Makes tokens that differ in their `jti` alone.
pub(crate) struct Signer {
    key: Key,
    random: SystemRandom,
    header: String,
    before_jti: String,
    after_jti: String,
    jti_length: usize,
}

impl Signer {
    /// A signer with a new key, for tokens like the one in the file.
    pub(crate) fn new(algorithm: Algorithm, like: Option<&Path>) -> Result<Self, Failure> {
        let (header, claims) = match like {
            Some(path) => parts(&fs::read_to_string(path)?)?,
            None => (json!({ "alg": name(algorithm), "typ": "at+jwt", "kid": "x".repeat(43) }), usual_claims()),
        };
        let jti = claims.get("jti").and_then(Value::as_str).ok_or("the token has no jti")?;
        let text = serde_json::to_string(&claims)?;
        let (before, after) = text.split_once(jti).ok_or("the jti is not in the claims")?;
        Ok(Self {
            key: generate(algorithm)?,
            random: SystemRandom::new(),
            header: BASE64URL.encode(serde_json::to_string(&header)?),
            before_jti: before.to_owned(),
            after_jti: after.to_owned(),
            jti_length: jti.len(),
        })
    }

    /// A fresh token.
    pub(crate) fn token(&self) -> Result<String, Failure> {
        let mut random = [0; 32];
        self.random.fill(&mut random)?;
        let mut jti = BASE64URL.encode(random);
        jti.truncate(self.jti_length);
        let claims = [self.before_jti.as_str(), &jti, &self.after_jti].concat();
        let mut token = self.header.clone();
        token.push('.');
        BASE64URL.encode_string(claims, &mut token);
        let signature = self.sign(token.as_bytes())?;
        token.push('.');
        BASE64URL.encode_string(signature, &mut token);
        Ok(token)
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Failure> {
        Ok(match &self.key {
            Key::Rsa(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &self.random, message, &mut signature)?;
                signature
            }
            Key::Ecdsa(key) => key.sign(&self.random, message)?.as_ref().to_vec(),
            Key::Ed25519(key) => key.sign(message).as_ref().to_vec(),
        })
    }
}

fn generate(algorithm: Algorithm) -> Result<Key, Failure> {
    Ok(match algorithm {
        Algorithm::Rs256 => Key::Rsa(Box::new(RsaKeyPair::generate(KeySize::Rsa2048)?)),
        Algorithm::Es256 => Key::Ecdsa(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?),
        Algorithm::EdDsa => Key::Ed25519(Ed25519KeyPair::generate()?),
    })
}

fn name(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::Rs256 => "RS256",
        Algorithm::Es256 => "ES256",
        Algorithm::EdDsa => "EdDSA",
    }
}

/// Header and claims of a token, unverified: only their shape matters here.
fn parts(token: &str) -> Result<(Value, Value), Failure> {
    let mut parts = token.trim().split('.').map(|part| -> Result<Value, Failure> { Ok(serde_json::from_slice(&BASE64URL.decode(part)?)?) });
    let header = parts.next().ok_or("the token has no header")??;
    let claims = parts.next().ok_or("the token has no claims")??;
    Ok((header, claims))
}

/// The claims of RFC 9068 §2.2 in their usual lengths, for a run without a server.
fn usual_claims() -> Value {
    json!({
        "iss": "http://localhost:8080",
        "sub": "bench-machine",
        "aud": "https://api.bench.example/rs256",
        "client_id": "bench-machine",
        "scope": "bench.read",
        "iat": 1_800_000_000,
        "exp": 1_800_000_300,
        "jti": "x".repeat(26),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ_in_their_jti_alone() {
        for algorithm in Algorithm::value_variants() {
            let signer = Signer::new(*algorithm, None).unwrap();
            let (first, second) = (signer.token().unwrap(), signer.token().unwrap());
            assert_eq!(first.len(), second.len());
            let ((header, mut one), (_, mut two)) = (parts(&first).unwrap(), parts(&second).unwrap());
            assert_eq!(header["alg"], name(*algorithm));
            assert_ne!(one["jti"], two["jti"]);
            one["jti"] = Value::Null;
            two["jti"] = Value::Null;
            assert_eq!(one, two);
        }
    }

    #[test]
    fn a_token_is_copied_in_shape() {
        let signer = Signer::new(Algorithm::EdDsa, None).unwrap();
        let folder = std::env::temp_dir().join(format!("gantry-baseline-{}", std::process::id()));
        fs::write(&folder, signer.token().unwrap()).unwrap();
        let copy = Signer::new(Algorithm::EdDsa, Some(&folder)).unwrap();
        fs::remove_file(&folder).unwrap();
        assert_eq!(copy.token().unwrap().len(), signer.token().unwrap().len());
    }
}
