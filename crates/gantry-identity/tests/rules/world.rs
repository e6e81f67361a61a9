//! A realm with people, on a database of its own, and the browsers that they use.

use std::sync::Arc;
use std::time::Duration;

use gantry_core::actor::Actor;
use gantry_core::audit::Origin;
use gantry_core::clock::{Clock as _, TestClock, Timestamp};
use gantry_core::email_address::EmailAddress;
use gantry_core::id::RealmId;
use gantry_core::outbox::{Mail, MailKind};
use gantry_core::realm::{Realm, RealmSettings};
use gantry_core::secret::{Digest, Secret, SecretKind};
use gantry_core::user::{Profile, User};
use gantry_identity::password::Passwords;
use gantry_identity::password_rule::PasswordRule;
use gantry_identity::realms::{self, NewRealm};
use gantry_identity::session::OpenedSession;
use gantry_identity::sign_in::password::{Credentials, SignIn};
use gantry_identity::sign_up::{NewAccount, SignUpMail};
use gantry_identity::users::{self, NewUser};
use gantry_identity::{Identity, Visit};
use gantry_store::seal::Sealer;
use gantry_store::{Store, StoreSettings};
use tempfile::TempDir;

/// The password of everybody.
pub(crate) const PASSWORD: &str = "a-fine-long-phrase";

/// A realm on a database of its own.
pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) identity: Identity,
    pub(crate) realm: Realm,
    sealer: Sealer,
    folder: TempDir,
}

impl World {
    /// A realm that takes sign-ups.
    pub(crate) async fn new() -> Self {
        Self::with_slug("default").await
    }

    /// A realm of this name that takes sign-ups.
    pub(crate) async fn with_slug(slug: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = url(&folder);
        gantry_migrations::migrate(&gantry_migrations::connect(&url).await.unwrap()).await.unwrap();
        let (clock, sealer) = (Arc::new(TestClock::default()), Sealer::from_master_key(&Sealer::generate_master_key()).unwrap());
        let store = open(&folder, &sealer, &clock).await;
        let identity = Identity::new(store.clone(), Passwords::new(2, 1000), clock.clone());
        let realm = make_realm(&store, slug, clock.now()).await;
        Self { store, clock, identity, realm, sealer, folder }
    }

    /// The rules on another node, whose limits count for themselves.
    pub(crate) async fn neighbour(&self) -> Identity {
        let store = open(&self.folder, &self.sealer, &self.clock).await;
        Identity::new(store, Passwords::new(2, 1000), self.clock.clone())
    }

