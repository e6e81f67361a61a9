//! Scopes in the console: the permissions of the realm's APIs, with the consent page as a person will see it.

mod form;
mod preview;

use actix_web::web;
use gantry_core::clock::Timestamp;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Failure;
use gantry_core::id::ScopeId;
use gantry_core::paging::{Find, Page};
use gantry_core::scope::{Scope, ScopeTier};
use gantry_oauth::catalogue::{self, Catalogue};
use gantry_oauth::scopes::{self, NewScope};
use gantry_realm_file::{entry, excerpt};
use gantry_store::RealmTx;
use gantry_views::console::{Badge, Choice, Empty, Facet, Filter, Link, Row, Sheet, Table, Text, Tone, Value, said, say};

use self::form::Typed;
use super::code::Record;
use super::context::{Answer, Console};
use super::form::{ConsoleForm, problems, wrong};
use super::stale::{self, Theirs};
use super::{code, listing, standing_in};
use crate::admin::fingerprint;
use crate::api;
use crate::paths::console as at;

/// Mounts the pages.
pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(at::SCOPES).route(web::get().to(list)))
        .service(web::resource(at::SCOPE_NEW).route(web::get().to(ask_new)).route(web::post().to(make)))
        .service(web::resource(at::SCOPE_PREVIEW).route(web::get().to(preview::show)))
        .service(web::resource(at::SCOPE).route(web::get().to(show)).route(web::post().to(save)))
        .service(web::resource(at::SCOPE_REMOVE).route(web::get().to(ask_removal)).route(web::post().to(remove)));
}

const fn tier(tier: ScopeTier) -> Badge {
    match tier {
        ScopeTier::Open => Badge { text: say("scopes-tier-open"), tone: Tone::Plain },
        ScopeTier::Reviewed => Badge { text: say("scopes-tier-reviewed"), tone: Tone::Plain },
        ScopeTier::TenantAdmin => Badge { text: say("scopes-tier-tenant-admin"), tone: Tone::Warn },
    }
}

async fn list(console: Console) -> Answer {
    let find = console.find(&["tier", "resource"])?;
    let rows = console.read()?;
    let page = scopes::list(&rows, console.actor, &find).await?;
    let catalogue = catalogue::read(&rows, console.actor).await?;
    let new = Link::primary(say("scopes-new"), console.path(at::SCOPE_NEW, &[])).icon("plus");
    console.show(Sheet::new(say("scopes-title")).lead(say("scopes-lead")).action(new).panel(table(&console, &find, &page, &catalogue)))
}

fn table(console: &Console, find: &Find, page: &Page<Scope>, catalogue: &Catalogue) -> Table {
    let columns = vec![say("scopes-name"), say("scopes-description"), say("scopes-resource"), say("scopes-tier"), say("scopes-machine")];
    let new = Link::to(say("scopes-new"), console.path(at::SCOPE_NEW, &[]));
    let empty = Empty { icon: "shield-check", title: say("scopes-empty"), text: say("scopes-empty-text"), action: Some(new) };
    let mut table = Table::new("scopes", columns, empty);
    let row = |scope: &Scope| {
        let api = scope.resource_id.and_then(|id| catalogue.resource(id));
        let cells = vec![
            Value::Two(said(&scope.name), said(&scope.title)),
            Value::said(&scope.description),
            api.map_or(Value::Nothing, |api| Value::said(&api.name)),
            Value::Badge(tier(scope.tier)),
            if scope.machine { Value::say("scopes-machine-yes") } else { Value::Nothing },
        ];
        let id = scope.id.to_string();
        Row::to(id.clone(), console.path(at::SCOPE, &[("scope", &id)]), cells)
    };
    table.rows = page.items.iter().map(row).collect();
    let any = || Choice::new("", say("scopes-any"), false);
    let tiers = [("open", ScopeTier::Open), ("reviewed", ScopeTier::Reviewed), ("tenant-admin", ScopeTier::TenantAdmin)];
    let tiers = tiers.map(|(value, one)| Choice::new(value, tier(one).text, listing::has(find, "tier", value)));
    let apis = catalogue.resources.iter();
    let apis = apis.map(|api| Choice::new(&api.audience, said(&api.name), listing::has(find, "resource", &api.audience)));
    table.filter = Some(Filter {
        action: console.path(at::SCOPES, &[]),
        q: find.text.clone(),
        label: say("scopes-search"),
        facets: vec![
            Facet { name: "tier", label: say("scopes-tier"), choices: std::iter::once(any()).chain(tiers).collect() },
            Facet { name: "resource", label: say("scopes-resource"), choices: std::iter::once(any()).chain(apis).collect() },
        ],
    });
    (table.next, table.first) = listing::ways(console, find, page.next.as_ref());
    table
}

