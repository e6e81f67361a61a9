//! Traces of sign-ins: the newest ones, and each as a picture of its steps.
//!
//! The same pages for a realm and for a tenant; who sees what of which is decided by `gantry_identity::traces`.

mod words;

use actix_web::web;
use gantry_core::failure::Failure;
use gantry_core::id::TraceId;
use gantry_core::paging::{Cursor, Find};
use gantry_core::parameters::Parameters;
use gantry_core::secret::Secret;
use gantry_core::sign_in_trace::{Hop, HopKind, SignInProblem, TraceOutcome};
use gantry_identity::traces::{self, Found, Named};
use gantry_views::console::{
    Badge, Choice, Empty, Facet, Facts, Filter, Form, Link, OnceSecret, Row, Sheet, Step, Table, Timeline, Tone, Value, said, say,
};
use gantry_views::moment::{Day, Moment};
use gantry_views::page::account::ShownOnce;
use gantry_views::page::trace::{Claim, Fact};

use super::context::{Answer, Console};
use super::form::ConsoleForm;
use super::once;
use crate::paths;
use crate::paths::console as at;

const FACETS: &[&str] = &["outcome", "problem", "connection", "tenant"];

/// Mounts this area.
pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    for (list, one, share_at) in [(at::TRACES, at::TRACE, at::TRACE_SHARE), (at::TENANT_TRACES, at::TENANT_TRACE, at::TENANT_TRACE_SHARE)] {
        cfg.service(web::resource(list).route(web::get().to(show)))
            .service(web::resource(one).route(web::get().to(one_trace)))
            .service(web::resource(share_at).route(web::post().to(share)));
    }
}

/// An address at the place where the page is.
fn path(console: &Console, realm: &str, tenant: &str, values: &[(&str, &str)]) -> String {
    console.path(if console.tenant.is_some() { tenant } else { realm }, values)
}

async fn show(console: Console) -> Answer {
    let find = console.find(FACETS)?;
    let find = Find { facets: find.facets.into_iter().filter(|facet| !facet.ends_with(':')).collect(), ..find };
    let tenant = console.tenant.as_ref().map(|tenant| tenant.id);
    let (now, query) = (console.now()?, console.query()?);
    let page = traces::list(&console.read()?, console.actor, tenant, &find, now).await?;
    let mut columns = ["traces-column-outcome", "traces-column-person", "traces-column-connection", "traces-column-app"].map(say).to_vec();
    if tenant.is_none() {
        columns.push(say("traces-column-tenant"));
    }
    columns.push(say("traces-column-at"));
    let empty = Empty { icon: "git-branch", title: say("traces-empty-title"), text: say("traces-empty-text"), action: None };
    let mut table = Table::new("traces", columns, empty);
    table.rows = page.items.iter().map(|found| row(&console, found, now)).collect();
    table.filter = Some(filter(&console, &query));
    let here = path(&console, at::TRACES, at::TENANT_TRACES, &[]);
    table.first = find.after.is_some().then(|| here.clone());
    table.next = page.next.map(|next| next_page(&here, &query, &next));
    console.show(Sheet::new(say("traces-title")).lead(say("traces-lead")).panel(table))
}

fn row(console: &Console, found: &Found, now: gantry_core::clock::Timestamp) -> Row {
    let (view, about) = (&found.view, &found.about);
    let id = view.id.to_string();
    let named = |of: &Option<Named>| of.as_ref().map_or(Value::Nothing, |of| Value::said(&of.name));
    let outcome = Value::Badge(Badge { text: words::outcome(view.outcome), tone: words::tone(view.outcome) });
    let outcome = match view.problem {
        Some(problem) => Value::List(vec![outcome, Value::said(problem.as_str())]),
        None => outcome,
    };
    let person = about.person.as_ref().map_or(Value::Nothing, Value::said);
    let mut cells = vec![outcome, person, named(&about.connection), named(&about.app)];
    if console.tenant.is_none() {
        cells.push(named(&about.organization));
    }
    cells.push(Value::Moment(Moment::seen(view.started_at, now)));
    Row::to(&id, path(console, at::TRACE, at::TENANT_TRACE, &[("trace", &id)]), cells)
}

fn filter(console: &Console, query: &Parameters) -> Filter {
    let chosen = |name: &str, value: &str| query.get(name).unwrap_or_default() == value;
    let any = |name: &str| std::iter::once(Choice::new("", say("traces-any"), chosen(name, "")));
    let outcomes = TraceOutcome::ALL.iter().map(|of| Choice::new(of.as_str(), words::outcome(*of), chosen("outcome", of.as_str())));
    let problems = SignInProblem::ALL.iter().map(|of| Choice::new(of.as_str(), said(of.as_str()), chosen("problem", of.as_str())));
    let facets = vec![
        Facet { name: "outcome", label: say("traces-column-outcome"), choices: any("outcome").chain(outcomes).collect() },
        Facet { name: "problem", label: say("traces-problem"), choices: any("problem").chain(problems).collect() },
    ];
    let mut facets = facets;
    if let Some(slug) = query.get("connection") {
        // By its slug as it stands in the address: all there are would be too many to choose from.
        let choices = any("connection").chain([Choice::new(slug, said(slug), true)]).collect();
        facets.push(Facet { name: "connection", label: say("traces-column-connection"), choices });
    }
    let action = path(console, at::TRACES, at::TENANT_TRACES, &[]);
    Filter { action, q: query.get("q").unwrap_or_default().to_owned(), label: say("traces-search"), facets }
}

