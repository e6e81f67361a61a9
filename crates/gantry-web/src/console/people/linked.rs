//! The accounts elsewhere that a person signs in with, and the tenants that they belong to.

use gantry_core::clock::Timestamp;
use gantry_core::invitation::{Invitation, InvitationState};
use gantry_core::tenant::{Membership, Tenant, TenantRole};
use gantry_identity::people::{self, Linked};
use gantry_identity::sign_in::upstream::Notice;
use gantry_views::console::{Act, Empty, Row, Table, Tone, Value, said, say};
use gantry_views::moment::Moment;

use super::super::context::{Answer, Console};
use super::super::form::ConsoleForm;
use super::{frame, language, named, page};
use crate::paths;
use crate::paths::console as at;

pub(super) async fn identities(console: Console) -> Answer {
    let user = named(&console).await?;
    let linked = people::identities(&console.read()?, console.actor, user.id).await?;
    let now = console.now()?;
    let row = |linked: &Linked| {
        let id = linked.link.id.to_string();
        let account = linked.link.email.as_deref().unwrap_or(&linked.link.subject);
        let cells = vec![
            Value::Two(said(&linked.connection.name), said(account)),
            Value::Code(linked.link.subject.clone()),
            Value::Moment(Moment::seen(linked.link.created_at, now)),
            Value::Moment(Moment::seen(linked.link.last_used_at, now)),
        ];
        let unlink = console.path(at::PERSON_UNLINK, &[("user", &user.id.to_string()), ("identity", &id)]);
        let label = say("people-unlink-label").with("name", linked.connection.name.as_str());
        Row::plain(id, cells).act(Act::new(say("people-unlink"), unlink).label(label).danger())
    };
    let empty = Empty { icon: "link-2", title: say("people-identities-empty"), text: say("people-identities-empty-text"), action: None };
    let columns = vec![say("people-account-elsewhere"), say("people-subject"), say("people-linked-at"), say("people-last-used")];
    let mut table = Table::new("identities", columns, empty);
    table.lead = Some(say("people-identities-lead"));
    table.rows = linked.iter().map(row).collect();
    console.show(frame::sheet(&console, &user).panel(table))
}

/// Takes one away, and tells the person by mail.
pub(super) async fn unlink(console: Console, _: ConsoleForm) -> Answer {
    let user = named(&console).await?;
    let (actor, now, identity) = (console.actor, console.now()?, console.id("identity")?);
    let (locale, account) = (language(&console, &user)?, console.address.url(paths::ACCOUNT));
    let notice = Notice { locale, account: &account };
    console.transact(async |tx| people::unlink(tx, actor, user.id, identity, notice, now).await).await?;
    console.done(page(&console, at::PERSON_IDENTITIES, &user), "people-unlinked")
}

pub(super) async fn memberships(console: Console) -> Answer {
    let user = named(&console).await?;
    let places = people::memberships(&console.read()?, console.actor, user.id).await?;
    let now = console.now()?;
    let row = |(own, tenant): &(Membership, Tenant)| {
        let role = match own.role {
            TenantRole::TenantAdmin => Value::badge("people-tenant-admin", Tone::Good),
            TenantRole::Member => Value::say("people-member"),
        };
        let from = if own.connection_id.is_some() { say("people-member-by-connection") } else { say("people-member-by-admin") };
        let cells = vec![
            Value::Two(said(&tenant.name), said(&tenant.org_id)),
            role,
            Value::Text(from),
            Value::Moment(Moment::seen(own.created_at, now)),
        ];
        Row::to(tenant.id.to_string(), console.path(at::TENANT, &[("tenant", &tenant.org_id)]), cells)
    };
    let empty =
        Empty { icon: "building-2", title: say("people-memberships-empty"), text: say("people-memberships-empty-text"), action: None };
    let columns = vec![say("people-tenant"), say("people-role"), say("people-member-by"), say("people-member-since")];
    let mut table = Table::new("memberships", columns, empty);
    table.lead = Some(say("people-memberships-lead"));
    table.rows = places.iter().map(row).collect();
    let sent = people::invitations(&console.read()?, console.actor, user.id).await?;
    let mut sheet = frame::sheet(&console, &user).panel(table);
    if !sent.is_empty() {
        sheet = sheet.panel(invitations(&console, &sent, now));
    }
    console.show(sheet)
}

/// What was sent to the person's address, and what became of it. Each leads to where it can be sent again or taken back.
fn invitations(console: &Console, sent: &[(Invitation, Option<Tenant>)], now: Timestamp) -> Table {
    let empty = Empty { icon: "mails", title: say("people-invitations"), text: say("people-invitations-lead"), action: None };
    let columns = vec![say("people-invited-to"), say("people-state"), say("people-invited-at")];
    let mut table = Table::new("invitations", columns, empty);
    (table.title, table.lead) = (Some(say("people-invitations")), Some(say("people-invitations-lead")));
    for (one, tenant) in sent {
        let (to, href) = match tenant {
            Some(tenant) => (said(&tenant.name), console.path(at::TENANT_MEMBERS, &[("tenant", &tenant.org_id)])),
            None => (say("people-invited-realm"), console.path(at::INVITATIONS, &[])),
        };
        let state = match one.state(now) {
            InvitationState::Pending => Value::badge("people-invitation-pending", Tone::Warn),
            InvitationState::Accepted => Value::badge("people-invitation-accepted", Tone::Good),
            InvitationState::Revoked => Value::badge("people-invitation-revoked", Tone::Plain),
            InvitationState::Expired => Value::badge("people-invitation-expired", Tone::Bad),
        };
        table.rows.push(Row::to(one.id.to_string(), href, vec![Value::Text(to), state, Value::Moment(Moment::seen(one.created_at, now))]));
    }
    table
}
