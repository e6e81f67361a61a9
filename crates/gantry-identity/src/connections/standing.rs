//! How a connection does, what hangs on it, and the names of those that tenants make.

use gantry_core::actor::Actor;
use gantry_core::clock::Timestamp;
use gantry_core::connection::Connection;
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::failure::Failure;
use gantry_core::id::ConnectionId;
use gantry_core::secret::random_bytes;
use gantry_core::sign_in_trace::SignInTrace;
use gantry_store::RealmTx;

use super::reading::Seen;
use super::{find, no_connection, permit};

/// The letters of a made name: none that is easily read for another.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// How many of them: 50 bits, so that nobody finds a taken one by trying.
const MADE: usize = 10;
/// The most sign-ins that are looked back at.
const NEWEST: u64 = 10;

/// What hangs on a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// People who have linked an account there.
    pub people: u64,
    /// Sessions that began with it.
    pub sessions: u64,
    /// Tenants that it is attached to.
    pub tenants: u64,
}

/// What falls with a connection that is removed or switched off: for whoever may do so.
pub async fn at_stake(tx: &RealmTx, actor: Actor, id: ConnectionId, now: Timestamp) -> Result<Standing, Failure> {
    let connection = tx.connections().find(id).await?.ok_or_else(no_connection)?;
    permit(actor, tx.realm_id(), connection.owner)?;
    Ok(Standing {
        people: tx.identities().count_of_connection(id).await?,
        sessions: tx.sessions().count_of_connection(id, now).await?,
        tenants: tx.attachments().count_of_connection(id).await?,
    })
}

/// A connection with its newest sign-ins, trials included: for whoever sees all of it.
pub async fn standing(tx: &RealmTx, actor: Actor, id: ConnectionId) -> Result<(Connection, Vec<SignInTrace>), Failure> {
    let Seen::Whole(connection) = find(tx, actor, id).await? else { return Err(no_connection()) };
    Ok((*connection, tx.sign_in_traces().list_of_connection(id, NEWEST).await?))
}

/// A name for a connection that a tenant makes. Nobody chooses it, so that nobody takes another's or learns of one.
pub fn own_slug(kind: ConnectorKind) -> String {
    let letter = |byte: &u8| LETTERS.get(usize::from(*byte % 32)).copied().map_or('a', char::from);
    let made: String = random_bytes::<MADE>().iter().map(letter).collect();
    format!("{kind}-{made}")
}

/// Whether a name is of the form of [`own_slug`].
pub(super) fn is_own_slug(kind: ConnectorKind, slug: &str) -> bool {
    let made = slug.strip_prefix(kind.as_str()).and_then(|rest| rest.strip_prefix('-'));
    made.is_some_and(|made| made.len() == MADE && made.bytes().all(|byte| LETTERS.contains(&byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_made_name_is_known_again_and_no_other() {
        for kind in ConnectorKind::ALL.iter().copied() {
            let slug = own_slug(kind);
            assert!(is_own_slug(kind, &slug) && gantry_core::realm::is_slug(&slug), "{slug}");
        }
        for slug in ["oidc", "oidc-", "oidc-acme", "google-abcdefghij", "oidc-abcdefghi1", "oidc-abcdefghijk"] {
            assert!(!is_own_slug(ConnectorKind::Oidc, slug), "{slug}");
        }
    }
}
