//! Mail: what waits to leave, and how the realm words its mails.
//!
//! Never shows what a mail says nor a link of it; a text's preview is filled in with made-up facts.

mod preview;

use actix_web::web;
use gantry_core::clock::Timestamp;
use gantry_core::failure::Failure;
use gantry_core::mail_text::{MAIL_FORMS, MailForm};
use gantry_core::outbox::{OutboxEntry, OutboxState};
use gantry_core::paging::Cursor;
use gantry_core::parameters::Parameters;
use gantry_identity::mail;
use gantry_realm_file::document;
use gantry_views::Views;
use gantry_views::console::{
    Act, Choice, Empty, Facet, Facts, Field, FieldKind, Filter, Form, Link, Row, Sheet, Tab, Table, Text, Tone, Value, said, say,
};
use gantry_views::moment::Moment;

use super::code;
use super::context::{Answer, Console};
use super::form::{ConsoleForm, problems, wrong};
use crate::extract::unknown_realm;
use crate::paths::console as at;
use crate::respond::data;

/// Mounts this area.
pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(at::MAIL).route(web::get().to(outbox)))
        .service(web::resource(at::MAIL_TEXTS).route(web::get().to(texts)))
        .service(web::resource(at::MAIL_TEXT).route(web::get().to(text)).route(web::post().to(save)))
        .service(web::resource(at::MAIL_TEXT_RESET).route(web::post().to(reset)))
        .service(web::resource(at::MAIL_PREVIEW).route(web::get().to(preview::show)))
        .service(web::resource(at::MAIL_SAMPLE).route(web::post().to(sample)))
        .service(web::resource(at::MAIL_RETRY).route(web::post().to(retry)))
        .service(web::resource(at::MAIL_GIVE_UP).route(web::post().to(give_up)));
}

fn sheet(console: &Console, here: &'static str) -> Sheet {
    let tab = |text, path: &'static str| Tab { text, href: console.path(path, &[]), current: path == here };
    let mut sheet = Sheet::new(say("mail-title")).lead(say("mail-lead"));
    sheet.tabs = vec![tab(say("mail-tab-outbox"), at::MAIL), tab(say("mail-tab-texts"), at::MAIL_TEXTS)];
    sheet
}

async fn outbox(console: Console) -> Answer {
    let find = console.find(&["is"])?;
    let find = gantry_core::paging::Find { facets: find.facets.into_iter().filter(|facet| facet != "is:").collect(), ..find };
    let page = mail::list(&console.read()?, console.actor, &find).await?;
    let columns = ["mail-column-to", "mail-column-kind", "mail-column-state", "mail-column-error", "mail-column-at"];
    let empty = Empty { icon: "mail", title: say("mail-empty-title"), text: say("mail-empty-text"), action: None };
    let mut table = Table::new("outbox", columns.map(say).to_vec(), empty);
    let (now, query) = (console.now()?, console.query()?);
    let chosen = query.get("is").unwrap_or_default();
    table.rows = page.items.iter().map(|entry| row(&console, entry, now)).collect();
    let states = OutboxState::ALL.iter().map(|of| Choice::new(of.as_str(), state(*of).0, chosen == of.as_str()));
    let choices = std::iter::once(Choice::new("", say("mail-any"), chosen.is_empty())).chain(states).collect();
    let facets = vec![Facet { name: "is", label: say("mail-column-state"), choices }];
    table.filter = Some(Filter { action: console.path(at::MAIL, &[]), q: String::new(), label: say("mail-search"), facets });
    table.first = find.after.is_some().then(|| console.path(at::MAIL, &[]));
    table.next = page.next.map(|next: Cursor| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        format!("{}?{}", console.path(at::MAIL, &[]), query.append_pair("is", chosen).append_pair("after", &next.to_text()).finish())
    });
    console.show(sheet(&console, at::MAIL).panel(table))
}

fn row(console: &Console, entry: &OutboxEntry, now: Timestamp) -> Row {
    let id = entry.id.to_string();
    let (to, kind) = match &entry.mail {
        Some((to, _, kind)) => {
            (Value::said(to.to_string()), MailForm::parse(kind).map_or_else(|| Value::said(*kind), |form| Value::Text(name(form))))
        }
        None => (Value::say("mail-sealed"), Value::Nothing),
    };
    let (word, tone) = state(entry.state);
    let badge = Value::Badge(gantry_views::console::Badge { text: word, tone });
    let error = entry.last_error.as_ref().map_or(Value::Nothing, |error| Value::said(error.chars().take(200).collect::<String>()));
    let mut row = Row::plain(&id, vec![to, kind, badge, error, Value::Moment(Moment::seen(entry.created_at, now))]);
    if entry.state != OutboxState::Waiting {
        row = row.act(Act::new(say("mail-retry"), console.path(at::MAIL_RETRY, &[("mail", &id)])));
    }
    if entry.state != OutboxState::GivenUp {
        row = row.act(Act::new(say("mail-give-up"), console.path(at::MAIL_GIVE_UP, &[("mail", &id)])).danger());
    }
    row
}