async fn ask_new(console: Console) -> Answer {
    let catalogue = catalogue::read(&console.read()?, console.actor).await?;
    let typed = Typed { audience: console.query()?.get("resource").map(str::to_owned), ..Typed::default() };
    let sheet = new_sheet(&console, &catalogue, &typed, None, &[])?;
    console.show(sheet)
}

fn head(console: &Console, title: Text) -> Sheet {
    Sheet::new(title).crumb(Link::to(say("scopes-title"), console.path(at::SCOPES, &[])))
}

fn new_sheet(
    console: &Console,
    catalogue: &Catalogue,
    typed: &Typed,
    whole: Option<Text>,
    bad: &[(String, String)],
) -> Result<Sheet, Failure> {
    let form = typed.form("new", console.path(at::SCOPE_NEW, &[]), say("scopes-make"), catalogue, true);
    let mut sheet = head(console, say("scopes-new")).lead(say("scopes-new-lead")).panel(form.with_problems(whole, bad));
    sheet = sheet.panel(preview::panel(console, typed, "new"));
    sheet.as_code = Some(code::of_new(console, "scopes", &typed.entry)?);
    Ok(sheet)
}

async fn make(console: Console, form: ConsoleForm) -> Answer {
    let typed = Typed::read(&form);
    let now = console.now()?;
    let work = async |tx: &RealmTx| {
        let catalogue = catalogue::read(tx, console.actor).await?;
        let settings = typed.settings(&catalogue)?;
        scopes::register(tx, console.actor, NewScope { name: typed.entry.name.clone(), settings }, now).await
    };
    match console.transact(work).await {
        Ok(scope) => console.done(console.path(at::SCOPE, &[("scope", &scope.id.to_string())]), "scopes-made"),
        Err(failure) => {
            let refusal = wrong(failure)?;
            let catalogue = catalogue::read(&console.read()?, console.actor).await?;
            let mut bad = problems(&refusal);
            if refusal.code == ErrorCode::Conflict {
                bad.push(("name".to_owned(), console.words("scopes-taken")?));
            }
            console.show_wrong(new_sheet(&console, &catalogue, &typed, Some(say("clients-wrong")), &bad)?)
        }
    }
}

/// A scope with what it refers to.
struct Subject {
    scope: Scope,
    catalogue: Catalogue,
}

impl Subject {
    async fn of(tx: &RealmTx, console: &Console) -> Result<Self, Failure> {
        let scope = scopes::find(tx, console.actor, console.id::<ScopeId>("scope")?).await?;
        Ok(Self { scope, catalogue: catalogue::read(tx, console.actor).await? })
    }

    fn typed(&self) -> Typed {
        let api = self.scope.resource_id.and_then(|id| self.catalogue.resource(id));
        Typed { entry: entry::scope(&self.scope), audience: api.map(|api| api.audience.clone()) }
    }
}

async fn show(console: Console) -> Answer {
    let rows = console.read()?;
    let subject = Subject::of(&rows, &console).await?;
    let typed = subject.typed();
    let sheet = sheet(&console, &subject, &typed, None, &[])?;
    console.show(sheet)
}

