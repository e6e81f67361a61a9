//! A realm with a person, apps and an API, and what they say to the endpoints.

use std::sync::Arc;
use std::time::Duration;

use gantry_connect::jwks::RemoteJwks;
use gantry_connect::outbound::{Outbound, Reach};
use gantry_core::actor::Actor;
use gantry_core::address::{PublicUrl, RealmAddress};
use gantry_core::audit::{AuditEvent, Origin};
use gantry_core::authorization_code::AuthorizationCode;
use gantry_core::client::{Client, ClientKind, ClientSecret};
use gantry_core::clock::{Clock as _, SharedClock, TestClock, Timestamp};
use gantry_core::failure::{Failure, Refusal};
use gantry_core::grant::Grant;
use gantry_core::id::{ClientSecretId, RealmId};
use gantry_core::parameters::Parameters;
use gantry_core::realm::{Realm, RealmSettings, RefreshIssuance};
use gantry_core::reason::Reason;
use gantry_core::secret::{Secret, SecretKind};
use gantry_core::session::Session;
use gantry_core::signing_algorithm::SigningAlgorithm;
use gantry_core::user::User;
use gantry_identity::realms::NewRealm;
use gantry_oauth::client_auth::ClientAuthenticator;
use gantry_oauth::client_request::{ClientRequest, ServedRealm};
use gantry_oauth::credential::Credentials;
use gantry_oauth::endpoint_paths::{EndpointPaths, PathFamilies};
use gantry_oauth::introspection::IntrospectionEndpoint;
use gantry_oauth::keys::KeyRing;
use gantry_oauth::provision::provision;
use gantry_oauth::revocation::RevocationEndpoint;
use gantry_oauth::token::access_token::AccessTokens;
use gantry_oauth::token::endpoint::TokenEndpoint;
use gantry_oauth::userinfo::{Userinfo, UserinfoEndpoint};
use gantry_store::audit_sink::{AuditQueue, AuditSink};
use gantry_store::seal::Sealer;
use gantry_store::snapshot::RealmSnapshot;
use gantry_store::{Store, StoreSettings};
use serde_json::Value;
use tempfile::TempDir;

use crate::records::{client, grant, people, resource, scope};

pub(crate) const API: &str = "https://api.example";
pub(crate) const OTHER_API: &str = "https://other.example";
pub(crate) const CALLBACK: &str = "https://app.example/cb";
pub(crate) const TOKEN_URL: &str = "http://localhost:8080/oauth/token";
pub(crate) const AUTHORIZE_URL: &str = "http://localhost:8080/oauth/authorize";
/// Only where these two are matters here.
const PATHS: PathFamilies = {
    const FAMILY: EndpointPaths = EndpointPaths {
        authorization: "/oauth/authorize",
        pushed_requests: "",
        token: "/oauth/token",
        userinfo: "",
        jwks: "",
        introspection: "",
        revocation: "",
        end_session: "",
    };
    PathFamilies { oauth: FAMILY, keycloak: FAMILY }
};

/// RFC 7636 appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// What an endpoint said: a body, or the error's name on the wire.
pub(crate) type Said = Result<Value, &'static str>;

pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) keys: KeyRing,
    pub(crate) queue: tokio::sync::Mutex<AuditQueue>,
    pub(crate) user: User,
    pub(crate) session: Session,
    realm: RealmId,
    address: RealmAddress,
    token: TokenEndpoint,
    introspection: IntrospectionEndpoint,
    revocation: RevocationEndpoint,
    userinfo: UserinfoEndpoint,
    _folder: TempDir,
}

/// An app with its proof.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) client: Client,
    pub(crate) secret: Option<Secret>,
}

