//! A domain of a tenant: whose addresses are its people's, once that is proved.

use crate::clock::Timestamp;
use crate::id::{DomainId, RealmId, TenantId};

/// The name below the domain at which the proof stands.
pub const PROOF_NAME: &str = "_gantry-challenge";

/// A domain that a tenant says is its own. Counts for nothing until it is proved; proved, it is one tenant's in the realm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantDomain {
    /// The key.
    pub id: DomainId,
    /// Its realm.
    pub realm_id: RealmId,
    /// The tenant.
    pub tenant_id: TenantId,
    /// The domain, in ASCII and lower case, without a trailing dot.
    pub domain: String,
    /// What the TXT record at `_gantry-challenge.{domain}` has to say.
    pub challenge: String,
    /// How it was proved, if it is.
    pub proof: Option<DomainProof>,
    /// When.
    pub proved_at: Option<Timestamp>,
    /// When the record was last looked for.
    pub checked_at: Option<Timestamp>,
    /// Since when the record of a proved domain has been missing.
    pub failing_since: Option<Timestamp>,
    /// When to look again.
    pub check_at: Option<Timestamp>,
    /// When it was claimed.
    pub created_at: Timestamp,
}

impl TenantDomain {
    /// Whether it counts.
    pub const fn is_proved(&self) -> bool {
        self.proof.is_some()
    }
}

crate::closed_set::closed_set! {
    /// How a domain was proved.
    DomainProof {
        /// By a TXT record, which is looked for again and again.
        Dns = "dns",
        /// An admin of the realm vouches for it.
        Vouched = "vouched",
    }
}
