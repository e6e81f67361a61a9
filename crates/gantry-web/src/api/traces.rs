//! Traces of sign-ins with providers: which there are, and each step of one. What each shows is the rule's to decide.

use gantry_core::admin_scope::AdminScope::{ConnectionsRead, ConnectionsWrite};
use gantry_core::failure::Failure;
use gantry_core::sign_in_trace::{Hop, HopKind, SignInProblem, TraceOutcome};
use gantry_identity::traces::{self, Found, Named, TraceView};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use super::call::{Call, Listed};
use super::operation::Operation;
use super::reply::Reply;
use crate::paths;

const ALL: &str = "/realms/{realm}/traces";
const ONE: &str = "/realms/{realm}/traces/{trace}";
const SHARE: &str = "/realms/{realm}/traces/{trace}/share";

/// A sign-in with a provider.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "SignInTrace")]
struct Known {
    /// Its id. The page that tells a person why they were not let in shows it.
    id: String,
    /// When it began.
    started_at: String,
    /// When it is forgotten.
    expires_at: String,
    /// How it went.
    outcome: TraceOutcome,
    /// Why it was refused.
    problem: Option<SignInProblem>,
    /// The address of the person's account here.
    person: Option<String>,
    /// The connection, by its slug.
    connection: Option<About>,
    /// The organization that it was for, by its `org_id`.
    tenant: Option<About>,
    /// The app, by its `client_id`.
    app: Option<About>,
}

/// The same with all of its steps.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "SignInTraceWithSteps")]
struct Whole {
    #[serde(flatten)]
    known: Known,
    /// What happened, in order.
    hops: Vec<Step>,
}

/// What a sign-in was about.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "TraceSubject")]
struct About {
    /// The id that the outside knows.
    id: String,
    /// The name for people.
    name: String,
}

/// A step of a sign-in.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "TraceStep")]
struct Step {
    /// When.
    at: String,
    /// How many milliseconds after the beginning.
    offset_ms: u64,
    /// What.
    kind: HopKind,
    /// Its facts; never a secret, a code or a token.
    detail: Map<String, Value>,
}

/// A link that shows a trace to whoever has it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "SharedTrace")]
struct Shared {
    /// The link, this once. It shows what a customer's IT may see.
    url: String,
    /// When it ends.
    expires_at: String,
}

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get(ALL, "listTraces", ConnectionsRead)
            .says("List sign-ins with providers", "Newest first, those of the last 14 days.")
            .paged()
            .narrowed_by("q", "The address of a person's account here, or the id of a trace.")
            .narrowed_by("outcome", "Only those that went so, such as `refused`.")
            .narrowed_by("problem", "Only those that were refused for this, such as `token_time`.")
            .narrowed_by("connection", "Only those with this connection, by its slug.")
            .narrowed_by("tenant", "Only those for this organization, by its `org_id`.")
            .asks("outcome=refused&limit=1")
            .answers::<Listed<Known>>()
            .captures_as(&[("trace", "/items/0/id")])
            .does(|call| Box::pin(list(call))),
        Operation::get(ONE, "getTrace", ConnectionsRead)
            .says("Get a sign-in with its steps", "")
            .answers::<Whole>()
            .does(|call| Box::pin(get(call))),
        Operation::act(SHARE, "shareTrace", ConnectionsWrite)
            .says("Make a link to a sign-in", "For a customer's IT: it shows what concerns them. Takes `connections:read` too.")
            .answers_with(201)
            .answers::<Shared>()
            .does(|call| Box::pin(share(call))),
    ]
}

fn about(named: &Named) -> About {
    About { id: named.id.clone(), name: named.name.clone() }
}

fn write(found: &Found) -> Known {
    let (view, names) = (&found.view, &found.about);
    Known {
        id: view.id.to_string(),
        started_at: view.started_at.to_rfc3339(),
        expires_at: view.expires_at.to_rfc3339(),
        outcome: view.outcome,
        problem: view.problem,
        person: names.person.clone(),
        connection: names.connection.as_ref().map(about),
        tenant: names.organization.as_ref().map(about),
        app: names.app.as_ref().map(about),
    }
}

fn step(view: &TraceView, hop: &Hop) -> Step {
    Step {
        at: hop.at.to_rfc3339(),
        offset_ms: u64::try_from(hop.at.since(view.started_at).as_millis()).unwrap_or(u64::MAX),
        kind: hop.kind,
        detail: hop.detail.clone(),
    }
}

async fn list(call: &Call) -> Result<Reply, Failure> {
    let find = call.find(&["outcome", "problem", "connection", "tenant"])?;
    let page = traces::list(&call.read()?, call.actor, None, &find, call.now).await?;
    Ok(Reply::of(&Listed::of(page, |found| write(&found)))?)
}

async fn get(call: &Call) -> Result<Reply, Failure> {
    let found = traces::find_as(&call.read()?, call.actor, None, call.id("trace")?, call.now).await?;
    let hops = found.view.hops.iter().map(|hop| step(&found.view, hop)).collect();
    Ok(Reply::of(&Whole { known: write(&found), hops })?)
}

async fn share(call: &Call) -> Result<Reply, Failure> {
    let id = call.id("trace")?;
    let link = call.url("")?;
    call.transact(async |tx| {
        let found = traces::find_as(tx, call.actor, None, id, call.now).await?;
        let (token, ends) = traces::share(tx, call.actor, &call.origin(), &found, call.now).await?;
        let url = format!("{link}{}", paths::TRACE_SHARED.replace("{token}", token.expose()));
        Ok(Reply::of(&Shared { url, expires_at: ends.to_rfc3339() })?)
    })
    .await
}
