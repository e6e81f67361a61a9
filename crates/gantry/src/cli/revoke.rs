//! `gantry revoke`: ends everything that a realm has issued until now, on every node within a second.

use clap::Args;
use gantry_core::actor::Actor;
use gantry_identity::realms;

use super::{RealmOption, Trouble, clock, console, find_realm};
use crate::config::Settings;
use crate::database;
use crate::master_key::IfNew;

#[derive(Debug, Args)]
pub(super) struct Options {
    #[command(flatten)]
    realm: RealmOption,
}

pub(super) async fn run(settings: &Settings, options: &Options) -> Result<(), Trouble> {
    let clock = clock();
    let store = database::open(settings, clock.clone(), IfNew::Refuse).await?;
    let slug = &options.realm.realm;
    let realm = find_realm(&store, slug).await?;
    store.transact(realm.id, async |tx| realms::revoke_issued(tx, Actor::CommandLine, clock.now()).await).await?;
    console::say(&format!("{slug}: all tokens, grants and refresh tokens issued until now are dead within a second."));
    console::say("Signed JWTs are believed until they expire by APIs that neither introspect them nor know `not-before-policy`.");
    Ok(())
}
