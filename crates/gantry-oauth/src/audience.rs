//! Which APIs a client's tokens may be for, and which they are for when a request names none.
//!
//! Owns the rule for every endpoint that takes `resource` (RFC 8707). Never decides a scope.

use gantry_core::client::Client;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Refusal;
use gantry_core::id::ResourceId;
use gantry_core::resource::Resource;
use gantry_core::scope_set::ScopeSet;
use gantry_store::snapshot::RealmSnapshot;

/// The APIs named, each once, if the client may have tokens for all of them.
pub fn named(realm: &RealmSnapshot, client: &Client, names: &[&str]) -> Result<Vec<String>, Refusal> {
    let mut audiences: Vec<String> = Vec::new();
    for name in names {
        // Compared as text: an audience has one spelling, the registered one.
        let known = realm.resources.iter().find(|resource| resource.audience == *name);
        let Some(resource) = known.filter(|resource| is_allowed(realm, client, resource)) else {
            return Err(Refusal::new(ErrorCode::InvalidTarget, "an API does not exist, or is not one of this app's").detail(*name));
        };
        if !audiences.contains(&resource.audience) {
            audiences.push(resource.audience.clone());
        }
    }
    Ok(audiences)
}

/// The APIs where none is named: the client's default, else the realm's, else those that the
/// scopes belong to. Empty where there is none of these.
pub fn default_for(realm: &RealmSnapshot, client: &Client, scopes: &ScopeSet) -> Vec<String> {
    let chosen = client.default_resource.and_then(|id| by_id(realm, id));
    if let Some(resource) = chosen.or_else(|| realm_default(realm).filter(|resource| is_allowed(realm, client, resource))) {
        return vec![resource.audience.clone()];
    }
    let owners = realm.resources.iter().filter(|resource| has_scope_of(realm, resource.id, scopes));
    owners.filter(|resource| is_allowed(realm, client, resource)).map(|resource| resource.audience.clone()).collect()
}

/// The APIs of a credential that names none and is no token of a flow: those that its scopes belong
/// to, else the realm's default.
pub fn of_scopes(realm: &RealmSnapshot, scopes: &ScopeSet) -> Vec<String> {
    let owners = realm.resources.iter().filter(|resource| has_scope_of(realm, resource.id, scopes));
    let owners: Vec<String> = owners.map(|resource| resource.audience.clone()).collect();
    if owners.is_empty() { realm_default(realm).map(|resource| resource.audience.clone()).into_iter().collect() } else { owners }
}

/// Named for the client; where it names none, those of its scopes and the realm's default.
fn is_allowed(realm: &RealmSnapshot, client: &Client, resource: &Resource) -> bool {
    // Gantry's own apps call no API of the platform's.
    if client.built_in {
        return false;
    }
    if client.default_resource == Some(resource.id) || client.resources.contains(&resource.id) {
        return true;
    }
    client.resources.is_empty()
        && (has_scope_of(realm, resource.id, &client.scopes) || realm_default(realm).is_some_and(|default| default.id == resource.id))
}

fn has_scope_of(realm: &RealmSnapshot, resource: ResourceId, scopes: &ScopeSet) -> bool {
    realm.scopes.iter().any(|scope| scope.resource_id == Some(resource) && scopes.contains(&scope.name))
}

fn by_id(realm: &RealmSnapshot, id: ResourceId) -> Option<&Resource> {
    realm.resources.iter().find(|resource| resource.id == id)
}

fn realm_default(realm: &RealmSnapshot) -> Option<&Resource> {
    let audience = realm.realm.settings.authorization.default_resource.as_deref()?;
    realm.resources.iter().find(|resource| resource.audience == audience)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authorize::samples::{self, API, OTHER_API};

    #[test]
    fn the_default_is_the_clients_then_the_realms_then_the_scopes() {
        let mut realm = samples::realm();
        let mut client = samples::client(&realm);
        let other = ScopeSet::from_names(["other"]);
        assert_eq!(default_for(&realm, &client, &other), [OTHER_API]);
        assert!(default_for(&realm, &client, &ScopeSet::from_names(["profile"])).is_empty());
        realm.realm.settings.authorization.default_resource = Some(API.to_owned());
        assert_eq!(default_for(&realm, &client, &other), [API]);
        client.default_resource = Some(realm.resources[1].id);
        assert_eq!(default_for(&realm, &client, &ScopeSet::default()), [OTHER_API]);
    }

    #[test]
    fn a_key_is_for_the_apis_of_its_scopes_or_the_realms_default() {
        let mut realm = samples::realm();
        let of = |realm: &RealmSnapshot, names: &[&str]| of_scopes(realm, &ScopeSet::from_names(names.iter().copied()));
        assert_eq!(of(&realm, &["read", "profile", "other"]), [API, OTHER_API]);
        assert!(of(&realm, &["profile"]).is_empty());
        realm.realm.settings.authorization.default_resource = Some(OTHER_API.to_owned());
        assert_eq!(of(&realm, &["profile"]), [OTHER_API]);
        assert_eq!(of(&realm, &["read"]), [API]);
    }

    #[test]
    fn a_client_has_the_apis_it_names_or_those_of_its_scopes() {
        let mut realm = samples::realm();
        let mut client = samples::client(&realm);
        client.scopes = ScopeSet::from_names(["read"]);
        assert!(named(&realm, &client, &[API]).is_ok());
        assert!(named(&realm, &client, &[OTHER_API]).is_err());
        client.resources = vec![realm.resources[1].id];
        assert!(named(&realm, &client, &[OTHER_API]).is_ok());
        assert!(named(&realm, &client, &[API]).is_err());
        // The realm's default is not for a client that names others.
        realm.realm.settings.authorization.default_resource = Some(API.to_owned());
        assert!(default_for(&realm, &client, &ScopeSet::default()).is_empty());
    }
}
