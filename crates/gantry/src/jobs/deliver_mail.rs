//! Takes mails out of the outbox and sends them.
//!
//! A message is leased for a minute, so no two nodes send the same one; a node that dies in the
//! middle leaves it to the next, and its message id lets the receiver drop a second copy (attack
//! catalogue F-24). Never logs an address or a link.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use gantry_core::clock::SharedClock;
use gantry_core::failure::Fault;
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
    platform.mail_failed(message.id, &why.fault.to_string(), delay.map(|delay| post.clock.now().plus(delay))).await
}

async fn send(post: &PostOffice, message: &OutboxMessage) -> Result<(), NotSent> {
    let realm = post.store.snapshots().realm(message.realm_id).await?;
    let Some(snapshot) = realm else { return Err(NotSent::for_good(Fault::new("its realm is gone"))) };
    let now = post.clock.now();
    let mail = post.composer.compose(&post.views, &snapshot.realm, message, now)?;
    post.transport.send(&mail, now).await
}