fn sheet(console: &Console, subject: &Subject, typed: &Typed, whole: Option<Text>, bad: &[(String, String)]) -> Result<Sheet, Failure> {
    let id = subject.scope.id.to_string();
    let path = |pattern| console.path(pattern, &[("scope", &id)]);
    let seen = fingerprint(&subject.typed().seen())?;
    let form = typed.form("settings", path(at::SCOPE), say("scopes-save"), &subject.catalogue, false).hidden("seen", seen);
    let mut sheet = head(console, said(&subject.scope.name)).lead(said(&subject.scope.title));
    sheet.badges.push(tier(subject.scope.tier));
    sheet = sheet.panel(form.with_problems(whole, bad)).panel(preview::panel(console, typed, "settings"));
    sheet.actions.push(Link::to(say("scopes-remove"), path(at::SCOPE_REMOVE)).icon("trash-2"));
    let known = api::scope_body(&subject.scope, &subject.catalogue);
    let record = Record { path: format!("scopes/{id}"), id, created_at: subject.scope.created_at, entry: &known };
    sheet.as_code = Some(code::with(console, Some(excerpt("scopes", &entry::scope(&subject.scope))?), &record, None)?);
    Ok(sheet)
}

async fn save(console: Console, form: ConsoleForm) -> Answer {
    let subject = Subject::of(&console.read()?, &console).await?;
    let mut typed = Typed::read(&form);
    typed.entry.name.clone_from(&subject.scope.name);
    let now = console.now()?;
    match console.transact(async |tx| write(tx, &console, &typed, &form, now).await).await {
        Ok(None) => console.done(console.path(at::SCOPE, &[("scope", &subject.scope.id.to_string())]), "scopes-saved"),
        Ok(Some(theirs)) => {
            let sheet = sheet(&console, &subject, &typed, None, &[])?;
            stale::show(&console, &form, sheet, &theirs, &typed.seen())
        }
        Err(failure) => {
            let refusal = wrong(failure)?;
            let whole = if refusal.code == ErrorCode::Conflict { say("scopes-machines-have-it") } else { say("clients-wrong") };
            stale::show_wrong(&console, &form, sheet(&console, &subject, &typed, Some(whole), &problems(&refusal))?)
        }
    }
}

/// Writes what was typed; what stands instead, if somebody else saved meanwhile.
async fn write(tx: &RealmTx, console: &Console, typed: &Typed, sent: &ConsoleForm, now: Timestamp) -> Result<Option<Theirs>, Failure> {
    let subject = Subject::of(tx, console).await?;
    let stands = subject.typed();
    if let Some(theirs) = Theirs::unless_seen(sent, fingerprint(&stands.seen())?, &stands.seen())? {
        return Ok(Some(theirs));
    }
    let settings = typed.settings(&subject.catalogue)?;
    scopes::update(tx, console.actor, subject.scope.id, settings, now).await?;
    Ok(None)
}

async fn ask_removal(console: Console) -> Answer {
    console.fresh(&console.here())?;
    let sheet = removal(&console, None).await?;
    console.show(sheet)
}

async fn removal(console: &Console, problem: Option<Text>) -> Result<Sheet, Failure> {
    let rows = console.read()?;
    let scope = Subject::of(&rows, console).await?.scope;
    let (count, clients) = scopes::clients_of(&rows, console.actor, scope.id).await?;
    let path = console.path(at::SCOPE_REMOVE, &[("scope", &scope.id.to_string())]);
    let back = console.path(at::SCOPE, &[("scope", &scope.id.to_string())]);
    let sheet = head(console, say("scopes-remove-title").with("name", scope.name.as_str())).crumb(Link::to(said(&scope.name), back));
    let standing = standing_in::Standing { id: "remove", count, clients: &clients, others: Vec::new() };
    Ok(standing_in::removal(console, sheet, &standing, (path, &scope.name, say("scopes-remove-lead")), problem))
}

async fn remove(console: Console, form: ConsoleForm) -> Answer {
    console.fresh(&console.here())?;
    let scope = Subject::of(&console.read()?, &console).await?.scope;
    if !form.confirms(&scope.name) {
        return console.show_wrong(removal(&console, Some(say("clients-remove-mistyped"))).await?);
    }
    let now = console.now()?;
    match console.transact(async |tx| scopes::remove(tx, console.actor, scope.id, now).await).await {
        Ok(()) => console.done(console.path(at::SCOPES, &[]), "scopes-removed"),
        Err(failure) => {
            wrong(failure)?;
            console.show_wrong(removal(&console, Some(say("clients-still-named"))).await?)
        }
    }
}
