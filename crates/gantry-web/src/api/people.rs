//! What people have: sessions, apps that they let in, and what is known of them.

use gantry_core::admin_scope::AdminScope::{PeopleRead, PeopleWrite};
use gantry_core::clock::Timestamp;
use gantry_core::failure::Failure;
use gantry_identity::account::AppAccess;
use gantry_identity::people;
use gantry_identity::recovery::ResetMail;
use gantry_store::RealmTx;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::call::{Call, Listed};
use super::operation::Operation;
use super::reply::Reply;
use super::{sessions, users};
use crate::paths;

const SESSIONS: &str = "/realms/{realm}/users/{user}/sessions";
const APPS: &str = "/realms/{realm}/users/{user}/grants";
const APP: &str = "/realms/{realm}/users/{user}/grants/{client}";
const RESET: &str = "/realms/{realm}/users/{user}/send-reset";
const EXPORT: &str = "/realms/{realm}/users/{user}/export";
const ONE: &str = "/realms/{realm}/users/{user}";

/// An app that a person let in.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "StoredGrant")]
struct KnownApp {
    /// The app's id.
    id: String,
    /// The app's `client_id`.
    client_id: String,
    /// The app's name.
    name: String,
    /// What it may do.
    scopes: Vec<String>,
    /// The `org_id`s of the organizations that it may work in.
    tenants: Vec<String>,
    /// Since when.
    since: String,
    /// When a token was last issued.
    last_used_at: Option<String>,
}

/// A mail to be sent.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// The language of the mail, as a BCP 47 tag.
    #[serde(default = "english")]
    locale: String,
}

fn english() -> String {
    "en".to_owned()
}

/// Everything about a person.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(transparent)]
#[schemars(rename = "PersonExport")]
struct Export(Map<String, Value>);

pub(super) fn operations() -> Vec<Operation> {
    vec![
        // First, so that its example is played after all that ends something of the person.
        Operation::delete(ONE, "eraseUser", PeopleWrite)
            .says(
                "Erase a person",
                "With all that hangs on them. Their id is never used again, and the lines of the audit trail that speak of them say less.",
            )
            .does(|call| Box::pin(erase(call))),
        Operation::get(SESSIONS, "listSessions", PeopleRead)
            .says("List a person's live sessions", "Last used first.")
            .answers::<Listed<sessions::Known>>()
            .does(|call| Box::pin(live_sessions(call))),
        Operation::delete(SESSIONS, "endSessions", PeopleWrite)
            .says("End all sessions of a person", "And what is bound to them.")
            .does(|call| Box::pin(end_sessions(call))),
        Operation::get(APPS, "listGrants", PeopleRead)
            .says("List the apps that a person has let in", "Last used first.")
            .answers::<Listed<KnownApp>>()
            .does(|call| Box::pin(apps(call))),
        Operation::end(APP, "revokeGrant", PeopleWrite)
            .says("Take back what a person allowed an app", "Its next request asks them again.")
            .does(|call| Box::pin(revoke(call))),
        Operation::act(RESET, "sendReset", PeopleWrite)
            .says("Mail a person a link to set a password", "Earlier links are void.")
            .takes::<Wanted>(json!({ "locale": "en" }))
            .answers_with(204)
            .does(|call| Box::pin(reset(call))),
        Operation::act(EXPORT, "exportUser", PeopleWrite)
            .says("Take out everything about a person", "That it was done stands in the audit trail. Takes `people:read` too.")
            .answers::<Export>()
            .does(|call| Box::pin(export(call))),
    ]
}

fn app(access: &AppAccess) -> KnownApp {
    KnownApp {
        id: access.client.id.to_string(),
        client_id: access.client.client_id.clone(),
        name: access.client.name.clone(),
        scopes: access.scopes.iter().map(str::to_owned).collect(),
        tenants: access.tenants.iter().map(|tenant| tenant.org_id.clone()).collect(),
        since: access.since.to_rfc3339(),
        last_used_at: access.last_used_at.map(Timestamp::to_rfc3339),
    }
}

async fn live_sessions(call: &Call) -> Result<Reply, Failure> {
    Ok(Reply::of(&sessions_of(&call.read()?, call).await?)?)
}

async fn sessions_of(tx: &RealmTx, call: &Call) -> Result<Listed<sessions::Known>, Failure> {
    let live = people::sessions::of(tx, call.actor, call.id("user")?, call.now).await?;
    Ok(Listed::whole(live.iter().map(|live| sessions::write(&live.session)).collect()))
}

async fn end_sessions(call: &Call) -> Result<Reply, Failure> {
    let user = call.id("user")?;
    call.transact(async |tx| {
        if call.has_match() {
            call.check_match(&sessions_of(tx, call).await?)?;
        }
        people::sessions::end_everywhere(tx, call.actor, user, call.now).await?;
        Ok(Reply::nothing())
    })
    .await
}

async fn apps(call: &Call) -> Result<Reply, Failure> {
    let all = people::access::apps(&call.read()?, call.actor, call.id("user")?).await?;
    Ok(Reply::of(&Listed::whole(all.iter().map(app).collect()))?)
}

async fn revoke(call: &Call) -> Result<Reply, Failure> {
    let (user, client) = (call.id("user")?, call.id("client")?);
    call.transact(async |tx| {
        // An app that is none of the realm's is none at all.
        gantry_oauth::clients::find(tx, call.actor, client).await?;
        people::access::revoke_app(tx, call.actor, user, client, call.now).await?;
        Ok(Reply::nothing())
    })
    .await
}

async fn reset(call: &Call) -> Result<Reply, Failure> {
    let (user, body) = (call.id("user")?, call.body::<Wanted>()?);
    let link_to = format!("{}?token=", call.url(paths::RESET_PASSWORD)?);
    call.transact(async |tx| {
        let mail = ResetMail { locale: &body.locale, link_to: &link_to, resume: None };
        people::send_reset(tx, call.actor, user, mail, call.now).await?;
        Ok(Reply::nothing())
    })
    .await
}

async fn export(call: &Call) -> Result<Reply, Failure> {
    let user = call.id("user")?;
    call.transact(async |tx| {
        let all = people::export::export(tx, call.actor, user, call.now).await?;
        Ok(Reply::of(&all)?)
    })
    .await
}

async fn erase(call: &Call) -> Result<Reply, Failure> {
    let user = call.id("user")?;
    call.transact(async |tx| {
        if call.has_match() {
            call.check_match(&users::write(&gantry_identity::users::find(tx, call.actor, user).await?))?;
        }
        people::erase::erase(tx, call.actor, user, call.now).await?;
        Ok(Reply::nothing())
    })
    .await
}
