//! An admin's test of a client: a real authorization request, answered to the console instead of to the app.
//!
//! The one flow whose answer goes to an address that the client has not registered, so all of it is held here
//! (attack catalogue RED-01, RED-12, COD-10, SES-02, TEN-07):
//!
//! - Only who may change the client, and so could register an address of their own, may begin one.
//! - The request is made by the server and waits under a reference that is good for 90 seconds and one answer,
//!   as if it were pushed. No parameter of any request can name the console's address.
//! - What the console needs to redeem the code (`state` and the PKCE verifier) is sealed for the admin and for
//!   ten minutes, and travels in a cookie of their browser alone. A code that arrives anywhere else is redeemed by nobody:
//!   its verifier is nowhere.
//! - The code is redeemed within the server, without the client's secret, and the grant is revoked in the same
//!   transaction: its tokens never worked. What is shown is what they say; their signatures are dropped.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent, Origin};
use gantry_core::clock::{SharedClock, Timestamp};
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Fault, Refusal};
use gantry_core::grant_type::GrantType;
use gantry_core::id::{ClientId, RealmId, UserId};
use gantry_core::parameters::Parameters;
use gantry_core::pushed_request::to_request_uri;
use gantry_core::scope_set::ScopeSet;
use gantry_core::secret::{Digest, Secret, constant_time_eq, random_bytes};
use gantry_identity::permission::{self, Action};
use gantry_store::seal::SealContext;
use gantry_store::snapshot::ClientSnapshot;
use gantry_store::{RealmTx, Store};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::claims;
use super::entitlement::Subject;
use super::grant_type::{Redeeming, authorization_code, client_credentials};
use super::issue::{Issuing, TokenSet};
use crate::authorize::pushed;
use crate::client_auth::AuthenticatedClient;
use crate::client_request::{ClientRequest, ServedRealm};
use crate::endpoint_paths::PathFamilies;
use crate::keys::KeyRing;
use crate::par;
use crate::tenancy;

/// How long a test may take, with its sign-in.
pub const LIFETIME: Duration = Duration::from_mins(10);

const PURPOSE: &str = "console.client_test";

/// Makes tests. Cheap to clone.
#[derive(Debug, Clone)]
pub struct ClientTests {
    store: Store,
    keys: KeyRing,
    clock: SharedClock,
    paths: PathFamilies,
}

/// What an admin wants to see tried.
#[derive(Debug, Clone)]
pub struct Wish {
    /// Which client.
    pub client: ClientId,
    /// What it asks for.
    pub scopes: ScopeSet,
    /// For which tenant, by its `org_id`.
    pub org_id: Option<String>,
    /// `prompt`, as it is sent.
    pub prompt: Option<String>,
}

/// A test that began.
pub struct Begun {
    /// Where the browser goes.
    pub location: String,
    /// What the browser keeps until it comes back.
    pub kept: String,
}

impl std::fmt::Debug for Begun {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Begun")
    }
}

/// What a browser keeps: opened for its admin alone.
#[derive(Serialize, Deserialize)]
pub struct Kept {
    /// The realm.
    pub realm: RealmId,
    /// The client.
    pub client: ClientId,
    state: String,
    verifier: String,
    callback: String,
    expires_at: Timestamp,
}

impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Kept")
    }
}

/// How a test ended.
#[derive(Debug)]
pub enum Ended {
    /// The app would have these tokens.
    Tokens(Box<Tokens>),
    /// The app would hear this error.
    Error {
        /// `error`.
        error: String,
        /// `error_description`.
        description: Option<String>,
    },
}

/// What the app would have.
#[derive(Debug)]
pub struct Tokens {
    /// What its access token says; none: it is opaque, and says nothing.
    pub access: Option<Decoded>,
    /// What its ID token says, if it has one.
    pub id_token: Option<Decoded>,
    /// What userinfo would tell it of the person.
    pub userinfo: Option<Map<String, Value>>,
    /// Whether it has a refresh token.
    pub refresh: bool,
    /// The scopes that it was given.
    pub scopes: ScopeSet,
    /// How many seconds its access token lives.
    pub expires_in: u32,
}

/// A token without its signature.
#[derive(Debug)]
pub struct Decoded {
    /// Its header.
    pub header: Map<String, Value>,
    /// What it says.
    pub claims: Map<String, Value>,
}

impl ClientTests {
    /// Over these.
    pub const fn new(store: Store, keys: KeyRing, clock: SharedClock, paths: PathFamilies) -> Self {
        Self { store, keys, clock, paths }
    }

