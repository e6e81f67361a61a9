//! What each method must refuse, and what it must let through, on a real store.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gantry_core::address::PublicUrl;
use gantry_core::audit::Origin;
use gantry_core::parameters::Parameters;

use super::*;
use crate::client_request::ServedRealm;
use crate::samples;
use ClientAuthMethod::{ClientSecretBasic, ClientSecretPost, None as Nothing, PrivateKeyJwt};

fn read_with(headers: &[&[u8]], form: &str) -> Result<Presented, Refusal> {
    let snapshot = samples::realm();
    let address = PublicUrl::parse("http://localhost:8080").unwrap().address_of(&snapshot.realm);
    let parameters = Parameters::parse(form).unwrap();
    let origin = Origin::default();
    let authorization: Vec<Vec<u8>> = headers.iter().map(|header| header.to_vec()).collect();
    let realm = ServedRealm { snapshot: &snapshot, address: &address };
    read(ClientRequest { realm, authorization: &authorization, parameters: &parameters, origin: &origin })
}

fn basic(credentials: &str) -> Vec<u8> {
    format!("Basic {}", STANDARD.encode(credentials)).into_bytes()
}

#[test]
fn cli_01_two_methods_are_refused_before_any_is_tried() {
    let header = basic("app:secret");
    for (authorization, form) in [
        (&[header.as_slice()][..], "client_id=app&client_secret=secret"),
        (&[header.as_slice()], "client_assertion=x"),
        (&[header.as_slice()], "client_assertion_type=x"),
        (&[], "client_id=app&client_secret=s&client_assertion=x"),
        (&[header.as_slice(), header.as_slice()], ""),
        (&[b"Bearer x"], "client_id=app&client_secret=s"),
    ] {
        assert_eq!(read_with(authorization, form).unwrap_err().code, ErrorCode::InvalidRequest, "{form}");
    }
    assert!(read_with(&[&header], "client_id=app").is_ok());
    assert_eq!(read_with(&[&header], "client_id=other").unwrap_err().code, ErrorCode::InvalidClient);
}

#[test]
fn cli_11_malformed_headers_are_refused() {
    let long = basic(&"a".repeat(64 * 1024));
    for header in [
        &b"Basic"[..],
        b"Basic ",
        b"Basic !!!",
        b"Basic YXBw",
        b"Bearer abc",
        b"\xff\xfe",
        &basic("app\0:secret"),
        &basic("app"),
        &basic("\u{e9}:secret"),
        &basic("%FF:secret"),
        &long,
    ] {
        assert_eq!(read_with(&[header], "").unwrap_err().code, ErrorCode::InvalidClient, "{header:?}");
    }
}

#[test]
fn cli_11_form_encoded_credentials_are_decoded() {
    let presented = read_with(&[&basic("my%3Aapp:a%2Bb+c%3A:d")], "").unwrap();
    assert_eq!(presented.client_id, "my:app");
    assert!(matches!(presented.proof, Proof::Basic(secret) if secret.expose() == "a+b c::d"));
}

#[test]
fn nobody_at_all_is_refused() {
    for form in ["", "client_id=", "client_secret=x", "client_assertion=x&client_assertion_type=x"] {
        assert_eq!(read_with(&[], form).unwrap_err().code, ErrorCode::InvalidClient, "{form}");
    }
}

#[test]
fn cli_02_policy_is_judged_on_the_method() {
    let may = |kind, registered, secrets: usize, method| {
        let mut client = samples::client(kind);
        client.auth_method = registered;
        let secrets = (0..secrets).map(|_| samples::secret(&client).0).collect();
        may_use(&ClientSnapshot { client, secrets, publisher: None }, method)
    };
    for method in ClientAuthMethod::ALL.iter().copied() {
        let secret = matches!(method, ClientSecretBasic | ClientSecretPost);
        assert_eq!(may(ClientKind::Confidential, None, 1, method), secret);
        assert_eq!(may(ClientKind::Machine, None, 1, method), secret);
        assert_eq!(may(ClientKind::Public, None, 0, method), method == Nothing);
        assert_eq!(may(ClientKind::Development, None, 0, method), method == Nothing);
        assert_eq!(may(ClientKind::Development, None, 1, method), secret);
        assert_eq!(may(ClientKind::Confidential, Some(PrivateKeyJwt), 1, method), method == PrivateKeyJwt);
    }
}

#[test]
fn an_expired_secret_no_longer_works() {
    let client = samples::client(ClientKind::Confidential);
    let (mut stored, secret) = samples::secret(&client);
    let (other, _) = samples::secret(&client);
    let now = samples::NOW;
    assert!(secret::check(&[other.clone(), stored.clone()], &secret, now).is_some());
    stored.expires_at = Some(now);
    assert!(secret::check(&[other, stored], &secret, now).is_none());
}

#[test]
fn an_authenticated_client_knows_how() {
    let snapshot = Arc::new(ClientSnapshot { client: samples::client(ClientKind::Public), secrets: Vec::new(), publisher: None });
    assert!(!AuthenticatedClient::assumed(Arc::clone(&snapshot), Nothing).has_proved_itself());
    assert!(AuthenticatedClient::assumed(snapshot, PrivateKeyJwt).has_proved_itself());
}
