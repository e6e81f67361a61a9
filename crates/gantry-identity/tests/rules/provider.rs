//! A provider that says whatever a test wants, and the people who come back from it.

use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::clock::{Clock as _, Timestamp};
use gantry_core::connection::{Attachment, Connection, ConnectionSettings, JoinRule};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::external_identity::{AssertedEmail, ExternalIdentity, Groups, UpstreamTokens, UserIdentity};
use gantry_core::id::{AttemptId, ConnectionId, DomainId, TenantId, TraceId, UserId};
use gantry_core::outbox::MailKind;
use gantry_core::secret::{Secret, SecretKind};
use gantry_core::session::AuthMethod;
use gantry_core::sign_in_attempt::{AttemptPurpose, SignInAttempt};
use gantry_core::sign_in_trace::{SignInProblem, SignInTrace, TraceOutcome};
use gantry_core::tenant::{AppPolicy, Membership, SignInRule, Tenant, TenantRole};
use gantry_core::tenant_domain::{DomainProof, TenantDomain};
use gantry_core::user::{Profile, User};
use gantry_identity::Identity;
use gantry_identity::session::OpenedSession;
use gantry_identity::sign_in::upstream::{Arrival, Arrived, Notice};
use serde_json::{Map, Value, json};

use crate::world::{Browser, World, token_in};

pub(crate) const NOTICE: Notice<'static> = Notice { locale: "en", account: "https://x/account" };

/// Somebody, as a provider knows them; the address is vouched for.
pub(crate) fn person(subject: &str, email: &str) -> ExternalIdentity {
    ExternalIdentity {
        issuer: "https://idp.example".to_owned(),
        subject: subject.to_owned(),
        email: Some(AssertedEmail { address: email.to_owned(), verified: true, because: "email_verified".to_owned() }),
        profile: Profile { name: Some("Alice Miller".to_owned()), ..Profile::default() },
        groups: Groups::NotSent,
        directory: None,
        guest: false,
        authenticated_at: None,
        methods: Vec::new(),
        acr: None,
        session: Some("sid-1".to_owned()),
        claims: Map::from_iter([("email_verified".to_owned(), json!(true))]),
    }
}

/// Somebody whose address is only said, with this claim about it.
pub(crate) fn unverified(subject: &str, email: &str, claim: Option<Value>) -> ExternalIdentity {
    let mut identity = person(subject, email);
    let because = if claim.is_some() { "email_verified is not a boolean" } else { "email_verified is missing" };
    identity.email = Some(AssertedEmail { address: email.to_owned(), verified: false, because: because.to_owned() });
    identity.claims = claim.map(|claim| ("email_verified".to_owned(), claim)).into_iter().collect();
    identity
}

/// Settings that link where the domain is proved.
pub(crate) fn trusting() -> ConnectionSettings {
    ConnectionSettings { linking: gantry_core::connection::LinkingPolicy::TrustedDomain, ..ConnectionSettings::default() }
}

impl World {
    /// A connection of the realm.
    pub(crate) async fn connection(&self, slug: &str, kind: ConnectorKind, settings: ConnectionSettings) -> Connection {
        self.connection_of(None, slug, kind, settings).await
    }

    /// A connection of a tenant, or of the realm.
    pub(crate) async fn connection_of(
        &self,
        owner: Option<TenantId>,
        slug: &str,
        kind: ConnectorKind,
        settings: ConnectionSettings,
    ) -> Connection {
        let connection = Connection {
            id: ConnectionId::new(),
            realm_id: self.realm.id,
            slug: slug.to_owned(),
            name: slug.to_owned(),
            kind,
            owner,
            settings,
            credential_expires_at: None,
            not_before: None,
            disabled_at: None,
            created_at: self.now(),
        };
        assert!(self.store.transact(self.realm.id, async |tx| Ok(tx.connections().insert(&connection).await?)).await.unwrap());
        connection
    }

    pub(crate) async fn put_connection(&self, connection: &Connection) {
        self.store.transact(self.realm.id, async |tx| Ok(tx.connections().update(connection).await?)).await.unwrap();
    }

