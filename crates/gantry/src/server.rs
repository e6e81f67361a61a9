//! The running server: two listeners and the jobs beside them.
//!
//! Owns the order of starting and of stopping. [`start`] is what the command line, the demo and the
//! tests call, so that all of them run the real thing.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::web::Data;
use actix_web::{App, HttpServer};
use gantry_core::address::PublicUrl;
use gantry_core::clock::SharedClock;
use gantry_core::failure::{Failure, Fault};
use gantry_store::Store;
use gantry_web::{Endpoints, RenderMetrics};
use tokio::net::TcpSocket;
use tokio::task::JoinHandle;

use crate::config::{ServerSettings, Settings};
use crate::first_start::{self, OperatorLink};
use crate::jobs::{self, Jobs};
use crate::master_key::IfNew;
use crate::server_lock::{self, ServerLock};
use crate::{database, telemetry, wire};

/// A request's headers must be there in this time (attack catalogue INP-06).
const HEADERS_TIMEOUT: Duration = Duration::from_secs(10);
/// An idle connection is closed after this: longer than proxies keep theirs, so that they close first.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// A connection that should close and does not is cut after this.
const DISCONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// Connections that may wait to be accepted.
const BACKLOG: u32 = 2048;

/// A running server.
#[derive(Debug)]
pub struct Running {
    /// The first address where requests are taken.
    pub public_addr: SocketAddr,
    /// All of them.
    pub public_addrs: Vec<SocketAddr>,
    /// Where health and metrics are told.
    pub management_addr: SocketAddr,
    /// What every absolute URL starts with.
    pub public_url: PublicUrl,
    /// The store, so that tests can look and commands can work without a second connection.
    pub store: Store,
    /// Shown once, if this start was the first.
    pub operator_link: Option<OperatorLink>,
    listeners: [(ServerHandle, JoinHandle<std::io::Result<()>>); 2],
    jobs: Jobs,
    _lock: Option<ServerLock>,
}

/// Starts a server: opens the store, makes what a first start needs, listens, and begins the jobs.
/// Port 0 is one that is free; where no public URL is set, it follows the port.
pub async fn start(settings: &Settings, clock: SharedClock) -> Result<Running, Fault> {
    install_tls();
    let lock = server_lock::take(&settings.storage)?;
    // Before the database is touched: a port that is taken is the commonest mistake.
    let public = settings.server.listen.iter().map(|address| bind(*address)).collect::<Result<Vec<_>, _>>()?;
    let management = bind(settings.server.management_listen)?;
    let public_addrs = public.iter().map(local_address).collect::<Result<Vec<_>, _>>()?;
    let management_addr = local_address(&management)?;
    let public_addr = public_addrs.first().copied().ok_or_else(|| Fault::new("no address to listen on"))?;
    let public_url = settings.server.public_url(public_addr.port());

    let store = database::open(settings, Arc::clone(&clock), IfNew::Make).await?;
    let identity = wire::identity(&store, &clock);
    let operator_link = first_start::ensure(&store, &identity, &public_url, clock.now()).await.map_err(fault)?;
    let parts = wire::wire(settings, &public_url, &store, &clock, identity)?;
    let figures = telemetry::figures()?;
    let jobs = Jobs::start(&store, &clock, (parts.post, parts.checker, parts.domains), (parts.audit, settings.audit.keep), &figures);
    let render: Arc<RenderMetrics> = Arc::new(move || figures.render());
    let listeners = [
        serve_public(&settings.server, public, parts.endpoints)?,
        serve_management(management, Data::new(store.clone()), Data::from(render))?,
    ];
    Ok(Running { public_addr, public_addrs, management_addr, public_url, store, operator_link, listeners, jobs, _lock: lock })
}

impl Running {
    /// Stops: no new connections, requests under way are answered, what they left is written down.
    pub async fn stop(self) {
        for (handle, task) in self.listeners {
            handle.stop(true).await;
            if let Ok(Err(error)) = task.await {
                tracing::warn!(%error, "a listener ended badly");
            }
        }
        self.jobs.stop().await;
    }
}

/// The one cryptography library, for everything that speaks TLS. A second start in one process finds it there.
pub(crate) fn install_tls() {
    let _there_already = rustls::crypto::aws_lc_rs::default_provider().install_default();
}

/// Rules refuse callers, not the server's own start; if one did, that is a fault.
fn fault(failure: Failure) -> Fault {
    match failure {
        Failure::Broken(fault) => fault,
        Failure::Refused(refusal) => Fault::new(format!("the first start was refused: {refusal}")),
    }
}

fn bind(address: SocketAddr) -> Result<TcpListener, Fault> {
    let bound = || -> std::io::Result<TcpListener> {
        let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        // A restart must not wait until the last connections of the one before are forgotten.
        #[cfg(unix)]
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(BACKLOG)?.into_std()
    };
    bound().map_err(|error| Fault::caused(format!("cannot listen on {address}"), error))
}

fn local_address(listener: &TcpListener) -> Result<SocketAddr, Fault> {
    listener.local_addr().map_err(|error| Fault::caused("the listener has no address", error))
}

