//! The secrets of the sample apps: made once for each folder and kept in it.
//!
//! Owns the file. Never shows a secret but through `expose`.

use std::collections::BTreeMap;

use gantry_core::failure::Fault;
use gantry_core::secret::{Secret, SecretKind};
use gantry_realm_file::SecretReference;

use crate::directory::Directory;

const FILE: &str = "secrets.json";

/// Secrets by the names that the sample realms' files give them.
#[derive(Debug)]
pub struct Secrets(BTreeMap<String, Secret>);

impl Secrets {
    /// Those of the folder; what is missing is made, each of its kind, and kept.
    pub fn of(directory: &Directory, needed: &[(&str, SecretKind)]) -> Result<Self, Fault> {
        let mut known: BTreeMap<String, Secret> = match directory.read(FILE)? {
            None => BTreeMap::new(),
            Some(text) => serde_json::from_str(&text).map_err(|error| {
                Fault::caused(format!("{} cannot be understood; --fresh starts over", directory.file(FILE).display()), error)
            })?,
        };
        let before = known.len();
        for (name, kind) in needed {
            known.entry((*name).to_owned()).or_insert_with(|| kind.generate());
        }
        if known.len() > before {
            let shown: BTreeMap<&str, &str> = known.iter().map(|(name, secret)| (name.as_str(), secret.expose())).collect();
            let text = serde_json::to_string_pretty(&shown).map_err(|error| Fault::caused("secrets cannot be written", error))?;
            directory.write(FILE, &text)?;
        }
        Ok(Self(known))
    }

    /// Resolves the references of a sample realm's file: variables only, and only these.
    pub fn resolve(&self, reference: SecretReference<'_>) -> Result<Secret, String> {
        match reference {
            SecretReference::Environment(name) => self.0.get(name).cloned().ok_or_else(|| "the demo has no such secret".to_owned()),
            SecretReference::File(_) => Err("the demo reads no other file".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_made_once() {
        let place = tempfile::tempdir().unwrap();
        let directory = Directory::take(&place.path().join("demo"), false).unwrap();
        let needed = [("A", SecretKind::ClientSecret), ("B", SecretKind::AppKey)];
        let get = |count: usize, name| Secrets::of(&directory, &needed[..count]).unwrap().resolve(SecretReference::Environment(name));
        let first = get(1, "A").unwrap();
        let second = get(2, "B").unwrap();
        assert_eq!(get(2, "A").unwrap().expose(), first.expose());
        assert!(first.expose().starts_with("gcs_") && second.expose().starts_with("gak_"));
        assert!(get(1, "C").is_err());
    }
}
