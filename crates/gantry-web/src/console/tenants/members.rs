//! Who belongs to a tenant, what they are there, and who is invited.

use gantry_core::id::UserId;
use gantry_core::paging::Find;
use gantry_core::tenant::{Membership, TenantRole};
use gantry_identity::invitations as invited;
use gantry_identity::members::{self, Member, MemberSettings};
use gantry_realm_file::document;
use gantry_views::console::{Choice, Empty, Facet, Facts, Field, Filter, Form, Link, Row, Sheet, Table, Text, Tone, Value, said, say};
use gantry_views::moment::Moment;
use serde_json::json;

use super::super::bulk;
use super::super::context::{Answer, Console};
use super::super::form::{ConsoleForm, wrong};
use super::super::listing;
use super::code::{self, Call};
use super::{invitations, several, summary};
use crate::paths::console as at;

pub(super) async fn list(console: Console) -> Answer {
    let tenant = console.tenant()?;
    let find = console.find(&["role"])?;
    let (rows, now) = (console.read()?, console.now()?);
    let page = members::list(&rows, console.actor, tenant.id, &find).await?;
    let row = |member: &Member| {
        let id = member.user.id.to_string();
        let by = if member.membership.connection_id.is_some() { "tenants-by-connection" } else { "tenants-by-admin" };
        let cells = vec![
            Value::Two(said(member.user.display_name()), said(member.user.email.as_str())),
            badge(member.membership.role),
            Value::say(by),
            Value::Moment(Moment::seen(member.membership.created_at, now)),
        ];
        Row::to(&id, console.path(at::TENANT_MEMBER, &[("user", &id)]), cells)
    };
    let invite = Link::primary(say("tenants-invite"), console.path(at::TENANT_INVITATION_NEW, &[])).icon("user-plus");
    let empty =
        Empty { icon: "users", title: say("tenants-members-empty"), text: say("tenants-members-empty-text"), action: Some(invite.clone()) };
    let columns = vec![say("tenants-person"), say("tenants-role"), say("tenants-by"), say("tenants-joined")];
    let mut table = Table::new("members", columns, empty);
    table.rows = page.items.iter().map(row).collect();
    table.bulk = Some(bulk::bar(&console, at::TENANT_MEMBERS_BULK, several::of_members())?);
    let chosen = |role: TenantRole| listing::has(&find, "role", role.as_str());
    let mut choices = vec![Choice::new("", say("tenants-any"), find.facets.is_empty())];
    choices.extend(TenantRole::ALL.iter().map(|role| Choice::new(role.as_str(), name(*role), chosen(*role))));
    let facets = vec![Facet { name: "role", label: say("tenants-role"), choices }];
    table.filter =
        Some(Filter { action: console.path(at::TENANT_MEMBERS, &[]), q: find.text.clone(), label: say("tenants-members-search"), facets });
    (table.next, table.first) = listing::ways(&console, &find, page.next.as_ref());
    let open = Find { facets: vec!["is:open".to_owned()], ..Find::default() };
    let waiting = invited::list(&rows, console.actor, Some(tenant.id), &open).await?;
    let sheet = super::sheet(&console, tenant, say("tenants-members")).lead(say("tenants-members-lead")).action(invite).panel(table);
    let mut sheet = sheet.panel(invitations::table(&console, &waiting.items, now)?);
    // A part of the members would, applied, take the others out.
    let whole = find == Find::default() && page.next.is_none();
    let own = page.items.iter().filter(|member| member.membership.connection_id.is_none()).map(entry_of);
    sheet.as_code = code::of(&console, tenant, |entry| entry.members = whole.then(|| own.collect()), &Call::Get("/members"))?;
    console.show(sheet)
}

pub(super) async fn show(console: Console) -> Answer {
    console.fresh(&console.here())?;
    let member = member(&console).await?;
    let mut sheet = sheet(&console, &member)?.panel(form(&console, &member, member.membership.role));
    let place = json!({ "role": member.membership.role, "break_glass": member.membership.break_glass });
    let call = format!("/members/{}", member.user.id);
    sheet.as_code = code::with(&console, console.tenant()?, None, &Call::Send("PUT", &call, place))?;
    console.show(sheet)
}

/// A member as an entry of the realm file.
fn entry_of(member: &Member) -> document::Member {
    let Membership { role, break_glass, .. } = member.membership;
    document::Member { user: member.user.email.as_str().to_owned(), role, break_glass }
}