/// Where the next page is: what this one is narrowed by stays.
fn next_page(here: &str, query: &Parameters, after: &Cursor) -> String {
    let mut next = form_urlencoded::Serializer::new(String::new());
    for name in FACETS.iter().chain(&["q"]) {
        if let Some(value) = query.get(name) {
            next.append_pair(name, value);
        }
    }
    format!("{here}?{}", next.append_pair("after", &after.to_text()).finish())
}

async fn find(console: &Console) -> Result<Found, Failure> {
    let id: TraceId = console.id("trace")?;
    let tenant = console.tenant.as_ref().map(|tenant| tenant.id);
    traces::find_as(&console.read()?, console.actor, tenant, id, console.now()?).await
}

async fn one_trace(console: Console) -> Answer {
    let found = find(&console).await?;
    let id = found.view.id.to_string();
    let action = path(&console, at::TRACE_SHARE, at::TENANT_TRACE_SHARE, &[("trace", &id)]);
    let share =
        once::numbered(Form::new("share", action, say("traces-share-make"))).title(say("traces-share")).lead(say("traces-share-lead"));
    console.show(sheet(&console, &found)?.panel(share))
}

/// Makes a link, and shows it this once.
async fn share(console: Console, form: ConsoleForm) -> Answer {
    let (found, now, origin) = (find(&console).await?, console.now()?, console.origin());
    let made = once::transact(&console, &form, async |tx| traces::share(tx, console.actor, &origin, &found, now).await).await?;
    let Some(made) = made else {
        let trace = path(&console, at::TRACE, at::TENANT_TRACE, &[("trace", &found.view.id.to_string())]);
        return once::again(&console, sheet(&console, &found)?, Link::to(say("traces-share-another"), trace));
    };
    let link = console.address.url(&paths::TRACE_SHARED.replace("{token}", made.0.expose()));
    let secret = OnceSecret {
        id: "link",
        title: say("traces-link"),
        lead: Some(say("traces-share-lead")),
        value: ShownOnce(Secret::new(link)),
        file_name: "trace-link.txt".to_owned(),
    };
    let mut sheet = sheet(&console, &found)?;
    sheet.panels.insert(0, secret.into());
    console.show(sheet)
}

fn sheet(console: &Console, found: &Found) -> Result<Sheet, Failure> {
    let (view, about) = (&found.view, &found.about);
    let named = |of: &Option<Named>| of.as_ref().map_or(Value::Nothing, |of| Value::Two(said(&of.name), said(&of.id)));
    let facts = Facts::new("about")
        .fact(say("traces-column-person"), about.person.as_ref().map_or(Value::Nothing, Value::said))
        .fact(say("traces-column-connection"), named(&about.connection))
        .fact(say("traces-column-tenant"), named(&about.organization))
        .fact(say("traces-column-app"), named(&about.app))
        .fact(say("traces-fact-problem"), view.problem.map_or(Value::Nothing, |problem| Value::said(problem.as_str())))
        .fact(say("traces-fact-begun"), Value::Moment(Moment::seen(view.started_at, console.now()?)))
        .fact(say("traces-fact-until"), Value::Day(Day::of(view.expires_at)))
        .fact(say("traces-fact-id"), Value::Code(view.id.to_string()));
    let steps = view.hops.iter().map(|hop| step(hop, found)).collect();
    let back = Link::to(say("traces-title"), path(console, at::TRACES, at::TENANT_TRACES, &[]));
    let title = about.person.as_ref().map_or_else(|| words::outcome(view.outcome), said);
    let mut sheet = Sheet::new(title).crumb(back).panel(facts).panel(Timeline { id: "steps", title: Some(say("traces-steps")), steps });
    sheet.badges = vec![Badge { text: words::outcome(view.outcome), tone: words::tone(view.outcome) }];
    if let Some(claims) = claims(&view.hops) {
        sheet = sheet.panel(claims);
    }
    Ok(sheet)
}

fn step(hop: &Hop, found: &Found) -> Step {
    let facts = Fact::all_of(&hop.detail).into_iter().map(|fact| {
        let name = fact.label.said;
        let value = Value::Text(words::value(&name, &fact.value.said));
        (words::label(&name), value)
    });
    Step {
        text: words::hop(hop.kind),
        tone: if hop.kind == HopKind::Refusal { Tone::Bad } else { Tone::Good },
        after_ms: u64::try_from(hop.at.since(found.view.started_at).as_millis()).unwrap_or(u64::MAX),
        iso: hop.at.to_rfc3339(),
        facts: facts.collect(),
    }
}

/// The provider's claims beside what was kept of them, of the hop that read them.
fn claims(hops: &[Hop]) -> Option<Table> {
    let claims = hops.iter().map(|hop| Claim::all_of(&hop.detail)).find(|claims| !claims.is_empty())?;
    let columns = ["traces-claim", "traces-claim-before", "traces-claim-after"].map(say).to_vec();
    let empty = Empty { icon: "list", title: say("traces-claims-none"), text: say("traces-claims-none"), action: None };
    let mut table = Table::new("claims", columns, empty);
    table.title = Some(say("traces-claims"));
    let said_or = |value: &Option<String>| value.as_ref().map_or(Value::Nothing, Value::said);
    table.rows = claims
        .iter()
        .map(|claim| Row::plain(&claim.claim, vec![Value::said(&claim.claim), said_or(&claim.before), said_or(&claim.after)]))
        .collect();
    Some(table)
}
