//! An issuer as everybody else sees it: its metadata and its keys, fetched and remembered.
//!
//! Owns the samples' HTTP client and how often an issuer may be asked again. Never takes a shortcut
//! into the server that runs beside it.

use std::sync::Arc;
use std::time::Duration;

use gantry_core::clock::{SharedClock, Timestamp};
use gantry_core::failure::Fault;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::sync::Mutex;

use crate::realm::SampleClient;

/// What is known is believed for this long.
const FRESH: Duration = Duration::from_mins(10);
/// Between two fetches of the keys for a `kid` that is not among them lies at least this.
const REST: Duration = Duration::from_secs(5);
/// A request of a sample ends after this.
const DEADLINE: Duration = Duration::from_secs(10);

/// What the sample API needs of an issuer's metadata (RFC 8414 §2).
#[derive(Debug, Clone, Deserialize)]
struct Metadata {
    issuer: String,
    userinfo_endpoint: String,
    introspection_endpoint: String,
    jwks_uri: String,
}

/// Why somebody did not answer as they should, worded to follow their name.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Silent {
    #[error("cannot be reached")]
    Network(#[source] reqwest::Error),
    #[error("answered with the status {0}")]
    Status(u16),
    #[error("answered with something that cannot be read")]
    Unreadable(#[source] reqwest::Error),
    #[error("says that it is another issuer")]
    AnotherIssuer,
}

/// The HTTP client of the samples.
pub(crate) fn http_client() -> Result<reqwest::Client, Fault> {
    let built = reqwest::Client::builder()
        .user_agent("gantry-demo")
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .timeout(DEADLINE)
        .build();
    built.map_err(|error| Fault::caused("the samples' HTTP client cannot be made", error))
}

/// An issuer and what is remembered of it. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Issuer {
    url: String,
    http: reqwest::Client,
    clock: SharedClock,
    known: Arc<Mutex<Known>>,
}

#[derive(Debug, Default)]
struct Known {
    metadata: Option<(Arc<Metadata>, Timestamp)>,
    keys: Option<(Arc<JwkSet>, Timestamp)>,
}

impl Issuer {
    pub(crate) fn new(url: &str, http: reqwest::Client, clock: SharedClock) -> Self {
        Self { url: url.to_owned(), http, clock, known: Arc::default() }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// What an access token lets its bearer know of the person (OpenID Connect Core §5.3).
    pub(crate) async fn userinfo<T: DeserializeOwned>(&self, token: &str) -> Result<T, Silent> {
        let metadata = self.metadata().await?;
        read(self.http.get(&metadata.userinfo_endpoint).bearer_auth(token)).await
    }

    /// What a credential is good for, as far as this client may know (RFC 7662).
    pub(crate) async fn introspect<T: DeserializeOwned>(&self, asker: &SampleClient, token: &str) -> Result<T, Silent> {
        let metadata = self.metadata().await?;
        // RFC 6749 §2.3.1: both are form-encoded before they are joined.
        let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let request = self.http.post(&metadata.introspection_endpoint).form(&[("token", token)]);
        read(request.basic_auth(encoded(&asker.client_id), Some(encoded(asker.secret.expose())))).await
    }

    async fn metadata(&self) -> Result<Arc<Metadata>, Silent> {
        self.metadata_into(&mut *self.known.lock().await).await
    }

    /// The key with this name; the keys are fetched again if it is not among them.
    pub(crate) async fn key(&self, kid: &str) -> Result<Option<Jwk>, Silent> {
        let mut known = self.known.lock().await;
        let now = self.clock.now();
        if let Some((keys, fetched_at)) = &known.keys {
            let age = now.since(*fetched_at);
            let key = keys.find(kid).cloned();
            if age < FRESH && (key.is_some() || age < REST) {
                return Ok(key);
            }
        }
        let metadata = self.metadata_into(&mut known).await?;
        let keys: Arc<JwkSet> = Arc::new(self.get(&metadata.jwks_uri).await?);
        known.keys = Some((Arc::clone(&keys), now));
        Ok(keys.find(kid).cloned())
    }

    async fn metadata_into(&self, known: &mut Known) -> Result<Arc<Metadata>, Silent> {
        let now = self.clock.now();
        if let Some((metadata, fetched_at)) = &known.metadata
            && now.since(*fetched_at) < FRESH
        {
            return Ok(Arc::clone(metadata));
        }
        let metadata: Arc<Metadata> = Arc::new(self.get(&format!("{}/.well-known/openid-configuration", self.url)).await?);
        // Whoever is told of another issuer would send codes and secrets there (RFC 8414 §3.3).
        if metadata.issuer != self.url {
            return Err(Silent::AnotherIssuer);
        }
        known.metadata = Some((Arc::clone(&metadata), now));
        Ok(metadata)
    }

    async fn get<T: DeserializeOwned>(&self, url: &str) -> Result<T, Silent> {
        read(self.http.get(url)).await
    }
}

/// Sends a request and reads the JSON of a good answer.
pub(crate) async fn read<T: DeserializeOwned>(request: reqwest::RequestBuilder) -> Result<T, Silent> {
    let response = request.send().await.map_err(Silent::Network)?;
    if !response.status().is_success() {
        return Err(Silent::Status(response.status().as_u16()));
    }
    response.json().await.map_err(Silent::Unreadable)
}
