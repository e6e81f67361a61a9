//! The throttle before the work: who may try a password, and how often.
//!
//! Counts a try before the password is looked at, so that guesses made at the same moment count too
//! (attack catalogue BRU-02), and takes the count back when it was right. The account is counted by
//! its canonical address, whether or not it exists. Nobody is locked out for good: a window ends,
//! and a known device has a window of its own (BRU-03).

use std::net::IpAddr;
use std::time::Duration;

use gantry_core::audit::{AuditEntry, AuditEvent, Origin};
use gantry_core::email_address::EmailAddress;
use gantry_core::failure::{Failure, Fault};
use gantry_core::id::RealmId;
use gantry_core::secret::Digest;

use crate::Identity;

/// Failures of one account, or of one known device at it, in a window.
pub(crate) const ACCOUNT_FAILURES: u64 = 10;
/// Failures from one address in a window, whatever the accounts: a whole office may sit behind it.
pub(crate) const ADDRESS_FAILURES: u64 = 100;
/// The window.
pub(crate) const WINDOW: Duration = Duration::from_mins(15);

/// A try that was counted.
#[derive(Debug)]
pub(crate) struct Try {
    keys: Vec<String>,
    known_device: bool,
}

/// What the throttle says.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// Try it.
    Go(Try),
    /// Not now, right or wrong.
    Wait(Duration),
}

impl Identity {
    /// Counts a try at an account, or says to wait. `known` is the tag of a device that the account knows.
    pub(crate) async fn count_try(
        &self,
        realm: RealmId,
        email: &EmailAddress,
        origin: &Origin,
        known: Option<&str>,
    ) -> Result<Verdict, Failure> {
        let account = format!("sign-in:{realm}:account:{}", Digest::of(email.as_str().as_bytes()).to_text());
        let limits = match known {
            Some(tag) => vec![(format!("{account}:{tag}"), ACCOUNT_FAILURES)],
            None => vec![(format!("sign-in:{realm}:address:{}", network(&origin.ip)), ADDRESS_FAILURES), (account, ACCOUNT_FAILURES)],
        };
        let mut keys = Vec::with_capacity(limits.len());
        for (key, limit) in limits {
            let count = self.store.cache().increment(&key, WINDOW).await?;
            if count > limit {
                // One line for a whole flood.
                if count == limit + 1 {
                    self.note_throttle(realm, origin, known.is_some()).await?;
                }
                return Ok(Verdict::Wait(WINDOW));
            }
            keys.push(key);
        }
        Ok(Verdict::Go(Try { keys, known_device: known.is_some() }))
    }

    /// The password was right. What strangers failed at the account still counts against strangers.
    pub(crate) async fn forgive(&self, attempt: Try) -> Result<(), Fault> {
        for key in &attempt.keys {
            if attempt.known_device {
                self.store.cache().remove(key).await?;
            } else {
                self.store.cache().decrement(key).await?;
            }
        }
        Ok(())
    }

    async fn note_throttle(&self, realm: RealmId, origin: &Origin, known_device: bool) -> Result<(), Failure> {
        let reason = if known_device { "known_device" } else { "too_many_failures" };
        let line = AuditEntry::new(realm, self.clock.now(), AuditEvent::SignInThrottled).from(origin).reason(reason);
        self.store.transact(realm, async |tx| Ok(tx.audit().insert(&line).await?)).await
    }
}

/// Whom an address stands for: itself, or the /64 that one IPv6 subscriber has.
pub(crate) fn network(ip: &str) -> String {
    match ip.parse::<IpAddr>().map(|ip| ip.to_canonical()) {
        Ok(IpAddr::V6(v6)) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        Ok(v4) => v4.to_string(),
        Err(_) => "unknown".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_subscriber_is_one_network() {
        assert_eq!(network("192.0.2.7"), "192.0.2.7");
        assert_eq!(network("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("not an address"), "unknown");
    }
}
