//! Where a connection is offered, and who joins by it: the tenants that have it, and one tenant's rules.

use gantry_core::connection::{Attachment, Connection, JoinRule, RoleRule};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::id::ConnectionId;
use gantry_core::paging::Cursor;
use gantry_core::tenant::TenantRole;
use gantry_identity::connections::{self, AttachmentSettings, Offered, Seen};
use gantry_realm_file::entry;
use gantry_views::console::{Act, Choice, Empty, Facts, Field, FieldKind, Form, Link, Row, Sheet, Table, Text, Value, said, say};

use super::super::context::{Answer, Console};
use super::super::form::{ConsoleForm, problems};
use super::super::stale::{self, Theirs};
use super::fields::{known, word};
use super::settings::{summary, wrong_field};
use super::{LIST, frame, named};
use crate::admin::fingerprint;
use crate::extract::unknown_realm;
use crate::paths::console as at;

/// The tenants that have a connection, for the realm's admins.
pub(super) async fn list(console: Console) -> Answer {
    let connection = named(&console).await?;
    let sheet = list_sheet(&console, &connection, "", None).await?;
    console.show(sheet)
}

/// Offers it to one more tenant; who joins is said on the page that follows.
pub(super) async fn attach(console: Console, sent: ConsoleForm) -> Answer {
    let connection = named(&console).await?;
    let (actor, now, org_id) = (console.actor, console.now()?, sent.line("org_id").to_owned());
    let work = console.transact(async |tx| connections::offer(tx, actor, connection.id, &org_id, now).await);
    match work.await {
        Ok(_) => {
            let values = [("connection", connection.id.to_string()), ("tenant", org_id)];
            let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
            console.done(console.path(at::TENANT_CONNECTION_JOINING, &values), "connection-attached")
        }
        Err(Failure::Refused(refusal)) if matches!(refusal.code, ErrorCode::NotFound | ErrorCode::Conflict) => {
            let problem =
                if refusal.code == ErrorCode::Conflict { say("connections-attach-there") } else { say("connections-attach-unknown") };
            let sheet = list_sheet(&console, &connection, &org_id, Some(problem)).await?;
            console.show_wrong(sheet)
        }
        Err(failure) => Err(failure.into()),
    }
}

async fn list_sheet(console: &Console, connection: &Connection, org_id: &str, problem: Option<Text>) -> Result<Sheet, Failure> {
    let after = console.query()?.get("after").and_then(Cursor::parse);
    let rows = console.read()?;
    let page = connections::attached_to(&rows, console.actor, connection.id, after.as_ref(), 50).await?;
    let empty = Empty {
        icon: "building-2",
        title: say("connections-places-empty-title"),
        text: say("connections-places-empty-text"),
        action: None,
    };
    let columns = ["connections-places-tenant", "connections-places-join", "connections-places-role", "connections-places-roles"];
    let mut table = Table::new("places", columns.into_iter().map(say).collect(), empty);
    let here = console.path(at::CONNECTION_ATTACHMENTS, &[("connection", &connection.id.to_string())]);
    table.first = after.is_some().then(|| here.clone());
    table.next = page.next.as_ref().map(|cursor| format!("{here}?after={}", cursor.to_text()));
    for (attachment, tenant) in &page.items {
        let values = [("connection", connection.id.to_string()), ("tenant", tenant.org_id.clone())];
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let cells = vec![
            Value::Two(said(&tenant.name), said(&tenant.org_id)),
            Value::Text(join_name(attachment.join)),
            Value::Text(role_name(attachment.default_role)),
            Value::said(attachment.roles.len().to_string()),
        ];
        table.rows.push(Row::to(tenant.org_id.clone(), console.path(at::TENANT_CONNECTION_JOINING, &values), cells));
    }
    let mut sheet = frame::sheet(console, connection).panel(table);
    if connection.owner.is_none() {
        let mut form = Form::new("attach", here, say("connections-attach")).title(say("connections-attach-title"));
        form = form.lead(say("connections-attach-lead"));
        form = form.field(Field::line("org_id", say("connections-field-org-id"), org_id).required());
        form.problem = problem;
        sheet = sheet.panel(form);
    }
    Ok(sheet)
}

/// What a tenant's page of a connection is about.
enum At {
    /// One that whoever looks may change.
    Own(Box<Connection>),
    /// One of the realm's, as the tenant's admin sees it.
    Shared(Offered),
}

async fn at_tenant(console: &Console) -> Result<At, Failure> {
    let (rows, id, tenant) = (console.read()?, console.id("connection")?, console.tenant()?.id);
    match connections::find(&rows, console.actor, id).await? {
        Seen::Whole(connection) if connection.kind.is_upstream() && connection.owner.is_none_or(|owner| owner == tenant) => {
            Ok(At::Own(connection))
        }
        Seen::Offered(offered) => Ok(At::Shared(offered)),
        Seen::Whole(_) => Err(unknown_realm().into()),
    }
}

