//! A program at the admin API: its key, and the examples of all operations played in order.

use std::collections::BTreeMap;
use std::time::Duration;

use gantry_core::actor::Actor;
use gantry_core::admin_scope::{AdminScope, AdminScopes};
use gantry_core::clock::{Clock as _, Timestamp};
use gantry_core::email_address::EmailAddress;
use gantry_core::external_identity::UserIdentity;
use gantry_core::id::{IdentityId, PersonalTokenId, RealmId, ServiceAccountId, SessionId, TraceId, UserId};
use gantry_core::outbox::{Mail, MailKind};
use gantry_core::personal_token::PersonalToken;
use gantry_core::scope_set::ScopeSet;
use gantry_core::secret::SecretKind;
use gantry_core::session::{AuthMethod, Session};
use gantry_core::sign_in_trace::{Hop, HopKind, SignInProblem, SignInTrace, TraceOutcome};
use gantry_core::user::Profile;
use gantry_identity::service_accounts::{self, ServiceAccountSettings};
use gantry_identity::users::{self, NewUser};
use gantry_store::RealmTx;
use gantry_web::api::{Method, Operation};
use serde_json::{Value, json};

use super::{Answer, Gantry};

/// What passes between two requests of a life: nobody is written to twice in a minute.
pub const BETWEEN: Duration = Duration::from_secs(61);

/// A program with a key.
#[derive(Clone)]
pub struct Program<'g> {
    /// The Gantry that it calls.
    pub gantry: &'g Gantry,
    /// Its account.
    pub account: ServiceAccountId,
    /// Its key.
    pub key: String,
    /// What it calls with.
    pub http: reqwest::Client,
}

impl Gantry {
    /// A program of a realm that may do everything there.
    pub async fn program(&self, realm: &str) -> Program<'_> {
        self.program_with(realm, AdminScope::ALL).await
    }

    /// A program of a realm with these scopes.
    pub async fn program_with(&self, realm: &str, scopes: &[AdminScope]) -> Program<'_> {
        let id = self.store.platform().realm_by_slug(realm).await.unwrap().unwrap().id;
        let name = format!("Program {}", ServiceAccountId::new());
        let wanted = ServiceAccountSettings { name, scopes: AdminScopes::of(scopes) };
        let now = self.clock.now();
        let made = self.store.transact(id, async |tx| service_accounts::create(tx, Actor::CommandLine, wanted, now).await).await;
        let (account, _, key) = made.unwrap();
        Program { gantry: self, account: account.id, key: key.expose().to_owned(), http: self.http.clone() }
    }
}

impl Program<'_> {
    /// Calls an address below the API, with headers and a body as it is.
    pub async fn raw(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<String>) -> Answer {
        let url = format!("{}/api/admin/v1{path}", self.gantry.base);
        let mut request = self.http.request(method.parse().unwrap(), url);
        if !self.key.is_empty() {
            request = request.bearer_auth(&self.key);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.body(body);
        }
        Answer::of(request.send().await.unwrap()).await
    }

    /// Reads.
    pub async fn get(&self, path: &str) -> Answer {
        self.raw("GET", path, &[], None).await
    }

    /// Sends JSON.
    pub async fn send(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.raw(method, path, &[("content-type", "application/json")], Some(body.to_string())).await
    }

    /// The same with one more header.
    pub async fn send_with(&self, method: &str, path: &str, header: (&str, &str), body: &Value) -> Answer {
        self.raw(method, path, &[("content-type", "application/json"), header], Some(body.to_string())).await
    }

    /// Calls an operation as its example has it.
    pub async fn call(&self, operation: &Operation, names: &Names) -> Answer {
        let body = operation.example().map(|example| names.filled(&example.to_string()));
        let headers: &[(&str, &str)] = if body.is_some() { &[("content-type", "application/json")] } else { &[] };
        self.raw(operation.method().as_str(), &names.path(operation), headers, body).await
    }
}

/// What examples left behind: the values of names in paths and bodies.
#[derive(Debug, Clone, Default)]
pub struct Names(pub BTreeMap<String, String>);

impl Names {
    /// The names of a realm in which nothing was made yet.
    pub fn of(realm: &str) -> Self {
        Self(BTreeMap::from([("realm".to_owned(), realm.to_owned())]))
    }

    /// A text with its `{names}` filled in, and in a realm other than the default one everything called otherwise.
    pub fn filled(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (name, value) in &self.0 {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        if self.0["realm"] == "default" { text } else { text.replace("example", &format!("example-{}", self.0["realm"])) }
    }

    /// The path of an operation's example.
    pub fn path(&self, operation: &Operation) -> String {
        let mut path = operation.path().to_owned();
        for name in operation.parameters() {
            let value = self.0.get(name).unwrap_or_else(|| panic!("{operation:?}: nothing made a `{name}` before"));
            path = path.replace(&format!("{{{name}}}"), value);
        }
        if operation.example_query().is_empty() { path } else { format!("{path}?{}", self.filled(operation.example_query())) }
    }

    /// Takes what an answer leaves for the operations after it.
    pub fn capture(&mut self, operation: &Operation, answer: &Answer) {
        for (name, place) in operation.captures() {
            let json = answer.json();
            let value = json.pointer(place).and_then(Value::as_str);
            self.0.insert((*name).to_owned(), value.unwrap_or_else(|| panic!("{operation:?}: no {place} in {json}")).to_owned());
        }
    }
}

/// The operations in the order of a life: what makes and reads first, then what ends, the youngest first.
pub fn in_order() -> Vec<&'static Operation> {
    let all = gantry_web::api::operations();
    let (ending, living): (Vec<&Operation>, Vec<&Operation>) = all.iter().partition(|operation| operation.ends());
    living.into_iter().chain(ending.into_iter().rev()).collect()
}

