//! `scope`: only what exists and what this client may have (RFC 6749 §3.3).

use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Refusal;
use gantry_core::scope::{OFFLINE_ACCESS, OPENID, STANDARD_SCOPES};
use gantry_core::scope_set::ScopeSet;
use gantry_store::snapshot::RealmSnapshot;

use super::Asked;

/// The scopes asked for, or the client's default. An unknown scope is refused rather than left
/// out: client libraries object to a grant that differs from what was asked (see
/// `docs/decisions/0005-unknown-scopes-are-refused.md`).
pub(super) fn check(asked: &Asked<'_>) -> Result<ScopeSet, Refusal> {
    let refused = |description| Refusal::new(ErrorCode::InvalidScope, description);
    let scopes = ScopeSet::parse(asked.parameters.get("scope").unwrap_or_default())
        .or(Err(refused("the scope parameter is no list of scopes separated by spaces")))?;
    if scopes.is_empty() {
        let default = default_scopes(asked);
        return if default.is_empty() { Err(refused("no scope is asked for, and this app has no default")) } else { Ok(default) };
    }
    if let Some(name) = scopes.iter().find(|name| !asked.client.scopes.contains(name) || !exists(asked.realm, name)) {
        return Err(refused("a scope does not exist, or is not one of this app's").detail(name));
    }
    Ok(scopes)
}

/// What the client is registered for, but for the two that are requests by being named: an ID
/// token (OpenID Connect Core §3.1.2.1) and access without the person (§11).
fn default_scopes(asked: &Asked<'_>) -> ScopeSet {
    let existing = asked.client.scopes.iter().filter(|name| exists(asked.realm, name));
    ScopeSet::from_names(existing).without(&ScopeSet::from_names([OPENID, OFFLINE_ACCESS]))
}

/// Whether the realm knows the scope.
fn exists(realm: &RealmSnapshot, name: &str) -> bool {
    STANDARD_SCOPES.iter().any(|scope| scope.name == name) || realm.scopes.iter().any(|scope| scope.name == name)
}

#[cfg(test)]
mod tests {
    use gantry_core::client::Client;

    use super::*;
    use crate::authorize::samples::{self, NOW, wire_name};
    use crate::id_token_hint::Hint;

    fn verdict(registered: &[&str], text: &str) -> Result<String, Refusal> {
        let realm = samples::realm();
        let client = Client { scopes: ScopeSet::from_names(registered.iter().copied()), ..samples::client(&realm) };
        let asked = Asked { realm: &realm, client: &client, parameters: &samples::parameters(text), hint: &Hint::Absent, now: NOW };
        check(&asked).map(|scopes| scopes.to_string())
    }

    #[test]
    fn order_and_spelling_are_kept() {
        let registered = ["openid", "email", "read"];
        assert_eq!(verdict(&registered, "scope=read+openid"), Ok("read openid".to_owned()));
        assert_eq!(verdict(&registered, "scope=openid%20email"), Ok("openid email".to_owned()));
    }

    #[test]
    fn what_is_unknown_or_not_the_clients_is_refused() {
        for wrong in ["nonsense", "openid nonsense", "other", "profile", "OPENID", "openid\temail", "a\"b"] {
            assert_eq!(wire_name(verdict(&["openid", "email", "nonsense"], &format!("scope={wrong}"))), "invalid_scope", "{wrong}");
        }
    }

    #[test]
    fn no_scope_means_the_default() {
        let registered = ["openid", "email", "read", "gone", "offline_access"];
        assert_eq!(verdict(&registered, ""), Ok("email read".to_owned()));
        assert_eq!(wire_name(verdict(&["openid"], "scope=")), "invalid_scope");
    }
}
