//! A provider says that somebody has signed out there (OpenID Connect Back-Channel Logout 1.0 §2.5 to §2.8).
//!
//! Whatever is wrong looks the same from outside: 400, and nothing has ended. Checks the token before any transaction,
//! for its keys may have to be fetched.

use gantry_connect::connector::Connectors;
use gantry_core::audit::Origin;
use gantry_core::clock::SharedClock;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::id::RealmId;
use gantry_core::parameters::Parameters;
use gantry_identity::upstream_sessions;
use gantry_store::Store;

/// No genuine token is longer.
const MAX_TOKEN: usize = 16 * 1024;

/// Hears providers out. Cheap to clone.
#[derive(Debug, Clone)]
pub struct BackChannelLogout {
    store: Store,
    connectors: Connectors,
    clock: SharedClock,
}

impl BackChannelLogout {
    /// Over these.
    pub const fn new(store: Store, connectors: Connectors, clock: SharedClock) -> Self {
        Self { store, connectors, clock }
    }

    /// Ends what a logout token names. `slug` is the connection's name and `callback` its own address at the provider.
    pub async fn handle(
        &self,
        realm: RealmId,
        (slug, callback): (&str, String),
        parameters: &Parameters,
        origin: &Origin,
    ) -> Result<(), Failure> {
        let token = parameters.get("logout_token").filter(|token| token.len() <= MAX_TOKEN).ok_or_else(|| refused("no_token"))?;
        let rows = self.store.read(realm);
        let known = rows.connections().find_by_slug(slug).await?.filter(|known| known.is_enabled() && known.kind.is_upstream());
        let connection = known.ok_or_else(|| refused("no_connection"))?;
        let registration = upstream_sessions::registration(&rows, connection, callback).await?;
        drop(rows);
        let checked = self.connectors.check_logout_token(&registration, token).await;
        let token = checked.map_err(|failed| refused(&failed.to_string()))?;
        let now = self.clock.now();
        let work = async |tx: &gantry_store::RealmTx| {
            Ok(upstream_sessions::end_by_provider(tx, &registration.connection, &token, origin, now).await?)
        };
        let new = self.store.transact(realm, work).await?;
        if new { Ok(()) } else { Err(refused("replayed").into()) }
    }
}

fn refused(why: &str) -> Refusal {
    Refusal::new(ErrorCode::InvalidRequest, "the logout token is missing or does not hold").detail(why)
}
