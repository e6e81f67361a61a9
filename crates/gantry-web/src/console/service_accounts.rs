//! Service accounts: programs with keys to the admin API. Whatever gives one more asks for a recent sign-in.

use actix_web::web;
use gantry_core::admin_scope::{AdminScope, AdminScopes};
use gantry_core::clock::Timestamp;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Fault};
use gantry_core::id::ServiceAccountId;
use gantry_core::secret::Secret;
use gantry_core::service_account::{ServiceAccount, ServiceKey};
use gantry_identity::service_accounts::{self, Known, ServiceAccountSettings};
use gantry_views::console::{Act, Choice, Empty, Facts, Field, Form, Link, OnceSecret, Row, Sheet, Table, Tone, Value, said, say};
use gantry_views::moment::Moment;
use gantry_views::page::account::ShownOnce;

use super::context::{Answer, Console};
use super::form::{ConsoleForm, problems, wrong};
use super::once;
use super::stale::{self, Theirs};
use crate::admin::fingerprint;
use crate::paths::console as at;

/// Mounts this area.
pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(at::SERVICE_ACCOUNTS).route(web::get().to(list)))
        .service(web::resource(at::SERVICE_ACCOUNT_NEW).route(web::get().to(new)).route(web::post().to(create)))
        .service(web::resource(at::SERVICE_ACCOUNT).route(web::get().to(show)))
        .service(web::resource(at::SERVICE_ACCOUNT_SETTINGS).route(web::get().to(settings)).route(web::post().to(save)))
        .service(web::resource(at::SERVICE_ACCOUNT_KEYS).route(web::post().to(add_key)))
        .service(web::resource(at::SERVICE_ACCOUNT_KEY_END).route(web::post().to(end_key)))
        .service(web::resource(at::SERVICE_ACCOUNT_STATE).route(web::post().to(switch)))
        .service(web::resource(at::SERVICE_ACCOUNT_DELETE).route(web::get().to(removal)).route(web::post().to(remove)));
}

fn path(console: &Console, pattern: &str, id: ServiceAccountId) -> String {
    console.path(pattern, &[("account", &id.to_string())])
}

async fn known(console: &Console) -> Result<Known, Failure> {
    service_accounts::find(&console.read()?, console.actor, console.id("account")?).await
}

fn state(account: &ServiceAccount) -> Value {
    if account.disabled_at.is_some() { Value::badge("accounts-off", Tone::Bad) } else { Value::badge("accounts-on", Tone::Good) }
}

async fn list(console: Console) -> Answer {
    let find = console.find(&[])?;
    let page = service_accounts::list(&console.read()?, console.actor, &find).await?;
    let now = console.now()?;
    let row = |known: &Known| {
        let account = &known.account;
        let live = known.keys.iter().filter(|key| key.is_live(now)).count();
        let used = known.keys.iter().filter_map(|key| key.last_used_at).max();
        let cells = vec![
            Value::Two(said(&account.name), said(account.scopes.to_string())),
            state(account),
            Value::said(live.to_string()),
            used.map_or(Value::Nothing, |at| Value::Moment(Moment::seen(at, now))),
        ];
        Row::to(account.id.to_string(), path(&console, at::SERVICE_ACCOUNT, account.id), cells)
    };
    let first = Link::primary(say("accounts-new"), console.path(at::SERVICE_ACCOUNT_NEW, &[])).icon("plus");
    let empty = Empty { icon: "bot", title: say("accounts-empty-title"), text: say("accounts-empty-text"), action: Some(first.clone()) };
    let mut table =
        Table::new("accounts", vec![say("accounts-name"), say("accounts-state"), say("accounts-keys"), say("accounts-used")], empty);
    table.rows = page.items.iter().map(row).collect();
    table.next = page.next.map(|next| console.with_query("after", &next.to_text()));
    table.first = find.after.as_ref().map(|_| console.without_query("after"));
    console.show(Sheet::new(say("accounts-title")).lead(say("accounts-lead")).action(first).panel(table))
}

