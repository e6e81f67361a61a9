//! Where an app sends a person when only a sign-in helps: the authorization request that a refused
//! refresh needs.
//!
//! Owns the address alone. `state`, PKCE and `nonce` are the app's own to add.

use gantry_core::grant::Grant;

use crate::client_request::ServedRealm;
use crate::endpoint_paths::PathFamilies;
use gantry_core::client::Client;

/// The request that leads to a grant like this one for a tenant.
pub(super) fn authorization_uri(realm: ServedRealm<'_>, paths: &PathFamilies, client: &Client, grant: &Grant, org_id: &str) -> String {
    let endpoint = realm.address.below_issuer(paths.of(realm.realm()).authorization);
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("response_type", "code").append_pair("client_id", &client.client_id);
    if let Some(redirect_uri) = client.redirect_uris.first() {
        query.append_pair("redirect_uri", redirect_uri);
    }
    query.append_pair("scope", &grant.scopes.to_string());
    for audience in &grant.audiences {
        query.append_pair("resource", audience);
    }
    query.append_pair("org_id", org_id);
    format!("{endpoint}?{}", query.finish())
}
