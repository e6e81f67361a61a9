//! Signing out at the provider too, as its relying party (OpenID Connect RP-Initiated Logout 1.0).
//!
//! Owns the round trip: where the browser is sent, and where it goes on to when it comes back. That place travels as
//! `state`, sealed for this realm and browser and only for a while, so that nobody else's way back is ever followed.
//! Never holds a sign-out here up: a provider that is slow is left out (attack catalogue LGO-08).

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gantry_connect::connector::Connectors;
use gantry_core::clock::{SharedClock, Timestamp};
use gantry_core::failure::Fault;
use gantry_core::id::RealmId;
use gantry_core::secret::Digest;
use gantry_identity::upstream_sessions::{self, Standing};
use gantry_store::Store;
use gantry_store::seal::{SealContext, Sealer};
use serde::{Deserialize, Serialize};

const PURPOSE: &str = "logout.upstream";
/// How long a person may take at the provider.
const LIFETIME: Duration = Duration::from_mins(15);
/// How long the provider's own address may take to be found out.
const PATIENCE: Duration = Duration::from_millis(250);
/// A longer way back does not fit into a provider's address; the person sees our own page instead.
const MAX_LOCATION: usize = 2048;

/// What `state` holds.
#[derive(Serialize, Deserialize)]
struct WayBack {
    to: Option<String>,
    until: Timestamp,
}

/// Where the realm's own addresses are that a provider knows.
#[derive(Debug, Clone)]
pub struct Addresses {
    /// The connection's callback.
    pub callback: String,
    /// Where the browser comes back to after a sign-out.
    pub signed_out: String,
}

/// Sends browsers to sign out at their provider, and takes them back. Cheap to clone.
#[derive(Debug, Clone)]
pub struct UpstreamLogout {
    store: Store,
    connectors: Connectors,
    clock: SharedClock,
}

impl UpstreamLogout {
    /// Over these.
    pub const fn new(store: Store, connectors: Connectors, clock: SharedClock) -> Self {
        Self { store, connectors, clock }
    }

    /// The provider's address for the browser to go on to, if it has one that is found soon. `then` is where the browser
    /// goes in the end.
    pub async fn begin(
        &self,
        owed: Standing,
        (realm, browser): (RealmId, Digest),
        addresses: Addresses,
        then: Option<String>,
    ) -> Result<Option<String>, Fault> {
        let Addresses { callback, signed_out } = addresses;
        let id_token = owed.upstream.tokens.id_token;
        let registration = upstream_sessions::registration(&self.store.read(realm), owed.connection, callback).await?;
        let way = WayBack { to: then.filter(|to| to.len() <= MAX_LOCATION), until: self.clock.now().plus(LIFETIME) };
        let state = seal(self.store.sealer(), realm, browser, &way)?;
        let asking = self.connectors.end_session(&registration, id_token.as_ref(), &signed_out, &state);
        Ok(tokio::time::timeout(PATIENCE, asking).await.ok().flatten().map(String::from))
    }

    /// Where a browser that has come back goes on to; none: it sees our own page.
    pub fn finish(&self, (realm, browser): (RealmId, Digest), state: &str) -> Option<String> {
        open(self.store.sealer(), realm, browser, state).filter(|way| self.clock.now() < way.until)?.to
    }
}

fn seal(sealer: &Sealer, realm: RealmId, browser: Digest, way: &WayBack) -> Result<String, Fault> {
    let (realm, row) = (realm.to_string(), browser.to_text());
    let plain = serde_json::to_vec(way).map_err(|error| Fault::caused("a way back", error))?;
    let bytes = sealer.seal(SealContext { purpose: PURPOSE, realm: &realm, row: &row }, &plain)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

fn open(sealer: &Sealer, realm: RealmId, browser: Digest, state: &str) -> Option<WayBack> {
    let (realm, row) = (realm.to_string(), browser.to_text());
    let bytes = URL_SAFE_NO_PAD.decode(state).ok()?;
    let plain = sealer.open(SealContext { purpose: PURPOSE, realm: &realm, row: &row }, &bytes)?;
    serde_json::from_slice(&plain).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use gantry_core::secret::SecretKind;

    #[test]
    fn lgo_01_a_way_back_is_one_browsers_and_one_realms() {
        let sealer = Sealer::from_master_key(&Sealer::generate_master_key()).unwrap();
        let (realm, browser) = (RealmId::new(), SecretKind::Browser.generate().digest());
        let way = WayBack { to: Some("https://app.example/bye".to_owned()), until: Timestamp::from_millis(1) };
        let state = seal(&sealer, realm, browser, &way).unwrap();
        let opened = |realm, browser, state: &str| open(&sealer, realm, browser, state).and_then(|way| way.to);
        assert_eq!(opened(realm, browser, &state).as_deref(), Some("https://app.example/bye"));
        assert_eq!(opened(RealmId::new(), browser, &state), None);
        assert_eq!(opened(realm, SecretKind::Browser.generate().digest(), &state), None);
        for wrong in ["", "https://evil.example", &state.replacen(state.chars().next().unwrap(), "", 1), &format!("{state}AA")] {
            assert_eq!(opened(realm, browser, wrong), None, "{wrong}");
        }
    }
}
