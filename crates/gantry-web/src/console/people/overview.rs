//! A person at a glance: how the account stands, what can be done to it, and the profile that an admin may mend.

use gantry_core::clock::Timestamp;
use gantry_core::failure::Failure;
use gantry_core::user::{Profile, User};
use gantry_identity::users::{self, UserChange};
use gantry_realm_file::entry;
use gantry_store::RealmTx;
use gantry_views::console::{Act, Facts, Field, FieldKind, Form, Link, Sheet, Text, Value, said, say};
use gantry_views::moment::Moment;

use super::super::context::{Answer, Console};
use super::super::form::{ConsoleForm, problems, wrong};
use super::super::stale::{self, Theirs};
use super::{frame, named, page};
use crate::admin::fingerprint;
use crate::paths::console as at;

/// What of a profile the form has, with the words for it.
const FIELDS: [(&str, Text); 9] = [
    ("name", say("people-full-name")),
    ("given_name", say("people-given-name")),
    ("family_name", say("people-family-name")),
    ("preferred_username", say("people-username")),
    ("locale", say("people-locale")),
    ("zoneinfo", say("people-zone")),
    ("phone_number", say("people-phone")),
    ("picture", say("people-picture")),
    ("website", say("people-website")),
];

pub(super) async fn show(console: Console) -> Answer {
    let user = named(&console).await?;
    let form = form(&console, &user, &user.profile)?;
    console.show(sheet(&console, &user, form)?)
}

/// Writes the profile, unless somebody else did meanwhile: then both versions are shown.
pub(super) async fn save(console: Console, sent: ConsoleForm) -> Answer {
    let user = named(&console).await?;
    let typed = typed(&sent, user.profile.clone());
    let (actor, now) = (console.actor, console.now()?);
    let work = async |tx: &RealmTx| {
        let present = users::find(tx, actor, user.id).await?;
        if let Some(theirs) = Theirs::unless_seen(&sent, fingerprint(&entry::user(&present))?, &present.profile)? {
            return Ok(Err((present, theirs)));
        }
        let change = UserChange { profile: Some(typed.clone()), ..UserChange::default() };
        users::update(tx, actor, user.id, change, now).await.map(Ok)
    };
    match console.transact(work).await {
        Ok(Ok(user)) => console.done(page(&console, at::PERSON, &user), "people-saved"),
        Ok(Err((present, theirs))) => {
            let form = form(&console, &present, &typed)?;
            stale::show(&console, &sent, sheet(&console, &present, form)?, &theirs, &typed)
        }
        Err(failure) => {
            let refusal = wrong(failure)?;
            let form = form(&console, &user, &typed)?.with_problems(Some(said(refusal.description)), &problems(&refusal));
            stale::show_wrong(&console, &sent, sheet(&console, &user, form)?)
        }
    }
}

fn sheet(console: &Console, user: &User, form: Form) -> Result<Sheet, Failure> {
    let now = console.now()?;
    let mut sheet = frame::sheet(console, user).panel(facts(console, user, now)).panel(form).panel(ends(console, user));
    sheet.as_code = Some(frame::as_code(console, user)?);
    Ok(sheet)
}

fn facts(console: &Console, user: &User, now: Timestamp) -> Facts {
    let moment = |at: Option<Timestamp>| at.map_or(Value::Nothing, |at| Value::Moment(Moment::seen(at, now)));
    let roles: Vec<Value> = user.roles.iter().map(|role| Value::Text(frame::role_name(*role))).collect();
    let mut facts = Facts::new("account")
        .title(say("people-account"))
        .fact(say("people-email"), Value::Code(user.email.to_string()))
        .fact(say("people-verified-at"), moment(user.email_verified_at))
        .fact(say("people-roles"), if roles.is_empty() { Value::Nothing } else { Value::List(roles) })
        .fact(say("people-id"), Value::Code(user.id.to_string()))
        .fact(say("people-since"), moment(Some(user.created_at)))
        .fact(say("people-changed"), moment(Some(user.updated_at)));
    if user.disabled_at.is_some() {
        facts = facts.fact(say("people-locked-at"), moment(user.disabled_at));
    }
    facts.actions = vec![
        Link::to(say("people-change-address"), page(console, at::PERSON_ADDRESS, user)).icon("mail"),
        Link::to(say("people-change-roles"), page(console, at::PERSON_ROLES, user)).icon("shield-check"),
    ];
    if console.realm.realm.settings.sign_in.password && user.disabled_at.is_none() && user.email_verified_at.is_some() {
        facts.acts.push(Act::new(say("people-send-reset"), page(console, at::PERSON_RESET, user)));
    }
    facts.acts.push(Act::new(say("people-sign-out"), page(console, at::PERSON_SIGN_OUT, user)));
    facts
}

/// What ends an account, for a while or for good.
fn ends(console: &Console, user: &User) -> Facts {
    let mut facts = Facts::new("ends").title(say("people-ends"));
    facts.lead = Some(say("people-ends-lead"));
    let (text, locked) = if user.disabled_at.is_some() { (say("people-unlock"), "no") } else { (say("people-lock"), "yes") };
    let lock = Act::new(text, page(console, at::PERSON_LOCK, user)).hidden("locked", locked);
    facts.acts = vec![if locked == "yes" { lock.danger() } else { lock }];
    facts.actions = vec![
        Link::to(say("people-delete"), page(console, at::PERSON_DELETE, user)).icon("trash-2"),
        Link::to(say("people-erase"), page(console, at::PERSON_ERASE, user)).icon("user-x"),
    ];
    facts
}

fn form(console: &Console, user: &User, shown: &Profile) -> Result<Form, Failure> {
    let mut form = Form::new("profile", page(console, at::PERSON, user), say("people-save"))
        .title(say("people-profile"))
        .lead(say("people-profile-lead"))
        .hidden("seen", fingerprint(&entry::user(user))?);
    for (name, label) in FIELDS {
        let value = part(&mut shown.clone(), name).and_then(Option::take).unwrap_or_default();
        let kind = if matches!(name, "picture" | "website") { FieldKind::Url(value) } else { FieldKind::Line(value) };
        let field = Field::new(name, label, kind);
        form = form.field(if name == "locale" { field.hint(say("people-locale-hint")) } else { field });
    }
    Ok(form)
}

/// The profile with what was typed; what the form does not have stays.
fn typed(sent: &ConsoleForm, mut profile: Profile) -> Profile {
    for (name, _) in FIELDS {
        if let Some(part) = part(&mut profile, name) {
            *part = sent.some(name);
        }
    }
    profile
}

fn part<'p>(profile: &'p mut Profile, name: &str) -> Option<&'p mut Option<String>> {
    Some(match name {
        "name" => &mut profile.name,
        "given_name" => &mut profile.given_name,
        "family_name" => &mut profile.family_name,
        "preferred_username" => &mut profile.preferred_username,
        "locale" => &mut profile.locale,
        "zoneinfo" => &mut profile.zoneinfo,
        "phone_number" => &mut profile.phone_number,
        "picture" => &mut profile.picture,
        "website" => &mut profile.website,
        _ => return None,
    })
}
