//! The console's own client: each realm has it as soon as somebody signs in from there to the console.
//!
//! Part of Gantry: nobody registers, edits or removes it, no realm file names it, and nobody is asked for a consent
//! (attack catalogue TEN-04). Its codes go to the console's one address on the public URL.

use gantry_core::client::{Client, ClientKind, ClientPolicy};
use gantry_core::client_auth_method::ClientAuthMethod;
use gantry_core::clock::Timestamp;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::grant_type::GrantType;
use gantry_core::id::{ClientId, RealmId};
use gantry_core::realm::RefreshIssuance;
use gantry_core::scope_set::ScopeSet;
use gantry_store::{RealmTx, Store};

/// Its `client_id` in every realm.
pub const CLIENT_ID: &str = "gantry-console";

/// What it asks for.
pub const SCOPES: [&str; 3] = ["openid", "profile", "email"];

/// Sees to it that a realm has the client, and that its answers go to this address. Called again, or by two nodes at
/// once, it changes nothing more.
pub async fn ensure(store: &Store, realm: RealmId, redirect_uri: &str, now: Timestamp) -> Result<(), Failure> {
    if let Some(known) = store.snapshots().client(realm, CLIENT_ID).await?
        && known.client.built_in
        && known.client.redirect_uris == [redirect_uri]
    {
        return Ok(());
    }
    store.transact(realm, async |tx| write(tx, redirect_uri, now).await).await
}

async fn write(tx: &RealmTx, redirect_uri: &str, now: Timestamp) -> Result<(), Failure> {
    match tx.clients().find_by_client_id(CLIENT_ID).await? {
        Some(known) if known.built_in && known.redirect_uris == [redirect_uri] => Ok(()),
        Some(known) if known.built_in => {
            tx.clients().update(&Client { redirect_uris: vec![redirect_uri.to_owned()], ..known }).await?;
            Ok(())
        }
        None if tx.clients().insert(&client(tx.realm_id(), redirect_uri, now)).await? => Ok(()),
        // Another node was faster, or an app of that name is there or was.
        None if tx.clients().find_by_client_id(CLIENT_ID).await?.is_some_and(|client| client.built_in) => Ok(()),
        Some(_) | None => Err(taken()),
    }
}

fn taken() -> Failure {
    Refusal::new(ErrorCode::Conflict, "An app of this realm has or had the client_id of the console").into()
}

fn client(realm_id: RealmId, redirect_uri: &str, now: Timestamp) -> Client {
    Client {
        id: ClientId::new(),
        realm_id,
        client_id: CLIENT_ID.to_owned(),
        kind: ClientKind::Public,
        name: "Gantry".to_owned(),
        description: String::new(),
        publisher_id: None,
        website: None,
        redirect_uris: vec![redirect_uri.to_owned()],
        post_logout_redirect_uris: Vec::new(),
        grant_types: vec![GrantType::AuthorizationCode],
        scopes: ScopeSet::from_names(SCOPES),
        resources: Vec::new(),
        default_resource: None,
        auth_method: Some(ClientAuthMethod::None),
        jwks: None,
        jwks_uri: None,
        introspects: None,
        policy: ClientPolicy {
            refresh_issuance: Some(RefreshIssuance::Never),
            first_party: true,
            require_state: true,
            ..ClientPolicy::default()
        },
        built_in: true,
        consent_version: 1,
        version: 1,
        not_before: None,
        disabled_at: None,
        created_at: now,
    }
}