fn crumbed(console: &Console, sheet: Sheet) -> Sheet {
    sheet.crumb(Link::to(say("accounts-title"), console.path(at::SERVICE_ACCOUNTS, &[])))
}

fn form(id: &'static str, action: String, submit: &'static str, name: &str, scopes: AdminScopes) -> Form {
    let choice = |scope: &AdminScope| Choice::new(scope.as_str(), said(scope.as_str()), scopes.contains(*scope));
    Form::new(id, action, say(submit))
        .field(Field::line("name", say("accounts-name"), name).hint(say("accounts-name-hint")).required())
        .field(
            Field::checks("scopes", say("accounts-scopes"), AdminScope::ALL.iter().map(choice).collect()).hint(say("accounts-scopes-hint")),
        )
}

fn read(sent: &ConsoleForm) -> ServiceAccountSettings {
    let scopes: Vec<AdminScope> = sent.all("scopes").filter_map(AdminScope::parse).collect();
    ServiceAccountSettings { name: sent.line("name").to_owned(), scopes: AdminScopes::of(&scopes) }
}

fn making(console: &Console, name: &str, scopes: AdminScopes) -> Form {
    once::numbered(form("account-new", console.path(at::SERVICE_ACCOUNT_NEW, &[]), "accounts-create", name, scopes))
}

async fn new(console: Console) -> Answer {
    console.fresh(&console.here())?;
    let sheet = crumbed(&console, Sheet::new(say("accounts-new")).lead(say("accounts-new-lead")));
    console.show(sheet.panel(making(&console, "", AdminScopes::default())))
}

async fn create(console: Console, sent: ConsoleForm) -> Answer {
    console.fresh(&console.path(at::SERVICE_ACCOUNT_NEW, &[]))?;
    let (wanted, actor, now) = (read(&sent), console.actor, console.now()?);
    let made = once::transact(&console, &sent, async |tx| service_accounts::create(tx, actor, wanted.clone(), now).await).await;
    match made {
        Ok(None) => {
            let accounts = Link::to(say("accounts-title"), console.path(at::SERVICE_ACCOUNTS, &[]));
            once::again(&console, crumbed(&console, Sheet::new(say("accounts-new"))), accounts)
        }
        Ok(Some((account, key, secret))) => console.show(shown_once(&console, &Known { account, keys: vec![key] }, secret)?),
        Err(failure) => {
            let refusal = wrong(failure)?;
            let form = making(&console, &wanted.name, wanted.scopes).with_problems(Some(said(refusal.description)), &problems(&refusal));
            console.show_wrong(crumbed(&console, Sheet::new(say("accounts-new"))).panel(form))
        }
    }
}

/// The page of an account with the key that it just got on top. Reloaded, it is gone.
fn shown_once(console: &Console, known: &Known, secret: Secret) -> Result<Sheet, Fault> {
    let file_name = format!("{}.key", known.account.id);
    let key = OnceSecret {
        id: "made-key",
        title: say("accounts-key-title"),
        lead: Some(say("accounts-key-lead")),
        value: ShownOnce(secret),
        file_name,
    };
    let mut sheet = overview(console, known, console.now()?);
    sheet.panels.insert(0, key.into());
    Ok(sheet)
}

async fn show(console: Console) -> Answer {
    let known = known(&console).await?;
    console.show(overview(&console, &known, console.now()?))
}

fn overview(console: &Console, known: &Known, now: Timestamp) -> Sheet {
    let Known { account, keys } = known;
    let (on, id) = (account.disabled_at.is_none(), account.id);
    let mut facts = Facts::new("account")
        .fact(say("accounts-state"), state(account))
        .fact(say("accounts-scopes"), Value::tags(account.scopes.iter().map(AdminScope::as_str)))
        .fact(say("accounts-id"), Value::Code(id.to_string()));
    let word = if on { "accounts-switch-off" } else { "accounts-switch-on" };
    let switch = Act::new(say(word), path(console, at::SERVICE_ACCOUNT_STATE, id)).hidden("enabled", if on { "off" } else { "on" });
    facts.acts.push(if on { switch.danger() } else { switch });
    crumbed(console, Sheet::new(said(&account.name)))
        .action(Link::to(say("accounts-change"), path(console, at::SERVICE_ACCOUNT_SETTINGS, id)).icon("pencil"))
        .action(Link::to(say("accounts-remove"), path(console, at::SERVICE_ACCOUNT_DELETE, id)).icon("x"))
        .panel(facts)
        .panel(keys_table(console, id, keys, now))
}

