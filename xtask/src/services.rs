//! A Postgres and a Redis that live as long as a task and leave nothing behind.
//!
//! Owns their start, their addresses and their end. It never touches a server that was there before.

mod account;
mod daemon;
mod postgres;
mod redis;

use std::net::TcpListener;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use crate::console;
use crate::interrupt::Interrupt;
use crate::trouble::Trouble;
use crate::workspace::Workspace;

pub(crate) use daemon::Daemon;
pub(crate) use postgres::{Durability, Postgres};
pub(crate) use redis::Redis;

/// Both services, ready to answer.
#[derive(Debug)]
pub(crate) struct Services {
    postgres: Postgres,
    redis: Redis,
}

impl Services {
    /// Starts both on free ports of the loopback interface.
    pub(crate) fn start(durability: Durability, interrupt: &Interrupt) -> Result<Self, Trouble> {
        Ok(Self { postgres: Postgres::start(durability, interrupt)?, redis: Redis::start(interrupt)? })
    }

    pub(crate) fn postgres(&self) -> &Postgres {
        &self.postgres
    }

    pub(crate) fn redis(&self) -> &Redis {
        &self.redis
    }

    /// What the suite reads to run on these two.
    pub(crate) fn test_environment(&self) -> [(&'static str, String); 2] {
        [("GANTRY_TEST_DATABASE_URL", self.postgres.url("postgres")), ("GANTRY_TEST_REDIS_URL", self.redis.url())]
    }
}

/// `cargo xtask services`: both services until somebody stops them.
pub(crate) fn serve(workspace: &Workspace, interrupt: &Interrupt) -> Result<ExitCode, Trouble> {
    let services = Services::start(Durability::ThrowAway, interrupt)?;
    services.postgres().create_database("gantry")?;
    console::say("# For the test suite:");
    for (name, value) in services.test_environment() {
        console::say(&format!("export {name}={value}"));
    }
    console::say("# For a server of your own (its data is gone when this ends):");
    console::say(&format!("export DATABASE_URL={}", services.postgres().url("gantry")));
    console::say(&format!("export REDIS_URL={}", services.redis().url()));
    console::say(&format!("# Running for {}; Ctrl-C ends both.", workspace.root().display()));
    while interrupt.check().is_ok() {
        thread::sleep(Duration::from_millis(200));
    }
    drop(services);
    console::say("# stopped");
    Ok(ExitCode::SUCCESS)
}

/// A port that was free a moment ago.
pub(crate) fn free_port() -> Result<u16, Trouble> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(Trouble::during("looking for a free port"))?;
    Ok(listener.local_addr().map_err(Trouble::during("looking for a free port"))?.port())
}
