//! Claims about a person: which exist, and which go where.
//!
//! Owns the table that userinfo, ID tokens and metadata are derived from. A claim is released only
//! under a scope that the person granted; asking for it by name in `claims` decides where it goes,
//! never whether (attack catalogue I7). Nothing that Gantry itself states (`iss`, `sub`, `aud` …)
//! is in the table, so no scope can speak for it (JWT-16).

use gantry_core::scope::STANDARD_SCOPES;
use gantry_core::scope_set::ScopeSet;
use gantry_core::user::User;
use gantry_store::snapshot::RealmSnapshot;
use serde_json::{Map, Value, json};

use super::entitlement::Holder;

type Read = fn(&User) -> Option<Value>;

fn text(value: Option<&String>) -> Option<Value> {
    value.filter(|text| !text.is_empty()).map(|text| json!(text))
}

/// The claims that Gantry knows of a person (OpenID Connect Core §5.1).
const CLAIMS: &[(&str, Read)] = &[
    ("name", |user| text(user.profile.name.as_ref())),
    ("given_name", |user| text(user.profile.given_name.as_ref())),
    ("family_name", |user| text(user.profile.family_name.as_ref())),
    ("middle_name", |user| text(user.profile.middle_name.as_ref())),
    ("nickname", |user| text(user.profile.nickname.as_ref())),
    ("preferred_username", |user| text(user.profile.preferred_username.as_ref())),
    ("profile", |user| text(user.profile.profile.as_ref())),
    ("picture", |user| text(user.profile.picture.as_ref())),
    ("website", |user| text(user.profile.website.as_ref())),
    ("gender", |user| text(user.profile.gender.as_ref())),
    ("birthdate", |user| text(user.profile.birthdate.as_ref())),
    ("zoneinfo", |user| text(user.profile.zoneinfo.as_ref())),
    ("locale", |user| text(user.profile.locale.as_ref())),
    ("updated_at", |user| Some(json!(user.updated_at.seconds()))),
    ("email", |user| Some(json!(user.email.as_str()))),
    ("email_verified", |user| Some(json!(user.email_verified_at.is_some()))),
    ("phone_number", |user| text(user.profile.phone_number.as_ref())),
    ("address", |user| user.profile.address.as_ref().and_then(|address| serde_json::to_value(address).ok())),
];

/// The names of all claims about a person, for metadata.
pub fn names() -> impl Iterator<Item = &'static str> {
    CLAIMS.iter().map(|(name, _)| *name)
}

/// The claims that go into an ID token: only what was asked for there by name. Claims of scopes are for
/// userinfo, since an access token always comes with it (OpenID Connect Core §5.4).
pub(crate) fn for_id_token(realm: &RealmSnapshot, holder: &Holder, scopes: &ScopeSet) -> Map<String, Value> {
    released(realm, &holder.user, scopes, Some(&asked_for(holder.grant.requested_claims.as_deref(), "id_token")))
}

/// The claims that userinfo answers with: everything that the scopes release.
pub(crate) fn for_userinfo(realm: &RealmSnapshot, user: &User, scopes: &ScopeSet) -> Map<String, Value> {
    released(realm, user, scopes, None)
}

fn released(realm: &RealmSnapshot, user: &User, scopes: &ScopeSet, asked: Option<&[String]>) -> Map<String, Value> {
    CLAIMS
        .iter()
        .filter(|(name, _)| asked.is_none_or(|asked| asked.iter().any(|one| one == name)))
        .filter(|(name, _)| is_released(realm, scopes, name))
        .filter_map(|(name, read)| Some(((*name).to_owned(), read(user)?)))
        .collect()
}

/// Whether any of these scopes speaks of a person at all.
pub(crate) fn speak_of_a_person(realm: &RealmSnapshot, scopes: &ScopeSet) -> bool {
    scopes.contains(gantry_core::scope::OPENID) || CLAIMS.iter().any(|(name, _)| is_released(realm, scopes, name))
}

fn is_released(realm: &RealmSnapshot, scopes: &ScopeSet, claim: &str) -> bool {
    let standard = STANDARD_SCOPES.iter().any(|scope| scopes.contains(scope.name) && scope.claims.contains(&claim));
    standard || realm.scopes.iter().any(|scope| scopes.contains(&scope.name) && scope.claims.iter().any(|name| name == claim))
}

/// The names in one part of the `claims` parameter, which was checked when it came in.
fn asked_for(requested: Option<&str>, part: &str) -> Vec<String> {
    let parsed = requested.and_then(|text| serde_json::from_str::<Value>(text).ok());
    let named = parsed.as_ref().and_then(|value| value.get(part)).and_then(Value::as_object);
    named.map(|claims| claims.keys().cloned().collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use std::sync::Arc;

    fn names_of(claims: &Map<String, Value>) -> Vec<&str> {
        claims.keys().map(String::as_str).collect()
    }

    #[test]
    fn scopes_release_claims_to_userinfo() {
        let realm = samples::realm();
        let holder = samples::holder();
        let released = |scopes: &[&str]| for_userinfo(&realm, &holder.user, &ScopeSet::from_names(scopes.iter().copied()));
        assert!(released(&["openid"]).is_empty());
        let mut both = released(&["email"]);
        both.sort_keys();
        assert_eq!(Value::Object(both), json!({ "email": "ada@example.com", "email_verified": true }));
        let profile = released(&["profile"]);
        assert_eq!(profile.get("name"), Some(&json!("Ada Lovelace")));
        assert!(profile.get("updated_at").is_some_and(Value::is_number));
        assert!(!profile.contains_key("nickname") && !profile.contains_key("email"));
    }

    #[test]
    fn a_realms_own_scope_releases_what_it_names() {
        let mut realm = Arc::unwrap_or_clone(samples::realm());
        realm.scopes[3].claims = vec!["name".to_owned(), "sub".to_owned(), "iss".to_owned()];
        let scopes = ScopeSet::from_names(["profile:read"]);
        assert_eq!(names_of(&for_userinfo(&realm, &samples::holder().user, &scopes)), ["name"]);
        assert!(speak_of_a_person(&realm, &scopes));
        assert!(!speak_of_a_person(&realm, &ScopeSet::from_names(["read"])));
    }

    #[test]
    fn asking_by_name_moves_a_claim_and_adds_none() {
        let realm = samples::realm();
        let mut holder = samples::holder();
        let scopes = ScopeSet::from_names(["openid", "email"]);
        assert!(for_id_token(&realm, &holder, &scopes).is_empty());
        holder.grant.requested_claims = Some(r#"{"id_token":{"email":null,"name":null}}"#.to_owned());
        assert_eq!(names_of(&for_id_token(&realm, &holder, &scopes)), ["email"]);
        assert!(!for_userinfo(&realm, &holder.user, &scopes).contains_key("name"));
    }
}
