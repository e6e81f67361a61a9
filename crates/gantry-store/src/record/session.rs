//! Signed-in browsers: row and core type, and the queries of that record.

use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::id::{SessionId, UserId};
use gantry_core::secret::Digest;
use gantry_core::session::Session;

use crate::RealmTx;

/// Signed-in browsers, within one realm.
#[derive(Debug)]
pub struct Sessions<'t>(pub(crate) &'t RealmTx);

impl Sessions<'_> {
    /// The session with this cookie digest, ended or expired ones included.
    pub async fn find_by_digest(&self, digest: Digest) -> Result<Option<Session>, Fault> {
        crate::unfinished()
    }

    /// The session with this id.
    pub async fn find(&self, id: SessionId) -> Result<Option<Session>, Fault> {
        crate::unfinished()
    }

    /// A person's sessions that have neither ended nor expired, last used first.
    pub async fn list_live(&self, user: UserId, now: Timestamp) -> Result<Vec<Session>, Fault> {
        crate::unfinished()
    }

    /// Writes a new session.
    pub async fn insert(&self, session: &Session) -> Result<(), Fault> {
        crate::unfinished()
    }

    /// Notes a use.
    pub async fn touch(&self, id: SessionId, now: Timestamp) -> Result<(), Fault> {
        crate::unfinished()
    }

    /// Ends a session. `false`: it had ended already, or is not there.
    pub async fn end(&self, id: SessionId, now: Timestamp) -> Result<bool, Fault> {
        crate::unfinished()
    }

    /// Ends all sessions of a person but one; returns those that ended.
    pub async fn end_all(&self, user: UserId, except: Option<SessionId>, now: Timestamp) -> Result<Vec<SessionId>, Fault> {
        crate::unfinished()
    }
}
