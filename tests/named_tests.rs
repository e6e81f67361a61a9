//! The names of all tests of the repository, for the documents that name tests: Rust's functions, and the texts by which Node's
//! runner calls its own.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The folder of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// All names.
pub(crate) fn all() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut folders = vec![root().join("crates"), root().join("tests"), root().join("migrations")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() && !matches!(name, "node_modules" | "target") {
                folders.push(path);
                continue;
            }
            match path.extension().and_then(|extension| extension.to_str()) {
                Some("rs") => functions(&std::fs::read_to_string(&path).unwrap(), &mut names),
                Some("mjs") => texts(&std::fs::read_to_string(&path).unwrap(), &mut names),
                _ => {}
            }
        }
    }
    names
}

fn functions(source: &str, names: &mut BTreeSet<String>) {
    let mut is_test = false;
    for line in source.lines().map(str::trim) {
        if line.starts_with("#[test]") || line.starts_with("#[tokio::test") || line.starts_with("#[actix_web::test]") {
            is_test = true;
        } else if let Some(rest) = line.strip_prefix("async fn ").or_else(|| line.strip_prefix("fn "))
            && std::mem::take(&mut is_test)
        {
            names.insert(rest.split(['(', '<']).next().unwrap().to_owned());
        }
    }
}

/// `test("red_17_…", …)`.
fn texts(source: &str, names: &mut BTreeSet<String>) {
    for part in source.split("test(\"").skip(1) {
        names.insert(part.split('"').next().unwrap().to_owned());
    }
}
