//! Starts the server under test on fresh stores, with the bench's realm in it.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::plan::Plan;
use crate::master_key;
use crate::services::{Daemon, Services, free_port};
use crate::trouble::Trouble;

/// What the server keeps its rows and counters in.
#[derive(Clone, Copy)]
pub(super) enum Backend<'a> {
    /// SQLite and the process's own memory.
    Embedded,
    /// Postgres and Redis.
    Shared(&'a Services),
}

impl Backend<'_> {
    /// How rows name it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Embedded => "embedded",
            Self::Shared(_) => "Postgres and Redis",
        }
    }
}

/// A server's stores and addresses; it can be started on them again and again.
pub(super) struct Stores {
    folder: TempDir,
    environment: Vec<(&'static str, String)>,
    binary: PathBuf,
    port: u16,
}

/// A running server.
pub(super) struct Server {
    daemon: Daemon,
    /// From the start of the process to its first good answer.
    pub(super) first_answer: Duration,
    port: u16,
}

impl Stores {
    /// Makes empty stores and applies the bench's realm. `None` where the plan measures yardsticks alone.
    pub(super) fn prepare(plan: &Plan<'_>, backend: Backend<'_>, database: &str) -> Result<Option<Self>, Trouble> {
        let Some(binary) = plan.server.clone() else { return Ok(None) };
        let folder = TempDir::with_prefix("gantry-bench-").map_err(Trouble::during("making a folder for the server"))?;
        let port = free_port()?;
        let mut environment = vec![
            ("GANTRY_PUBLIC_URL", format!("http://localhost:{port}")),
            ("GANTRY_LISTEN", format!("127.0.0.1:{port}")),
            ("GANTRY_MANAGEMENT_LISTEN", format!("127.0.0.1:{}", free_port()?)),
            ("GANTRY_DATA_DIR", folder.path().join("data").display().to_string()),
            ("RUST_LOG", "warn".to_owned()),
        ];
        if let Backend::Shared(services) = backend {
            services.postgres().create_database(database)?;
            environment.push(("DATABASE_URL", services.postgres().url(database)));
            environment.push(("REDIS_URL", services.redis().url()));
            environment.push(("GANTRY_MASTER_KEY", master_key::fresh()?));
        }
        let stores = Self { folder, environment, binary, port };
        for arguments in [&["migrate"][..], &["apply", "-f", &plan.data("realm.yaml").display().to_string()]] {
            let output = stores.command(plan).args(arguments).output().map_err(Trouble::during("gantry"))?;
            if !output.status.success() {
                let said = String::from_utf8_lossy(&output.stderr);
                return Err(Trouble::failed(format!("gantry {}: {}", arguments.join(" "), said.trim())));
            }
        }
        Ok(Some(stores))
    }

    /// Starts the server and waits for its first good answer.
    pub(super) fn start(&self, plan: &Plan<'_>) -> Result<Server, Trouble> {
        let mut command = self.command(plan);
        command.arg("serve");
        let started = Instant::now();
        let mut daemon = Daemon::spawn("the server", command, &plan.log("bench-server"), "TERM")?;
        daemon.wait_until(|| get(self.port, "/.well-known/openid-configuration").is_ok(), plan.interrupt)?;
        Ok(Server { daemon, first_answer: started.elapsed(), port: self.port })
    }

    /// A file beside the stores.
    pub(super) fn file(&self, name: &str, content: &[u8]) -> Result<PathBuf, Trouble> {
        let path = self.folder.path().join(name);
        fs::write(&path, content).map_err(Trouble::during(name))?;
        Ok(path)
    }

    fn command(&self, plan: &Plan<'_>) -> Command {
        let mut command = plan.workspace.command(&self.binary);
        command.envs(self.environment.iter().map(|(name, value)| (name, value))).current_dir(self.folder.path());
        command
    }
}

impl Server {
    /// An address of the server.
    pub(super) fn url(&self, path: &str) -> String {
        format!("http://localhost:{}{path}", self.port)
    }

    /// The body that a GET brings.
    pub(super) fn get(&self, path: &str) -> Result<Vec<u8>, Trouble> {
        get(self.port, path)
    }

    /// The body that a posted form brings.
    pub(super) fn post(&self, path: &str, form: &str) -> Result<Vec<u8>, Trouble> {
        let head = format!("POST {path} HTTP/1.1\r\nHost: localhost:{}\r\nConnection: close\r\n", self.port);
        let kind = "Content-Type: application/x-www-form-urlencoded";
        ask(self.port, path, &format!("{head}{kind}\r\nContent-Length: {}\r\n\r\n{form}", form.len()))
    }

    /// Memory in use, in MiB.
    pub(super) fn resident_mib(&self) -> Result<f64, Trouble> {
        let status =
            fs::read_to_string(format!("/proc/{}/status", self.daemon.id())).map_err(Trouble::during("reading the memory in use"))?;
        let kib: Option<u32> = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next()?.parse().ok());
        kib.map(|kib| f64::from(kib) / 1024.0).ok_or_else(|| Trouble::failed("the system does not tell the memory in use"))
    }
}

fn get(port: u16, path: &str) -> Result<Vec<u8>, Trouble> {
    ask(port, path, &format!("GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n"))
}

/// The smallest client: one request on a connection of its own, and the body if the answer is 200.
fn ask(port: u16, path: &str, request: &str) -> Result<Vec<u8>, Trouble> {
    let failed = || Trouble::during(path);
    let mut stream = TcpStream::connect(("127.0.0.1", port)).map_err(failed())?;
    stream.set_read_timeout(Some(Duration::from_secs(10))).map_err(failed())?;
    stream.write_all(request.as_bytes()).map_err(failed())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).map_err(failed())?;
    let head_ends = answer.windows(4).position(|four| four == b"\r\n\r\n");
    match head_ends {
        Some(end) if answer.starts_with(b"HTTP/1.1 200") => Ok(answer.split_off(end + 4)),
        _ => Err(Trouble::failed(format!("{path}: {}", String::from_utf8_lossy(answer.get(..80).unwrap_or(&answer))))),
    }
}

/// Where a server's release binary is, and how big it is in MiB.
pub(super) fn binary_mib(binary: &Path) -> Result<f64, Trouble> {
    let bytes = fs::metadata(binary).map_err(Trouble::during("reading the binary's size"))?.len();
    Ok(f64::from(u32::try_from(bytes / 1024).unwrap_or(u32::MAX)) / 1024.0)
}
