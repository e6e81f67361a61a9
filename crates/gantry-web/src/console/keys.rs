//! A realm's signing keys: which there are, and letting the next one sign.

use actix_web::web;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Refusal;
use gantry_core::signing_algorithm::SigningAlgorithm;
use gantry_core::signing_key::KeyState;
use gantry_oauth::keys::{self, ShownKey};
use gantry_views::console::{Choice, Empty, Field, Form, Row, Sheet, Table, Tone, Value, said, say};
use gantry_views::moment::{Day, Moment};

use super::context::{Answer, Console};
use super::form::ConsoleForm;
use crate::paths::console as at;

/// Mounts this area.
pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(at::KEYS).route(web::get().to(list)))
        .service(web::resource(at::KEYS_ROTATE).route(web::post().to(rotate)))
        .service(web::resource(at::KEYS_WITHDRAW).route(web::post().to(withdraw)));
}

async fn list(console: Console) -> Answer {
    console.show(sheet(&console, None).await?)
}

/// The page; with a form that was not confirmed, if one was not.
async fn sheet(console: &Console, unconfirmed: Option<&'static str>) -> Result<Sheet, crate::respond::PageFailure> {
    let keys = keys::list(&console.read()?, console.actor).await?;
    let now = console.now()?;
    let row = |key: &ShownKey| {
        let until = key.expires_at.filter(|_| key.state == KeyState::Retired).map_or(Value::Nothing, |at| Value::Day(Day::of(at)));
        let since = key.activated_at.map_or(Value::Nothing, |at| Value::Moment(Moment::seen(at, now)));
        let cells = vec![Value::Code(key.kid.clone()), Value::said(key.algorithm.as_str()), state(key.state), since, until];
        Row::plain(key.id.to_string(), cells)
    };
    let empty = Empty { icon: "key-round", title: say("keys-empty-title"), text: say("keys-empty-text"), action: None };
    let columns = vec![say("keys-kid"), say("keys-algorithm"), say("keys-state"), say("keys-since"), say("keys-until")];
    let mut table = Table::new("keys", columns, empty);
    table.rows = keys.iter().map(row).collect();
    let signing: Vec<SigningAlgorithm> = keys.iter().filter(|key| key.state == KeyState::Active).map(|key| key.algorithm).collect();
    let choices = || signing.iter().map(|one| Choice::new(one.as_str(), said(one.as_str()), signing.first() == Some(one))).collect();
    let slug = console.realm.realm.slug.clone();
    let mut rotate = Form::new("keys-rotate", console.path(at::KEYS_ROTATE, &[]), say("keys-rotate"))
        .title(say("keys-rotate-title"))
        .lead(say("keys-rotate-lead"))
        .field(Field::select("algorithm", say("keys-algorithm"), choices()));
    let mut withdraw = Form::new("keys-withdraw", console.path(at::KEYS_WITHDRAW, &[]), say("keys-withdraw"))
        .title(say("keys-withdraw-title"))
        .lead(say("keys-withdraw-lead"))
        .field(Field::select("algorithm", say("keys-algorithm"), choices()))
        .danger(Some(slug));
    for form in [&mut rotate, &mut withdraw] {
        form.problem = (unconfirmed == Some(form.id)).then(|| say("frame-confirm-wrong"));
    }
    Ok(Sheet::new(say("keys-title")).lead(say("keys-lead")).panel(table).panel(rotate).panel(withdraw))
}

async fn rotate(console: Console, sent: ConsoleForm) -> Answer {
    console.fresh(&console.path(at::KEYS, &[]))?;
    let (next, now) = (next(&console, &sent).await?, console.now()?);
    console.transact(async |tx| keys::rotate(tx, console.actor, next, now).await).await?;
    console.done(console.path(at::KEYS, &[]), "keys-rotated")
}

async fn withdraw(console: Console, sent: ConsoleForm) -> Answer {
    console.fresh(&console.path(at::KEYS, &[]))?;
    if !sent.confirms(&console.realm.realm.slug) {
        return console.show_wrong(sheet(&console, Some("keys-withdraw")).await?);
    }
    let (next, now) = (next(&console, &sent).await?, console.now()?);
    console.transact(async |tx| keys::withdraw(tx, console.actor, next, now).await).await?;
    console.done(console.path(at::KEYS, &[]), "keys-withdrawn")
}

/// The key that is to follow, of an algorithm that the realm signs with: nobody makes keys for nothing.
async fn next(console: &Console, sent: &ConsoleForm) -> Result<gantry_core::signing_key::SigningKey, crate::respond::PageFailure> {
    let shown = keys::list(&console.read()?, console.actor).await?;
    let wanted = shown.iter().find(|key| key.state == KeyState::Active && key.algorithm.as_str() == sent.line("algorithm"));
    let wanted = wanted.ok_or(Refusal::new(ErrorCode::InvalidRequest, "the realm does not sign with this algorithm"))?;
    Ok(keys::generate(console.realm.realm.id, wanted.algorithm, KeyState::Next, console.now()?).await?)
}

const fn state(state: KeyState) -> Value {
    match state {
        KeyState::Next => Value::badge("keys-state-next", Tone::Plain),
        KeyState::Active => Value::badge("keys-state-active", Tone::Good),
        KeyState::Retired => Value::badge("keys-state-retired", Tone::Warn),
        KeyState::Withdrawn => Value::badge("keys-state-withdrawn", Tone::Bad),
    }
}