    /// Switches a connection off.
    pub(crate) async fn switch_off(&self, connection: &Connection) {
        let now = Some(self.now());
        self.put_connection(&Connection { disabled_at: now, not_before: now, ..connection.clone() }).await;
    }

    /// A tenant that has proved this domain.
    pub(crate) async fn tenant(&self, org_id: &str, domain: &str) -> Tenant {
        let now = self.now();
        let tenant = Tenant {
            id: TenantId::new(),
            realm_id: self.realm.id,
            org_id: org_id.to_owned(),
            name: org_id.to_owned(),
            app_policy: AppPolicy::All,
            max_sign_in_age: None,
            password_min_length: None,
            sign_in: SignInRule::Any,
            branding: gantry_core::tenant::TenantBranding::default(),
            suspended_at: None,
            not_before: None,
            created_at: now,
        };
        let proved = TenantDomain {
            id: DomainId::new(),
            realm_id: self.realm.id,
            tenant_id: tenant.id,
            domain: domain.to_owned(),
            challenge: "x".to_owned(),
            proof: Some(DomainProof::Vouched),
            proved_at: Some(now),
            checked_at: None,
            failing_since: None,
            check_at: None,
            created_at: now,
        };
        let written = self
            .store
            .transact(self.realm.id, async |tx| Ok(tx.tenants().insert(&tenant).await? && tx.tenant_domains().insert(&proved).await?))
            .await;
        assert!(written.unwrap());
        tenant
    }

    /// Changes how a tenant takes sign-ins.
    pub(crate) async fn limit(&self, tenant: &Tenant, sign_in: SignInRule) {
        let tenant = Tenant { sign_in, ..tenant.clone() };
        self.store.transact(self.realm.id, async |tx| Ok(tx.tenants().update(&tenant).await?)).await.unwrap();
    }

    /// Attaches a connection to a tenant.
    pub(crate) async fn attach(&self, connection: &Connection, tenant: &Tenant, join: JoinRule) -> Attachment {
        let attachment = Attachment {
            realm_id: self.realm.id,
            connection_id: connection.id,
            tenant_id: tenant.id,
            join,
            default_role: TenantRole::Member,
            roles: Vec::new(),
            directories: Vec::new(),
            created_at: self.now(),
        };
        self.put_attachment(&attachment).await;
        attachment
    }

    pub(crate) async fn put_attachment(&self, attachment: &Attachment) {
        self.store.transact(self.realm.id, async |tx| Ok(tx.attachments().put(attachment).await?)).await.unwrap();
    }

    pub(crate) async fn put_membership(&self, tenant: &Tenant, user: UserId, role: TenantRole) {
        let membership = Membership {
            id: gantry_core::id::MembershipId::new(),
            tenant_id: tenant.id,
            user_id: user,
            role,
            break_glass: false,
            connection_id: None,
            created_at: self.now(),
        };
        self.store.transact(self.realm.id, async |tx| Ok(tx.memberships().put(&membership).await?)).await.unwrap();
    }

    pub(crate) async fn membership(&self, tenant: &Tenant, user: UserId) -> Option<Membership> {
        self.store.read(self.realm.id).memberships().find(tenant.id, user).await.unwrap()
    }

    pub(crate) async fn identities(&self, user: UserId) -> Vec<UserIdentity> {
        self.store.read(self.realm.id).identities().list(user).await.unwrap()
    }

    pub(crate) async fn everybody(&self) -> Vec<User> {
        self.store.read(self.realm.id).users().list(None, 100).await.unwrap()
    }

    pub(crate) async fn user(&self, id: UserId) -> Option<User> {
        self.store.read(self.realm.id).users().find(id).await.unwrap()
    }

