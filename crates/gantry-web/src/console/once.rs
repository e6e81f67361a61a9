//! Forms whose answer shows a secret: sent a second time, they make nothing.
//!
//! A browser that reloads such an answer sends its form again. Each of these forms carries a number of its own, which is
//! used up in the transaction that acts, on whatever node that is. A secret is nowhere but in the one answer, so the
//! second answer can only say that the first one showed it (decision 20).

use gantry_core::failure::Failure;
use gantry_core::secret::{Digest, random_bytes};
use gantry_store::RealmTx;
use gantry_views::console::{Form, Link, Note, Sheet, Tone, say};

use super::context::{Answer, Console};
use super::form::ConsoleForm;

/// The name of the number.
const NUMBER: &str = "once";

/// A form that acts once.
pub(super) fn numbered(form: Form) -> Form {
    form.hidden(NUMBER, Digest::of(&random_bytes::<32>()).to_text())
}

/// Does what a numbered form asks for; nothing if that was done before. What was refused may be asked for again.
pub(super) async fn transact<T>(
    console: &Console,
    sent: &ConsoleForm,
    work: impl AsyncFnOnce(&RealmTx) -> Result<T, Failure>,
) -> Result<Option<T>, Failure> {
    let (number, session) = (sent.line(NUMBER), console.session());
    console
        .transact(async |tx| {
            if number.is_empty() || !tx.assertions().record_form(session.id, number, session.expires_at).await? {
                return Ok(None);
            }
            let done = work(tx).await;
            if let Err(Failure::Refused(_)) = done {
                tx.assertions().forget_form(session.id, number).await?;
            }
            done.map(Some)
        })
        .await
}

/// Says that a form was sent before, and where to look at what came of it.
pub(super) fn again(console: &Console, sheet: Sheet, to: Link) -> Answer {
    console.show_conflict(sheet.panel(Note { tone: Tone::Warn, text: say("frame-sent-already"), action: Some(to) }))
}
