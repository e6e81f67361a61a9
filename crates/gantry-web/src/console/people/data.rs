//! Personal data: taking out everything that is held about a person, and erasing it.

use actix_web::HttpResponse;
use actix_web::http::header;
use gantry_core::failure::Fault;
use gantry_core::user::User;
use gantry_identity::people::{self, Holdings, erase, export as exporting};
use gantry_views::console::{Facts, Form, Link, Sheet, Value, say};

use super::super::context::{Answer, Console};
use super::super::form::ConsoleForm;
use super::removing::falls;
use super::{account, frame, named, page};
use crate::paths::console as at;

pub(super) async fn show(console: Console) -> Answer {
    let user = named(&console).await?;
    let export = Form::new("export", page(&console, at::PERSON_EXPORT, &user), say("people-export"))
        .title(say("people-export-title"))
        .lead(say("people-export-lead"));
    let mut erasure = Facts::new("erasure").title(say("people-erase-title"));
    erasure.lead = Some(say("people-erase-offer"));
    erasure.actions = vec![Link::to(say("people-erase"), page(&console, at::PERSON_ERASE, &user)).icon("user-x")];
    console.show(frame::sheet(&console, &user).panel(export).panel(erasure))
}

/// Everything that is held about the person, as a file.
pub(super) async fn export(console: Console, _: ConsoleForm) -> Answer {
    let user = named(&console).await?;
    console.fresh(&page(&console, at::PERSON_DATA, &user))?;
    let (actor, now) = (console.actor, console.now()?);
    let document = console.transact(async |tx| exporting::export(tx, actor, user.id, now).await).await?;
    let text = serde_json::to_vec_pretty(&document).map_err(|error| Fault::caused("an export cannot be written", error))?;
    let name = format!("attachment; filename=\"{}.json\"", user.id);
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/json"))
        .insert_header((header::CONTENT_DISPOSITION, name))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(text))
}

pub(super) async fn ask(console: Console) -> Answer {
    let user = named(&console).await?;
    console.fresh(&console.here())?;
    let held = people::holdings(&console.read()?, console.actor, user.id, console.now()?).await?;
    console.show(sheet(&console, &user, held, false))
}

pub(super) async fn erase(console: Console, sent: ConsoleForm) -> Answer {
    let user = named(&console).await?;
    console.fresh(&page(&console, at::PERSON_ERASE, &user))?;
    let (actor, now) = (console.actor, console.now()?);
    if !sent.confirms(user.email.as_str()) {
        let held = people::holdings(&console.read()?, actor, user.id, now).await?;
        return console.show_wrong(sheet(&console, &user, held, true));
    }
    match console.transact(async |tx| erase::erase(tx, actor, user.id, now).await).await {
        Ok(_) => console.done(console.path(at::PEOPLE, &[]), "people-erased"),
        Err(failure) => account::refused(&console, &user, failure),
    }
}

/// Says what goes, what stays, and wants the address typed.
fn sheet(console: &Console, user: &User, held: Holdings, unconfirmed: bool) -> Sheet {
    let fates = Facts::new("fates")
        .title(say("people-erase-what"))
        .fact(say("people-erase-now"), Value::say("people-erase-now-text"))
        .fact(say("people-erase-soon"), Value::say("people-erase-soon-text"))
        .fact(say("people-erase-stays"), Value::say("people-erase-stays-text"))
        .fact(say("people-erase-elsewhere"), Value::say("people-erase-elsewhere-text"));
    let form = Form::new("erase", page(console, at::PERSON_ERASE, user), say("people-erase"))
        .title(say("people-erase-title"))
        .lead(falls(say("people-erase-lead"), held))
        .danger(Some(user.email.to_string()));
    let form = Form { problem: unconfirmed.then(|| say("people-unconfirmed")), ..form };
    frame::sheet(console, user).panel(fates).panel(form)
}
