//! What realm, resource and client decided about tokens, resolved for one request.

use gantry_core::client::Client;
use gantry_core::realm::{RefreshRotation, TokenFormat, TokenPolicy};
use gantry_core::resource::Resource;
use gantry_core::scope::ScopeTier;
use gantry_core::scope_set::ScopeSet;
use gantry_core::signing_algorithm::SigningAlgorithm;
use gantry_store::snapshot::RealmSnapshot;

use crate::tenancy::ForTenant;

/// How an access token for some audiences is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccessPolicy {
    /// Readable or not.
    pub format: TokenFormat,
    /// How it is signed, if it is.
    pub algorithm: SigningAlgorithm,
    /// How long it lives, in seconds.
    pub lifetime: u32,
}

impl AccessPolicy {
    /// Resolves the policy. A client's own lifetime wins; several APIs agree on the most careful
    /// of their wishes: opaque before readable, shorter before longer, the realm's algorithm
    /// where they differ.
    pub fn of(realm: &RealmSnapshot, client: &Client, audiences: &[String]) -> Self {
        let policy = &realm.realm.settings.tokens;
        let resources: Vec<&Resource> = realm.resources.iter().filter(|resource| audiences.contains(&resource.audience)).collect();
        let opaque = resources.iter().any(|resource| resource.token_format == TokenFormat::Opaque);
        let lifetime = resources.iter().filter_map(|resource| resource.access_lifetime).min();
        Self {
            format: if opaque { TokenFormat::Opaque } else { TokenFormat::Jwt },
            algorithm: agreed_algorithm(&resources).unwrap_or(policy.signing_algorithm),
            lifetime: client.policy.access_lifetime.or(lifetime).unwrap_or(policy.access_lifetime),
        }
    }
}

fn agreed_algorithm(resources: &[&Resource]) -> Option<SigningAlgorithm> {
    let (first, others) = resources.split_first()?;
    others.iter().all(|other| other.signing_algorithm == first.signing_algorithm).then_some(first.signing_algorithm)?
}

/// How many seconds a refresh family lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefreshLifetimes {
    /// Unused.
    pub idle: u32,
    /// However active.
    pub absolute: u32,
}

impl RefreshLifetimes {
    /// Resolves them: a client's own win. No token is promised a longer life than its family.
    pub fn of(policy: &TokenPolicy, client: &Client) -> Self {
        let absolute = client.policy.refresh_absolute_lifetime.unwrap_or(policy.refresh_absolute_lifetime);
        let idle = client.policy.refresh_idle_lifetime.unwrap_or(policy.refresh_idle_lifetime);
        Self { idle: idle.min(absolute), absolute }
    }
}

/// Whether the client's refresh tokens rotate.
pub fn rotates(policy: &TokenPolicy, client: &Client) -> bool {
    match client.policy.refresh_rotation.unwrap_or(policy.refresh_rotation) {
        RefreshRotation::All => true,
        RefreshRotation::Public => client.kind.is_public(),
    }
}

/// The scopes that mean something to these audiences: those of their APIs, and those of no API.
pub fn scopes_for(realm: &RealmSnapshot, scopes: &ScopeSet, audiences: &[String]) -> ScopeSet {
    let fits = |name: &&str| {
        let scope = realm.scopes.iter().find(|scope| scope.name == *name);
        let owner = scope.and_then(|scope| scope.resource_id);
        owner.is_none_or(|id| realm.resources.iter().any(|resource| resource.id == id && audiences.contains(&resource.audience)))
    };
    ScopeSet::from_names(scopes.iter().filter(fits))
}

/// The scopes that may be used for a tenant: those of its admins' tier need their approval.
pub fn scopes_in(realm: &RealmSnapshot, scopes: &ScopeSet, tenant: Option<&ForTenant>) -> ScopeSet {
    if tenant.is_some_and(|tenant| tenant.approved) {
        return scopes.clone();
    }
    let of_admins = |name: &str| realm.scopes.iter().any(|scope| scope.tier == ScopeTier::TenantAdmin && scope.name == name);
    ScopeSet::from_names(scopes.iter().filter(|name| !of_admins(name)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use SigningAlgorithm::{Es256, Rs256};
    use gantry_core::client::ClientKind;
    use std::sync::Arc;

    #[test]
    fn the_most_careful_wish_counts() {
        let mut realm = Arc::unwrap_or_clone(samples::realm());
        let mut client = samples::client(ClientKind::Confidential);
        let both = ["https://api.example".to_owned(), "https://other.example".to_owned()];
        let (one, none) = (&both[..1], &both[..0]);
        let policy = |format, algorithm, lifetime| AccessPolicy { format, algorithm, lifetime };
        assert_eq!(AccessPolicy::of(&realm, &client, none), policy(TokenFormat::Jwt, Rs256, 300));
        realm.resources[0].signing_algorithm = Some(Es256);
        realm.resources[0].access_lifetime = Some(600);
        assert_eq!(AccessPolicy::of(&realm, &client, one), policy(TokenFormat::Jwt, Es256, 600));
        realm.resources[1].token_format = TokenFormat::Opaque;
        realm.resources[1].access_lifetime = Some(60);
        assert_eq!(AccessPolicy::of(&realm, &client, &both), policy(TokenFormat::Opaque, Rs256, 60));
        client.policy.access_lifetime = Some(3600);
        assert_eq!(AccessPolicy::of(&realm, &client, &both).lifetime, 3600);
    }

    #[test]
    fn a_client_may_have_refresh_lifetimes_of_its_own() {
        let policy = TokenPolicy { refresh_idle_lifetime: 1800, refresh_absolute_lifetime: 3600, ..TokenPolicy::default() };
        let of = |idle, absolute| {
            let mut client = samples::client(ClientKind::Confidential);
            (client.policy.refresh_idle_lifetime, client.policy.refresh_absolute_lifetime) = (idle, absolute);
            let lifetimes = RefreshLifetimes::of(&policy, &client);
            (lifetimes.idle, lifetimes.absolute)
        };
        assert_eq!(of(None, None), (1800, 3600));
        assert_eq!(of(Some(60), None), (60, 3600));
        assert_eq!(of(Some(7200), None), (3600, 3600));
        assert_eq!(of(None, Some(600)), (600, 600));
        assert_eq!(of(Some(7200), Some(86_400)), (7200, 86_400));
    }

    #[test]
    fn scopes_of_other_apis_are_left_out() {
        let realm = samples::realm();
        let all = ScopeSet::from_names(["openid", "read", "other", "profile:read"]);
        assert_eq!(scopes_for(&realm, &all, &["https://api.example".to_owned()]).to_string(), "openid read profile:read");
        assert_eq!(scopes_for(&realm, &all, &[]).to_string(), "openid profile:read");
    }
}
