//! Scopes: the permissions that apps ask for.

use gantry_core::admin_scope::AdminScope::{ResourcesRead, ResourcesWrite};
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::id::ResourceId;
use gantry_core::scope::Scope;
use gantry_oauth::catalogue::Catalogue;
use gantry_oauth::scopes::{self, NewScope, ScopeSettings};
use gantry_realm_file::{document, entry};
use gantry_store::RealmTx;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::call::{Call, Listed};
use super::operation::Operation;
use super::reply::Reply;
use super::stored::{Stored, refuse_change};

const ALL: &str = "/realms/{realm}/scopes";
const ONE: &str = "/realms/{realm}/scopes/{scope}";

/// A scope and the API that it is of.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ScopeOfResource")]
pub(crate) struct Body {
    /// The name on the wire. Never changes.
    name: String,
    /// The `audience` of its API; none for what is about the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    resource: Option<String>,
    /// A few words, for lists.
    title: String,
    /// What the consent page says: completes "This app will be able to …".
    description: String,
    /// Who may hand it out.
    #[serde(default)]
    tier: gantry_core::scope::ScopeTier,
    /// The claims about the person that it releases.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    claims: Vec<String>,
    /// Whether machine clients may have it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    machine: bool,
}

type Permission = Stored<Body>;

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post(ALL, "createScope", ResourcesWrite)
            .says("Make a scope", "Of an API, or about the person where it names none.")
            .takes::<Body>(json!({
                "name": "shipments:read",
                "resource": "https://shipments.example",
                "title": "Read shipments",
                "description": "see your shipments",
                "machine": true,
            }))
            .answers::<Permission>()
            .captures_as(&[("scope", "/id")])
            .does(|call| Box::pin(create(call))),
        Operation::get(ALL, "listScopes", ResourcesRead)
            .says("List scopes", "Newest first. The scopes of OpenID Connect, which every realm has, are not among them.")
            .paged()
            .narrowed_by("q", "Beginnings of words of the name or the title.")
            .asks("q=shipments")
            .answers::<Listed<Permission>>()
            .does(|call| Box::pin(list(call))),
        Operation::get(ONE, "getScope", ResourcesRead).says("Get a scope", "").answers::<Permission>().does(|call| Box::pin(get(call))),
        Operation::patch(ONE, "updateScope", ResourcesWrite)
            .says("Change a scope", "What is not for machines any more cannot be while a machine has it.")
            .takes::<Body>(json!({ "title": "See shipments" }))
            .answers::<Permission>()
            .does(|call| Box::pin(update(call))),
        Operation::delete(ONE, "deleteScope", ResourcesWrite)
            .says("Remove a scope", "One that an app may still ask for stays.")
            .can(&[ErrorCode::Conflict])
            .does(|call| Box::pin(remove(call))),
    ]
}

/// A scope with the API that it is of.
pub(crate) fn body(scope: &Scope, catalogue: &Catalogue) -> Body {
    let document::Scope { name, title, description, tier, claims, machine } = entry::scope(scope);
    let resource = scope.resource_id.and_then(|id| catalogue.resource(id)).map(|resource| resource.audience.clone());
    Body { name, resource, title, description, tier, claims, machine }
}

fn write(scope: &Scope, catalogue: &Catalogue) -> Permission {
    Stored::new(&scope.id, scope.created_at, body(scope, catalogue))
}

fn settings(body: Body, catalogue: &Catalogue) -> Result<(String, ScopeSettings), Failure> {
    let Body { name, resource, title, description, tier, claims, machine } = body;
    let resource_id: Option<ResourceId> = match &resource {
        Some(audience) => {
            let unknown =
                || Refusal::new(ErrorCode::InvalidRequest, "The scope cannot be written so").field("resource", "names an unknown API");
            Some(catalogue.resource_by_audience(audience).ok_or_else(unknown)?.id)
        }
        None => None,
    };
    Ok((name, ScopeSettings { resource_id, title, description, tier, claims, machine }))
}

async fn create(call: &Call) -> Result<Reply, Failure> {
    let body: Body = call.body()?;
    call.transact(async |tx| {
        let catalogue = Catalogue::load(tx).await?;
        let (name, settings) = settings(body, &catalogue)?;
        let made = scopes::register(tx, call.actor, NewScope { name, settings }, call.now).await?;
        Ok(Reply::created(call.below(&made.id), &write(&made, &catalogue))?)
    })
    .await
}

async fn list(call: &Call) -> Result<Reply, Failure> {
    let tx = call.read()?;
    let page = scopes::list(&tx, call.actor, &call.find(&[])?).await?;
    let catalogue = Catalogue::load(&tx).await?;
    Ok(Reply::of(&Listed::of(page, |scope| write(&scope, &catalogue)))?)
}

async fn get(call: &Call) -> Result<Reply, Failure> {
    Ok(Reply::of(&found(&call.read()?, call).await?.1)?)
}

async fn found(tx: &RealmTx, call: &Call) -> Result<(Scope, Permission), Failure> {
    let scope = scopes::find(tx, call.actor, call.id("scope")?).await?;
    let written = write(&scope, &Catalogue::load(tx).await?);
    Ok((scope, written))
}

async fn update(call: &Call) -> Result<Reply, Failure> {
    call.transact(async |tx| {
        let (before, known) = found(tx, call).await?;
        call.check_match(&known)?;
        let body: Body = call.patched(&known.entry)?;
        refuse_change("name", body.name != before.name, "never changes")?;
        let catalogue = Catalogue::load(tx).await?;
        let (_, settings) = settings(body, &catalogue)?;
        let changed = scopes::update(tx, call.actor, before.id, settings, call.now).await?;
        Ok(Reply::of(&write(&changed, &catalogue))?)
    })
    .await
}

async fn remove(call: &Call) -> Result<Reply, Failure> {
    let id = call.id("scope")?;
    call.transact(async |tx| {
        if call.has_match() {
            call.check_match(&found(tx, call).await?.1)?;
        }
        scopes::remove(tx, call.actor, id, call.now).await?;
        Ok(Reply::nothing())
    })
    .await
}
