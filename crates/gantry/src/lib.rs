//! Reads configuration, wires everything once, runs the server, the jobs and the command line.

pub mod config;
pub mod jobs;
pub mod mail;
pub mod master_key;
mod private_file;
pub mod telemetry;
