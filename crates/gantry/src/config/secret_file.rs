//! A secret that is given either as such or as the path of a file that holds it.

use std::path::Path;

use gantry_core::secret::Secret;

/// The secret of a setting, whichever way it was given. A fault is noted, and none returned.
pub(super) fn read(faults: &mut Vec<String>, setting: &str, value: Option<Secret>, file: Option<&Path>) -> Option<Secret> {
    match (value, file) {
        (Some(_), Some(_)) => {
            faults.push(format!("`{setting}` and `{setting}_file`: give one of them, not both"));
            None
        }
        (value, None) => value,
        (None, Some(path)) => match std::fs::read_to_string(path) {
            Ok(text) if !text.trim().is_empty() => Some(Secret::new(text.trim())),
            Ok(_) => {
                faults.push(format!("`{setting}_file`: {} is empty", path.display()));
                None
            }
            Err(error) => {
                faults.push(format!("`{setting}_file`: cannot read {}: {error}", path.display()));
                None
            }
        },
    }
}
