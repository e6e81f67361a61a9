//! Every source file says at its head what it owns and what it never does.

use std::fs;
use std::path::{Path, PathBuf};

use super::workspace::root;

const SOURCE_FOLDERS: &[&str] = &["crates", "migrations", "tests", "xtask"];

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder reads") {
        let path = entry.expect("the entry reads").path();
        if path.is_dir() && !path.ends_with("node_modules") && !path.ends_with("target") {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn every_file_opens_with_its_purpose() {
    let mut files = Vec::new();
    for folder in SOURCE_FOLDERS {
        rust_files(&root().join(folder), &mut files);
    }
    let silent: Vec<String> = files
        .iter()
        .filter(|file| !fs::read_to_string(file).expect("the file reads").starts_with("//! "))
        .map(|file| file.display().to_string())
        .collect();
    assert!(silent.is_empty(), "files without a `//!` header:\n  {}", silent.join("\n  "));
}
