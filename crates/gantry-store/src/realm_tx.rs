//! The realm-scoped handle: every query of a tenant's data hangs off it, so none can forget the realm.
//!
//! Owns the transaction and the list of changes that its commit tells the nodes. Never decides
//! whether to commit; `Store::transact` does.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use gantry_core::audit::Origin;
use gantry_core::change::Change;
use gantry_core::failure::Fault;
use gantry_core::id::{ClientId, RealmId};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, DatabaseTransaction, DeleteMany, IntoActiveModel, QueryFilter as _, Select, SqlErr,
    TransactionTrait as _, UpdateMany,
};

use crate::database::{Database, fault};
use crate::entity::OfRealm;
use crate::record;
use crate::statement::Statements;

/// A handle on one realm's rows: inside a transaction, or for single reads outside one.
pub struct RealmTx {
    realm: RealmId,
    database: Arc<Database>,
    transaction: Option<DatabaseTransaction>,
    changes: Mutex<HashSet<Change>>,
    failed: AtomicBool,
    origin: Option<Origin>,
}

impl std::fmt::Debug for RealmTx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RealmTx").field("realm", &self.realm).finish_non_exhaustive()
    }
}

impl RealmTx {
    pub(crate) fn reading(realm: RealmId, database: Arc<Database>) -> Self {
        Self { realm, database, transaction: None, changes: Mutex::default(), failed: AtomicBool::new(false), origin: None }
    }

    pub(crate) fn writing(realm: RealmId, database: Arc<Database>, transaction: DatabaseTransaction) -> Self {
        Self { realm, database, transaction: Some(transaction), changes: Mutex::default(), failed: AtomicBool::new(false), origin: None }
    }

    /// Says where the request came from whose work this is; lines of the audit trail that say nothing of it say this.
    pub(crate) fn from(self, origin: &Origin) -> Self {
        Self { origin: Some(origin.clone()), ..self }
    }

    /// Where the request came from, if the handle knows.
    pub(crate) const fn origin(&self) -> Option<&Origin> {
        self.origin.as_ref()
    }

