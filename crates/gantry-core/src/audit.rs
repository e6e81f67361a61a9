//! The audit trail: what happened, to what, by whom. Never holds a secret.

use serde_json::{Value, json};

use crate::actor::Actor;
use crate::clock::Timestamp;
use crate::id::{AuditId, ClientId, RealmId, TenantId, UserId};

mod changes;
mod facts;

pub use changes::{Audited, Nothing, changes};

crate::closed_set::closed_set! {
    /// What happened.
    AuditEvent {
        /// Somebody signed in.
        SignedIn = "signed_in",
        /// A sign-in was refused.
        SignInRefused = "sign_in_refused",
        /// A sign-in was slowed down before it was looked at.
        SignInThrottled = "sign_in_throttled",
        /// Somebody signed out.
        SignedOut = "signed_out",
        /// A session was ended by its owner or an admin.
        SessionEnded = "session_ended",
        /// Somebody made an account.
        SignedUp = "signed_up",
        /// An address was proved.
        EmailVerified = "email_verified",
        /// A reset mail was asked for.
        ResetRequested = "reset_requested",
        /// A password was changed.
        PasswordChanged = "password_changed",
        /// A person allowed a client.
        Consented = "consented",
        /// A person refused a client.
        Denied = "denied",
        /// An authorization request was refused.
        AuthorizationRefused = "authorization_refused",
        /// A code was issued.
        CodeIssued = "code_issued",
        /// A code was presented a second time; its grant fell.
        CodeReplayed = "code_replayed",
        /// Tokens were issued.
        TokensIssued = "tokens_issued",
        /// A token request was refused.
        TokenRefused = "token_refused",
        /// A rotated refresh token was presented; its family fell.
        RefreshReplayed = "refresh_replayed",
        /// A token or grant was revoked.
        Revoked = "revoked",
        /// A client failed to prove itself.
        ClientAuthFailed = "client_auth_failed",
        /// A key to the admin API was refused.
        ServiceKeyRefused = "service_key_refused",
        /// Somebody who administers something was refused what they asked for.
        AdminRefused = "admin_refused",
        /// A record was made by an admin, the command line or a realm file.
        Created = "created",
        /// A record was changed.
        Updated = "updated",
        /// A record was removed.
        Removed = "removed",
        /// A person's account was linked to one elsewhere.
        IdentityLinked = "identity_linked",
        /// Such a link was taken away.
        IdentityUnlinked = "identity_unlinked",
        /// Two accounts became one.
        AccountsMerged = "accounts_merged",
        /// Somebody became a member of a tenant by signing in.
        Joined = "joined",
        /// A member's role changed because their groups did.
        RoleMapped = "role_mapped",
        /// A tenant's domain was proved.
        DomainProved = "domain_proved",
        /// The proof of a tenant's domain is gone.
        DomainLost = "domain_lost",
        /// The secret or certificate of a connection ends soon.
        CredentialExpires = "credential_expires",
        /// An admin tried a connection out.
        ConnectionTried = "connection_tried",
        /// A provider's tokens were handed to an app.
        UpstreamTokensRead = "upstream_tokens_read",
        /// A trace was shared.
        TraceShared = "trace_shared",
        /// An admin took out everything that is held about a person.
        PersonExported = "person_exported",
        /// An admin erased a person with what was held about them.
        PersonErased = "person_erased",
        /// Signing keys were rotated.
        KeysRotated = "keys_rotated",
        /// A mail did not leave: for the first time, or for the last.
        MailFailed = "mail_failed",
        /// The audit trail was taken out as a file.
        AuditExported = "audit_exported",
    }
}

/// A line to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// The key.
    pub id: AuditId,
    /// Where.
    pub realm_id: RealmId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub event: AuditEvent,
    /// The kind of whoever acted, see [`crate::actor::Actor::kind`].
    pub actor: String,
    /// The person who acted or was acted on.
    pub user_id: Option<UserId>,
    /// The tenant whose matter it is; its admins read the line.
    pub tenant_id: Option<TenantId>,
    /// The client concerned.
    pub client_id: Option<ClientId>,
    /// The record concerned, as text of its id.
    pub target: Option<String>,
    /// Why, for refusals: a stable word.
    pub reason: Option<String>,
    /// Where the request came from.
    pub ip: Option<String>,
    /// The request it belongs to.
    pub request_id: Option<String>,
    /// Further facts, as JSON.
    pub detail: Option<Value>,
}

