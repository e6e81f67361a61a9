//! How Gantry proves itself to a provider's token endpoint (OpenID Connect Core §9).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gantry_core::connection::UpstreamAuth;
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::secret::Secret;
use gantry_core::sign_in_trace::SignInProblem;
use serde_json::{Map, json};
use url::form_urlencoded::byte_serialize;

use crate::assertion::{AssertionKey, client_assertion};
use crate::connector::Failed;
use crate::line::Line;
use crate::provider::{apple, microsoft};

/// The one `client_assertion_type` (RFC 7523 §2.2).
pub(crate) const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// What goes into a request beside its own fields.
#[derive(Debug, Default)]
pub(crate) struct Proof {
    pub(crate) fields: Vec<(&'static str, Secret)>,
    pub(crate) authorization: Option<Secret>,
}

/// The connection's way: the configured one, else the kind's, else what its secrets allow.
pub(crate) fn method(line: &Line<'_>) -> UpstreamAuth {
    let secrets = &line.registration.secrets;
    line.settings().client_auth.or(line.defaults.client_auth).unwrap_or_else(|| {
        // Nobody has a certificate for anything else.
        if secrets.certificate.is_some() {
            UpstreamAuth::PrivateKeyJwt
        } else if secrets.client_secret.is_some() {
            UpstreamAuth::ClientSecretBasic
        } else if secrets.private_key.is_some() {
            UpstreamAuth::PrivateKeyJwt
        } else {
            UpstreamAuth::None
        }
    })
}

/// The proof for a request to this token endpoint. `audience` is what an assertion is made out to, if the connection has
/// an issuer.
pub(crate) fn prove(line: &Line<'_>, endpoint: &str, audience: Option<&str>) -> Result<Proof, Failed> {
    let lacking = |what: &str| Failed::new(SignInProblem::Misconfigured, format!("the connection has no {what}"));
    let secrets = &line.registration.secrets;
    let client_id = line.client_id()?;
    let secret = || secrets.client_secret.as_ref().ok_or_else(|| lacking("client secret"));
    let named = || vec![("client_id", Secret::new(client_id))];
    let kind = line.connection().kind;
    if kind == ConnectorKind::Apple {
        return Ok(with_secret(client_id, apple::client_secret(line.settings(), secrets, line.now())?));
    }
    match method(line) {
        UpstreamAuth::PrivateKeyJwt if kind == ConnectorKind::Microsoft => microsoft::prove(line, endpoint),
        UpstreamAuth::None => Ok(Proof { fields: named(), authorization: None }),
        UpstreamAuth::ClientSecretBasic => Ok(Proof { fields: Vec::new(), authorization: Some(basic(client_id, secret()?)) }),
        UpstreamAuth::ClientSecretPost => Ok(with_secret(client_id, secret()?.clone())),
        UpstreamAuth::PrivateKeyJwt => {
            let key = AssertionKey::read(secrets.private_key.as_ref().ok_or_else(|| lacking("private key"))?)?;
            let audience = audience.ok_or_else(|| lacking("issuer to make an assertion out to"))?;
            let header = Map::from_iter([("kid".to_owned(), json!(key.thumbprint()))]);
            Ok(with_assertion(client_id, client_assertion(line, audience, header, &key)?))
        }
    }
}

/// A secret in the body (RFC 6749 §2.3.1), also one made for the occasion, as Apple wants it.
pub(crate) fn with_secret(client_id: &str, secret: Secret) -> Proof {
    Proof { fields: vec![("client_id", Secret::new(client_id)), ("client_secret", secret)], authorization: None }
}

/// An assertion in the body (RFC 7523 §2.2).
pub(crate) fn with_assertion(client_id: &str, assertion: Secret) -> Proof {
    let fields = vec![
        ("client_id", Secret::new(client_id)),
        ("client_assertion_type", Secret::new(ASSERTION_TYPE)),
        ("client_assertion", assertion),
    ];
    Proof { fields, authorization: None }
}

/// The secret in the header; both halves form-encoded first, as RFC 6749 §2.3.1 says and many forget.
fn basic(client_id: &str, secret: &Secret) -> Secret {
    let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    let pair = format!("{}:{}", encoded(client_id), encoded(secret.expose()));
    Secret::new(format!("Basic {}", STANDARD.encode(pair)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_halves_of_basic_are_encoded() {
        let header = basic("app:one", &Secret::new("p+w d%/ä"));
        let decoded = STANDARD.decode(header.expose().strip_prefix("Basic ").unwrap()).unwrap();
        assert_eq!(String::from_utf8(decoded).unwrap(), "app%3Aone:p%2Bw+d%25%2F%C3%A4");
    }
}
