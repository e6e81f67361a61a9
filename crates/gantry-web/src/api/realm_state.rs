//! Whether a realm works at all, and the end of everything that it issued.

use gantry_core::admin_scope::AdminScope::{RealmRead, RealmWrite};
use gantry_core::clock::Timestamp;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Failure;
use gantry_core::realm::Realm;
use gantry_identity::realms;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::call::Call;
use super::operation::Operation;
use super::reply::Reply;

const STATE: &str = "/realms/{realm}/state";
const REVOKE: &str = "/realms/{realm}/revoke-issued";

/// Whether a realm works.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "RealmState")]
struct State {
    /// Whether it does. Off, nothing of it answers: no page, no token endpoint, no key set.
    enabled: bool,
    /// When it was switched off.
    disabled_at: Option<String>,
}

/// What is wanted.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "WantedRealmState")]
struct Wanted {
    /// Whether the realm is to work.
    enabled: bool,
}

pub(super) fn operations() -> Vec<Operation> {
    vec![
        // First, so that its example is played after all that needs what was issued.
        Operation::act(REVOKE, "revokeIssued", RealmWrite)
            .says(
                "End everything that a realm issued",
                "Every session, grant, code and token from before now: all people sign in once more, and every app asks for new tokens.",
            )
            .answers_with(204)
            .ending()
            .does(|call| Box::pin(revoke(call))),
        Operation::get(STATE, "getRealmState", RealmRead)
            .for_operators()
            .says("Find out whether a realm works", "For accounts of the realm `system`, which reach realms that are switched off too.")
            .answers::<State>()
            .does(|call| Box::pin(get(call))),
        Operation::put(STATE, "putRealmState", RealmWrite)
            .for_operators()
            .says(
                "Switch a realm off or on",
                "Ends nothing for good: switched on again, people, apps and sessions are as they were. The realm `system` stays on. \
                 For accounts of the realm `system`.",
            )
            .can(&[ErrorCode::Conflict])
            .takes::<Wanted>(json!({ "enabled": true }))
            .answers::<State>()
            .does(|call| Box::pin(put(call))),
    ]
}

fn write(realm: &Realm) -> State {
    State { enabled: realm.disabled_at.is_none(), disabled_at: realm.disabled_at.map(Timestamp::to_rfc3339) }
}

async fn get(call: &Call) -> Result<Reply, Failure> {
    Ok(Reply::of(&write(&realms::read(&call.read()?, call.actor).await?))?)
}

async fn put(call: &Call) -> Result<Reply, Failure> {
    let body: Wanted = call.body()?;
    call.transact(async |tx| {
        call.check_match(&write(&realms::read(tx, call.actor).await?))?;
        Ok(Reply::of(&write(&realms::set_enabled(tx, call.actor, body.enabled, call.now).await?))?)
    })
    .await
}

async fn revoke(call: &Call) -> Result<Reply, Failure> {
    call.transact(async |tx| {
        realms::revoke_issued(tx, call.actor, call.now).await?;
        Ok(Reply::nothing())
    })
    .await
}
