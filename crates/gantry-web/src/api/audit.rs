//! The audit trail.

use gantry_core::admin_scope::AdminScope::AuditRead;
use gantry_core::audit::{AuditEvent, AuditFilter};
use gantry_core::clock::Timestamp;
use gantry_core::failure::Failure;
use gantry_core::id::TenantId;
use gantry_identity::audit::{self, Line};
use gantry_identity::tenants;
use gantry_store::RealmTx;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::call::{Call, Listed, wrong_query};
use super::operation::Operation;
use super::reply::Reply;

const ALL: &str = "/realms/{realm}/audit";
const ONE: &str = "/realms/{realm}/audit/{entry}";

/// A line of the audit trail.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "AuditLine")]
struct Known {
    /// Its id.
    id: String,
    /// When it happened.
    at: String,
    /// What happened.
    event: AuditEvent,
    /// What kind of somebody acted.
    actor: String,
    /// The person who acted or was acted on.
    user: Option<String>,
    /// The app concerned.
    client: Option<String>,
    /// The `org_id` of the organization whose matter it is.
    tenant: Option<String>,
    /// The record concerned.
    target: Option<String>,
    /// Why.
    reason: Option<String>,
    /// Where the request came from.
    ip: Option<String>,
    /// The name under which the log knows the request.
    request_id: Option<String>,
    /// Further facts.
    detail: Option<Value>,
}

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get(ALL, "listAudit", AuditRead)
            .says("Read the audit trail", "Newest first.")
            .paged()
            .narrowed_by("from", "Not before this instant.")
            .narrowed_by("until", "Before this instant.")
            .narrowed_by("event", "Only this event, such as `signed_in`.")
            .narrowed_by("actor", "Only this kind of somebody, such as `service_account`.")
            .narrowed_by("user", "Only what this person did or what was done to them, by their id.")
            .narrowed_by("client", "Only what concerns this app, by its id.")
            .narrowed_by("tenant", "Only this organization's matters, by its `org_id`.")
            .narrowed_by("target", "Only what concerns this record, by its id.")
            .narrowed_by("reason", "Only with this reason.")
            .asks("event=created&actor=service_account&limit=1&target={publisher}")
            .answers::<Listed<Known>>()
            .captures_as(&[("entry", "/items/0/id")])
            .does(|call| Box::pin(list(call))),
        Operation::get(ONE, "getAuditLine", AuditRead)
            .says("Get a line of the audit trail", "")
            .answers::<Known>()
            .does(|call| Box::pin(get(call))),
    ]
}

fn write(line: &Line) -> Known {
    let entry = &line.entry;
    Known {
        id: entry.id.to_string(),
        at: entry.at.to_rfc3339(),
        event: entry.event,
        actor: entry.actor.clone(),
        user: entry.user_id.map(|id| id.to_string()),
        client: entry.client_id.map(|id| id.to_string()),
        tenant: line.tenant.as_ref().map(|(org_id, _)| org_id.clone()),
        target: entry.target.clone(),
        reason: entry.reason.clone(),
        ip: entry.ip.clone(),
        request_id: entry.request_id.clone(),
        detail: entry.detail.clone(),
    }
}

async fn list(call: &Call) -> Result<Reply, Failure> {
    let tx = call.read()?;
    let find = call.find(&[])?;
    let tenant = tenant(&tx, call).await?;
    let page = audit::list(&tx, call.actor, tenant, filter(call)?, find.after.as_ref(), find.limit).await?;
    Ok(Reply::of(&Listed::of(page, |line| write(&line)))?)
}

async fn tenant(tx: &RealmTx, call: &Call) -> Result<Option<TenantId>, Failure> {
    match call.query.get("tenant") {
        // Who reads the trail need not read tenants: the rule of the trail decides, and an unknown one has no line.
        Some(org_id) => Ok(Some(tenants::find_by_org_id(tx, call.actor, org_id).await?.id)),
        None => Ok(None),
    }
}

fn filter(call: &Call) -> Result<AuditFilter, Failure> {
    let text = |name: &str| call.query.get(name).map(str::to_owned);
    let instant = |name: &str| {
        let read =
            |text| Timestamp::parse_rfc3339(text).ok_or_else(|| wrong_query(name, "must be an instant such as `2027-01-31T12:00:00Z`"));
        call.query.get(name).map(read).transpose()
    };
    let event = |text| AuditEvent::parse(text).ok_or_else(|| wrong_query("event", "is no event"));
    Ok(AuditFilter {
        from: instant("from")?,
        until: instant("until")?,
        events: call.query.get("event").map(event).transpose()?.into_iter().collect(),
        actor: text("actor"),
        person: call.query.get("user").map(|id| id.parse().or(Err(wrong_query("user", "is no id of a person")))).transpose()?,
        client: call.query.get("client").map(|id| id.parse().or(Err(wrong_query("client", "is no id of an app")))).transpose()?,
        target: text("target"),
        tenant: None,
        reason: text("reason"),
    })
}

async fn get(call: &Call) -> Result<Reply, Failure> {
    let line = audit::find(&call.read()?, call.actor, None, call.id("entry")?).await?;
    Ok(Reply::of(&write(&line))?)
}
