//! The command line: one file for each command.
//!
//! Owns the names of commands and options, what a terminal shows, and the exit codes: 0 for done, 1
//! for not done, 2 for a command or settings that cannot be understood. Answers go to standard
//! output, troubles and logs to standard error.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Parser, Subcommand};
use gantry_core::clock::{SharedClock, SystemClock};
use gantry_core::realm::Realm;
use gantry_store::Store;

use crate::config::{Environment, Settings};

mod admin_create;
mod apply;
mod config_check;
mod connection;
mod console;
mod demo;
mod doctor;
mod export;
mod health;
mod keys_rotate;
mod migrate;
mod revoke;
mod serve;
mod service_account;
mod trace;
mod trouble;

use trouble::Trouble;

/// Gantry: an identity broker for API platforms.
#[derive(Debug, Parser)]
#[command(name = "gantry", version, about, disable_help_subcommand = true)]
struct Arguments {
    /// The file with settings; `GANTRY_CONFIG`, or `gantry.toml` if it is there, by default
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve requests; what happens without a command
    Serve,
    /// Show everything at work: sample realms, a partner's app and an API, on this machine alone
    Demo(demo::Options),
    /// Bring the database's schema up to this version
    Migrate(migrate::Options),
    /// Make realms what their files say, or show what that would change
    Apply(apply::Options),
    /// Write a realm as a file
    Export(export::Options),
    /// End every token, grant and refresh token that a realm has issued until now
    Revoke(revoke::Options),
    /// Make admins
    #[command(subcommand)]
    Admin(Admin),
    /// Ways to sign in with somebody else's server
    #[command(subcommand)]
    Connection(connection::ConnectionCommand),
    /// Signing keys
    #[command(subcommand)]
    Keys(Keys),
    /// Programs with keys to the admin API
    #[command(subcommand)]
    ServiceAccount(service_account::ServiceAccountCommand),
    /// What happened at sign-ins with providers
    #[command(subcommand)]
    Trace(trace::TraceCommand),
    /// Look at everything that Gantry needs and say what is wrong
    Doctor,
    /// Ask the running server whether it lives: for containers
    Health(health::Options),
    /// Settings
    #[command(subcommand)]
    Config(ConfigCommand),
}

#[derive(Debug, Subcommand)]
enum Admin {
    /// Make an operator or a realm's admin, or a new link for the first operator
    Create(admin_create::Options),
}

#[derive(Debug, Subcommand)]
enum Keys {
    /// Let the published successors of a realm's signing keys take over
    Rotate(keys_rotate::Options),
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Read the settings and say what they come to
    Check,
}

/// Which realm a command is about.
#[derive(Debug, Args)]
struct RealmOption {
    /// The realm's name in URLs
    #[arg(long, value_name = "NAME", default_value = gantry_core::realm::DEFAULT_REALM)]
    realm: String,
}

/// The realm with this name.
async fn find_realm(store: &Store, slug: &str) -> Result<Realm, Trouble> {
    let realm = store.platform().realm_by_slug(slug).await?;
    realm.ok_or_else(|| Trouble::Refused(format!("there is no realm `{slug}`")))
}

/// Runs the command that the process was started with.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return console::trouble(&format!("cannot start: {error}"), 1),
    };
    match runtime.block_on(run(arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => console::trouble(&trouble.to_string(), trouble.exit_code()),
    }
}

async fn run(arguments: Arguments) -> Result<(), Trouble> {
    let settings = || Settings::load(arguments.config.clone(), &Environment::of_process());
    let beside = || settings().map(demo::beside);
    match arguments.command.unwrap_or(Command::Serve) {
        Command::Serve => serve::run(&settings()?).await,
        Command::Demo(options) => demo::run(arguments.config.clone(), &options).await,
        Command::Migrate(options) => migrate::run(&settings()?, &options).await,
        Command::Apply(options) => apply::run(&beside()?, &options).await,
        Command::Export(options) => export::run(&settings()?, &options).await,
        Command::Revoke(options) => revoke::run(&settings()?, &options).await,
        Command::Admin(Admin::Create(options)) => admin_create::run(&settings()?, options).await,
        Command::Connection(command) => connection::run(&beside()?, &command).await,
        Command::Keys(Keys::Rotate(options)) => keys_rotate::run(&settings()?, &options).await,
        Command::ServiceAccount(command) => service_account::run(&settings()?, &command).await,
        Command::Trace(command) => trace::run(&settings()?, &command).await,
        Command::Doctor => doctor::run(&settings()?).await,
        Command::Health(options) => health::run(&settings()?, &options).await,
        Command::Config(ConfigCommand::Check) => {
            config_check::run(&settings()?);
            Ok(())
        }
    }
}

fn clock() -> SharedClock {
    Arc::new(SystemClock)
}
