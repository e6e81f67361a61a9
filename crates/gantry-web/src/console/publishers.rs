//! Developer teams in the console: who is behind apps, and whether the platform made sure.

use actix_web::web;
use gantry_core::clock::Timestamp;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Failure;
use gantry_core::id::PublisherId;
use gantry_core::publisher::Publisher;
use gantry_oauth::publishers::{self, NewPublisher};
use gantry_realm_file::{document, entry};
use gantry_store::RealmTx;
use gantry_views::console::{
    Badge, Choice, Empty, Facet, Field, FieldKind, Filter, Form, Link, Row, Sheet, Table, Text, Tone, Value, said, say,
};
use gantry_views::moment::Moment;

use super::context::{Answer, Console};
use super::form::{ConsoleForm, problems, wrong};
use super::stale::{self, Theirs};
use super::{code, listing, standing_in};
use crate::admin::fingerprint;
use crate::paths::console as at;

/// Mounts the pages.
pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(at::PUBLISHERS).route(web::get().to(list)))
        .service(web::resource(at::PUBLISHER_NEW).route(web::get().to(ask_new)).route(web::post().to(make)))
        .service(web::resource(at::PUBLISHER).route(web::get().to(show)).route(web::post().to(save)))
        .service(web::resource(at::PUBLISHER_REMOVE).route(web::get().to(ask_removal)).route(web::post().to(remove)));
}

const fn standing(verified: bool) -> Badge {
    if verified {
        Badge { text: say("publishers-verified"), tone: Tone::Good }
    } else {
        Badge { text: say("publishers-unverified"), tone: Tone::Warn }
    }
}

async fn list(console: Console) -> Answer {
    let find = console.find(&["is"])?;
    let page = publishers::list(&console.read()?, console.actor, &find).await?;
    let columns = vec![say("publishers-name"), say("publishers-website"), say("publishers-standing"), say("publishers-since")];
    let new = || Link::to(say("publishers-new"), console.path(at::PUBLISHER_NEW, &[]));
    let empty = Empty { icon: "badge-check", title: say("publishers-empty"), text: say("publishers-empty-text"), action: Some(new()) };
    let mut table = Table::new("publishers", columns, empty);
    let now = console.now()?;
    let row = |team: &Publisher| {
        let id = team.id.to_string();
        let cells = vec![
            Value::Two(said(&team.name), said(&team.slug)),
            team.website.as_ref().map_or(Value::Nothing, |site| Value::link(site, site)),
            Value::Badge(standing(team.verified_at.is_some())),
            Value::Moment(Moment::seen(team.created_at, now)),
        ];
        Row::to(id.clone(), console.path(at::PUBLISHER, &[("publisher", &id)]), cells)
    };
    table.rows = page.items.iter().map(row).collect();
    let choices = vec![
        Choice::new("", say("clients-any"), false),
        Choice::new("verified", say("publishers-verified"), listing::has(&find, "is", "verified")),
        Choice::new("unverified", say("publishers-unverified"), listing::has(&find, "is", "unverified")),
    ];
    table.filter = Some(Filter {
        action: console.path(at::PUBLISHERS, &[]),
        q: find.text.clone(),
        label: say("publishers-search"),
        facets: vec![Facet { name: "is", label: say("publishers-standing"), choices }],
    });
    (table.next, table.first) = listing::ways(&console, &find, page.next.as_ref());
    let primary = Link { primary: true, ..new() };
    console.show(Sheet::new(say("publishers-title")).lead(say("publishers-lead")).action(primary.icon("plus")).panel(table))
}

fn typed(form: &ConsoleForm, slug: &str) -> document::Publisher {
    document::Publisher {
        slug: slug.to_owned(),
        name: form.line("name").to_owned(),
        website: form.some("website"),
        verified: form.on("verified"),
    }
}

fn form(id: &'static str, action: String, submit: Text, entry: &document::Publisher, new: bool) -> Form {
    let mut form = Form::new(id, action, submit);
    if new {
        form = form.field(Field::line("slug", say("publishers-slug"), &entry.slug).hint(say("publishers-slug-hint")).required());
    }
    form.field(Field::line("name", say("publishers-name"), &entry.name).hint(say("publishers-name-hint")).required())
        .field(Field::new("website", say("publishers-website"), FieldKind::Url(entry.website.clone().unwrap_or_default())))
        .field(Field::switch("verified", say("publishers-verify"), entry.verified).hint(say("publishers-verify-hint")))
}

fn head(console: &Console, title: Text) -> Sheet {
    Sheet::new(title).crumb(Link::to(say("publishers-title"), console.path(at::PUBLISHERS, &[])))
}

async fn ask_new(console: Console) -> Answer {
    let blank = document::Publisher { slug: String::new(), name: String::new(), website: None, verified: false };
    let sheet = new_sheet(&console, &blank, None, &[])?;
    console.show(sheet)
}

fn new_sheet(console: &Console, entry: &document::Publisher, whole: Option<Text>, bad: &[(String, String)]) -> Result<Sheet, Failure> {
    let form = form("new", console.path(at::PUBLISHER_NEW, &[]), say("publishers-make"), entry, true).with_problems(whole, bad);
    let mut sheet = head(console, say("publishers-new")).lead(say("publishers-new-lead")).panel(form);
    sheet.as_code = Some(code::of_new(console, "publishers", entry)?);
    Ok(sheet)
}

