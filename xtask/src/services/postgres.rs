//! A Postgres cluster made for one task: fast and forgetful for tests, durable for measurements.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::account::Account;
use super::{Daemon, free_port};
use crate::interrupt::Interrupt;
use crate::program::{INITDB, POSTGRES};
use crate::trouble::Trouble;

const SUPERUSER: &str = "postgres";

/// Settings of every cluster. The suite's tests run side by side, each with a pool of its own.
const SETTINGS: &[&str] = &["listen_addresses=127.0.0.1", "max_connections=400", "shared_buffers=256MB", "logging_collector=off"];

/// What only a cluster without a tomorrow may switch off.
const THROW_AWAY: &[&str] = &["fsync=off", "synchronous_commit=off", "full_page_writes=off"];

/// Whether an acknowledged commit must survive.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Durability {
    /// Nothing survives anyway.
    ThrowAway,
    /// As in production: commits wait for the disk.
    Durable,
}

/// A running cluster.
#[derive(Debug)]
pub(crate) struct Postgres {
    // Dropped in this order: first the process, then its folder.
    _daemon: Daemon,
    folder: TempDir,
    programs: PathBuf,
    port: u16,
}

impl Postgres {
    /// Makes a cluster and starts it.
    pub(crate) fn start(durability: Durability, interrupt: &Interrupt) -> Result<Self, Trouble> {
        let (initdb, postgres) = (INITDB.find()?, POSTGRES.find()?);
        let account = Account::choose()?;
        let folder = TempDir::with_prefix("gantry-postgres-").map_err(Trouble::during("making a folder for Postgres"))?;
        account.own(folder.path())?;
        let data = folder.path().join("data");
        initialise(account, &initdb, &data)?;
        let port = free_port()?;
        let mut command = account.command(&postgres, "INT")?;
        command.arg("-D").arg(&data).arg("-k").arg(folder.path()).arg("-p").arg(port.to_string());
        let off = if durability == Durability::ThrowAway { THROW_AWAY } else { &[] };
        for setting in SETTINGS.iter().chain(off) {
            command.arg("-c").arg(setting);
        }
        let mut daemon = Daemon::spawn("Postgres", command, &folder.path().join("log"), stop_signal(durability))?;
        let programs = initdb.canonicalize().unwrap_or(initdb).parent().map(Path::to_owned).unwrap_or_default();
        daemon.wait_until(|| accepts(&programs, port), interrupt)?;
        Ok(Self { _daemon: daemon, folder, programs, port })
    }

    /// The address of a database.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://{SUPERUSER}@127.0.0.1:{}/{database}", self.port)
    }

    /// Makes an empty database.
    pub(crate) fn create_database(&self, name: &str) -> Result<(), Trouble> {
        let output = self.client("createdb").arg(name).output().map_err(Trouble::during("createdb"))?;
        if output.status.success() { Ok(()) } else { Err(Trouble::failed(String::from_utf8_lossy(&output.stderr).trim())) }
    }

    /// One of Postgres's own client programs, pointed at this cluster through its socket.
    pub(crate) fn client(&self, program: &str) -> Command {
        let own = self.programs.join(program);
        let mut command = if own.is_file() { Command::new(own) } else { Command::new(program) };
        command.arg("-h").arg(self.folder.path()).arg("-p").arg(self.port.to_string()).args(["-U", SUPERUSER]);
        command
    }
}

/// A cluster that is thrown away need not write a last checkpoint.
fn stop_signal(durability: Durability) -> &'static str {
    match durability {
        Durability::ThrowAway => "QUIT",
        Durability::Durable => "INT",
    }
}

fn initialise(account: Account, initdb: &Path, data: &Path) -> Result<(), Trouble> {
    let mut command = account.command(initdb, "TERM")?;
    command.arg("-D").arg(data).args(["-A", "trust", "-U", SUPERUSER, "-E", "UTF8", "--no-locale", "--no-sync"]);
    let output = command.current_dir("/").output().map_err(Trouble::during("initdb"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(Trouble::failed(format!("initdb failed:\n{}", String::from_utf8_lossy(&output.stderr).trim())))
}

fn accepts(programs: &Path, port: u16) -> bool {
    Command::new(programs.join("pg_isready"))
        .args(["-q", "-h", "127.0.0.1", "-p", &port.to_string()])
        .status()
        .is_ok_and(|status| status.success())
}
