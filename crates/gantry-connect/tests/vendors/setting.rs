//! A connection, a browser's way there and back, and how it ended.

use std::sync::Arc;

use gantry_connect::connector::{Ask, Connectors, Expected, Failed, Finished, Hops, Registration, Returned};
use gantry_connect::outbound::{Outbound, Reach};
use gantry_core::clock::{SharedClock, TestClock};
use gantry_core::connection::{Connection, ConnectionSecrets, ConnectionSettings};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::id::{ConnectionId, RealmId};
use gantry_core::parameters::Parameters;
use gantry_core::secret::Secret;
use gantry_core::sign_in_trace::SignInProblem;
use serde_json::{Value, json};
use url::Url;

/// The client id everywhere.
pub(crate) const CLIENT: &str = "gantry-client";
/// The nonce of every conversation.
pub(crate) const NONCE: &str = "nonce-of-this-conversation";
/// The code of every conversation.
pub(crate) const CODE: &str = "code-of-this-conversation";

/// Connectors over this machine, and a connection to try them with.
pub(crate) struct Setting {
    pub(crate) connectors: Connectors,
    pub(crate) clock: SharedClock,
    pub(crate) registration: Registration,
}

impl Setting {
    /// A connection of this kind.
    pub(crate) fn new(kind: ConnectorKind, settings: ConnectionSettings, secrets: ConnectionSecrets) -> Self {
        let clock: SharedClock = Arc::new(TestClock::default());
        let connection = Connection {
            id: ConnectionId::new(),
            realm_id: RealmId::new(),
            slug: "vendor".to_owned(),
            name: "Vendor".to_owned(),
            kind,
            owner: None,
            settings: ConnectionSettings { client_id: Some(CLIENT.to_owned()), ..settings },
            credential_expires_at: None,
            not_before: None,
            disabled_at: None,
            created_at: clock.now(),
        };
        let callback = "https://id.example/connections/vendor/callback".to_owned();
        let registration = Registration { connection, secrets, callback, directories: Vec::new() };
        Self { connectors: Connectors::new(Outbound::new(Reach::LoopbackToo), Arc::clone(&clock)), clock, registration }
    }

    /// The claims that every ID token has, and these.
    pub(crate) fn claims(&self, more: &Value) -> Value {
        let now = self.clock.now().seconds();
        let mut claims = json!({ "aud": CLIENT, "nonce": NONCE, "iat": now, "nbf": now, "exp": now + 3600, "sub": "pairwise" });
        claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        claims
    }

    /// Where the browser is sent.
    pub(crate) async fn begin(&self) -> Result<Url, Failed> {
        let ask = Ask {
            state: Secret::new("state"),
            nonce: NONCE.to_owned(),
            verifier: Secret::new("v".repeat(43)),
            login_hint: None,
            domain_hint: None,
            ui_locales: Vec::new(),
            prompts: Vec::new(),
            max_age: None,
            acr_values: Vec::new(),
        };
        self.connectors.begin(&self.registration, &ask, &mut Hops::new(Arc::clone(&self.clock))).await
    }

    /// What becomes of a callback with these parameters.
    pub(crate) async fn finish_with(&self, parameters: &str) -> (Result<Finished, Failed>, Hops) {
        let mut hops = Hops::new(Arc::clone(&self.clock));
        let expected = Expected { nonce: NONCE.to_owned(), verifier: Secret::new("v".repeat(43)), max_age: None };
        let returned = Returned { parameters: Parameters::parse(parameters).unwrap() };
        let finished = self.connectors.finish(&self.registration, &expected, &returned, &mut hops).await;
        (finished, hops)
    }

    /// What becomes of a callback with a code.
    pub(crate) async fn finish(&self) -> Result<Finished, Failed> {
        self.finish_with(&format!("code={CODE}&state=state")).await.0
    }

    /// Why a callback with a code fails.
    pub(crate) async fn refused(&self) -> SignInProblem {
        self.finish().await.expect_err("the sign-in had to fail").problem
    }
}
