//! The ways by which a mail can leave: a server, a file, or a test's memory.

use std::collections::VecDeque;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use lettre::transport::smtp::AsyncSmtpTransport;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncTransport as _, Message, Tokio1Executor};

use crate::config::{SmtpServer, SmtpTls, Transport};
use crate::private_file;

/// One answer of the server may take this long. A whole conversation has about ten of them, and the
/// lease on a message ends after a minute, so [`DEADLINE`] bounds them together.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);
/// The whole of sending one mail.
const DEADLINE: Duration = Duration::from_secs(40);
/// The most mails that a test's memory holds.
const MAILBOX_SIZE: usize = 1000;

/// The way by which mails leave.
#[derive(Debug, Clone)]
pub enum MailTransport {
    /// To a server.
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    /// Into files of a directory.
    Files(PathBuf),
    /// Into memory.
    Memory(Mailbox),
}

/// A mail did not leave.
#[derive(Debug)]
pub struct NotSent {
    /// Why.
    pub fault: Fault,
    /// Whether trying again is of no use.
    pub for_good: bool,
}

impl NotSent {
    /// Trying again is of no use.
    pub const fn for_good(fault: Fault) -> Self {
        Self { fault, for_good: true }
    }
}

impl From<Fault> for NotSent {
    fn from(fault: Fault) -> Self {
        Self { fault, for_good: false }
    }
}

/// The mails that left into memory, the oldest first. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Mailbox(Arc<Mutex<VecDeque<MemoryMail>>>);

/// A mail that left into memory.
#[derive(Debug, Clone)]
pub struct MemoryMail {
    /// To whom.
    pub to: String,
    /// The message as it would have gone over the wire.
    pub raw: String,
}

impl Mailbox {
    /// What is there.
    pub fn mails(&self) -> Vec<MemoryMail> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    fn put(&self, mail: MemoryMail) {
        let mut mails = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if mails.len() >= MAILBOX_SIZE {
            mails.pop_front();
        }
        mails.push_back(mail);
    }
}

impl MailTransport {
    /// The way that the settings name. Opens no connection yet.
    pub fn new(transport: &Transport, data_dir: &Path) -> Result<Self, Fault> {
        Ok(match transport {
            Transport::Smtp(server) => Self::Smtp(connect(server)?),
            Transport::Files(directory) => Self::Files(directory.clone().unwrap_or_else(|| data_dir.join("mail"))),
            Transport::Memory(mailbox) => Self::Memory(mailbox.clone()),
        })
    }

    /// Sends a mail. That it is over means that somebody else is responsible for it now.
    pub async fn send(&self, mail: &Message, now: Timestamp) -> Result<(), NotSent> {
        match self {
            Self::Smtp(server) => match tokio::time::timeout(DEADLINE, server.send(mail.clone())).await {
                Ok(Ok(_)) => Ok(()),
                Ok(Err(error)) => {
                    let for_good = is_for_good(&error);
                    Err(NotSent { fault: Fault::caused("the mail server did not take it", error), for_good })
                }
                Err(elapsed) => Err(Fault::caused("the mail server did not take it in time", elapsed).into()),
            },
            Self::Files(directory) => write(directory, mail, now)
                .map_err(|error| Fault::caused(format!("the mail could not be written into {}", directory.display()), error).into()),
            Self::Memory(mailbox) => {
                let raw = String::from_utf8_lossy(&mail.formatted()).into_owned();
                let to = mail.envelope().to().iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
                mailbox.put(MemoryMail { to, raw });
                Ok(())
            }
        }
    }

    /// Whether the server answers; a directory and memory always do.
    pub async fn probe(&self) -> Result<(), Fault> {
        let Self::Smtp(server) = self else { return Ok(()) };
        match tokio::time::timeout(DEADLINE, server.test_connection()).await {
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => Err(Fault::new("the mail server does not answer as one")),
            Ok(Err(error)) => Err(Fault::caused("the mail server cannot be reached", error)),
            Err(elapsed) => Err(Fault::caused("the mail server does not answer in time", elapsed)),
        }
    }
}

/// Whether the server will never take this mail. That it did not know us (530 to 538, RFC 4954) is
/// for the operator to mend, and the mail waits for that.
fn is_for_good(error: &lettre::transport::smtp::Error) -> bool {
    error.is_permanent() && error.status().is_none_or(|code| !(530..540).contains(&u16::from(code)))
}

fn connect(server: &SmtpServer) -> Result<AsyncSmtpTransport<Tokio1Executor>, Fault> {
    let parameters =
        || TlsParameters::new(server.host.clone()).map_err(|error| Fault::caused("TLS to the mail server cannot be set up", error));
    let tls = match server.tls {
        SmtpTls::Implicit => Tls::Wrapper(parameters()?),
        // Required, not "if offered": whoever sits between could leave the offer out.
        SmtpTls::StartTls => Tls::Required(parameters()?),
        SmtpTls::None => Tls::None,
    };
    let mut builder =
        AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&server.host).port(server.port).tls(tls).timeout(Some(ANSWER_TIMEOUT));
    if let Some((user, password)) = &server.credentials {
        builder = builder.credentials(Credentials::new(user.clone(), password.expose().to_owned()));
    }
    Ok(builder.build())
}

/// Writes a mail beside its place first: whoever watches the directory sees whole mails only. They
/// hold links that sign people in, so nobody else may read them.
fn write(directory: &Path, mail: &Message, now: Timestamp) -> std::io::Result<()> {
    private_file::create_directory(directory)?;
    let id = mail.headers().get_raw("Message-ID").unwrap_or_default();
    let id: String = id.chars().take_while(|c| *c != '@').filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    let name = format!("{:015}-{id}", now.millis());
    let partial = directory.join(format!(".{name}.partial"));
    let mut file = private_file::create(&partial)?;
    file.write_all(&mail.formatted())?;
    file.sync_all()?;
    std::fs::rename(partial, directory.join(format!("{name}.eml")))
}
