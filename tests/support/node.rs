//! Gantry as a process of its own: started from its binary, on the suite's database, and killed as the test likes.

use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::database::{Database, told};

/// A started process. Killed when it is dropped.
pub struct Node {
    child: Child,
    address: String,
}

/// How nodes of a test are started.
pub struct NodeSettings<'d> {
    /// The database that they share.
    pub database: &'d Database,
    /// The port of the public URL that they share; the first node listens there.
    pub public_port: u16,
    /// Whether they use Redis, where the suite has it.
    pub redis: bool,
    /// A file for everything they say, at trace level; else warnings go to the test's own output.
    pub log: Option<PathBuf>,
}

impl Node {
    /// Starts a process on a port and waits until it is ready.
    pub async fn start(settings: &NodeSettings<'_>, port: u16) -> Self {
        let management = free_port();
        let mut command = command(settings.database);
        command
            .arg("serve")
            .env("GANTRY_PUBLIC_URL", format!("http://localhost:{}", settings.public_port))
            .env("GANTRY_LISTEN", format!("127.0.0.1:{port}"))
            .env("GANTRY_MANAGEMENT_LISTEN", format!("127.0.0.1:{management}"))
            .env("RUST_LOG", if settings.log.is_some() { "trace" } else { "warn" })
            .stdout(settings.log.as_ref().map_or_else(Stdio::null, |log| Stdio::from(append_to(log))))
            .stderr(settings.log.as_ref().map_or_else(Stdio::inherit, |log| Stdio::from(append_to(log))));
        if let (true, Some(url)) = (settings.redis, &settings.database.redis) {
            command.env("REDIS_URL", url);
        }
        let child = command.spawn().expect("the gantry binary starts");
        let node = Self { child, address: format!("http://127.0.0.1:{port}") };
        node.wait_until_ready(management).await;
        node
    }

    /// `kill -9`: nothing is flushed, nothing says good-bye.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    async fn wait_until_ready(&self, management: u16) {
        let deadline = Instant::now() + Duration::from_mins(1);
        let url = format!("http://127.0.0.1:{management}/health/ready");
        while Instant::now() < deadline {
            if reqwest::get(&url).await.is_ok_and(|response| response.status().is_success()) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{} did not become ready", self.address);
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The binary, told of a database and of nothing else.
pub fn command(database: &Database) -> Command {
    let mut command = Command::new(binary());
    command
        .current_dir(database.dir.path())
        .env_clear()
        .env("GANTRY_DATA_DIR", database.dir.path())
        .env("GANTRY_MASTER_KEY", super::gantry::MASTER_KEY)
        .env("GANTRY__CACHE__PREFIX", database.key_prefix());
    if let Some(url) = &database.url {
        command.env("DATABASE_URL", url);
    }
    command
}

/// The binary that `cargo build` made: `GANTRY_BIN`, or the one beside the suite's own.
pub fn binary() -> PathBuf {
    let path = told("GANTRY_BIN")
        .map_or_else(|| std::env::current_exe().unwrap().parent().and_then(|deps| deps.parent()).unwrap().join("gantry"), PathBuf::from);
    assert!(path.exists(), "{} is not there: run `cargo build` first", path.display());
    path
}

fn append_to(log: &Path) -> File {
    File::options().create(true).append(true).open(log).unwrap()
}

/// A port that nobody uses now.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
