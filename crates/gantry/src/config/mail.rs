//! `[mail]`: how mail leaves.

use std::path::PathBuf;

use gantry_core::email_address::EmailAddress;
use gantry_core::secret::Secret;
use serde::Deserialize;
use url::{Host, Url};
use validator::Validate;

use super::secret_file;
use crate::mail::Mailbox;

#[derive(Debug, Default, Deserialize, Validate)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Section {
    smtp_url: Option<Secret>,
    smtp_url_file: Option<PathBuf>,
    from: Option<String>,
    #[validate(length(min = 1, message = "must name a directory"))]
    directory: Option<String>,
}

/// How mail leaves.
#[derive(Debug, Clone)]
pub struct MailSettings {
    /// By which way.
    pub transport: Transport,
    /// The address it comes from; `no-reply@` and the public host if unset.
    pub from: Option<EmailAddress>,
}

/// The ways by which mail can leave.
#[derive(Debug, Clone)]
pub enum Transport {
    /// To a server.
    Smtp(SmtpServer),
    /// Into files of this directory; `mail` in the data directory if unset.
    Files(Option<PathBuf>),
    /// Into memory, for tests.
    Memory(Mailbox),
}

/// A mail server.
#[derive(Debug, Clone)]
pub struct SmtpServer {
    /// Its name, which its certificate must have.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: SmtpTls,
    /// User and password.
    pub credentials: Option<(String, Secret)>,
}

/// How a connection to a mail server is protected. Where it is, the certificate is always checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpTls {
    /// TLS from the first byte.
    Implicit,
    /// Plain at first; nothing is sent before TLS stands.
    StartTls,
    /// Not at all.
    None,
}

impl Section {
    pub(super) fn settings(self, faults: &mut Vec<String>) -> Option<MailSettings> {
        let before = faults.len();
        let url = secret_file::read(faults, "mail.smtp_url", self.smtp_url, self.smtp_url_file.as_deref());
        let transport = match url.map(|url| SmtpServer::parse(url.expose())) {
            None => Transport::Files(self.directory.map(PathBuf::from)),
            Some(Ok(server)) => Transport::Smtp(server),
            Some(Err(why)) => {
                faults.push(format!("`mail.smtp_url` (SMTP_URL) {why}"));
                Transport::Files(None)
            }
        };
        let from = self.from.and_then(|text| {
            let parsed = EmailAddress::parse(&text).ok();
            if parsed.is_none() {
                faults.push(format!("`mail.from` must be an e-mail address, and is `{text}`"));
            }
            parsed
        });
        (faults.len() == before).then_some(MailSettings { transport, from })
    }
}

impl SmtpServer {
    /// Reads `smtps://…`, `smtp://…` (STARTTLS, or nothing on this machine) or `smtp://…?tls=none`.
    fn parse(text: &str) -> Result<Self, &'static str> {
        const FORM: &str = "must be `smtp://[user:password@]host[:port]`, `smtps://…` or `smtp://…?tls=none`";
        let url = Url::parse(text).or(Err(FORM))?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(FORM)?.to_owned();
        let tls = match (url.scheme(), url.query()) {
            ("smtps", None) => SmtpTls::Implicit,
            ("smtp", Some("tls=none")) => SmtpTls::None,
            ("smtp", None) if is_loopback(&host) => SmtpTls::None,
            ("smtp", None | Some("tls=required")) => SmtpTls::StartTls,
            _ => return Err(FORM),
        };
        let decode = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8().map(std::borrow::Cow::into_owned).or(Err(FORM));
        let credentials = match (url.username(), url.password()) {
            ("", None) => None,
            (user, password) => Some((decode(user)?, Secret::new(decode(password.unwrap_or_default())?))),
        };
        if tls == SmtpTls::None && credentials.is_some() && !is_loopback(&host) {
            return Err("would send a password over an unprotected connection; leave `tls=none` out");
        }
        let port = url.port().unwrap_or(match tls {
            SmtpTls::Implicit => 465,
            SmtpTls::StartTls => 587,
            SmtpTls::None => 25,
        });
        Ok(Self { host, port, tls, credentials })
    }
}

fn is_loopback(host: &str) -> bool {
    match Host::parse(host) {
        Ok(Host::Domain(name)) => name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback()),
        Ok(Host::Ipv4(ip)) => ip.is_loopback(),
        Ok(Host::Ipv6(ip)) => ip.is_loopback(),
        Err(_) => false,
    }
}
