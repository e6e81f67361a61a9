//! The hosts that serve a realm at their root. An operator's matter: hosts are shared by all realms.

use actix_web::web;
use gantry_core::realm::Realm;
use gantry_identity::realms::{self, RealmChange};
use gantry_views::console::{Field, Form, Note, Tone, said, say};

use super::{sheet, write};
use crate::admin::fingerprint;
use crate::console::context::{Answer, Console};
use crate::console::form::{ConsoleForm, problems, wrong};
use crate::paths::console as at;

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(at::SETTINGS_HOSTS).route(web::get().to(show)).route(web::post().to(save)));
}

async fn show(console: Console) -> Answer {
    console.fresh(&console.here())?;
    let realm = realms::read(&console.read()?, console.actor).await?;
    let form = form(&console, realm.hosts.clone(), &fingerprint(&realm.hosts)?);
    console.show(sheet(&console).panel(Note { tone: Tone::Warn, text: say("settings-hosts-note"), action: None }).panel(form))
}

async fn save(console: Console, sent: ConsoleForm) -> Answer {
    console.fresh(&console.path(at::SETTINGS_HOSTS, &[]))?;
    let realm = realms::read(&console.read()?, console.actor).await?;
    let (hosts, seen) = (sent.lines("hosts"), fingerprint(&realm.hosts)?);
    let again = |form: Form| console.show_wrong(sheet(&console).panel(form));
    if !sent.confirms(&realm.slug) {
        let mut form = form(&console, hosts, sent.line("seen"));
        form.problem = Some(say("frame-confirm-wrong"));
        return again(form);
    }
    if sent.line("seen") != seen {
        let mut form = form(&console, hosts, &seen).lead(said(realm.hosts.join(", ")));
        form.problem = Some(say("frame-stale"));
        return again(form);
    }
    let Realm { name, settings, .. } = realm.clone();
    match write(&console, &realm, RealmChange { name, hosts: hosts.clone(), settings }).await {
        Ok(_) => console.done(console.path(at::SETTINGS_HOSTS, &[]), "settings-saved"),
        Err(failure) => {
            let refusal = wrong(failure)?;
            again(form(&console, hosts, &seen).with_problems(Some(said(refusal.description)), &problems(&refusal)))
        }
    }
}

fn form(console: &Console, hosts: Vec<String>, seen: &str) -> Form {
    Form::new("hosts", console.path(at::SETTINGS_HOSTS, &[]), say("frame-save"))
        .title(say("settings-hosts"))
        .field(Field::lines("hosts", say("settings-hosts-label"), hosts).hint(say("settings-hosts-hint")))
        .hidden("seen", seen)
        .danger(Some(console.realm.realm.slug.clone()))
}
