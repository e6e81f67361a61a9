//! The things of a realm that clients refer to: APIs, scopes, publishers.
//!
//! Owns how they are looked up by name. Never changes them. The realm file fills one with what is
//! going to be there, so that the same rules check a file before anything of it is written.

use gantry_core::actor::Actor;
use gantry_core::failure::{Failure, Fault};
use gantry_core::id::{PublisherId, ResourceId};
use gantry_core::publisher::Publisher;
use gantry_core::resource::Resource;
use gantry_core::scope::{STANDARD_SCOPES, Scope};
use gantry_identity::permission::{self, Action};
use gantry_store::RealmTx;

/// What clients may refer to.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    /// The APIs.
    pub resources: Vec<Resource>,
    /// The realm's own scopes.
    pub scopes: Vec<Scope>,
    /// The developer teams.
    pub publishers: Vec<Publisher>,
}

/// What the realm has now, for whoever may see all of it.
pub async fn read(tx: &RealmTx, actor: Actor) -> Result<Catalogue, Failure> {
    permission::check(actor, Action::ReadResources, tx.realm_id())?;
    permission::check(actor, Action::ReadClients, tx.realm_id())?;
    Ok(Catalogue::load(tx).await?)
}

impl Catalogue {
    /// What the realm has now.
    pub async fn load(tx: &RealmTx) -> Result<Self, Fault> {
        Ok(Self { resources: tx.resources().list().await?, scopes: tx.scopes().list().await?, publishers: tx.publishers().list().await? })
    }

    /// The realm's own scope of this name.
    pub fn scope(&self, name: &str) -> Option<&Scope> {
        self.scopes.iter().find(|scope| scope.name == name)
    }

    /// Whether a client can be given this scope at all.
    pub fn knows_scope(&self, name: &str) -> bool {
        self.scope(name).is_some() || STANDARD_SCOPES.iter().any(|scope| scope.name == name)
    }

    /// Whether a machine can be given this scope: one that speaks of no person.
    pub fn is_for_machines(&self, name: &str) -> bool {
        self.scope(name).is_some_and(|scope| scope.machine)
    }

    /// The API with this key.
    pub fn resource(&self, id: ResourceId) -> Option<&Resource> {
        self.resources.iter().find(|resource| resource.id == id)
    }

    /// The API with this audience.
    pub fn resource_by_audience(&self, audience: &str) -> Option<&Resource> {
        self.resources.iter().find(|resource| resource.audience == audience)
    }

    /// The team with this key.
    pub fn publisher(&self, id: PublisherId) -> Option<&Publisher> {
        self.publishers.iter().find(|publisher| publisher.id == id)
    }

    /// The team with this slug.
    pub fn publisher_by_slug(&self, slug: &str) -> Option<&Publisher> {
        self.publishers.iter().find(|publisher| publisher.slug == slug)
    }
}
