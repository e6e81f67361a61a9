//! What Gantry signs for providers with a connection's own key: client assertions (RFC 7523).
//!
//! Signing happens here alone; which claims are signed is the caller's matter. The key never leaves the call.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gantry_core::secret::{Secret, random_bytes};
use gantry_core::sign_in_trace::SignInProblem;
use jsonwebtoken::jwk::{Jwk, ThumbprintHash};
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Map, Value, json};

use crate::connector::Failed;
use crate::line::Line;

/// How long, in seconds, a client assertion is good.
const LIFETIME: i64 = 120;

/// A connection's private key.
pub(crate) struct AssertionKey {
    key: EncodingKey,
    algorithm: Algorithm,
}

impl AssertionKey {
    /// Reads PKCS#8 PEM: RSA, P-256 or Ed25519.
    pub(crate) fn read(pem: &Secret) -> Result<Self, Failed> {
        let pem = pem.expose().as_bytes();
        let rsa = || EncodingKey::from_rsa_pem(pem).map(|key| Self { key, algorithm: Algorithm::RS256 });
        let ec = || EncodingKey::from_ec_pem(pem).map(|key| Self { key, algorithm: Algorithm::ES256 });
        let ed = || EncodingKey::from_ed_pem(pem).map(|key| Self { key, algorithm: Algorithm::EdDSA });
        let unusable =
            || Failed::new(SignInProblem::Misconfigured, "the connection's private key is not PKCS#8 PEM of RSA, P-256 or Ed25519");
        let key = rsa().or_else(|_| ec()).or_else(|_| ed()).or(Err(unusable()))?;
        // A curve that the algorithm does not fit would come to light at the first signature otherwise.
        key.thumbprint().ok_or_else(unusable)?;
        Ok(key)
    }

    /// The same RSA key signing as RSASSA-PSS, which Entra ID wants.
    #[must_use]
    pub(crate) fn with_pss(mut self) -> Self {
        if self.algorithm == Algorithm::RS256 {
            self.algorithm = Algorithm::PS256;
        }
        self
    }

    /// What it signs with.
    pub(crate) const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The public half, for the provider's registration.
    pub(crate) fn public(&self) -> Option<Jwk> {
        let mut jwk = Jwk::from_encoding_key(&self.key, self.algorithm).ok()?;
        jwk.common.key_id = jwk.thumbprint(ThumbprintHash::SHA256).ok();
        Some(jwk)
    }

    /// The key's RFC 7638 thumbprint: its `kid`, where nobody gave it another one.
    pub(crate) fn thumbprint(&self) -> Option<String> {
        self.public()?.common.key_id
    }

    /// Signs claims under this header; `alg` is filled in.
    pub(crate) fn sign(&self, mut header: Map<String, Value>, claims: &Value) -> Result<Secret, Failed> {
        header.insert("alg".to_owned(), json!(self.algorithm));
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(&Value::Object(header)), part(claims));
        let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &self.key, self.algorithm);
        let signature = signature.or(Err(Failed::new(SignInProblem::Misconfigured, "the connection's private key cannot sign")))?;
        Ok(Secret::new(format!("{message}.{signature}")))
    }
}

/// A client assertion for one audience: the configured issuer and nothing that a document named, so that whoever
/// catches it can do nothing with it elsewhere (attack catalogue FED-04).
pub(crate) fn client_assertion(
    line: &Line<'_>,
    audience: &str,
    mut header: Map<String, Value>,
    key: &AssertionKey,
) -> Result<Secret, Failed> {
    header.entry("typ").or_insert_with(|| json!("JWT"));
    let client_id = line.client_id()?;
    let now = line.now().seconds();
    let claims = json!({
        "iss": client_id,
        "sub": client_id,
        "aud": audience,
        "jti": URL_SAFE_NO_PAD.encode(random_bytes::<16>()),
        "iat": now,
        "nbf": now,
        "exp": now + LIFETIME,
    });
    key.sign(header, &claims)
}
