//! A provider to sign in with, on a port of its own: an OpenID provider, and at other paths what looks like GitHub and like
//! Microsoft Entra ID. It does everything rightly and insists that Gantry does; on command it lies, or fails.
//!
//! There are no pages in it: whoever comes to the authorization endpoint says by the header `x-account` who signs in.

mod account;
mod answers;
mod entra;
mod github;
mod id_token;
mod keys;
mod lie;
mod request;
mod tls;

use std::collections::{BTreeMap, BTreeSet};
use std::net::TcpListener;
use std::sync::{Arc, Mutex, MutexGuard};

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpServer, web};
use gantry_core::clock::Clock;
use gantry_core::connection::UpstreamAuth;
use serde_json::{Value, json};

pub use account::Account;
pub use entra::CONSUMERS;
pub use keys::Key;
pub use lie::{Fault, Lie, Place};
pub use request::Seen;
pub use tls::self_signed;

/// The id under which Gantry is registered at the provider.
pub const CLIENT_ID: &str = "gantry-at-the-provider";
/// The secret of that registration.
pub const CLIENT_SECRET: &str = "a-secret-that-the-provider-gave-out";

/// A running provider. Stops when it is dropped.
pub struct Upstream {
    /// Its issuer, and what all its addresses begin with.
    pub origin: String,
    shared: Arc<Shared>,
    server: ServerHandle,
}

/// What the provider's handlers share with the test.
#[derive(Debug)]
struct Shared {
    origin: String,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

/// How the provider is set up, and what it remembers.
#[derive(Debug)]
struct State {
    lies: BTreeSet<Lie>,
    advertised: BTreeMap<String, String>,
    faults: BTreeMap<Place, Fault>,
    callbacks: BTreeSet<String>,
    auth: UpstreamAuth,
    client_key: Option<String>,
    keys: Vec<&'static Key>,
    key_issuer: Option<String>,
    codes: BTreeMap<String, Issued>,
    tokens: BTreeMap<String, Account>,
    refreshes: BTreeMap<String, Issued>,
    seen: Vec<Seen>,
    /// Whether ID tokens say who somebody is, or userinfo alone does (OpenID Connect Core §5.4).
    tells_in_tokens: bool,
}

/// What a code stands for.
#[derive(Debug, Clone)]
struct Issued {
    account: Account,
    asked: BTreeMap<String, String>,
    session: String,
}

impl Upstream {
    /// Starts one that tells the same time as Gantry.
    pub fn start(clock: Arc<dyn Clock>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
        let state = State {
            lies: BTreeSet::new(),
            advertised: BTreeMap::new(),
            faults: BTreeMap::new(),
            callbacks: BTreeSet::new(),
            auth: UpstreamAuth::ClientSecretBasic,
            client_key: None,
            keys: vec![Key::first(), Key::other_algorithm()],
            key_issuer: None,
            codes: BTreeMap::new(),
            tokens: BTreeMap::new(),
            refreshes: BTreeMap::new(),
            seen: Vec::new(),
            tells_in_tokens: false,
        };
        let shared = Arc::new(Shared { origin: origin.clone(), clock, state: Mutex::new(state) });
        let data = web::Data::from(Arc::clone(&shared));
        let app = move || App::new().app_data(data.clone()).default_service(web::to(answers::answer));
        let server = HttpServer::new(app).workers(1).disable_signals().listen(listener).unwrap().run();
        let handle = server.handle();
        #[expect(clippy::disallowed_methods, reason = "a server beside the test")]
        tokio::spawn(server);
        Self { origin, shared, server: handle }
    }

    /// Tells this lie from now on, beside those it tells already.
    pub fn lie(&self, lie: Lie) {
        self.state().lies.insert(lie);
    }

    /// Fails so at that place from now on.
    pub fn fail(&self, place: Place, fault: Fault) {
        self.state().faults.insert(place, fault);
    }

    /// Does everything rightly again.
    pub fn mend(&self) {
        let mut state = self.state();
        state.lies.clear();
        state.faults.clear();
    }

    /// Names this in its metadata in place of what is right.
    pub fn advertise(&self, member: &str, value: &str) {
        self.state().advertised.insert(member.to_owned(), value.to_owned());
    }

    /// Registers an address to which it sends people back.
    pub fn register(&self, callback: &str) {
        self.state().callbacks.insert(callback.to_owned());
    }

    /// Takes this proof from the client and no other; for an assertion the client's public key, as PEM, is needed.
    pub fn demand(&self, auth: UpstreamAuth, client_key: Option<String>) {
        let mut state = self.state();
        state.auth = auth;
        state.client_key = client_key;
    }

    /// Publishes these keys and signs with the first.
    pub fn rotate(&self, keys: &[&'static Key]) {
        self.state().keys = keys.to_vec();
    }

    /// Says in its key set, where it looks like Entra, that its keys are this issuer's.
    pub fn keys_of(&self, issuer: &str) {
        self.state().key_issuer = Some(issuer.to_owned());
    }

    /// What has been asked at a place, oldest first.
    pub fn seen(&self, place: Place) -> Vec<Seen> {
        self.state().seen.iter().filter(|seen| seen.place == place).cloned().collect()
    }

    /// Forgets what has been asked.
    pub fn forget_seen(&self) {
        self.state().seen.clear();
    }

    /// Any claims, signed with the provider's key.
    pub fn sign(&self, typ: &str, claims: &Value) -> String {
        let key = self.state().keys[0];
        let mut header = key.header();
        header["typ"] = json!(typ);
        key.sign(&header, claims)
    }

    /// Puts names and addresses into its ID tokens; otherwise only userinfo tells them.
    pub fn tell_in_tokens(&self) {
        self.state().tells_in_tokens = true;
    }

    /// Goes away: nobody listens at its port any more.
    pub async fn go_down(&self) {
        self.server.stop(false).await;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state()
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        // Sent to the server at once; nobody has to wait for it.
        drop(self.server.stop(false));
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn lies(&self, lie: Lie) -> bool {
        self.state().lies.contains(&lie)
    }

    fn now(&self) -> i64 {
        self.clock.now().seconds()
    }
}
