//! Takes mails out of the outbox and sends them.
//!
//! A message is leased for a minute, so no two nodes send the same one; a node that dies in the
//! middle leaves it to the next, and its message id lets the receiver drop a second copy (attack
//! catalogue F-24). Never logs an address or a link.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::clock::{SharedClock, Timestamp};
use gantry_core::failure::{Failure, Fault};
use gantry_core::mail_text::MailForm;
use gantry_core::outbox::{OutboxMessage, retry_delay};
use gantry_store::Store;
use gantry_views::Views;

use super::Next;
use crate::mail::{Composer, MailTransport, NotSent};

pub(super) const PERIOD: Duration = Duration::from_millis(500);
/// Messages of one round, sent at the same time so that all are done before their lease ends.
const BATCH: u64 = 10;

/// Everything that sending mail takes. Cheap to clone.
#[derive(Clone)]
pub struct PostOffice {
    /// The outbox, and the realms in whose name it is written.
    pub store: Store,
    /// Templates.
    pub views: Arc<Views>,
    /// Puts mails together.
    pub composer: Arc<Composer>,
    /// Takes them away.
    pub transport: MailTransport,
    /// The time.
    pub clock: SharedClock,
}

impl std::fmt::Debug for PostOffice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PostOffice").field("transport", &self.transport).finish_non_exhaustive()
    }
}

/// Sends one batch of what is due.
pub async fn deliver_mail(post: &PostOffice) -> Result<Next, Fault> {
    let now = post.clock.now();
    let due = post.store.platform().lease_due_mail(now, BATCH).await?;
    let oldest = due.iter().map(|message| now.since(message.created_at)).max().unwrap_or_default();
    metrics::gauge!("gantry_mail_oldest_seconds").set(oldest.as_secs_f64());
    let count = due.len();
    let noted = join_all(due.into_iter().map(|message| deliver(post, message))).await;
    noted.into_iter().collect::<Result<(), Fault>>()?;
    Ok(if u64::try_from(count).is_ok_and(|count| count >= BATCH) { Next::Now } else { Next::Later })
}

async fn deliver(post: &PostOffice, message: OutboxMessage) -> Result<(), Fault> {
    let platform = post.store.platform();
    let kind = message.mail.kind.name();
    let Err(why) = send(post, &message).await else {
        metrics::counter!("gantry_mail_sent_total", "mail" => kind).increment(1);
        return platform.mail_sent(message.id, post.clock.now()).await;
    };
    metrics::counter!("gantry_mail_failed_total", "mail" => kind).increment(1);
    let tries = message.attempts.saturating_add(1);
    let delay = if why.for_good { None } else { retry_delay(tries).map(Duration::from_secs) };
    if let Some(delay) = delay {
        tracing::warn!(id = %message.id, mail = kind, tries, retry_in = ?delay, fault = %why.fault, "a mail did not leave");
    } else {
        tracing::error!(id = %message.id, mail = kind, tries, fault = %why.fault, "a mail did not leave and is given up");
    }
    let now = post.clock.now();
    platform.mail_failed(message.id, &why.fault.to_string(), delay.map(|delay| now.plus(delay))).await?;
    note_failure(post, &message, delay.is_none(), now).await
}

/// Tells the realm's admins of a mail that did not leave: once when it begins, and once when it is over.
async fn note_failure(post: &PostOffice, message: &OutboxMessage, given_up: bool, now: Timestamp) -> Result<(), Fault> {
    if message.attempts > 0 && !given_up {
        return Ok(());
    }
    let line = AuditEntry::new(message.realm_id, now, AuditEvent::MailFailed)
        .target(&message.id)
        .reason(if given_up { "given_up" } else { "delayed" })
        .detail(serde_json::json!({ "mail": message.mail.kind.name() }));
    let written = post.store.transact(message.realm_id, async |tx| Ok(tx.audit().insert(&line).await?)).await;
    match written {
        Ok(()) | Err(Failure::Refused(_)) => Ok(()),
        Err(Failure::Broken(fault)) => Err(fault),
    }
}

