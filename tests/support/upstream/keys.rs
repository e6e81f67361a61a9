//! The provider's keys, a stranger's key, and signatures by hand: headers may say anything.

use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey};
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_RSA_SHA256, RsaKeySize};
use serde_json::{Value, json};

/// A key with its public half.
pub struct Key {
    kid: &'static str,
    algorithm: Algorithm,
    private: EncodingKey,
    public: Value,
    /// The public half as PEM.
    pub pem: String,
}

impl Key {
    fn rsa(kid: &'static str) -> Self {
        let pair = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).unwrap();
        let private = EncodingKey::from_rsa_pem(pair.serialize_pem().as_bytes()).unwrap();
        Self::new(kid, Algorithm::RS256, private, pair.public_key_pem())
    }

    fn elliptic(kid: &'static str) -> Self {
        let pair = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let private = EncodingKey::from_ec_pem(pair.serialize_pem().as_bytes()).unwrap();
        Self::new(kid, Algorithm::ES256, private, pair.public_key_pem())
    }

    fn new(kid: &'static str, algorithm: Algorithm, private: EncodingKey, pem: String) -> Self {
        let jwk = Jwk::from_encoding_key(&private, algorithm).unwrap();
        let mut public = serde_json::to_value(jwk).unwrap();
        public["kid"] = json!(kid);
        public["use"] = json!("sig");
        Self { kid, algorithm, private, public, pem }
    }

    /// The key of the provider: RS256.
    pub fn first() -> &'static Self {
        static KEY: OnceLock<Key> = OnceLock::new();
        KEY.get_or_init(|| Self::rsa("first"))
    }

    /// The key after a rotation.
    pub fn second() -> &'static Self {
        static KEY: OnceLock<Key> = OnceLock::new();
        KEY.get_or_init(|| Self::rsa("second"))
    }

    /// Published too, but of an algorithm that connections do not name by themselves: ES256.
    pub fn other_algorithm() -> &'static Self {
        static KEY: OnceLock<Key> = OnceLock::new();
        KEY.get_or_init(|| Self::elliptic("elliptic"))
    }

    /// A key that the provider does not have.
    pub fn stranger() -> &'static Self {
        static KEY: OnceLock<Key> = OnceLock::new();
        KEY.get_or_init(|| Self::rsa("stranger"))
    }

    /// The public half.
    pub fn jwk(&self) -> Value {
        self.public.clone()
    }

    /// The header of its tokens.
    pub fn header(&self) -> Value {
        json!({ "alg": format!("{:?}", self.algorithm), "typ": "JWT", "kid": self.kid })
    }

    /// A token with this header, whatever it says, and this key's signature.
    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        signed(header, claims, |input| jsonwebtoken::crypto::sign(input, &self.private, self.algorithm).unwrap())
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.kid)
    }
}

/// A token whose signature comes from `sign`.
pub fn signed(header: &Value, claims: &Value, sign: impl FnOnce(&[u8]) -> String) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let input = format!("{}.{}", part(header), part(claims));
    let signature = sign(input.as_bytes());
    format!("{input}.{signature}")
}

/// HS256 with these bytes.
pub fn hmac(secret: &[u8], input: &[u8]) -> String {
    jsonwebtoken::crypto::sign(input, &EncodingKey::from_secret(secret), Algorithm::HS256).unwrap()
}
