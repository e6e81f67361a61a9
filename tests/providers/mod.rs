//! What sessions here owe to sessions at providers: sign-outs in both directions, accounts that are asked about, and the
//! provider's own tokens.

mod logout;
mod provider;
mod standing;
mod tokens;
mod traces;

use std::time::Duration;

use gantry_core::clock::Clock as _;
use gantry_core::connection::{Connection, ConnectionSecrets, ConnectionSettings};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::external_identity::{UpstreamTokens, UserIdentity};
use gantry_core::id::{ConnectionId, IdentityId};
use gantry_core::secret::{Secret, SecretKind};
use gantry_core::session::{AuthMethod, Session};
use gantry_core::signing_algorithm::SigningAlgorithm;
use gantry_core::upstream_session::UpstreamSession;

use self::provider::{CLIENT_ID, Provider};
use crate::support::{Browser, Gantry, Person};

/// The refresh token that is kept at first.
const REFRESH: &str = "upstream-refresh-canary";
/// The access token that is kept at first; it ends within the hour.
const ACCESS: &str = "upstream-access-canary";

/// A Gantry with a connection to a provider.
struct Stand {
    gantry: Gantry,
    provider: Provider,
    connection: Connection,
}

impl Stand {
    async fn new() -> Self {
        let (gantry, provider) = (Gantry::start().await, Provider::start(REFRESH));
        let connection = add_connection(&gantry, &provider, "work").await;
        Self { gantry, provider, connection }
    }

    /// Somebody who came through the connection, and their browser.
    async fn signed_in(&self, person: Person, subject: &str, sid: &str) -> (Browser, Session) {
        let (gantry, connection) = (&self.gantry, &self.connection);
        let (user, now, cookie) = (gantry.user(person).await, gantry.clock.now(), SecretKind::Session.generate());
        let mut session = gantry.session(person).await;
        session.id = gantry_core::id::SessionId::new();
        session.digest = cookie.digest();
        session.connection_id = Some(connection.id);
        session.methods = vec![AuthMethod::Federated];
        let identity = UserIdentity {
            id: IdentityId::new(),
            realm_id: user.realm_id,
            connection_id: connection.id,
            issuer: self.provider.origin.clone(),
            subject: subject.to_owned(),
            user_id: user.id,
            email: None,
            directory: None,
            groups: Vec::new(),
            groups_stale_since: None,
            created_at: now,
            last_used_at: now,
        };
        let write = async |tx: &gantry_store::RealmTx| {
            tx.identities().insert(&identity).await?;
            let known = tx.identities().find(connection.id, &identity.issuer, subject).await?.expect("a link");
            let upstream = UpstreamSession {
                session_id: session.id,
                realm_id: user.realm_id,
                connection_id: connection.id,
                identity_id: known.id,
                upstream_sid: Some(sid.to_owned()),
                tokens: UpstreamTokens {
                    access_token: Some(Secret::new(ACCESS)),
                    refresh_token: Some(Secret::new(REFRESH)),
                    id_token: Some(Secret::new("upstream-id-canary")),
                    expires_at: Some(now.plus(Duration::from_mins(30))),
                    scope: Some("mail.read".to_owned()),
                },
                check_at: Some(now.plus(Duration::from_mins(10))),
                created_at: now,
            };
            tx.sessions().insert(&session).await?;
            Ok(tx.upstream_sessions().put(&upstream).await?)
        };
        gantry.store.transact(user.realm_id, write).await.unwrap();
        let browser = Browser::new();
        let host = reqwest::Url::parse(&gantry.base).unwrap().host_str().unwrap().to_owned();
        browser.plant(&host, "__Host-gantry-default-session", cookie.expose());
        (browser, session)
    }

    async fn change(&self, change: impl FnOnce(&mut Connection)) {
        let mut connection = self.connection.clone();
        change(&mut connection);
        self.gantry.store.transact(connection.realm_id, async |tx| Ok(tx.connections().update(&connection).await?)).await.unwrap();
        self.gantry.settle().await;
    }

    async fn is_alive(&self, session: &Session) -> bool {
        let found = self.gantry.store.read(session.realm_id).sessions().find(session.id).await.unwrap().unwrap();
        found.ended_at.is_none()
    }

    /// What is kept of the provider's tokens.
    async fn kept(&self, session: &Session) -> Option<UpstreamSession> {
        self.gantry.store.read(session.realm_id).upstream_sessions().find(session.id).await.unwrap()
    }
}

/// Adds a connection that does everything that this is about.
async fn add_connection(gantry: &Gantry, provider: &Provider, slug: &str) -> Connection {
    let settings = ConnectionSettings {
        client_id: Some(CLIENT_ID.to_owned()),
        issuer: Some(provider.origin.clone()),
        signing_algorithms: vec![SigningAlgorithm::Es256],
        keep_tokens: true,
        sign_out_upstream: true,
        liveness_interval: Some(600),
        ..ConnectionSettings::default()
    };
    let connection = Connection {
        id: ConnectionId::new(),
        realm_id: gantry.realm_id().await,
        slug: slug.to_owned(),
        name: "Work".to_owned(),
        kind: ConnectorKind::Oidc,
        owner: None,
        settings,
        credential_expires_at: None,
        not_before: None,
        disabled_at: None,
        created_at: gantry.clock.now(),
    };
    let secrets = ConnectionSecrets { client_secret: Some(Secret::new("secret-there-canary")), ..ConnectionSecrets::default() };
    let write = async |tx: &gantry_store::RealmTx| {
        assert!(tx.connections().insert(&connection).await?);
        Ok(tx.connections().set_secrets(connection.id, &secrets).await?)
    };
    gantry.store.transact(connection.realm_id, write).await.unwrap();
    gantry.settle().await;
    connection
}
