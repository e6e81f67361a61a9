//! What sessions here owe to sessions at providers: tokens that are renewed, accounts that are asked about, sign-outs
//! that come from there.
//!
//! Owns when a session ends because of what its provider says. Trouble at a provider never ends one. Waits for no
//! network inside a transaction: tokens are renewed between two, and written only where nobody else wrote meanwhile.

use gantry_connect::connector::{Connectors, Failed, LogoutToken, Registration};
use gantry_core::audit::{AuditEntry, AuditEvent, Origin};
use gantry_core::clock::Timestamp;
use gantry_core::connection::{Connection, ConnectionSettings};
use gantry_core::external_identity::UpstreamTokens;
use gantry_core::failure::{Failure, Fault};
use gantry_core::id::{RealmId, SessionId};
use gantry_core::realm::seconds;
use gantry_core::session::Session;
use gantry_core::sign_in_trace::SignInProblem;
use gantry_core::upstream_session::UpstreamSession;
use gantry_store::{RealmTx, Store};
use serde_json::json;

use crate::session;

/// The most attachments whose directories are read.
const ATTACHMENTS: u64 = 1000;
/// Trouble at a provider is waited out for this long, in seconds: shorter than any interval that may be set.
const TROUBLE: u32 = 300;

/// A connection with everything that a conversation with its provider needs. `callback` is its own address there.
pub async fn registration(tx: &RealmTx, connection: Connection, callback: String) -> Result<Registration, Fault> {
    let secrets = tx.connections().secrets(connection.id).await?;
    let attachments = tx.attachments().list_of_connection(connection.id, ATTACHMENTS).await?;
    let mut directories: Vec<String> = attachments.into_iter().flat_map(|attachment| attachment.directories).collect();
    directories.sort_unstable();
    directories.dedup();
    Ok(Registration { connection, secrets, callback, directories })
}

/// A session here that stands, with what it owes to a provider and the connection that it came through.
#[derive(Debug)]
pub struct Standing {
    /// The session here.
    pub session: Session,
    /// What it owes.
    pub upstream: UpstreamSession,
    /// The connection.
    pub connection: Connection,
}

/// What a session owes to a provider, if the session and its connection stand.
pub async fn find(tx: &RealmTx, id: SessionId, now: Timestamp) -> Result<Option<Standing>, Fault> {
    let Some(upstream) = tx.upstream_sessions().find(id).await? else { return Ok(None) };
    let Some(session) = tx.sessions().find(id).await? else { return Ok(None) };
    let Some(connection) = tx.connections().find(upstream.connection_id).await? else { return Ok(None) };
    let stands = session.ended_at.is_none() && session.expires_at > now && connection.stands_since(session.created_at);
    Ok(stands.then_some(Standing { session, upstream, connection }))
}

/// How an attempt to get new tokens went.
#[derive(Debug)]
pub enum Renewed {
    /// These are the tokens now.
    Tokens(Box<UpstreamSession>),
    /// The provider takes the refresh token no longer: the account there is gone, or its access was taken back.
    Gone,
    /// The provider could not be asked; that says nothing.
    Trouble(Failed),
}

/// Gets new tokens and keeps them. Of several at once each ends with tokens that hold.
pub async fn renew(
    store: &Store,
    connectors: &Connectors,
    registration: &Registration,
    upstream: &UpstreamSession,
    now: Timestamp,
) -> Result<Renewed, Failure> {
    let before = &upstream.tokens;
    let answer = connectors.refresh(registration, before).await;
    let realm = upstream.realm_id;
    match answer {
        Ok(tokens) => {
            let settings = &registration.connection.settings;
            let tokens = kept(settings, before, tokens);
            let check_at =
                settings.liveness_interval.filter(|_| tokens.refresh_token.is_some()).map(|interval| now.plus(seconds(interval)));
            let after = UpstreamSession { tokens, check_at, ..upstream.clone() };
            if store.transact(realm, async |tx| Ok(tx.upstream_sessions().move_on(before, &after).await?)).await? {
                return Ok(Renewed::Tokens(Box::new(after)));
            }
            // Somebody else renewed them meanwhile, or the session ended.
            Ok(current(store, upstream).await?.map_or(Renewed::Gone, |current| Renewed::Tokens(Box::new(current))))
        }
        // A provider that rotates takes each refresh token once: who comes second uses what the first one got.
        Err(failed) if failed.problem == SignInProblem::CodeRejected => match current(store, upstream).await? {
            Some(current) if !is_same(&current.tokens, before) => Ok(Renewed::Tokens(Box::new(current))),
            Some(_) | None => Ok(Renewed::Gone),
        },
        Err(failed) => Ok(Renewed::Trouble(failed)),
    }
}

async fn current(store: &Store, upstream: &UpstreamSession) -> Result<Option<UpstreamSession>, Fault> {
    store.read(upstream.realm_id).upstream_sessions().find(upstream.session_id).await
}

