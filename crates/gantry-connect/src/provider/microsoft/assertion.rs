//! How Gantry proves itself to Entra ID with a certificate instead of a secret (`private_key_jwt`).
//!
//! The form is Microsoft's: PS256, the certificate's SHA-256 thumbprint as `x5t#S256`, at most ten minutes. `aud` is
//! the token endpoint, which Microsoft demands, where other connections name the issuer. That a captured assertion is
//! useless elsewhere (attack catalogue FED-04) holds all the same: `aud` is the very address that it is sent to, so that
//! whoever gets it has it made out to themself, and the key and its certificate belong to this connection alone.
//!
//! Source: Microsoft identity platform, «Application authentication certificate credentials» (`certificate-credentials`).

use gantry_core::connection::ConnectionSecrets;
use gantry_core::sign_in_trace::SignInProblem;
use serde_json::{Map, Value, json};

use crate::assertion::{AssertionKey, client_assertion};
use crate::client_auth::{Proof, with_assertion};
use crate::connector::Failed;
use crate::credential::{Certificate, check_credential};
use crate::line::Line;

/// The proof for a request to this token endpoint.
pub(crate) fn prove(line: &Line<'_>, token_endpoint: &str) -> Result<Proof, Failed> {
    let (header, key) = signing(&line.registration.secrets)?;
    Ok(with_assertion(line.client_id()?, client_assertion(line, token_endpoint, header, &key)?))
}

/// The key, and the header that names its certificate.
fn signing(secrets: &ConnectionSecrets) -> Result<(Map<String, Value>, AssertionKey), Failed> {
    let misconfigured = |detail: String| Failed::new(SignInProblem::Misconfigured, detail);
    let (Some(key), Some(certificate)) = (&secrets.private_key, &secrets.certificate) else {
        return Err(misconfigured("Entra ID knows a key by its certificate, and the connection lacks one of them".to_owned()));
    };
    check_credential(secrets).map_err(|problem| misconfigured(problem.to_string()))?;
    let certificate = Certificate::parse(certificate).map_err(|problem| misconfigured(problem.to_string()))?;
    let key = AssertionKey::read(key)?.with_pss();
    if key.algorithm() != jsonwebtoken::Algorithm::PS256 {
        return Err(misconfigured("Entra ID takes no other keys than RSA".to_owned()));
    }
    Ok((Map::from_iter([("x5t#S256".to_owned(), json!(certificate.thumbprint()))]), key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credential::tests::certified;
    use gantry_core::secret::{Digest, Secret};

    #[test]
    fn fed_04_the_header_names_the_connections_own_certificate() {
        let secrets = certified(&rcgen::PKCS_RSA_SHA256);
        let (header, _) = signing(&secrets).unwrap();
        let pem = secrets.certificate.unwrap();
        let der = x509_parser::pem::Pem::iter_from_buffer(pem.as_bytes()).next().unwrap().unwrap().contents;
        assert_eq!(header, *json!({ "x5t#S256": Digest::of(&der).to_text() }).as_object().unwrap());
    }

    #[test]
    fn without_a_fitting_certificate_there_is_no_assertion() {
        let good = certified(&rcgen::PKCS_RSA_SHA256);
        let other = certified(&rcgen::PKCS_RSA_SHA256);
        for bad in [
            ConnectionSecrets { certificate: other.certificate, ..good.clone() },
            ConnectionSecrets { certificate: None, ..good.clone() },
            ConnectionSecrets { private_key: None, ..good.clone() },
            ConnectionSecrets { private_key: Some(Secret::new("x")), ..good },
            certified(&rcgen::PKCS_ECDSA_P256_SHA256),
        ] {
            assert_eq!(signing(&bad).err().unwrap().problem, SignInProblem::Misconfigured);
        }
    }
}
