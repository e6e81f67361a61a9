//! Connections: ways to sign in with somebody else's server, and where they are offered.

use actix_web::web;
use gantry_core::admin_scope::AdminScope::{ConnectionsRead, ConnectionsWrite};
use gantry_core::connection::Connection;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::id::ConnectionId;
use gantry_identity::attempts::UpstreamSignIn;
use gantry_identity::connections::{self, ConnectionChange, GivenSecrets, NewConnection, Seen, probe};
use gantry_identity::tenants;
use gantry_realm_file::{SecretText, document, entry};
use gantry_store::RealmTx;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use super::call::{Call, Listed, nothing_here};
use super::operation::Operation;
use super::reply::Reply;
use super::stored::{Stored, instant, refuse_change, sent};
use crate::paths;

const ALL: &str = "/realms/{realm}/connections";
const ONE: &str = "/realms/{realm}/connections/{connection}";
const CHECK: &str = "/realms/{realm}/connections/{connection}/check";

type Way = Stored<document::Connection>;

/// What a provider said of itself.
#[derive(Debug, Serialize, JsonSchema)]
struct Checked {
    /// Whether it was asked: providers of some kinds have no metadata.
    asked: bool,
    /// Its issuer.
    issuer: Option<String>,
    /// How many of its keys can be used.
    keys: Option<usize>,
    /// Whether its callbacks name the issuer (RFC 9207).
    names_issuer: Option<bool>,
}

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post(ALL, "createConnection", ConnectionsWrite)
            .says("Make a connection", "What its provider's metadata contradict is refused. Its secrets are never shown again.")
            .takes::<document::Connection>(json!({
                "slug": "example-github",
                "name": "GitHub",
                "kind": "github",
                "client_id": "Iv1.8a61f9b3a7aba766",
                "client_secret": "the-secret-that-github-gave-out",
            }))
            .answers::<Way>()
            .captures_as(&[("connection", "/id")])
            .does(|call| Box::pin(create(call))),
        Operation::get(ALL, "listConnections", ConnectionsRead)
            .says("List connections", "Newest first.")
            .paged()
            .narrowed_by("kind", "Only those of this kind.")
            .narrowed_by("is", "`enabled` or `disabled`.")
            .narrowed_by("owner", "`tenant` or `realm`.")
            .asks("kind=github")
            .answers::<Listed<Way>>()
            .does(|call| Box::pin(list(call))),
        Operation::get(ONE, "getConnection", ConnectionsRead)
            .says("Get a connection", "Never with a secret.")
            .answers::<Way>()
            .does(|call| Box::pin(get(call))),
        Operation::patch(ONE, "updateConnection", ConnectionsWrite)
            .says(
                "Change a connection",
                "Secrets that are left out stay, unless the change would send them elsewhere: then they are void. Switching it off ends \
                 what was signed in with it.",
            )
            .takes::<document::Connection>(json!({ "name": "GitHub accounts", "known_people_only": true }))
            .answers::<Way>()
            .does(|call| Box::pin(update(call))),
        Operation::act(CHECK, "checkConnection", ConnectionsWrite)
            .says("Ask a connection's provider about itself", "Nothing is changed, and nobody signs in.")
            .answers::<Checked>()
            .does(|call| Box::pin(check(call))),
        Operation::delete(ONE, "deleteConnection", ConnectionsWrite)
            .says("Remove a connection", "With what people linked to it. What was signed in with it counts no more.")
            .does(|call| Box::pin(remove(call))),
    ]
}

async fn write(tx: &RealmTx, call: &Call, connection: &Connection) -> Result<Way, Failure> {
    let owner = connections::owners(tx, call.actor, std::slice::from_ref(connection)).await?.pop().map(|tenant| tenant.org_id);
    let entry = entry::connection(connection, owner, None);
    Ok(Stored::new(&connection.id, connection.created_at, entry))
}

/// The connection of the path.
pub(super) async fn named(tx: &RealmTx, call: &Call) -> Result<Connection, Failure> {
    match connections::find(tx, call.actor, call.id("connection")?).await? {
        Seen::Whole(connection) => Ok(*connection),
        Seen::Offered(_) => Err(nothing_here()),
    }
}

/// What asks providers, and what knows how far this deployment reaches.
pub(super) fn outside(call: &Call) -> Result<&web::Data<UpstreamSignIn>, Failure> {
    Ok(call.part::<UpstreamSignIn>()?)
}

/// The connection's own callback address, as it is registered at its provider.
pub(super) fn callback(call: &Call, slug: &str) -> Result<String, Failure> {
    Ok(call.url(&paths::CONNECTION_CALLBACK.replace("{slug}", slug))?)
}

fn change(body: &document::Connection) -> Result<ConnectionChange, Failure> {
    let given = |field: &str, text: &Option<SecretText>| text.as_ref().map(|text| sent(field, text)).transpose();
    let secrets = GivenSecrets {
        client_secret: given("client_secret", &body.client_secret)?,
        private_key: given("private_key", &body.private_key)?,
        certificate: given("certificate", &body.certificate)?.map(|text| text.expose().to_owned()),
    };
    let ends = body.client_secret_expires_at.as_deref().map(|text| instant("client_secret_expires_at", text));
    Ok(ConnectionChange {
        name: body.name.clone(),
        enabled: body.enabled,
        settings: body.settings.clone(),
        secrets,
        client_secret_expires_at: ends.transpose()?,
    })
}