fn serve_public(
    settings: &ServerSettings,
    listeners: Vec<TcpListener>,
    endpoints: Endpoints,
) -> Result<(ServerHandle, JoinHandle<std::io::Result<()>>), Fault> {
    let workers = settings.workers.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    let mut server = HttpServer::new(move || gantry_web::app(&endpoints))
        .workers(workers)
        .max_connections(settings.max_connections.div_ceil(workers))
        .keep_alive(KEEP_ALIVE)
        .client_request_timeout(HEADERS_TIMEOUT)
        .client_disconnect_timeout(DISCONNECT_TIMEOUT)
        .shutdown_timeout(settings.drain.as_secs())
        .disable_signals();
    for listener in listeners {
        server = server.listen(listener).map_err(|error| Fault::caused("cannot serve", error))?;
    }
    let running = server.run();
    Ok((running.handle(), jobs::spawn(running)))
}

fn serve_management(
    listener: TcpListener,
    store: Data<Store>,
    render: Data<RenderMetrics>,
) -> Result<(ServerHandle, JoinHandle<std::io::Result<()>>), Fault> {
    let app = move || App::new().configure(|routes| gantry_web::configure_management(routes, store.clone(), render.clone()));
    let server = HttpServer::new(app)
        .workers(1)
        .client_request_timeout(HEADERS_TIMEOUT)
        .shutdown_timeout(1)
        .disable_signals()
        .listen(listener)
        .map_err(|error| Fault::caused("cannot serve", error))?;
    let running = server.run();
    Ok((running.handle(), jobs::spawn(running)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_server_answers_on_ports_that_were_free_until_it_is_stopped() {
        let place = tempfile::tempdir().unwrap();
        let (settings, _) = trial::settings(place.path(), &[("GANTRY_LISTEN", "127.0.0.1:0,127.0.0.1:0")]);
        let (running, _) = trial::start(&settings).await;
        let host = format!("localhost:{}", running.public_addr.port());
        assert_eq!(running.public_url.as_str(), format!("http://{host}"));
        for address in &running.public_addrs {
            let answer = trial::get(*address, &host, "/.well-known/openid-configuration").await.unwrap();
            assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains(&format!("\"issuer\":\"http://{host}\"")), "{answer}");
        }
        let management = running.management_addr;
        for path in ["/health/live", "/health/ready", "/metrics"] {
            assert!(trial::get(management, "any", path).await.unwrap().starts_with("HTTP/1.1 200 "), "{path}");
        }
        assert!(trial::get(management, "any", "/oauth/jwks").await.unwrap().starts_with("HTTP/1.1 404 "));
        let public = running.public_addr;
        assert!(trial::get(public, &host, "/metrics").await.unwrap().starts_with("HTTP/1.1 404 "), "figures are not for everybody");
        running.stop().await;
        for address in [public, management] {
            trial::get(address, &host, "/").await.unwrap_err();
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn f_14_a_second_server_on_the_same_file_is_refused() {
        let place = tempfile::tempdir().unwrap();
        let (settings, _) = trial::settings(place.path(), &[]);
        let (running, clock) = trial::start(&settings).await;
        let fault = start(&settings, clock.clone()).await.unwrap_err().to_string();
        assert!(fault.contains("another server is running"), "{fault}");
        running.stop().await;
        start(&settings, clock).await.unwrap().stop().await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn bru_15_only_the_first_start_has_a_link() {
        let place = tempfile::tempdir().unwrap();
        let (settings, _) = trial::settings(place.path(), &[]);
        let (running, clock) = trial::start(&settings).await;
        let link = running.operator_link.clone().unwrap();
        let host = format!("localhost:{}", running.public_addr.port());
        let path = link.expose().strip_prefix(running.public_url.as_str()).unwrap().to_owned();
        let page = |running: &Running| {
            let (address, host, path) = (running.public_addr, host.clone(), path.clone());
            async move { trial::get(address, &host, &path).await.unwrap() }
        };
        assert!(page(&running).await.starts_with("HTTP/1.1 200 "));
        assert!(page(&running).await.starts_with("HTTP/1.1 200 "), "looking does not use it up");
        assert!(!format!("{link:?}{running:?}").contains("gal_"), "nothing prints it by accident");
        clock.advance(Duration::from_secs(3601));
        assert!(!page(&running).await.starts_with("HTTP/1.1 200 "), "it lives for an hour");
        running.stop().await;
        let (again, _) = trial::start(&settings).await;
        assert!(again.operator_link.is_none());
        again.stop().await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn dat_03_a_wrong_or_lost_master_key_stops_the_start() {
        let place = tempfile::tempdir().unwrap();
        let (settings, _) = trial::settings(place.path(), &[]);
        let (running, clock) = trial::start(&settings).await;
        running.stop().await;
        let file = settings.storage.data_dir.join("master.key");
        let right = std::fs::read_to_string(&file).unwrap();
        std::fs::write(&file, gantry_store::seal::Sealer::generate_master_key().expose()).unwrap();
        let fault = start(&settings, clock.clone()).await.unwrap_err().to_string();
        assert!(fault.contains("the master key is not the one") && !fault.contains('\n'), "{fault}");
        std::fs::remove_file(&file).unwrap();
        let fault = start(&settings, clock.clone()).await.unwrap_err().to_string();
        assert!(fault.contains("missing") && !file.exists(), "{fault}");
        std::fs::write(&file, right).unwrap();
        start(&settings, clock).await.unwrap().stop().await;
    }
}
