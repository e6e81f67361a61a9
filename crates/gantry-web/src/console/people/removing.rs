//! Deleting a person: says with numbers what goes with them, and wants their address typed.

use gantry_core::user::User;
use gantry_identity::people::{self, Holdings};
use gantry_identity::users;
use gantry_views::console::{Form, Sheet, say};

use super::super::context::{Answer, Console};
use super::super::form::ConsoleForm;
use super::{account, frame, named, page};
use crate::paths::console as at;

pub(super) async fn show(console: Console) -> Answer {
    let user = named(&console).await?;
    console.fresh(&console.here())?;
    let held = people::holdings(&console.read()?, console.actor, user.id, console.now()?).await?;
    console.show(sheet(&console, &user, held, false))
}

pub(super) async fn remove(console: Console, sent: ConsoleForm) -> Answer {
    let user = named(&console).await?;
    console.fresh(&page(&console, at::PERSON_DELETE, &user))?;
    let (actor, now) = (console.actor, console.now()?);
    if !sent.confirms(user.email.as_str()) {
        let held = people::holdings(&console.read()?, actor, user.id, now).await?;
        return console.show_wrong(sheet(&console, &user, held, true));
    }
    match console.transact(async |tx| users::remove(tx, actor, user.id, now).await).await {
        Ok(()) => console.done(console.path(at::PEOPLE, &[]), "people-deleted"),
        Err(failure) => account::refused(&console, &user, failure),
    }
}

fn sheet(console: &Console, user: &User, held: Holdings, unconfirmed: bool) -> Sheet {
    let form = Form::new("delete", page(console, at::PERSON_DELETE, user), say("people-delete"))
        .title(say("people-delete-title"))
        .lead(falls(say("people-delete-lead"), held))
        .danger(Some(user.email.to_string()));
    frame::sheet(console, user).panel(Form { problem: unconfirmed.then(|| say("people-unconfirmed")), ..form })
}

/// A text with the numbers of what falls.
pub(super) fn falls(text: gantry_views::console::Text, held: Holdings) -> gantry_views::console::Text {
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    text.with("sessions", count(held.sessions))
        .with("apps", count(held.apps))
        .with("tokens", count(held.tokens))
        .with("identities", count(held.identities))
        .with("memberships", count(held.memberships))
}
