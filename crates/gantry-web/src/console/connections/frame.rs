//! What all pages of one connection have in common: the heading, how it stands, the tabs; and the words for both.

use gantry_core::clock::Timestamp;
use gantry_core::connection::Connection;
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::failure::Failure;
use gantry_identity::connections;
use gantry_realm_file::{entry, excerpt};
use gantry_views::console::{AsCode, Badge, Link, Sheet, Tab, Text, Tone, said, say};

use super::super::code::{self, Record};
use super::super::context::Console;
use super::{Both, CLAIMS, DRY_RUN, LINKING, LIST, OVERVIEW, SECRETS, SETTINGS, TRIAL, TRIED};
use crate::paths::console as at;

/// An end within this many seconds is worth a word: 30 days.
const SOON: i64 = 30 * 24 * 60 * 60;

/// A page of a connection, without content yet.
pub(super) fn sheet(console: &Console, connection: &Connection) -> Sheet {
    let mut sheet = Sheet::new(said(&connection.name)).crumb(Link::to(say("connections-title"), LIST.path(console)));
    let kind = Badge { text: kind_name(connection.kind), tone: Tone::Plain };
    sheet.badges = vec![state(connection), kind];
    sheet.tabs = tabs(console, connection);
    sheet
}

/// The tabs; where the connection joins people to tenants stands at another address for a tenant than for the realm.
fn tabs(console: &Console, connection: &Connection) -> Vec<Tab> {
    let id = connection.id.to_string();
    let tab = |both: Both, text| Tab { text: say(text), href: both.of(console, connection.id), current: both.is_here(console) };
    let joining = if console.tenant.is_some() { at::TENANT_CONNECTION_JOINING } else { at::CONNECTION_ATTACHMENTS };
    let here = console.request().match_pattern();
    vec![
        tab(OVERVIEW, "connections-tab-overview"),
        tab(SETTINGS, "connections-tab-settings"),
        tab(SECRETS, "connections-tab-secrets"),
        tab(CLAIMS, "connections-tab-claims"),
        tab(LINKING, "connections-tab-linking"),
        Tab {
            text: say("connections-tab-joining"),
            href: console.path(joining, &[("connection", &id)]),
            current: here.as_deref() == Some(joining),
        },
        tab(DRY_RUN, "connections-tab-dry-run"),
        Tab { current: TRIAL.is_here(console) || TRIED.is_here(console), ..tab(TRIAL, "connections-tab-test") },
    ]
}

/// The same for files and programs. Secrets are in neither.
pub(super) async fn as_code(console: &Console, connection: &Connection, of_certificate: Option<Timestamp>) -> Result<AsCode, Failure> {
    let owner = match &console.tenant {
        Some(tenant) => connection.owner.map(|_| tenant.org_id.clone()),
        None => connections::owners(&console.read()?, console.actor, std::slice::from_ref(connection)).await?.pop().map(|one| one.org_id),
    };
    let document = entry::connection(connection, owner.clone(), of_certificate);
    let known = entry::connection(connection, owner, None);
    let (id, created_at) = (connection.id.to_string(), connection.created_at);
    let record = Record { path: format!("connections/{id}"), id, created_at, entry: &known };
    Ok(code::with(console, Some(excerpt("connections", &document)?), &record, None)?)
}

/// How a connection stands, in a word.
pub(super) const fn state(connection: &Connection) -> Badge {
    if connection.is_enabled() {
        Badge { text: say("connections-state-on"), tone: Tone::Good }
    } else {
        Badge { text: say("connections-state-off"), tone: Tone::Warn }
    }
}

/// That an end is near or over.
pub(super) fn ending(at: Timestamp, now: Timestamp) -> Option<Badge> {
    let left = at.seconds() - now.seconds();
    if left <= 0 {
        Some(Badge { text: say("connections-ends-over"), tone: Tone::Bad })
    } else if left < SOON {
        Some(Badge { text: say("connections-ends-soon"), tone: Tone::Warn })
    } else {
        None
    }
}

/// The name of a kind as people know it.
pub(super) const fn kind_name(kind: ConnectorKind) -> Text {
    match kind {
        ConnectorKind::Password => say("connections-kind-password"),
        ConnectorKind::Oidc => say("connections-kind-oidc"),
        ConnectorKind::Oauth2 => say("connections-kind-oauth2"),
        ConnectorKind::Microsoft => say("connections-kind-microsoft"),
        ConnectorKind::Google => say("connections-kind-google"),
        ConnectorKind::Github => say("connections-kind-github"),
        ConnectorKind::Apple => say("connections-kind-apple"),
        ConnectorKind::Gitlab => say("connections-kind-gitlab"),
        ConnectorKind::Linkedin => say("connections-kind-linkedin"),
        ConnectorKind::Slack => say("connections-kind-slack"),
        ConnectorKind::Discord => say("connections-kind-discord"),
        ConnectorKind::Facebook => say("connections-kind-facebook"),
    }
}
