//! Who may name which library: storage, web server, templates, outbound HTTP and mail each live in one place.
//!
//! `deny.toml` says the same to the dependency graph; this is the quick form of it.

use super::workspace::packages;

/// A library and the packages of the workspace that may depend on it.
const USERS: &[(&str, &[&str])] = &[
    ("sea-orm", &["gantry-store", "gantry-migrations", "gantry-tests"]),
    ("sea-orm-migration", &["gantry-migrations"]),
    ("sqlx", &["gantry-store", "gantry-migrations", "gantry-tests"]),
    ("actix-web", &["gantry-web", "gantry-demo", "gantry", "gantry-tests", "gantry-baseline"]),
    ("tera", &["gantry-views"]),
    ("reqwest", &["gantry-connect", "gantry-demo", "gantry-tests", "gantry-baseline", "gantry-size"]),
    ("openidconnect", &["gantry-connect"]),
    ("hickory-resolver", &["gantry-connect"]),
    ("lettre", &["gantry"]),
];

#[test]
fn libraries_stay_where_they_belong() {
    let mut broken = Vec::new();
    for package in packages() {
        for (library, users) in USERS {
            let uses = package.dependencies.iter().any(|dependency| dependency.name == *library);
            if uses && !users.contains(&package.name.as_str()) {
                broken.push(format!("{} uses {library}", package.name));
            }
        }
    }
    assert!(broken.is_empty(), "libraries strayed:\n  {}", broken.join("\n  "));
}
