//! What apps prove themselves by: secrets and App Keys. Each is shown once, in the answer that makes it.

use gantry_core::admin_scope::AdminScope::{ClientsRead, ClientsWrite};
use gantry_core::app_key::AppKey;
use gantry_core::client::ClientSecret;
use gantry_core::clock::Timestamp;
use gantry_core::failure::Failure;
use gantry_oauth::{app_keys, clients};
use gantry_realm_file::{SecretText, document, entry};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::call::{Call, Listed};
use super::operation::Operation;
use super::reply::Reply;
use super::stored::{Stored, instant, refuse_change, sent};

const SECRETS: &str = "/realms/{realm}/clients/{client}/secrets";
const SECRET_END: &str = "/realms/{realm}/clients/{client}/secrets/{secret}/expire";
const KEYS: &str = "/realms/{realm}/clients/{client}/app-keys";
const KEY: &str = "/realms/{realm}/clients/{client}/app-keys/{app_key}";

/// What is known of a secret.
#[derive(Debug, Serialize, JsonSchema)]
struct KnownSecret {
    /// Its id.
    id: String,
    /// Its last four characters.
    last_four: String,
    /// When it was made.
    created_at: String,
    /// When it was last used, to the hour.
    last_used_at: Option<String>,
    /// When it stops working.
    expires_at: Option<String>,
}

/// A secret to be made.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewSecret {
    /// A secret of at least 32 characters that is brought along; one is made if it is left out.
    #[serde(default)]
    client_secret: Option<SecretText>,
}

/// When something ends.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct End {
    /// The instant, as `2027-01-31T12:00:00Z`; now if it is left out. Never later than was said before.
    #[serde(default)]
    expires_at: Option<String>,
}

type Key = Stored<document::AppKey>;

pub(super) fn operations() -> Vec<Operation> {
    let mut all = secret_operations();
    all.extend(key_operations());
    all
}

fn secret_operations() -> Vec<Operation> {
    vec![
        Operation::post(SECRETS, "createClientSecret", ClientsWrite)
            .says(
                "Add a secret",
                "Two work at the same time, so that an app can change over. One that is made is shown this once, as `client_secret`.",
            )
            .takes::<NewSecret>(json!({}))
            .answers::<KnownSecret>()
            .captures_as(&[("secret", "/id")])
            .does(|call| Box::pin(add_secret(call))),
        Operation::get(SECRETS, "listClientSecrets", ClientsRead)
            .says("List what is known of an app's secrets", "Newest first, those that have ended included.")
            .answers::<Listed<KnownSecret>>()
            .does(|call| Box::pin(list_secrets(call))),
        Operation::act(SECRET_END, "expireClientSecret", ClientsWrite)
            .says("End a secret", "Now, or when the app will have changed over.")
            .takes::<End>(json!({ "expires_at": "2027-01-31T12:00:00Z" }))
            .answers::<Listed<KnownSecret>>()
            .does(|call| Box::pin(expire_secret(call))),
    ]
}

fn key_operations() -> Vec<Operation> {
    vec![
        Operation::post(KEYS, "createAppKey", ClientsWrite)
            .says("Make an App Key", "One that is not brought along as `key` is made and shown this once.")
            .takes::<document::AppKey>(json!({ "name": "Stock feed", "scopes": ["shipments:read"] }))
            .answers::<Key>()
            .captures_as(&[("app_key", "/id")])
            .does(|call| Box::pin(make_key(call))),
        Operation::get(KEYS, "listAppKeys", ClientsRead)
            .says("List an app's App Keys", "By name.")
            .answers::<Listed<Key>>()
            .does(|call| Box::pin(list_keys(call))),
        Operation::get(KEY, "getAppKey", ClientsRead)
            .says("Get an App Key", "Never the key itself.")
            .answers::<Key>()
            .does(|call| Box::pin(get_key(call))),
        Operation::patch(KEY, "updateAppKey", ClientsWrite)
            .says("Change an App Key", "What it is called, may do, and when it ends; the key itself stays.")
            .takes::<document::AppKey>(json!({ "name": "Stock feed, nightly" }))
            .answers::<Key>()
            .does(|call| Box::pin(update_key(call))),
        Operation::delete(KEY, "deleteAppKey", ClientsWrite)
            .says("End an App Key", "From this answer on nobody can use it.")
            .does(|call| Box::pin(revoke_key(call))),
    ]
}