async fn create(call: &Call) -> Result<Reply, Failure> {
    let body: document::Connection = call.body()?;
    let owner = match &body.owner {
        Some(org_id) => Some(tenants::find_by_org_id(&call.read()?, call.actor, org_id).await.map_err(unknown_owner)?.id),
        None => None,
    };
    let new = NewConnection { slug: body.slug.clone(), kind: body.kind, owner, details: change(&body)? };
    let callback = callback(call, &body.slug)?;
    probe::before_create(outside(call)?.outside(call.realm_id()?, &callback), call.actor, &new).await?;
    let reach = outside(call)?.connectors().reach();
    call.transact(async |tx| {
        let made = connections::create(tx, call.actor, new, reach, call.now).await?.connection;
        Ok(Reply::created(call.below(&made.id), &write(tx, call, &made).await?)?)
    })
    .await
}

fn unknown_owner(failure: Failure) -> Failure {
    match failure {
        Failure::Refused(refusal) if refusal.code == ErrorCode::NotFound => {
            Refusal::new(ErrorCode::InvalidRequest, "The connection cannot be written so")
                .field("owner", "names an unknown organization")
                .into()
        }
        other @ (Failure::Refused(_) | Failure::Broken(_)) => other,
    }
}

async fn list(call: &Call) -> Result<Reply, Failure> {
    let tx = call.read()?;
    let page = connections::list(&tx, call.actor, &call.find(&["kind", "is", "owner"])?).await?;
    let mut items = Vec::with_capacity(page.items.len());
    for connection in &page.items {
        items.push(write(&tx, call, connection).await?);
    }
    Ok(Reply::of(&Listed { items, next: page.next.map(|next| next.to_text()) })?)
}

async fn get(call: &Call) -> Result<Reply, Failure> {
    let tx = call.read()?;
    let found = named(&tx, call).await?;
    Ok(Reply::of(&write(&tx, call, &found).await?)?)
}

/// The entry that a patch begins with. The end of a certificate is no end of the secret.
async fn entry_of(tx: &RealmTx, call: &Call, connection: &Connection) -> Result<document::Connection, Failure> {
    let owner = write(tx, call, connection).await?.entry.owner;
    let held = connections::held(tx, call.actor, connection.id).await?;
    Ok(entry::connection(connection, owner, held.certificate.map(|(ends, _)| ends)))
}

fn check_fixed(before: &Connection, body: &document::Connection, owner: Option<&String>) -> Result<(), Failure> {
    refuse_change("slug", body.slug != before.slug, "never changes")?;
    refuse_change("kind", body.kind != before.kind, "never changes")?;
    refuse_change("owner", body.owner.as_ref() != owner, "never changes")
}

async fn update(call: &Call) -> Result<Reply, Failure> {
    let id: ConnectionId = call.id("connection")?;
    let tx = call.read()?;
    let before = named(&tx, call).await?;
    let wanted: document::Connection = call.patched(&entry_of(&tx, call, &before).await?)?;
    let callback = callback(call, &before.slug)?;
    probe::before_update(outside(call)?.outside(call.realm_id()?, &callback), call.actor, id, &wanted.settings).await?;
    let reach = outside(call)?.connectors().reach();
    call.transact(async |tx| {
        let before = named(tx, call).await?;
        call.check_match(&write(tx, call, &before).await?)?;
        let entry = entry_of(tx, call, &before).await?;
        let body: document::Connection = call.patched(&entry)?;
        check_fixed(&before, &body, entry.owner.as_ref())?;
        let changed = connections::update(tx, call.actor, id, change(&body)?, reach, call.now).await?.connection;
        Ok(Reply::of(&write(tx, call, &changed).await?)?)
    })
    .await
}

async fn check(call: &Call) -> Result<Reply, Failure> {
    let connection = named(&call.read()?, call).await?;
    let callback = callback(call, &connection.slug)?;
    let said = probe::now(outside(call)?.outside(call.realm_id()?, &callback), call.actor, connection.id).await?;
    let checked = match said {
        Some(said) => Checked { asked: true, issuer: said.issuer, keys: Some(said.keys), names_issuer: Some(said.names_issuer) },
        None => Checked { asked: false, issuer: None, keys: None, names_issuer: None },
    };
    Ok(Reply::of(&checked)?)
}

async fn remove(call: &Call) -> Result<Reply, Failure> {
    let id = call.id("connection")?;
    call.transact(async |tx| {
        if call.has_match() {
            let found = named(tx, call).await?;
            call.check_match(&write(tx, call, &found).await?)?;
        }
        connections::remove(tx, call.actor, id, call.now).await?;
        Ok(Reply::nothing())
    })
    .await
}