fn keys_table(console: &Console, id: ServiceAccountId, keys: &[ServiceKey], now: Timestamp) -> Table {
    let moment = |at: Option<Timestamp>| at.map_or(Value::Nothing, |at| Value::Moment(Moment::seen(at, now)));
    let row = |key: &ServiceKey| {
        let cells = vec![
            Value::Code(format!("gsk_…{}", key.last_four)),
            Value::Moment(Moment::seen(key.created_at, now)),
            moment(key.last_used_at),
            moment(key.expires_at),
        ];
        let row = Row::plain(key.id.to_string(), cells);
        if !key.is_live(now) {
            return row;
        }
        let end = Act::new(say("accounts-key-end"), path(console, at::SERVICE_ACCOUNT_KEY_END, id)).hidden("key", key.id.to_string());
        row.act(end.danger())
    };
    let empty = Empty { icon: "key", title: say("accounts-keys-empty-title"), text: say("accounts-keys-empty-text"), action: None };
    let columns = vec![say("accounts-key"), say("accounts-made"), say("accounts-used"), say("accounts-ends")];
    let mut table = Table::new("keys", columns, empty);
    table.title = Some(say("accounts-keys"));
    table.lead = Some(say("accounts-keys-lead"));
    table.rows = keys.iter().map(row).collect();
    table
}

async fn settings(console: Console) -> Answer {
    console.fresh(&console.here())?;
    let account = known(&console).await?.account;
    console.show(changing(&console, &account, &account.name, account.scopes)?.0)
}

/// The form with the page that it stands on; the form carries which state of the account it shows.
fn changing(console: &Console, account: &ServiceAccount, name: &str, scopes: AdminScopes) -> Result<(Sheet, Form), Fault> {
    let form = form("account", path(console, at::SERVICE_ACCOUNT_SETTINGS, account.id), "accounts-save", name, scopes);
    let form = form.hidden("seen", seen(account)?);
    let sheet = crumbed(console, Sheet::new(said(&account.name)));
    Ok((sheet.clone().panel(form.clone()).panel(adding(console, account.id)), form))
}

fn adding(console: &Console, id: ServiceAccountId) -> Form {
    once::numbered(Form::new("key-new", path(console, at::SERVICE_ACCOUNT_KEYS, id), say("accounts-key-add")))
        .title(say("accounts-key-add-title"))
        .lead(say("accounts-key-add-lead"))
}

fn seen(account: &ServiceAccount) -> Result<String, Fault> {
    fingerprint(&(&account.name, account.scopes.to_string()))
}

async fn save(console: Console, sent: ConsoleForm) -> Answer {
    let id: ServiceAccountId = console.id("account")?;
    console.fresh(&path(&console, at::SERVICE_ACCOUNT_SETTINGS, id))?;
    let (wanted, actor, now) = (read(&sent), console.actor, console.now()?);
    let written = console
        .transact(async |tx| {
            tx.realms().lock().await?;
            let before = service_accounts::find(tx, actor, id).await?.account;
            if let Some(theirs) = Theirs::unless_seen(&sent, seen(&before)?, &shown(&before.name, before.scopes))? {
                return Ok(Some(theirs));
            }
            service_accounts::update(tx, actor, id, wanted.clone(), now).await.map(|_| None)
        })
        .await;
    if let Ok(None) = written {
        return console.done(path(&console, at::SERVICE_ACCOUNT, id), "accounts-saved");
    }
    let account = known(&console).await?.account;
    let (_, form) = changing(&console, &account, &wanted.name, wanted.scopes)?;
    let sheet = crumbed(&console, Sheet::new(said(&account.name)));
    match written {
        Ok(None) => console.done(path(&console, at::SERVICE_ACCOUNT, id), "accounts-saved"),
        Ok(Some(theirs)) => stale::show(&console, &sent, sheet.panel(form), &theirs, &shown(&wanted.name, wanted.scopes)),
        Err(failure) => {
            let refusal = wrong(failure)?;
            let form = form.with_problems(Some(said(refusal.description)), &problems(&refusal));
            stale::show_wrong(&console, &sent, sheet.panel(form))
        }
    }
}