async fn send(post: &PostOffice, message: &OutboxMessage) -> Result<(), NotSent> {
    let realm = post.store.snapshots().realm(message.realm_id).await?;
    let Some(snapshot) = realm else { return Err(NotSent::for_good(Fault::new("its realm is gone"))) };
    let now = post.clock.now();
    let words = match MailForm::parse(message.mail.kind.name()) {
        Some(form) => {
            let texts = post.store.read(message.realm_id);
            texts.mail_texts().find(form, post.views.mail_locale(&message.mail)).await?
        }
        None => None,
    };
    let mail = post.composer.compose(&post.views, &snapshot.realm, message, words.as_ref(), now)?;
    post.transport.send(&mail, now).await
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use gantry_core::clock::{Clock as _, TestClock};
    use gantry_core::email_address::EmailAddress;
    use gantry_core::outbox::{Mail, MailKind};
    use gantry_core::realm::{DEFAULT_REALM, Realm};
    use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
    use tokio::net::{TcpListener, TcpStream};

    use super::*;
    use crate::config::{Settings, SmtpServer, SmtpTls, Transport};
    use crate::jobs::spawn;
    use crate::mail::Mailbox;
    use crate::master_key::IfNew;
    use crate::{database, first_start, trial, wire};

    struct Office {
        post: PostOffice,
        clock: Arc<TestClock>,
        realm: Realm,
        mailbox: Mailbox,
        _place: tempfile::TempDir,
    }

    impl Office {
        /// A store with a realm, and no server beside it that would send by itself.
        async fn open(adapt: impl FnOnce(&mut Settings)) -> Self {
            crate::server::install_tls();
            let place = tempfile::tempdir().unwrap();
            let (mut settings, mailbox) = trial::settings(place.path(), &[]);
            adapt(&mut settings);
            let clock = Arc::new(TestClock::default());
            let shared: SharedClock = clock.clone();
            let store = database::open(&settings, shared.clone(), IfNew::Make).await.unwrap();
            let identity = wire::identity(&store, &shared);
            let public_url = settings.server.public_url(8080);
            first_start::ensure(&store, &identity, &public_url, shared.now()).await.unwrap();
            let realm = store.platform().realm_by_slug(DEFAULT_REALM).await.unwrap().unwrap();
            let post = PostOffice {
                views: Arc::new(Views::new().unwrap()),
                composer: Arc::new(Composer::new(public_url, None).unwrap()),
                transport: MailTransport::new(&settings.mail.transport, &settings.storage.data_dir).unwrap(),
                clock: shared,
                store,
            };
            Self { post, clock, realm, mailbox, _place: place }
        }

        async fn write(&self, to: &str) {
            let link = "http://localhost:8080/reset/password?token=gal_secret".to_owned();
            let mail = Mail { to: EmailAddress::parse(to).unwrap(), locale: "en".to_owned(), kind: MailKind::ResetPassword { link } };
            let now = self.clock.now();
            let written: Result<(), Failure> =
                self.post.store.transact(self.realm.id, async |tx| Ok(tx.outbox().insert(&mail, now).await?)).await;
            written.unwrap();
        }

        async fn deliver(&self) -> Next {
            deliver_mail(&self.post).await.unwrap()
        }

        async fn still_waiting(&self) -> bool {
            self.clock.advance(Duration::from_hours(48));
            !self.post.store.platform().lease_due_mail(self.clock.now(), 100).await.unwrap().is_empty()
        }
    }

    /// A mail server that answers the recipient with this, and counts the mails it took.
    async fn server(answers: &'static [&'static str]) -> (SmtpServer, Arc<AtomicU32>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let taken = Arc::new(AtomicU32::new(0));
        let counter = Arc::clone(&taken);
        spawn(async move {
            let mut turn = 0;
            while let Ok((connection, _)) = listener.accept().await {
                let answer = answers[turn.min(answers.len() - 1)];
                turn += 1;
                converse(connection, answer, &counter).await;
            }
        });
        (SmtpServer { host: "127.0.0.1".to_owned(), port, tls: SmtpTls::None, credentials: None }, taken)
    }

    /// One conversation; `hang up` ends it where the recipient is named.
    async fn converse(connection: TcpStream, answer: &str, taken: &AtomicU32) {
        let (read, mut write) = connection.into_split();
        let mut lines = BufReader::new(read).lines();
        write.write_all(b"220 test\r\n").await.unwrap();
        while let Ok(Some(line)) = lines.next_line().await {
            let reply = match line.split(' ').next().unwrap_or_default() {
                "RCPT" if answer == "hang up" => return,
                "RCPT" => answer,
                "DATA" => {
                    write.write_all(b"354 go on\r\n").await.unwrap();
                    while lines.next_line().await.unwrap().is_some_and(|line| line != ".") {}
                    taken.fetch_add(1, Ordering::SeqCst);
                    "250 taken"
                }
                "QUIT" => "221 bye",
                _ => "250 ok",
            };
            if write.write_all(format!("{reply}\r\n").as_bytes()).await.is_err() {
                return;
            }
        }
    }

    async fn office_with(answers: &'static [&'static str]) -> (Office, Arc<AtomicU32>) {
        let (server, taken) = server(answers).await;
        (Office::open(|settings| settings.mail.transport = Transport::Smtp(server)).await, taken)
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_mail_leaves_once_in_the_name_of_its_realm() {
        let office = Office::open(|_| {}).await;
        office.write("ada@example.com").await;
        assert_eq!(office.deliver().await, Next::Later);
        office.deliver().await;
        let mails = office.mailbox.mails();
        assert_eq!((mails.len(), mails[0].to.as_str()), (1, "ada@example.com"));
        let raw = &mails[0].raw;
        for part in [
            "From: Gantry <no-reply@localhost>\r\n",
            "Auto-Submitted: auto-generated\r\n",
            "Message-ID: <out_",
            "token=3Dgal_secret",
            "multipart/alternative",
        ] {
            assert!(raw.contains(part), "{part} in {raw}");
        }
        assert!(!office.still_waiting().await);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn more_than_a_batch_leaves_in_rounds_that_follow_at_once() {
        let office = Office::open(|_| {}).await;
        for n in 0..13 {
            office.write(&format!("p{n}@example.com")).await;
        }
        assert_eq!((office.deliver().await, office.deliver().await), (Next::Now, Next::Later));
        assert_eq!(office.mailbox.mails().len(), 13);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn f_24_a_server_that_is_away_costs_time_and_no_mail() {
        let (office, taken) = office_with(&["hang up", "451 later", "250 ok"]).await;
        office.write("ada@example.com").await;
        for _ in 0..2 {
            office.deliver().await;
            office.deliver().await;
            assert_eq!(taken.load(Ordering::SeqCst), 0, "not before its time");
            office.clock.advance(Duration::from_secs(31));
        }
        office.deliver().await;
        office.deliver().await;
        assert_eq!(taken.load(Ordering::SeqCst), 1);
        assert!(!office.still_waiting().await);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn f_24_a_mail_that_will_never_be_taken_is_given_up_and_one_that_we_may_mend_is_not() {
        let (office, _) = office_with(&["550 nobody here"]).await;
        office.write("ada@example.com").await;
        office.deliver().await;
        assert!(!office.still_waiting().await);
        let (office, _) = office_with(&["530 say who you are"]).await;
        office.write("ada@example.com").await;
        office.deliver().await;
        assert!(office.still_waiting().await);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn f_24_a_mail_whose_sender_died_is_sent_by_the_next_one() {
        let office = Office::open(|_| {}).await;
        office.write("ada@example.com").await;
        let leased = office.post.store.platform().lease_due_mail(office.clock.now(), 10).await.unwrap();
        assert_eq!(leased.len(), 1);
        office.deliver().await;
        assert!(office.mailbox.mails().is_empty(), "the lease holds");
        office.clock.advance(Duration::from_secs(61));
        office.deliver().await;
        assert_eq!(office.mailbox.mails().len(), 1);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn pre_17_a_name_adds_no_header_and_no_markup() {
        let office = Office::open(|_| {}).await;
        office.write("ada@example.com").await;
        let message = office.post.store.platform().lease_due_mail(office.clock.now(), 1).await.unwrap().remove(0);
        let name = "Evil\r\nBcc: eve@example.com\r\n\r\n<script>alert(1)</script>".to_owned();
        let realm = Realm { name, ..office.realm.clone() };
        let mail = office.post.composer.compose(&office.post.views, &realm, &message, None, office.clock.now()).unwrap();
        let raw = String::from_utf8(mail.formatted()).unwrap();
        let headers = raw.split("\r\n\r\n").next().unwrap();
        assert!(!headers.lines().any(|line| line.to_ascii_lowercase().starts_with("bcc")), "{headers}");
        assert_eq!(mail.envelope().to().len(), 1);
        let html = raw.split("text/html").nth(1).unwrap().replace("=\r\n", "");
        assert!(!html.contains("<script>alert"), "{html}");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_mail_file_is_whole_and_for_its_owner_alone() {
        let place = tempfile::tempdir().unwrap();
        let directory = place.path().join("mail");
        let office = Office::open(|settings| settings.mail.transport = Transport::Files(Some(directory.clone()))).await;
        office.write("ada@example.com").await;
        office.deliver().await;
        let files: Vec<_> = std::fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert_eq!(files.len(), 1);
        assert!(files[0].extension().is_some_and(|extension| extension == "eml"));
        assert!(std::fs::read_to_string(&files[0]).unwrap().contains("gal_secret"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&files[0]).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}
