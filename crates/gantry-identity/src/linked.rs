//! The accounts elsewhere that a person signs in with: what they see of them, and taking one away.
//!
//! Never leaves a person without a way to sign in. Linking is a sign-in with a provider for that purpose, see
//! [`crate::sign_in::upstream`].

use std::time::Duration;

use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::clock::Timestamp;
use gantry_core::connection::Connection;
use gantry_core::external_identity::UserIdentity;
use gantry_core::failure::{Failure, Fault};
use gantry_core::id::{IdentityId, SessionId};
use gantry_core::outbox::{Mail, MailKind};
use gantry_core::realm::Realm;
use gantry_core::session::Session;
use gantry_core::user::User;
use gantry_store::RealmTx;
use serde_json::json;

use crate::session::end;
use crate::sign_in::upstream::Notice;
use crate::{Identity, Visit};

/// How long ago somebody may have signed in who links another way: a browser that was left open gains nobody one.
const RECENT: Duration = Duration::from_mins(10);

/// Whether the person of a session had signed in recently enough at that time to link another way to sign in.
pub fn is_recent(session: &Session, at: Timestamp) -> bool {
    at.since(session.authenticated_at) <= RECENT
}

/// An account elsewhere that is linked to a person's.
#[derive(Debug, Clone)]
pub struct LinkedIdentity {
    /// The link.
    pub link: UserIdentity,
    /// The connection; it may be switched off.
    pub connection: Connection,
    /// Whether it can be taken away: another way to sign in remains.
    pub removable: bool,
}

/// What came of taking one away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unlinked {
    /// It is gone, and so are the sessions elsewhere that began with it.
    Done,
    /// It is the person's only way to sign in, and stays.
    LastWay,
    /// They have no such one.
    Unknown,
}

impl Identity {
    /// A person's accounts elsewhere, oldest first.
    pub async fn linked_identities(&self, realm: &Realm, user: &User) -> Result<Vec<LinkedIdentity>, Fault> {
        let tx = self.store.read(realm.id);
        let links = tx.identities().list(user.id).await?;
        let (connections, password) = around(&tx, realm, user, &links).await?;
        let linked = |link: &UserIdentity| {
            let connection = connections.iter().find(|connection| connection.id == link.connection_id)?.clone();
            let removable = another_way(password, &connections, &links, link.id);
            Some(LinkedIdentity { link: link.clone(), connection, removable })
        };
        Ok(links.iter().filter_map(linked).collect())
    }

    /// Takes one away, ends what began with it but for the session that asks, and tells the person.
    pub async fn unlink(
        &self,
        realm: &Realm,
        user: &User,
        id: IdentityId,
        notice: Notice<'_>,
        visit: &Visit<'_>,
    ) -> Result<Unlinked, Failure> {
        let now = self.clock.now();
        self.store
            .transact(realm.id, async |tx| {
                let asking = match visit.session {
                    Some(cookie) => tx.sessions().find_by_digest(cookie.digest()).await?.map(|session| session.id),
                    None => None,
                };
                let links = tx.identities().hold(user.id).await?;
                let Some(link) = links.iter().find(|link| link.id == id) else { return Ok(Unlinked::Unknown) };
                let (connections, password) = around(tx, realm, user, &links).await?;
                if !another_way(password, &connections, &links, id) {
                    return Ok(Unlinked::LastWay);
                }
                take_away(tx, user, link, asking, notice, now).await?;
                let actor = Actor::User { user: user.id, realm: realm.id };
                let entry = AuditEntry::new(realm.id, now, AuditEvent::IdentityUnlinked).by(actor).from(visit.origin).target(&id);
                let detail = json!({ "connection": link.connection_id, "issuer": link.issuer, "subject": link.subject });
                tx.audit().insert(&entry.detail(detail)).await?;
                Ok(Unlinked::Done)
            })
            .await
    }
}

/// Takes a link away with what began with it, but for the session that asks, and tells the person.
pub(crate) async fn take_away(
    tx: &RealmTx,
    user: &User,
    link: &UserIdentity,
    asking: Option<SessionId>,
    notice: Notice<'_>,
    now: Timestamp,
) -> Result<(), Failure> {
    tx.identities().remove(link.id, user.id).await?;
    for upstream in tx.upstream_sessions().list_by_identity(link.id).await? {
        if Some(upstream.session_id) != asking {
            end(tx, upstream.session_id, now).await?;
        }
    }
    // What it allowed without a session would outlive it.
    tx.grants().revoke_for_connection(user.id, link.connection_id, now).await?;
    let provider = tx.connections().find(link.connection_id).await?.map(|connection| connection.name).unwrap_or_default();
    let kind = MailKind::SignInUnlinked { provider, account: notice.account.to_owned() };
    tx.outbox().insert(&Mail { to: user.email.clone(), locale: notice.locale.to_owned(), kind }, now).await?;
    Ok(())
}

/// The connections of these links, and whether the person can sign in with a password.
async fn around(tx: &RealmTx, realm: &Realm, user: &User, links: &[UserIdentity]) -> Result<(Vec<Connection>, bool), Fault> {
    let ids: Vec<_> = links.iter().map(|link| link.connection_id).collect();
    let password = realm.settings.sign_in.password && tx.passwords().find(user.id).await?.is_some();
    Ok((tx.connections().find_all(&ids).await?, password))
}

/// Whether somebody without this link can still sign in.
fn another_way(password: bool, connections: &[Connection], links: &[UserIdentity], without: IdentityId) -> bool {
    let usable = |link: &&UserIdentity| {
        let connection = connections.iter().find(|connection| connection.id == link.connection_id);
        connection.is_some_and(|connection| connection.is_enabled() && !connection.settings.link_only)
    };
    password || links.iter().filter(|link| link.id != without).any(|link| usable(&link))
}