    /// Begins a test whose answer goes to `callback`, the console's own address. A refusal is what the app would hear.
    pub async fn begin(&self, realm: ServedRealm<'_>, actor: Actor, wish: Wish, callback: &str) -> Result<Begun, Failure> {
        let now = self.clock.now();
        let user = admin(actor, realm.id())?;
        let client = self.client(realm.id(), wish.client).await?;
        let (state, verifier) = (random_text(), random_text());
        let parameters = parameters(&client, &wish, &state, &verifier)?;
        let asked = pushed::judge_test(realm.snapshot, &client, &parameters, callback, now)?;
        let (row, reference) = par::row_of(realm.id(), asked, now);
        let line = AuditEntry::new(realm.id(), now, AuditEvent::Updated).by(actor).client(wish.client).reason("client_test_began");
        let write = async |tx: &RealmTx| {
            tx.pushed_requests().insert(&row).await?;
            Ok(tx.audit().insert(&line).await?)
        };
        self.store.transact(realm.id(), write).await?;
        let mut location = realm.address.below_issuer(self.paths.of(realm.realm()).authorization);
        location.push('?');
        location.push_str(
            &form_urlencoded::Serializer::new(String::new())
                .append_pair("client_id", &client.client.client_id)
                .append_pair("request_uri", &to_request_uri(&reference))
                .finish(),
        );
        let kept =
            Kept { realm: realm.id(), client: wish.client, state, verifier, callback: callback.to_owned(), expires_at: now.plus(LIFETIME) };
        Ok(Begun { location, kept: self.seal(user, &kept)? })
    }

    /// What a browser kept, if it was kept for this admin and is not too old.
    pub fn open(&self, user: UserId, kept: &str) -> Option<Kept> {
        let bytes = URL_SAFE_NO_PAD.decode(kept).ok()?;
        let plain = self.store.sealer().open(context(&user.to_string()), &bytes)?;
        serde_json::from_slice::<Kept>(&plain).ok().filter(|kept| self.clock.now() < kept.expires_at)
    }

    /// Takes the answer: redeems the code, revokes what it stood for, and tells what the app would have.
    pub async fn finish(
        &self,
        realm: ServedRealm<'_>,
        actor: Actor,
        kept: &Kept,
        answer: &Parameters,
        origin: &Origin,
    ) -> Result<Ended, Failure> {
        admin(actor, realm.id())?;
        let own = answer.get("state").is_some_and(|state| constant_time_eq(state.as_bytes(), kept.state.as_bytes()));
        // RFC 9207 §2.4: an answer of another issuer is for nobody.
        if !own || kept.realm != realm.id() || answer.get("iss") != Some(realm.address.issuer().as_str()) {
            return Err(over().into());
        }
        if let Some(error) = answer.get("error") {
            let description = answer.get("error_description").map(str::to_owned);
            return Ok(Ended::Error { error: error.to_owned(), description });
        }
        let code = answer.secret("code").ok_or_else(over)?;
        let client = AuthenticatedClient::in_console_test(self.client(realm.id(), kept.client).await?);
        let empty = Parameters::parse("").or(Err(over()))?;
        let request = ClientRequest { realm, authorization: &[], parameters: &empty, origin };
        let now = self.clock.now();
        let issuing = Issuing { request, client: client.client(), now };
        let redemption = authorization_code::Redemption {
            code,
            redirect_uri: kept.callback.clone(),
            verifier: Some(Secret::new(kept.verifier.as_str())),
            resources: Vec::new(),
        };
        let work = async |tx: &RealmTx| {
            let redeeming = Redeeming { tx, request, client: &client, now, paths: &self.paths };
            let entitlement = authorization_code::redeem(redeeming, redemption).await?;
            let (grant, told) = match &entitlement.subject {
                Subject::Person(holder) => {
                    let told = claims::for_userinfo(realm.snapshot, &holder.user, &entitlement.scopes);
                    (Some(holder.grant.id), Some(told))
                }
                Subject::Machine => (None, None),
            };
            let unsigned = issuing.write(tx, entitlement).await?;
            if let Some(grant) = grant {
                tx.grants().revoke(grant, now).await?;
                let line = AuditEntry::new(realm.id(), now, AuditEvent::Revoked).by(actor).client(kept.client).target(&grant);
                tx.audit().insert(&line.reason("client_test_ended")).await?;
            }
            Ok((unsigned, told))
        };
        let (unsigned, told) = self.store.transact(realm.id(), work).await?;
        let keys = self.keys.of(realm.snapshot, now)?;
        seen(&unsigned.sign(realm, client.client(), &keys)?, told).map(Ended::Tokens).map_err(Failure::from)
    }

