//! Who belongs to an organization, and who is invited to.

use gantry_core::admin_scope::AdminScope::{TenantsRead, TenantsWrite};
use gantry_core::failure::Failure;
use gantry_core::id::UserId;
use gantry_core::tenant::TenantRole;
use gantry_identity::members::{self, Member, MemberSettings};
use gantry_realm_file::document;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::call::{Call, Listed};
use super::operation::Operation;
use super::reply::Reply;
use super::tenants;

const ALL: &str = "/realms/{realm}/tenants/{tenant}/members";
const ONE: &str = "/realms/{realm}/tenants/{tenant}/members/{user}";

/// What is said of a member.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "MemberSettings")]
struct Place {
    /// What the person is there.
    #[serde(default = "member")]
    role: TenantRole,
    /// Whether the person's password counts whatever the organization demands of sign-ins.
    #[serde(default)]
    break_glass: bool,
}

const fn member() -> TenantRole {
    TenantRole::Member
}

/// A member of an organization.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "StoredMember")]
struct Known {
    /// The person's id.
    user_id: String,
    /// The person's name.
    name: Option<String>,
    /// When they became a member.
    created_at: String,
    /// The connection by which they joined; null if an admin made them a member.
    joined_by: Option<String>,
    /// Their place, in the words of a realm file.
    #[serde(flatten)]
    place: document::Member,
}

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::put(ONE, "putMember", TenantsWrite)
            .says(
                "Make a person a member, or change their place",
                "From then on it is the admins' affair: no connection changes it any more.",
            )
            .takes::<Place>(json!({ "role": "tenant_admin" }))
            .answers::<Known>()
            .does(|call| Box::pin(put(call))),
        Operation::get(ALL, "listMembers", TenantsRead)
            .says("List members", "Newest first; with `q` those that fit best.")
            .paged()
            .narrowed_by("q", "Beginnings of words of the name or the address.")
            .narrowed_by("role", "Only those with this role.")
            .asks("role=tenant_admin")
            .answers::<Listed<Known>>()
            .does(|call| Box::pin(list(call))),
        Operation::get(ONE, "getMember", TenantsRead).says("Get a member", "").answers::<Known>().does(|call| Box::pin(get(call))),
        Operation::delete(ONE, "deleteMember", TenantsWrite)
            .says("End a person's place", "What was granted to them for the organization ends with it.")
            .does(|call| Box::pin(remove(call))),
    ]
}

fn write(member: &Member) -> Known {
    Known {
        user_id: member.user.id.to_string(),
        name: member.user.profile.name.clone(),
        created_at: member.membership.created_at.to_rfc3339(),
        joined_by: member.membership.connection_id.map(|id| id.to_string()),
        place: document::Member {
            user: member.user.email.as_str().to_owned(),
            role: member.membership.role,
            break_glass: member.membership.break_glass,
        },
    }
}

async fn put(call: &Call) -> Result<Reply, Failure> {
    let (user, body) = (call.id::<UserId>("user")?, call.body::<Place>()?);
    call.transact(async |tx| {
        let tenant = tenants::named(tx, call).await?.id;
        if call.has_match() {
            call.check_match(&write(&members::find(tx, call.actor, tenant, user).await?))?;
        }
        let settings = MemberSettings { role: body.role, break_glass: body.break_glass };
        members::put(tx, call.actor, tenant, user, settings, call.now).await?;
        Ok(Reply::of(&write(&members::find(tx, call.actor, tenant, user).await?))?)
    })
    .await
}

async fn list(call: &Call) -> Result<Reply, Failure> {
    let tx = call.read()?;
    let tenant = tenants::named(&tx, call).await?.id;
    let page = members::list(&tx, call.actor, tenant, &call.find(&["role"])?).await?;
    Ok(Reply::of(&Listed::of(page, |member| write(&member)))?)
}

async fn get(call: &Call) -> Result<Reply, Failure> {
    let tx = call.read()?;
    let tenant = tenants::named(&tx, call).await?.id;
    Ok(Reply::of(&write(&members::find(&tx, call.actor, tenant, call.id("user")?).await?))?)
}

async fn remove(call: &Call) -> Result<Reply, Failure> {
    let user = call.id("user")?;
    call.transact(async |tx| {
        let tenant = tenants::named(tx, call).await?.id;
        if call.has_match() {
            call.check_match(&write(&members::find(tx, call.actor, tenant, user).await?))?;
        }
        members::remove(tx, call.actor, tenant, user, call.now).await?;
        Ok(Reply::nothing())
    })
    .await
}
