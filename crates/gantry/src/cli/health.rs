//! `gantry health`: asks the running server whether it lives. For containers without a shell.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use clap::Args;
use gantry_web::paths;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{Trouble, console};
use crate::config::Settings;

/// Orchestrators wait about this long.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Debug, Args)]
pub(super) struct Options {
    /// Ask whether it can answer requests, not only whether it lives
    #[arg(long)]
    ready: bool,
}

pub(super) async fn run(settings: &Settings, options: &Options) -> Result<(), Trouble> {
    let address = reachable(settings.server.management_listen);
    let path = if options.ready { paths::HEALTH_READY } else { paths::HEALTH_LIVE };
    let answer = match tokio::time::timeout(PATIENCE, ask(address, path)).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => return Err(Trouble::Refused(format!("no server answers on {address}: {error}"))),
        Err(_) => return Err(Trouble::Refused(format!("the server on {address} does not answer in time"))),
    };
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body).trim();
    if answer.starts_with("HTTP/1.1 200 ") {
        console::say(body);
        Ok(())
    } else {
        Err(Trouble::Refused(if body.is_empty() { format!("what answers on {address} is no Gantry") } else { body.to_owned() }))
    }
}

/// An address that means "all of mine" is reached by this machine's own.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip @ (IpAddr::V4(_) | IpAddr::V6(_)) => ip,
    };
    SocketAddr::new(ip, address.port())
}

async fn ask(address: SocketAddr, path: &str) -> std::io::Result<String> {
    let mut connection = TcpStream::connect(address).await?;
    connection.write_all(format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").as_bytes()).await?;
    let mut answer = Vec::new();
    connection.take(64 * 1024).read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
