//! One client at a glance: what it is, what its developer needs, switching it off, removing it.

use gantry_core::client::Client;
use gantry_core::failure::Failure;
use gantry_core::id::ClientId;
use gantry_core::paging::Counted;
use gantry_oauth::clients::{self, Usage};
use gantry_views::console::{Act, Facts, Form, Link, Note, Panel, Sheet, Text, Tone, Value, said, say};
use gantry_views::moment::Moment;

use super::{Subject, kind};
use crate::PATH_FAMILIES;
use crate::console::context::{Answer, Console};
use crate::console::form::ConsoleForm;
use crate::paths;
use crate::paths::console as at;

pub(super) async fn show(console: Console) -> Answer {
    let subject = Subject::of(&console).await?;
    let usage = clients::usage(&console.read()?, console.actor, subject.client.id, console.now()?).await?;
    let mut sheet = subject.sheet(&console, at::CLIENT);
    if !subject.client.is_enabled() {
        sheet.panels.push(Panel::Note(Note { tone: Tone::Warn, text: say("clients-is-disabled"), action: None }));
    }
    sheet =
        sheet.panel(facts(&console, &subject)?).panel(endpoints(&console, &subject)).panel(in_use(usage)).panel(end(&console, &subject));
    sheet.as_code = subject.as_code(&console)?;
    console.show(sheet)
}

fn facts(console: &Console, subject: &Subject) -> Result<Facts, Failure> {
    let client = &subject.client;
    let publisher = client.publisher_id.and_then(|id| subject.catalogue.publisher(id));
    let publisher = publisher
        .map_or(Value::Nothing, |team| Value::link(&team.name, console.path(at::PUBLISHER, &[("publisher", &team.id.to_string())])));
    let website = client.website.as_ref().map_or(Value::Nothing, |site| Value::link(site, site));
    let description = if client.description.is_empty() { Value::Nothing } else { Value::said(&client.description) };
    let list = |list: &[String]| {
        if list.is_empty() { Value::Nothing } else { Value::List(list.iter().cloned().map(Value::Code).collect()) }
    };
    Ok(Facts::new("facts")
        .title(say("clients-facts"))
        .fact(say("clients-id"), Value::Code(client.client_id.clone()))
        .fact(say("clients-kind"), Value::Text(kind(client.kind)))
        .fact(say("clients-description"), description)
        .fact(say("clients-publisher"), publisher)
        .fact(say("clients-website"), website)
        .fact(say("clients-redirect-uris"), list(&client.redirect_uris))
        .fact(say("clients-scopes"), Value::tags(client.scopes.iter()))
        .fact(say("clients-since"), Value::Moment(Moment::seen(client.created_at, console.now()?))))
}

/// What its developer copies into the app.
fn endpoints(console: &Console, subject: &Subject) -> Facts {
    let (address, family) = (&console.address, PATH_FAMILIES.of(&console.realm.realm));
    let client = &subject.client;
    let mut facts = Facts::new("endpoints").title(say("clients-endpoints")).fact(say("clients-issuer"), Value::Code(address.issuer()));
    facts.lead = Some(say("clients-endpoints-lead"));
    facts = facts.fact(say("clients-discovery"), Value::Code(address.below_issuer(paths::OPENID_CONFIGURATION)));
    if !client.redirect_uris.is_empty() {
        facts = facts.fact(say("clients-authorize"), Value::Code(address.below_issuer(family.authorization)));
    }
    facts
        .fact(say("clients-token"), Value::Code(address.below_issuer(family.token)))
        .fact(say("clients-jwks-endpoint"), Value::Code(address.below_issuer(family.jwks)))
        .fact(say("clients-id"), Value::Code(client.client_id.clone()))
}

fn in_use(usage: Usage) -> Facts {
    let number = |counted: Counted| Value::Text(counted_text(counted));
    let plain = |count: usize| Value::said(count.to_string());
    Facts::new("use")
        .title(say("clients-use"))
        .fact(say("clients-use-people"), number(usage.people))
        .fact(say("clients-use-grants"), number(usage.grants))
        .fact(say("clients-use-tenants"), number(usage.tenants))
        .fact(say("clients-use-secrets"), plain(usage.secrets))
        .fact(say("clients-use-app-keys"), plain(usage.app_keys))
}

/// A number, or the least that it is.
fn counted_text(counted: Counted) -> Text {
    let count = u64::from(counted.count);
    if counted.or_more { say("clients-or-more").with("count", count) } else { said(count.to_string()) }
}

fn end(console: &Console, subject: &Subject) -> Facts {
    let enabled = subject.client.is_enabled();
    let act = Act::new(if enabled { say("clients-disable") } else { say("clients-enable") }, subject.path(console, at::CLIENT_ENABLED))
        .hidden("enabled", if enabled { "no" } else { "yes" });
    let mut facts = Facts::new("end").title(say("clients-end"));
    facts.lead = Some(if enabled { say("clients-end-lead") } else { say("clients-end-lead-disabled") });
    facts.acts.push(if enabled { act.danger() } else { act });
    facts.actions.push(Link::to(say("clients-remove"), subject.path(console, at::CLIENT_REMOVE)));
    facts
}

pub(super) async fn set_enabled(console: Console, form: ConsoleForm) -> Answer {
    let id = console.id::<ClientId>("client")?;
    let (enabled, now) = (form.line("enabled") == "yes", console.now()?);
    console.transact(async |tx| clients::set_enabled(tx, console.actor, id, enabled, now).await).await?;
    let did = if enabled { "clients-enabled" } else { "clients-disabled" };
    console.done(console.path(at::CLIENT, &[("client", &id.to_string())]), did)
}

pub(super) async fn ask_removal(console: Console) -> Answer {
    console.fresh(&console.here())?;
    let subject = Subject::of(&console).await?;
    let sheet = removal(&console, &subject, None).await?;
    console.show(sheet)
}

pub(super) async fn remove(console: Console, form: ConsoleForm) -> Answer {
    console.fresh(&console.here())?;
    let subject = Subject::of(&console).await?;
    if !form.confirms(&subject.client.name) {
        let sheet = removal(&console, &subject, Some(say("clients-remove-mistyped"))).await?;
        return console.show_wrong(sheet);
    }
    let now = console.now()?;
    console.transact(async |tx| clients::remove(tx, console.actor, subject.client.id, now).await).await?;
    console.done(console.path(at::CLIENTS, &[]), "clients-removed")
}

async fn removal(console: &Console, subject: &Subject, problem: Option<Text>) -> Result<Sheet, Failure> {
    let client: &Client = &subject.client;
    let usage = clients::usage(&console.read()?, console.actor, client.id, console.now()?).await?;
    let mut form = Form::new("remove", subject.path(console, at::CLIENT_REMOVE), say("clients-remove")).danger(Some(client.name.clone()));
    form.lead = Some(say("clients-remove-lead").with("id", client.client_id.as_str()));
    form.problem = problem;
    let above = (at::CLIENT, say("clients-tab-overview"));
    Ok(subject.sheet_below(console, say("clients-remove-title").with("name", client.name.as_str()), above).panel(in_use(usage)).panel(form))
}
