//! A store of a test's own, and the words in which the tests of realm files speak.

use std::sync::{Arc, LazyLock};

use gantry_connect::outbound::Reach;
use gantry_core::actor::Actor;
use gantry_core::clock::{Clock as _, SystemClock};
use gantry_core::email_address::EmailAddress;
use gantry_core::secret::{Secret, random_bytes};
use gantry_identity::password::Passwords;
use gantry_realm_file::{Applied, Applier, NotApplied, Options, RealmFile, SecretReference, export};
use gantry_store::seal::Sealer;
use gantry_store::{RealmTx, Store, StoreSettings};
use sea_orm::ConnectionTrait as _;
use tempfile::TempDir;

pub(super) const OLD_SECRET: &str = "old-0123456789abcdef0123456789abcdef";
pub(super) const NEW_SECRET: &str = "new-0123456789abcdef0123456789abcdef";
pub(super) const APP_KEY: &str = "key-0123456789abcdef0123456789abcdef";

#[expect(clippy::disallowed_methods, reason = "the one setting of the test suite")]
fn server() -> Option<String> {
    std::env::var("GANTRY_TEST_DATABASE_URL").ok()
}

async fn execute(server: &str, sql: &str) {
    gantry_migrations::connect(server).await.unwrap().execute_unprepared(sql).await.unwrap();
}

/// A store of a test's own.
pub(super) struct Bench {
    pub(super) applier: Applier,
    home: Home,
}

/// Where its database is.
enum Home {
    Folder { _folder: TempDir },
    Server { server: String, name: String },
}

impl Bench {
    /// On a SQLite file, or on the server that `GANTRY_TEST_DATABASE_URL` names.
    pub(super) async fn new() -> Self {
        let (url, home) = if let Some(server) = server() {
            let name = format!("gantry_realm_file_{:032x}", u128::from_be_bytes(random_bytes()));
            execute(&server, &format!("CREATE DATABASE {name}")).await;
            let mut url = url::Url::parse(&server).unwrap();
            url.set_path(&name);
            (url.to_string(), Home::Server { server, name })
        } else {
            let folder = tempfile::tempdir().unwrap();
            (format!("sqlite://{}", folder.path().join("gantry.db").display()), Home::Folder { _folder: folder })
        };
        gantry_migrations::migrate(&gantry_migrations::connect(&url).await.unwrap()).await.unwrap();
        let sealer = Sealer::from_master_key(&Sealer::generate_master_key()).unwrap();
        let settings = StoreSettings { database_url: Secret::new(url), max_connections: 2 };
        let clock = Arc::new(SystemClock);
        let store = Store::open(&settings, sealer, clock.clone(), None).await.unwrap();
        let applier = Applier { store, passwords: Passwords::new(2, 64), clock, reach: Reach::LoopbackToo, actor: Actor::CommandLine };
        Self { applier, home }
    }

    /// Drops the database; a SQLite file goes with its folder.
    pub(super) async fn close(self) {
        if let Home::Server { server, name } = self.home {
            execute(&server, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
        }
    }

    pub(super) fn store(&self) -> &Store {
        &self.applier.store
    }

    pub(super) async fn apply(&self, text: &str) -> Result<Applied, NotApplied> {
        self.applier.apply(&read(text), Options::default()).await
    }

    pub(super) async fn prune(&self, text: &str) -> Result<Applied, NotApplied> {
        self.applier.apply(&read(text), Options { prune: true }).await
    }

    pub(super) async fn plan(&self, text: &str) -> String {
        self.applier.plan(&read(text), Options::default()).await.unwrap().to_string()
    }

    pub(super) async fn export(&self, slug: &str) -> String {
        export(self.store(), slug, SystemClock.now()).await.unwrap().unwrap()
    }

    pub(super) async fn realm(&self, slug: &str) -> RealmTx {
        self.store().read(self.store().platform().realm_by_slug(slug).await.unwrap().unwrap().id)
    }

    /// The digests of the secrets that work.
    pub(super) async fn live_secrets(&self, client_id: &str) -> Vec<String> {
        let tx = self.realm("acme").await;
        let client = tx.clients().find_by_client_id(client_id).await.unwrap().unwrap();
        let now = SystemClock.now();
        let secrets = tx.client_secrets().list(client.id).await.unwrap();
        let mut live: Vec<String> =
            secrets.iter().filter(|secret| secret.expires_at.is_none_or(|at| at > now)).map(|secret| secret.last_four.clone()).collect();
        live.sort();
        live
    }

    pub(super) async fn password_is(&self, email: &str, password: &str) -> bool {
        let tx = self.realm("acme").await;
        let user = tx.users().find_by_email(&EmailAddress::parse(email).unwrap()).await.unwrap().unwrap();
        let hash = tx.passwords().find(user.id).await.unwrap().map(|credential| credential.hash);
        self.applier.passwords.verify(tx.realm_id(), &Secret::new(password), hash.as_deref()).await.unwrap()
    }
}

pub(super) fn read(text: &str) -> RealmFile {
    RealmFile::read("acme.yaml", text, &|reference| match reference {
        SecretReference::Environment("ADA_PASSWORD") => Ok(Secret::new("difference engine 9")),
        SecretReference::Environment("LOADCO_SECRET" | "PARTNER_SECRET") => Ok(Secret::new(NEW_SECRET)),
        SecretReference::Environment("LOADCO_KEY" | "PARTNER_APP_KEY") => Ok(Secret::new(APP_KEY)),
        SecretReference::File("bob.txt") => Ok(Secret::new("bobs own long word")),
        SecretReference::File("key.pem") => Ok(credential().0.clone()),
        SecretReference::File("certificate.pem") => Ok(credential().1.clone()),
        SecretReference::File("old.txt" | "planner.secret") => Ok(Secret::new(OLD_SECRET)),
        SecretReference::Environment(_) | SecretReference::File(_) => Err("it is not there".to_owned()),
    })
    .unwrap()
}

/// A private key, and its certificate, which ends on 2031-03-01.
pub(super) fn credential() -> &'static (Secret, Secret) {
    static MADE: LazyLock<(Secret, Secret)> = LazyLock::new(|| {
        let pair = rcgen::KeyPair::generate().unwrap();
        let mut parameters = rcgen::CertificateParams::new(vec!["gantry.example".to_owned()]).unwrap();
        parameters.not_after = rcgen::date_time_ymd(2031, 3, 1);
        let certificate = parameters.self_signed(&pair).unwrap().pem();
        (Secret::new(pair.serialize_pem()), Secret::new(certificate))
    });
    &MADE
}

/// The lines of a refusal.
pub(super) fn wrong(outcome: Result<Applied, NotApplied>) -> Vec<String> {
    match outcome {
        Err(NotApplied::Wrong(problems)) => problems.to_string().lines().map(str::to_owned).collect(),
        other => panic!("{other:?}"),
    }
}
