//! Invitations as the console sends, repeats and takes them back: to a tenant, and to the realm's own roles.
//!
//! The mail's link leads to the realm's own page. Whoever gives a role proves themself freshly first.

use gantry_core::clock::Timestamp;
use gantry_core::email_address::EmailAddress;
use gantry_core::failure::Failure;
use gantry_core::id::InvitationId;
use gantry_core::invitation::{Invitation, InvitationState, InvitedRole};
use gantry_core::realm::SYSTEM_REALM;
use gantry_identity::invitations::{self, NewInvitation};
use gantry_views::console::{Act, Choice, Empty, Field, FieldKind, Form, Link, Row, Sheet, Table, Text, Tone, Value, say};
use gantry_views::moment::Moment;
use serde_json::json;

use super::super::bulk;
use super::super::context::{Answer, Console};
use super::super::form::{ConsoleForm, problems, wrong};
use super::code::{self, Call};
use super::{members, several, summary};
use crate::paths::{self, console as at};
use crate::respond::accept_language;

pub(super) async fn of_realm(console: Console) -> Answer {
    let find = console.find(&["is"])?;
    let (rows, now) = (console.read()?, console.now()?);
    let page = invitations::list(&rows, console.actor, None, &find).await?;
    let mut table = table(&console, &page.items, now)?;
    (table.next, table.first) = super::super::listing::ways(&console, &find, page.next.as_ref());
    let new = Link::primary(say("tenants-invite"), console.path(at::INVITATION_NEW, &[])).icon("user-plus");
    console.show(Sheet::new(say("tenants-invitations-realm")).lead(say("tenants-invitations-realm-lead")).action(new).panel(table))
}

pub(super) async fn new(console: Console) -> Answer {
    console.fresh(&console.here())?;
    let mut sheet = sheet(&console, form(&console, "", None));
    if let Some(tenant) = &console.tenant {
        let call = Call::Send("POST", "/invitations", json!({ "email": "somebody@example.com", "role": InvitedRole::Member }));
        sheet.as_code = code::with(&console, tenant, None, &call)?;
    }
    console.show(sheet)
}

pub(super) async fn create(console: Console, sent: ConsoleForm) -> Answer {
    console.fresh(&console.here())?;
    let (typed, role) = (sent.line("email").to_owned(), InvitedRole::parse(sent.line("role")));
    let again = |whole: Text, problems: &[(String, String)]| -> Answer {
        console.show_wrong(sheet(&console, form(&console, &typed, role).with_problems(Some(whole), problems)))
    };
    let (Ok(email), Some(role)) = (EmailAddress::parse(&typed), role) else {
        return again(say("tenants-wrong"), &[("email".to_owned(), "must be an e-mail address".to_owned())]);
    };
    let new = NewInvitation { tenant: console.tenant.as_ref().map(|tenant| tenant.id), email, role, locale: locale(&console) };
    let (actor, now, link) = (console.actor, console.now()?, link_to(&console));
    match console.transact(async |tx| invitations::invite(tx, actor, new, &link, now).await).await {
        Ok(_) => console.done(home(&console), "invitation-sent"),
        Err(failure) => {
            let refusal = wrong(failure)?;
            again(summary(&refusal), &problems(&refusal))
        }
    }
}

pub(super) async fn resend(console: Console, _sent: ConsoleForm) -> Answer {
    console.fresh(&home(&console))?;
    let (id, actor, now, link): (InvitationId, _, _, _) = (console.id("invitation")?, console.actor, console.now()?, link_to(&console));
    console.transact(async |tx| invitations::resend(tx, actor, id, &link, now).await).await?;
    console.done(home(&console), "invitation-sent")
}

pub(super) async fn revoke(console: Console, _sent: ConsoleForm) -> Answer {
    let (id, actor, now): (InvitationId, _, _) = (console.id("invitation")?, console.actor, console.now()?);
    console.transact(async |tx| invitations::revoke(tx, actor, id, now).await).await?;
    console.done(home(&console), "invitation-revoked")
}

