//! What would come of given claims at a connection: nobody is asked and nothing is written.

use gantry_core::admin_scope::AdminScope::ConnectionsWrite;
use gantry_core::failure::Failure;
use gantry_core::sign_in_trace::{Hop, HopKind, SignInProblem};
use gantry_identity::connections::trial;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::call::Call;
use super::connections::{callback, named, outside};
use super::operation::Operation;
use super::reply::Reply;

const DRY_RUN: &str = "/realms/{realm}/connections/{connection}/dry-run";

/// Claims as a provider would sign them.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "DryRun")]
struct Wanted {
    /// The claims; of a provider without ID tokens, what its API says of a person.
    claims: Map<String, Value>,
}

/// What would come of them.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "DryRunOutcome")]
struct Outcome {
    /// Why the connection would refuse them; null: it would not.
    problem: Option<SignInProblem>,
    /// That in words.
    problem_detail: Option<String>,
    /// What would happen, as the steps of a trace.
    hops: Vec<Step>,
}

/// A step that would be taken.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "DryRunStep")]
struct Step {
    /// What.
    kind: HopKind,
    /// Its facts.
    detail: Map<String, Value>,
}

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::act(DRY_RUN, "dryRunConnection", ConnectionsWrite)
            .says(
                "Find out what would come of claims",
                "As if the provider had just signed them: whose account it would be, and which organizations they would join. \
                 Takes `connections:read` too.",
            )
            .takes::<Wanted>(json!({ "claims": { "id": 1, "login": "carol", "name": "Carol", "email": "carol@example.net" } }))
            .answers::<Outcome>()
            .does(|call| Box::pin(run(call))),
    ]
}

fn step(hop: Hop) -> Step {
    Step { kind: hop.kind, detail: hop.detail }
}

async fn run(call: &Call) -> Result<Reply, Failure> {
    let body: Wanted = call.body()?;
    let connection = named(&call.read()?, call).await?;
    let callback = callback(call, &connection.slug)?;
    let came = trial::dry_run(outside(call)?.outside(call.realm_id()?, &callback), call.actor, connection.id, &body.claims).await?;
    let outcome = match came {
        Ok((_, outlook)) => Outcome { problem: None, problem_detail: None, hops: outlook.hops(call.now).into_iter().map(step).collect() },
        Err(failed) => Outcome { problem: Some(failed.problem), problem_detail: Some(failed.detail), hops: Vec::new() },
    };
    Ok(Reply::of(&outcome)?)
}
