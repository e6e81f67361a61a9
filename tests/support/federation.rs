//! Connections of the sample realm and what comes of them, in the words of those who set them up and those who use them.

use std::sync::Arc;

use gantry_core::clock::Clock as _;
use gantry_core::connection::{Attachment, Connection, ConnectionSecrets, ConnectionSettings, JoinRule};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::external_identity::UserIdentity;
use gantry_core::id::{ConnectionId, DomainId, TenantId, TraceId, UserId};
use gantry_core::secret::Secret;
use gantry_core::sign_in_trace::{Hop, HopKind, SignInProblem, SignInTrace, TraceOutcome};
use gantry_core::tenant::{Membership, TenantRole};
use gantry_core::tenant_domain::{DomainProof, TenantDomain};
use gantry_core::user::User;
use gantry_store::RealmTx;
use reqwest::{Url, header};

use super::upstream::{Account, CLIENT_ID, CLIENT_SECRET, Upstream};
use super::{Authorization, Browser, Gantry, Page};

impl Gantry {
    /// A provider that tells the same time.
    pub fn upstream(&self) -> Upstream {
        Upstream::start(Arc::clone(&self.clock) as _)
    }

    /// A connection of the realm to a provider, by OpenID Connect unless `change` says otherwise.
    pub async fn connection(&self, upstream: &Upstream, slug: &str, change: impl FnOnce(&mut Connection)) -> Connection {
        let settings = ConnectionSettings {
            client_id: Some(CLIENT_ID.to_owned()),
            issuer: Some(upstream.origin.clone()),
            ..ConnectionSettings::default()
        };
        let connection = self.connection_to(slug, settings, change).await;
        upstream.register(&self.callback(slug));
        connection
    }

    /// A connection of the realm with these settings, to whatever they name.
    pub async fn connection_to(&self, slug: &str, settings: ConnectionSettings, change: impl FnOnce(&mut Connection)) -> Connection {
        let mut connection = Connection {
            id: ConnectionId::new(),
            realm_id: self.realm_id().await,
            slug: slug.to_owned(),
            name: format!("{} SSO", capitalized(slug)),
            kind: ConnectorKind::Oidc,
            owner: None,
            settings,
            credential_expires_at: None,
            not_before: None,
            disabled_at: None,
            created_at: self.clock.now(),
        };
        change(&mut connection);
        let secrets = ConnectionSecrets { client_secret: Some(Secret::new(CLIENT_SECRET.to_owned())), ..ConnectionSecrets::default() };
        let work = async |tx: &RealmTx| {
            assert!(tx.connections().insert(&connection).await?, "the name is free");
            Ok(tx.connections().set_secrets(connection.id, &secrets).await?)
        };
        self.store.transact(connection.realm_id, work).await.unwrap();
        self.settle().await;
        connection
    }

    /// Where a connection's people come back to.
    pub fn callback(&self, slug: &str) -> String {
        self.url(&format!("/connections/{slug}/callback"))
    }

    /// Gives a connection other secrets.
    pub async fn set_secrets(&self, connection: &Connection, secrets: ConnectionSecrets) {
        let work = async |tx: &RealmTx| Ok(tx.connections().set_secrets(connection.id, &secrets).await?);
        self.store.transact(connection.realm_id, work).await.unwrap();
        self.settle().await;
    }

    /// Changes a connection, as its admin does.
    pub async fn change_connection(&self, connection: &Connection, change: impl FnOnce(&mut Connection)) {
        let mut connection = self.store.read(connection.realm_id).connections().find(connection.id).await.unwrap().unwrap();
        change(&mut connection);
        self.store.transact(connection.realm_id, async |tx| Ok(tx.connections().update(&connection).await?)).await.unwrap();
        self.settle().await;
    }

    /// Attaches a connection to a tenant: everybody joins as a member, unless `change` says otherwise.
    pub async fn attach(&self, connection: &Connection, tenant: TenantId, change: impl FnOnce(&mut Attachment)) {
        let mut attachment = Attachment {
            realm_id: connection.realm_id,
            connection_id: connection.id,
            tenant_id: tenant,
            join: JoinRule::Everyone,
            default_role: TenantRole::Member,
            roles: Vec::new(),
            directories: Vec::new(),
            created_at: self.clock.now(),
        };
        change(&mut attachment);
        self.store.transact(connection.realm_id, async |tx| Ok(tx.attachments().put(&attachment).await?)).await.unwrap();
        self.settle().await;
    }

    /// Proves a domain for a tenant: an admin of the realm vouches for it.
    pub async fn prove_domain(&self, tenant: TenantId, domain: &str) -> TenantDomain {
        self.domain(tenant, domain, Some(DomainProof::Vouched)).await
    }

    /// A domain that a tenant claims, proved or not.
    pub async fn domain(&self, tenant: TenantId, domain: &str, proof: Option<DomainProof>) -> TenantDomain {
        let now = self.clock.now();
        let domain = TenantDomain {
            id: DomainId::new(),
            realm_id: self.realm_id().await,
            tenant_id: tenant,
            domain: domain.to_owned(),
            challenge: "gantry-challenge-of-the-suite".to_owned(),
            proof,
            proved_at: proof.map(|_| now),
            checked_at: None,
            failing_since: None,
            check_at: None,
            created_at: now,
        };
        assert!(self.store.transact(domain.realm_id, async |tx| Ok(tx.tenant_domains().insert(&domain).await?)).await.unwrap());
        domain
    }

