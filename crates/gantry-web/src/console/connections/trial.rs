//! A test sign-in: to the provider and back as in earnest, and then what would have happened.
//!
//! The way back ends at the realm's callback, which hands over what came to the console: there alone is the session that
//! began it. What was found is a trace, and its page is shown from that.

use actix_web::HttpRequest;
use gantry_core::audit::Origin;
use gantry_core::connection::Connection;
use gantry_core::failure::Fault;
use gantry_core::id::TraceId;
use gantry_core::realm::Realm;
use gantry_core::sign_in_trace::{Hop, HopKind, TraceOutcome};
use gantry_identity::connections::trial::{self, Tried, Trier};
use gantry_views::console::{Code, Facts, Form, Link, Note, Panel, Step, Table, Text, Timeline, Tone, Value, said, say};
use gantry_views::console::{Empty, Row};
use serde_json::Value as Json;

use super::super::context::{Answer, Console};
use super::super::form::ConsoleForm;
use super::{CLAIMS, TRIAL, TRIAL_BACK, TRIED, callback, frame, named, page_of, upstream};
use crate::respond::see_other;

pub(super) async fn show(console: Console) -> Answer {
    let connection = named(&console).await?;
    let mut form = Form::new("trial", TRIAL.of(&console, connection.id), say("connections-try-start"));
    form = form.title(say("connections-try-title")).lead(say("connections-try-lead"));
    let mut sheet = frame::sheet(&console, &connection).panel(form);
    if !connection.is_enabled() {
        sheet = sheet.panel(Note { tone: Tone::Plain, text: say("connections-try-while-off"), action: None });
    }
    console.show(sheet)
}

/// Sends the browser to the provider.
pub(super) async fn begin(console: Console, _: ConsoleForm) -> Answer {
    let connection = named(&console).await?;
    let (callback, origin) = (callback(&console, &connection.slug), console.origin());
    let outside = upstream(&console)?.outside(console.realm.realm.id, &callback);
    match trial::begin(outside, trier(&console, &origin), connection.id).await? {
        Ok(url) => Ok(see_other(url.as_str())),
        Err(trace) => Ok(see_other(&result(&console, &connection, trace))),
    }
}

/// The browser is back, with what the provider gave it. Acts as a GET, since that is what browsers are sent with: once, in
/// the session that began it.
pub(super) async fn back(console: Console) -> Answer {
    let connection = named(&console).await?;
    let (callback, origin) = (callback(&console, &connection.slug), console.origin());
    let outside = upstream(&console)?.outside(console.realm.realm.id, &callback);
    let trace = Box::pin(trial::finish(outside, trier(&console, &origin), connection.id, console.query()?)).await?;
    Ok(see_other(&result(&console, &connection, trace)))
}

/// What would have happened.
pub(super) async fn tried(console: Console) -> Answer {
    let connection = named(&console).await?;
    let found = trial::find(&console.read()?, console.actor, connection.id, console.id("trace")?).await?;
    let mut sheet = frame::sheet(&console, &connection).panel(verdict(&found));
    for panel in outcome_panels(&found.hops) {
        sheet = sheet.panel(panel);
    }
    if let Some(claims) = claims(&found.hops) {
        sheet = sheet.panel(claims);
    }
    sheet = sheet.panel(timeline(&found));
    sheet = sheet.action(Link::to(say("connections-tab-claims"), CLAIMS.of(&console, connection.id)));
    console.show(sheet.action(Link::to(say("connections-try-again"), TRIAL.of(&console, connection.id))))
}

/// Where a callback with the `state` of a trial is handed over to.
pub(crate) fn back_at(request: &HttpRequest, realm: &Realm, connection: &Connection, owner: Option<&str>) -> Result<String, Fault> {
    page_of(request, realm, connection, owner, TRIAL_BACK)
}

fn trier<'t>(console: &Console, origin: &'t Origin) -> Trier<'t> {
    Trier { actor: console.actor, user: console.person().id, session: console.session().id, origin }
}

fn result(console: &Console, connection: &Connection, trace: TraceId) -> String {
    let (id, trace) = (connection.id.to_string(), trace.to_string());
    console.path(TRIED.pattern(console), &[("connection", &id), ("trace", &trace)])
}

fn verdict(found: &Tried) -> Note {
    let problem = found.trace.problem.map(|problem| problem.to_string());
    let (tone, text) = match (found.trace.outcome, problem) {
        (TraceOutcome::Tried, _) => (Tone::Good, say("connections-tried-well")),
        (_, Some(problem)) => (Tone::Bad, say("connections-tried-refused").with("problem", problem)),
        (_, None) => (Tone::Plain, say("connections-tried-open")),
    };
    Note { tone, text, action: None }
}

