//! `gantry migrate`: brings the schema up to this version, or shows what that would do.

use clap::Args;
use gantry_core::failure::Fault;
use gantry_migrations::{COUNT_LIMIT, Connection, Pending, SchemaError, Status};

use super::{Trouble, console};
use crate::config::Settings;
use crate::database;
use crate::master_key::{self, IfNew};

#[derive(Debug, Args)]
pub(super) struct Options {
    /// Show the steps and the tables they touch, and change nothing
    #[arg(long)]
    plan: bool,
}

pub(super) async fn run(settings: &Settings, options: &Options) -> Result<(), Trouble> {
    if options.plan
        && let Some(path) = settings.storage.database.missing_file()
    {
        console::say(&format!("There is no database at {} yet; it would be made.", path.display()));
        return Ok(());
    }
    if settings.storage.database.sqlite_path().is_some() && !options.plan {
        // A new file gets its key now: later it would be an old database whose key is missing.
        master_key::sealer(&settings.seal, &settings.storage, IfNew::Make)?;
    }
    let connection = database::connect(&settings.storage.database).await?;
    let done = steps(&connection, options.plan).await;
    let closed = connection.close().await.map_err(|error| Fault::caused("the database could not be closed", error));
    done?;
    Ok(closed?)
}

async fn steps(connection: &Connection, plan: bool) -> Result<(), Trouble> {
    let broken = |what: &'static str| move |error| Trouble::Broken(Fault::caused(what, error));
    if let Status::Ahead(step) = gantry_migrations::status(connection).await.map_err(broken("the schema could not be read"))? {
        return Err(Trouble::Refused(SchemaError::Ahead(step).to_string()));
    }
    let pending = gantry_migrations::plan(connection).await.map_err(broken("the schema could not be read"))?;
    if pending.is_empty() {
        console::say("The schema is up to date.");
        return Ok(());
    }
    for step in &pending {
        show(step);
    }
    if plan {
        console::say(&format!("{} to take; nothing was changed.", counted(pending.len())));
        return Ok(());
    }
    gantry_migrations::migrate(connection).await.map_err(broken("the schema could not be changed, and is as before"))?;
    console::say(&format!("{} taken; the schema is up to date.", counted(pending.len())));
    Ok(())
}

fn show(step: &Pending) {
    console::say(&format!("{}: {}", step.name, step.does));
    for touched in &step.touches {
        match touched.rows {
            None => console::say(&format!("    makes {}", touched.table)),
            Some(COUNT_LIMIT) => console::say(&format!("    changes {} ({COUNT_LIMIT} rows or more)", touched.table)),
            Some(rows) => console::say(&format!("    changes {} ({rows} rows)", touched.table)),
        }
    }
}

fn counted(steps: usize) -> String {
    if steps == 1 { "1 step".to_owned() } else { format!("{steps} steps") }
}