    /// What a client that acts for itself would have. Nothing of it is written, so it is good for nothing.
    pub async fn machine(&self, realm: ServedRealm<'_>, actor: Actor, wish: &Wish, origin: &Origin) -> Result<Ended, Failure> {
        admin(actor, realm.id())?;
        let client = AuthenticatedClient::in_console_test(self.client(realm.id(), wish.client).await?);
        if !client.client().allows(GrantType::ClientCredentials) {
            return Err(Refusal::new(ErrorCode::UnauthorizedClient, "the client may not use this grant type").into());
        }
        let tenant = match &wish.org_id {
            Some(org_id) => {
                let rows = self.store.read(realm.id());
                let found = tenancy::machine(&rows, realm.realm().settings.tenants, client.client(), org_id).await?;
                Some(found.map_err(tenancy::Barrier::denied)?)
            }
            None => None,
        };
        let asked = client_credentials::Asked { scope: Some(wish.scopes.clone()), resources: Vec::new(), tenant };
        let entitlement = client_credentials::redeem(realm.snapshot, &client, asked)?;
        let empty = Parameters::parse("").or(Err(over()))?;
        let request = ClientRequest { realm, authorization: &[], parameters: &empty, origin };
        let now = self.clock.now();
        let (unsigned, _) = Issuing { request, client: client.client(), now }.make(entitlement);
        let keys = self.keys.of(realm.snapshot, now)?;
        seen(&unsigned.sign(realm, client.client(), &keys)?, None).map(Ended::Tokens).map_err(Failure::from)
    }

    async fn client(&self, realm: RealmId, id: ClientId) -> Result<Arc<ClientSnapshot>, Failure> {
        let known = self.store.snapshots().client_by_key(realm, id).await?.filter(|known| !known.client.built_in);
        let known = known.ok_or_else(|| Refusal::new(ErrorCode::NotFound, "there is no such client"))?;
        if !known.client.is_enabled() {
            return Err(Refusal::new(ErrorCode::InvalidClient, "the client is disabled").into());
        }
        Ok(known)
    }

    fn seal(&self, user: UserId, kept: &Kept) -> Result<String, Fault> {
        let plain = serde_json::to_vec(kept).map_err(|error| Fault::caused("a test cannot be written", error))?;
        self.store.sealer().seal(context(&user.to_string()), &plain).map(|sealed| URL_SAFE_NO_PAD.encode(sealed))
    }
}

/// The person behind the actor, if they may change clients: a test asks for no less (attack catalogue TEN-07).
fn admin(actor: Actor, realm: RealmId) -> Result<UserId, Refusal> {
    permission::check(actor, Action::ManageClients, realm)?;
    actor.user().ok_or_else(|| Refusal::new(ErrorCode::Forbidden, "a test is made by a person, in a browser"))
}

/// Sealed for the person, of whatever realm: the address that takes the answer names none.
const fn context(user: &str) -> SealContext<'_> {
    SealContext { purpose: PURPOSE, realm: "console", row: user }
}

/// The refusal of an answer that belongs to no test of this admin's browser.
pub const fn over() -> Refusal {
    Refusal::new(ErrorCode::InvalidRequest, "this test is over, or was begun in another browser; begin it again")
}

fn random_text() -> String {
    URL_SAFE_NO_PAD.encode(random_bytes::<32>())
}

fn parameters(client: &ClientSnapshot, wish: &Wish, state: &str, verifier: &str) -> Result<Parameters, Refusal> {
    let challenge = URL_SAFE_NO_PAD.encode(Digest::of(verifier.as_bytes()).as_bytes());
    let scopes = wish.scopes.to_string();
    let nonce = random_text();
    let mut query = form_urlencoded::Serializer::new(String::new());
    query
        .append_pair("client_id", &client.client.client_id)
        .append_pair("response_type", "code")
        .append_pair("state", state)
        .append_pair("nonce", &nonce)
        .append_pair("code_challenge", &challenge)
        .append_pair("code_challenge_method", "S256");
    let optional =
        [("scope", Some(&scopes).filter(|text| !text.is_empty())), ("org_id", wish.org_id.as_ref()), ("prompt", wish.prompt.as_ref())];
    for (name, value) in optional {
        if let Some(value) = value {
            query.append_pair(name, value);
        }
    }
    Parameters::parse(&query.finish())
        .map_err(|invalid| Refusal::new(ErrorCode::InvalidRequest, "the parameters are malformed or repeated").detail(invalid.to_string()))
}

fn seen(tokens: &TokenSet, userinfo: Option<Map<String, Value>>) -> Result<Box<Tokens>, Fault> {
    Ok(Box::new(Tokens {
        access: decoded(&tokens.access_token),
        id_token: tokens.id_token.as_deref().and_then(decoded),
        userinfo,
        refresh: tokens.refresh_token.is_some(),
        scopes: ScopeSet::parse(tokens.scope.as_deref().unwrap_or_default()).or(Err(Fault::new("issued scopes cannot be read")))?,
        expires_in: tokens.expires_in,
    }))
}

/// What a JWT says; none if it is none.
fn decoded(token: &str) -> Option<Decoded> {
    let mut parts = token.split('.');
    let mut object = || serde_json::from_slice::<Map<String, Value>>(&URL_SAFE_NO_PAD.decode(parts.next()?).ok()?).ok();
    Some(Decoded { header: object()?, claims: object()? })
}
