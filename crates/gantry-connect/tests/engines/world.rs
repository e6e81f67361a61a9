//! A connection, its provider, and a conversation between them that goes well unless a test spoils it.

use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gantry_connect::connector::{Ask, Connectors, Expected, Failed, Finished, Hops, Registration, Returned};
use gantry_connect::outbound::{Outbound, Reach};
use gantry_core::clock::{Clock, SharedClock, Timestamp};
use gantry_core::connection::{Connection, ConnectionSecrets, ConnectionSettings};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::id::{ConnectionId, RealmId, TenantId};
use gantry_core::parameters::Parameters;
use gantry_core::secret::Secret;
use gantry_core::sign_in_trace::{Hop, SignInProblem};
use gantry_core::signing_algorithm::SigningAlgorithm;
use serde_json::{Value, json};
use url::Url;

use crate::mock::{Mock, Reply};

/// The client id everywhere.
pub const CLIENT: &str = "gantry-client";
/// What no log, trace or failure may ever hold.
pub const CANARIES: [&str; 5] =
    ["canary-secret", "canary-code", "canary-access", "canary-refresh", "canary-verifier-canary-verifier-canary-verifier"];

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct StillClock(Mutex<Timestamp>);

impl StillClock {
    pub fn advance(&self, by: Duration) {
        let mut now = self.0.lock().unwrap();
        *now = now.plus(by);
    }
}

impl Clock for StillClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

/// A provider's key.
pub enum Key {
    P256(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
    Rsa(RsaKeyPair),
}

impl Key {
    pub fn p256() -> Self {
        let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).unwrap();
        Self::P256(EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der.as_ref()).unwrap())
    }

    pub fn ed() -> Self {
        let der = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        Self::Ed(Ed25519KeyPair::from_pkcs8(der.as_ref()).unwrap())
    }

    /// The RSA key of this process; making one takes long.
    pub fn rsa() -> Self {
        static DER: OnceLock<Vec<u8>> = OnceLock::new();
        let der = DER.get_or_init(|| {
            let der: Pkcs8V1Der<'static> = RsaKeyPair::generate(KeySize::Rsa2048).unwrap().as_der().unwrap();
            der.as_ref().to_vec()
        });
        Self::Rsa(RsaKeyPair::from_pkcs8(der).unwrap())
    }

    pub const fn alg(&self) -> SigningAlgorithm {
        match self {
            Self::P256(_) => SigningAlgorithm::Es256,
            Self::Ed(_) => SigningAlgorithm::EdDsa,
            Self::Rsa(_) => SigningAlgorithm::Rs256,
        }
    }

    pub fn jwk(&self, kid: &str) -> Value {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let mut jwk = match self {
            Self::P256(pair) => {
                let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
                json!({ "kty": "EC", "crv": "P-256", "x": text(x), "y": text(y) })
            }
            Self::Ed(pair) => json!({ "kty": "OKP", "crv": "Ed25519", "x": text(pair.public_key().as_ref()) }),
            Self::Rsa(pair) => {
                let (n, e) = (pair.public_key().modulus(), pair.public_key().exponent());
                json!({ "kty": "RSA", "n": text(n.big_endian_without_leading_zero()), "e": text(e.big_endian_without_leading_zero()) })
            }
        };
        jwk["kid"] = json!(kid);
        jwk
    }

    pub fn signature(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::P256(pair) => pair.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec(),
            Self::Ed(pair) => pair.sign(message).as_ref().to_vec(),
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).unwrap();
                signature
            }
        }
    }

    /// A token of exactly these texts.
    pub fn sign_text(&self, header: &str, claims: &str) -> String {
        let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(self.signature(message.as_bytes())))
    }

    /// A token of this header, to which `alg` is added, and these claims.
    pub fn sign(&self, mut header: Value, claims: &Value) -> String {
        if header.get("alg").is_none() {
            header["alg"] = json!(self.alg());
        }
        self.sign_text(&header.to_string(), &claims.to_string())
    }
}

/// Both sides.
pub struct World {
    pub mock: Mock,
    pub clock: Arc<StillClock>,
    pub connectors: Connectors,
    pub registration: Registration,
    pub key: Key,
    pub expected: Expected,
}

impl World {
    /// An OpenID Connect provider whose every answer is right.
    pub async fn oidc() -> Self {
        Self::with_key(Key::p256()).await
    }

    pub async fn with_key(key: Key) -> Self {
        let mut world = Self::of_kind(ConnectorKind::Oidc, key).await;
        let settings = &mut world.registration.connection.settings;
        settings.issuer = Some(world.mock.url.clone());
        settings.signing_algorithms = vec![world.key.alg()];
        world.publish(&world.metadata());
        world.publish_keys(&[world.key.jwk("one")]);
        world.redeems_to(&world.answer(&world.claims()));
        world
    }

