//! A provider's own tokens, for the app that the person allowed to have them.
//!
//! The only way out for them (attack catalogue FED-23): an access token with the scope `upstream_tokens`, of a grant that
//! was made in a session which came through a connection that keeps tokens, while that session stands. Neither the
//! account page nor an export nor introspection knows them. Each reading is a line of the audit trail.

use std::time::Duration;

use gantry_connect::connector::Connectors;
use gantry_core::audit::{AuditEntry, AuditEvent, Origin};
use gantry_core::clock::{SharedClock, Timestamp};
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::grant::Grant;
use gantry_core::secret::SecretKind;
use gantry_core::upstream_session::UpstreamSession;
use gantry_identity::upstream_sessions::{self, Renewed, Standing};
use gantry_store::{RealmTx, Store};
use serde::Serialize;
use serde_json::json;

use crate::client_request::ServedRealm;
use crate::token::access_token::{AccessToken, AccessTokens, Behind};
use crate::token::policy::scopes_in;
use crate::userinfo::{invalid_token, read_bearer};

/// The scope that lets an app have them. A realm that wants to offer it declares it as any other.
pub const UPSTREAM_TOKENS: &str = "upstream_tokens";
/// Tokens that end sooner are renewed first.
const SHORT: Duration = Duration::from_mins(1);

/// Serves a provider's tokens. Cheap to clone.
#[derive(Debug, Clone)]
pub struct UpstreamTokenEndpoint {
    store: Store,
    tokens: AccessTokens,
    connectors: Connectors,
    clock: SharedClock,
}

/// What the endpoint answers. Made of secrets, so it is serialized for the wire and shown nowhere.
#[derive(Serialize)]
pub struct UpstreamToken {
    access_token: String,
    token_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_in: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    connection: String,
}

impl std::fmt::Debug for UpstreamToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("UpstreamToken")
    }
}

/// Who asks: a token that holds, with its grant.
struct Asker {
    token: AccessToken,
    grant: Grant,
}

impl UpstreamTokenEndpoint {
    /// Over these.
    pub const fn new(store: Store, tokens: AccessTokens, connectors: Connectors, clock: SharedClock) -> Self {
        Self { store, tokens, connectors, clock }
    }

    /// The provider's access token behind an access token of ours. `callback` says where a connection's own address is,
    /// by its name. `None`: no token came, so there is only a challenge.
    pub async fn handle(
        &self,
        realm: ServedRealm<'_>,
        authorization: &[Vec<u8>],
        callback: impl FnOnce(&str) -> String,
        origin: &Origin,
    ) -> Result<Option<UpstreamToken>, Failure> {
        let Some(text) = read_bearer(authorization)? else { return Ok(None) };
        let now = self.clock.now();
        let asker = self.asker(realm, text, now).await?;
        let rows = self.store.read(realm.id());
        let standing = upstream_sessions::find(&rows, asker.grant.session_id, now).await?.ok_or_else(nothing_kept)?;
        let Standing { session, upstream, connection } = standing;
        // A grant that moved to another session of its person, or that was made without this provider, has nothing here.
        let same = asker.grant.connection_id == Some(connection.id) && session.user_id == asker.grant.user_id;
        if !same || !connection.settings.keep_tokens {
            return Err(nothing_kept().into());
        }
        let slug = connection.slug.clone();
        let registration = upstream_sessions::registration(&rows, connection, callback(&slug)).await?;
        drop(rows);
        let upstream = if lasts(&upstream, now) {
            upstream
        } else {
            match upstream_sessions::renew(&self.store, &self.connectors, &registration, &upstream, now).await? {
                Renewed::Tokens(renewed) => *renewed,
                Renewed::Gone => return Err(nothing_kept().into()),
                Renewed::Trouble(failed) => return Err(trouble(&failed.to_string()).into()),
            }
        };
        let access_token = upstream.tokens.access_token.as_ref().ok_or_else(nothing_kept)?.expose().to_owned();
        let line = AuditEntry::new(realm.id(), now, AuditEvent::UpstreamTokensRead).from(origin);
        let line = line.user(asker.grant.user_id).client(asker.token.client.client.id).target(&upstream.connection_id);
        let line = line.detail(json!({ "scope": upstream.tokens.scope, "grant": asker.grant.id }));
        self.store.transact(realm.id(), async |tx: &RealmTx| Ok(tx.audit().insert(&line).await?)).await?;
        Ok(Some(UpstreamToken {
            access_token,
            token_type: "Bearer",
            expires_in: upstream.tokens.expires_at.map(|at| at.since(now).as_secs()),
            scope: upstream.tokens.scope,
            connection: slug,
        }))
    }

    /// The token, if it holds, speaks of a person, and has the scope today.
    async fn asker(&self, realm: ServedRealm<'_>, text: &str, now: Timestamp) -> Result<Asker, Failure> {
        // A personal token is no app's, and was allowed by nobody for this.
        if SecretKind::PersonalToken.unwrap(text).is_some() {
            return Err(invalid_token("personal_token").into());
        }
        let token = self.tokens.find(realm, text, now).await?.ok_or_else(|| invalid_token("unknown"))?;
        let behind = self.tokens.standing(realm, &token, now).await?.map_err(|fallen| invalid_token(fallen.0))?;
        let Behind { holder, tenant } = behind;
        let grant = holder.ok_or_else(|| invalid_token("no_person"))?.grant;
        let held = token.scopes.intersection(&token.client.client.scopes);
        if !scopes_in(realm.snapshot, &held, tenant.as_ref()).contains(UPSTREAM_TOKENS) {
            return Err(Refusal::new(ErrorCode::InsufficientScope, "the token lacks the scope upstream_tokens").into());
        }
        Ok(Asker { token, grant })
    }
}

/// Whether the access token that is kept is good for a while. One of unknown length is.
fn lasts(upstream: &UpstreamSession, now: Timestamp) -> bool {
    upstream.tokens.access_token.is_some() && upstream.tokens.expires_at.is_none_or(|at| at > now.plus(SHORT))
}

const fn nothing_kept() -> Refusal {
    Refusal::new(ErrorCode::NotFound, "no tokens of a provider are kept for this sign-in")
}

fn trouble(why: &str) -> Refusal {
    Refusal::new(ErrorCode::TemporarilyUnavailable, "the provider cannot be asked for new tokens now").detail(why)
}