fn known(secret: &ClientSecret) -> KnownSecret {
    KnownSecret {
        id: secret.id.to_string(),
        last_four: secret.last_four.clone(),
        created_at: secret.created_at.to_rfc3339(),
        last_used_at: secret.last_used_at.map(Timestamp::to_rfc3339),
        expires_at: secret.expires_at.map(Timestamp::to_rfc3339),
    }
}

async fn add_secret(call: &Call) -> Result<Reply, Failure> {
    let (client, body) = (call.id("client")?, call.body::<NewSecret>()?);
    let brought = body.client_secret.as_ref().map(|text| sent("client_secret", text)).transpose()?;
    call.transact(async |tx| {
        if let Some(secret) = brought {
            let stored = clients::bring_secret(tx, call.actor, client, &secret, call.now).await?;
            return Ok(Reply::created(call.below(&stored.id), &known(&stored))?);
        }
        let (stored, secret) = clients::add_secret(tx, call.actor, client, call.now).await?;
        Ok(Reply::created(call.below(&stored.id), &known(&stored))?.with("client_secret", &secret.expose())?)
    })
    .await
}

async fn list_secrets(call: &Call) -> Result<Reply, Failure> {
    let secrets = clients::secrets(&call.read()?, call.actor, call.id("client")?).await?;
    Ok(Reply::of(&Listed::whole(secrets.iter().map(known).collect()))?)
}

async fn expire_secret(call: &Call) -> Result<Reply, Failure> {
    let (client, secret, body) = (call.id("client")?, call.id("secret")?, call.body::<End>()?);
    let at = body.expires_at.as_deref().map(|text| instant("expires_at", text)).transpose()?.unwrap_or(call.now);
    call.transact(async |tx| {
        clients::expire_secret(tx, call.actor, client, secret, at.max(call.now), call.now).await?;
        let secrets = clients::secrets(tx, call.actor, client).await?;
        Ok(Reply::of(&Listed::whole(secrets.iter().map(known).collect()))?)
    })
    .await
}

fn write(key: &AppKey) -> Key {
    Stored::new(&key.id, key.created_at, entry::app_key(key, &key.scopes))
}

fn check_end(body: &document::AppKey) -> Result<(), Failure> {
    body.expires_at.as_deref().map(|text| instant("expires_at", text)).transpose().map(|_| ())
}

async fn make_key(call: &Call) -> Result<Reply, Failure> {
    let (client, body) = (call.id("client")?, call.body::<document::AppKey>()?);
    check_end(&body)?;
    let brought = body.key.as_ref().map(|text| sent("key", text)).transpose()?;
    let settings = entry::app_key_settings(&body);
    call.transact(async |tx| {
        if let Some(key) = brought {
            let stored = app_keys::bring(tx, call.actor, client, settings, &key, call.now).await?;
            return Ok(Reply::created(call.below(&stored.id), &write(&stored))?);
        }
        let (stored, key) = app_keys::make(tx, call.actor, client, settings, call.now).await?;
        Ok(Reply::created(call.below(&stored.id), &write(&stored))?.with("key", &key.expose())?)
    })
    .await
}

async fn list_keys(call: &Call) -> Result<Reply, Failure> {
    let keys = app_keys::list(&call.read()?, call.actor, call.id("client")?).await?;
    Ok(Reply::of(&Listed::whole(keys.iter().map(write).collect()))?)
}

async fn get_key(call: &Call) -> Result<Reply, Failure> {
    let key = app_keys::find(&call.read()?, call.actor, call.id("client")?, call.id("app_key")?).await?;
    Ok(Reply::of(&write(&key))?)
}

async fn update_key(call: &Call) -> Result<Reply, Failure> {
    let (client, id) = (call.id("client")?, call.id("app_key")?);
    call.transact(async |tx| {
        let before = write(&app_keys::find(tx, call.actor, client, id).await?);
        call.check_match(&before)?;
        let body: document::AppKey = call.patched(&before.entry)?;
        refuse_change("key", body.key.is_some(), "never changes")?;
        check_end(&body)?;
        let changed = app_keys::update(tx, call.actor, client, id, entry::app_key_settings(&body), call.now).await?;
        Ok(Reply::of(&write(&changed))?)
    })
    .await
}

async fn revoke_key(call: &Call) -> Result<Reply, Failure> {
    let (client, id) = (call.id("client")?, call.id("app_key")?);
    call.transact(async |tx| {
        if call.has_match() {
            call.check_match(&write(&app_keys::find(tx, call.actor, client, id).await?))?;
        }
        app_keys::revoke(tx, call.actor, client, id, call.now).await?;
        Ok(Reply::nothing())
    })
    .await
}
