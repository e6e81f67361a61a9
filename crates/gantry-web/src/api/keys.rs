//! A realm's signing keys: which there are, and letting the next one sign. No answer holds a private part.

use gantry_core::admin_scope::AdminScope::{KeysRead, KeysWrite};
use gantry_core::clock::Timestamp;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::signing_algorithm::SigningAlgorithm;
use gantry_core::signing_key::{KeyState, SigningKey};
use gantry_identity::permission::{self, Action};
use gantry_oauth::keys::{self, JWKS_MAX_AGE, Rotation, ShownKey};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::call::{Call, Listed};
use super::operation::Operation;
use super::reply::Reply;

const ALL: &str = "/realms/{realm}/keys";
const ROTATE: &str = "/realms/{realm}/keys/rotate";
const WITHDRAW: &str = "/realms/{realm}/keys/withdraw";

/// A signing key, without its private part.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "SigningKey")]
struct Known {
    /// Its id.
    id: String,
    /// What it signs with.
    algorithm: SigningAlgorithm,
    /// Its name in tokens and in the key set.
    kid: String,
    /// Where it is in its life.
    state: KeyState,
    /// When it was made.
    created_at: String,
    /// When it began to sign.
    activated_at: Option<String>,
    /// When it stops being published.
    expires_at: Option<String>,
}

/// Which keys change over.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "KeyChange")]
struct Wanted {
    /// Those of this algorithm.
    algorithm: SigningAlgorithm,
}

/// How keys have changed over.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "KeyRotation")]
struct Rotated {
    /// The `kid` of the key that signs now.
    active: String,
    /// The `kid` of the key that is published to follow it.
    next: String,
    /// The `kid` of the key that signed before.
    retired: Option<String>,
    /// Whether the key that signs now was published long enough for verifiers that keep key sets to know it. If not,
    /// some may refuse new tokens for a few minutes.
    known_to_verifiers: bool,
}

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get(ALL, "listKeys", KeysRead)
            .says("List signing keys", "By algorithm, then in the order of their lives: next, active, retired, withdrawn.")
            .answers::<Listed<Known>>()
            .does(|call| Box::pin(list(call))),
        Operation::act(ROTATE, "rotateKeys", KeysWrite)
            .says(
                "Let the next key sign",
                "The one before stays published until the last token that it signed has ended, and another is published to follow.",
            )
            .can(&[ErrorCode::Conflict])
            .takes::<Wanted>(json!({ "algorithm": "RS256" }))
            .answers::<Rotated>()
            .does(|call| Box::pin(rotate(call))),
        Operation::act(WITHDRAW, "withdrawKeys", KeysWrite)
            .says(
                "Withdraw a key after a compromise",
                "The next one signs at once. What the one before signed is believed no more: apps and people have to get new tokens.",
            )
            .can(&[ErrorCode::Conflict])
            .takes::<Wanted>(json!({ "algorithm": "RS256" }))
            .answers::<Rotated>()
            .does(|call| Box::pin(withdraw(call))),
    ]
}

fn write(key: ShownKey) -> Known {
    let ShownKey { id, algorithm, kid, state, created_at, activated_at, expires_at } = key;
    Known {
        id: id.to_string(),
        algorithm,
        kid,
        state,
        created_at: created_at.to_rfc3339(),
        activated_at: activated_at.map(Timestamp::to_rfc3339),
        expires_at: expires_at.map(Timestamp::to_rfc3339),
    }
}

fn told(rotation: Rotation) -> Rotated {
    let Rotation { active, next, retired, published_for } = rotation;
    Rotated { active, next, retired, known_to_verifiers: published_for >= JWKS_MAX_AGE * 2 }
}

async fn list(call: &Call) -> Result<Reply, Failure> {
    let keys = keys::list(&call.read()?, call.actor).await?;
    Ok(Reply::of(&Listed::whole(keys.into_iter().map(write).collect()))?)
}

/// The key that is to follow, of an algorithm that the realm signs with: nobody makes keys for nothing. It takes its
/// time, so it is made before the transaction, and whether the caller may is asked first.
async fn successor(call: &Call) -> Result<SigningKey, Failure> {
    let wanted = call.body::<Wanted>()?.algorithm;
    permission::check(call.actor, Action::ManageKeys, call.realm_id()?)?;
    if !call.realm()?.keys.iter().any(|key| key.algorithm == wanted && key.state == KeyState::Active) {
        return Err(Refusal::new(ErrorCode::Conflict, "The realm does not sign with this algorithm").into());
    }
    Ok(keys::generate(call.realm_id()?, wanted, KeyState::Next, call.now).await?)
}

async fn rotate(call: &Call) -> Result<Reply, Failure> {
    let next = successor(call).await?;
    call.transact(async |tx| Ok(Reply::of(&told(keys::rotate(tx, call.actor, next, call.now).await?))?)).await
}

async fn withdraw(call: &Call) -> Result<Reply, Failure> {
    let next = successor(call).await?;
    call.transact(async |tx| Ok(Reply::of(&told(keys::withdraw(tx, call.actor, next, call.now).await?))?)).await
}