    /// Switches a connection off, so that nothing that came through it counts any more.
    pub async fn switch_off(&self, connection: &Connection) {
        let now = self.clock.now();
        self.change_connection(connection, |connection| (connection.disabled_at, connection.not_before) = (Some(now), Some(now))).await;
    }

    /// Who somebody at a provider is here.
    pub async fn linked(&self, connection: &Connection, issuer: &str, subject: &str) -> Option<UserIdentity> {
        self.store.read(connection.realm_id).identities().find(connection.id, issuer, subject).await.unwrap()
    }

    /// What a person is linked to.
    pub async fn identities_of(&self, user: UserId) -> Vec<UserIdentity> {
        self.store.read(self.realm_id().await).identities().list(user).await.unwrap()
    }

    /// The account with this address, proved or not.
    pub async fn account(&self, email: &str) -> Option<User> {
        let email = gantry_core::email_address::EmailAddress::parse(email).unwrap();
        self.store.read(self.realm_id().await).users().find_by_email(&email).await.unwrap()
    }

    /// What a person is in a tenant.
    pub async fn membership(&self, tenant: TenantId, user: UserId) -> Option<Membership> {
        self.store.read(self.realm_id().await).memberships().find(tenant, user).await.unwrap()
    }

    /// A trace with its hops.
    pub async fn trace(&self, id: TraceId) -> (SignInTrace, Vec<Hop>) {
        let reader = self.store.read(self.realm_id().await);
        let trace = reader.sign_in_traces().find(id).await.unwrap().expect("the trace is there");
        (trace, reader.sign_in_traces().hops(id).await.unwrap())
    }

    /// The newest trace.
    pub async fn newest_trace(&self) -> (SignInTrace, Vec<Hop>) {
        let newest = self.store.read(self.realm_id().await).sign_in_traces().list_newest(None, 1).await.unwrap();
        self.trace(newest[0].id).await
    }

    /// Holds that a sign-in with a provider was refused for this reason: a page of ours that names the reason and the trace, a
    /// trace that says so, an audit line, and nobody signed in.
    pub async fn refused(&self, browser: &Browser, page: &Page, problem: SignInProblem) -> Vec<Hop> {
        assert!((400..=504).contains(&page.status), "{} {}", page.status, page.html);
        page.is_error_page(page.status);
        assert_eq!(page.attribute("#error-page", "data-problem").as_deref(), Some(problem.as_str()), "{}", page.html);
        let id: TraceId = page.text("#trace-id").parse().expect("the id of a trace");
        let (trace, hops) = self.trace(id).await;
        assert_eq!((trace.outcome, trace.problem), (TraceOutcome::Refused, Some(problem)), "{hops:?}");
        assert_eq!(hops.last().map(|hop| hop.kind), Some(HopKind::Refusal), "{hops:?}");
        assert!(self.audited("sign_in_refused").await > 0, "an audit line");
        assert!(!browser.is_signed_in(self).await, "somebody is signed in");
        hops
    }
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

impl Authorization<'_> {
    /// Walks it to its end with a connection's button: signs in at the provider, allows where asked.
    pub async fn walk_to_provider(&self, browser: &Browser, connection: &Connection, account: &Account) -> Page {
        let page = self.open(browser).await;
        let page = browser.sign_in_with(&page, connection, account).await;
        if page.has("#consent-allow") { browser.submit(&page, "consent-allow", &[]).await } else { page }
    }
}

impl Browser {
    /// Presses the button of a connection and signs in there; goes as far as it goes by itself.
    pub async fn sign_in_with(&self, page: &Page, connection: &Connection, account: &Account) -> Page {
        let left = self.leave_for(page, connection).await;
        self.come_back(&left, account).await
    }

    /// Presses the button of a connection.
    pub async fn leave_for(&self, page: &Page, connection: &Connection) -> Page {
        let form = page.form_to(&format!("/connections/{}/start", connection.slug));
        self.post(&form.action, &form.fields, &[("sec-fetch-site", "same-origin"), ("origin", "null")]).await
    }

    /// Signs in at the provider to which the browser was sent, and goes on from where that sends it.
    pub async fn come_back(&self, left: &Page, account: &Account) -> Page {
        let back = self.at_provider(left, account).await;
        self.open(back).await
    }

    /// Signs in at the provider to which the browser was sent. Where it sends the browser then.
    pub async fn at_provider(&self, left: &Page, account: &Account) -> Url {
        let target = left.left.clone().unwrap_or_else(|| panic!("still at {} ({}):\n{}", left.url, left.status, left.html));
        let (status, location, body) = visit(&target, account).await;
        let location = location.unwrap_or_else(|| panic!("the provider does not send on: {status} {body} at {target}"));
        Url::parse(&location).unwrap()
    }

    /// Whether somebody is signed in here.
    pub async fn is_signed_in(&self, gantry: &Gantry) -> bool {
        let page = self.open_once(gantry.url("/account")).await;
        page.status == 200
    }
}

/// Opens a page at the provider as somebody: status, where it leads, and what it says.
async fn visit(target: &Url, account: &Account) -> (u16, Option<String>, String) {
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
    // A header is ASCII; what an account is called need not be.
    let account: String = form_urlencoded::byte_serialize(serde_json::to_string(account).unwrap().as_bytes()).collect();
    let response = http.get(target.clone()).header("x-account", account).send().await.unwrap();
    let location = response.headers().get(header::LOCATION).map(|value| value.to_str().unwrap().to_owned());
    (response.status().as_u16(), location, response.text().await.unwrap())
}
