//! `gantry demo`: the server with sample realms, and the sample app and API beside it.
//!
//! Owns the settings of a demo and the order in which it starts. Keeps to loopback and to its own
//! folder; stores that were configured for something else are touched only when told so.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use gantry_core::clock::SharedClock;
use gantry_core::failure::Fault;
use gantry_demo::address::{Addresses, DEFAULT_BASE_PORT};
use gantry_demo::directory::Directory;
use gantry_demo::realm::{self, SampleRealm};
use gantry_demo::samples::Listeners;
use gantry_demo::secrets::Secrets;
use gantry_demo::{facts, seed, table};

use super::{Trouble, clock, console, serve};
use crate::config::{Environment, InvalidSettings, Settings, Transport};
use crate::master_key::IfNew;
use crate::{database, jobs, start, telemetry, wire};

/// The demo's folder.
const FOLDER: &str = "data/demo";
/// Troubles are told; that all is well the table says.
const LOG: &str = "warn";
/// Variables of the process that a demo follows all the same.
const FOLLOWED: [&str; 1] = ["RUST_LOG"];

#[derive(Debug, Args)]
pub(super) struct Options {
    /// Start over: forget everything that the demo's folder holds
    #[arg(long, conflicts_with = "on_configured_stores")]
    fresh: bool,
    /// Move all ports together: N and N+1 to N+13
    #[arg(long, value_name = "N", default_value_t = DEFAULT_BASE_PORT)]
    base_port: u16,
    /// Use the database and the Redis of the settings; the database must be empty or a demo's
    #[arg(long)]
    on_configured_stores: bool,
}

pub(super) async fn run(file: Option<PathBuf>, options: &Options) -> Result<(), Trouble> {
    let addresses = Addresses::from_base(options.base_port).map_err(|wrong| Trouble::Usage(wrong.to_string()))?;
    let environment = Environment::of_process();
    let settings =
        if options.on_configured_stores { on_configured_stores(file, environment, addresses) } else { by_itself(&environment, addresses) }?;
    telemetry::log(&settings.log)?;
    let directory = Directory::take(Path::new(FOLDER), options.fresh)?;
    facts::withdraw(&directory)?;
    let listeners = Listeners::bind(addresses)?;
    let realms = realm::read(addresses, &Secrets::of(&directory, &realm::needed_secrets())?)?;
    show(&settings, addresses, &directory, listeners, &realms).await
}

async fn show(
    settings: &Settings,
    addresses: Addresses,
    directory: &Directory,
    listeners: Listeners,
    realms: &[SampleRealm],
) -> Result<(), Trouble> {
    let clock = clock();
    seed(settings, &clock, realms).await?;
    let running = start(settings, Arc::clone(&clock)).await?;
    let samples = listeners.serve(addresses, realms, &clock)?.map(|server| (server.handle(), jobs::spawn(server)));
    facts::write(directory, addresses, realms)?;
    console::say(&table::text(addresses, Path::new(FOLDER), realms));
    serve::until_told().await?;
    for (handle, task) in samples {
        // Nothing that a sample is doing is worth waiting for.
        handle.stop(false).await;
        let _ended = task.await;
    }
    running.stop().await;
    Ok(())
}

/// The settings of a command beside a server. In the folder of a running demo it may name what the demo reaches: this
/// machine. A server goes by its own settings alone, so what is written that way is not asked by any other.
pub(super) fn beside(settings: Settings) -> Settings {
    let reach_loopback = settings.storage.data_dir.join(facts::FILE).is_file();
    Settings { reach_loopback, ..settings }
}

/// Before the server starts, so that the samples are the first thing that an empty database gets.
async fn seed(settings: &Settings, clock: &SharedClock, realms: &[SampleRealm]) -> Result<(), Fault> {
    let store = database::open(settings, Arc::clone(clock), IfNew::Make).await?;
    let passwords = wire::identity(&store, clock).passwords().clone();
    let seeded = seed::apply(&store, passwords, Arc::clone(clock), realms).await;
    store.close().await?;
    seeded
}

/// Settings that need nothing and look at nothing.
fn by_itself(environment: &Environment, addresses: Addresses) -> Result<Settings, InvalidSettings> {
    let mut settings = Settings::without_file(&followed(environment).with(own(addresses)))?;
    settings.reach_loopback = true;
    Ok(settings)
}

/// The settings for the stores, the log and the limits as they are; all else is the demo's. No
/// mail leaves: it is written beside the demo's other files.
fn on_configured_stores(file: Option<PathBuf>, environment: Environment, addresses: Addresses) -> Result<Settings, InvalidSettings> {
    let mut settings = Settings::load(file, &environment.with(own(addresses)))?;
    settings.mail.transport = Transport::Files(None);
    settings.reach_loopback = true;
    Ok(settings)
}

/// What a demo decides itself. The long names win over all others.
fn own(addresses: Addresses) -> Vec<(&'static str, String)> {
    let listen: Vec<String> = addresses.server(realm::count()).iter().map(ToString::to_string).collect();
    vec![
        ("GANTRY__SERVER__PUBLIC_URL", addresses.public_url()),
        ("GANTRY__SERVER__LISTEN", listen.join(",")),
        ("GANTRY__SERVER__MANAGEMENT_LISTEN", addresses.management().to_string()),
        ("GANTRY__SERVER__DRAIN_SECONDS", "1".to_owned()),
        ("GANTRY__STORAGE__DATA_DIR", FOLDER.to_owned()),
    ]
}

fn followed(environment: &Environment) -> Environment {
    let set = FOLLOWED.iter().filter_map(|name| Some((*name, environment.get(name)?)));
    Environment::from_pairs([("RUST_LOG", LOG)]).with(set)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::DatabaseLocation;

    fn process() -> Environment {
        Environment::from_pairs([
            ("DATABASE_URL", "postgres://db/production"),
            ("REDIS_URL", "redis://cache"),
            ("SMTP_URL", "smtps://mail.example"),
            ("GANTRY_LISTEN", "0.0.0.0:80"),
            ("GANTRY__SERVER__LISTEN", "0.0.0.0:80"),
            ("GANTRY_PUBLIC_URL", "https://id.example"),
            ("GANTRY_DATA_DIR", "/var/lib/gantry"),
            ("RUST_LOG", "debug"),
        ])
    }

    fn keeps_to_itself(settings: &Settings) {
        assert_eq!(settings.server.public_url(1).as_str(), "http://localhost:8080");
        assert!(settings.server.listen.iter().chain([&settings.server.management_listen]).all(|address| address.ip().is_loopback()));
        assert_eq!(settings.server.listen.len(), 5);
        assert_eq!(settings.storage.data_dir, Path::new(FOLDER));
        assert!(matches!(settings.mail.transport, Transport::Files(None)));
        assert_eq!(settings.log.filter, "debug");
    }

    #[test]
    fn a_demo_knows_no_store_but_its_own() {
        let addresses = Addresses::from_base(8080).unwrap();
        let settings = by_itself(&process(), addresses).unwrap();
        keeps_to_itself(&settings);
        assert!(settings.storage.database.sqlite_path().unwrap().ends_with("data/demo/gantry.db"));
        assert!(settings.cache.redis_url.is_none());
    }

    #[test]
    fn told_so_it_takes_the_configured_stores_and_nothing_else() {
        let settings = on_configured_stores(None, process(), Addresses::from_base(8080).unwrap()).unwrap();
        keeps_to_itself(&settings);
        assert!(matches!(settings.storage.database, DatabaseLocation::Postgres { .. }));
        assert!(settings.cache.redis_url.is_some());
    }
}
