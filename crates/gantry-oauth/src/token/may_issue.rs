//! The one gate: whether a grant still stands, with everything that it stands on.
//!
//! Asked in the same transaction by every exchange and refresh, and by introspection and userinfo.
//! Whatever can be switched off is checked here and nowhere else (attack catalogue §4.2.7).

use gantry_core::client::Client;
use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::id::GrantId;
use gantry_core::realm::Realm;
use gantry_store::RealmTx;
use gantry_store::record::grant::Held;

pub use super::entitlement::Holder;

/// Why nothing may be issued under a grant: for logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fallen(pub &'static str);

/// The connection that the person came through is switched off, was since, or is gone.
pub const CONNECTION_DISABLED: Fallen = Fallen("connection_disabled");

/// The person behind a grant and what they allowed, if all of it still stands.
pub async fn may_issue(
    tx: &RealmTx,
    realm: &Realm,
    client: &Client,
    grant: GrantId,
    now: Timestamp,
) -> Result<Result<Holder, Fallen>, Fault> {
    if !client.is_enabled() {
        return Ok(Err(Fallen("client_disabled")));
    }
    let Some(Held { grant, user, session }) = tx.grants().find_held(grant).await? else {
        return Ok(Err(Fallen("grant_unknown")));
    };
    if grant.revoked_at.is_some() {
        return Ok(Err(Fallen("grant_revoked")));
    }
    if !realm.stands_since(grant.created_at) {
        return Ok(Err(Fallen("realm_revoked")));
    }
    if let Some(connection) = grant.connection_id {
        // One that is switched off or gone takes everything along that began there (attack catalogue FED-15). By when it
        // began here: a provider that is trusted may say that the person proved themself there long before.
        let connection = tx.connections().find(connection).await?;
        if !connection.is_some_and(|connection| connection.stands_since(grant.created_at)) {
            return Ok(Err(CONNECTION_DISABLED));
        }
    }
    if grant.client_id != client.id {
        return Ok(Err(Fallen("grant_of_another_client")));
    }
    let user = match user {
        None => return Ok(Err(Fallen("user_removed"))),
        Some(user) if user.disabled_at.is_some() => return Ok(Err(Fallen("user_disabled"))),
        Some(user) => user,
    };
    let session_stands = session.is_some_and(|session| session.ended_at.is_none() && session.expires_at > now);
    if grant.session_bound && !session_stands {
        return Ok(Err(Fallen("session_ended")));
    }
    Ok(Ok(Holder { grant, user }))
}
