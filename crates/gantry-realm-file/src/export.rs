//! Writing a realm back as a file.
//!
//! Owns the text's form, which is the same for the same realm. Never writes a secret or a digest of
//! one: what the file leaves out, applying leaves as it is.

use std::collections::BTreeMap;

use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_store::Store;
use serde::Serialize;

use crate::current::{Current, Reach};

/// The first lines of an export.
const HEAD: &str = "# A realm of Gantry, as `gantry export` writes it. Passwords and secrets are not in it: applying\n\
                    # this file leaves them as they are. `gantry export --schema` prints the JSON Schema.\n";

/// A realm as a file; none if there is no such realm.
pub async fn export(store: &Store, slug: &str, now: Timestamp) -> Result<Option<String>, Fault> {
    let Some(realm) = store.platform().realm_by_slug(slug).await? else { return Ok(None) };
    let current = Current::load(&store.read(realm.id), Reach::Whole, now).await?;
    let text = serde_saphyr::to_string(&current.document()).map_err(|error| Fault::caused("writing a realm file", error))?;
    Ok(Some(format!("{HEAD}{text}")))
}

/// One entry as it stands in a file, below its section: `clients`, `scopes` …
pub fn excerpt(section: &str, entry: &impl Serialize) -> Result<String, Fault> {
    let document = BTreeMap::from([(section, [entry])]);
    serde_saphyr::to_string(&document).map_err(|error| Fault::caused("writing an excerpt of a realm file", error))
}

/// Several entries of one section.
pub fn excerpts(section: &str, entries: &[impl Serialize]) -> Result<String, Fault> {
    let document = BTreeMap::from([(section, entries)]);
    serde_saphyr::to_string(&document).map_err(|error| Fault::caused("writing an excerpt of a realm file", error))
}

/// The realm's own entry as it stands in a file.
pub fn realm_excerpt(entry: &impl Serialize) -> Result<String, Fault> {
    let document = BTreeMap::from([("realm", entry)]);
    serde_saphyr::to_string(&document).map_err(|error| Fault::caused("writing an excerpt of a realm file", error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_can_be_read_as_part_of_a_file() {
        let publisher =
            crate::document::Publisher { slug: "load-co".to_owned(), name: "Load: Co # 1".to_owned(), website: None, verified: true };
        let text = excerpt("publishers", &publisher).unwrap();
        let file = format!("realm:\n  slug: default\n{text}");
        let read = crate::RealmFile::read("excerpt", &file, &|_| Err("no secrets here".to_owned())).unwrap();
        assert_eq!(read.document().publishers.as_deref().unwrap()[0].name, "Load: Co # 1");
    }
}
