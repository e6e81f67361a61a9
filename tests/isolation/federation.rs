//! What a realm gives out to people who sign in with somebody else's server: a connection, a conversation that has
//! begun, what waits for a proof, and an account there that is linked.

use std::collections::BTreeMap;

use gantry_core::action_link::{Action, ActionLink};
use gantry_core::clock::{Clock as _, Timestamp};
use gantry_core::connection::{Connection, ConnectionSettings};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::email_address::EmailAddress;
use gantry_core::external_identity::{ExternalIdentity, Groups, UserIdentity};
use gantry_core::id::{ActionLinkId, AttemptId, ConnectionId, IdentityId, PendingLinkId, TraceId, UserId};
use gantry_core::realm::{Realm, seconds};
use gantry_core::secret::{Secret, SecretKind};
use gantry_core::sign_in_attempt::{AttemptPurpose, PendingLink, SignInAttempt};
use gantry_core::user::{Profile, User};
use gantry_store::{RealmTx, Store};

use crate::support::Gantry;

/// What a realm's connection is called.
pub(super) fn connection_of(slug: &str) -> String {
    format!("hub-of-{slug}")
}

/// Gives a realm a connection.
pub(super) async fn add_connection(gantry: &Gantry, slug: &str) {
    let realm = gantry.store.snapshots().realm_by_slug(slug).await.unwrap().unwrap().realm.id;
    let settings = ConnectionSettings { client_id: Some("gantry".to_owned()), ..ConnectionSettings::default() };
    let connection = Connection {
        id: ConnectionId::new(),
        realm_id: realm,
        slug: connection_of(slug),
        name: "Hub".to_owned(),
        kind: ConnectorKind::Github,
        owner: None,
        settings,
        credential_expires_at: None,
        not_before: None,
        disabled_at: None,
        created_at: gantry.clock.now(),
    };
    let work = async |tx: &RealmTx| Ok(tx.connections().insert(&connection).await?);
    assert!(gantry.store.transact(realm, work).await.unwrap());
}

/// Adds what a person of the realm got from a conversation with its provider.
pub(super) async fn add(store: &Store, realm: &Realm, user: &User, things: &mut BTreeMap<&'static str, String>, now: Timestamp) {
    let connection = store.read(realm.id).connections().find_by_slug(&connection_of(&realm.slug)).await.unwrap().unwrap();
    let browser = Secret::new(things["flow_browser"].as_str()).digest();
    let (state, until) = (SecretKind::UpstreamState.generate(), now.plus(seconds(600)));
    let attempt = SignInAttempt {
        id: AttemptId::new(),
        realm_id: realm.id,
        connection_id: connection.id,
        state: state.digest(),
        browser,
        nonce: "nonce".to_owned(),
        verifier: Secret::new("v".repeat(43)),
        purpose: AttemptPurpose::SignIn,
        request: None,
        tenant: None,
        remember: false,
        max_age: None,
        trace: TraceId::new(),
        created_at: now,
        expires_at: until,
    };
    let link = PendingLink {
        id: PendingLinkId::new(),
        realm_id: realm.id,
        browser,
        connection_id: connection.id,
        identity: stranger(),
        user_id: Some(user.id),
        request: None,
        tenant: None,
        remember: false,
        trace: TraceId::new(),
        created_at: now,
        expires_at: until,
    };
    let linked = linked(connection.id, user, now);
    let email = EmailAddress::parse("somebody@elsewhere.example").unwrap();
    let (proof, proof_link) = link_for(realm, Action::ProveAddress { email, link: link.id }, None, now, until);
    let merge = Action::MergeAccounts { from: UserId::new(), browser: browser.to_text() };
    let (merge, merge_link) = link_for(realm, merge, Some(user.id), now, until);
    let work = async |tx: &RealmTx| {
        tx.sign_in_attempts().insert(&attempt).await?;
        tx.pending_links().insert(&link).await?;
        assert!(tx.identities().insert(&linked).await?);
        tx.action_links().insert(&proof_link).await?;
        Ok(tx.action_links().insert(&merge_link).await?)
    };
    store.transact(realm.id, work).await.unwrap();
    things.insert("connection", connection.slug);
    things.insert("upstream_state", state.expose().to_owned());
    things.insert("pending_link", link.id.to_string());
    things.insert("identity_id", linked.id.to_string());
    things.insert("proof_token", proof.expose().to_owned());
    things.insert("merge_token", merge.expose().to_owned());
}

fn linked(connection: ConnectionId, user: &User, now: Timestamp) -> UserIdentity {
    UserIdentity {
        id: IdentityId::new(),
        realm_id: user.realm_id,
        connection_id: connection,
        issuer: "https://github.com".to_owned(),
        subject: user.id.to_string(),
        user_id: user.id,
        email: None,
        directory: None,
        groups: Vec::new(),
        groups_stale_since: None,
        created_at: now,
        last_used_at: now,
    }
}

fn stranger() -> ExternalIdentity {
    ExternalIdentity {
        issuer: "https://github.com".to_owned(),
        subject: "12345".to_owned(),
        email: None,
        profile: Profile::default(),
        groups: Groups::NotSent,
        directory: None,
        guest: false,
        authenticated_at: None,
        methods: Vec::new(),
        acr: None,
        session: None,
        claims: serde_json::Map::new(),
    }
}

fn link_for(realm: &Realm, action: Action, user: Option<UserId>, now: Timestamp, until: Timestamp) -> (Secret, ActionLink) {
    let token = SecretKind::ActionLink.generate();
    let link = ActionLink {
        id: ActionLinkId::new(),
        realm_id: realm.id,
        digest: token.digest(),
        action,
        user_id: user,
        resume: None,
        created_at: now,
        expires_at: until,
        consumed_at: None,
    };
    (token, link)
}
