//! Asking a provider about itself before a connection to it is written.
//!
//! What the provider's metadata contradict is not stored (attack catalogue FED-03). Waits for the network, so it comes before the
//! transaction that writes; realm files are applied without it, since that has to work where no provider can be
//! reached. To a tenant all failures look alike, so that nobody finds out by it what answers where (§0.17).

use std::time::Duration;

use gantry_connect::connector::{Connectors, Failed, Probe, Registration};
use gantry_connect::preset;
use gantry_core::actor::Actor;
use gantry_core::clock::SharedClock;
use gantry_core::connection::{Connection, ConnectionSecrets, ConnectionSettings};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::id::{ConnectionId, RealmId};
use gantry_store::rate_limit::Quota;
use gantry_store::{RealmTx, Store};

use super::{NewConnection, no_connection, normalise, permit, refusal};

/// Twenty at once, and one more each half minute: somebody who sets connections up does not need more.
const PROBES: Quota = Quota { burst: 20, period: Duration::from_mins(10) };

/// What asks.
#[derive(Debug, Clone, Copy)]
pub struct Outside<'o> {
    /// The rows.
    pub store: &'o Store,
    /// The network.
    pub connectors: &'o Connectors,
    /// The realm.
    pub realm: RealmId,
    /// The connection's own callback address.
    pub callback: &'o str,
    /// The present.
    pub clock: &'o SharedClock,
}

/// Asks the provider of a connection that is to be made; none: its settings are taken at their word, since providers of
/// its kind have no metadata.
pub async fn before_create(outside: Outside<'_>, actor: Actor, new: &NewConnection) -> Result<Option<Probe>, Failure> {
    permit(actor, outside.realm, new.owner)?;
    let bare = Connection {
        id: ConnectionId::new(),
        realm_id: outside.realm,
        slug: new.slug.clone(),
        name: new.details.name.clone(),
        kind: new.kind,
        owner: new.owner,
        settings: ConnectionSettings::default(),
        credential_expires_at: None,
        not_before: None,
        disabled_at: None,
        created_at: outside.clock.now(),
    };
    ask(outside, actor, bare, new.details.settings.clone()).await
}

/// Asks the provider of a connection whose settings are to be these, if they change where it is asked.
pub async fn before_update(
    outside: Outside<'_>,
    actor: Actor,
    id: ConnectionId,
    settings: &ConnectionSettings,
) -> Result<Option<Probe>, Failure> {
    let known = find(&outside.store.read(outside.realm), actor, id).await?;
    if asks_the_same(&known.settings, settings) {
        return Ok(None);
    }
    ask(outside, actor, known, settings.clone()).await
}

/// Asks the provider of a connection as it is, now: for its page.
pub async fn now(outside: Outside<'_>, actor: Actor, id: ConnectionId) -> Result<Option<Probe>, Failure> {
    let known = find(&outside.store.read(outside.realm), actor, id).await?;
    let settings = known.settings.clone();
    ask(outside, actor, known, settings).await
}

async fn find(tx: &RealmTx, actor: Actor, id: ConnectionId) -> Result<Connection, Failure> {
    let known = tx.connections().find(id).await?.ok_or_else(no_connection)?;
    permit(actor, tx.realm_id(), known.owner)?;
    Ok(known)
}

/// Who may not write it was sent away before; so nobody else is a way to make this server ask anything.
async fn ask(outside: Outside<'_>, actor: Actor, bare: Connection, settings: ConnectionSettings) -> Result<Option<Probe>, Failure> {
    let settings = normalise(bare.kind, bare.owner, settings, outside.connectors.reach()).map_err(|wrong| refusal(&wrong))?;
    if !bare.kind.is_upstream() || preset::defaults(bare.kind).engine == preset::Engine::Oauth2 {
        return Ok(None);
    }
    count(outside, actor).await?;
    let connection = Connection { settings, ..bare };
    let field = if connection.kind == ConnectorKind::Microsoft { "microsoft.audience" } else { "issuer" };
    let registration =
        Registration { connection, secrets: ConnectionSecrets::default(), callback: outside.callback.to_owned(), directories: Vec::new() };
    let asked = outside.connectors.probe(&registration).await;
    Ok(Some(asked.map_err(|failed| contradicted(actor, &failed, field))?))
}

async fn count(outside: Outside<'_>, actor: Actor) -> Result<(), Refusal> {
    let who = match (actor.tenant(), actor.user()) {
        (Some(tenant), _) => tenant.to_string(),
        (None, Some(user)) => user.to_string(),
        (None, None) => actor.kind().to_owned(),
    };
    let key = format!("probe:{}:{who}", outside.realm);
    let too_many = Refusal::new(ErrorCode::TooManyRequests, "Providers were asked too often; wait a few minutes");
    outside.store.limiter().check(&key, PROBES).await.or(Err(too_many))
}

/// Whether a change of settings leaves it where the provider's metadata are and what they have to say.
fn asks_the_same(before: &ConnectionSettings, after: &ConnectionSettings) -> bool {
    let audience = |settings: &ConnectionSettings| settings.microsoft.as_ref().map(|microsoft| microsoft.audience.clone());
    before.issuer == after.issuer && before.endpoints == after.endpoints && audience(before) == audience(after)
}

fn contradicted(actor: Actor, failed: &Failed, field: &str) -> Refusal {
    let refusal = Refusal::new(ErrorCode::InvalidRequest, "The provider does not bear these settings out");
    let problem = if actor.tenant().is_some() {
        "leads to no metadata that name it and all that is needed".to_owned()
    } else {
        format!("leads to no metadata that can be used: {}", failed.detail)
    };
    refusal.detail(failed.to_string()).field(field, problem)
}
