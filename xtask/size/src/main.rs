//! Fills a server with tenants, apps and people, and measures what the console's pages and the admin API's lists cost then.
//!
//! The real server runs in this process, on the stores that the environment names. Prints one line of JSON for each
//! address; whoever runs it prints the table. Never asserts a time.

#![expect(clippy::print_stdout, reason = "the result goes there")]

mod fill;
mod measure;
mod visitor;

use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use gantry::config::{Environment, Settings};
use gantry_core::clock::{SharedClock, SystemClock};

/// Whatever ends the measuring early.
type Trouble = Box<dyn std::error::Error + Send + Sync>;

/// How much there is.
#[derive(Parser, Debug, Clone, Copy)]
struct Scale {
    /// Customer organizations.
    #[arg(long, default_value_t = 10_000)]
    tenants: usize,
    /// Apps.
    #[arg(long, default_value_t = 100_000)]
    clients: usize,
    /// People.
    #[arg(long, default_value_t = 1_000_000)]
    users: usize,
    /// How often each address is asked.
    #[arg(long, default_value_t = 200)]
    samples: usize,
}

fn main() -> ExitCode {
    let scale = Scale::parse();
    let done = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Trouble::from);
    match done.and_then(|runtime| runtime.block_on(run(scale))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            println!("{}", serde_json::json!({ "trouble": trouble.to_string() }));
            ExitCode::FAILURE
        }
    }
}

async fn run(scale: Scale) -> Result<(), Trouble> {
    let settings = Settings::without_file(&Environment::of_process()).map_err(|invalid| invalid.to_string())?;
    let clock: SharedClock = Arc::new(SystemClock);
    let running = gantry::start(&settings, Arc::clone(&clock)).await?;
    let (large, small) =
        (fill::realm(&running.store, "large", clock.now()).await?, fill::realm(&running.store, "small", clock.now()).await?);
    fill::fill(&running.store, &large, scale, &clock).await?;
    fill::fill(&running.store, &small, Scale { tenants: 10, clients: 10, users: 10, ..scale }, &clock).await?;
    for row in measure::all(&running, &large, &small, scale.samples).await? {
        println!("{}", serde_json::to_string(&row)?);
    }
    running.stop().await;
    Ok(())
}
