//! Load that a request generator cannot make, because each answer carries what the next request needs: chains of refresh
//! tokens, and whole code flows of a person who is signed in.

use std::future::Future;
use std::io::{self, Write};
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};
use reqwest::Client;
use serde::Serialize;
use tokio::task::JoinSet;

use crate::Failure;
use crate::app::App;

/// What is repeated.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Work {
    /// Refresh, with the token that the last refresh brought.
    Refresh,
    /// Authorize with a standing session and redeem the code.
    CodeFlow,
}

/// How much of it.
#[derive(Args)]
pub(crate) struct Load {
    /// What to repeat.
    #[arg(value_enum)]
    work: Work,
    #[command(flatten)]
    app: App,
    /// Clients that work at the same time, each on a connection of its own.
    #[arg(long)]
    connections: usize,
    /// How long to go on.
    #[arg(long)]
    seconds: u64,
}

/// What was measured.
#[derive(Serialize)]
struct Measured {
    per_second: f64,
    p50_ms: f64,
    p99_ms: f64,
}

/// Signs the person in, lets that many clients work side by side, and prints the sum as one JSON object.
pub(crate) fn drive(load: &Load) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let measured = runtime.block_on(run(load))?;
    writeln!(io::stdout(), "{}", serde_json::to_string(&measured)?)?;
    Ok(())
}

async fn run(load: &Load) -> Result<Measured, Failure> {
    let browser = App::browser()?;
    let mut chains = Vec::new();
    // The first flow signs the person in; the session stands for all others.
    for _ in 0..load.connections {
        chains.push(load.app.flow(&browser).await?.refresh_token);
    }
    let started = Instant::now();
    let until = started + Duration::from_secs(load.seconds);
    let mut running = JoinSet::new();
    for token in chains {
        let (app, browser) = (load.app.clone(), browser.clone());
        match load.work {
            Work::Refresh => running.spawn(repeat(until, token, move |token| refresh(app.clone(), browser.clone(), token))),
            Work::CodeFlow => running.spawn(repeat(until, (), move |()| code_flow(app.clone(), browser.clone()))),
        };
    }
    let steps = running.join_all().await.into_iter().collect::<Result<Vec<_>, _>>()?;
    Ok(measured(steps.concat(), started.elapsed()))
}

async fn refresh(app: App, http: Client, token: String) -> Result<String, Failure> {
    let tokens = app.refresh(&http, &token).await?.ok_or("a live refresh token was refused")?;
    Ok(tokens.refresh_token)
}

async fn code_flow(app: App, browser: Client) -> Result<(), Failure> {
    app.flow(&browser).await.map(drop)
}

/// Repeats a step, each with what the one before brought, and tells how long each took.
async fn repeat<T, S, F>(until: Instant, first: T, step: S) -> Result<Vec<Duration>, Failure>
where
    S: Fn(T) -> F,
    F: Future<Output = Result<T, Failure>>,
{
    let (mut state, mut steps) = (first, Vec::new());
    while Instant::now() < until {
        let asked = Instant::now();
        state = step(state).await?;
        steps.push(asked.elapsed());
    }
    Ok(steps)
}

fn measured(mut steps: Vec<Duration>, took: Duration) -> Measured {
    steps.sort_unstable();
    Measured {
        per_second: f64::from(u32::try_from(steps.len()).unwrap_or(u32::MAX)) / took.as_secs_f64(),
        p50_ms: percentile(&steps, 50),
        p99_ms: percentile(&steps, 99),
    }
}

/// The step that so many of a hundred are not slower than, in milliseconds; 0 where there is none.
fn percentile(sorted: &[Duration], of_hundred: usize) -> f64 {
    let index = (sorted.len() * of_hundred / 100).min(sorted.len().saturating_sub(1));
    sorted.get(index).map_or(0.0, |step| step.as_secs_f64() * 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_the_sorted_steps() {
        let steps: Vec<Duration> = (1..=100).map(Duration::from_millis).collect();
        assert!((percentile(&steps, 50) - 51.0).abs() < 1e-9);
        assert!((percentile(&steps, 99) - 100.0).abs() < 1e-9);
        assert!(percentile(&[], 50).abs() < 1e-9);
    }

    #[tokio::test]
    async fn each_step_gets_what_the_last_one_brought() {
        let until = Instant::now() + Duration::from_millis(20);
        let seen = std::sync::Mutex::new(Vec::new());
        let steps = repeat(until, 0, |state| {
            seen.lock().unwrap().push(state);
            async move {
                tokio::time::sleep(Duration::from_millis(1)).await;
                Ok(state + 1)
            }
        });
        let steps = steps.await.unwrap();
        assert_eq!(*seen.lock().unwrap(), (0..steps.len()).collect::<Vec<_>>());
    }
}
