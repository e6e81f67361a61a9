//! Load that a request generator cannot make: each answer carries the token that the next request needs.

use std::io::{self, Write};
use std::path::PathBuf;
use std::time::{Duration, Instant};
use std::{fs, iter};

use clap::Args;
use reqwest::{Client, Url};
use serde::{Deserialize, Serialize};

use crate::Failure;

/// Chains to follow, and for how long.
#[derive(Args)]
pub(crate) struct Load {
    /// The token endpoint.
    #[arg(long)]
    url: Url,
    /// The client that the tokens belong to.
    #[arg(long)]
    client_id: String,
    /// Its secret.
    #[arg(long)]
    client_secret: String,
    /// A file with one live refresh token a line, a chain each; it is replaced by the tokens that are live at the end.
    #[arg(long)]
    tokens: PathBuf,
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
    failures: usize,
}

#[derive(Deserialize)]
struct Answer {
    refresh_token: String,
}

/// One chain's end: its live token and how long each step took.
struct Chain {
    token: String,
    steps: Vec<Duration>,
    failed: bool,
}

/// Follows all chains side by side and prints the sum as one JSON object.
pub(crate) fn drive(load: &Load) -> Result<(), Failure> {
    let tokens: Vec<String> = fs::read_to_string(&load.tokens)?.lines().map(str::to_owned).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let started = Instant::now();
    let until = started + Duration::from_secs(load.seconds);
    let chains = runtime.block_on(async {
        let mut running = tokio::task::JoinSet::new();
        for token in tokens {
            let form = [("client_id", load.client_id.clone()), ("client_secret", load.client_secret.clone())];
            running.spawn(follow(load.url.clone(), form, token, until));
        }
        running.join_all().await
    });
    let took = started.elapsed();
    let chains: Vec<Chain> = chains.into_iter().collect::<Result<_, _>>()?;
    let live: Vec<&str> = chains.iter().map(|chain| chain.token.as_str()).collect();
    fs::write(&load.tokens, live.join("\n"))?;
    writeln!(io::stdout(), "{}", serde_json::to_string(&measured(&chains, took))?)?;
    Ok(())
}

async fn follow(url: Url, form: [(&'static str, String); 2], token: String, until: Instant) -> Result<Chain, Failure> {
    // A connection of its own for each chain, as the baseline's clients have.
    let http = Client::builder().no_proxy().pool_max_idle_per_host(1).build()?;
    let mut chain = Chain { token, steps: Vec::new(), failed: false };
    while Instant::now() < until {
        let fields: Vec<(&str, &str)> = iter::once(("grant_type", "refresh_token"))
            .chain(iter::once(("refresh_token", chain.token.as_str())))
            .chain(form.iter().map(|(name, value)| (*name, value.as_str())))
            .collect();
        let asked = Instant::now();
        let response = http.post(url.clone()).form(&fields).send().await?;
        if !response.status().is_success() {
            // The chain is broken: there is no token to go on with.
            chain.failed = true;
            break;
        }
        let answer: Answer = response.json().await?;
        chain.steps.push(asked.elapsed());
        chain.token = answer.refresh_token;
    }
    Ok(chain)
}

fn measured(chains: &[Chain], took: Duration) -> Measured {
    let mut steps: Vec<Duration> = chains.iter().flat_map(|chain| chain.steps.iter().copied()).collect();
    steps.sort_unstable();
    Measured {
        per_second: f64::from(u32::try_from(steps.len()).unwrap_or(u32::MAX)) / took.as_secs_f64(),
        p50_ms: percentile(&steps, 50),
        p99_ms: percentile(&steps, 99),
        failures: chains.iter().filter(|chain| chain.failed).count(),
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
}
