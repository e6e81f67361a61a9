//! A running Gantry with the sample realm: the real server on a port of its own, with a clock that tests can move.

mod cluster;

use std::sync::Arc;
use std::time::Duration;

use gantry::config::{Environment, Settings};
use gantry_connect::outbound::Reach;
use gantry_core::actor::Actor;
use gantry_core::audit::Origin;
use gantry_core::clock::{Clock as _, TestClock};
use gantry_core::email_address::EmailAddress;
use gantry_core::id::{RealmId, SessionId};
use gantry_core::realm::RealmSettings;
use gantry_core::secret::{Digest, SecretKind};
use gantry_core::session::{AuthMethod, Session};
use gantry_core::user::User;
use gantry_identity::Identity;
use gantry_identity::password::Passwords;
use gantry_realm_file::{Applier, Options, RealmFile};
use gantry_store::Store;
use gantry_web::PATH_FAMILIES;

use super::database::{Database, template};
use super::mailbox::{self, ReceivedMail};
use super::node;
use super::{Answer, App, Browser, ClientAuth, Page};

pub use self::cluster::Cluster;

/// The key that seals the suite's databases; of no use anywhere else.
pub const MASTER_KEY: &str = "XsPlDVcFOFrioaeFleD1nalcxa2kHSdVRpPpOK4OHSU=";

/// The sample realm, in the default realm's place.
pub const REALM_FILE: &str = include_str!("realm.yaml");

/// The secret of the sample realm's confidential clients.
pub const CLIENT_SECRET: &str = "a-secret-that-the-sample-realm-brings-along";

/// A running Gantry. Stops when it is dropped.
pub struct Gantry {
    /// A client that follows no redirect.
    pub http: reqwest::Client,
    /// Its clock.
    pub clock: Arc<TestClock>,
    /// Its rows, to look at what no page shows.
    pub store: Store,
    /// The base of the default realm.
    pub base: String,
    pub(super) database: Arc<Database>,
    /// The server; none where only its rows are looked at.
    running: Option<gantry::Running>,
}

/// A person of the sample realm.
#[derive(Debug, Clone, Copy)]
pub struct Person {
    /// The address.
    pub email: &'static str,
    /// The password.
    pub password: &'static str,
}

impl Person {
    /// Has every claim there is.
    pub const ALICE: Self = Self { email: "alice@example.com", password: "correct horse battery staple" };
    /// Has an address and a name.
    pub const BOB: Self = Self { email: "bob@example.com", password: "another long enough password" };

    /// Goes through the sign-in pages from wherever they begin.
    pub async fn sign_in(self, browser: &Browser, page: &Page) -> Page {
        self.sign_in_with(browser, page, self.password).await
    }

    /// The same with another password.
    pub async fn sign_in_with(self, browser: &Browser, page: &Page, password: &str) -> Page {
        let mut page = page.clone();
        if !page.has("[name=password]") {
            page = browser.submit(&page, "login-submit", &[("username", self.email)]).await;
        }
        browser.submit(&page, "login-submit", &[("password", password)]).await
    }
}

impl Gantry {
    /// A Gantry with the sample realm, as `default` and once more as `other`.
    pub async fn start() -> Self {
        let template = template(async |database| {
            let gantry = Self::on(database.clone()).await;
            gantry.apply(REALM_FILE).await;
            gantry.apply(&REALM_FILE.replace("slug: default", "slug: other")).await;
            gantry.stop().await;
        })
        .await;
        Self::on(Arc::new(template.duplicate().await)).await
    }

    /// A Gantry on an empty database: its very first start.
    pub async fn empty() -> Self {
        Self::on(Arc::new(Database::empty().await)).await
    }

    async fn on(database: Arc<Database>) -> Self {
        let clock = Arc::new(TestClock::default());
        Self::with_clock(database, clock).await
    }

    async fn with_clock(database: Arc<Database>, clock: Arc<TestClock>) -> Self {
        let running = gantry::start(&settings(&database), Arc::clone(&clock) as _).await.expect("Gantry starts");
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
        let (base, store) = (running.public_url.as_str().to_owned(), running.store.clone());
        Self { http, clock, store, base, database, running: Some(running) }
    }

    /// Stops it and starts it anew on the same database.
    pub async fn restart(self) -> Self {
        let (database, clock) = (Arc::clone(&self.database), Arc::clone(&self.clock));
        self.stop().await;
        Self::with_clock(database, clock).await
    }

    /// Stops it as an operator would.
    pub async fn stop(mut self) {
        self.stop_serving().await;
    }

