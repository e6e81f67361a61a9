//! What Gantry proves itself to a provider with by a signature: a connection's private key and its certificate.
//!
//! Owns how both are read, whether they belong together, when the certificate ends, and the signing of assertions.
//! Never shows a key, and never judges an end: who saves a connection asks [`check_credential`] and
//! [`credential_expiry`], and whoever watches the dates warns.

use aws_lc_rs::digest;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gantry_core::clock::Timestamp;
use gantry_core::connection::ConnectionSecrets;
use gantry_core::secret::Secret;
use serde_json::Value;
use x509_parser::pem::Pem;
use zeroize::Zeroizing;

/// The shortest RSA key in bits that a provider should be asked to believe (RFC 7518 §3.3).
const MIN_RSA_BITS: usize = 2048;

/// Why a key or certificate cannot be used: for whoever configures the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CredentialProblem {
    /// The connection has none, and its way of proving itself needs one.
    #[error("there is no private key")]
    NoKey,
    /// The provider knows the key by a certificate, and there is none.
    #[error("there is no certificate")]
    NoCertificate,
    /// Not PEM, or another form than PKCS#8.
    #[error("the private key is not PEM of the form `BEGIN PRIVATE KEY` (PKCS#8)")]
    KeyForm,
    /// A key of a kind that no provider takes.
    #[error("the private key is neither RSA with 2048 bits or more, nor P-256, nor Ed25519")]
    KeyKind,
    /// Not a certificate.
    #[error("the certificate is not PEM of the form `BEGIN CERTIFICATE`")]
    CertificateForm,
    /// The certificate is of another key.
    #[error("the certificate does not belong to the private key")]
    NotTogether,
    /// The key cannot sign what was asked.
    #[error("the private key is of another kind than {0} needs")]
    Algorithm(&'static str),
    /// The library refused.
    #[error("signing failed")]
    Signing,
}

/// How an assertion is signed (RFC 7518 §3.1, RFC 8037).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssertionAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PSS with SHA-256: what Entra ID documents for certificates.
    Ps256,
    /// ECDSA on P-256: what Apple demands.
    Es256,
    /// Ed25519.
    EdDsa,
}

impl AssertionAlgorithm {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }
}

/// A connection's private key, parsed.
pub struct ConnectionKey(Pair);

enum Pair {
    Rsa(RsaKeyPair),
    P256(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
}

impl std::fmt::Debug for ConnectionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("ConnectionKey").field(&self.usual_algorithm()).finish()
    }
}

impl ConnectionKey {
    /// Reads PKCS#8 in PEM; the first block counts.
    pub fn parse(pem: &Secret) -> Result<Self, CredentialProblem> {
        let block = first_block(pem.expose(), "PRIVATE KEY").ok_or(CredentialProblem::KeyForm)?;
        let der = Zeroizing::new(block.contents);
        if let Ok(pair) = RsaKeyPair::from_pkcs8(&der) {
            let strong = pair.public_modulus_len() * 8 >= MIN_RSA_BITS;
            return strong.then_some(Self(Pair::Rsa(pair))).ok_or(CredentialProblem::KeyKind);
        }
        if let Ok(pair) = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der) {
            return Ok(Self(Pair::P256(pair)));
        }
        let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der).or(Err(CredentialProblem::KeyKind))?;
        Ok(Self(Pair::Ed(pair)))
    }

    /// The key of a connection that must have one.
    pub fn of(secrets: &ConnectionSecrets) -> Result<Self, CredentialProblem> {
        Self::parse(secrets.private_key.as_ref().ok_or(CredentialProblem::NoKey)?)
    }

    /// The algorithm that providers take from a key of this kind where they say nothing else.
    pub const fn usual_algorithm(&self) -> AssertionAlgorithm {
        match self.0 {
            Pair::Rsa(_) => AssertionAlgorithm::Rs256,
            Pair::P256(_) => AssertionAlgorithm::Es256,
            Pair::Ed(_) => AssertionAlgorithm::EdDsa,
        }
    }

    /// A signed JWT. `header` has no `alg` yet: it is set here, so that it cannot differ from the signature.
    pub fn sign(&self, algorithm: AssertionAlgorithm, mut header: Value, claims: &Value) -> Result<Secret, CredentialProblem> {
        if let Some(members) = header.as_object_mut() {
            members.insert("alg".to_owned(), Value::from(algorithm.as_str()));
        }
        let mut token = URL_SAFE_NO_PAD.encode(header.to_string());
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(claims.to_string(), &mut token);
        let signature = self.signature(algorithm, token.as_bytes())?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Ok(Secret::new(token))
    }

    fn signature(&self, algorithm: AssertionAlgorithm, message: &[u8]) -> Result<Vec<u8>, CredentialProblem> {
        let random = SystemRandom::new();
        let rsa = |pair: &RsaKeyPair, encoding: &'static dyn RsaEncoding| {
            let mut signature = vec![0; pair.public_modulus_len()];
            pair.sign(encoding, &random, message, &mut signature).or(Err(CredentialProblem::Signing))?;
            Ok(signature)
        };
        match (&self.0, algorithm) {
            (Pair::Rsa(pair), AssertionAlgorithm::Rs256) => rsa(pair, &RSA_PKCS1_SHA256),
            (Pair::Rsa(pair), AssertionAlgorithm::Ps256) => rsa(pair, &RSA_PSS_SHA256),
            (Pair::P256(pair), AssertionAlgorithm::Es256) => {
                pair.sign(&random, message).map(|signature| signature.as_ref().to_vec()).or(Err(CredentialProblem::Signing))
            }
            (Pair::Ed(pair), AssertionAlgorithm::EdDsa) => Ok(pair.sign(message).as_ref().to_vec()),
            (Pair::Rsa(_) | Pair::P256(_) | Pair::Ed(_), _) => Err(CredentialProblem::Algorithm(algorithm.as_str())),
        }
    }

    /// The public key in the form in which a certificate carries it.
    fn public(&self) -> &[u8] {
        match &self.0 {
            Pair::Rsa(pair) => pair.public_key().as_ref(),
            Pair::P256(pair) => pair.public_key().as_ref(),
            Pair::Ed(pair) => pair.public_key().as_ref(),
        }
    }
}

