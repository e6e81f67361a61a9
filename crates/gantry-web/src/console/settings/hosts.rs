//! The hosts that serve a realm at their root. An operator's matter: hosts are shared by all realms.

use actix_web::web;
use gantry_core::realm::Realm;
use gantry_identity::realms::{self, RealmChange};
use gantry_views::console::{Field, Form, Note, Tone, said, say};
use serde_json::json;

use super::{sheet, write};
use crate::admin::fingerprint;
use crate::console::context::{Answer, Console};
use crate::console::form::{ConsoleForm, problems, wrong};
use crate::console::stale::{self, Theirs};
use crate::paths::console as at;
use crate::respond::data;
use crate::settings::WebSettings;

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(at::SETTINGS_HOSTS).route(web::get().to(show)).route(web::post().to(save)));
}

async fn show(console: Console) -> Answer {
    console.fresh(&console.here())?;
    let realm = realms::read(&console.read()?, console.actor).await?;
    let form = form(&console, realm.hosts.clone(), &fingerprint(&realm.hosts)?);
    let mut sheet = sheet(&console).panel(Note { tone: Tone::Warn, text: say("settings-hosts-note"), action: None }).panel(form);
    sheet.as_code = Some(super::as_code(&console, &realm, &["hosts"])?);
    console.show(sheet)
}

async fn save(console: Console, sent: ConsoleForm) -> Answer {
    console.fresh(&console.path(at::SETTINGS_HOSTS, &[]))?;
    let realm = realms::read(&console.read()?, console.actor).await?;
    let hosts = sent.lines("hosts");
    let again = |problem, fields: &[(String, String)]| {
        sheet(&console).panel(form(&console, hosts.clone(), "").with_problems(Some(problem), fields))
    };
    if !sent.confirms(&realm.slug) {
        return stale::show_wrong(&console, &sent, again(say("frame-confirm-wrong"), &[]));
    }
    if let Some(theirs) = Theirs::unless_seen(&sent, fingerprint(&realm.hosts)?, &json!({ "hosts": realm.hosts }))? {
        return stale::show(&console, &sent, again(say("frame-stale"), &[]), &theirs, &json!({ "hosts": hosts }));
    }
    let Realm { name, settings, .. } = realm.clone();
    let written = match data::<WebSettings>(console.request())?.check_hosts(&hosts) {
        Ok(()) => write(&console, &realm, RealmChange { name, hosts: hosts.clone(), settings }).await,
        Err(refusal) => Err(refusal.into()),
    };
    match written {
        Ok(_) => console.done(console.path(at::SETTINGS_HOSTS, &[]), "settings-saved"),
        Err(failure) => {
            let refusal = wrong(failure)?;
            stale::show_wrong(&console, &sent, again(said(refusal.description), &problems(&refusal)))
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
