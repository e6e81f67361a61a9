//! Making a person: the admin vouches for the address, and its owner is mailed a link to set a password.

use gantry_core::email_address::EmailAddress;
use gantry_core::failure::Failure;
use gantry_core::user::{Profile, User};
use gantry_identity::people::send_reset;
use gantry_identity::recovery::ResetMail;
use gantry_identity::users::{self, NewUser};
use gantry_store::RealmTx;
use gantry_views::console::{Card, Cards, Field, FieldKind, Form, Link, Sheet, said, say};

use super::super::context::{Answer, Console};
use super::super::form::{ConsoleForm, problems, wrong};
use super::{language, page, reset_link};
use crate::paths::console as at;

/// What was typed.
#[derive(Default)]
struct Typed {
    email: String,
    name: String,
    locale: String,
    mail: bool,
}

pub(super) async fn show(console: Console) -> Answer {
    console.show(sheet(&console, form(&console, &Typed { mail: true, ..Typed::default() })))
}

pub(super) async fn create(console: Console, sent: ConsoleForm) -> Answer {
    let typed = Typed {
        email: sent.line("email").to_owned(),
        name: sent.line("name").to_owned(),
        locale: sent.line("locale").to_owned(),
        mail: sent.on("mail"),
    };
    let Ok(email) = EmailAddress::parse(&typed.email) else {
        let problem = [("email".to_owned(), "is not an e-mail address such as `name@example.com`".to_owned())];
        return console.show_wrong(sheet(&console, form(&console, &typed).with_problems(Some(say("people-wrong")), &problem)));
    };
    let (mailed, work) = (typed.mail && has_passwords(&console), make(&console, &typed, email));
    match work.await {
        Ok(user) if mailed => console.done(page(&console, at::PERSON, &user), "people-created-mailed"),
        Ok(user) => console.done(page(&console, at::PERSON, &user), "people-created"),
        Err(failure) => {
            let refusal = wrong(failure)?;
            let whole = Some(said(refusal.description));
            console.show_wrong(sheet(&console, form(&console, &typed).with_problems(whole, &problems(&refusal))))
        }
    }
}

async fn make(console: &Console, typed: &Typed, email: EmailAddress) -> Result<User, Failure> {
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let profile = Profile { name: some(&typed.name), locale: some(&typed.locale), ..Profile::default() };
    let (actor, now, link_to) = (console.actor, console.now()?, reset_link(console));
    let work = async |tx: &RealmTx| {
        let new = NewUser { email: email.clone(), email_verified: true, profile: profile.clone(), roles: Vec::new(), password: None };
        let user = users::create(tx, actor, new, now).await?;
        if typed.mail && has_passwords(console) {
            let mail = ResetMail { locale: language(console, &user)?, link_to: &link_to, resume: None };
            send_reset(tx, actor, user.id, mail, now).await?;
        }
        Ok(user)
    };
    console.transact(work).await
}

fn has_passwords(console: &Console) -> bool {
    console.realm.realm.settings.sign_in.password
}

fn sheet(console: &Console, form: Form) -> Sheet {
    let crumb = Link::to(say("people-title"), console.path(at::PEOPLE, &[]));
    Sheet::new(say("people-new")).lead(say("people-new-lead")).crumb(crumb).panel(form).panel(other_ways(console))
}

/// What is right where the address is to be proved by whoever reads it, or where it is about a role.
fn other_ways(console: &Console) -> Cards {
    let card = |title, text, href, icon| Card { title, text: Some(text), figure: None, href, icon: Some(icon), badge: None };
    let cards = vec![
        card(say("people-invite-member"), say("people-invite-member-text"), console.path(at::TENANTS, &[]), "building-2"),
        card(say("people-invite-admin"), say("people-invite-admin-text"), console.path(at::INVITATION_NEW, &[]), "shield-check"),
        card(say("people-invitations-sent"), say("people-invitations-sent-text"), console.path(at::INVITATIONS, &[]), "mails"),
    ];
    Cards { id: "invite", title: Some(say("people-invite-instead")), cards }
}

fn form(console: &Console, typed: &Typed) -> Form {
    let email = Field::new("email", say("people-email"), FieldKind::Email(typed.email.clone())).hint(say("people-new-email-hint"));
    let form = Form::new("person-new", console.path(at::PERSON_NEW, &[]), say("people-create"))
        .field(email.required())
        .field(Field::line("name", say("people-full-name"), &typed.name))
        .field(Field::line("locale", say("people-locale"), &typed.locale).hint(say("people-locale-hint")));
    if has_passwords(console) {
        return form.field(Field::switch("mail", say("people-new-mail"), typed.mail).hint(say("people-new-mail-hint")));
    }
    form
}