/// Whose account it would be and what would become of it where: from the hops that say so.
pub(super) fn outcome_panels(hops: &[Hop]) -> Vec<Panel> {
    let mut panels = Vec::new();
    if let Some(hop) = hops.iter().find(|hop| hop.kind == HopKind::Account) {
        let said_of = |name: &str| hop.detail.get(name).and_then(Json::as_str);
        let mut facts = Facts::new("account").title(say("connections-outcome-title"));
        facts = facts.fact(say("connections-outcome-account"), Value::Text(decision(said_of("decision").unwrap_or_default())));
        if let Some(person) = said_of("person") {
            facts = facts.fact(say("connections-outcome-person"), Value::said(person));
        }
        if let Some(problem) = said_of("problem") {
            facts = facts.fact(say("connections-newest-problem"), Value::Code(problem.to_owned()));
        }
        let address = hop.detail.get("address");
        let of_address = |name: &str| address.and_then(|address| address.get(name)).and_then(Json::as_str);
        facts = facts.fact(say("connections-outcome-address"), of_address("email").map_or(Value::Nothing, Value::said));
        facts = facts.fact(say("connections-outcome-worth"), Value::Text(worth(of_address("state").unwrap_or_default())));
        panels.push(facts.into());
    }
    let joins: Vec<&Hop> = hops.iter().filter(|hop| hop.kind == HopKind::Join).collect();
    if !joins.is_empty() {
        panels.push(places(&joins).into());
    }
    panels
}

fn places(joins: &[&Hop]) -> Table {
    let empty = Empty {
        icon: "building-2",
        title: say("connections-places-empty-title"),
        text: say("connections-places-empty-text"),
        action: None,
    };
    let columns = [
        "connections-places-tenant",
        "connections-outcome-outcome",
        "connections-outcome-role",
        "connections-outcome-because",
        "connections-outcome-group",
    ];
    let mut table = Table::new("joins", columns.into_iter().map(say).collect(), empty);
    table.title = Some(say("connections-outcome-places"));
    for hop in joins {
        let of = |name: &str| hop.detail.get(name).and_then(Json::as_str);
        let cell = |name: &str| of(name).map_or(Value::Nothing, |word| Value::Tag(word.to_owned()));
        let role = of("role").or_else(|| of("to")).map_or(Value::Nothing, |word| Value::Tag(word.to_owned()));
        let name = Value::said(of("name").unwrap_or_default());
        table.rows.push(Row::plain(of("tenant").unwrap_or_default(), vec![name, cell("outcome"), role, cell("because"), cell("group")]));
    }
    table
}

/// What the provider said, as it was read.
fn claims(hops: &[Hop]) -> Option<Code> {
    let hop = hops.iter().find(|hop| hop.kind == HopKind::Mapping)?;
    let text = serde_json::to_string_pretty(hop.detail.get("before")?).ok()?;
    Some(Code { id: "claims", title: Some(say("connections-tried-claims")), lead: Some(say("connections-tried-claims-lead")), text })
}

fn timeline(found: &Tried) -> Timeline {
    let step = |hop: &Hop| Step {
        text: step_name(hop.kind),
        tone: if hop.kind == HopKind::Refusal { Tone::Bad } else { Tone::Plain },
        after_ms: u64::try_from(hop.at.since(found.trace.started_at).as_millis()).unwrap_or(u64::MAX),
        iso: hop.at.to_rfc3339(),
        facts: hop.detail.iter().filter_map(fact).collect(),
    };
    Timeline { id: "hops", title: Some(say("connections-tried-hops")), steps: found.hops.iter().map(step).collect() }
}

/// What a step is called: the words of the trace.
const fn step_name(kind: HopKind) -> Text {
    match kind {
        HopKind::Request => say("connections-step-request"),
        HopKind::Route => say("hop-route"),
        HopKind::Metadata => say("hop-metadata"),
        HopKind::Redirect => say("hop-redirect"),
        HopKind::Callback => say("hop-callback"),
        HopKind::Token => say("hop-token"),
        HopKind::IdToken => say("hop-id_token"),
        HopKind::Userinfo => say("hop-userinfo"),
        HopKind::Groups => say("hop-groups"),
        HopKind::Mapping => say("hop-mapping"),
        HopKind::Account => say("connections-step-account"),
        HopKind::Proof => say("hop-proof"),
        HopKind::Join => say("connections-step-join"),
        HopKind::Session => say("hop-session"),
        HopKind::Consent => say("hop-consent"),
        HopKind::Answer => say("hop-answer"),
        HopKind::TokensIssued => say("hop-tokens_issued"),
        HopKind::Refusal => say("hop-refusal"),
    }
}

/// A plain fact of a hop; what is nested is shown above.
fn fact((name, value): (&String, &Json)) -> Option<(Text, Value)> {
    let text = match value {
        Json::String(text) => text.clone(),
        Json::Bool(_) | Json::Number(_) => value.to_string(),
        Json::Null | Json::Array(_) | Json::Object(_) => return None,
    };
    Some((said(name), Value::said(text)))
}

fn decision(word: &str) -> Text {
    match word {
        "known" => say("connections-decision-known"),
        "link" => say("connections-decision-link"),
        "create" => say("connections-decision-create"),
        "prove" => say("connections-decision-prove"),
        "prove_address" => say("connections-decision-prove-address"),
        "depends" => say("connections-decision-depends"),
        _ => say("connections-decision-refuse"),
    }
}

fn worth(word: &str) -> Text {
    match word {
        "verified" => say("connections-worth-verified"),
        "unverified" => say("connections-worth-unverified"),
        "unusable" => say("connections-worth-unusable"),
        _ => say("connections-worth-none"),
    }
}
