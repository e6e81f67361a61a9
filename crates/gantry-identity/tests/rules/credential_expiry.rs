//! Who is told before a connection's credential ends, and how often.

use std::time::Duration;

use gantry_core::audit::AuditEvent;
use gantry_core::connection::{Connection, ConnectionSettings};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::id::ConnectionId;
use gantry_core::outbox::MailKind;
use gantry_identity::credential_expiry::{THRESHOLDS, tell};

use crate::world::World;

const DAY: u64 = 24 * 60;

/// One round of the job; in how many days the mails of it say that the credential ends.
async fn round(world: &World) -> Vec<u32> {
    for ahead in THRESHOLDS {
        for connection in world.store.platform().expiring_connections(world.now(), ahead, 10).await.unwrap() {
            tell(&world.store, &connection, ahead, world.now()).await.unwrap();
        }
    }
    let days = |kind: MailKind| if let MailKind::CredentialExpires { days, .. } = kind { days } else { panic!("another mail") };
    world.mails().await.into_iter().map(|mail| days(mail.kind)).collect()
}

#[tokio::test]
async fn contacts_are_told_once_for_each_threshold() {
    let world = World::new().await;
    let connection = Connection {
        id: ConnectionId::new(),
        realm_id: world.realm.id,
        slug: "entra".to_owned(),
        name: "Entra".to_owned(),
        kind: ConnectorKind::Microsoft,
        owner: None,
        settings: ConnectionSettings {
            contacts: vec!["it@alder.example".to_owned(), "nobody".to_owned()],
            ..ConnectionSettings::default()
        },
        credential_expires_at: Some(world.now().plus(Duration::from_mins(90 * DAY))),
        not_before: None,
        disabled_at: None,
        created_at: world.now(),
    };
    let write = async |tx: &gantry_store::RealmTx| Ok(tx.connections().insert(&connection).await?);
    assert!(world.store.transact(world.realm.id, write).await.unwrap());
    let mut told = Vec::new();
    for _ in 0..92 {
        told.extend(round(&world).await);
        told.extend(round(&world).await);
        world.advance(DAY);
    }
    assert_eq!(told.len(), 4, "{told:?}");
    assert!(told.iter().zip([60, 30, 7, 1]).all(|(days, threshold)| *days <= threshold), "{told:?}");
    let lines = world.store.read(world.realm.id).audit().list(None, 1000).await.unwrap();
    assert_eq!(lines.iter().filter(|line| line.event == AuditEvent::CredentialExpires).count(), 4);
}
