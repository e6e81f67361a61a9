//! Where the endpoints of a realm are: one family of paths for each profile.
//!
//! Owns the shape that the web crate fills in, mounts and hands over, so that metadata names what
//! there is. Never knows where a realm lives.

use gantry_core::address::RealmAddress;
use gantry_core::realm::{PathProfile, Realm};

/// One family of paths, all below the same place.
#[derive(Debug, Clone, Copy)]
pub struct EndpointPaths {
    /// RFC 6749 §3.1.
    pub authorization: &'static str,
    /// RFC 9126 §2.
    pub pushed_requests: &'static str,
    /// RFC 6749 §3.2.
    pub token: &'static str,
    /// OpenID Connect Core §5.3.
    pub userinfo: &'static str,
    /// RFC 7517 §5.
    pub jwks: &'static str,
    /// RFC 7662.
    pub introspection: &'static str,
    /// RFC 7009.
    pub revocation: &'static str,
    /// RP-Initiated Logout 1.0.
    pub end_session: &'static str,
}

/// The families: the first below every realm's base, the second below the issuer of realms that have it.
#[derive(Debug, Clone, Copy)]
pub struct PathFamilies {
    /// For the profile `oauth`.
    pub oauth: EndpointPaths,
    /// For the profile `keycloak`.
    pub keycloak: EndpointPaths,
}

impl PathFamilies {
    /// The family that a realm's metadata names; it is below the issuer.
    pub const fn of(&self, realm: &Realm) -> &EndpointPaths {
        match realm.settings.endpoints.profile {
            PathProfile::Oauth => &self.oauth,
            PathProfile::Keycloak => &self.keycloak,
        }
    }

    /// Every absolute URL at which the realm's token endpoint may be known.
    pub fn token_urls(&self, realm: &Realm, address: &RealmAddress) -> [String; 2] {
        [address.below_issuer(self.of(realm).token), address.url(self.oauth.token)]
    }
}
