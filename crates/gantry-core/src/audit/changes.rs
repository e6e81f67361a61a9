//! What changed of a record: the fields of a line's `before` and `after`.
//!
//! Owns which facts of each record the trail tells. Never a secret: records hold none, and a public key is told by
//! its presence alone. Never more than [`MOST_FIELDS`] fields of [`LONGEST`] characters.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::client::Client;
use crate::connection::{Attachment, Connection};
use crate::installation::Installation;
use crate::publisher::Publisher;
use crate::realm::Realm;
use crate::resource::Resource;
use crate::scope::Scope;
use crate::tenant::{Membership, Tenant};
use crate::user::User;

/// The most fields of one line; what is beyond is said to be cut.
const MOST_FIELDS: usize = 60;
/// The longest text of a field, in characters.
const LONGEST: usize = 500;
/// The most entries of a list.
const MOST_ENTRIES: usize = 50;
/// How deep a document is taken apart.
const DEEPEST: usize = 6;

/// A record whose changes the trail tells.
pub trait Audited {
    /// Its facts, under the names that realm files and the API have for them.
    fn facts(&self) -> Value;
}

/// What differs between two documents, as `{"before": …, "after": …}` with a field for each difference; the fields of
/// a mapping follow a dot. None where nothing differs.
pub fn changes(before: &Value, after: &Value) -> Option<Value> {
    let (mut old, mut new) = (BTreeMap::new(), BTreeMap::new());
    flatten("", before, 0, &mut old);
    flatten("", after, 0, &mut new);
    let mut names: Vec<&String> = old.keys().chain(new.keys()).filter(|name| old.get(*name) != new.get(*name)).collect();
    names.sort();
    names.dedup();
    if names.is_empty() {
        return None;
    }
    let cut = names.len() > MOST_FIELDS;
    let side = |of: &BTreeMap<String, &Value>| -> Map<String, Value> {
        let told = names.iter().take(MOST_FIELDS);
        told.map(|name| ((*name).clone(), of.get(*name).map_or(Value::Null, |value| bounded(value)))).collect()
    };
    let mut changed = json!({ "before": side(&old), "after": side(&new) });
    if cut && let Some(changed) = changed.as_object_mut() {
        changed.insert("more_fields".to_owned(), json!(names.len().saturating_sub(MOST_FIELDS)));
    }
    Some(changed)
}

fn flatten<'v>(name: &str, value: &'v Value, depth: usize, into: &mut BTreeMap<String, &'v Value>) {
    match value {
        Value::Object(fields) if depth < DEEPEST => {
            for (field, value) in fields {
                let name = if name.is_empty() { field.clone() } else { format!("{name}.{field}") };
                flatten(&name, value, depth + 1, into);
            }
        }
        // What is not set and what is not there are the same.
        Value::Null => {}
        Value::Array(entries) if entries.is_empty() => {}
        Value::Object(_) | Value::Array(_) | Value::String(_) | Value::Number(_) | Value::Bool(_) => {
            into.insert(name.to_owned(), value);
        }
    }
}

fn bounded(value: &Value) -> Value {
    match value {
        Value::String(text) if text.chars().count() > LONGEST => json!(text.chars().take(LONGEST).chain(['…']).collect::<String>()),
        Value::Array(entries) => {
            let mut shown: Vec<Value> = entries.iter().take(MOST_ENTRIES).map(bounded).collect();
            if entries.len() > MOST_ENTRIES {
                shown.push(json!("…"));
            }
            Value::Array(shown)
        }
        // Deeper than documents of ours are.
        Value::Object(_) => json!("…"),
        Value::String(_) | Value::Number(_) | Value::Bool(_) | Value::Null => value.clone(),
    }
}

