//! Reads configuration, wires everything once, runs the server, the jobs and the command line.

pub mod cli;
pub mod config;
pub mod database;
pub mod first_start;
pub mod jobs;
pub mod mail;
pub mod master_key;
mod private_file;
mod server;
mod server_lock;
pub mod telemetry;
#[cfg(test)]
mod trial;
mod wire;

pub use server::{Running, start};
