//! What the machine can do without Gantry: the yardsticks that `cargo xtask bench` holds it against.
//!
//! Each subcommand does one thing and nothing around it: sign a token for every request, answer with fixed bytes, or make
//! the load that needs a memory. It shares no code with the server.

mod answer;
mod app;
mod jwt;
mod load;
mod sign;

use std::error::Error;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Whatever went wrong; the caller shows it and gives up.
type Failure = Box<dyn Error + Send + Sync>;

#[derive(Parser)]
#[command(about = "Yardsticks for Gantry's measurements")]
struct Arguments {
    #[command(subcommand)]
    yardstick: Yardstick,
}

#[derive(Subcommand)]
enum Yardstick {
    /// Answer every request with a freshly signed token.
    Sign {
        #[command(flatten)]
        server: Server,
        /// What to sign with.
        #[arg(long, value_enum)]
        algorithm: jwt::Algorithm,
        /// A file with a token of the server under test: header and claims are taken from it.
        #[arg(long)]
        like: Option<PathBuf>,
    },
    /// Answer every request with the bytes of a file.
    Answer {
        #[command(flatten)]
        server: Server,
        /// The file.
        #[arg(long)]
        body: PathBuf,
    },
    /// Sign a person in, repeat refreshes or code flows, and print the rate as JSON.
    Load(Box<load::Load>),
}

/// How a yardstick listens.
#[derive(Args)]
struct Server {
    /// The address to answer on.
    #[arg(long)]
    listen: SocketAddr,
    /// Threads that answer: as many as the server under test has.
    #[arg(long)]
    workers: usize,
}

fn main() -> Result<(), Failure> {
    match Arguments::parse().yardstick {
        Yardstick::Sign { server, algorithm, like } => sign::serve(&server, algorithm, like.as_deref()),
        Yardstick::Answer { server, body } => answer::serve(&server, &body),
        Yardstick::Load(load) => load::drive(&load),
    }
}