async fn make(console: Console, form: ConsoleForm) -> Answer {
    let entry = typed(&form, form.line("slug"));
    let new = NewPublisher { slug: entry.slug.clone(), settings: entry::publisher_settings(&entry) };
    let now = console.now()?;
    match console.transact(async |tx| publishers::register(tx, console.actor, new, now).await).await {
        Ok(team) => console.done(console.path(at::PUBLISHER, &[("publisher", &team.id.to_string())]), "publishers-made"),
        Err(failure) => {
            let refusal = wrong(failure)?;
            let mut bad = problems(&refusal);
            if refusal.code == ErrorCode::Conflict {
                bad.push(("slug".to_owned(), console.words("publishers-taken")?));
            }
            console.show_wrong(new_sheet(&console, &entry, Some(say("clients-wrong")), &bad)?)
        }
    }
}

async fn subject(tx: &RealmTx, console: &Console) -> Result<Publisher, Failure> {
    publishers::find(tx, console.actor, console.id::<PublisherId>("publisher")?).await
}

async fn show(console: Console) -> Answer {
    let rows = console.read()?;
    let team = subject(&rows, &console).await?;
    let (count, clients) = publishers::clients_of(&rows, console.actor, team.id).await?;
    let mut sheet = sheet(&console, &team, &entry::publisher(&team), None, &[])?;
    let empty =
        Empty { icon: "app-window", title: say("publishers-clients-empty"), text: say("publishers-clients-empty-text"), action: None };
    let mut table = Table::new("clients", vec![say("clients-name"), say("clients-id")], empty);
    table.title = Some(say("publishers-clients").with("count", u64::from(count.count)));
    let row = |client: &gantry_core::client::Client| {
        let id = client.id.to_string();
        let cells = vec![Value::said(&client.name), Value::Code(client.client_id.clone())];
        Row::to(id.clone(), console.path(at::CLIENT, &[("client", &id)]), cells)
    };
    table.rows = clients.iter().map(row).collect();
    sheet = sheet.panel(table);
    console.show(sheet)
}

fn sheet(
    console: &Console,
    team: &Publisher,
    typed: &document::Publisher,
    whole: Option<Text>,
    bad: &[(String, String)],
) -> Result<Sheet, Failure> {
    let (id, stands) = (team.id.to_string(), entry::publisher(team));
    let path = |pattern| console.path(pattern, &[("publisher", &id)]);
    let form = form("settings", path(at::PUBLISHER), say("publishers-save"), typed, false);
    let form = form.hidden("seen", fingerprint(&stands)?).with_problems(whole, bad);
    let mut sheet = head(console, said(&team.name)).lead(said(&team.slug)).panel(form);
    sheet.badges.push(standing(team.verified_at.is_some()));
    sheet.actions.push(Link::to(say("publishers-remove"), path(at::PUBLISHER_REMOVE)).icon("trash-2"));
    sheet.as_code = Some(code::of(console, "publishers", (&id, team.created_at), &stands)?);
    Ok(sheet)
}

async fn save(console: Console, form: ConsoleForm) -> Answer {
    let team = subject(&console.read()?, &console).await?;
    let entry = typed(&form, &team.slug);
    let now = console.now()?;
    match console.transact(async |tx| write(tx, &console, &entry, &form, now).await).await {
        Ok(None) => console.done(console.path(at::PUBLISHER, &[("publisher", &team.id.to_string())]), "publishers-saved"),
        Ok(Some(theirs)) => {
            let sheet = sheet(&console, &team, &entry, None, &[])?;
            stale::show(&console, &form, sheet, &theirs, &entry)
        }
        Err(failure) => {
            let bad = problems(&wrong(failure)?);
            stale::show_wrong(&console, &form, sheet(&console, &team, &entry, Some(say("clients-wrong")), &bad)?)
        }
    }
}

/// Writes what was typed; what stands instead, if somebody else saved meanwhile.
async fn write(
    tx: &RealmTx,
    console: &Console,
    typed: &document::Publisher,
    sent: &ConsoleForm,
    now: Timestamp,
) -> Result<Option<Theirs>, Failure> {
    let team = subject(tx, console).await?;
    let stands = entry::publisher(&team);
    if let Some(theirs) = Theirs::unless_seen(sent, fingerprint(&stands)?, &stands)? {
        return Ok(Some(theirs));
    }
    publishers::update(tx, console.actor, team.id, entry::publisher_settings(typed), now).await?;
    Ok(None)
}

async fn ask_removal(console: Console) -> Answer {
    console.fresh(&console.here())?;
    let sheet = removal(&console, None).await?;
    console.show(sheet)
}

async fn removal(console: &Console, problem: Option<Text>) -> Result<Sheet, Failure> {
    let rows = console.read()?;
    let team = subject(&rows, console).await?;
    let (count, clients) = publishers::clients_of(&rows, console.actor, team.id).await?;
    let id = team.id.to_string();
    let path = |pattern| console.path(pattern, &[("publisher", &id)]);
    let sheet = head(console, say("publishers-remove-title").with("name", team.name.as_str()));
    let sheet = sheet.crumb(Link::to(said(&team.name), path(at::PUBLISHER)));
    let standing = standing_in::Standing { id: "remove", count, clients: &clients, others: Vec::new() };
    let action = (path(at::PUBLISHER_REMOVE), team.name.as_str(), say("publishers-remove-lead"));
    Ok(standing_in::removal(console, sheet, &standing, action, problem))
}

async fn remove(console: Console, form: ConsoleForm) -> Answer {
    console.fresh(&console.here())?;
    let team = subject(&console.read()?, &console).await?;
    if !form.confirms(&team.name) {
        return console.show_wrong(removal(&console, Some(say("clients-remove-mistyped"))).await?);
    }
    let now = console.now()?;
    match console.transact(async |tx| publishers::remove(tx, console.actor, team.id, now).await).await {
        Ok(()) => console.done(console.path(at::PUBLISHERS, &[]), "publishers-removed"),
        Err(failure) => {
            wrong(failure)?;
            console.show_wrong(removal(&console, Some(say("clients-still-named"))).await?)
        }
    }
}