    /// A conversation that this browser has just ended, with its trace.
    pub(crate) async fn attempt(&self, connection: &Connection, browser: &Browser, purpose: AttemptPurpose) -> SignInAttempt {
        let now = self.now();
        let attempt = SignInAttempt {
            id: AttemptId::new(),
            realm_id: self.realm.id,
            connection_id: connection.id,
            state: SecretKind::UpstreamState.generate().digest(),
            browser: browser.digest,
            nonce: "nonce".to_owned(),
            verifier: Secret::new("verifier"),
            purpose,
            request: None,
            tenant: None,
            remember: browser.remember,
            max_age: None,
            trace: TraceId::new(),
            created_at: now,
            expires_at: Timestamp::from_seconds(now.seconds() + 900),
        };
        let trace = SignInTrace {
            id: attempt.trace,
            realm_id: self.realm.id,
            connection_id: Some(connection.id),
            tenant_id: None,
            client_id: None,
            publisher_id: None,
            user_id: None,
            outcome: TraceOutcome::Open,
            problem: None,
            started_at: now,
            expires_at: Timestamp::from_seconds(now.seconds() + 86_400),
        };
        self.store.transact(self.realm.id, async |tx| Ok(tx.sign_in_traces().insert(&trace).await?)).await.unwrap();
        attempt
    }

    pub(crate) async fn trace(&self, id: TraceId) -> SignInTrace {
        self.store.read(self.realm.id).sign_in_traces().find(id).await.unwrap().unwrap()
    }

    /// Comes back from a provider to sign in.
    pub(crate) async fn come(&self, connection: &Connection, browser: &Browser, identity: ExternalIdentity) -> Arrived {
        let attempt = self.attempt(connection, browser, AttemptPurpose::SignIn).await;
        self.arrive(&self.identity, &attempt, browser, identity).await
    }

    /// Ends this conversation, on this node.
    pub(crate) async fn arrive(&self, node: &Identity, attempt: &SignInAttempt, browser: &Browser, identity: ExternalIdentity) -> Arrived {
        let tokens = UpstreamTokens {
            access_token: Some(Secret::new("access")),
            refresh_token: Some(Secret::new("refresh")),
            id_token: Some(Secret::new("id")),
            expires_at: None,
            scope: None,
        };
        let arrival = Arrival { attempt, identity, tokens, notice: NOTICE };
        node.sign_in_from_upstream(&self.realm, arrival, &browser.visit(), Vec::new()).await.unwrap()
    }

    /// Comes back, and is signed in.
    pub(crate) async fn federate(&self, connection: &Connection, browser: &mut Browser, identity: ExternalIdentity) -> OpenedSession {
        let arrived = self.come(connection, browser, identity).await;
        let Arrived::SignedIn(opened) = arrived else { panic!("{arrived:?}") };
        browser.keep(*opened)
    }

    /// The audit lines of one kind.
    pub(crate) async fn audit(&self, event: AuditEvent) -> Vec<AuditEntry> {
        let mut lines = self.store.read(self.realm.id).audit().list(None, 1000).await.unwrap();
        lines.retain(|line| line.event == event);
        lines
    }

    /// The token of the one mail that asks for a proof.
    pub(crate) async fn proof_token(&self) -> Secret {
        let mails = self.mails().await;
        let mut proofs = mails.iter().filter(|mail| matches!(mail.kind, MailKind::ProveAddress { .. }));
        let token = token_in(proofs.next().unwrap());
        assert!(proofs.next().is_none(), "{mails:?}");
        token
    }

    /// A session's trusted words are those of the clock of this world.
    pub(crate) fn minutes_ago(&self, minutes: i64) -> Timestamp {
        Timestamp::from_millis(self.clock.now().millis() - minutes * 60_000)
    }
}

/// Why somebody was turned away.
pub(crate) fn refused(arrived: &Arrived) -> Option<SignInProblem> {
    match arrived {
        Arrived::Refused(problem) => Some(*problem),
        Arrived::SignedIn(_) | Arrived::Linked(_) | Arrived::Prove(_) | Arrived::Mergeable(_) => None,
    }
}

/// What a provider that is trusted says of the proof.
pub(crate) fn by(methods: &[AuthMethod], identity: ExternalIdentity) -> ExternalIdentity {
    ExternalIdentity { methods: methods.to_vec(), ..identity }
}
