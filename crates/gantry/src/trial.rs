//! What the tests of this crate share: a server of their own, and a way to ask it.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use gantry_core::clock::TestClock;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::Running;
use crate::config::{Environment, Settings, Transport};
use crate::mail::Mailbox;

/// Settings for a server in this directory, on ports that are free, with mail in memory.
pub(crate) fn settings(directory: &Path, more: &[(&str, &str)]) -> (Settings, Mailbox) {
    let directory = directory.join("data");
    let own = [
        ("GANTRY_DATA_DIR", directory.to_str().unwrap()),
        ("GANTRY_LISTEN", "127.0.0.1:0"),
        ("GANTRY_MANAGEMENT_LISTEN", "127.0.0.1:0"),
        ("GANTRY__SERVER__DRAIN_SECONDS", "1"),
    ];
    let variables = Environment::from_pairs(own.iter().chain(more).copied());
    let mut settings = Settings::load(Some(empty_file(&directory)), &variables).unwrap();
    let mailbox = Mailbox::default();
    if matches!(settings.mail.transport, Transport::Files(_)) {
        settings.mail.transport = Transport::Memory(mailbox.clone());
    }
    (settings, mailbox)
}

/// No test reads a developer's own `gantry.toml`.
fn empty_file(beside: &Path) -> std::path::PathBuf {
    let path = beside.with_extension("toml");
    std::fs::write(&path, "").unwrap();
    path
}

/// Starts a server.
pub(crate) async fn start(settings: &Settings) -> (Running, Arc<TestClock>) {
    let clock = Arc::new(TestClock::default());
    let shared: Arc<TestClock> = Arc::clone(&clock);
    (crate::start(settings, shared).await.unwrap(), clock)
}

/// Asks for a path under a host's name; the whole answer.
pub(crate) async fn get(address: SocketAddr, host: &str, path: &str) -> std::io::Result<String> {
    let mut connection = TcpStream::connect(address).await?;
    connection.write_all(format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n").as_bytes()).await?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await?;
    Ok(answer)
}
