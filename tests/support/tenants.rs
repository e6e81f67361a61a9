//! The tenants of the sample realm, as its admins change them: each way through the admin rules.

use std::time::Duration;

use gantry_core::actor::Actor;
use gantry_core::clock::Clock as _;
use gantry_core::grant::Grant;
use gantry_core::id::{ClientId, TenantId};
use gantry_core::installation::{Installation, InstallationStanding};
use gantry_core::realm::TenantDemand;
use gantry_core::tenant::{AppPolicy, SignInRule, TenantRole};
use gantry_identity::members::{self, MemberSettings};
use gantry_identity::tenants::{NewTenant, TenantSettings};
use gantry_identity::{installations, tenants};

use super::{Gantry, Person};

impl Gantry {
    /// A Gantry whose default realm demands tenants, offers them, or has none.
    pub async fn with_tenants(demand: TenantDemand) -> Self {
        let gantry = Self::start().await;
        gantry.change_realm(|settings| settings.tenants = demand).await;
        gantry
    }

    /// Makes a tenant whose policy lets every app in.
    pub async fn tenant(&self, org_id: &str) -> TenantId {
        let settings = TenantSettings {
            name: format!("The {org_id}"),
            app_policy: AppPolicy::All,
            max_sign_in_age: None,
            password_min_length: None,
            sign_in: SignInRule::Any,
            branding: gantry_core::tenant::TenantBranding::default(),
            suspended: Some(false),
        };
        let new = NewTenant { org_id: Some(org_id.to_owned()), settings };
        let now = self.clock.now();
        let work = async |tx: &gantry_store::RealmTx| tenants::create(tx, Actor::CommandLine, new.clone(), now).await;
        self.store.transact(self.realm_id().await, work).await.unwrap().id
    }

    /// Makes a tenant and lets this person join.
    pub async fn tenant_of(&self, person: Person, org_id: &str) -> TenantId {
        let tenant = self.tenant(org_id).await;
        self.join(person, tenant).await;
        tenant
    }

    /// Changes what a tenant's admin may change.
    pub async fn change_tenant(&self, tenant: TenantId, change: impl FnOnce(&mut TenantSettings)) {
        let realm = self.realm_id().await;
        let before = self.store.read(realm).tenants().find(tenant).await.unwrap().unwrap();
        let mut settings = TenantSettings::of(&before);
        change(&mut settings);
        let now = self.clock.now();
        let work = async |tx: &gantry_store::RealmTx| tenants::update(tx, Actor::CommandLine, tenant, settings.clone(), now).await;
        self.store.transact(realm, work).await.unwrap();
    }

    /// Lets a person join.
    pub async fn join(&self, person: Person, tenant: TenantId) {
        let (user, now) = (self.user(person).await, self.clock.now());
        let work = async |tx: &gantry_store::RealmTx| {
            members::put(tx, Actor::CommandLine, tenant, user.id, MemberSettings::with(TenantRole::Member), now).await
        };
        self.store.transact(user.realm_id, work).await.unwrap();
    }

    /// Takes a person out.
    pub async fn part(&self, person: Person, tenant: TenantId) {
        let (user, now) = (self.user(person).await, self.clock.now());
        let work = async |tx: &gantry_store::RealmTx| members::remove(tx, Actor::CommandLine, tenant, user.id, now).await;
        self.store.transact(user.realm_id, work).await.unwrap();
    }

    /// Decides about an app as a tenant's admin does.
    pub async fn decide(&self, tenant: TenantId, client_id: &str, standing: InstallationStanding) {
        let (client, now) = (self.client_key(client_id).await, self.clock.now());
        let work = async |tx: &gantry_store::RealmTx| installations::decide(tx, Actor::CommandLine, tenant, client, standing, now).await;
        self.store.transact(self.realm_id().await, work).await.unwrap();
    }

    /// How an app stands with a tenant.
    pub async fn installation(&self, tenant: TenantId, client_id: &str) -> Option<Installation> {
        let client = self.client_key(client_id).await;
        self.store.read(self.realm_id().await).installations().find(tenant, client).await.unwrap()
    }

    /// A person's live grants, in order of making.
    pub async fn grants(&self, person: Person) -> Vec<Grant> {
        let user = self.user(person).await;
        let mut grants = self.store.read(user.realm_id).grants().list_live(user.id).await.unwrap();
        grants.sort_by_key(|grant| grant.id);
        grants
    }

    /// Lets a second pass, so that what is done next is later than what was done.
    pub fn wait(&self) {
        self.clock.advance(Duration::from_secs(1));
    }

    /// The id of a client, as addresses of the console name it.
    pub async fn client_key(&self, client_id: &str) -> ClientId {
        self.store.read(self.realm_id().await).clients().find_by_client_id(client_id).await.unwrap().unwrap().id
    }
}
