//! APIs in the console: what tokens are meant for, and how they are made for it.

use actix_web::web;
use gantry_core::clock::Timestamp;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Fault};
use gantry_core::id::ResourceId;
use gantry_core::realm::TokenFormat;
use gantry_core::resource::Resource;
use gantry_core::signing_algorithm::SigningAlgorithm;
use gantry_oauth::catalogue::{self, Catalogue};
use gantry_oauth::resources::{self, NewResource};
use gantry_realm_file::{document, entry};
use gantry_store::RealmTx;
use gantry_views::console::{Choice, Empty, Field, FieldKind, Filter, Form, Link, Row, Sheet, Table, Text, Value, said, say};
use gantry_views::moment::Moment;

use super::context::{Answer, Console};
use super::form::{ConsoleForm, problems, wrong};
use super::stale::{self, Theirs};
use super::{code, listing, standing_in};
use crate::admin::fingerprint;
use crate::paths::console as at;

/// Mounts the pages.
pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(at::RESOURCES).route(web::get().to(list)))
        .service(web::resource(at::RESOURCE_NEW).route(web::get().to(ask_new)).route(web::post().to(make)))
        .service(web::resource(at::RESOURCE).route(web::get().to(show)).route(web::post().to(save)))
        .service(web::resource(at::RESOURCE_REMOVE).route(web::get().to(ask_removal)).route(web::post().to(remove)));
}

async fn list(console: Console) -> Answer {
    let find = console.find(&[])?;
    let page = resources::list(&console.read()?, console.actor, &find).await?;
    let columns = vec![say("resources-name"), say("resources-audience"), say("resources-format"), say("resources-since")];
    let new = || Link::to(say("resources-new"), console.path(at::RESOURCE_NEW, &[]));
    let empty = Empty { icon: "server", title: say("resources-empty"), text: say("resources-empty-text"), action: Some(new()) };
    let mut table = Table::new("resources", columns, empty);
    let now = console.now()?;
    let row = |api: &Resource| {
        let id = api.id.to_string();
        let cells = vec![
            Value::said(&api.name),
            Value::Code(api.audience.clone()),
            Value::Text(format(api.token_format)),
            Value::Moment(Moment::seen(api.created_at, now)),
        ];
        Row::to(id.clone(), console.path(at::RESOURCE, &[("resource", &id)]), cells)
    };
    table.rows = page.items.iter().map(row).collect();
    let action = console.path(at::RESOURCES, &[]);
    table.filter = Some(Filter { action, q: find.text.clone(), label: say("resources-search"), facets: Vec::new() });
    (table.next, table.first) = listing::ways(&console, &find, page.next.as_ref());
    let primary = Link { primary: true, ..new() };
    console.show(Sheet::new(say("resources-title")).lead(say("resources-lead")).action(primary.icon("plus")).panel(table))
}

const fn format(format: TokenFormat) -> Text {
    match format {
        TokenFormat::Jwt => say("resources-jwt"),
        TokenFormat::Opaque => say("resources-opaque"),
    }
}

/// What stands in the fields.
struct Typed {
    entry: document::Resource,
    lifetime: String,
}

impl Typed {
    fn of(entry: document::Resource) -> Self {
        Self { lifetime: entry.access_lifetime.map_or_else(String::new, |seconds| seconds.to_string()), entry }
    }

    fn read(form: &ConsoleForm, before: document::Resource) -> Self {
        let entry = document::Resource {
            name: form.line("name").to_owned(),
            token_format: if form.line("token_format") == "opaque" { TokenFormat::Opaque } else { TokenFormat::Jwt },
            signing_algorithm: SigningAlgorithm::parse(form.line("signing_algorithm")),
            access_lifetime: form.line("access_lifetime").parse().ok(),
            ..before
        };
        Self { entry, lifetime: form.line("access_lifetime").to_owned() }
    }

    /// What is no value at all.
    fn misfits(&self, console: &Console) -> Result<Vec<(String, String)>, Fault> {
        if self.lifetime.is_empty() || self.entry.access_lifetime.is_some() {
            return Ok(Vec::new());
        }
        Ok(vec![("access_lifetime".to_owned(), console.words("clients-no-number")?)])
    }

