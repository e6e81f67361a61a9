//! Checks of APIs, scopes and publishers, and what clients will be able to refer to.

use gantry_core::clock::Timestamp;
use gantry_core::id::{PublisherId, RealmId, ResourceId, ScopeId};
use gantry_core::publisher::Publisher;
use gantry_core::resource::Resource;
use gantry_core::scope::Scope;
use gantry_oauth::catalogue::Catalogue;
use gantry_oauth::{publishers, resources, scopes};

use super::Check;
use crate::current::Current;
use crate::document::{self, Document};
use crate::entry;
use crate::problem::Path;

impl Check<'_> {
    pub(super) fn resource(&mut self, path: &Path, given: &document::Resource) -> document::Resource {
        if let Err(problem) = resources::check_audience(&given.audience) {
            self.note(&path.key("audience"), problem);
        }
        let mut canonical = given.clone();
        match resources::normalise(entry::resource_settings(given)) {
            Ok(settings) => canonical.name = settings.name,
            Err(violations) => self.violations(path, &violations),
        }
        let list = path.key("scopes");
        canonical.scopes = given.scopes.iter().enumerate().map(|(index, scope)| self.scope(&list.index(index), scope)).collect();
        canonical
    }

    pub(super) fn scope(&mut self, path: &Path, given: &document::Scope) -> document::Scope {
        if let Err(problem) = scopes::check_name(&given.name) {
            self.note(&path.key("name"), problem);
        }
        let mut canonical = given.clone();
        match scopes::normalise(entry::scope_settings(given, None)) {
            Ok(settings) => (canonical.title, canonical.description) = (settings.title, settings.description),
            Err(violations) => self.violations(path, &violations),
        }
        canonical
    }

    pub(super) fn publisher(&mut self, path: &Path, given: &document::Publisher) -> document::Publisher {
        if let Err(problem) = publishers::check_slug(&given.slug) {
            self.note(&path.key("slug"), problem);
        }
        let mut canonical = given.clone();
        match publishers::normalise(entry::publisher_settings(given)) {
            Ok(settings) => canonical.name = settings.name,
            Err(violations) => self.violations(path, &violations),
        }
        canonical
    }

    /// Notes names that are there twice: audiences, publishers, and scopes, which share one namespace.
    pub(super) fn repeated_scopes(&mut self, document: &Document) {
        let root = Path::default();
        let resources = document.resources.as_deref().unwrap_or_default();
        self.repeated(&root.key("resources"), "audience", resources.iter().map(|resource| Some(resource.audience.as_str())));
        let publishers = document.publishers.as_deref().unwrap_or_default();
        self.repeated(&root.key("publishers"), "slug", publishers.iter().map(|publisher| Some(publisher.slug.as_str())));
        let mut seen: Vec<&str> = Vec::new();
        let of_resources =
            resources.iter().enumerate().map(|(index, resource)| (root.key("resources").index(index).key("scopes"), &resource.scopes));
        let others = document.scopes.iter().map(|scopes| (root.key("scopes"), scopes));
        for (list, scopes) in of_resources.chain(others) {
            for (index, scope) in scopes.iter().enumerate() {
                if seen.contains(&scope.name.as_str()) {
                    self.note(&list.index(index).key("name"), format!("`{}` is there twice", scope.name));
                }
                seen.push(&scope.name);
            }
        }
    }
}

/// What clients will be able to refer to: what is there now, less what is pruned, plus the file's.
pub(super) fn merged(document: &Document, current: &Current, prune: bool) -> Catalogue {
    let now = Timestamp::from_millis(0);
    let realm_id = current.realm.as_ref().map_or_else(RealmId::new, |realm| realm.id);
    let mut catalogue = current.catalogue.clone();
    if prune {
        let named = |audience: &str| document.resources.iter().flatten().any(|entry| entry.audience == audience);
        catalogue.resources.retain(|resource| document.resources.is_none() || named(&resource.audience));
        catalogue.scopes.retain(|scope| !is_pruned(document, scope));
        let named = |slug: &str| document.publishers.iter().flatten().any(|entry| entry.slug == slug);
        catalogue.publishers.retain(|publisher| document.publishers.is_none() || named(&publisher.slug));
    }
    for given in document.resources.iter().flatten() {
        let id = catalogue.resource_by_audience(&given.audience).map_or_else(ResourceId::new, |known| known.id);
        catalogue.resources.retain(|known| known.id != id);
        let settings = entry::resource_settings(given);
        catalogue.resources.push(Resource {
            id,
            realm_id,
            audience: given.audience.clone(),
            name: settings.name,
            token_format: settings.token_format,
            signing_algorithm: settings.signing_algorithm,
            access_lifetime: settings.access_lifetime,
            created_at: now,
        });
    }
    for (audience, given) in document.all_scopes() {
        let resource_id = audience.and_then(|audience| catalogue.resource_by_audience(audience)).map(|resource| resource.id);
        catalogue.scopes.retain(|known| known.name != given.name);
        let settings = entry::scope_settings(given, resource_id);
        catalogue.scopes.push(Scope {
            id: ScopeId::new(),
            realm_id,
            resource_id,
            name: given.name.clone(),
            title: settings.title,
            description: settings.description,
            tier: settings.tier,
            claims: settings.claims,
            machine: settings.machine,
            created_at: now,
        });
    }
    for given in document.publishers.iter().flatten() {
        let id = catalogue.publisher_by_slug(&given.slug).map_or_else(PublisherId::new, |known| known.id);
        catalogue.publishers.retain(|known| known.id != id);
        catalogue.publishers.push(Publisher {
            id,
            realm_id,
            slug: given.slug.clone(),
            name: given.name.clone(),
            website: given.website.clone(),
            verified_at: given.verified.then_some(now),
            created_at: now,
        });
    }
    catalogue
}

/// Whether pruning takes a scope: its section is in the file, it is not.
pub(crate) fn is_pruned(document: &Document, scope: &Scope) -> bool {
    let section_given = if scope.resource_id.is_some() { document.resources.is_some() } else { document.scopes.is_some() };
    section_given && !document.all_scopes().any(|(_, entry)| entry.name == scope.name)
}