impl World {
    /// A realm with the settings as changed.
    pub(crate) async fn with(change: impl FnOnce(&mut RealmSettings)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(TestClock::default());
        let shared: SharedClock = clock.clone();
        let store = open(&folder, shared.clone()).await;
        let mut settings = RealmSettings::default();
        settings.tokens.signing_algorithm = SigningAlgorithm::EdDsa;
        settings.tokens.refresh_issuance = RefreshIssuance::Always;
        change(&mut settings);
        let slug = format!("r{}", &uuid::Uuid::new_v4().simple().to_string()[..16]);
        let new = NewRealm { slug, name: "Sample".to_owned(), hosts: Vec::new(), settings };
        let realm = provision(&store, new, Actor::System, clock.now()).await.unwrap();
        let (user, session) = people(&realm, clock.now());
        let apis = [resource(&realm, API), resource(&realm, OTHER_API)];
        let scopes =
            [scope(&realm, Some(apis[0].id), "read"), scope(&realm, Some(apis[0].id), "write"), scope(&realm, Some(apis[1].id), "other")];
        let fill = async |tx: &gantry_store::RealmTx| {
            tx.users().insert(&user).await?;
            tx.sessions().insert(&session).await?;
            for api in &apis {
                tx.resources().insert(api).await?;
            }
            for scope in &scopes {
                tx.scopes().insert(scope).await?;
            }
            Ok(())
        };
        store.transact(realm.id, fill).await.unwrap();
        let (keys, (audit, queue)) = (KeyRing::default(), AuditSink::bounded(10_000));
        let jwks = RemoteJwks::new(Outbound::new(Reach::LoopbackToo));
        let clients = ClientAuthenticator::new(store.clone(), jwks, audit.clone(), shared.clone(), PATHS);
        let tokens = AccessTokens::new(store.clone(), keys.clone());
        let credentials = Credentials::new(store.clone(), tokens.clone(), audit.clone());
        Self {
            token: TokenEndpoint::new(store.clone(), keys.clone(), clients.clone(), audit, shared.clone()),
            introspection: IntrospectionEndpoint::new(store.clone(), credentials.clone(), clients.clone(), shared.clone()),
            revocation: RevocationEndpoint::new(store.clone(), tokens, clients, shared.clone()),
            userinfo: UserinfoEndpoint::new(credentials, shared),
            address: PublicUrl::parse("http://localhost:8080").unwrap().address_of(&Realm { slug: "default".to_owned(), ..realm.clone() }),
            realm: realm.id,
            queue: tokio::sync::Mutex::new(queue),
            store,
            clock,
            keys,
            user,
            session,
            _folder: folder,
        }
    }