    fn form(&self, id: &'static str, action: String, submit: Text, new: bool) -> Form {
        let entry = &self.entry;
        let mut form = Form::new(id, action, submit);
        if new {
            let audience = Field::new("audience", say("resources-audience"), FieldKind::Url(entry.audience.clone()));
            form = form.field(audience.hint(say("resources-audience-hint")).required());
        }
        let formats = [("jwt", TokenFormat::Jwt, say("resources-jwt-hint")), ("opaque", TokenFormat::Opaque, say("resources-opaque-hint"))];
        let formats = formats.map(|(value, one, hint)| Choice::new(value, format(one), entry.token_format == one).hint(hint)).to_vec();
        let mut algorithms = vec![Choice::new("", say("clients-as-realm"), entry.signing_algorithm.is_none())];
        algorithms.extend(
            SigningAlgorithm::ALL.iter().map(|one| Choice::new(one.as_str(), said(one.as_str()), entry.signing_algorithm == Some(*one))),
        );
        form.field(Field::line("name", say("resources-name"), &entry.name).hint(say("resources-name-hint")).required())
            .field(Field::radio("token_format", say("resources-format"), formats))
            .field(Field::select("signing_algorithm", say("resources-algorithm"), algorithms).hint(say("resources-algorithm-hint")))
            .field(
                Field::new("access_lifetime", say("resources-lifetime"), FieldKind::Number(self.lifetime.clone()))
                    .hint(say("clients-seconds-hint")),
            )
    }
}

fn head(console: &Console, title: Text) -> Sheet {
    Sheet::new(title).crumb(Link::to(say("resources-title"), console.path(at::RESOURCES, &[])))
}

fn blank(audience: String) -> document::Resource {
    document::Resource {
        audience,
        name: String::new(),
        token_format: TokenFormat::Jwt,
        signing_algorithm: None,
        access_lifetime: None,
        scopes: Vec::new(),
    }
}

async fn ask_new(console: Console) -> Answer {
    let sheet = new_sheet(&console, &Typed::of(blank(String::new())), None, &[])?;
    console.show(sheet)
}

fn new_sheet(console: &Console, typed: &Typed, whole: Option<Text>, bad: &[(String, String)]) -> Result<Sheet, Failure> {
    let form = typed.form("new", console.path(at::RESOURCE_NEW, &[]), say("resources-make"), true);
    let mut sheet = head(console, say("resources-new")).lead(say("resources-new-lead")).panel(form.with_problems(whole, bad));
    sheet.as_code = Some(code::of_new(console, "resources", &typed.entry)?);
    Ok(sheet)
}

async fn make(console: Console, form: ConsoleForm) -> Answer {
    let typed = Typed::read(&form, blank(form.line("audience").to_owned()));
    let misfits = typed.misfits(&console)?;
    if !misfits.is_empty() {
        return console.show_wrong(new_sheet(&console, &typed, Some(say("clients-wrong")), &misfits)?);
    }
    let now = console.now()?;
    let new = NewResource { audience: typed.entry.audience.clone(), settings: entry::resource_settings(&typed.entry) };
    match console.transact(async |tx| resources::register(tx, console.actor, new, now).await).await {
        Ok(api) => console.done(console.path(at::RESOURCE, &[("resource", &api.id.to_string())]), "resources-made"),
        Err(failure) => {
            let refusal = wrong(failure)?;
            let mut bad = problems(&refusal);
            if refusal.code == ErrorCode::Conflict {
                bad.push(("audience".to_owned(), console.words("resources-taken")?));
            }
            console.show_wrong(new_sheet(&console, &typed, Some(say("clients-wrong")), &bad)?)
        }
    }
}

/// An API with its scopes.
struct Subject {
    api: Resource,
    catalogue: Catalogue,
}

impl Subject {
    async fn of(tx: &RealmTx, console: &Console) -> Result<Self, Failure> {
        let api = resources::find(tx, console.actor, console.id::<ResourceId>("resource")?).await?;
        Ok(Self { api, catalogue: catalogue::read(tx, console.actor).await? })
    }

    fn entry(&self) -> document::Resource {
        entry::resource(&self.api, &self.catalogue)
    }

    fn path(&self, console: &Console, pattern: &str) -> String {
        console.path(pattern, &[("resource", &self.api.id.to_string())])
    }
}

async fn show(console: Console) -> Answer {
    let subject = Subject::of(&console.read()?, &console).await?;
    let sheet = sheet(&console, &subject, &Typed::of(subject.entry()), None, &[])?;
    console.show(sheet)
}

fn sheet(console: &Console, subject: &Subject, typed: &Typed, whole: Option<Text>, bad: &[(String, String)]) -> Result<Sheet, Failure> {
    let form = typed.form("settings", subject.path(console, at::RESOURCE), say("resources-save"), false);
    let form = form.hidden("seen", fingerprint(&subject.entry())?).with_problems(whole, bad);
    let mut sheet = head(console, said(&subject.api.name)).lead(said(&subject.api.audience)).panel(form).panel(scopes(console, subject));
    sheet.actions.push(Link::to(say("resources-remove"), subject.path(console, at::RESOURCE_REMOVE)).icon("trash-2"));
    sheet.as_code = Some(code::of(console, "resources", (&subject.api.id, subject.api.created_at), &subject.entry())?);
    Ok(sheet)
}

