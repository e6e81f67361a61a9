//! What organizations decided about apps.

use gantry_core::admin_scope::AdminScope::{TenantsRead, TenantsWrite};
use gantry_core::failure::Failure;
use gantry_core::id::ClientId;
use gantry_core::installation::InstallationStanding;
use gantry_identity::installations::{self, Installed};
use gantry_realm_file::document;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::call::{Call, Listed};
use super::operation::Operation;
use super::reply::Reply;
use super::tenants;

const ALL: &str = "/realms/{realm}/tenants/{tenant}/installations";
const ONE: &str = "/realms/{realm}/tenants/{tenant}/installations/{client}";

/// A decision about an app.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Decision {
    /// What is decided.
    standing: InstallationStanding,
}

/// An app that an organization has heard of.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "StoredInstallation")]
struct Known {
    /// The app's id.
    id: String,
    /// The app's name.
    name: String,
    /// When the organization first heard of it.
    created_at: String,
    /// When it last decided about it.
    updated_at: String,
    /// How many people let it act for the organization.
    people: u64,
    /// The decision, in the words of a realm file.
    #[serde(flatten)]
    installation: document::Installation,
}

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::put(ONE, "putInstallation", TenantsWrite)
            .says("Decide about an app", "What an app was granted for the organization ends for good when it is blocked or removed.")
            .takes::<Decision>(json!({ "standing": "installed" }))
            .answers::<Known>()
            .does(|call| Box::pin(put(call))),
        Operation::get(ALL, "listInstallations", TenantsRead)
            .says("List the apps that an organization has heard of", "Those changed last first.")
            .answers::<Listed<Known>>()
            .does(|call| Box::pin(list(call))),
        Operation::get(ONE, "getInstallation", TenantsRead)
            .says("Get how an app stands", "")
            .answers::<Known>()
            .does(|call| Box::pin(get(call))),
    ]
}

fn write(org_id: &str, installed: &Installed) -> Known {
    let Installed { installation, client, people } = installed;
    Known {
        id: client.id.to_string(),
        name: client.name.clone(),
        created_at: installation.created_at.to_rfc3339(),
        updated_at: installation.updated_at.to_rfc3339(),
        people: *people,
        installation: document::Installation {
            org_id: org_id.to_owned(),
            client_id: client.client_id.clone(),
            standing: installation.standing,
        },
    }
}

async fn put(call: &Call) -> Result<Reply, Failure> {
    let (client, body) = (call.id::<ClientId>("client")?, call.body::<Decision>()?);
    call.transact(async |tx| {
        let tenant = tenants::named(tx, call).await?;
        if call.has_match() {
            call.check_match(&write(&tenant.org_id, &installations::find(tx, call.actor, tenant.id, client).await?))?;
        }
        installations::decide(tx, call.actor, tenant.id, client, body.standing, call.now).await?;
        Ok(Reply::of(&write(&tenant.org_id, &installations::find(tx, call.actor, tenant.id, client).await?))?)
    })
    .await
}

async fn list(call: &Call) -> Result<Reply, Failure> {
    let tx = call.read()?;
    let tenant = tenants::named(&tx, call).await?;
    let all = installations::list(&tx, call.actor, tenant.id).await?;
    Ok(Reply::of(&Listed::whole(all.iter().map(|one| write(&tenant.org_id, one)).collect()))?)
}

async fn get(call: &Call) -> Result<Reply, Failure> {
    let tx = call.read()?;
    let tenant = tenants::named(&tx, call).await?;
    let installed = installations::find(&tx, call.actor, tenant.id, call.id("client")?).await?;
    Ok(Reply::of(&write(&tenant.org_id, &installed))?)
}
