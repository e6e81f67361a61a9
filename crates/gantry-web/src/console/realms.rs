//! The realms of the deployment, and making one.

use actix_web::web;
use gantry_core::realm::{Realm, RealmSettings};
use gantry_identity::realms::{self, NewRealm};
use gantry_oauth::provision::provision;
use gantry_views::console::{Choice, Empty, Facet, Field, Filter, Form, Link, Row, Sheet, Table, Text, Tone, Value, said, say};
use gantry_views::moment::Moment;

use super::context::{Answer, Console};
use super::form::{ConsoleForm, problems, wrong};
use crate::paths::console as at;

/// Mounts this area.
pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(at::REALMS).route(web::get().to(list)))
        .service(web::resource(at::REALM_NEW).route(web::get().to(new)).route(web::post().to(create)));
}

async fn list(console: Console) -> Answer {
    let find = console.find(&["is"])?;
    let page = realms::list(console.store()?, console.actor, &find).await?;
    let now = console.now()?;
    let row = |realm: &Realm| {
        let stands = match realm.disabled_at {
            Some(_) => Value::badge("realms-disabled", Tone::Bad),
            None => Value::badge("realms-enabled", Tone::Good),
        };
        let host = realm.hosts.first().map_or(Value::Nothing, |host| Value::Code(host.clone()));
        let cells =
            vec![Value::Two(said(&realm.name), said(&realm.slug)), stands, host, Value::Moment(Moment::seen(realm.created_at, now))];
        Row::to(&realm.slug, console.path(at::REALM, &[("realm", &realm.slug)]), cells)
    };
    let first = Link::primary(say("realms-new"), at::REALM_NEW).icon("plus");
    let empty = Empty { icon: "layers", title: say("realms-empty-title"), text: say("realms-empty-text"), action: Some(first.clone()) };
    let columns = vec![say("realms-name"), say("realms-state"), say("realms-host"), say("realms-since")];
    let mut table = Table::new("realms", columns, empty);
    table.rows = page.items.iter().map(row).collect();
    let chosen = |value: &str| find.facets.iter().any(|facet| facet == &format!("is:{value}"));
    let choice = |value: &str, label: Text| Choice::new(value, label, chosen(value));
    let any = Choice::new("", say("realms-any"), find.facets.is_empty());
    let choices = vec![any, choice("enabled", say("realms-enabled")), choice("disabled", say("realms-disabled"))];
    let facets = vec![Facet { name: "is", label: say("realms-state"), choices }];
    table.filter = Some(Filter { action: at::REALMS.to_owned(), q: find.text.clone(), label: say("realms-search"), facets });
    table.next = page.next.map(|next| console.with_query("after", &next.to_text()));
    table.first = find.after.as_ref().map(|_| console.without_query("after"));
    console.show(Sheet::new(say("realms-title")).lead(say("realms-lead")).action(first).panel(table))
}

async fn new(console: Console) -> Answer {
    console.show(sheet(form("", "")))
}

/// Makes a realm with what it needs to work, and leads to its first steps.
async fn create(console: Console, sent: ConsoleForm) -> Answer {
    let (slug, name) = (sent.line("slug").to_owned(), sent.line("name").to_owned());
    let wanted = NewRealm { slug: slug.clone(), name: name.clone(), hosts: Vec::new(), settings: RealmSettings::default() };
    match provision(console.store()?, wanted, console.actor, console.now()?).await {
        Ok(realm) => console.done(console.path(at::REALM, &[("realm", &realm.slug)]), "realms-created"),
        Err(failure) => {
            let refusal = wrong(failure)?;
            console.show_wrong(sheet(form(&slug, &name).with_problems(Some(said(refusal.description)), &problems(&refusal))))
        }
    }
}

fn sheet(form: Form) -> Sheet {
    let crumb = Link::to(say("realms-title"), at::REALMS);
    Sheet::new(say("realms-new")).lead(say("realms-new-lead")).crumb(crumb).panel(form)
}

fn form(slug: &str, name: &str) -> Form {
    Form::new("realm-new", at::REALM_NEW, say("realms-create"))
        .field(Field::line("name", say("realms-name"), name).hint(say("realms-name-hint")).required())
        .field(Field::line("slug", say("realms-slug"), slug).hint(say("realms-slug-hint")).required())
}