impl AuditEntry {
    /// A line about an event, to be filled in further.
    pub fn new(realm_id: RealmId, at: Timestamp, event: AuditEvent) -> Self {
        Self {
            id: AuditId::new(),
            realm_id,
            at,
            event,
            actor: "system".to_owned(),
            user_id: None,
            tenant_id: None,
            client_id: None,
            target: None,
            reason: None,
            ip: None,
            request_id: None,
            detail: None,
        }
    }

    /// Names who acted.
    #[must_use]
    pub fn by(mut self, actor: Actor) -> Self {
        actor.kind().clone_into(&mut self.actor);
        self.user_id = self.user_id.or(actor.user());
        match actor {
            Actor::Service { account, .. } => self.detail(json!({ "service_account": account })),
            Actor::System
            | Actor::CommandLine
            | Actor::Operator { .. }
            | Actor::RealmAdmin { .. }
            | Actor::TenantAdmin { .. }
            | Actor::User { .. } => self,
        }
    }

    /// Names the tenant whose matter it is.
    #[must_use]
    pub const fn tenant(mut self, tenant: TenantId) -> Self {
        self.tenant_id = Some(tenant);
        self
    }

    /// Names the tenant whose matter it is, if it is one's.
    #[must_use]
    pub const fn of_tenant(mut self, tenant: Option<TenantId>) -> Self {
        self.tenant_id = tenant;
        self
    }

    /// Names the person.
    #[must_use]
    pub const fn user(mut self, user: UserId) -> Self {
        self.user_id = Some(user);
        self
    }

    /// Names the client.
    #[must_use]
    pub const fn client(mut self, client: ClientId) -> Self {
        self.client_id = Some(client);
        self
    }

    /// Names the record.
    #[must_use]
    pub fn target(mut self, target: &impl std::fmt::Display) -> Self {
        self.target = Some(target.to_string());
        self
    }

    /// Gives the reason.
    #[must_use]
    pub fn reason(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// Gives further facts, beside those that were given before.
    #[must_use]
    pub fn detail(mut self, detail: Value) -> Self {
        self.detail = Some(match (self.detail, detail) {
            (Some(Value::Object(mut known)), Value::Object(more)) => {
                known.extend(more);
                Value::Object(known)
            }
            (_, detail) => detail,
        });
        self
    }

    /// Says what changed of a record, in `before` and `after`; nothing where nothing did.
    #[must_use]
    pub fn changes(self, before: &impl Audited, after: &impl Audited) -> Self {
        match changes(&before.facts(), &after.facts()) {
            Some(changed) => self.detail(changed),
            None => self,
        }
    }

    /// Says all of a record that was not there before.
    #[must_use]
    pub fn makes(self, record: &impl Audited) -> Self {
        self.changes(&Nothing, record)
    }

    /// Says all of a record that is not there any more.
    #[must_use]
    pub fn takes_away(self, record: &impl Audited) -> Self {
        self.changes(record, &Nothing)
    }

    /// Says where the request came from.
    #[must_use]
    pub fn from(mut self, origin: &Origin) -> Self {
        self.ip = Some(origin.ip.clone());
        self.request_id = Some(origin.request_id.clone());
        self
    }
}

/// Which lines somebody wants to see. What is left out narrows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Not before this.
    pub from: Option<Timestamp>,
    /// Before this.
    pub until: Option<Timestamp>,
    /// Only these happenings.
    pub events: Vec<AuditEvent>,
    /// The kind of whoever acted, see [`Actor::kind`].
    pub actor: Option<String>,
    /// The person who acted or was acted on.
    pub person: Option<UserId>,
    /// The client concerned.
    pub client: Option<ClientId>,
    /// The record concerned.
    pub target: Option<String>,
    /// Whose matter it is.
    pub tenant: Option<TenantId>,
    /// Why.
    pub reason: Option<String>,
}

/// Where a request came from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The client address, as text.
    pub ip: String,
    /// What the browser calls itself, cut to 200 characters.
    pub user_agent: String,
    /// The id under which the logs know the request.
    pub request_id: String,
}
