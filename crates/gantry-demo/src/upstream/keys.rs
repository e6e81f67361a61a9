//! Keys that sign what the providers say: made when they start, gone when they stop.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gantry_core::failure::Fault;
use serde_json::{Value, json};

/// A key for RS256.
#[derive(Debug)]
pub(super) struct SigningKey {
    name: &'static str,
    pair: RsaKeyPair,
}

impl SigningKey {
    pub(super) fn generate(name: &'static str) -> Result<Self, Fault> {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).or(Err(Fault::new("a key of the sample provider cannot be made")))?;
        Ok(Self { name, pair })
    }

    /// The public half as a JWK, further members added.
    pub(super) fn public(&self, further: &Value) -> Value {
        let public = self.pair.public_key();
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let mut jwk = json!({
            "kty": "RSA",
            "use": "sig",
            "kid": self.name,
            "n": text(public.modulus().big_endian_without_leading_zero()),
            "e": text(public.exponent().big_endian_without_leading_zero()),
        });
        if let (Some(jwk), Some(further)) = (jwk.as_object_mut(), further.as_object()) {
            jwk.extend(further.clone());
        }
        jwk
    }

    /// A signed JWT.
    pub(super) fn sign(&self, claims: &Value) -> Result<String, Fault> {
        let header = json!({ "typ": "JWT", "alg": "RS256", "kid": self.name });
        let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims.to_string()));
        let mut signature = vec![0; self.pair.public_modulus_len()];
        let signed = self.pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message.as_bytes(), &mut signature);
        signed.or(Err(Fault::new("the sample provider cannot sign")))?;
        Ok(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}