    /// Runs statements of this handle.
    pub(crate) fn run(&self) -> Statements<'_> {
        self.transaction
            .as_ref()
            .map_or_else(|| Statements::on(self.database.pools.reader()), |transaction| Statements::within(transaction, &self.failed))
    }

    /// The realm's rows of a table.
    pub(crate) fn select<E: OfRealm>(&self) -> Select<E> {
        E::find().filter(E::REALM.eq(self.realm.to_string()))
    }

    /// A change of the realm's rows of a table.
    pub(crate) fn update<E: OfRealm>(&self) -> UpdateMany<E> {
        E::update_many().filter(E::REALM.eq(self.realm.to_string()))
    }

    /// A change that writes a whole row over; which one, the caller still says.
    pub(crate) fn rewrite<E>(&self, row: E::Model) -> UpdateMany<E>
    where
        E: OfRealm,
        E::Model: IntoActiveModel<E::ActiveModel>,
    {
        self.update::<E>().set(row.into_active_model().reset_all())
    }

    /// A removal of the realm's rows of a table.
    pub(crate) fn delete<E: OfRealm>(&self) -> DeleteMany<E> {
        E::delete_many().filter(E::REALM.eq(self.realm.to_string()))
    }

    /// Changes rows unless that would make two agree in unique columns; returns how many, or none if it would.
    pub(crate) async fn update_unique<E: OfRealm>(&self, update: UpdateMany<E>) -> Result<Option<u64>, Fault> {
        let Some(transaction) = &self.transaction else { return Err(Fault::new("changes are made in a transaction")) };
        let savepoint = transaction.begin().await.map_err(|error| fault("set a savepoint", error))?;
        match update.exec(&savepoint).await {
            Ok(done) => savepoint.commit().await.map(|()| Some(done.rows_affected)).map_err(|error| fault("release a savepoint", error)),
            Err(error) if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {
                savepoint.rollback().await.map(|()| None).map_err(|error| fault("return to a savepoint", error))
            }
            Err(error) => {
                self.failed.store(true, Ordering::Relaxed);
                Err(fault("change rows", error))
            }
        }
    }

    /// The database behind the handle: its keys and its clock.
    pub(crate) fn database(&self) -> &Database {
        &self.database
    }

    /// Notes that nodes must forget the realm when this commits.
    pub(crate) fn realm_changed(&self) {
        self.changed(Change::Realm(self.realm));
    }

    /// Notes that nodes must forget a client when this commits.
    pub(crate) fn client_changed(&self, client: ClientId) {
        self.changed(Change::Client(self.realm, client));
    }

    fn changed(&self, change: Change) {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner).insert(change);
    }

    /// Writes down what changed, and commits; returns what changed.
    pub(crate) async fn commit(self) -> Result<Vec<Change>, Fault> {
        let changes: Vec<Change> = self.changes.into_inner().unwrap_or_else(PoisonError::into_inner).into_iter().collect();
        let Some(transaction) = self.transaction else { return Err(Fault::new("only a transaction can be committed")) };
        if self.failed.load(Ordering::Relaxed) {
            return Err(Fault::new("a transaction in which a statement failed cannot be committed"));
        }
        record::change::insert(&transaction, &changes, self.database.clock.now()).await?;
        transaction.commit().await.map_err(|error| fault("commit", error))?;
        Ok(changes)
    }

    /// Rolls back. That this fails too changes nothing: a lost connection has rolled back already.
    pub(crate) async fn roll_back(self) {
        if let Some(transaction) = self.transaction
            && let Err(error) = transaction.rollback().await
        {
            tracing::warn!(%error, "could not roll back");
        }
    }

    /// The realm that every query of this handle is limited to.
    pub const fn realm_id(&self) -> RealmId {
        self.realm
    }

    /// The realm itself.
    pub const fn realms(&self) -> record::realm::Realms<'_> {
        record::realm::Realms(self)
    }

    /// People.
    pub const fn users(&self) -> record::user::Users<'_> {
        record::user::Users(self)
    }

    /// Password hashes.
    pub const fn passwords(&self) -> record::password::Passwords<'_> {
        record::password::Passwords(self)
    }

    /// Customer organizations.
    pub const fn tenants(&self) -> record::tenant::Tenants<'_> {
        record::tenant::Tenants(self)
    }

    /// Who belongs to which tenant.
    pub const fn memberships(&self) -> record::membership::Memberships<'_> {
        record::membership::Memberships(self)
    }

    /// What tenants decided about apps.
    pub const fn installations(&self) -> record::installation::Installations<'_> {
        record::installation::Installations(self)
    }

    /// Places that wait for whoever reads an address's mail.
    pub const fn invitations(&self) -> record::invitation::Invitations<'_> {
        record::invitation::Invitations(self)
    }

    /// Ways to sign in.
    pub const fn connections(&self) -> record::connection::Connections<'_> {
        record::connection::Connections(self)
    }

    /// Where connections are offered.
    pub const fn attachments(&self) -> record::attachment::Attachments<'_> {
        record::attachment::Attachments(self)
    }

    /// Links between people here and accounts elsewhere.
    pub const fn identities(&self) -> record::identity::Identities<'_> {
        record::identity::Identities(self)
    }

    /// Domains of tenants.
    pub const fn tenant_domains(&self) -> record::tenant_domain::TenantDomains<'_> {
        record::tenant_domain::TenantDomains(self)
    }

    /// Conversations with providers that have begun.
    pub const fn sign_in_attempts(&self) -> record::sign_in_attempt::SignInAttempts<'_> {
        record::sign_in_attempt::SignInAttempts(self)
    }

    /// People who came back from a provider and still have to prove something.
    pub const fn pending_links(&self) -> record::pending_link::PendingLinks<'_> {
        record::pending_link::PendingLinks(self)
    }

    /// Sessions at providers that sessions here began with.
    pub const fn upstream_sessions(&self) -> record::upstream_session::UpstreamSessions<'_> {
        record::upstream_session::UpstreamSessions(self)
    }

    /// Traces of sign-ins.
    pub const fn sign_in_traces(&self) -> record::sign_in_trace::SignInTraces<'_> {
        record::sign_in_trace::SignInTraces(self)
    }

    /// Links that show one trace.
    pub const fn trace_shares(&self) -> record::trace_share::TraceShares<'_> {
        record::trace_share::TraceShares(self)
    }

    /// APIs.
    pub const fn resources(&self) -> record::resource::Resources<'_> {
        record::resource::Resources(self)
    }

    /// Permissions.
    pub const fn scopes(&self) -> record::scope::Scopes<'_> {
        record::scope::Scopes(self)
    }

    /// Records by the words they are known by.
    pub const fn search(&self) -> record::search::Search<'_> {
        record::search::Search(self)
    }

    /// Developer teams.
    pub const fn publishers(&self) -> record::publisher::Publishers<'_> {
        record::publisher::Publishers(self)
    }

    /// Apps.
    pub const fn clients(&self) -> record::client::Clients<'_> {
        record::client::Clients(self)
    }

    /// Clients' secrets.
    pub const fn client_secrets(&self) -> record::client_secret::ClientSecrets<'_> {
        record::client_secret::ClientSecrets(self)
    }

    /// Apps' keys.
    pub const fn app_keys(&self) -> record::app_key::AppKeys<'_> {
        record::app_key::AppKeys(self)
    }

    /// People's own tokens.
    pub const fn personal_tokens(&self) -> record::personal_token::PersonalTokens<'_> {
        record::personal_token::PersonalTokens(self)
    }

    /// Signed-in browsers.
    pub const fn sessions(&self) -> record::session::Sessions<'_> {
        record::session::Sessions(self)
    }

    /// What people allowed clients.
    pub const fn grants(&self) -> record::grant::Grants<'_> {
        record::grant::Grants(self)
    }

    /// Remembered decisions.
    pub const fn consents(&self) -> record::consent::Consents<'_> {
        record::consent::Consents(self)
    }

    /// Requests that a person has acted on.
    pub const fn requests(&self) -> record::authorization_request::AuthorizationRequests<'_> {
        record::authorization_request::AuthorizationRequests(self)
    }

    /// Requests that wait for their browser.
    pub const fn pushed_requests(&self) -> record::pushed_request::PushedRequests<'_> {
        record::pushed_request::PushedRequests(self)
    }

    /// Codes.
    pub const fn codes(&self) -> record::authorization_code::AuthorizationCodes<'_> {
        record::authorization_code::AuthorizationCodes(self)
    }

    /// Chains of refresh tokens.
    pub const fn families(&self) -> record::refresh_family::RefreshFamilies<'_> {
        record::refresh_family::RefreshFamilies(self)
    }

    /// Opaque access tokens, and revoked JWTs.
    pub const fn access_tokens(&self) -> record::access_token::AccessTokens<'_> {
        record::access_token::AccessTokens(self)
    }

    /// Client assertions that were seen.
    pub const fn assertions(&self) -> record::assertion::Assertions<'_> {
        record::assertion::Assertions(self)
    }

    /// Service accounts of the admin API.
    pub const fn service_accounts(&self) -> record::service_account::ServiceAccounts<'_> {
        record::service_account::ServiceAccounts(self)
    }

    /// Signing keys.
    pub const fn signing_keys(&self) -> record::signing_key::SigningKeys<'_> {
        record::signing_key::SigningKeys(self)
    }

    /// Single-use links.
    pub const fn action_links(&self) -> record::action_link::ActionLinks<'_> {
        record::action_link::ActionLinks(self)
    }

    /// The audit trail.
    pub const fn audit(&self) -> record::audit::AuditTrail<'_> {
        record::audit::AuditTrail(self)
    }

    /// How often things happened.
    pub const fn figures(&self) -> record::figure::Figures<'_> {
        record::figure::Figures(self)
    }

    /// Mails that the realm words itself.
    pub const fn mail_texts(&self) -> record::mail_text::MailTexts<'_> {
        record::mail_text::MailTexts(self)
    }

    /// What was written about one person.
    pub const fn person_trail(&self) -> record::person_trail::PersonTrail<'_> {
        record::person_trail::PersonTrail(self)
    }

    /// Messages that wait to leave.
    pub const fn outbox(&self) -> record::outbox::Outbox<'_> {
        record::outbox::Outbox(self)
    }
}
