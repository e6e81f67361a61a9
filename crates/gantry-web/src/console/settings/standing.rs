//! What can be ended all at once: everything that was issued, or the realm as a whole. With the numbers of what stands.

use actix_web::web;
use gantry_core::actor::Actor;
use gantry_core::realm::{Realm, SYSTEM_REALM};
use gantry_identity::realms;
use gantry_views::console::{Facts, Form, Sheet, Tone, Value, say};
use gantry_views::moment::Moment;

use super::sheet as settings_sheet;
use crate::console::context::{Answer, Console};
use crate::console::form::{ConsoleForm, wrong};
use crate::paths::console as at;
use crate::respond::PageFailure;

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(at::SETTINGS_STANDING).route(web::get().to(show)))
        .service(web::resource(at::SETTINGS_REVOKE).route(web::post().to(revoke)))
        .service(web::resource(at::SETTINGS_STATE).route(web::post().to(set_state)));
}

async fn show(console: Console) -> Answer {
    console.fresh(&console.here())?;
    console.show(page(&console, None).await?)
}

async fn page(console: &Console, unconfirmed: Option<&'static str>) -> Result<Sheet, PageFailure> {
    let (rows, now) = (console.read()?, console.now()?);
    let realm = realms::read(&rows, console.actor).await?;
    let figures = realms::figures(&rows, console.actor, now).await?;
    let number = |count: u64| Value::said(count.to_string());
    let mut facts = Facts::new("standing")
        .title(say("settings-standing"))
        .fact(say("settings-state"), state(&realm))
        .fact(say("settings-people"), number(figures.people))
        .fact(say("settings-apps"), number(figures.apps))
        .fact(say("settings-sessions"), number(figures.sessions))
        .fact(say("settings-grants"), number(figures.grants));
    if let Some(epoch) = realm.not_before {
        facts = facts.fact(say("settings-revoked-at"), Value::Moment(Moment::seen(epoch, now)));
    }
    let mut forms = vec![
        Form::new("revoke", console.path(at::SETTINGS_REVOKE, &[]), say("settings-revoke"))
            .title(say("settings-revoke-title"))
            .lead(say("settings-revoke-lead").with("grants", figures.grants).with("apps", figures.apps))
            .danger(Some(realm.slug.clone())),
    ];
    forms.extend(state_form(console, &realm, figures.people, figures.apps));
    let mut sheet = settings_sheet(console).panel(facts);
    for mut form in forms {
        form.problem = (unconfirmed == Some(form.id)).then(|| say("frame-confirm-wrong"));
        sheet = sheet.panel(form);
    }
    Ok(sheet)
}

/// Operators alone switch realms off and on, and never their own.
fn state_form(console: &Console, realm: &Realm, people: u64, apps: u64) -> Option<Form> {
    if !matches!(console.actor, Actor::Operator { .. }) || realm.slug == SYSTEM_REALM {
        return None;
    }
    let path = console.path(at::SETTINGS_STATE, &[]);
    if realm.disabled_at.is_some() {
        let form = Form::new("enable", path, say("settings-enable")).title(say("settings-enable-title")).lead(say("settings-enable-lead"));
        return Some(form.hidden("enabled", "on"));
    }
    let form = Form::new("disable", path, say("settings-disable"))
        .title(say("settings-disable-title"))
        .lead(say("settings-disable-lead").with("people", people).with("apps", apps));
    Some(form.hidden("enabled", "off").danger(Some(realm.slug.clone())))
}

async fn revoke(console: Console, sent: ConsoleForm) -> Answer {
    let back = console.path(at::SETTINGS_STANDING, &[]);
    console.fresh(&back)?;
    if !sent.confirms(&console.realm.realm.slug) {
        return console.show_wrong(page(&console, Some("revoke")).await?);
    }
    let now = console.now()?;
    console.transact(async |tx| realms::revoke_issued(tx, console.actor, now).await).await?;
    console.done(back, "settings-revoked")
}

async fn set_state(console: Console, sent: ConsoleForm) -> Answer {
    let back = console.path(at::SETTINGS_STANDING, &[]);
    console.fresh(&back)?;
    let enabled = sent.on("enabled");
    if !enabled && !sent.confirms(&console.realm.realm.slug) {
        return console.show_wrong(page(&console, Some("disable")).await?);
    }
    let now = console.now()?;
    match console.transact(async |tx| realms::set_enabled(tx, console.actor, enabled, now).await).await {
        Ok(_) if enabled => console.done(back, "settings-enabled"),
        Ok(_) => console.done(back, "settings-disabled"),
        Err(failure) => Err(wrong(failure)?.into()),
    }
}

fn state(realm: &Realm) -> Value {
    match realm.disabled_at {
        Some(_) => Value::badge("realms-disabled", Tone::Bad),
        None => Value::badge("realms-enabled", Tone::Good),
    }
}