    async fn stop_serving(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop().await;
        }
    }

    /// The link of the first operator, if this was the very first start.
    pub fn operator_link(&self) -> Option<String> {
        self.running.as_ref()?.operator_link.as_ref().map(|link| link.expose().to_owned())
    }

    /// The absolute URL of a path of the default realm.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// The default realm's issuer.
    pub fn issuer(&self) -> String {
        self.base.clone()
    }

    /// The base of a second realm with the same people and apps.
    pub fn other_realm(&self) -> String {
        self.url("/realms/other")
    }

    /// An app of the sample realm.
    pub fn client(&self, client_id: &str) -> App<'_> {
        let auth = match client_id {
            "spa" | "native" => ClientAuth::Public,
            "signer" => ClientAuth::ByHand,
            _ => ClientAuth::Basic(CLIENT_SECRET.to_owned()),
        };
        let redirect_uri = match client_id {
            "native" => "http://127.0.0.1:43117/callback".to_owned(),
            _ => format!("https://{client_id}.example.test/callback"),
        };
        App {
            gantry: self,
            base: self.base.clone(),
            paths: &PATH_FAMILIES.oauth,
            via: None,
            client_id: client_id.to_owned(),
            redirect_uri,
            auth,
        }
    }

    /// Applies a realm file, as the command line does.
    pub async fn apply(&self, yaml: &str) {
        let file =
            RealmFile::read("realm.yaml", yaml, &|_| Err("no references here".to_owned())).unwrap_or_else(|problems| panic!("{problems}"));
        let applier = Applier {
            store: self.store.clone(),
            passwords: Passwords::new(2, 64),
            clock: Arc::clone(&self.clock) as _,
            reach: Reach::LoopbackToo,
            actor: Actor::CommandLine,
        };
        applier.apply(&file, Options::default()).await.unwrap_or_else(|error| panic!("{error}"));
        self.settle().await;
    }

    /// Runs the binary on the same database, as an operator beside the running server does.
    pub fn command(&self, arguments: &[&str]) -> std::process::Output {
        node::command(&self.database).args(arguments).output().expect("the gantry binary starts")
    }

    /// Lets this node see what was changed beside it, without waiting for its poll.
    pub async fn settle(&self) {
        self.store.snapshots().poll().await.unwrap();
    }

    /// The default realm's key.
    pub async fn realm_id(&self) -> RealmId {
        self.store.platform().realm_by_slug("default").await.unwrap().unwrap().id
    }

    /// Changes what the default realm decided about itself.
    pub async fn change_realm(&self, change: impl FnOnce(&mut RealmSettings)) {
        let mut realm = self.store.platform().realm_by_slug("default").await.unwrap().unwrap();
        change(&mut realm.settings);
        assert!(realm.settings.check().is_empty(), "{:?}", realm.settings.check());
        let written = self.store.transact(realm.id, async |tx| Ok(tx.realms().update(&realm).await?)).await.unwrap();
        assert!(written);
        self.settle().await;
    }

    /// The person's record.
    pub async fn user(&self, person: Person) -> User {
        let email = EmailAddress::parse(person.email).unwrap();
        self.store.read(self.realm_id().await).users().find_by_email(&email).await.unwrap().expect("a verified person")
    }

    /// A session of the person, whose cookie nobody has.
    pub async fn session(&self, person: Person) -> Session {
        let (user, now) = (self.user(person).await, self.clock.now());
        let session = Session {
            id: SessionId::new(),
            realm_id: user.realm_id,
            user_id: user.id,
            digest: SecretKind::Session.generate().digest(),
            connection_id: None,
            methods: vec![AuthMethod::Password],
            authenticated_at: now,
            remembered: false,
            user_agent: String::new(),
            ip: String::new(),
            last_used_at: now,
            created_at: now,
            expires_at: now.plus(Duration::from_hours(1)),
            ended_at: None,
        };
        self.store.transact(user.realm_id, async |tx| Ok(tx.sessions().insert(&session).await?)).await.unwrap();
        session
    }

    /// Switches a person off.
    pub async fn disable(&self, person: Person) {
        let mut user = self.user(person).await;
        user.disabled_at = Some(self.clock.now());
        assert!(self.store.transact(user.realm_id, async |tx| Ok(tx.users().update(&user).await?)).await.unwrap());
    }

    /// Switches an app off.
    pub async fn disable_client(&self, client_id: &str) {
        let realm = self.realm_id().await;
        let mut client = self.store.read(realm).clients().find_by_client_id(client_id).await.unwrap().unwrap();
        client.disabled_at = Some(self.clock.now());
        assert!(self.store.transact(realm, async |tx| Ok(tx.clients().update(&client).await?)).await.unwrap());
        self.settle().await;
    }

    /// Withdraws what a person allowed an app, as the account page does.
    pub async fn withdraw(&self, person: Person, client_id: &str) {
        let user = self.user(person).await;
        let client = self.store.read(user.realm_id).clients().find_by_client_id(client_id).await.unwrap().unwrap();
        self.identity().remove_app(&user, client.id, &Origin::default()).await.unwrap();
    }

    /// The rules about people, for what a test does without a page.
    pub fn identity(&self) -> Identity {
        Identity::new(self.store.clone(), Passwords::new(2, 64), Arc::clone(&self.clock) as _)
    }

    /// How many grants of a person are alive.
    pub async fn live_grants(&self, person: Person) -> usize {
        let user = self.user(person).await;
        self.store.read(user.realm_id).grants().list_live(user.id).await.unwrap().len()
    }

    /// How many audit lines of the default realm have this event.
    pub async fn audited(&self, event: &str) -> usize {
        let entries = self.store.read(self.realm_id().await).audit().list(None, 1000).await.unwrap();
        entries.iter().filter(|entry| entry.event.as_str() == event).count()
    }

    /// Sweeps away what can matter to nobody any more.
    pub async fn purge(&self) {
        while self.store.platform().purge_expired(self.clock.now(), 1000).await.unwrap() > 0 {}
    }

    /// Whether a code's row is there.
    pub async fn knows_code(&self, code: &str) -> bool {
        self.store.read(self.realm_id().await).codes().find(Digest::of(code.as_bytes())).await.unwrap().is_some()
    }

    /// Asks userinfo.
    pub async fn userinfo(&self, access_token: &str) -> Answer {
        Answer::of(self.http.get(self.url("/oauth/userinfo")).bearer_auth(access_token).send().await.unwrap()).await
    }

    /// Waits for the `count`th mail to an address.
    pub async fn mail(&self, address: &str, count: usize) -> ReceivedMail {
        mailbox::nth_mail_to(&self.database.path(), address, count).await
    }

    /// How many mails to an address there are now.
    pub fn mails(&self, address: &str) -> usize {
        mailbox::mails_to(&self.database.path(), address).len()
    }

    /// An assertion of the app `signer`.
    pub fn assertion(&self, client_id: &str, audience: &str, lifetime: Duration) -> String {
        let now = self.clock.now().seconds();
        let expires = now + i64::try_from(lifetime.as_secs()).unwrap();
        let claims = serde_json::json!({
            "iss": client_id, "sub": client_id, "aud": audience, "iat": now, "exp": expires, "jti": super::authorization::random_text(),
        });
        sign(&jsonwebtoken::Header::new(jsonwebtoken::Algorithm::ES256), &claims)
    }
}

