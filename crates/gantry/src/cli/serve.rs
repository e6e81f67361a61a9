//! `gantry serve`: serves until it is told to stop.

use gantry_core::failure::Fault;
use gantry_core::realm::SYSTEM_REALM;
use gantry_core::user::RealmRole;
use gantry_store::Store;
use tokio::signal::unix::{SignalKind, signal};

use super::{Trouble, clock, console};
use crate::config::Settings;
use crate::{Running, start, telemetry};

pub(super) async fn run(settings: &Settings) -> Result<(), Trouble> {
    telemetry::log(&settings.log)?;
    let running = start(settings, clock()).await?;
    announce(&running).await?;
    until_told().await?;
    tracing::info!("stopping");
    running.stop().await;
    Ok(())
}

async fn announce(running: &Running) -> Result<(), Fault> {
    tracing::info!(url = running.public_url.as_str(), listen = ?running.public_addrs, management = %running.management_addr, "serving");
    console::say(&format!("Gantry serves {}", running.public_url.as_str()));
    if let Some(link) = &running.operator_link {
        console::say("\nOpen this link within an hour to become the first operator. It works once and is not shown again:\n");
        console::say(&format!("  {}\n", link.expose()));
    } else if !has_operator(&running.store).await? {
        console::say("There is no operator yet; `gantry admin create --link` makes a link for the first one.");
    }
    Ok(())
}

async fn has_operator(store: &Store) -> Result<bool, Fault> {
    match store.platform().realm_by_slug(SYSTEM_REALM).await? {
        Some(system) => store.read(system.id).users().any_with_role(RealmRole::Operator).await,
        None => Ok(false),
    }
}

/// Waits for Ctrl-C or the order to end.
pub(super) async fn until_told() -> Result<(), Fault> {
    let listen = |kind| signal(kind).map_err(|error| Fault::caused("cannot listen for signals", error));
    let (mut interrupt, mut terminate) = (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?);
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}
