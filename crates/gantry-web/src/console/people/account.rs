//! What decides who can sign in to an account and as what: its address, its roles, its lock, a link to a new password.

use gantry_core::actor::Actor;
use gantry_core::email_address::EmailAddress;
use gantry_core::failure::Failure;
use gantry_core::realm::SYSTEM_REALM;
use gantry_core::user::{RealmRole, User};
use gantry_identity::people::send_reset;
use gantry_identity::recovery::ResetMail;
use gantry_identity::users::{self, UserChange};
use gantry_views::console::{Field, FieldKind, Form, Note, Tone, said, say};

use super::super::context::{Answer, Console};
use super::super::form::{ConsoleForm, problems, wrong};
use super::{frame, language, named, page, reset_link};
use crate::paths::console as at;

pub(super) async fn address(console: Console) -> Answer {
    let user = named(&console).await?;
    console.fresh(&console.here())?;
    let form = address_form(&console, &user, user.email.as_str());
    console.show(frame::sheet(&console, &user).panel(form))
}

/// Writes another address, or vouches for the one that is there.
pub(super) async fn readdress(console: Console, sent: ConsoleForm) -> Answer {
    let user = named(&console).await?;
    console.fresh(&page(&console, at::PERSON_ADDRESS, &user))?;
    let typed = sent.line("email");
    let again = |problem: &[(String, String)], whole| {
        console.show_wrong(frame::sheet(&console, &user).panel(address_form(&console, &user, typed).with_problems(whole, problem)))
    };
    let Ok(email) = EmailAddress::parse(typed) else {
        let problem = ("email".to_owned(), "is not an e-mail address such as `name@example.com`".to_owned());
        return again(&[problem], Some(say("people-wrong")));
    };
    let change = UserChange { email: Some(email), email_verified: Some(true), ..UserChange::default() };
    match write(&console, &user, change).await {
        Ok(_) => console.done(page(&console, at::PERSON, &user), "people-readdressed"),
        Err(failure) => {
            let refusal = wrong(failure)?;
            again(&problems(&refusal), Some(said(refusal.description)))
        }
    }
}

fn address_form(console: &Console, user: &User, typed: &str) -> Form {
    let field = Field::new("email", say("people-email"), FieldKind::Email(typed.to_owned())).hint(say("people-address-hint"));
    Form::new("address", page(console, at::PERSON_ADDRESS, user), say("people-address-save"))
        .title(say("people-change-address"))
        .lead(say("people-address-lead"))
        .field(field.required())
}

pub(super) async fn roles(console: Console) -> Answer {
    let user = named(&console).await?;
    console.fresh(&console.here())?;
    console.show(frame::sheet(&console, &user).panel(roles_form(&console, &user)))
}

/// Gives and takes roles: those that the form offers, the others stay.
pub(super) async fn give(console: Console, sent: ConsoleForm) -> Answer {
    let user = named(&console).await?;
    console.fresh(&page(&console, at::PERSON_ROLES, &user))?;
    let kept = user.roles.iter().copied().filter(|role| !offered(&console).contains(role));
    let given = offered(&console).into_iter().filter(|role| sent.on(role.as_str()));
    let change = UserChange { roles: Some(kept.chain(given).collect()), ..UserChange::default() };
    match write(&console, &user, change).await {
        Ok(_) => console.done(page(&console, at::PERSON, &user), "people-roles-saved"),
        Err(failure) => {
            let form = roles_form(&console, &user).with_problems(Some(said(wrong(failure)?.description)), &[]);
            console.show_wrong(frame::sheet(&console, &user).panel(form))
        }
    }
}

/// The roles that whoever looks may give here.
fn offered(console: &Console) -> Vec<RealmRole> {
    let operators = console.realm.realm.slug == SYSTEM_REALM && matches!(console.actor, Actor::Operator { .. });
    RealmRole::ALL.iter().copied().filter(|role| *role != RealmRole::Operator || operators).collect()
}

fn roles_form(console: &Console, user: &User) -> Form {
    let form = Form::new("roles", page(console, at::PERSON_ROLES, user), say("people-roles-save"))
        .title(say("people-change-roles"))
        .lead(say("people-roles-lead"));
    offered(console).into_iter().fold(form, |form, role| {
        let hint = match role {
            RealmRole::Operator => say("people-role-operator-hint"),
            RealmRole::RealmAdmin => say("people-role-realm-admin-hint"),
        };
        form.field(Field::switch(role.as_str(), frame::role_name(role), user.roles.contains(&role)).hint(hint))
    })
}

/// Locks an account, or opens it again.
pub(super) async fn lock(console: Console, sent: ConsoleForm) -> Answer {
    let user = named(&console).await?;
    console.fresh(&page(&console, at::PERSON, &user))?;
    let locked = sent.get("locked") == Some("yes");
    let change = UserChange { disabled: Some(locked), ..UserChange::default() };
    match write(&console, &user, change).await {
        Ok(_) if locked => console.done(page(&console, at::PERSON, &user), "people-locked"),
        Ok(_) => console.done(page(&console, at::PERSON, &user), "people-unlocked"),
        Err(failure) => refused(&console, &user, failure),
    }
}

/// Mails a link to a new password.
pub(super) async fn reset(console: Console, _: ConsoleForm) -> Answer {
    let user = named(&console).await?;
    let (actor, now, link_to) = (console.actor, console.now()?, reset_link(&console));
    let mail = ResetMail { locale: language(&console, &user)?, link_to: &link_to, resume: None };
    match console.transact(async |tx| send_reset(tx, actor, user.id, mail, now).await).await {
        Ok(()) => console.done(page(&console, at::PERSON, &user), "people-reset-sent"),
        Err(failure) => refused(&console, &user, failure),
    }
}

/// Says why a button did nothing.
pub(super) fn refused(console: &Console, user: &User, failure: Failure) -> Answer {
    let note = Note { tone: Tone::Bad, text: said(wrong(failure)?.description), action: None };
    console.show_wrong(frame::sheet(console, user).panel(note))
}

async fn write(console: &Console, user: &User, change: UserChange) -> Result<User, Failure> {
    let (actor, now) = (console.actor, console.now()?);
    console.transact(async |tx| users::update(tx, actor, user.id, change, now).await).await
}
