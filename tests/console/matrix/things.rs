//! One of everything that an address of the console or of the admin API can name, and its like that nobody ever made.

use std::collections::BTreeMap;
use std::time::Duration;

use gantry_core::actor::Actor;
use gantry_core::admin_scope::{AdminScope, AdminScopes};
use gantry_core::app_key::AppKey;
use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::clock::{Clock as _, Timestamp};
use gantry_core::connection::{Connection, ConnectionSettings};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::email_address::EmailAddress;
use gantry_core::external_identity::UserIdentity;
use gantry_core::grant::Grant;
use gantry_core::id::{AppKeyId, ClientId, ConnectionId, GrantId, IdentityId, RealmId, SessionId, TenantId, TraceId, UserId};
use gantry_core::invitation::InvitedRole;
use gantry_core::outbox::{Mail, MailKind};
use gantry_core::scope_set::ScopeSet;
use gantry_core::secret::SecretKind;
use gantry_core::session::{Acr, AuthMethod, Session};
use gantry_core::sign_in_trace::{SignInTrace, TraceOutcome};
use gantry_core::tenant::{AppPolicy, SignInRule, TenantBranding, TenantRole};
use gantry_identity::domains;
use gantry_identity::invitations::{self, NewInvitation};
use gantry_identity::members::{self, MemberSettings};
use gantry_identity::service_accounts::{self, ServiceAccountSettings};
use gantry_identity::tenants::{self, NewTenant, TenantSettings};
use gantry_store::RealmTx;

use crate::support::Gantry;

/// What the parameters of an address are filled with, by name.
pub(in crate::console) type Things = BTreeMap<&'static str, String>;

/// A realm's (and one of its tenants') own things. The tenant is made unless it is there; this
/// person belongs to it.
pub(in crate::console) async fn of(gantry: &Gantry, realm: &str, org_id: &str, member: &str) -> Things {
    let id = gantry.store.platform().realm_by_slug(realm).await.unwrap().unwrap().id;
    let now = gantry.clock.now();
    let work = async |tx: &RealmTx| {
        let mut things = Things::from([("realm", realm.to_owned()), ("tenant", org_id.to_owned())]);
        let tenant = match tx.tenants().find_by_org_id(org_id).await? {
            Some(there) => there.id,
            None => tenants::create(tx, Actor::CommandLine, tenant(org_id), now).await?.id,
        };
        let client = tx.clients().find_by_client_id("ledger").await?.unwrap().id;
        let member = tx.users().find_by_email(&address(member)).await?.unwrap().id;
        let at = At { realm: id, tenant, client, user: member, now };
        members::put(tx, Actor::CommandLine, tenant, member, MemberSettings::with(TenantRole::Member), now).await?;
        things.insert("client", client.to_string());
        things.insert("user", member.to_string());
        things.insert("secret", tx.client_secrets().list(client).await?.first().unwrap().id.to_string());
        things.insert("scope", tx.scopes().list().await?.first().unwrap().id.to_string());
        things.insert("resource", tx.resources().list().await?.first().unwrap().id.to_string());
        things.insert("publisher", tx.publishers().list().await?.first().unwrap().id.to_string());
        things.insert("key", tx.signing_keys().list().await?.first().unwrap().id.to_string());
        things.insert(
            "domain",
            domains::claim(tx, Actor::CommandLine, tenant, &format!("{org_id}.example.net").replace('_', "-"), now).await?.id.to_string(),
        );
        things.insert("invitation", invite(tx, &at).await?);
        things.insert("account", account(tx, org_id, now).await?);
        at.write(tx, &mut things, org_id).await?;
        Ok(things)
    };
    let things = gantry.store.transact(id, work).await.unwrap();
    gantry.settle().await;
    things
}

/// Things of the same shapes that nobody ever made, at this realm and tenant.
pub(in crate::console) fn unknown(of: &Things) -> Things {
    let made = |(name, value): (&&'static str, &String)| {
        let value = match *name {
            "realm" => "nowhere".to_owned(),
            "tenant" => "org_nowhere".to_owned(),
            // The same prefix, another number.
            _ => format!("{}_{}", value.split('_').next().unwrap(), UserId::new().to_string().split('_').next_back().unwrap()),
        };
        (*name, value)
    };
    of.iter().map(made).collect()
}

/// What the records hang on.
struct At {
    realm: RealmId,
    tenant: TenantId,
    client: ClientId,
    user: UserId,
    now: Timestamp,
}