pub(super) async fn save(console: Console, sent: ConsoleForm) -> Answer {
    console.fresh(&console.here())?;
    let member = member(&console).await?;
    let Some(role) = TenantRole::parse(sent.line("role")) else {
        return console.show_wrong(sheet(&console, &member)?.panel(form(&console, &member, member.membership.role)));
    };
    let (tenant, user, actor, now) = (console.tenant()?.id, member.user.id, console.actor, console.now()?);
    let settings = MemberSettings { role, break_glass: member.membership.break_glass };
    match console.transact(async |tx| members::put(tx, actor, tenant, user, settings, now).await).await {
        Ok(_) => console.done(console.path(at::TENANT_MEMBERS, &[]), "member-saved"),
        Err(failure) => {
            let form = form(&console, &member, role).with_problems(Some(summary(&wrong(failure)?)), &[]);
            console.show_wrong(sheet(&console, &member)?.panel(form))
        }
    }
}

pub(super) async fn ask(console: Console) -> Answer {
    console.fresh(&console.here())?;
    let member = member(&console).await?;
    console.show(sheet(&console, &member)?.panel(removal(&console, &member)))
}

pub(super) async fn remove(console: Console, sent: ConsoleForm) -> Answer {
    console.fresh(&console.here())?;
    let member = member(&console).await?;
    let problem = if sent.confirms(member.user.email.as_str()) {
        let (tenant, user, actor, now) = (console.tenant()?.id, member.user.id, console.actor, console.now()?);
        match console.transact(async |tx| members::remove(tx, actor, tenant, user, now).await).await {
            Ok(()) => return console.done(console.path(at::TENANT_MEMBERS, &[]), "member-removed"),
            Err(failure) => summary(&wrong(failure)?),
        }
    } else {
        say("tenants-unconfirmed")
    };
    console.show_wrong(sheet(&console, &member)?.panel(removal(&console, &member).with_problems(Some(problem), &[])))
}

async fn member(console: &Console) -> Result<Member, crate::respond::PageFailure> {
    let user: UserId = console.id("user")?;
    Ok(members::find(&console.read()?, console.actor, console.tenant()?.id, user).await?)
}

fn sheet(console: &Console, member: &Member) -> Result<Sheet, crate::respond::PageFailure> {
    let id = member.user.id.to_string();
    let facts = Facts::new("member")
        .fact(say("tenants-address"), Value::Code(member.user.email.to_string()))
        .fact(say("tenants-role"), badge(member.membership.role));
    let remove = Link::to(say("tenants-remove-member"), console.path(at::TENANT_MEMBER_REMOVE, &[("user", &id)]));
    let crumb = Link::to(say("tenants-members"), console.path(at::TENANT_MEMBERS, &[]));
    Ok(super::sheet(console, console.tenant()?, said(member.user.display_name())).crumb(crumb).action(remove).panel(facts))
}

fn form(console: &Console, member: &Member, role: TenantRole) -> Form {
    let choices = TenantRole::ALL.iter().map(|one| Choice::new(one.as_str(), name(*one), *one == role).hint(hint(*one)));
    let path = console.path(at::TENANT_MEMBER, &[("user", &member.user.id.to_string())]);
    Form::new("role", path, say("tenants-save")).field(Field::radio("role", say("tenants-role"), choices.collect()))
}

fn removal(console: &Console, member: &Member) -> Form {
    let path = console.path(at::TENANT_MEMBER_REMOVE, &[("user", &member.user.id.to_string())]);
    Form::new("remove", path, say("tenants-remove-member"))
        .lead(say("tenants-remove-member-lead"))
        .danger(Some(member.user.email.to_string()))
}

/// A role as a badge.
pub(super) const fn badge(role: TenantRole) -> Value {
    match role {
        TenantRole::Member => Value::badge("tenants-role-member", Tone::Plain),
        TenantRole::TenantAdmin => Value::badge("tenants-role-admin", Tone::Good),
    }
}

/// A role in words.
pub(super) const fn name(role: TenantRole) -> Text {
    match role {
        TenantRole::Member => say("tenants-role-member"),
        TenantRole::TenantAdmin => say("tenants-role-admin"),
    }
}

/// What a role may.
pub(super) const fn hint(role: TenantRole) -> Text {
    match role {
        TenantRole::Member => say("tenants-role-member-hint"),
        TenantRole::TenantAdmin => say("tenants-role-admin-hint"),
    }
}
