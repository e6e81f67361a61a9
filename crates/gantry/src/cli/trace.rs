//! `gantry trace`: what happened at sign-ins with providers, for whoever has a shell on the server.

use clap::{Args, Subcommand};
use gantry_core::actor::Actor;
use gantry_core::audit::Origin;
use gantry_core::clock::Timestamp;
use gantry_core::id::TraceId;
use gantry_core::realm::Realm;
use gantry_core::sign_in_trace::SignInTrace;
use gantry_identity::traces::{self, Found};
use gantry_store::Store;
use gantry_web::paths;
use serde_json::Value;

use super::{RealmOption, Trouble, clock, console, find_realm};
use crate::config::Settings;
use crate::database;
use crate::master_key::IfNew;

#[derive(Debug, Subcommand)]
pub(super) enum TraceCommand {
    /// Show every step of a sign-in
    Show(ShowOptions),
    /// Show the newest sign-ins with providers
    List(ListOptions),
    /// Make a link that shows a sign-in to somebody without an account, for 7 days
    Share(ShareOptions),
}

#[derive(Debug, Args)]
pub(super) struct ShowOptions {
    #[command(flatten)]
    realm: RealmOption,
    /// The id that the error page shows
    id: TraceId,
    /// As JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct ListOptions {
    #[command(flatten)]
    realm: RealmOption,
    /// Only those for this organization
    #[arg(long, value_name = "ORG_ID")]
    tenant: Option<String>,
    /// At most this many
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=1000))]
    limit: u64,
}

#[derive(Debug, Args)]
pub(super) struct ShareOptions {
    #[command(flatten)]
    realm: RealmOption,
    /// The id that the error page shows
    id: TraceId,
}

pub(super) async fn run(settings: &Settings, command: &TraceCommand) -> Result<(), Trouble> {
    let clock = clock();
    let store = database::open(settings, clock.clone(), IfNew::Refuse).await?;
    match command {
        TraceCommand::Show(options) => show(&store, options, clock.now()).await,
        TraceCommand::List(options) => list(&store, options).await,
        TraceCommand::Share(options) => share(settings, &store, options, clock.now()).await,
    }
}

async fn show(store: &Store, options: &ShowOptions, now: Timestamp) -> Result<(), Trouble> {
    let found = find(store, &options.realm, options.id, now).await?.1;
    if options.json {
        let text = serde_json::to_string_pretty(&found.to_json());
        console::say(&text.map_err(|error| gantry_core::failure::Fault::caused("a trace as JSON", error))?);
        return Ok(());
    }
    let problem = found.view.problem.map(|problem| format!(": {problem}")).unwrap_or_default();
    console::say(&format!("{}  {}{problem}  {}", found.view.id, found.view.outcome, found.view.started_at.to_rfc3339()));
    for hop in &found.view.hops {
        let said = Value::Object(hop.detail.clone());
        console::say(&format!(
            "+{:9.3} s  {:<14} {}",
            hop.at.since(found.view.started_at).as_secs_f64(),
            hop.kind.as_str(),
            visible(&said.to_string())
        ));
    }
    Ok(())
}

async fn list(store: &Store, options: &ListOptions) -> Result<(), Trouble> {
    let realm = find_realm(store, &options.realm.realm).await?;
    let tx = store.read(realm.id);
    let tenant = match &options.tenant {
        Some(org_id) => {
            let found = tx.tenants().find_by_org_id(org_id).await?;
            Some(found.ok_or_else(|| Trouble::Refused(format!("there is no organization `{org_id}`")))?.id)
        }
        None => None,
    };
    for trace in tx.sign_in_traces().list_newest(tenant, options.limit).await? {
        console::say(&line(&trace));
    }
    Ok(())
}

fn line(trace: &SignInTrace) -> String {
    let problem = trace.problem.map_or("-", |problem| problem.as_str());
    format!("{}  {}  {:<10} {problem}", trace.id, trace.started_at.to_rfc3339(), trace.outcome.as_str())
}

async fn share(settings: &Settings, store: &Store, options: &ShareOptions, now: Timestamp) -> Result<(), Trouble> {
    let (realm, found) = find(store, &options.realm, options.id, now).await?;
    let work = async |tx: &gantry_store::RealmTx| traces::share(tx, Actor::CommandLine, &Origin::default(), &found, now).await;
    let (token, until) = store.transact(realm.id, work).await?;
    let address = settings.server.public_url(settings.server.port()).address_of(&realm);
    console::say(&address.url(&paths::TRACE_SHARED.replace("{token}", token.expose())));
    console::say(&format!("Whoever has this link can read the sign-in until {}.", until.to_rfc3339()));
    Ok(())
}

async fn find(store: &Store, option: &RealmOption, id: TraceId, now: Timestamp) -> Result<(Realm, Found), Trouble> {
    let realm = find_realm(store, &option.realm).await?;
    let found = traces::find_for_operator(&store.read(realm.id), id, now).await?;
    Ok((realm, found.ok_or_else(|| Trouble::Refused(format!("there is no trace `{id}` in this realm, or it has been forgotten")))?))
}

/// Without what would move a terminal's cursor: parts of it came from elsewhere.
fn visible(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}