/// Somebody signed in, their provider refused them once, and a mail to them does not leave for hours: what the API
/// reads and nobody makes by it.
pub async fn somebody_signed_in(gantry: &Gantry, realm: &str) {
    let (realm, now) = (gantry.store.platform().realm_by_slug(realm).await.unwrap().unwrap().id, gantry.clock.now());
    let work = async |tx: &RealmTx| {
        let email = EmailAddress::parse("robin@example.net").unwrap();
        let new = NewUser { email, email_verified: true, profile: Profile::default(), roles: Vec::new(), password: None };
        let user = users::create(tx, Actor::CommandLine, new, now).await?.id;
        tx.sessions().insert(&session(realm, user, now)).await?;
        let kind = MailKind::ResetPassword { link: "https://link.example.net/?token=x".to_owned() };
        let mail = Mail { to: EmailAddress::parse("robin@example.net").unwrap(), locale: "en".to_owned(), kind };
        tx.outbox().insert(&mail, now.plus(Duration::from_hours(12))).await?;
        let trace = trace(realm, user, now);
        tx.sign_in_traces().insert(&trace).await?;
        let hops = [
            Hop::new(now, HopKind::Redirect, json!({ "host": "login.example.net" })),
            Hop::new(now.plus(Duration::from_secs(4)), HopKind::Refusal, json!({ "problem": "token_time" })),
        ];
        Ok(tx.sign_in_traces().append(trace.id, &hops).await?)
    };
    gantry.store.transact(realm, work).await.unwrap();
}

fn session(realm_id: RealmId, user_id: UserId, now: Timestamp) -> Session {
    Session {
        id: SessionId::new(),
        realm_id,
        user_id,
        digest: SecretKind::Session.generate().digest(),
        connection_id: None,
        methods: vec![AuthMethod::Password],
        authenticated_at: now,
        remembered: false,
        user_agent: "Firefox".to_owned(),
        ip: "192.0.2.1".to_owned(),
        last_used_at: now,
        created_at: now,
        expires_at: now.plus(Duration::from_hours(12)),
        ended_at: None,
    }
}

/// Somebody whom nobody knows was refused by their provider.
pub async fn somebody_was_refused(gantry: &Gantry, realm: &str) {
    let (realm, now) = (gantry.store.platform().realm_by_slug(realm).await.unwrap().unwrap().id, gantry.clock.now());
    let trace = SignInTrace { user_id: None, ..trace(realm, UserId::new(), now) };
    gantry.store.transact(realm, async |tx| Ok(tx.sign_in_traces().insert(&trace).await?)).await.unwrap();
}

/// Gives the person whom an example made what only people make for themselves: an account elsewhere, and a token.
pub async fn people_act_too(gantry: &Gantry, operation: &Operation, names: &Names) {
    if operation.id() != "createUser" {
        return;
    }
    let (realm, now) = (gantry.store.platform().realm_by_slug(&names.0["realm"]).await.unwrap().unwrap().id, gantry.clock.now());
    let user_id: UserId = names.0["user"].parse().unwrap();
    let work = async |tx: &RealmTx| {
        let connection_id = tx.connections().list().await?.first().unwrap().id;
        let link = UserIdentity {
            id: IdentityId::new(),
            realm_id: realm,
            connection_id,
            issuer: "https://login.example.net".to_owned(),
            subject: "248289761001".to_owned(),
            user_id,
            email: Some("dana@example.net".to_owned()),
            directory: None,
            groups: Vec::new(),
            groups_stale_since: None,
            created_at: now,
            last_used_at: now,
        };
        assert!(tx.identities().insert(&link).await?);
        let token = PersonalToken {
            id: PersonalTokenId::new(),
            realm_id: realm,
            user_id,
            tenant_id: None,
            name: "Laptop".to_owned(),
            scopes: ScopeSet::default(),
            digest: SecretKind::PersonalToken.generate().digest(),
            last_four: "x7Qk".to_owned(),
            last_used_at: None,
            expires_at: now.plus(Duration::from_hours(240)),
            created_at: now,
        };
        assert!(tx.personal_tokens().insert(&token).await?);
        Ok(())
    };
    gantry.store.transact(realm, work).await.unwrap();
}

fn trace(realm_id: RealmId, user: UserId, now: Timestamp) -> SignInTrace {
    SignInTrace {
        id: TraceId::new(),
        realm_id,
        connection_id: None,
        tenant_id: None,
        client_id: None,
        publisher_id: None,
        user_id: Some(user),
        outcome: TraceOutcome::Refused,
        problem: Some(SignInProblem::TokenTime),
        started_at: now,
        expires_at: now.plus(Duration::from_hours(24)),
    }
}

/// Plays all examples that make or read something; what they left.
pub async fn play(program: &Program<'_>, realm: &str) -> Names {
    somebody_signed_in(program.gantry, realm).await;
    let mut names = Names::of(realm);
    for operation in in_order().into_iter().filter(|operation| !operation.ends()) {
        if operation.operators_only() {
            continue;
        }
        program.gantry.clock.advance(BETWEEN);
        let answer = program.call(operation, &names).await;
        assert_eq!(answer.status, operation.status(), "{operation:?} in {realm}: {}", answer.body);
        names.capture(operation, &answer);
        people_act_too(program.gantry, operation, &names).await;
    }
    names
}

/// A method that changes nothing.
pub fn reads(operation: &Operation) -> bool {
    operation.method() == Method::Get
}
