//! Secrets in a realm file: written out, or as a reference to where they are.
//!
//! Owns the two spellings of a reference. Never reads the environment or a file itself: whoever
//! calls hands in the function that does.

use gantry_core::secret::Secret;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

/// Where a secret is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretReference<'t> {
    /// In the environment variable of this name.
    Environment(&'t str),
    /// In the file of this name, relative to the realm file; a line break at its end does not count.
    File(&'t str),
}

/// Fetches a secret, or says why it cannot be had, worded to follow "cannot be had: ". The reason
/// never holds the secret.
pub type SecretResolver<'r> = &'r dyn Fn(SecretReference<'_>) -> Result<Secret, String>;

/// A secret as the file has it. Never written back, never shown.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct SecretText(Secret);

impl std::fmt::Debug for SecretText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[secret]")
    }
}

impl JsonSchema for SecretText {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Secret".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "A secret: written out, or `${NAME}` for an environment variable, or `file:PATH` for a file beside this one."
        })
    }
}

impl SecretText {
    /// The secret itself.
    pub fn resolve(&self, resolver: SecretResolver<'_>) -> Result<Secret, String> {
        let text = self.0.expose();
        if let Some(path) = text.strip_prefix("file:") {
            return fetch(resolver, SecretReference::File(path), path);
        }
        if !text.contains("${") {
            return if text.is_empty() { Err("must not be empty".to_owned()) } else { Ok(self.0.clone()) };
        }
        match text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) {
            Some(name) if is_variable(name) => fetch(resolver, SecretReference::Environment(name), name),
            _ => Err("must be `${NAME}` alone to stand for an environment variable".to_owned()),
        }
    }
}

fn fetch(resolver: SecretResolver<'_>, reference: SecretReference<'_>, name: &str) -> Result<Secret, String> {
    let secret = resolver(reference).map_err(|reason| format!("cannot be had from `{name}`: {reason}"))?;
    if secret.expose().is_empty() { Err(format!("is empty in `{name}`")) } else { Ok(secret) }
}

fn is_variable(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(text: &str) -> Result<String, String> {
        let resolver = |reference: SecretReference<'_>| match reference {
            SecretReference::Environment("SET") => Ok(Secret::new("from the environment")),
            SecretReference::File("secrets/a") => Ok(Secret::new("from a file")),
            SecretReference::Environment("EMPTY") => Ok(Secret::new("")),
            SecretReference::Environment(_) | SecretReference::File(_) => Err("it is not there".to_owned()),
        };
        SecretText(Secret::new(text)).resolve(&resolver).map(|secret| secret.expose().to_owned())
    }

    #[test]
    fn references_are_followed() {
        assert_eq!(resolve("plain").unwrap(), "plain");
        assert_eq!(resolve("${SET}").unwrap(), "from the environment");
        assert_eq!(resolve("file:secrets/a").unwrap(), "from a file");
        for wrong in ["", "${UNSET}", "${EMPTY}", "file:b", "x${SET}", "${SET}${SET}", "${}", "${A B}"] {
            assert!(resolve(wrong).is_err(), "{wrong}");
        }
    }
}