    pub(crate) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) const fn realm_id(&self) -> RealmId {
        self.realm
    }

    pub(crate) async fn snapshot(&self) -> Arc<RealmSnapshot> {
        self.store.snapshots().realm(self.realm).await.unwrap().unwrap()
    }

    /// Registers an app of a kind, changed as wanted; one that can keep a secret gets one.
    pub(crate) async fn app(&self, client_id: &str, kind: ClientKind, change: impl FnOnce(&mut Client)) -> App {
        let mut client = client(self.realm, client_id, kind, self.now());
        change(&mut client);
        let secret = SecretKind::ClientSecret.generate();
        let keeps = !kind.is_public() && client.jwks.is_none() && client.jwks_uri.is_none();
        let stored = ClientSecret {
            id: ClientSecretId::new(),
            client_id: client.id,
            digest: secret.digest(),
            last_four: secret.last_four(),
            last_used_at: None,
            expires_at: None,
            created_at: self.now(),
        };
        let register = async |tx: &gantry_store::RealmTx| {
            assert!(tx.clients().insert(&client).await?);
            if keeps {
                tx.client_secrets().insert(&stored).await?;
            }
            Ok(())
        };
        self.store.transact(self.realm, register).await.unwrap();
        App { client, secret: keeps.then_some(secret) }
    }

    /// An ordinary web app.
    pub(crate) async fn web_app(&self) -> App {
        self.app("app", ClientKind::Confidential, |_| {}).await
    }

    /// Writes the grant and code that a finished authorization request leaves.
    pub(crate) async fn code(&self, app: &App, change: impl FnOnce(&mut Grant, &mut AuthorizationCode)) -> Secret {
        let mut grant = grant(self, &app.client);
        let secret = SecretKind::AuthorizationCode.generate();
        let mut code = AuthorizationCode {
            digest: secret.digest(),
            realm_id: self.realm,
            client_id: app.client.id,
            grant_id: grant.id,
            redirect_uri: CALLBACK.to_owned(),
            code_challenge: None,
            trace: None,
            created_at: self.now(),
            expires_at: self.now().plus(Duration::from_mins(1)),
            consumed_at: None,
        };
        change(&mut grant, &mut code);
        let write = async |tx: &gantry_store::RealmTx| {
            tx.grants().insert(&grant).await?;
            tx.codes().insert(&code).await?;
            Ok(())
        };
        self.store.transact(self.realm, write).await.unwrap();
        secret
    }

    /// Redeems a code as the app.
    pub(crate) async fn redeem(&self, app: &App, code: &Secret) -> Said {
        self.token(&app.form(&[("grant_type", "authorization_code"), ("code", code.expose()), ("redirect_uri", CALLBACK)])).await
    }

    /// Tokens as after a whole code flow.
    pub(crate) async fn tokens(&self, app: &App) -> Value {
        let code = self.code(app, |_, _| {}).await;
        self.redeem(app, &code).await.unwrap()
    }

    pub(crate) async fn refresh(&self, app: &App, token: &str, more: &[(&str, &str)]) -> Said {
        let mut parameters = vec![("grant_type", "refresh_token"), ("refresh_token", token)];
        parameters.extend_from_slice(more);
        self.token(&app.form(&parameters)).await
    }

    pub(crate) async fn token(&self, form: &str) -> Said {
        self.ask(form, async |request| Ok(serde_json::to_value(self.token.handle(request).await?).unwrap())).await
    }

    pub(crate) async fn introspect(&self, form: &str) -> Said {
        self.ask(form, async |request| Ok(serde_json::to_value(self.introspection.handle(request).await?).unwrap())).await
    }

    pub(crate) async fn revoke(&self, app: &App, token: &str) -> Said {
        let form = app.form(&[("token", token)]);
        self.ask(&form, async |request| self.revocation.handle(request).await.map(|()| Value::Null)).await
    }

    /// Whether the app that owns a token sees it as active.
    pub(crate) async fn is_active(&self, app: &App, token: &str) -> bool {
        self.introspect(&app.form(&[("token", token)])).await.unwrap()["active"].as_bool().unwrap()
    }

    pub(crate) async fn userinfo(&self, token: &str) -> Said {
        let snapshot = self.snapshot().await;
        let realm = ServedRealm { snapshot: &snapshot, address: &self.address };
        match self.userinfo.handle(realm, &[format!("Bearer {token}").into_bytes()], None).await {
            Ok(Userinfo::Claims { claims, .. }) => Ok(Value::Object(claims)),
            Ok(Userinfo::Challenge) => Err("challenge"),
            Err(failure) => Err(wire_name(failure)),
        }
    }

    /// Why a token request is refused: the code and the stable reason.
    pub(crate) async fn refusal(&self, form: &str) -> (&'static str, Option<&'static str>) {
        let refusal = self.refused(form).await;
        (refusal.code.wire_name(), refusal.reason.map(Reason::as_str))
    }

    /// The refusal of a token request.
    pub(crate) async fn refused(&self, form: &str) -> Refusal {
        match self.answer(form, async |request| Ok(serde_json::to_value(self.token.handle(request).await?).unwrap())).await {
            Err(Failure::Refused(refusal)) => refusal,
            other => panic!("{other:?}"),
        }
    }

    async fn ask(&self, form: &str, endpoint: impl AsyncFnOnce(ClientRequest<'_>) -> Result<Value, Failure>) -> Said {
        self.answer(form, endpoint).await.map_err(wire_name)
    }

    async fn answer(&self, form: &str, endpoint: impl AsyncFnOnce(ClientRequest<'_>) -> Result<Value, Failure>) -> Result<Value, Failure> {
        let snapshot = self.snapshot().await;
        let (parameters, origin) = (Parameters::parse(form).unwrap(), Origin::default());
        let realm = ServedRealm { snapshot: &snapshot, address: &self.address };
        endpoint(ClientRequest { realm, authorization: &[], parameters: &parameters, origin: &origin }).await
    }

    /// How often something is in the audit trail, with what the hot path left behind written.
    pub(crate) async fn audited(&self, event: AuditEvent) -> usize {
        let mut queue = self.queue.lock().await;
        let _ = tokio::time::timeout(Duration::from_millis(200), queue.drain(&self.store)).await;
        let lines = self.store.read(self.realm).audit().list(None, 1000).await.unwrap();
        lines.iter().filter(|line| line.event == event).count()
    }
}

impl App {
    /// A form with these parameters and the app's proof.
    pub(crate) fn form(&self, parameters: &[(&str, &str)]) -> String {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(parameters).append_pair("client_id", &self.client.client_id);
        if let Some(secret) = &self.secret {
            form.append_pair("client_secret", secret.expose());
        }
        form.finish()
    }
}

/// A member of an answer that must be text.
pub(crate) fn text<'v>(answer: &'v Value, name: &str) -> &'v str {
    answer[name].as_str().unwrap_or_else(|| panic!("no `{name}` in {answer}"))
}

/// The claims of a JWT, unverified.
pub(crate) fn claims(jwt: &str) -> Value {
    use base64::Engine as _;
    let payload = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(jwt.split('.').nth(1).unwrap()).unwrap();
    serde_json::from_slice(&payload).unwrap()
}

fn wire_name(failure: Failure) -> &'static str {
    match failure {
        Failure::Refused(refusal) => refusal.code.wire_name(),
        Failure::Broken(fault) => panic!("{fault}"),
    }
}

async fn open(folder: &TempDir, clock: SharedClock) -> Store {
    let url = format!("sqlite://{}", folder.path().join("gantry.db").display());
    gantry_migrations::migrate(&gantry_migrations::connect(&url).await.unwrap()).await.unwrap();
    let sealer = Sealer::from_master_key(&Sealer::generate_master_key()).unwrap();
    Store::open(&StoreSettings { database_url: Secret::new(url), max_connections: 8 }, sealer, clock, None).await.unwrap()
}
