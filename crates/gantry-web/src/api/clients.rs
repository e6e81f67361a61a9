//! Clients: apps, with their whole registration.

use gantry_core::admin_scope::AdminScope::{ClientsRead, ClientsWrite};
use gantry_core::client::Client;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Failure;
use gantry_core::secret::Secret;
use gantry_oauth::catalogue::Catalogue;
use gantry_oauth::clients::{self, ClientSettings, NewClient};
use gantry_oauth::violation;
use gantry_realm_file::{document, entry};
use gantry_store::RealmTx;
use serde_json::json;

use super::call::{Call, Listed};
use super::operation::Operation;
use super::reply::Reply;
use super::stored::{Stored, refuse_change, sent};

const ALL: &str = "/realms/{realm}/clients";
const ONE: &str = "/realms/{realm}/clients/{client}";

/// How a client can fail to be written, beyond what every record can.
const WRONG: &[ErrorCode] = &[ErrorCode::InvalidClientMetadata, ErrorCode::InvalidRedirectUri];

type App = Stored<document::Client>;

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post(ALL, "createClient", ClientsWrite)
            .says(
                "Register an app",
                "An app that proves itself by a secret and brings none gets one, shown this once as `client_secret`. App Keys are made \
                 at an address of their own.",
            )
            .takes::<document::Client>(json!({
                "name": "Example App",
                "description": "Keeps your books in step with your shipments.",
                "redirect_uris": ["https://app.example/callback"],
                "grant_types": ["authorization_code", "refresh_token", "client_credentials"],
                "scopes": ["openid", "email", "shipments:read"],
            }))
            .answers::<App>()
            .can(WRONG)
            .captures_as(&[("client", "/id")])
            .does(|call| Box::pin(create(call))),
        Operation::get(ALL, "listClients", ClientsRead)
            .says("List apps", "Newest first. Those that are part of Gantry itself are not among them.")
            .paged()
            .narrowed_by("q", "Beginnings of words of the name, the description or the `client_id`.")
            .narrowed_by("kind", "Only those of this kind.")
            .narrowed_by("is", "`enabled` or `disabled`.")
            .narrowed_by("publisher", "Only those of the publisher with this `slug`.")
            .asks("q=example&is=enabled")
            .answers::<Listed<App>>()
            .does(|call| Box::pin(list(call))),
        Operation::get(ONE, "getClient", ClientsRead)
            .says("Get an app", "Never with a secret.")
            .answers::<App>()
            .does(|call| Box::pin(get(call))),
        Operation::patch(ONE, "updateClient", ClientsWrite)
            .says("Change an app", "Switches it off and on too, by `enabled`. Secrets and App Keys have addresses of their own.")
            .takes::<document::Client>(json!({ "description": "Keeps your books in step with your shipments, every night." }))
            .answers::<App>()
            .does(|call| Box::pin(update(call))),
        Operation::delete(ONE, "deleteClient", ClientsWrite)
            .says("Remove an app", "With everything that it was granted. Its `client_id` is never given out again.")
            .does(|call| Box::pin(remove(call))),
    ]
}

fn write(client: &Client, catalogue: &Catalogue) -> App {
    let name = Some(client.client_id.clone());
    Stored::new(&client.id, client.created_at, entry::client(name, &ClientSettings::of(client), client.is_enabled(), catalogue))
}

fn settings(body: &document::Client, catalogue: &Catalogue) -> Result<ClientSettings, Failure> {
    let (settings, wrong) = entry::client_settings(body, catalogue);
    if wrong.is_empty() { Ok(settings) } else { Err(violation::refusal(&wrong).into()) }
}

async fn create(call: &Call) -> Result<Reply, Failure> {
    let body: document::Client = call.body()?;
    refuse_change("app_keys", body.app_keys.is_some(), "have an address of their own")?;
    let both = body.client_secret.is_some() && body.client_secrets.is_some();
    refuse_change("client_secrets", both, "must be left out where `client_secret` is given")?;
    let brought =
        body.given_secrets().map(|texts| texts.into_iter().map(|text| sent("client_secret", text)).collect::<Result<Vec<_>, _>>());
    let brought = brought.transpose()?;
    call.transact(async |tx| {
        let catalogue = Catalogue::load(tx).await?;
        let new = NewClient { client_id: body.client_id.clone(), settings: settings(&body, &catalogue)? };
        let mut made = clients::register(tx, call.actor, new, call.now).await?;
        let shown = secrets(tx, call, &made, brought).await?;
        if !body.enabled {
            made = clients::set_enabled(tx, call.actor, made.id, false, call.now).await?;
        }
        let reply = Reply::created(call.below(&made.id), &write(&made, &catalogue))?;
        Ok(match shown {
            Some(secret) => reply.with("client_secret", &secret.expose())?,
            None => reply,
        })
    })
    .await
}

/// The secrets that were sent, or one that is made and shown.
async fn secrets(tx: &RealmTx, call: &Call, client: &Client, brought: Option<Vec<Secret>>) -> Result<Option<Secret>, Failure> {
    if let Some(brought) = brought {
        for secret in brought {
            clients::bring_secret(tx, call.actor, client.id, &secret, call.now).await?;
        }
        return Ok(None);
    }
    if !ClientSettings::of(client).uses_secrets() {
        return Ok(None);
    }
    let (_, secret) = clients::add_secret(tx, call.actor, client.id, call.now).await?;
    Ok(Some(secret))
}

async fn list(call: &Call) -> Result<Reply, Failure> {
    let tx = call.read()?;
    let page = clients::list(&tx, call.actor, &call.find(&["kind", "is", "publisher"])?).await?;
    let catalogue = Catalogue::load(&tx).await?;
    Ok(Reply::of(&Listed::of(page, |client| write(&client, &catalogue)))?)
}

async fn get(call: &Call) -> Result<Reply, Failure> {
    Ok(Reply::of(&found(&call.read()?, call).await?.1)?)
}

async fn found(tx: &RealmTx, call: &Call) -> Result<(Client, App), Failure> {
    let client = clients::find(tx, call.actor, call.id("client")?).await?;
    let written = write(&client, &Catalogue::load(tx).await?);
    Ok((client, written))
}

async fn update(call: &Call) -> Result<Reply, Failure> {
    call.transact(async |tx| {
        let (before, known) = found(tx, call).await?;
        call.check_match(&known)?;
        let body: document::Client = call.patched(&known.entry)?;
        refuse_change("client_id", body.client_id != known.entry.client_id, "never changes")?;
        refuse_change("client_secret", body.client_secret.is_some(), "has an address of its own")?;
        refuse_change("client_secrets", body.client_secrets.is_some(), "have an address of their own")?;
        refuse_change("app_keys", body.app_keys.is_some(), "have an address of their own")?;
        let catalogue = Catalogue::load(tx).await?;
        clients::update(tx, call.actor, before.id, settings(&body, &catalogue)?, call.now).await?;
        let changed = clients::set_enabled(tx, call.actor, before.id, body.enabled, call.now).await?;
        Ok(Reply::of(&write(&changed, &catalogue))?)
    })
    .await
}

async fn remove(call: &Call) -> Result<Reply, Failure> {
    let id = call.id("client")?;
    call.transact(async |tx| {
        if call.has_match() {
            call.check_match(&found(tx, call).await?.1)?;
        }
        clients::remove(tx, call.actor, id, call.now).await?;
        Ok(Reply::nothing())
    })
    .await
}
