//! How often one network may be sent to providers.
//!
//! Each start writes rows and costs the provider a request, so it is counted before anything is written. Never
//! counts by person or by hint: neither is known to be true yet.

use std::time::Duration;

use gantry_core::audit::Origin;
use gantry_core::id::RealmId;
use gantry_core::sign_in_trace::SignInProblem;
use gantry_store::rate_limit::Quota;

use crate::Identity;
use crate::lockout::network;

/// Sixty at once, and one more each second: a whole office may sit behind one address.
const STARTS: Quota = Quota { burst: 60, period: Duration::from_mins(1) };

impl Identity {
    /// Counts one more conversation with a provider that begins from here, or refuses it.
    pub async fn count_start(&self, realm: RealmId, origin: &Origin) -> Result<(), SignInProblem> {
        let key = format!("start:{realm}:network:{}", network(&origin.ip));
        self.store.limiter().check(&key, STARTS).await.or(Err(SignInProblem::TooMany))
    }
}
