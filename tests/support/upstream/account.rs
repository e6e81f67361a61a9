//! Somebody's account at the provider.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// An account: what the provider calls it, and what it says of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Account {
    /// The provider's own name for it.
    pub subject: String,
    /// Everything else that goes into ID tokens and userinfo.
    pub claims: Map<String, Value>,
}

impl Account {
    /// One of whom nothing but the subject is known.
    pub fn new(subject: &str) -> Self {
        Self { subject: subject.to_owned(), claims: Map::new() }
    }

    /// Somebody with a name and an address that the provider vouches for.
    pub fn person(subject: &str, email: &str) -> Self {
        Self::new(subject).with("name", "Carol Company").with("given_name", "Carol").email(email).with("email_verified", true)
    }

    /// With this claim.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.claims.insert(name.to_owned(), value.into());
        self
    }

    /// Without this claim.
    pub fn without(mut self, name: &str) -> Self {
        self.claims.remove(name);
        self
    }

    /// With this address, of which nothing is said.
    pub fn email(self, address: &str) -> Self {
        self.with("email", address)
    }

    /// In these groups.
    pub fn groups(self, groups: &[&str]) -> Self {
        self.with("groups", json!(groups))
    }
}
