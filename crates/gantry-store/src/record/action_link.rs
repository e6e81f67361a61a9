//! Single-use links: row and core type, and the queries of that record.

use gantry_core::action_link::ActionLink;
use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::id::UserId;
use gantry_core::secret::Digest;

use crate::RealmTx;

/// Single-use links, within one realm.
#[derive(Debug)]
pub struct ActionLinks<'t>(pub(crate) &'t RealmTx);

impl ActionLinks<'_> {
    /// The link with this digest that is neither used nor expired.
    pub async fn find_live(&self, digest: Digest, now: Timestamp) -> Result<Option<ActionLink>, Fault> {
        crate::unfinished()
    }

    /// Writes a new link.
    pub async fn insert(&self, link: &ActionLink) -> Result<(), Fault> {
        crate::unfinished()
    }

    /// Uses a link up: one conditional statement. `None`: unknown, used or expired.
    pub async fn consume(&self, digest: Digest, now: Timestamp) -> Result<Option<ActionLink>, Fault> {
        crate::unfinished()
    }

    /// Makes void all of a person's links of one kind (see `Action::name`), or of every kind.
    pub async fn void_for_user(&self, user: UserId, action: Option<&str>, now: Timestamp) -> Result<(), Fault> {
        crate::unfinished()
    }

    /// Makes void all links of one kind that belong to nobody.
    pub async fn void_unowned(&self, action: &str, now: Timestamp) -> Result<(), Fault> {
        crate::unfinished()
    }
}