    /// Another realm beside this one.
    pub(crate) async fn other_realm(&self) -> Realm {
        make_realm(&self.store, "other", self.clock.now()).await
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn advance(&self, minutes: u64) {
        self.clock.advance(Duration::from_mins(minutes));
    }

    /// A person with a proved address and [`PASSWORD`].
    pub(crate) async fn person(&self, email: &str) -> User {
        self.account(email, true).await
    }

    pub(crate) async fn account(&self, email: &str, email_verified: bool) -> User {
        let accepted = PasswordRule::new(8).accept(&Secret::new(PASSWORD)).unwrap();
        let password = Some(self.identity.passwords().hash(self.realm.id, accepted).await.unwrap());
        let new = NewUser { email: address(email), email_verified, profile: Profile::default(), roles: Vec::new(), password };
        let now = self.now();
        self.store.transact(self.realm.id, async |tx| users::create(tx, Actor::System, new, now).await).await.unwrap()
    }

    pub(crate) async fn try_sign_in(&self, browser: &Browser, email: &str, password: &str) -> SignIn {
        let (email, password) = (address(email), Secret::new(password));
        let typed = Credentials { email: &email, password: &password, remember: browser.remember };
        self.identity.sign_in_with_password(&self.realm, typed, &browser.visit()).await.unwrap()
    }

    /// Signs in, and lets the browser keep its cookies.
    pub(crate) async fn sign_in(&self, browser: &mut Browser, email: &str) -> OpenedSession {
        let SignIn::Done(opened) = self.try_sign_in(browser, email, PASSWORD).await else { panic!("{email} is not signed in") };
        browser.keep(*opened)
    }

    /// Whether the browser is signed in.
    pub(crate) async fn is_signed_in(&self, browser: &Browser) -> bool {
        match &browser.session {
            Some(cookie) => self.identity.find_live(&self.realm, cookie).await.unwrap().is_some(),
            None => false,
        }
    }

    /// Fills in the sign-up form.
    pub(crate) async fn sign_up(&self, browser: &Browser, email: &str, password: &str) {
        let account = NewAccount::check(&self.realm, email, "", &Secret::new(password)).unwrap();
        let mail = SignUpMail {
            locale: "en",
            link_to: "https://x/verify?token=",
            sign_in: "https://x/in",
            reset: "https://x/reset",
            resume: None,
        };
        self.identity.sign_up(&self.realm, account, mail, &browser.visit()).await.unwrap();
    }

    /// The mails that wait, oldest first; none of them twice.
    pub(crate) async fn mails(&self) -> Vec<Mail> {
        let mut due = self.store.platform().lease_due_mail(self.now(), 100).await.unwrap();
        due.sort_by_key(|message| message.id);
        for message in &due {
            self.store.platform().mail_sent(message.id, self.now()).await.unwrap();
        }
        due.into_iter().map(|message| message.mail).collect()
    }

    /// The token in the only mail that waits.
    pub(crate) async fn mailed_token(&self) -> Secret {
        let mails = self.mails().await;
        let [mail] = mails.as_slice() else { panic!("{mails:?}") };
        token_in(mail)
    }
}

/// The token of the link in a mail.
pub(crate) fn token_in(mail: &Mail) -> Secret {
    let (MailKind::VerifyEmail { link } | MailKind::ResetPassword { link } | MailKind::ProveAddress { link, .. }) = &mail.kind else {
        panic!("{} has no link", mail.kind.name())
    };
    Secret::new(link.split_once("?token=").unwrap().1)
}

pub(crate) fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

fn url(folder: &TempDir) -> String {
    format!("sqlite://{}", folder.path().join("gantry.db").display())
}

async fn open(folder: &TempDir, sealer: &Sealer, clock: &Arc<TestClock>) -> Store {
    let settings = StoreSettings { database_url: Secret::new(url(folder)), max_connections: 4 };
    Store::open(&settings, sealer.clone(), clock.clone(), None).await.unwrap()
}

async fn make_realm(store: &Store, slug: &str, now: Timestamp) -> Realm {
    let mut settings = RealmSettings::default();
    settings.sign_in.sign_up = true;
    let new = NewRealm { slug: slug.to_owned(), name: "Fleet".to_owned(), hosts: Vec::new(), settings };
    store.transact(RealmId::new(), async |tx| realms::create(tx, Actor::System, new, now).await).await.unwrap()
}

/// A browser: its cookies and where it is.
pub(crate) struct Browser {
    pub(crate) origin: Origin,
    pub(crate) digest: Digest,
    pub(crate) session: Option<Secret>,
    pub(crate) devices: Option<String>,
    pub(crate) remember: bool,
}

impl Browser {
    pub(crate) fn at(ip: &str) -> Self {
        let origin = Origin { ip: ip.to_owned(), user_agent: "Firefox".to_owned(), request_id: "r1".to_owned() };
        Self { origin, digest: SecretKind::Browser.generate().digest(), session: None, devices: None, remember: false }
    }

    pub(crate) fn new() -> Self {
        Self::at("192.0.2.1")
    }

    pub(crate) fn visit(&self) -> Visit<'_> {
        Visit { origin: &self.origin, browser: self.digest, session: self.session.as_ref(), devices: self.devices.as_deref() }
    }

    pub(crate) fn keep(&mut self, opened: OpenedSession) -> OpenedSession {
        self.session = Some(opened.cookie.clone());
        self.devices = Some(opened.devices.clone());
        opened
    }
}
