//! `client_credentials` (RFC 6749 §4.4): an app that acts for itself.
//!
//! The hot path: answered from memory, no row read or written (architecture §14.12).

use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Refusal;
use gantry_core::grant_type::GrantType;
use gantry_core::scope_set::ScopeSet;
use gantry_store::snapshot::RealmSnapshot;

use crate::audience;
use crate::client_auth::AuthenticatedClient;
use crate::tenancy::ForTenant;
use crate::token::entitlement::{Entitlement, Refresh, Subject};
use crate::token::policy::{scopes_for, scopes_in};

/// What the app asks for.
pub(in crate::token) struct Asked {
    pub(in crate::token) scope: Option<ScopeSet>,
    pub(in crate::token) resources: Vec<String>,
    /// The tenant that it acts for, found and open to it.
    pub(in crate::token) tenant: Option<ForTenant>,
}

/// Redeems nothing but the client's own proof of who it is.
pub(in crate::token) fn redeem(realm: &RealmSnapshot, authenticated: &AuthenticatedClient, asked: Asked) -> Result<Entitlement, Refusal> {
    let Asked { scope, resources, tenant } = asked;
    let client = authenticated.client();
    // RFC 6749 §4.4: confidential clients only, and only having proved it.
    if client.kind.is_public() || !authenticated.has_proved_itself() {
        return Err(Refusal::new(ErrorCode::UnauthorizedClient, "a client that keeps no secret cannot act for itself"));
    }
    let may_have = scopes_in(realm, &machine_scopes(realm, &client.scopes), tenant.as_ref());
    let asked = match scope {
        Some(asked) if !asked.is_subset_of(&may_have) => {
            return Err(Refusal::new(ErrorCode::InvalidScope, "a scope is unknown, not this client's, or speaks of a person")
                .detail(asked.without(&may_have).to_string()));
        }
        Some(asked) => asked,
        None => may_have,
    };
    let (scopes, audiences) = if resources.is_empty() {
        let audiences = audience::default_for(realm, client, &asked);
        (asked, audiences)
    } else {
        let names: Vec<&str> = resources.iter().map(String::as_str).collect();
        let audiences = audience::named(realm, client, &names)?;
        (scopes_for(realm, &asked, &audiences), audiences)
    };
    Ok(Entitlement {
        grant_type: GrantType::ClientCredentials,
        subject: Subject::Machine,
        tenant,
        scopes,
        audiences,
        refresh: Refresh::Nothing,
        trace: None,
    })
}

/// The client's scopes that speak of no person: none of the standard ones does.
fn machine_scopes(realm: &RealmSnapshot, registered: &ScopeSet) -> ScopeSet {
    let is_machine = |name: &&str| realm.scopes.iter().any(|scope| scope.machine && scope.name == *name);
    ScopeSet::from_names(registered.iter().filter(is_machine))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use gantry_core::client::ClientKind;
    use gantry_core::client_auth_method::ClientAuthMethod;
    use gantry_store::snapshot::ClientSnapshot;
    use std::sync::Arc;

    fn redeemed(
        kind: ClientKind,
        method: ClientAuthMethod,
        scope: &str,
        resources: &[&str],
    ) -> Result<(String, Vec<String>), &'static str> {
        let snapshot = ClientSnapshot { client: samples::client(kind), secrets: Vec::new(), publisher: None };
        let client = AuthenticatedClient::assumed(Arc::new(snapshot), method);
        let scope = Some(ScopeSet::parse(scope).unwrap()).filter(|scope| !scope.is_empty());
        let resources: Vec<String> = resources.iter().map(|resource| (*resource).to_owned()).collect();
        redeem(&samples::realm(), &client, Asked { scope, resources, tenant: None })
            .map(|entitlement| (entitlement.scopes.to_string(), entitlement.audiences))
            .map_err(|refusal| refusal.code.wire_name())
    }

    #[test]
    fn cli_12_only_who_proved_itself_acts_for_itself() {
        let by = |kind, method| redeemed(kind, method, "", &[]).map(|_| ());
        assert_eq!(by(ClientKind::Machine, ClientAuthMethod::ClientSecretBasic), Ok(()));
        assert_eq!(by(ClientKind::Confidential, ClientAuthMethod::PrivateKeyJwt), Ok(()));
        assert_eq!(by(ClientKind::Public, ClientAuthMethod::None), Err("unauthorized_client"));
        assert_eq!(by(ClientKind::Native, ClientAuthMethod::ClientSecretPost), Err("unauthorized_client"));
        assert_eq!(by(ClientKind::Development, ClientAuthMethod::None), Err("unauthorized_client"));
    }

    #[test]
    fn cli_13_scopes_stay_within_what_is_enrolled_for_machines() {
        let of = |scope| redeemed(ClientKind::Machine, ClientAuthMethod::ClientSecretPost, scope, &[]).map(|(scopes, _)| scopes);
        assert_eq!(of(""), Ok("read write".to_owned()));
        assert_eq!(of("write"), Ok("write".to_owned()));
        for scope in ["openid", "offline_access", "profile", "other", "unknown", "read openid", "profile:read"] {
            assert_eq!(of(scope), Err("invalid_scope"), "{scope}");
        }
    }

    #[test]
    fn resources_are_the_clients_own() {
        let of = |resources: &[&str]| redeemed(ClientKind::Machine, ClientAuthMethod::ClientSecretPost, "", resources);
        let api = "https://api.example";
        assert_eq!(of(&[]), Ok(("read write".to_owned(), vec![api.to_owned()])));
        assert_eq!(of(&[api]), Ok(("read write".to_owned(), vec![api.to_owned()])));
        for resource in ["https://other.example", "https://unknown.example", "https://api.example/", "relative"] {
            assert_eq!(of(&[resource]), Err("invalid_target"), "{resource}");
        }
    }
}
