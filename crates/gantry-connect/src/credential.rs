//! A connection's private key and its certificate: whether they can be used, and until when.
//!
//! Never signs: `assertion.rs` does. Never judges an end: who saves a connection asks [`check_credential`] and
//! [`credential_expiry`], and whoever watches the dates warns.

use aws_lc_rs::digest;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gantry_core::clock::Timestamp;
use gantry_core::connection::ConnectionSecrets;
use gantry_core::secret::Secret;
use x509_parser::pem::Pem;
use zeroize::Zeroizing;

/// The shortest RSA key in bits that a provider should be asked to believe (RFC 7518 §3.3).
const MIN_RSA_BITS: usize = 2048;

/// Why a key or certificate cannot be used: for whoever configures the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CredentialProblem {
    /// There is a certificate without its key.
    #[error("there is no private key")]
    NoKey,
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

    /// The value of the header `x5t#S256` (RFC 7515 §4.1.8).
    pub fn thumbprint(&self) -> String {
        URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, &self.der))
    }
}

/// The public half of a key in PKCS#8 PEM, in the form in which a certificate carries it.
fn public_of(pem: &Secret) -> Result<Vec<u8>, CredentialProblem> {
    let block = first_block(pem.expose(), "PRIVATE KEY").ok_or(CredentialProblem::KeyForm)?;
    let der = Zeroizing::new(block.contents);
    if let Ok(pair) = RsaKeyPair::from_pkcs8(&der) {
        let strong = pair.public_modulus_len() * 8 >= MIN_RSA_BITS;
        return strong.then(|| pair.public_key().as_ref().to_vec()).ok_or(CredentialProblem::KeyKind);
    }
    if let Ok(pair) = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der) {
        return Ok(pair.public_key().as_ref().to_vec());
    }
    let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der).or(Err(CredentialProblem::KeyKind))?;
    Ok(pair.public_key().as_ref().to_vec())
}

/// The first PEM block, if it is of this kind.
fn first_block(text: &str, label: &str) -> Option<Pem> {
    let block = Pem::iter_from_buffer(text.as_bytes()).next()?.ok()?;
    (block.label == label).then_some(block)
}

/// Whether a connection's key and certificate can be used, as far as there are any: for saving it.
pub fn check_credential(secrets: &ConnectionSecrets) -> Result<(), CredentialProblem> {
    let public = secrets.private_key.as_ref().map(public_of).transpose()?;
    let certificate = secrets.certificate.as_deref().map(Certificate::parse).transpose()?;
    match (public, certificate) {
        (Some(public), Some(certificate)) if public != certificate.public => Err(CredentialProblem::NotTogether),
        (None, Some(_)) => Err(CredentialProblem::NoKey),
        (Some(_), Some(_)) | (_, None) => Ok(()),
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

    /// A key of this kind with a certificate that ends on 2027-03-01.
    pub(crate) fn certified(algorithm: &'static rcgen::SignatureAlgorithm) -> ConnectionSecrets {
        let pair = rcgen::KeyPair::generate_for(algorithm).unwrap();
        let mut parameters = rcgen::CertificateParams::new(vec!["gantry.example".to_owned()]).unwrap();
        parameters.not_after = rcgen::date_time_ymd(2027, 3, 1);
        let certificate = parameters.self_signed(&pair).unwrap().pem();
        ConnectionSecrets { client_secret: None, private_key: Some(Secret::new(pair.serialize_pem())), certificate: Some(certificate) }
    }

    #[test]
    fn a_certificate_tells_its_end_and_belongs_to_one_key() {
        for algorithm in [&rcgen::PKCS_RSA_SHA256, &rcgen::PKCS_ECDSA_P256_SHA256, &rcgen::PKCS_ED25519] {
            let secrets = certified(algorithm);
            assert_eq!(check_credential(&secrets), Ok(()));
            assert_eq!(credential_expiry(&secrets).map(Timestamp::to_rfc3339).as_deref(), Some("2027-03-01T00:00:00Z"));
            let mixed = ConnectionSecrets { certificate: certified(algorithm).certificate, ..secrets };
            assert_eq!(check_credential(&mixed), Err(CredentialProblem::NotTogether));
        }
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        let good = certified(&rcgen::PKCS_ECDSA_P256_SHA256);
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
