//! What the console and the admin API share on the HTTP side.
//!
//! Owns how a record's version is named between reading and writing it. Never holds a rule.

use gantry_core::failure::Fault;
use gantry_core::secret::Digest;
use serde::Serialize;

/// A name of a document's content: forms carry it hidden, the API as `ETag`. Whoever writes with another name than
/// the record has now has not seen the record as it is.
pub fn fingerprint<T: Serialize + ?Sized>(document: &T) -> Result<String, Fault> {
    let text = serde_json::to_vec(document).map_err(|error| Fault::caused("a document cannot be written", error))?;
    Ok(Digest::of(&text).to_text())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_content_has_the_same_name_and_no_other() {
        let name = |text: &str| fingerprint(&serde_json::json!({ "name": text })).unwrap();
        assert_eq!(name("a"), name("a"));
        assert_ne!(name("a"), name("b"));
    }
}