fn is_same(left: &UpstreamTokens, right: &UpstreamTokens) -> bool {
    let digest = |tokens: &UpstreamTokens| tokens.refresh_token.as_ref().map(gantry_core::secret::Secret::digest);
    digest(left) == digest(right)
}

/// What of new tokens is kept: no more than what the connection needs, and what did not come anew stays.
fn kept(settings: &ConnectionSettings, before: &UpstreamTokens, new: UpstreamTokens) -> UpstreamTokens {
    let id_token = new.id_token.or_else(|| before.id_token.clone()).filter(|_| settings.sign_out_upstream);
    let refresh_token = new.refresh_token.or_else(|| before.refresh_token.clone());
    if settings.keep_tokens {
        let scope = new.scope.or_else(|| before.scope.clone());
        return UpstreamTokens { access_token: new.access_token, refresh_token, id_token, expires_at: new.expires_at, scope };
    }
    UpstreamTokens { refresh_token, id_token, ..UpstreamTokens::default() }
}

/// Asks a provider whether the account behind a session still stands; if not, the session ends and what is bound to it.
/// `callback` says where a connection's own address is, by the realm and the connection.
pub async fn check(
    store: &Store,
    connectors: &Connectors,
    (realm, id): (RealmId, SessionId),
    callback: impl FnOnce(&Connection) -> String,
    now: Timestamp,
) -> Result<(), Failure> {
    let rows = store.read(realm);
    let due = match find(&rows, id, now).await? {
        Some(standing) if standing.connection.settings.liveness_interval.is_some() && standing.upstream.tokens.refresh_token.is_some() => {
            standing
        }
        // Nothing is left to ask: it has ended, or the connection asks no more.
        Some(_) | None => return store.transact(realm, async |tx| Ok(tx.upstream_sessions().check_at(id, None).await?)).await,
    };
    let callback = callback(&due.connection);
    let registration = registration(&rows, due.connection, callback).await?;
    drop(rows);
    match renew(store, connectors, &registration, &due.upstream, now).await? {
        Renewed::Tokens(_) => Ok(()),
        Renewed::Gone => {
            let origin = Origin::default();
            let work = async |tx: &RealmTx| {
                // What the account there allowed ends with it, session or none; unless the session ended meanwhile, when
                // nothing is known of the account.
                if end(tx, &due.session, "gone_upstream", &origin, now).await? {
                    tx.grants().revoke_for_connection(due.session.user_id, due.upstream.connection_id, now).await?;
                }
                Ok(())
            };
            store.transact(realm, work).await
        }
        Renewed::Trouble(failed) => {
            tracing::info!(session = %id, connection = %registration.connection.slug, problem = %failed.problem, "a provider could not be asked");
            let later = Some(now.plus(seconds(TROUBLE)));
            store.transact(realm, async |tx| Ok(tx.upstream_sessions().check_at(id, later).await?)).await
        }
    }
}

/// Ends what a provider's logout token names: one session there, or all of a person's. `false`: the token was seen before.
pub async fn end_by_provider(
    tx: &RealmTx,
    connection: &Connection,
    token: &LogoutToken,
    origin: &Origin,
    now: Timestamp,
) -> Result<bool, Fault> {
    if !tx.assertions().record_logout_token(connection.id, &token.jti, token.expires_at).await? {
        return Ok(false);
    }
    let identity = match &token.subject {
        Some(subject) => tx.identities().find(connection.id, &token.issuer, subject).await?,
        None => None,
    };
    let mut named = match (&token.session, &identity) {
        (Some(sid), _) => tx.upstream_sessions().list_by_sid(connection.id, sid).await?,
        (None, Some(identity)) => tx.upstream_sessions().list_by_identity(identity.id).await?,
        (None, None) => Vec::new(),
    };
    // Where both are named, both have to fit (OpenID Connect Back-Channel Logout 1.0 §2.6): another's session stays.
    if token.subject.is_some() {
        named.retain(|upstream| identity.as_ref().is_some_and(|identity| identity.id == upstream.identity_id));
    }
    for upstream in named {
        if let Some(session) = tx.sessions().find(upstream.session_id).await? {
            end(tx, &session, "signed_out_upstream", origin, now).await?;
        }
    }
    Ok(true)
}

async fn end(tx: &RealmTx, session: &Session, why: &'static str, origin: &Origin, now: Timestamp) -> Result<bool, Fault> {
    let ended = session::end(tx, session.id, now).await?;
    if ended {
        let line = AuditEntry::new(tx.realm_id(), now, AuditEvent::SessionEnded).user(session.user_id).target(&session.id);
        let line = line.from(origin).reason(why).detail(json!({ "connection": session.connection_id }));
        tx.audit().insert(&line).await?;
    }
    Ok(ended)
}