fn state(state: OutboxState) -> (Text, Tone) {
    match state {
        OutboxState::Waiting => (say("mail-state-waiting"), Tone::Plain),
        OutboxState::Failing => (say("mail-state-failing"), Tone::Warn),
        OutboxState::GivenUp => (say("mail-state-given-up"), Tone::Bad),
    }
}

async fn retry(console: Console, _form: ConsoleForm) -> Answer {
    let (id, now) = (console.id("mail")?, console.now()?);
    let done = console.transact(async |tx| mail::retry(tx, console.actor, id, now).await).await;
    finish(&console, done, at::MAIL, "mail-retried")
}

async fn give_up(console: Console, _form: ConsoleForm) -> Answer {
    let (id, now) = (console.id("mail")?, console.now()?);
    let done = console.transact(async |tx| mail::give_up(tx, console.actor, id, now).await).await;
    finish(&console, done, at::MAIL, "mail-given-up")
}

/// Goes back to a list; what stood against it is said there too.
fn finish(console: &Console, done: Result<(), Failure>, back: &str, what: &str) -> Answer {
    match done {
        Ok(()) => console.done(console.path(back, &[]), what),
        Err(failure) => {
            wrong(failure)?;
            console.done(console.path(back, &[]), "mail-busy")
        }
    }
}

async fn texts(console: Console) -> Answer {
    let own = mail::texts(&console.read()?, console.actor).await?;
    let views = data::<Views>(console.request())?;
    let empty = Empty { icon: "mail", title: say("mail-empty-title"), text: say("mail-texts-lead"), action: None };
    let mut table = Table::new("texts", ["mail-column-kind", "mail-column-locales"].map(say).to_vec(), empty);
    table.lead = Some(say("mail-texts-lead"));
    for form in MAIL_FORMS {
        let links = views.locales().iter().map(|locale| {
            let is_own = own.iter().any(|text| text.kind == form && text.locale == *locale);
            let label = if is_own { said(format!("{locale} ✓")) } else { said(locale) };
            Value::Link(Link::to(label, text_path(&console, form, locale)))
        });
        let first = views.locales().first().map_or("en", String::as_str);
        table.rows.push(Row::to(form.name, text_path(&console, form, first), vec![Value::Text(name(form)), Value::List(links.collect())]));
    }
    console.show(sheet(&console, at::MAIL_TEXTS).panel(table))
}

fn text_path(console: &Console, form: &MailForm, locale: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    format!("{}?{}", console.path(at::MAIL_TEXT, &[]), query.append_pair("kind", form.name).append_pair("locale", locale).finish())
}

/// The kind and the language that an address or a form names.
fn named(console: &Console, given: &Parameters) -> Result<(&'static MailForm, String), Failure> {
    let views = data::<Views>(console.request())?;
    let form = given.get("kind").and_then(MailForm::parse).ok_or_else(unknown_realm)?;
    let locale = given.get("locale").filter(|locale| views.locales().iter().any(|known| known == locale)).ok_or_else(unknown_realm)?;
    Ok((form, locale.to_owned()))
}

async fn text(console: Console) -> Answer {
    let query = console.query()?;
    // Without a kind there is nothing to word yet: the list has them.
    if query.get("kind").is_none() {
        return Ok(crate::respond::see_other(&console.path(at::MAIL_TEXTS, &[])));
    }
    let (form, locale) = named(&console, &query)?;
    let (words, is_own) = preview::words_now(&console, form, &locale).await?;
    let mut page = text_sheet(&console, form, &locale, is_own, edit(&console, (form, &locale), &words));
    let entry =
        document::MailText { mail: form.name.to_owned(), locale: locale.clone(), subject: words.0.clone(), paragraphs: words.1.clone() };
    page.as_code = Some(code::posted(&console, ("mail", "mail-texts"), &entry)?);
    let page = page.panel(preview::frame(&console, form, &locale));
    console.show(page.panel(preview::plain(&console, form, &locale, words)?))
}

