//! Where connections are offered: their places at organizations.

use gantry_core::admin_scope::AdminScope::{ConnectionsRead, ConnectionsWrite, TenantsRead};
use gantry_core::connection::Attachment;
use gantry_core::failure::Failure;
use gantry_core::tenant::Tenant;
use gantry_identity::connections;
use gantry_realm_file::{document, entry};
use gantry_store::RealmTx;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use super::call::{Call, Listed, nothing};
use super::operation::Operation;
use super::reply::Reply;
use super::stored::refuse_change;
use super::{connections as ways, tenants};

const ALL: &str = "/realms/{realm}/connections/{connection}/tenants";
const ONE: &str = "/realms/{realm}/tenants/{tenant}/connections/{connection}";

/// A connection's place at an organization.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "StoredAttachment")]
struct Known {
    /// The organization's `org_id`.
    org_id: String,
    /// When the place was made.
    created_at: String,
    /// What is decided about it, in the words of a realm file.
    #[serde(flatten)]
    entry: document::Attachment,
}

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::put(ONE, "putAttachment", ConnectionsWrite)
            .says(
                "Offer a connection to an organization, or change how",
                "`connection` repeats the connection's `slug`. Takes `tenants:write` too where people join by it or have roles by it.",
            )
            .takes::<document::Attachment>(json!({ "connection": "example-github", "join": "invited", "default_role": "member" }))
            .answers::<Known>()
            .does(|call| Box::pin(put(call))),
        Operation::get(ONE, "getAttachment", TenantsRead)
            .says("Get how a connection is offered to an organization", "")
            .answers::<Known>()
            .does(|call| Box::pin(get(call))),
        Operation::get(ALL, "listAttachments", ConnectionsRead)
            .says("List the organizations to which a connection is offered", "")
            .paged()
            .answers::<Listed<Known>>()
            .does(|call| Box::pin(list(call))),
        Operation::delete(ONE, "deleteAttachment", ConnectionsWrite)
            .says("Take a connection away from an organization", "Members stay: whoever decides who belongs to it ends that.")
            .does(|call| Box::pin(remove(call))),
    ]
}

fn write(org_id: &str, slug: &str, attachment: &Attachment) -> Known {
    Known { org_id: org_id.to_owned(), created_at: attachment.created_at.to_rfc3339(), entry: entry::attachment(slug, attachment) }
}

/// Compares a condition with the place as it is. Where there is none, no tag is its own.
async fn check_match(tx: &RealmTx, call: &Call, slug: &str, tenant: &Tenant) -> Result<(), Failure> {
    if !call.has_match() {
        return Ok(());
    }
    match connections::place_at(tx, call.actor, call.id("connection")?, tenant.id).await? {
        Some(place) => call.check_match(&write(&tenant.org_id, slug, &place)),
        None => call.check_match(&json!(null)),
    }
}

async fn put(call: &Call) -> Result<Reply, Failure> {
    let body: document::Attachment = call.body()?;
    call.transact(async |tx| {
        let tenant = tenants::named(tx, call).await?;
        let connection = ways::named(tx, call).await?;
        refuse_change("connection", body.connection != connection.slug, "must be the slug of the connection in the path")?;
        check_match(tx, call, &connection.slug, &tenant).await?;
        let settings = entry::attachment_settings(&body);
        let put = connections::attach(tx, call.actor, connection.id, tenant.id, settings, call.now).await?;
        Ok(Reply::of(&write(&tenant.org_id, &connection.slug, &put))?)
    })
    .await
}

async fn get(call: &Call) -> Result<Reply, Failure> {
    let tx = call.read()?;
    let tenant = tenants::named(&tx, call).await?;
    let connection = ways::named(&tx, call).await?;
    let place = connections::place_at(&tx, call.actor, connection.id, tenant.id).await?.ok_or_else(nothing)?;
    Ok(Reply::of(&write(&tenant.org_id, &connection.slug, &place))?)
}

async fn list(call: &Call) -> Result<Reply, Failure> {
    let tx = call.read()?;
    let (connection, find) = (ways::named(&tx, call).await?, call.find(&[])?);
    let page = connections::attached_to(&tx, call.actor, connection.id, find.after.as_ref(), find.limit).await?;
    Ok(Reply::of(&Listed::of(page, |(attachment, tenant)| write(&tenant.org_id, &connection.slug, &attachment)))?)
}

async fn remove(call: &Call) -> Result<Reply, Failure> {
    call.transact(async |tx| {
        let tenant = tenants::named(tx, call).await?;
        let connection = ways::named(tx, call).await?;
        check_match(tx, call, &connection.slug, &tenant).await?;
        connections::detach(tx, call.actor, connection.id, tenant.id, call.now).await?;
        Ok(Reply::nothing())
    })
    .await
}