/// What the form decides, by the names of its fields.
fn shown(name: &str, scopes: AdminScopes) -> serde_json::Value {
    serde_json::json!({ "name": name, "scopes": scopes.to_string() })
}

async fn add_key(console: Console, sent: ConsoleForm) -> Answer {
    let id: ServiceAccountId = console.id("account")?;
    console.fresh(&path(&console, at::SERVICE_ACCOUNT_SETTINGS, id))?;
    let (actor, now) = (console.actor, console.now()?);
    match once::transact(&console, &sent, async |tx| service_accounts::add_key(tx, actor, id, now).await).await {
        Ok(Some((_, secret))) => console.show(shown_once(&console, &known(&console).await?, secret)?),
        Ok(None) => {
            let account = known(&console).await?.account;
            let there = Link::to(said(&account.name), path(&console, at::SERVICE_ACCOUNT, id));
            once::again(&console, crumbed(&console, Sheet::new(said(&account.name))), there)
        }
        Err(Failure::Refused(refusal)) if refusal.code == ErrorCode::Conflict => {
            console.done(path(&console, at::SERVICE_ACCOUNT, id), "accounts-two-keys")
        }
        Err(failure) => Err(failure.into()),
    }
}

async fn end_key(console: Console, sent: ConsoleForm) -> Answer {
    let id: ServiceAccountId = console.id("account")?;
    let (actor, now) = (console.actor, console.now()?);
    let key = sent.line("key").parse().or(Err(crate::extract::unknown_realm()))?;
    console.transact(async |tx| service_accounts::expire_key(tx, actor, id, key, now, now).await).await?;
    console.done(path(&console, at::SERVICE_ACCOUNT, id), "accounts-key-ended")
}

async fn switch(console: Console, sent: ConsoleForm) -> Answer {
    let id: ServiceAccountId = console.id("account")?;
    let (actor, now, on) = (console.actor, console.now()?, sent.on("enabled"));
    if on {
        console.fresh(&path(&console, at::SERVICE_ACCOUNT, id))?;
    }
    console.transact(async |tx| service_accounts::set_enabled(tx, actor, id, on, now).await).await?;
    console.done(path(&console, at::SERVICE_ACCOUNT, id), if on { "accounts-switched-on" } else { "accounts-switched-off" })
}

fn removing(console: &Console, account: &ServiceAccount) -> Form {
    Form::new("account-remove", path(console, at::SERVICE_ACCOUNT_DELETE, account.id), say("accounts-remove"))
        .title(say("accounts-remove-title"))
        .lead(say("accounts-remove-lead"))
        .danger(Some(account.name.clone()))
}

async fn removal(console: Console) -> Answer {
    console.fresh(&console.here())?;
    let account = known(&console).await?.account;
    console.show(crumbed(&console, Sheet::new(said(&account.name))).panel(removing(&console, &account)))
}

async fn remove(console: Console, sent: ConsoleForm) -> Answer {
    let id: ServiceAccountId = console.id("account")?;
    console.fresh(&path(&console, at::SERVICE_ACCOUNT_DELETE, id))?;
    let account = known(&console).await?.account;
    if !sent.confirms(&account.name) {
        let mut form = removing(&console, &account);
        form.problem = Some(say("accounts-remove-unconfirmed"));
        return console.show_wrong(crumbed(&console, Sheet::new(said(&account.name))).panel(form));
    }
    let (actor, now) = (console.actor, console.now()?);
    console.transact(async |tx| service_accounts::remove(tx, actor, id, now).await).await?;
    console.done(console.path(at::SERVICE_ACCOUNTS, &[]), "accounts-removed")
}