/// The certificate by which a provider knows a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    public: Vec<u8>,
    /// When it ends.
    pub ends_at: Timestamp,
}

impl Certificate {
    /// Reads PEM; the first block counts, so a chain may follow the certificate.
    pub fn parse(pem: &str) -> Result<Self, CredentialProblem> {
        let block = first_block(pem, "CERTIFICATE").ok_or(CredentialProblem::CertificateForm)?;
        let parsed = block.parse_x509().or(Err(CredentialProblem::CertificateForm))?;
        let public = parsed.public_key().subject_public_key.data.to_vec();
        let ends_at = Timestamp::from_seconds(parsed.validity().not_after.timestamp());
        Ok(Self { public, ends_at, der: block.contents })
    }

    /// The certificate of a connection that must have one, and that of its key.
    pub fn of(secrets: &ConnectionSecrets, key: &ConnectionKey) -> Result<Self, CredentialProblem> {
        let certificate = Self::parse(secrets.certificate.as_deref().ok_or(CredentialProblem::NoCertificate)?)?;
        certificate.belongs_to(key).then_some(certificate).ok_or(CredentialProblem::NotTogether)
    }

    /// Whether it is of this key.
    pub fn belongs_to(&self, key: &ConnectionKey) -> bool {
        self.public == key.public()
    }

    /// The value of the header `x5t#S256` (RFC 7515 §4.1.8).
    pub fn thumbprint(&self) -> String {
        URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, &self.der))
    }
}

/// The first PEM block, if it is of this kind.
fn first_block(text: &str, label: &str) -> Option<Pem> {
    let block = Pem::iter_from_buffer(text.as_bytes()).next()?.ok()?;
    (block.label == label).then_some(block)
}

/// Whether a connection's key and certificate can be used, as far as there are any: for saving it.
pub fn check_credential(secrets: &ConnectionSecrets) -> Result<(), CredentialProblem> {
    let key = secrets.private_key.as_ref().map(ConnectionKey::parse).transpose()?;
    match (key, &secrets.certificate) {
        (Some(key), Some(_)) => Certificate::of(secrets, &key).map(|_| ()),
        (None, Some(_)) => Err(CredentialProblem::NoKey),
        (Some(_) | None, None) => Ok(()),
    }
}