impl At {
    /// The records that no rule makes without a browser.
    async fn write(&self, tx: &RealmTx, things: &mut Things, org_id: &str) -> Result<(), gantry_core::failure::Fault> {
        let connection = self.connection(org_id);
        assert!(tx.connections().insert(&connection).await?);
        let session = self.session();
        tx.sessions().insert(&session).await?;
        let (grant, identity, trace, key) =
            (self.grant(session.id), self.identity(connection.id, org_id), self.trace(connection.id), self.app_key(org_id));
        tx.grants().insert(&grant).await?;
        assert!(tx.identities().insert(&identity).await?);
        tx.sign_in_traces().insert(&trace).await?;
        assert!(tx.app_keys().insert(&key).await?);
        let entry = AuditEntry { tenant_id: Some(self.tenant), ..AuditEntry::new(self.realm, self.now, AuditEvent::Updated) };
        tx.audit().insert(&entry).await?;
        let mail = Mail {
            to: address("alice@example.com"),
            locale: "en".to_owned(),
            kind: MailKind::ResetPassword { link: "https://link.test/x".to_owned() },
        };
        tx.outbox().insert(&mail, self.now).await?;
        things.insert("mail", tx.outbox().list(None, None, 1).await?.first().unwrap().id.to_string());
        things.insert("connection", connection.id.to_string());
        things.insert("session", session.id.to_string());
        things.insert("grant", grant.id.to_string());
        things.insert("identity", identity.id.to_string());
        things.insert("trace", trace.id.to_string());
        things.insert("app_key", key.id.to_string());
        things.insert("entry", entry.id.to_string());
        Ok(())
    }
}

impl At {
    fn connection(&self, org_id: &str) -> Connection {
        Connection {
            id: ConnectionId::new(),
            realm_id: self.realm,
            slug: org_id.replace('_', "-"),
            name: "Company sign-in".to_owned(),
            kind: ConnectorKind::Google,
            owner: Some(self.tenant),
            settings: ConnectionSettings { client_id: Some("gantry".to_owned()), ..ConnectionSettings::default() },
            credential_expires_at: None,
            not_before: None,
            disabled_at: Some(self.now),
            created_at: self.now,
        }
    }

    fn session(&self) -> Session {
        Session {
            id: SessionId::new(),
            realm_id: self.realm,
            user_id: self.user,
            digest: SecretKind::Session.generate().digest(),
            connection_id: None,
            methods: vec![AuthMethod::Password],
            authenticated_at: self.now,
            remembered: false,
            user_agent: "Firefox".to_owned(),
            ip: "192.0.2.1".to_owned(),
            last_used_at: self.now,
            created_at: self.now,
            expires_at: self.now.plus(Duration::from_hours(1)),
            ended_at: None,
        }
    }

    fn grant(&self, session_id: SessionId) -> Grant {
        Grant {
            id: GrantId::new(),
            realm_id: self.realm,
            user_id: self.user,
            client_id: self.client,
            session_id,
            connection_id: None,
            session_bound: false,
            scopes: ScopeSet::from_names(["openid"]),
            audiences: Vec::new(),
            tenants: Vec::new(),
            default_tenant: None,
            nonce: None,
            requested_claims: None,
            authenticated_at: self.now,
            acr: Acr::One,
            amr: vec!["pwd".to_owned()],
            created_at: self.now,
            last_used_at: self.now,
            revoked_at: None,
        }
    }

    fn identity(&self, connection_id: ConnectionId, subject: &str) -> UserIdentity {
        UserIdentity {
            id: IdentityId::new(),
            realm_id: self.realm,
            connection_id,
            issuer: "https://accounts.google.com".to_owned(),
            subject: subject.to_owned(),
            user_id: self.user,
            email: None,
            directory: None,
            groups: Vec::new(),
            groups_stale_since: None,
            created_at: self.now,
            last_used_at: self.now,
        }
    }

    fn trace(&self, connection_id: ConnectionId) -> SignInTrace {
        SignInTrace {
            id: TraceId::new(),
            realm_id: self.realm,
            connection_id: Some(connection_id),
            tenant_id: Some(self.tenant),
            client_id: None,
            publisher_id: None,
            user_id: None,
            outcome: TraceOutcome::Open,
            problem: None,
            started_at: self.now,
            expires_at: self.now.plus(Duration::from_hours(24)),
        }
    }

    fn app_key(&self, name: &str) -> AppKey {
        let key = SecretKind::AppKey.generate();
        AppKey {
            id: AppKeyId::new(),
            client_id: self.client,
            name: name.to_owned(),
            scopes: ScopeSet::from_names(["orders:read"]),
            digest: key.digest(),
            last_four: key.last_four(),
            last_used_at: None,
            expires_at: None,
            created_at: self.now,
        }
    }
}

async fn invite(tx: &RealmTx, at: &At) -> Result<String, gantry_core::failure::Failure> {
    let new = NewInvitation {
        tenant: Some(at.tenant),
        email: address("invited@example.com"),
        role: InvitedRole::Member,
        locale: "en".to_owned(),
    };
    Ok(invitations::invite(tx, Actor::CommandLine, new, "https://gantry.test/invitation", at.now).await?.id.to_string())
}

async fn account(tx: &RealmTx, name: &str, now: Timestamp) -> Result<String, gantry_core::failure::Failure> {
    let settings = ServiceAccountSettings { name: name.to_owned(), scopes: AdminScopes::of(&[AdminScope::RealmRead]) };
    Ok(service_accounts::create(tx, Actor::CommandLine, settings, now).await?.0.id.to_string())
}

fn tenant(org_id: &str) -> NewTenant {
    let settings = TenantSettings {
        name: org_id.to_owned(),
        app_policy: AppPolicy::All,
        max_sign_in_age: None,
        password_min_length: None,
        sign_in: SignInRule::Any,
        branding: TenantBranding::default(),
        suspended: None,
    };
    NewTenant { org_id: Some(org_id.to_owned()), settings }
}

fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}
