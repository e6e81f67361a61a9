//! A new connection: which provider, what to register there, and what comes from there.
//!
//! The address of ours that the provider must know hangs on the connection's name, so the name is settled first and
//! stands in the page's address. A connection begins switched off: it is tried out, then switched on.

use gantry_core::clock::Timestamp;
use gantry_core::connection::{ConnectionSettings, JoinRule};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::failure::Failure;
use gantry_core::id::ConnectionId;
use gantry_core::tenant::TenantRole;
use gantry_identity::connections::{self, AttachmentSettings, ConnectionChange, NewConnection, own_slug, probe};
use gantry_views::console::{Cards, Field, Form, Link, Sheet, Text, say};

use super::super::context::{Answer, Console};
use super::super::form::{ConsoleForm, problems};
use super::fields::{self, known};
use super::frame::kind_name;
use super::settings::{placed, summary, wrong_field};
use super::{LIST, NEW, TRIAL, attachments, callback, guide, secrets, upstream};
use crate::extract::unknown_realm;
use crate::respond::see_other;

/// What the form is filled in with.
struct Filled {
    kind: ConnectorKind,
    slug: String,
    name: String,
    settings: ConnectionSettings,
    join: JoinRule,
    ends: String,
}

pub(super) async fn show(console: Console) -> Answer {
    let query = console.query()?;
    let Some(word) = query.get("kind") else { return console.show(choice(&console)) };
    let kind = upstream_kind(word)?;
    let Some(slug) = query.get("slug").filter(|_| !query.get("slug").is_some_and(str::is_empty)) else {
        let slug = if console.tenant.is_some() { own_slug(kind) } else { kind.to_string() };
        return Ok(see_other(&format!("{}?kind={kind}&slug={slug}", NEW.path(&console))));
    };
    let filled = Filled {
        kind,
        slug: slug.to_owned(),
        name: String::new(),
        settings: ConnectionSettings::default(),
        join: JoinRule::ProvedDomain,
        ends: String::new(),
    };
    console.show(sheet(&console, &filled, None, &[]))
}

pub(super) async fn create(console: Console, sent: ConsoleForm) -> Answer {
    let kind = upstream_kind(sent.line("kind"))?;
    let filled = Filled {
        kind,
        slug: sent.line("slug").to_owned(),
        name: sent.line("name").to_owned(),
        settings: fields::read(&sent, kind, &ConnectionSettings::default()),
        join: known(sent.line("join")).unwrap_or(JoinRule::ProvedDomain),
        ends: sent.line("client_secret_expires_at").to_owned(),
    };
    match make(&console, &filled, &sent).await {
        Ok(id) => console.done(TRIAL.of(&console, id), "connection-made"),
        Err(failure) => {
            let refusal = wrong_field(failure)?;
            console.show_wrong(sheet(&console, &filled, Some(summary(&refusal)), &placed(&problems(&refusal))))
        }
    }
}

/// Asks the provider, then writes; a tenant's own is attached to it at once.
async fn make(console: &Console, filled: &Filled, sent: &ConsoleForm) -> Result<ConnectionId, Failure> {
    let (actor, now, owner) = (console.actor, console.now()?, console.tenant.as_ref().map(|tenant| tenant.id));
    let details = ConnectionChange {
        name: filled.name.clone(),
        enabled: false,
        settings: filled.settings.clone(),
        secrets: secrets::read(sent),
        client_secret_expires_at: Timestamp::parse_rfc3339(&filled.ends),
    };
    let new = NewConnection { slug: filled.slug.clone(), kind: filled.kind, owner, details };
    let upstream = upstream(console)?;
    let callback = callback(console, &filled.slug);
    probe::before_create(upstream.outside(console.realm.realm.id, &callback), actor, &new).await?;
    let reach = upstream.connectors().reach();
    let place = AttachmentSettings { join: filled.join, default_role: TenantRole::Member, roles: Vec::new(), directories: Vec::new() };
    console
        .transact(async |tx| {
            let made = connections::create(tx, actor, new, reach, now).await?.connection;
            if let Some(owner) = owner {
                connections::attach(tx, actor, made.id, owner, place, now).await?;
            }
            Ok(made.id)
        })
        .await
}

fn upstream_kind(word: &str) -> Result<ConnectorKind, Failure> {
    Ok(ConnectorKind::parse(word).filter(|kind| kind.is_upstream()).ok_or_else(unknown_realm)?)
}

fn choice(console: &Console) -> Sheet {
    Sheet::new(say("connections-new-title"))
        .lead(say("connections-new-lead"))
        .crumb(Link::to(say("connections-title"), LIST.path(console)))
        .panel(Cards { id: "kinds", title: None, cards: guide::cards(console) })
}

fn sheet(console: &Console, filled: &Filled, whole: Option<Text>, problems: &[(String, String)]) -> Sheet {
    let kind = filled.kind;
    let mut sheet = Sheet::new(kind_name(kind))
        .lead(say("connections-new-kind-lead"))
        .crumb(Link::to(say("connections-title"), LIST.path(console)))
        .crumb(Link::to(say("connections-new-title"), NEW.path(console)));
    if console.tenant.is_none() {
        let mut naming = Form::new("naming", NEW.path(console), say("connections-slug-use")).title(say("connections-slug-title"));
        naming = naming.lead(say("connections-slug-lead")).hidden("kind", kind.to_string());
        naming.get = true;
        sheet = sheet.panel(naming.field(Field::line("slug", say("connections-field-slug"), &filled.slug).required()));
    }
    sheet = sheet.panel(guide::addresses(console, kind, &filled.slug));
    sheet.panels.extend(guide::steps(kind));
    sheet.panel(form(console, filled).with_problems(whole, problems))
}

fn form(console: &Console, filled: &Filled) -> Form {
    let mut form = Form::new("new", NEW.path(console), say("connections-create")).title(say("connections-new-form-title"));
    form = form.hidden("kind", filled.kind.to_string()).hidden("slug", &filled.slug);
    form = form.field(Field::line("name", say("connections-field-name"), &filled.name).hint(say("connections-name-hint")).required());
    form.fields.extend(fields::registration(filled.kind, &filled.settings));
    form.fields.extend(secrets::of_kind(filled.kind, &filled.ends));
    if console.tenant.is_some() {
        form.fields.push(attachments::join_field(filled.join));
    }
    form
}
