//! Holds the workspace to its shape: the crate ladder, who may use which library, and a sentence at the head of each file.
//!
//! Reads `cargo metadata` and the source tree; it never looks at what the code does.

mod libraries;
mod module_headers;
mod workspace;

use std::collections::BTreeSet;

use workspace::{DependencyKind, packages};

/// The rungs of the ladder, lowest first. A crate may use those below its own rung; its own rung is out of reach as well.
const LADDER: &[&[&str]] = &[
    &["gantry-core"],
    &["gantry-store", "gantry-connect", "gantry-views"],
    &["gantry-identity"],
    &["gantry-oauth"],
    &["gantry-realm-file"],
    &["gantry-web"],
    &["gantry-demo"],
    &["gantry"],
];

/// Packages beside the ladder. Nothing on it may use them, except where `MAY_USE_BESIDE` says so.
const BESIDE: &[&str] = &["gantry-migrations", "gantry-tests", "gantry-baseline", "gantry-size", "xtask"];

/// Who on the ladder may use a package beside it. The crates that are tested on a real store need its schema for that alone.
const MAY_USE_BESIDE: &[(&str, &str, &[DependencyKind])] = &[
    ("gantry", "gantry-migrations", &[DependencyKind::Normal]),
    ("gantry-store", "gantry-migrations", &[DependencyKind::Development]),
    ("gantry-identity", "gantry-migrations", &[DependencyKind::Development]),
    ("gantry-oauth", "gantry-migrations", &[DependencyKind::Development]),
    ("gantry-realm-file", "gantry-migrations", &[DependencyKind::Development]),
    ("gantry-web", "gantry-migrations", &[DependencyKind::Development]),
];

fn rung(package: &str) -> Option<usize> {
    LADDER.iter().position(|crates| crates.contains(&package))
}

#[test]
fn every_package_has_its_place() {
    let known: BTreeSet<&str> = LADDER.iter().copied().flatten().chain(BESIDE).copied().collect();
    for package in packages() {
        assert!(known.contains(package.name.as_str()), "{} has no rung: add it to the ladder or beside it", package.name);
    }
}

#[test]
fn crates_use_only_lower_rungs() {
    let mut broken = Vec::new();
    for package in packages() {
        let Some(own) = rung(&package.name) else { continue };
        for dependency in &package.dependencies {
            let allowed = match rung(&dependency.name) {
                Some(other) => other < own,
                None if BESIDE.contains(&dependency.name.as_str()) => MAY_USE_BESIDE
                    .iter()
                    .any(|(user, used, kinds)| *user == package.name && *used == dependency.name && kinds.contains(&dependency.kind)),
                None => true,
            };
            if !allowed {
                broken.push(format!("{} (rung {}) uses {} ({:?})", package.name, own + 1, dependency.name, dependency.kind));
            }
        }
    }
    assert!(broken.is_empty(), "the ladder is broken:\n  {}", broken.join("\n  "));
}

#[test]
fn migrations_know_no_crate_of_the_ladder() {
    for package in packages().iter().filter(|package| package.name == "gantry-migrations") {
        for dependency in &package.dependencies {
            assert!(rung(&dependency.name).is_none(), "a released migration must not change with {}", dependency.name);
        }
    }
}
