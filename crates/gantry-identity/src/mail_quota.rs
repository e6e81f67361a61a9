//! How much mail one address gets, and how much one network may cause (attack catalogue PRE-20).
//!
//! Asked before anything is looked up, and by address alone, so that the answer tells nothing about
//! an account. What is over the quota is dropped without a word.

use std::time::Duration;

use gantry_core::email_address::EmailAddress;
use gantry_core::id::RealmId;
use gantry_core::secret::Digest;
use gantry_store::rate_limit::Quota;

use crate::Identity;
use crate::lockout::network;

/// One mail of a purpose in a minute.
const MINUTE: Quota = Quota { burst: 1, period: Duration::from_mins(1) };
/// Three at once and one more each half hour: at most five in any hour.
const HOUR: Quota = Quota { burst: 3, period: Duration::from_mins(90) };
/// What one network may cause, to whomever.
const NETWORK: Quota = Quota { burst: 60, period: Duration::from_hours(1) };

impl Identity {
    /// Whether one more mail of a purpose may go to an address. Counts it.
    pub(crate) async fn may_mail(&self, realm: RealmId, purpose: &str, email: &EmailAddress, ip: &str) -> bool {
        let address = Digest::of(email.as_str().as_bytes()).to_text();
        let quotas = [
            (format!("mail:{realm}:{purpose}:{address}"), MINUTE),
            (format!("mail:{realm}:address:{address}"), HOUR),
            (format!("mail:{realm}:network:{}", network(ip)), NETWORK),
        ];
        for (key, quota) in quotas {
            if self.store.limiter().check(&key, quota).await.is_err() {
                return false;
            }
        }
        true
    }
}
