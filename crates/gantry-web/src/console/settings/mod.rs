//! What a realm decides about itself: one tab for each part, all saved in one way; its hosts; what ends all at once.
//!
//! A tab's form reads and writes the part of the settings that it shows, by the names that realm files have, and
//! leaves the rest as it is.

mod hosts;
mod standing;
mod table;

use actix_web::web;
use gantry_core::failure::{Failure, Fault};
use gantry_core::realm::{Realm, RealmSettings};
use gantry_identity::realms::{self, RealmChange};
use gantry_oauth::realm_settings;
use gantry_realm_file::{entry, realm_excerpt};
use gantry_views::console::{AsCode, Form, Link, Sheet, Tab, Text, said, say};
use serde_json::Value as Json;

use self::table::{Part, TABS};
use super::code::{self, Record};
use super::context::{Answer, Console};
use super::form::{ConsoleForm, problems, wrong};
use super::stale::{self, Theirs};
use crate::admin::fingerprint;
use crate::paths::console as at;
use crate::respond::PageFailure;

/// Mounts this area.
pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    for part in TABS {
        cfg.service(web::resource(part.path).route(web::get().to(show)).route(web::post().to(save)));
    }
    hosts::routes(cfg);
    standing::routes(cfg);
}

async fn show(console: Console) -> Answer {
    let realm = realms::read(&console.read()?, console.actor).await?;
    let part = part_of(&console)?;
    if part.perilous {
        console.fresh(&console.here())?;
    }
    let shown = part.read(&realm.settings)?;
    let form = form(&console, part, &shown, &fingerprint(&shown)?);
    let mut sheet = sheet(&console).panel(form);
    sheet.as_code = Some(as_code(&console, &realm, &part.names())?);
    console.show(sheet)
}

async fn save(console: Console, sent: ConsoleForm) -> Answer {
    let realm = realms::read(&console.read()?, console.actor).await?;
    let part = part_of(&console)?;
    if part.perilous {
        console.fresh(&console.path(part.path, &[]))?;
    }
    let before = part.read(&realm.settings)?;
    let (typed, mut misread) = part.typed(&before, &sent);
    let again = |problem: Option<Text>, fields: &[(String, String)]| {
        sheet(&console).panel(form(&console, part, &typed, "").with_problems(problem, fields))
    };
    if part.perilous && !sent.confirms(&realm.slug) {
        return stale::show_wrong(&console, &sent, again(Some(say("frame-confirm-wrong")), &[]));
    }
    if let Some(theirs) = Theirs::unless_seen(&sent, fingerprint(&before)?, &before)? {
        return stale::show(&console, &sent, again(None, &[]), &theirs, &typed);
    }
    let settings = match part.write(&realm.settings, &typed) {
        Ok(settings) if misread.is_empty() => settings,
        Ok(_) => return stale::show_wrong(&console, &sent, again(Some(say("frame-wrong")), &misread)),
        Err(problem) => {
            misread.push((part.name.to_owned(), problem));
            return stale::show_wrong(&console, &sent, again(Some(say("frame-wrong")), &misread));
        }
    };
    match write(&console, &realm, RealmChange { name: realm.name.clone(), hosts: realm.hosts.clone(), settings }).await {
        Ok(_) => console.done(console.path(part.path, &[]), "settings-saved"),
        Err(failure) => {
            let refusal = wrong(failure)?;
            stale::show_wrong(&console, &sent, again(Some(said(refusal.description)), &problems(&refusal)))
        }
    }
}

/// Writes a realm that was read a moment ago.
pub(super) async fn write(console: &Console, read: &Realm, change: RealmChange) -> Result<Realm, Failure> {
    realm_settings::change(console.store()?, (console.actor, read.id), read.version, change, console.now()?).await
}

/// The pages of this area: their titles, and the names of what stands on them.
pub(super) fn pages() -> impl Iterator<Item = (&'static str, &'static str, Vec<&'static str>)> {
    let tabs = TABS.iter().map(|part| (part.path, part.title, part.labels()));
    let hosts = (at::SETTINGS_HOSTS, "settings-hosts", vec!["settings-hosts-label"]);
    let standing = (at::SETTINGS_STANDING, "settings-standing", vec!["settings-revoke", "settings-state"]);
    tabs.chain([hosts, standing])
}

fn part_of(console: &Console) -> Result<&'static Part, Fault> {
    let pattern = console.request().match_pattern().unwrap_or_default();
    TABS.iter().find(|part| part.path == pattern).ok_or_else(|| Fault::new("no tab of the settings"))
}

fn form(console: &Console, part: &'static Part, shown: &Json, seen: &str) -> Form {
    let mut form = Form::new("settings", console.path(part.path, &[]), say("frame-save")).title(say(part.title)).lead(say(part.lead));
    form.fields = part.fields(shown, &console.realm);
    if part.perilous {
        form = form.danger(Some(console.realm.realm.slug.clone()));
    }
    form.hidden("seen", seen)
}

/// A page of the settings, without content yet.
fn sheet(console: &Console) -> Sheet {
    let here = console.request().match_pattern().unwrap_or_default();
    let tab = |path: &'static str, text: &'static str, more: bool| Tab {
        text: say(text),
        href: console.path(path, &[]),
        current: path == here || more,
    };
    let ends = [at::SETTINGS_REVOKE, at::SETTINGS_STATE].contains(&here.as_str());
    let mut sheet = Sheet::new(say("settings-title")).lead(say("settings-lead"));
    sheet.crumbs.push(Link::to(said(&console.realm.realm.name), console.path(at::REALM, &[])));
    sheet.tabs = TABS.iter().map(|part| tab(part.path, part.title, false)).collect();
    if matches!(console.actor, gantry_core::actor::Actor::Operator { .. }) {
        sheet.tabs.push(tab(at::SETTINGS_HOSTS, "settings-hosts", false));
    }
    sheet.tabs.push(tab(at::SETTINGS_STANDING, "settings-standing", ends));
    sheet
}

/// Puts a value where a name with dots says.
fn put(into: &mut Json, name: &str, value: Json) {
    match name.split_once('.') {
        Some((first, rest)) => put(&mut into[first], rest, value),
        None => into[name] = value,
    }
}

/// The same for files and programs; a program changes what these names say, which the page decides.
pub(super) fn as_code(console: &Console, realm: &Realm, names: &[&str]) -> Result<AsCode, PageFailure> {
    let known = entry::realm(realm);
    let all = serde_json::to_value(&known).map_err(|error| Fault::caused("a realm cannot be written", error))?;
    let mut part = Json::Object(serde_json::Map::new());
    for name in names {
        let value = all.pointer(&format!("/{}", name.replace('.', "/"))).cloned();
        put(&mut part, name, value.unwrap_or(Json::Null));
    }
    let record = Record { path: String::new(), id: realm.id.to_string(), created_at: realm.created_at, entry: &known };
    Ok(code::with(console, Some(realm_excerpt(&known)?), &record, Some(part))?)
}

/// The settings as the names of realm files have them.
fn to_json(settings: &RealmSettings) -> Result<Json, Fault> {
    serde_json::to_value(settings).map_err(|error| Fault::caused("settings cannot be written", error))
}
