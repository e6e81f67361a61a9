//! What a session says that began with somebody else's server, and what it owes to it.

use gantry_core::connection::ConnectionSettings;
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::external_identity::{AssertedEmail, ExternalIdentity};
use gantry_core::session::{Acr, AuthMethod};

use crate::provider::{by, person};
use crate::upstream::plain;
use crate::world::{Browser, World};

#[tokio::test]
async fn fed_17_a_session_claims_no_more_than_a_trusted_provider_proved() {
    let world = World::new().await;
    let doubted = world.connection("doubted", ConnectorKind::Google, plain()).await;
    let settings = ConnectionSettings { trust_authentication: true, ..plain() };
    let trusted = world.connection("trusted", ConnectorKind::Google, settings).await;
    let with =
        |subject: &str| by(&[AuthMethod::Password, AuthMethod::Mfa, AuthMethod::Mfa], person(subject, &format!("{subject}@gmail.com")));
    let session = world.federate(&doubted, &mut Browser::new(), with("alice")).await.session;
    assert_eq!((session.acr(), session.methods), (Acr::One, vec![AuthMethod::Federated]));
    let session = world.federate(&trusted, &mut Browser::new(), person("bob", "bob@gmail.com")).await.session;
    assert_eq!((session.acr(), session.methods), (Acr::One, vec![AuthMethod::Federated]));
    let session = world.federate(&trusted, &mut Browser::new(), with("carol")).await.session;
    assert_eq!(session.acr(), Acr::Two);
    assert_eq!(session.methods, [AuthMethod::Federated, AuthMethod::Password, AuthMethod::Mfa]);
}

#[tokio::test]
async fn fed_17_an_old_proof_there_is_no_new_one_here() {
    let world = World::new().await;
    let settings = ConnectionSettings { trust_authentication: true, ..plain() };
    let trusted = world.connection("trusted", ConnectorKind::Google, settings).await;
    let doubted = world.connection("doubted", ConnectorKind::Google, plain()).await;
    let at = |minutes| ExternalIdentity { authenticated_at: Some(world.minutes_ago(minutes)), ..person("1", "alice@gmail.com") };
    let before = world.now();
    let old = at(60);
    let said = old.authenticated_at.unwrap();
    let session = world.federate(&trusted, &mut Browser::new(), old).await.session;
    assert_eq!(session.authenticated_at, said);
    // Meanwhile or in the future: it was on this very way.
    for minutes in [0, -5] {
        let session = world.federate(&trusted, &mut Browser::new(), at(minutes)).await.session;
        assert!(session.authenticated_at >= before && session.authenticated_at <= world.now());
    }
    let session = world
        .federate(
            &doubted,
            &mut Browser::new(),
            ExternalIdentity {
                subject: "2".to_owned(),
                ..{
                    let mut other = at(60);
                    other.email = Some(AssertedEmail { address: "bob@gmail.com".to_owned(), verified: true, because: String::new() });
                    other
                }
            },
        )
        .await
        .session;
    assert!(session.authenticated_at < before, "an older proof needs no trust");
}

#[tokio::test]
async fn a_session_owes_its_provider_no_more_than_the_connection_keeps() {
    let world = World::new().await;
    let keeps = |keep_tokens, sign_out_upstream, liveness_interval| ConnectionSettings {
        keep_tokens,
        sign_out_upstream,
        liveness_interval,
        ..ConnectionSettings::default()
    };
    let cases = [
        (keeps(false, false, None), (false, false, false, false)),
        (keeps(true, false, None), (true, true, false, false)),
        (keeps(false, true, None), (false, false, true, false)),
        (keeps(false, false, Some(600)), (false, true, false, true)),
    ];
    for (index, (settings, expected)) in cases.into_iter().enumerate() {
        let name = format!("google{index}");
        let google = world.connection(&name, ConnectorKind::Google, settings).await;
        let session = world.federate(&google, &mut Browser::new(), person(&name, &format!("{name}@gmail.com"))).await.session;
        assert_eq!(session.connection_id, Some(google.id));
        let upstream = world.store.read(world.realm.id).upstream_sessions().find(session.id).await.unwrap().unwrap();
        let tokens = &upstream.tokens;
        let kept = (tokens.access_token.is_some(), tokens.refresh_token.is_some(), tokens.id_token.is_some(), upstream.check_at.is_some());
        assert_eq!(kept, expected, "{index}");
        assert_eq!(upstream.upstream_sid.as_deref(), Some("sid-1"));
    }
}
