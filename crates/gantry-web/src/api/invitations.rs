//! Invitations to organizations.

use gantry_core::admin_scope::AdminScope::{PeopleRead, TenantsRead, TenantsWrite};
use gantry_core::clock::Timestamp;
use gantry_core::email_address::EmailAddress;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::invitation::{Invitation, InvitationState, InvitedRole};
use gantry_core::tenant::TenantRole;
use gantry_identity::invitations::{self, NewInvitation};
use gantry_store::RealmTx;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::call::{Call, Listed, nothing_here};
use super::operation::Operation;
use super::reply::Reply;
use super::tenants;
use crate::paths;

const OF_REALM: &str = "/realms/{realm}/invitations";
const ALL: &str = "/realms/{realm}/tenants/{tenant}/invitations";
const ONE: &str = "/realms/{realm}/tenants/{tenant}/invitations/{invitation}";
const RESEND: &str = "/realms/{realm}/tenants/{tenant}/invitations/{invitation}/resend";

/// Whom to invite as what.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewInvitation")]
struct Wanted {
    /// The address.
    email: String,
    /// What the person becomes.
    #[serde(default = "member")]
    role: TenantRole,
    /// The language of the mail, as a BCP 47 tag.
    #[serde(default = "english")]
    locale: String,
}

const fn member() -> TenantRole {
    TenantRole::Member
}

fn english() -> String {
    "en".to_owned()
}

/// An invitation.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "StoredInvitation")]
struct Known {
    /// Its id.
    id: String,
    /// When it was made.
    created_at: String,
    /// Who is invited.
    email: String,
    /// What they become.
    role: InvitedRole,
    /// What has become of it.
    state: InvitationState,
    /// When its link is too old.
    expires_at: String,
    /// When it was accepted.
    accepted_at: Option<String>,
}

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post(ALL, "createInvitation", TenantsWrite)
            .says("Invite somebody by mail", "Whether the address has an account makes no difference. An earlier invitation of it is void.")
            .takes::<Wanted>(json!({ "email": "kim@example.net", "role": "tenant_admin" }))
            .answers::<Known>()
            .captures_as(&[("invitation", "/id")])
            .does(|call| Box::pin(create(call))),
        Operation::get(ALL, "listInvitations", TenantsRead)
            .says("List invitations", "Newest first.")
            .paged()
            .narrowed_by("is", "`open` leaves out those that were accepted or taken back.")
            .asks("is=open")
            .answers::<Listed<Known>>()
            .does(|call| Box::pin(list(call))),
        Operation::get(ONE, "getInvitation", TenantsRead).says("Get an invitation", "").answers::<Known>().does(|call| Box::pin(get(call))),
        Operation::act(RESEND, "resendInvitation", TenantsWrite)
            .says("Mail an invitation again", "With another link; the one before is void. At most once a minute.")
            .can(&[ErrorCode::Conflict])
            .answers::<Known>()
            .does(|call| Box::pin(resend(call))),
        Operation::get(OF_REALM, "listRealmInvitations", PeopleRead)
            .says("List invitations to the realm's own roles", "Newest first. Programs give nobody such a role, nor take one back.")
            .paged()
            .narrowed_by("is", "`open` leaves out those that were accepted or taken back.")
            .asks("is=open")
            .answers::<Listed<Known>>()
            .does(|call| Box::pin(list_of_realm(call))),
        Operation::delete(ONE, "revokeInvitation", TenantsWrite)
            .says("Take an invitation back", "Its link leads nowhere any more.")
            .can(&[ErrorCode::Conflict])
            .does(|call| Box::pin(revoke(call))),
    ]
}

fn write(invitation: &Invitation, now: Timestamp) -> Known {
    Known {
        id: invitation.id.to_string(),
        created_at: invitation.created_at.to_rfc3339(),
        email: invitation.email.as_str().to_owned(),
        role: invitation.role,
        state: invitation.state(now),
        expires_at: invitation.expires_at.to_rfc3339(),
        accepted_at: invitation.accepted_at.map(Timestamp::to_rfc3339),
    }
}

/// The invitation of the path, if it is one to the tenant of the path.
async fn named(tx: &RealmTx, call: &Call) -> Result<Invitation, Failure> {
    let tenant = tenants::named(tx, call).await?.id;
    let invitation = invitations::find(tx, call.actor, call.id("invitation")?).await?;
    if invitation.tenant_id == Some(tenant) { Ok(invitation) } else { Err(nothing_here()) }
}

/// The page to which links of invitations lead.
fn link_to(call: &Call) -> Result<String, Failure> {
    Ok(format!("{}?token=", call.url(paths::INVITATION)?))
}

async fn create(call: &Call) -> Result<Reply, Failure> {
    let body: Wanted = call.body()?;
    let email = EmailAddress::parse(&body.email).map_err(|invalid| {
        Refusal::new(ErrorCode::InvalidRequest, "The body does not fit this operation").field("email", invalid.to_string())
    })?;
    let role = if body.role == TenantRole::TenantAdmin { InvitedRole::TenantAdmin } else { InvitedRole::Member };
    let link_to = link_to(call)?;
    call.transact(async |tx| {
        let tenant = Some(tenants::named(tx, call).await?.id);
        let new = NewInvitation { tenant, email, role, locale: body.locale };
        let made = invitations::invite(tx, call.actor, new, &link_to, call.now).await?;
        Ok(Reply::created(call.below(&made.id), &write(&made, call.now))?)
    })
    .await
}

async fn list(call: &Call) -> Result<Reply, Failure> {
    let tx = call.read()?;
    let tenant = tenants::named(&tx, call).await?.id;
    let page = invitations::list(&tx, call.actor, Some(tenant), &call.find(&["is"])?).await?;
    Ok(Reply::of(&Listed::of(page, |invitation| write(&invitation, call.now)))?)
}

async fn list_of_realm(call: &Call) -> Result<Reply, Failure> {
    let page = invitations::list(&call.read()?, call.actor, None, &call.find(&["is"])?).await?;
    Ok(Reply::of(&Listed::of(page, |invitation| write(&invitation, call.now)))?)
}

async fn get(call: &Call) -> Result<Reply, Failure> {
    Ok(Reply::of(&write(&named(&call.read()?, call).await?, call.now))?)
}

async fn resend(call: &Call) -> Result<Reply, Failure> {
    let link_to = link_to(call)?;
    call.transact(async |tx| {
        let id = named(tx, call).await?.id;
        let sent = invitations::resend(tx, call.actor, id, &link_to, call.now).await?;
        Ok(Reply::of(&write(&sent, call.now))?)
    })
    .await
}

async fn revoke(call: &Call) -> Result<Reply, Failure> {
    call.transact(async |tx| {
        let invitation = named(tx, call).await?;
        call.check_match(&write(&invitation, call.now))?;
        invitations::revoke(tx, call.actor, invitation.id, call.now).await?;
        Ok(Reply::nothing())
    })
    .await
}