/// When a connection's certificate ends: for `Connection.credential_expires_at`, each time its secrets are saved. Of a
/// client secret nobody but the provider knows the end.
pub fn credential_expiry(secrets: &ConnectionSecrets) -> Option<Timestamp> {
    Certificate::parse(secrets.certificate.as_deref()?).ok().map(|certificate| certificate.ends_at)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use jsonwebtoken::{Algorithm, DecodingKey};
    use serde_json::json;

    /// A key of this kind with a certificate that ends on 2027-03-01.
    pub(crate) fn certified(algorithm: &'static rcgen::SignatureAlgorithm) -> (ConnectionSecrets, rcgen::KeyPair) {
        let pair = rcgen::KeyPair::generate_for(algorithm).unwrap();
        let mut parameters = rcgen::CertificateParams::new(vec!["gantry.example".to_owned()]).unwrap();
        parameters.not_after = rcgen::date_time_ymd(2027, 3, 1);
        let certificate = parameters.self_signed(&pair).unwrap().pem();
        let secrets =
            ConnectionSecrets { client_secret: None, private_key: Some(Secret::new(pair.serialize_pem())), certificate: Some(certificate) };
        (secrets, pair)
    }

    /// Whether a JWT's signature is that of the key.
    pub(crate) fn signed_by(token: &str, key: &DecodingKey, algorithm: Algorithm) -> bool {
        let (message, signature) = token.rsplit_once('.').unwrap();
        jsonwebtoken::crypto::verify(signature, message.as_bytes(), key, algorithm).unwrap()
    }

    /// A part of a JWT.
    pub(crate) fn part(token: &str, index: usize) -> Value {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(index).unwrap()).unwrap()).unwrap()
    }

    #[test]
    fn each_kind_of_key_signs_what_others_can_check() {
        let (rsa, pair) = certified(&rcgen::PKCS_RSA_SHA256);
        let key = ConnectionKey::of(&rsa).unwrap();
        let public = DecodingKey::from_rsa_pem(pair.public_key_pem().as_bytes()).unwrap();
        for (ours, theirs) in [(AssertionAlgorithm::Rs256, Algorithm::RS256), (AssertionAlgorithm::Ps256, Algorithm::PS256)] {
            let token = key.sign(ours, json!({ "typ": "JWT" }), &json!({ "iss": "a" })).unwrap();
            assert!(signed_by(token.expose(), &public, theirs));
            assert_eq!(part(token.expose(), 0)["alg"], ours.as_str());
            assert_eq!(part(token.expose(), 1), json!({ "iss": "a" }));
        }
        let (ec, pair) = certified(&rcgen::PKCS_ECDSA_P256_SHA256);
        let key = ConnectionKey::of(&ec).unwrap();
        let token = key.sign(key.usual_algorithm(), json!({}), &json!({})).unwrap();
        assert!(signed_by(token.expose(), &DecodingKey::from_ec_pem(pair.public_key_pem().as_bytes()).unwrap(), Algorithm::ES256));
        assert_eq!(key.sign(AssertionAlgorithm::Ps256, json!({}), &json!({})).err(), Some(CredentialProblem::Algorithm("PS256")));
        let (ed, pair) = certified(&rcgen::PKCS_ED25519);
        let key = ConnectionKey::of(&ed).unwrap();
        let token = key.sign(AssertionAlgorithm::EdDsa, json!({}), &json!({})).unwrap();
        assert!(signed_by(token.expose(), &DecodingKey::from_ed_pem(pair.public_key_pem().as_bytes()).unwrap(), Algorithm::EdDSA));
    }

    #[test]
    fn a_certificate_tells_its_end_and_belongs_to_one_key() {
        for algorithm in [&rcgen::PKCS_RSA_SHA256, &rcgen::PKCS_ECDSA_P256_SHA256, &rcgen::PKCS_ED25519] {
            let (secrets, _) = certified(algorithm);
            assert_eq!(check_credential(&secrets), Ok(()));
            assert_eq!(credential_expiry(&secrets).map(Timestamp::to_rfc3339).as_deref(), Some("2027-03-01T00:00:00Z"));
            let (other, _) = certified(algorithm);
            let mixed = ConnectionSecrets { certificate: other.certificate, ..secrets };
            assert_eq!(check_credential(&mixed), Err(CredentialProblem::NotTogether));
        }
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        let (good, _) = certified(&rcgen::PKCS_ECDSA_P256_SHA256);
        let with_key = |pem: &str| ConnectionSecrets { private_key: Some(Secret::new(pem)), ..good.clone() };
        let key_pem = good.private_key.as_ref().unwrap().expose();
        for pem in ["", "hello", good.certificate.as_deref().unwrap(), &key_pem.replace("PRIVATE KEY", "EC PRIVATE KEY")] {
            assert_eq!(check_credential(&with_key(pem)), Err(CredentialProblem::KeyForm), "{pem}");
        }
        let foreign = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P384_SHA384).unwrap().serialize_pem();
        assert_eq!(check_credential(&with_key(&foreign)), Err(CredentialProblem::KeyKind));
        let no_key = ConnectionSecrets { private_key: None, ..good.clone() };
        assert_eq!(check_credential(&no_key), Err(CredentialProblem::NoKey));
        let bent = ConnectionSecrets { certificate: Some(key_pem.to_owned()), ..good.clone() };
        assert_eq!(check_credential(&bent), Err(CredentialProblem::CertificateForm));
        assert_eq!(credential_expiry(&bent), None);
        let secret_only = ConnectionSecrets { client_secret: Some(Secret::new("s")), ..ConnectionSecrets::default() };
        assert_eq!(check_credential(&secret_only), Ok(()));
        assert_eq!(credential_expiry(&secret_only), None);
    }
}