fn scopes(console: &Console, subject: &Subject) -> Table {
    let new = format!("{}?{}", console.path(at::SCOPE_NEW, &[]), {
        form_urlencoded::Serializer::new(String::new()).append_pair("resource", &subject.api.audience).finish()
    });
    let new = Link::to(say("scopes-new"), new).icon("plus");
    let empty = Empty {
        icon: "shield-check",
        title: say("resources-scopes-empty"),
        text: say("resources-scopes-empty-text"),
        action: Some(new.clone()),
    };
    let mut table = Table::new("scopes", vec![say("scopes-name"), say("scopes-description")], empty);
    table.title = Some(say("resources-scopes"));
    table.actions.push(new);
    let own = subject.catalogue.scopes.iter().filter(|scope| scope.resource_id == Some(subject.api.id));
    let row = |scope: &gantry_core::scope::Scope| {
        let id = scope.id.to_string();
        let cells = vec![Value::Two(said(&scope.name), said(&scope.title)), Value::said(&scope.description)];
        Row::to(id.clone(), console.path(at::SCOPE, &[("scope", &id)]), cells)
    };
    table.rows = own.map(row).collect();
    table
}

async fn save(console: Console, form: ConsoleForm) -> Answer {
    let subject = Subject::of(&console.read()?, &console).await?;
    let typed = Typed::read(&form, subject.entry());
    let misfits = typed.misfits(&console)?;
    if !misfits.is_empty() {
        return stale::show_wrong(&console, &form, sheet(&console, &subject, &typed, Some(say("clients-wrong")), &misfits)?);
    }
    let now = console.now()?;
    match console.transact(async |tx| write(tx, &console, &typed, &form, now).await).await {
        Ok(None) => console.done(subject.path(&console, at::RESOURCE), "resources-saved"),
        Ok(Some(theirs)) => {
            let sheet = sheet(&console, &subject, &typed, None, &[])?;
            stale::show(&console, &form, sheet, &theirs, &typed.entry)
        }
        Err(failure) => {
            let bad = problems(&wrong(failure)?);
            stale::show_wrong(&console, &form, sheet(&console, &subject, &typed, Some(say("clients-wrong")), &bad)?)
        }
    }
}

/// Writes what was typed; what stands instead, if somebody else saved meanwhile.
async fn write(tx: &RealmTx, console: &Console, typed: &Typed, sent: &ConsoleForm, now: Timestamp) -> Result<Option<Theirs>, Failure> {
    let subject = Subject::of(tx, console).await?;
    let stands = subject.entry();
    if let Some(theirs) = Theirs::unless_seen(sent, fingerprint(&stands)?, &stands)? {
        return Ok(Some(theirs));
    }
    resources::update(tx, console.actor, subject.api.id, entry::resource_settings(&typed.entry), now).await?;
    Ok(None)
}

async fn ask_removal(console: Console) -> Answer {
    console.fresh(&console.here())?;
    let sheet = removal(&console, None).await?;
    console.show(sheet)
}

async fn removal(console: &Console, problem: Option<Text>) -> Result<Sheet, Failure> {
    let rows = console.read()?;
    let subject = Subject::of(&rows, console).await?;
    let (count, clients) = resources::clients_of(&rows, console.actor, subject.api.id).await?;
    let others = subject.catalogue.scopes.iter().filter(|scope| scope.resource_id == Some(subject.api.id));
    let others = others.map(|scope| scope.name.clone()).collect();
    let sheet = head(console, say("resources-remove-title").with("name", subject.api.name.as_str()));
    let sheet = sheet.crumb(Link::to(said(&subject.api.name), subject.path(console, at::RESOURCE)));
    let standing = standing_in::Standing { id: "remove", count, clients: &clients, others };
    let action = (subject.path(console, at::RESOURCE_REMOVE), subject.api.name.as_str(), say("resources-remove-lead"));
    Ok(standing_in::removal(console, sheet, &standing, action, problem))
}

async fn remove(console: Console, form: ConsoleForm) -> Answer {
    console.fresh(&console.here())?;
    let api = Subject::of(&console.read()?, &console).await?.api;
    if !form.confirms(&api.name) {
        return console.show_wrong(removal(&console, Some(say("clients-remove-mistyped"))).await?);
    }
    let now = console.now()?;
    match console.transact(async |tx| resources::remove(tx, console.actor, api.id, now).await).await {
        Ok(()) => console.done(console.path(at::RESOURCES, &[]), "resources-removed"),
        Err(failure) => {
            wrong(failure)?;
            console.show_wrong(removal(&console, Some(say("clients-still-named"))).await?)
        }
    }
}