fn text_sheet(console: &Console, form: &'static MailForm, locale: &str, is_own: bool, edit: Form) -> Sheet {
    let back = Link::to(say("mail-tab-texts"), console.path(at::MAIL_TEXTS, &[]));
    let mut facts = Facts::new("placeholders").title(say("mail-placeholders"));
    let written = |names: &[&str]| Value::List(names.iter().map(|name| Value::Code(format!("{{{name}}}"))).collect());
    facts = facts.fact(say("mail-placeholders-links"), written(form.links)).fact(say("mail-placeholders-needed"), written(form.needed));
    facts = facts.fact(say("mail-placeholders-optional"), written(form.optional));
    let fields = |form_: Form| form_.hidden("kind", form.name).hidden("locale", locale);
    let sample = fields(Form::new("sample", console.path(at::MAIL_SAMPLE, &[]), say("mail-sample")))
        .title(say("mail-sample"))
        .lead(say("mail-sample-lead").with("email", console.person().email.to_string()));
    let mut sheet = Sheet::new(name(form))
        .lead(say("mail-text-lead").with("locale", locale))
        .crumb(Link::to(say("mail-title"), console.path(at::MAIL, &[])))
        .crumb(back);
    sheet = sheet.panel(edit).panel(facts).panel(sample);
    if is_own {
        let reset = fields(Form::new("reset", console.path(at::MAIL_TEXT_RESET, &[]), say("mail-undo")));
        sheet = sheet.panel(reset.title(say("mail-undo")).lead(say("mail-undo-lead")).danger(None));
    }
    sheet
}

fn edit(console: &Console, (form, locale): (&'static MailForm, &str), (subject, paragraphs): &(String, Vec<String>)) -> Form {
    let area = FieldKind::Area(paragraphs.join("\n\n"));
    Form::new("words", console.path(at::MAIL_TEXT, &[]), say("mail-save"))
        .hidden("kind", form.name)
        .hidden("locale", locale)
        .field(Field::line("subject", say("mail-field-subject"), subject).hint(say("mail-field-subject-hint")).required())
        .field(Field::new("paragraphs", say("mail-field-paragraphs"), area).hint(say("mail-field-paragraphs-hint")).required())
}

/// Paragraphs, with empty lines between them.
fn paragraphs(sent: &ConsoleForm) -> Vec<String> {
    paragraphs_of(sent.get("paragraphs").unwrap_or_default())
}

fn paragraphs_of(text: &str) -> Vec<String> {
    let text = text.replace("\r\n", "\n");
    text.split("\n\n").map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

async fn save(console: Console, sent: ConsoleForm) -> Answer {
    let (form, locale) = named(&console, &sent)?;
    let words = (sent.line("subject").to_owned(), paragraphs(&sent));
    let now = console.now()?;
    let put = async |tx: &gantry_store::RealmTx| mail::put_text(tx, console.actor, (form, &locale), &words.0, &words.1, now).await;
    match console.transact(put).await {
        Ok(_) => console.done(text_path(&console, form, &locale), "mail-text-saved"),
        Err(failure) => {
            let refusal = wrong(failure)?;
            let edit = edit(&console, (form, &locale), &words).with_problems(Some(say("mail-text-wrong")), &problems(&refusal));
            console.show_wrong(text_sheet(&console, form, &locale, false, edit))
        }
    }
}

async fn reset(console: Console, sent: ConsoleForm) -> Answer {
    let (form, locale) = named(&console, &sent)?;
    let now = console.now()?;
    console.transact(async |tx| mail::reset_text(tx, console.actor, form, &locale, now).await).await?;
    console.done(text_path(&console, form, &locale), "mail-text-reset")
}

async fn sample(console: Console, typed: ConsoleForm) -> Answer {
    let (form, locale) = named(&console, &typed)?;
    let (now, home) = (console.now()?, console.address.base());
    if let Err(failure) = mail::check_samples(console.store()?, console.actor, console.realm.realm.id, console.person()).await {
        wrong(failure)?;
        return console.done(text_path(&console, form, &locale), "mail-sample-many");
    }
    let work = async |tx: &gantry_store::RealmTx| mail::send_sample(tx, console.actor, console.person(), (form, &locale), &home, now).await;
    console.transact(work).await?;
    console.done(text_path(&console, form, &locale), "mail-sample-sent")
}

/// What a kind of mail is called.
fn name(form: &MailForm) -> Text {
    match form.name {
        "verify_email" => say("mail-kind-verify-email"),
        "already_registered" => say("mail-kind-already-registered"),
        "reset_password" => say("mail-kind-reset-password"),
        "password_changed" => say("mail-kind-password-changed"),
        "domain_lost" => say("mail-kind-domain-lost"),
        "credential_expires" => say("mail-kind-credential-expires"),
        "personal_token_made" => say("mail-kind-personal-token-made"),
        "prove_address" => say("mail-kind-prove-address"),
        "sign_in_linked" => say("mail-kind-sign-in-linked"),
        "sign_in_unlinked" => say("mail-kind-sign-in-unlinked"),
        other => said(other),
    }
}