/// One tenant's rules about who joins by a connection.
pub(super) async fn show(console: Console) -> Answer {
    let place = place(&console, console.id("connection")?).await?;
    match at_tenant(&console).await? {
        At::Own(connection) => {
            let seen = seen(&connection, place.as_ref())?;
            let settings = place.as_ref().map_or_else(usual, of_place);
            let form = form(&console, &connection, &settings, seen);
            console.show(joining_sheet(&console, &connection, place.is_some()).panel(form))
        }
        At::Shared(offered) => console.show(shared_sheet(&console, &offered, place.as_ref())),
    }
}

pub(super) async fn save(console: Console, sent: ConsoleForm) -> Answer {
    let At::Own(connection) = at_tenant(&console).await? else { return Err(unknown_realm().into()) };
    let (actor, now, tenant) = (console.actor, console.now()?, console.tenant()?.id);
    let settings = match read(&sent) {
        Ok(settings) => settings,
        Err(failure) => return joining_wrong(&console, &connection, &sent, failure),
    };
    let id = connection.id;
    let work = console.transact(async |tx| {
        let current = connections::place_at(tx, actor, id, tenant).await?;
        let stands = current.as_ref().map(|place| shown(&of_place(place)));
        if let Some(theirs) = Theirs::unless_seen(&sent, seen(&connection, current.as_ref())?, &stands)? {
            return Ok(Err((current, theirs)));
        }
        connections::attach(tx, actor, id, tenant, settings.clone(), now).await.map(Ok)
    });
    match work.await {
        Ok(Ok(_)) => console.done(console.request().path().to_owned(), "connection-joining-saved"),
        Ok(Err((current, theirs))) => {
            let form = form(&console, &connection, &settings, seen(&connection, current.as_ref())?);
            let sheet = joining_sheet(&console, &connection, current.is_some()).panel(form);
            stale::show(&console, &sent, sheet, &theirs, &shown(&settings))
        }
        Err(failure) => joining_wrong(&console, &connection, &sent, failure),
    }
}

/// The form again, with what is wrong with it.
fn joining_wrong(console: &Console, connection: &Connection, sent: &ConsoleForm, failure: Failure) -> Answer {
    let refusal = wrong_field(failure)?;
    let mut form = form(console, connection, &read(sent).unwrap_or_else(|_| usual()), sent.line("seen").to_owned());
    // What was typed stays, readable or not.
    if let Some(field) = form.fields.iter_mut().find(|field| field.name == "roles") {
        field.kind = FieldKind::Lines(sent.lines("roles"));
    }
    let form = form.with_problems(Some(summary(&refusal)), &problems(&refusal));
    stale::show_wrong(console, sent, joining_sheet(console, connection, true).panel(form))
}

/// Takes the connection away from the tenant. Memberships stay.
pub(super) async fn detach(console: Console, _: ConsoleForm) -> Answer {
    let At::Own(connection) = at_tenant(&console).await? else { return Err(unknown_realm().into()) };
    let (actor, now, tenant) = (console.actor, console.now()?, console.tenant()?.id);
    console.transact(async |tx| connections::detach(tx, actor, connection.id, tenant, now).await).await?;
    console.done(LIST.path(&console), "connection-detached")
}

async fn place(console: &Console, id: ConnectionId) -> Result<Option<Attachment>, Failure> {
    connections::place_at(&console.read()?, console.actor, id, console.tenant()?.id).await
}

/// A page of the tenant's; tabs only where all of it can be seen from here.
fn joining_sheet(console: &Console, connection: &Connection, attached: bool) -> Sheet {
    let own = connection.owner.is_some();
    let mut sheet = if own {
        frame::sheet(console, connection)
    } else {
        Sheet::new(said(&connection.name)).crumb(Link::to(say("connections-title"), LIST.path(console)))
    };
    if attached && !own {
        let path = console.path(at::TENANT_CONNECTION_DETACH, &[("connection", &connection.id.to_string())]);
        let mut facts = Facts::new("detach").title(say("connections-detach-title"));
        facts.lead = Some(say("connections-detach-lead"));
        facts.acts = vec![Act::new(say("connections-detach"), path).danger()];
        sheet = sheet.panel(facts);
    }
    sheet
}