    pub async fn of_kind(kind: ConnectorKind, key: Key) -> Self {
        let mock = Mock::start().await;
        let clock = Arc::new(StillClock(Mutex::new(Timestamp::from_seconds(1_800_000_000))));
        let connection = Connection {
            id: ConnectionId::new(),
            realm_id: RealmId::new(),
            slug: "provider".to_owned(),
            name: "Provider".to_owned(),
            kind,
            owner: Some(TenantId::new()),
            settings: ConnectionSettings { client_id: Some(CLIENT.to_owned()), ..ConnectionSettings::default() },
            credential_expires_at: None,
            not_before: None,
            disabled_at: None,
            created_at: clock.now(),
        };
        let registration = Registration {
            connection,
            secrets: ConnectionSecrets { client_secret: Some(Secret::new(CANARIES[0])), ..ConnectionSecrets::default() },
            callback: "https://id.example/connections/provider/callback".to_owned(),
            directories: Vec::new(),
        };
        let shared: SharedClock = Arc::clone(&clock) as SharedClock;
        let outbound = Outbound::new(Reach::LoopbackToo);
        let expected = Expected { nonce: "the-nonce".to_owned(), verifier: Secret::new(CANARIES[4]), max_age: None };
        Self { mock, connectors: Connectors::new(outbound, shared), clock, registration, key, expected }
    }

    /// The same world with connectors that remember nothing and wait no longer than this.
    #[must_use]
    pub fn waiting(self, deadline: Duration) -> Self {
        let outbound = Outbound::new(Reach::LoopbackToo).with_deadline(deadline);
        Self { connectors: Connectors::new(outbound, Arc::clone(&self.clock) as SharedClock), ..self }
    }

    pub fn metadata(&self) -> Value {
        let url = &self.mock.url;
        json!({
            "issuer": url,
            "authorization_endpoint": format!("{url}/authorize"),
            "token_endpoint": format!("{url}/token"),
            "userinfo_endpoint": format!("{url}/userinfo"),
            "end_session_endpoint": format!("{url}/logout"),
            "jwks_uri": format!("{url}/jwks"),
        })
    }

    pub fn publish(&self, metadata: &Value) {
        self.mock.answer("/.well-known/openid-configuration", Reply::document(metadata));
    }

    pub fn publish_keys(&self, keys: &[Value]) {
        self.mock.answer("/jwks", Reply::document(&json!({ "keys": keys })));
    }

    /// The claims of an ID token that is right.
    pub fn claims(&self) -> Value {
        let now = self.clock.now().seconds();
        json!({
            "iss": self.mock.url,
            "aud": CLIENT,
            "sub": "person-1",
            "nonce": self.expected.nonce,
            "iat": now,
            "exp": now + 300,
            "email": "ada@corp.example",
            "email_verified": true,
            "name": "Ada Lovelace",
        })
    }

    /// A token answer with an ID token of these claims.
    pub fn answer(&self, claims: &Value) -> Value {
        Self::answer_with(&self.key.sign(json!({ "kid": "one", "typ": "JWT" }), claims))
    }

    pub fn answer_with(id_token: &str) -> Value {
        json!({
            "access_token": CANARIES[2],
            "refresh_token": CANARIES[3],
            "token_type": "Bearer",
            "expires_in": 600,
            "id_token": id_token,
        })
    }

    pub fn redeems_to(&self, answer: &Value) {
        self.mock.answer("/token", Reply::document(answer));
    }

    pub fn ask() -> Ask {
        Ask {
            state: Secret::new("the-state"),
            nonce: "the-nonce".to_owned(),
            verifier: Secret::new(CANARIES[4]),
            login_hint: None,
            domain_hint: None,
            ui_locales: Vec::new(),
            prompts: Vec::new(),
            max_age: None,
            acr_values: Vec::new(),
        }
    }

    pub fn hops(&self) -> Hops {
        Hops::new(Arc::clone(&self.clock) as SharedClock)
    }

    pub async fn begin(&self, ask: &Ask) -> Result<Url, Failed> {
        self.connectors.begin(&self.registration, ask, &mut self.hops()).await
    }

    /// What becomes of a callback with this query, and its hops; neither holds a secret.
    pub async fn finish_with(&self, query: &str) -> (Result<Finished, Failed>, Vec<Hop>) {
        let mut hops = self.hops();
        let returned = Returned { parameters: Parameters::parse(query).unwrap() };
        let finished = self.connectors.finish(&self.registration, &self.expected, &returned, &mut hops).await;
        let hops = hops.into_vec();
        let told = format!("{hops:?} {finished:?}");
        for canary in CANARIES {
            assert!(!told.contains(canary), "{canary} is told: {told}");
        }
        (finished, hops)
    }

    pub async fn finish(&self) -> Result<Finished, Failed> {
        self.finish_with("code=canary-code&state=the-state").await.0
    }

    /// Why a callback with a code fails.
    pub async fn refused(&self) -> SignInProblem {
        self.finish().await.map(|finished| finished.identity).expect_err("the sign-in had to fail").problem
    }

    /// Why it fails with these claims in place of the right ones.
    pub async fn refuses_claims(&self, change: impl FnOnce(&mut Value)) -> SignInProblem {
        let mut claims = self.claims();
        change(&mut claims);
        self.redeems_to(&self.answer(&claims));
        self.refused().await
    }

    /// That it goes well with these claims.
    pub async fn takes_claims(&self, change: impl FnOnce(&mut Value)) -> Finished {
        let mut claims = self.claims();
        change(&mut claims);
        self.redeems_to(&self.answer(&claims));
        self.finish().await.unwrap()
    }
}
