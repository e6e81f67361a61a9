//! Mail on its way out: from a message of the outbox to bytes that a transport takes.
//!
//! Never decides that a mail is sent; a rule wrote it into the outbox. Never logs an address or a
//! link.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use gantry_core::address::PublicUrl;
use gantry_core::clock::Timestamp;
use gantry_core::email_address::EmailAddress;
use gantry_core::failure::Fault;
use gantry_core::mail_text::MailText;
use gantry_core::outbox::OutboxMessage;
use gantry_core::realm::Realm;
use gantry_views::Views;
use gantry_views::mail::MailChrome;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox as Party, MultiPart};
use lettre::{Address, Message};

mod transport;

pub use transport::{MailTransport, Mailbox, MemoryMail, NotSent};

/// Turns messages of the outbox into mails.
#[derive(Debug)]
pub struct Composer {
    public_url: PublicUrl,
    from: Address,
}

impl Composer {
    /// Mails that come from this address; from `no-reply@` and the public host if there is none.
    pub fn new(public_url: PublicUrl, from: Option<&EmailAddress>) -> Result<Self, Fault> {
        let host = url::Url::parse(public_url.as_str()).ok().and_then(|url| url.domain().map(str::to_owned));
        let text = from.map_or_else(|| format!("no-reply@{}", host.as_deref().unwrap_or("localhost")), ToString::to_string);
        let from = text.parse().map_err(|error| Fault::caused("the sender's address cannot be used", error))?;
        Ok(Self { public_url, from })
    }

    /// The mail that a message says, in the name of its realm and in its words where it has some.
    pub fn compose(
        &self,
        views: &Views,
        realm: &Realm,
        message: &OutboxMessage,
        words: Option<&MailText>,
        now: Timestamp,
    ) -> Result<Message, Fault> {
        let home = self.public_url.address_of(realm).base();
        let rendered = views.render_mail(&MailChrome::new(&realm.name, &home, &realm.settings.branding), &message.mail, words)?;
        let to: Address = message.mail.to.as_str().parse().map_err(|error| Fault::caused("the address cannot be written to", error))?;
        // The same id at every try: a receiver that has the mail already can drop the second.
        let id = format!("<{}@{}>", message.id, self.from.domain());
        let millis = u64::try_from(now.millis()).unwrap_or_default();
        let date: SystemTime = UNIX_EPOCH + Duration::from_millis(millis);
        Message::builder()
            .from(Party::new(sender_name(&realm.name), self.from.clone()))
            .to(Party::new(None, to))
            .subject(rendered.subject)
            .message_id(Some(id))
            .date(date)
            // RFC 3834 §5: keeps absence notes from being sent back.
            .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()))
            .multipart(MultiPart::alternative_plain_html(rendered.text, rendered.html))
            .map_err(|error| Fault::caused("the mail cannot be put together", error))
    }
}

/// A name as a header can hold it. Rules keep control characters out of names, but the library
/// panics over one, and a mail must not hang on that (attack catalogue PRE-17).
fn sender_name(name: &str) -> Option<String> {
    let name: String = name.chars().filter(|c| !c.is_control()).collect();
    (!name.trim().is_empty()).then_some(name)
}
