//! APIs and scopes.

use gantry_core::actor::Actor;
use gantry_core::admin_scope::AdminScope::{ResourcesRead, ResourcesWrite};
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Failure;
use gantry_core::id::ResourceId;
use gantry_core::resource::Resource;
use gantry_identity::permission::{self, Action};
use gantry_oauth::catalogue::Catalogue;
use gantry_oauth::provision;
use gantry_oauth::resources::{self, NewResource};
use gantry_oauth::scopes::{self, NewScope};
use gantry_realm_file::{document, entry};
use gantry_store::RealmTx;
use serde_json::json;

use super::call::{Call, Listed};
use super::operation::Operation;
use super::reply::{Reply, tag};
use super::stored::{Stored, refuse_change};

const ALL: &str = "/realms/{realm}/resources";
const ONE: &str = "/realms/{realm}/resources/{resource}";

type Api = Stored<document::Resource>;

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post(ALL, "createResource", ResourcesWrite)
            .says("Declare an API", "With its scopes, if it has some from the beginning. Its `audience` never changes.")
            .takes::<document::Resource>(json!({ "audience": "https://shipments.example", "name": "Shipments API" }))
            .answers::<Api>()
            .captures_as(&[("resource", "/id")])
            .does(|call| Box::pin(create(call))),
        Operation::get(ALL, "listResources", ResourcesRead)
            .says("List APIs", "Newest first, each with its scopes.")
            .paged()
            .narrowed_by("q", "Beginnings of words of the name or the audience.")
            .asks("q=shipments")
            .answers::<Listed<Api>>()
            .does(|call| Box::pin(list(call))),
        Operation::get(ONE, "getResource", ResourcesRead).says("Get an API", "").answers::<Api>().does(|call| Box::pin(get(call))),
        Operation::patch(ONE, "updateResource", ResourcesWrite)
            .says("Change an API", "Its scopes have addresses of their own.")
            .takes::<document::Resource>(json!({ "name": "Shipments", "access_lifetime": 600 }))
            .answers::<Api>()
            .does(|call| Box::pin(update(call))),
        Operation::delete(ONE, "deleteResource", ResourcesWrite)
            .says("Remove an API", "One that still has scopes, or that an app names, stays.")
            .can(&[ErrorCode::Conflict])
            .does(|call| Box::pin(remove(call))),
    ]
}

async fn write(tx: &RealmTx, resource: &Resource) -> Result<Api, Failure> {
    let catalogue = Catalogue::load(tx).await?;
    Ok(Stored::new(&resource.id, resource.created_at, entry::resource(resource, &catalogue)))
}

/// An API that is signed for in its own way needs keys for it, made before the transaction.
async fn ensure_keys(call: &Call, body: &document::Resource) -> Result<(), Failure> {
    let Some(algorithm) = body.signing_algorithm else { return Ok(()) };
    let realm = call.realm_id()?;
    permission::check(call.actor, Action::ManageResources, realm)?;
    provision::ensure_keys(&call.store, realm, &[algorithm], call.now).await
}

async fn create(call: &Call) -> Result<Reply, Failure> {
    let body: document::Resource = call.body()?;
    ensure_keys(call, &body).await?;
    call.transact(async |tx| {
        let new = NewResource { audience: body.audience.clone(), settings: entry::resource_settings(&body) };
        let made = resources::register(tx, call.actor, new, call.now).await?;
        for scope in &body.scopes {
            add_scope(tx, call.actor, scope, Some(made.id), call).await?;
        }
        Ok(Reply::created(call.below(&made.id), &write(tx, &made).await?)?)
    })
    .await
}

async fn add_scope(tx: &RealmTx, actor: Actor, scope: &document::Scope, of: Option<ResourceId>, call: &Call) -> Result<(), Failure> {
    let new = NewScope { name: scope.name.clone(), settings: entry::scope_settings(scope, of) };
    scopes::register(tx, actor, new, call.now).await.map(|_| ())
}

async fn list(call: &Call) -> Result<Reply, Failure> {
    let tx = call.read()?;
    let page = resources::list(&tx, call.actor, &call.find(&[])?).await?;
    let catalogue = Catalogue::load(&tx).await?;
    let write = |found: Resource| Stored::new(&found.id, found.created_at, entry::resource(&found, &catalogue));
    Ok(Reply::of(&Listed::of(page, write))?)
}

async fn get(call: &Call) -> Result<Reply, Failure> {
    let tx = call.read()?;
    let found = resources::find(&tx, call.actor, call.id("resource")?).await?;
    Ok(Reply::of(&write(&tx, &found).await?)?)
}

async fn update(call: &Call) -> Result<Reply, Failure> {
    let id = call.id("resource")?;
    let before = resources::find(&call.read()?, call.actor, id).await?;
    let bare = document::Resource { scopes: Vec::new(), ..entry::resource(&before, &Catalogue::default()) };
    ensure_keys(call, &call.patched(&bare)?).await?;
    call.transact(async |tx| {
        let before = resources::find(tx, call.actor, id).await?;
        let known = write(tx, &before).await?;
        call.check_match(&known)?;
        let body: document::Resource = call.patched(&known.entry)?;
        refuse_change("audience", body.audience != before.audience, "never changes")?;
        refuse_change("scopes", tag(&body.scopes)? != tag(&known.entry.scopes)?, "have addresses of their own")?;
        let changed = resources::update(tx, call.actor, id, entry::resource_settings(&body), call.now).await?;
        Ok(Reply::of(&write(tx, &changed).await?)?)
    })
    .await
}

async fn remove(call: &Call) -> Result<Reply, Failure> {
    let id = call.id("resource")?;
    call.transact(async |tx| {
        if call.has_match() {
            let found = resources::find(tx, call.actor, id).await?;
            call.check_match(&write(tx, &found).await?)?;
        }
        resources::remove(tx, call.actor, id, call.now).await?;
        Ok(Reply::nothing())
    })
    .await
}