/// The settings of a Gantry of the suite: everything on free ports of this machine.
fn settings(database: &Database) -> Settings {
    settings_of(database, &[])
}

/// The same with more of the environment.
pub(super) fn settings_of(database: &Database, more: &[(&str, &str)]) -> Settings {
    let (dir, key_prefix) = (database.path(), database.key_prefix());
    let mut variables = vec![
        ("GANTRY_DATA_DIR", dir.to_str().unwrap()),
        ("GANTRY_LISTEN", "127.0.0.1:0"),
        ("GANTRY_MANAGEMENT_LISTEN", "127.0.0.1:0"),
        ("GANTRY_MASTER_KEY", MASTER_KEY),
        ("GANTRY__CACHE__PREFIX", key_prefix.as_str()),
        ("GANTRY__SERVER__WORKERS", "1"),
        ("GANTRY__STORAGE__MAX_CONNECTIONS", "4"),
    ];
    variables.extend(more);
    variables.extend(database.url.as_deref().map(|url| ("DATABASE_URL", url)));
    variables.extend(database.redis.as_deref().map(|url| ("REDIS_URL", url)));
    let mut settings = Settings::load(None, &Environment::from_pairs(variables)).unwrap();
    settings.reach_loopback = true;
    settings
}

/// Signs with the key of the app `signer`.
pub fn sign(header: &jsonwebtoken::Header, claims: &serde_json::Value) -> String {
    let key = jsonwebtoken::EncodingKey::from_ec_pem(include_bytes!("keys/signer.pem")).unwrap();
    jsonwebtoken::encode(header, claims, &key).unwrap()
}