fn shared_sheet(console: &Console, offered: &Offered, place: Option<&Attachment>) -> Sheet {
    let mut facts = Facts::new("joining").fact(say("connections-column-kind"), Value::Text(frame::kind_name(offered.kind)));
    if let Some(place) = place {
        facts = facts.fact(say("connections-places-join"), Value::Text(join_name(place.join)));
        facts = facts.fact(say("connections-places-role"), Value::Text(role_name(place.default_role)));
        for rule in &place.roles {
            facts = facts.fact(said(&rule.group), Value::Text(role_name(rule.role)));
        }
    }
    Sheet::new(said(&offered.name))
        .lead(say("connections-shared-lead"))
        .crumb(Link::to(say("connections-title"), LIST.path(console)))
        .panel(facts)
}

fn form(console: &Console, connection: &Connection, settings: &AttachmentSettings, seen: String) -> Form {
    let role = |one: TenantRole| Choice::new(word(Some(&one)), role_name(one), one == settings.default_role);
    let mut form = Form::new("joining", console.request().path(), say("connections-save"))
        .lead(say("connections-joining-lead"))
        .hidden("seen", seen)
        .field(join_field(settings.join))
        .field(Field::select("default_role", say("connections-places-role"), vec![role(TenantRole::Member), role(TenantRole::TenantAdmin)]))
        .field(Field::lines("roles", say("connections-field-roles"), rules(settings)).hint(say("connections-roles-hint")));
    if matches!(connection.kind, ConnectorKind::Microsoft | ConnectorKind::Google) {
        let field = Field::lines("directories", say("connections-field-place-directories"), settings.directories.clone());
        form = form.field(field.hint(say("connections-place-directories-hint")));
    }
    form
}

/// What leads to which role, as the form's lines have it.
fn rules(settings: &AttachmentSettings) -> Vec<String> {
    settings.roles.iter().map(|rule| format!("{} = {}", rule.group, word(Some(&rule.role)))).collect()
}

/// What the form decides, by the names of its fields.
fn shown(settings: &AttachmentSettings) -> serde_json::Value {
    serde_json::json!({
        "join": settings.join.to_string(),
        "default_role": word(Some(&settings.default_role)),
        "roles": rules(settings),
        "directories": settings.directories,
    })
}

/// Who becomes a member, for the wizard too.
pub(super) fn join_field(chosen: JoinRule) -> Field {
    let choice = |one: JoinRule, hint| Choice::new(one.to_string(), join_name(one), one == chosen).hint(hint);
    Field::radio(
        "join",
        say("connections-places-join"),
        vec![
            choice(JoinRule::ProvedDomain, say("connections-join-proved-hint")),
            choice(JoinRule::Everyone, say("connections-join-everyone-hint")),
            choice(JoinRule::Invited, say("connections-join-invited-hint")),
        ],
    )
}

fn read(sent: &ConsoleForm) -> Result<AttachmentSettings, Failure> {
    let mut roles = Vec::new();
    for (index, line) in sent.lines("roles").iter().enumerate() {
        let rule =
            line.rsplit_once('=').and_then(|(group, role)| Some(RoleRule { group: group.trim().to_owned(), role: known(role.trim())? }));
        let unreadable = || {
            let problem = format!("[{}] must be a line such as `group = tenant_admin` or `group = member`", index.saturating_add(1));
            Refusal::new(ErrorCode::InvalidRequest, "A line cannot be read").field("roles", problem)
        };
        roles.push(rule.ok_or_else(unreadable)?);
    }
    Ok(AttachmentSettings {
        join: known(sent.line("join")).unwrap_or(JoinRule::Invited),
        default_role: known(sent.line("default_role")).unwrap_or(TenantRole::Member),
        roles,
        directories: sent.lines("directories"),
    })
}

fn of_place(place: &Attachment) -> AttachmentSettings {
    let Attachment { join, default_role, roles, directories, .. } = place.clone();
    AttachmentSettings { join, default_role, roles, directories }
}

const fn usual() -> AttachmentSettings {
    AttachmentSettings { join: JoinRule::ProvedDomain, default_role: TenantRole::Member, roles: Vec::new(), directories: Vec::new() }
}

/// The name of the version that a form has seen.
fn seen(connection: &Connection, place: Option<&Attachment>) -> Result<String, Failure> {
    Ok(fingerprint(&place.map(|place| entry::attachment(&connection.slug, place)))?)
}

const fn join_name(rule: JoinRule) -> Text {
    match rule {
        JoinRule::Invited => say("connections-join-invited"),
        JoinRule::ProvedDomain => say("connections-join-proved"),
        JoinRule::Everyone => say("connections-join-everyone"),
    }
}

pub(super) const fn role_name(role: TenantRole) -> Text {
    match role {
        TenantRole::Member => say("connections-role-member"),
        TenantRole::TenantAdmin => say("connections-role-admin"),
    }
}
