//! What the trail tells of each record: its facts, under the names that realm files and the API have for them.
//!
//! Never a secret: records hold none, a public key is told by its id alone, and a made secret by its last characters.

use serde::Serialize;
use serde_json::{Value, json};

use super::Audited;
use crate::app_key::AppKey;
use crate::client::{Client, ClientSecret};
use crate::clock::Timestamp;
use crate::connection::{Attachment, Connection};
use crate::installation::Installation;
use crate::invitation::Invitation;
use crate::mail_text::MailText;
use crate::personal_token::PersonalToken;
use crate::publisher::Publisher;
use crate::realm::Realm;
use crate::resource::Resource;
use crate::scope::Scope;
use crate::service_account::{ServiceAccount, ServiceKey};
use crate::tenant::{Membership, Tenant};
use crate::tenant_domain::{DomainProof, TenantDomain};
use crate::user::User;

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
            "credential_expires_at": self.credential_expires_at.map(Timestamp::to_rfc3339),
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
    /// What decides about the account, and the name; the rest of the profile is the person's own and of no concern here.
    fn facts(&self) -> Value {
        json!({
            "name": self.profile.name,
            "email": self.email.to_string(),
            "email_verified": self.email_verified_at.is_some(),
            "roles": self.roles,
            "disabled": self.disabled_at.is_some(),
        })
    }
}

impl Audited for ServiceAccount {
    fn facts(&self) -> Value {
        json!({ "name": self.name, "scopes": self.scopes.to_string(), "disabled": self.disabled_at.is_some() })
    }
}

impl Audited for ServiceKey {
    fn facts(&self) -> Value {
        key(&self.last_four, self.expires_at)
    }
}

impl Audited for ClientSecret {
    fn facts(&self) -> Value {
        key(&self.last_four, self.expires_at)
    }
}

impl Audited for AppKey {
    fn facts(&self) -> Value {
        json!({
            "name": self.name,
            "scopes": self.scopes.to_string(),
            "last_four": self.last_four,
            "expires_at": ends(self.expires_at),
        })
    }
}

impl Audited for PersonalToken {
    fn facts(&self) -> Value {
        json!({
            "name": self.name,
            "scopes": self.scopes.to_string(),
            "last_four": self.last_four,
            "expires_at": ends(Some(self.expires_at)),
        })
    }
}

/// What is told of anything secret: how people tell it apart, and when it ends.
fn key(last_four: &str, expires_at: Option<Timestamp>) -> Value {
    json!({ "last_four": last_four, "expires_at": ends(expires_at) })
}

fn ends(expires_at: Option<Timestamp>) -> Option<String> {
    expires_at.map(Timestamp::to_rfc3339)
}

impl Audited for TenantDomain {
    fn facts(&self) -> Value {
        json!({ "domain": self.domain, "proof": self.proof.map(DomainProof::as_str), "proved": self.proved_at.is_some() })
    }
}

impl Audited for Invitation {
    /// Its link is in no line; another one shows by its end.
    fn facts(&self) -> Value {
        json!({ "email": self.email.to_string(), "role": written(&self.role), "expires_at": self.expires_at.to_rfc3339() })
    }
}

impl Audited for MailText {
    fn facts(&self) -> Value {
        json!({ "subject": self.subject, "paragraphs": self.paragraphs })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_told_by_their_names() {
        let told = key_ids(r#"{"keys":[{"kid":"one","n":"canary"},{"kty":"RSA"}]}"#);
        assert_eq!(told, ["one", "(without an id)"]);
        assert!(key_ids("no json").is_empty());
    }
}
