//! `gantry service-account create`: gives a program a key to the admin API.
//!
//! The key is shown once and stored as a digest. Everything else about accounts is the console's.

use clap::{Args, Subcommand};
use gantry_core::actor::Actor;
use gantry_core::admin_scope::{AdminScope, AdminScopes};
use gantry_core::realm::SYSTEM_REALM;
use gantry_identity::service_accounts::{self, ServiceAccountSettings};

use super::{RealmOption, Trouble, clock, console, find_realm};
use crate::config::Settings;
use crate::database;
use crate::master_key::IfNew;

#[derive(Debug, Subcommand)]
pub(super) enum ServiceAccountCommand {
    /// Make an account and show its first key
    Create(Create),
}

#[derive(Debug, Args)]
pub(super) struct Create {
    #[command(flatten)]
    realm: RealmOption,
    /// What it is called
    #[arg(long)]
    name: String,
    /// What it may do, with commas between: `clients:read,clients:write`; `all` for everything
    #[arg(long, value_name = "SCOPES", required = true, value_delimiter = ',')]
    scopes: Vec<String>,
}

pub(super) async fn run(settings: &Settings, command: &ServiceAccountCommand) -> Result<(), Trouble> {
    let ServiceAccountCommand::Create(options) = command;
    let scopes = scopes(&options.scopes)?;
    let clock = clock();
    let store = database::open(settings, clock.clone(), IfNew::Refuse).await?;
    let realm = find_realm(&store, &options.realm.realm).await?;
    let wanted = ServiceAccountSettings { name: options.name.clone(), scopes };
    let work = async |tx: &gantry_store::RealmTx| service_accounts::create(tx, Actor::CommandLine, wanted, clock.now()).await;
    let (account, _, key) = store.transact(realm.id, work).await?;
    let reach = if realm.slug == SYSTEM_REALM { "all realms".to_owned() } else { format!("the realm `{}`", realm.slug) };
    console::say(&format!("{} ({}) reaches {reach} with {}.", account.name, account.id, account.scopes));
    console::say("This is its key. It is shown this once:\n");
    console::say(&format!("  {}\n", key.expose()));
    Ok(())
}

fn scopes(names: &[String]) -> Result<AdminScopes, Trouble> {
    if names.iter().any(|name| name == "all") {
        return Ok(AdminScopes::of(AdminScope::ALL));
    }
    let known = || AdminScope::ALL.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(", ");
    let mut scopes = Vec::new();
    for name in names {
        let scope = AdminScope::parse(name.trim());
        scopes.push(scope.ok_or_else(|| Trouble::Usage(format!("`{name}` is no scope; there are {}", known())))?);
    }
    Ok(AdminScopes::of(&scopes))
}
