//! A Redis made for one task: nothing on disk, nothing evicted.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use tempfile::TempDir;

use super::account::Account;
use super::{Daemon, free_port};
use crate::interrupt::Interrupt;
use crate::program::REDIS;
use crate::trouble::Trouble;

/// A running server.
#[derive(Debug)]
pub(crate) struct Redis {
    // Dropped in this order: first the process, then its folder.
    _daemon: Daemon,
    _folder: TempDir,
    port: u16,
}

impl Redis {
    /// Starts a server on a free port.
    pub(crate) fn start(interrupt: &Interrupt) -> Result<Self, Trouble> {
        let program = REDIS.find()?;
        let account = Account::choose()?;
        let folder = TempDir::with_prefix("gantry-redis-").map_err(Trouble::during("making a folder for Redis"))?;
        account.own(folder.path())?;
        let port = free_port()?;
        let mut command = account.command(&program, "KILL")?;
        command.args(["--bind", "127.0.0.1", "--port", &port.to_string(), "--save", "", "--appendonly", "no"]);
        command.args(["--maxmemory-policy", "noeviction", "--dir"]).arg(folder.path());
        let mut daemon = Daemon::spawn("Redis", command, &folder.path().join("log"), "KILL")?;
        daemon.wait_until(|| answers(port), interrupt)?;
        Ok(Self { _daemon: daemon, _folder: folder, port })
    }

    /// The server's address.
    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }
}

fn answers(port: u16) -> bool {
    let ping = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(Duration::from_secs(1)))?;
        stream.write_all(b"PING\r\n")?;
        let mut answer = [0; 5];
        stream.read_exact(&mut answer)?;
        Ok(&answer == b"+PONG")
    };
    ping().unwrap_or(false)
}
