//! Sessions of everybody in a realm, and the end of one.

use gantry_core::admin_scope::AdminScope::{PeopleRead, PeopleWrite};
use gantry_core::failure::Failure;
use gantry_core::session::Session;
use gantry_identity::people::sessions::{self, LiveSession};
use schemars::JsonSchema;
use serde::Serialize;

use super::call::{Call, Listed};
use super::operation::Operation;
use super::reply::Reply;

const ALL: &str = "/realms/{realm}/sessions";
const ONE: &str = "/realms/{realm}/sessions/{session}";

/// A signed-in browser.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "StoredSession")]
pub(super) struct Known {
    /// Its id.
    id: String,
    /// When it began.
    created_at: String,
    /// When the person last proved themself in it.
    authenticated_at: String,
    /// When it was last used.
    last_used_at: String,
    /// What the browser calls itself.
    user_agent: String,
    /// Where it was last used from.
    ip: String,
}

/// The same with whose it is.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "SessionOfPerson")]
struct OfPerson {
    #[serde(flatten)]
    session: Known,
    /// The person's id.
    user: String,
    /// Their address.
    email: String,
    /// The name of the connection that they came through; null: a password here.
    through: Option<String>,
}

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get(ALL, "listLiveSessions", PeopleRead)
            .says("List everybody's live sessions", "Newest first.")
            .paged()
            .asks("limit=1")
            .answers::<Listed<OfPerson>>()
            .captures_as(&[("session", "/items/0/id")])
            .does(|call| Box::pin(list(call))),
        Operation::end(ONE, "endSession", PeopleWrite).says("End a session", "And what is bound to it.").does(|call| Box::pin(end(call))),
    ]
}

pub(super) fn write(session: &Session) -> Known {
    Known {
        id: session.id.to_string(),
        created_at: session.created_at.to_rfc3339(),
        authenticated_at: session.authenticated_at.to_rfc3339(),
        last_used_at: session.last_used_at.to_rfc3339(),
        user_agent: session.user_agent.clone(),
        ip: session.ip.clone(),
    }
}

fn write_with_person(live: LiveSession) -> OfPerson {
    let LiveSession { session, user, through } = live;
    OfPerson { session: write(&session), user: user.id.to_string(), email: user.email.as_str().to_owned(), through }
}

async fn list(call: &Call) -> Result<Reply, Failure> {
    let page = sessions::live(&call.read()?, call.actor, &call.find(&[])?, call.now).await?;
    Ok(Reply::of(&Listed::of(page, write_with_person))?)
}

async fn end(call: &Call) -> Result<Reply, Failure> {
    let id = call.id("session")?;
    call.transact(async |tx| {
        sessions::end(tx, call.actor, id, call.now).await?;
        Ok(Reply::nothing())
    })
    .await
}