/// The list, with what can be done about those that wait.
pub(super) fn table(console: &Console, invitations: &[Invitation], now: Timestamp) -> Result<Table, Failure> {
    let (new, resend, revoke) = ways(console);
    let row = |invitation: &Invitation| {
        let id = invitation.id.to_string();
        let cells = vec![
            Value::said(invitation.email.as_str()),
            Value::Text(role_name(invitation.role)),
            state(invitation.state(now)),
            Value::Moment(Moment::seen(invitation.created_at, now)),
        ];
        let act = |text, path| Act::new(say(text), console.path(path, &[("invitation", &id)]));
        let row = Row::plain(&id, cells);
        if matches!(invitation.state(now), InvitationState::Pending | InvitationState::Expired) {
            row.act(act("tenants-resend", resend)).act(act("tenants-revoke", revoke).danger())
        } else {
            row
        }
    };
    let action = Some(Link::to(say("tenants-invite"), console.path(new, &[])));
    let empty = Empty { icon: "mails", title: say("tenants-invitations-empty"), text: say("tenants-invitations-empty-text"), action };
    let columns = vec![say("tenants-address"), say("tenants-role"), say("tenants-state"), say("tenants-sent")];
    let mut table = Table::new("invitations", columns, empty);
    table.title = Some(say("tenants-invitations"));
    table.rows = invitations.iter().map(row).collect();
    let several_at = if console.tenant.is_some() { at::TENANT_INVITATIONS_BULK } else { at::INVITATIONS_BULK };
    table.bulk = Some(bulk::bar(console, several_at, several::of_invitations())?);
    Ok(table)
}

fn ways(console: &Console) -> (&'static str, &'static str, &'static str) {
    if console.tenant.is_some() {
        (at::TENANT_INVITATION_NEW, at::TENANT_INVITATION_RESEND, at::TENANT_INVITATION_REVOKE)
    } else {
        (at::INVITATION_NEW, at::INVITATION_RESEND, at::INVITATION_REVOKE)
    }
}

fn home(console: &Console) -> String {
    console.path(if console.tenant.is_some() { at::TENANT_MEMBERS } else { at::INVITATIONS }, &[])
}

/// The realm's page that the mail's link opens, up to the token.
pub(super) fn link_to(console: &Console) -> String {
    format!("{}?token=", console.address.url(paths::INVITATION))
}

/// The realm's own language; the sender's where it names none.
fn locale(console: &Console) -> String {
    let settings = &console.realm.realm.settings;
    let preferred =
        || accept_language(console.request()).and_then(|value| value.split([',', ';']).next()).unwrap_or("en").trim().to_owned();
    settings.authorization.default_locale.clone().unwrap_or_else(preferred)
}

fn sheet(console: &Console, form: Form) -> Sheet {
    let back = Link::to(say(if console.tenant.is_some() { "tenants-members" } else { "tenants-invitations-realm" }), home(console));
    let sheet = match &console.tenant {
        Some(tenant) => super::sheet(console, tenant, say("tenants-invite")).lead(say("tenants-invite-lead")),
        None => Sheet::new(say("tenants-invite")).lead(say("tenants-invite-realm-lead")),
    };
    sheet.crumb(back).panel(form)
}

fn form(console: &Console, email: &str, role: Option<InvitedRole>) -> Form {
    let offered: &[InvitedRole] = match (&console.tenant, console.realm.realm.slug == SYSTEM_REALM) {
        (Some(_), _) => &[InvitedRole::Member, InvitedRole::TenantAdmin],
        (None, true) => &[InvitedRole::Operator],
        (None, false) => &[InvitedRole::RealmAdmin],
    };
    let chosen = role.or_else(|| offered.first().copied());
    let choice = |one: &InvitedRole| {
        let choice = Choice::new(one.as_str(), role_name(*one), Some(*one) == chosen);
        one.in_tenant().map_or(choice.clone(), |role| choice.hint(members::hint(role)))
    };
    Form::new("invite", console.request().path(), say("tenants-invite-send"))
        .field(Field::new("email", say("tenants-address"), FieldKind::Email(email.to_owned())).hint(say("tenants-invite-hint")).required())
        .field(Field::radio("role", say("tenants-role"), offered.iter().map(choice).collect()))
}

const fn role_name(role: InvitedRole) -> Text {
    match role {
        InvitedRole::Member => say("tenants-role-member"),
        InvitedRole::TenantAdmin => say("tenants-role-admin"),
        InvitedRole::RealmAdmin => say("tenants-role-realm-admin"),
        InvitedRole::Operator => say("tenants-role-operator"),
    }
}

/// How an invitation stands, as a badge.
pub(super) const fn state(state: InvitationState) -> Value {
    match state {
        InvitationState::Pending => Value::badge("tenants-invitation-pending", Tone::Warn),
        InvitationState::Accepted => Value::badge("tenants-invitation-accepted", Tone::Good),
        InvitationState::Revoked => Value::badge("tenants-invitation-revoked", Tone::Plain),
        InvitationState::Expired => Value::badge("tenants-invitation-expired", Tone::Bad),
    }
}