/// Settings as the realm file writes them. Types of ours always can be written.
fn written(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

impl Audited for Realm {
    fn facts(&self) -> Value {
        json!({
            "name": self.name,
            "hosts": self.hosts,
            "settings": written(&self.settings),
            "disabled": self.disabled_at.is_some(),
        })
    }
}

impl Audited for Tenant {
    fn facts(&self) -> Value {
        json!({
            "name": self.name,
            "app_policy": written(&self.app_policy),
            "max_sign_in_age": self.max_sign_in_age,
            "password_min_length": self.password_min_length,
            "sign_in": written(&self.sign_in),
            "branding": written(&self.branding),
            "suspended": self.suspended_at.is_some(),
        })
    }
}

impl Audited for Membership {
    fn facts(&self) -> Value {
        json!({ "role": written(&self.role), "break_glass": self.break_glass, "by_connection": self.connection_id })
    }
}

impl Audited for Installation {
    fn facts(&self) -> Value {
        json!({ "standing": self.standing.as_str() })
    }
}

impl Audited for Attachment {
    fn facts(&self) -> Value {
        // A rule in one line, so that a list of them is one field that reads well.
        let roles: Vec<String> = self.roles.iter().map(|rule| format!("{}: {}", rule.group, rule.role.as_str())).collect();
        json!({
            "join": written(&self.join),
            "default_role": written(&self.default_role),
            "roles": roles,
            "directories": self.directories,
        })
    }
}

impl Audited for Connection {
    fn facts(&self) -> Value {
        json!({
            "name": self.name,
            "owner": self.owner,
            "settings": written(&self.settings),
            "credential_expires_at": self.credential_expires_at.map(crate::clock::Timestamp::to_rfc3339),
            "disabled": self.disabled_at.is_some(),
        })
    }
}

impl Audited for Client {
    fn facts(&self) -> Value {
        json!({
            "kind": written(&self.kind),
            "name": self.name,
            "description": self.description,
            "publisher": self.publisher_id,
            "website": self.website,
            "redirect_uris": self.redirect_uris,
            "post_logout_redirect_uris": self.post_logout_redirect_uris,
            "grant_types": self.grant_types,
            "scopes": self.scopes.to_string(),
            "resources": self.resources,
            "default_resource": self.default_resource,
            "auth_method": self.auth_method,
            // The ids of its keys; what the keys themselves are is for whoever checks signatures.
            "jwks": self.jwks.as_deref().map(key_ids),
            "jwks_uri": self.jwks_uri,
            "introspects": self.introspects,
            "policy": written(&self.policy),
            "disabled": self.disabled_at.is_some(),
        })
    }
}

fn key_ids(jwks: &str) -> Vec<String> {
    let set: Value = serde_json::from_str(jwks).unwrap_or_default();
    let keys = set.get("keys").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    keys.iter().map(|key| key.get("kid").and_then(Value::as_str).unwrap_or("(without an id)").to_owned()).collect()
}

impl Audited for Scope {
    fn facts(&self) -> Value {
        json!({
            "resource": self.resource_id,
            "title": self.title,
            "description": self.description,
            "tier": written(&self.tier),
            "claims": self.claims,
            "machine": self.machine,
        })
    }
}

impl Audited for Resource {
    fn facts(&self) -> Value {
        json!({
            "audience": self.audience,
            "name": self.name,
            "token_format": written(&self.token_format),
            "signing_algorithm": self.signing_algorithm,
            "access_lifetime": self.access_lifetime,
        })
    }
}

impl Audited for Publisher {
    fn facts(&self) -> Value {
        json!({ "name": self.name, "website": self.website, "verified": self.verified_at.is_some() })
    }
}

impl Audited for User {
    /// What decides about the account; the profile is the person's own and of no concern here.
    fn facts(&self) -> Value {
        json!({
            "email": self.email.to_string(),
            "email_verified": self.email_verified_at.is_some(),
            "roles": self.roles,
            "disabled": self.disabled_at.is_some(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_told() {
        let before = json!({ "name": "Acme", "policy": { "pkce": "always", "age": 60 }, "hosts": [], "note": null });
        let after = json!({ "name": "Acme", "policy": { "pkce": "never", "age": 60 }, "hosts": ["a"] });
        let expected = json!({ "before": { "policy.pkce": "always", "hosts": null }, "after": { "policy.pkce": "never", "hosts": ["a"] } });
        assert_eq!(changes(&before, &after), Some(expected));
        assert_eq!(changes(&before, &before), None);
    }

    #[test]
    fn a_line_has_its_bounds() {
        let wide: Map<String, Value> = (0..200).map(|n| (format!("f{n:03}"), json!("x".repeat(2000)))).collect();
        let long: Vec<String> = (0..200).map(|n| n.to_string()).collect();
        let changed = changes(&json!({}), &json!({ "a_list": long, "wide": wide })).unwrap();
        assert!(changed.to_string().len() < 70_000, "{}", changed.to_string().len());
        assert_eq!(changed["after"]["a_list"].as_array().unwrap().len(), 51);
        assert_eq!(changed["more_fields"], 141);
    }

    #[test]
    fn keys_are_told_by_their_names() {
        let told = key_ids(r#"{"keys":[{"kid":"one","n":"canary"},{"kty":"RSA"}]}"#);
        assert_eq!(told, ["one", "(without an id)"]);
        assert!(key_ids("no json").is_empty());
    }
}
