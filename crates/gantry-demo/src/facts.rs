//! What a script needs to know about a running demo: `demo.json`.
//!
//! Owns its shape. Never knows more than the realm files and the secrets say.

use std::collections::BTreeMap;

use gantry_core::failure::Fault;
use serde::Serialize;

use crate::address::{Addresses, origin};
use crate::directory::Directory;
use crate::realm::SampleRealm;

/// The name of the file in the demo's folder.
pub const FILE: &str = "demo.json";

#[derive(Debug, Serialize)]
struct Facts<'r> {
    realms: BTreeMap<&'r str, Realm<'r>>,
    isv_app: String,
}

#[derive(Debug, Serialize)]
struct Realm<'r> {
    issuer: &'r str,
    authorization_endpoint: String,
    token_endpoint: String,
    client_id: &'r str,
    client_secret: &'r str,
    redirect_uri: Option<&'r str>,
    scope: &'r str,
    audience: &'r str,
    users: Vec<User<'r>>,
    tenants: Vec<Tenant<'r>>,
    machine: Machine<'r>,
    api: String,
}

#[derive(Debug, Serialize)]
struct User<'r> {
    email: &'r str,
    password: &'r str,
}

#[derive(Debug, Serialize)]
struct Tenant<'r> {
    org_id: &'r str,
    name: &'r str,
}

#[derive(Debug, Serialize)]
struct Machine<'r> {
    client_id: &'r str,
    client_secret: &'r str,
    scope: &'r str,
}

/// Writes the file. It is there once everything that it names answers.
pub fn write(directory: &Directory, addresses: Addresses, realms: &[SampleRealm]) -> Result<(), Fault> {
    directory.write(FILE, &text(addresses, realms)?)
}

/// Removes the file, since a demo that is starting answers nobody yet.
pub fn withdraw(directory: &Directory) -> Result<(), Fault> {
    directory.remove(FILE)
}

fn text(addresses: Addresses, realms: &[SampleRealm]) -> Result<String, Fault> {
    let facts = Facts {
        realms: realms.iter().map(|realm| (realm.slug, Realm::of(realm, addresses))).collect(),
        isv_app: origin(addresses.isv_app()),
    };
    serde_json::to_string_pretty(&facts).map_err(|error| Fault::caused("the facts of the demo cannot be written", error))
}

impl<'r> Realm<'r> {
    fn of(realm: &'r SampleRealm, addresses: Addresses) -> Self {
        Self {
            issuer: &realm.issuer,
            authorization_endpoint: format!("{}{}", realm.issuer, gantry_web::paths::AUTHORIZE),
            token_endpoint: format!("{}{}", realm.issuer, gantry_web::paths::TOKEN),
            client_id: &realm.app.client_id,
            client_secret: realm.app.secret.expose(),
            redirect_uri: realm.app.redirect_uri.as_deref(),
            scope: realm.app.scope,
            audience: &realm.audience,
            users: realm.people.iter().map(|person| User { email: &person.email, password: person.password.expose() }).collect(),
            tenants: realm.tenants.iter().map(|tenant| Tenant { org_id: &tenant.org_id, name: &tenant.name }).collect(),
            machine: Machine {
                client_id: &realm.machine.client_id,
                client_secret: realm.machine.secret.expose(),
                scope: realm.machine.scope,
            },
            api: origin(addresses.api()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::realm::tests::samples;

    #[test]
    fn the_shape_is_the_documented_one() {
        let text = text(Addresses::from_base(8080).unwrap(), &samples(8080)).unwrap();
        let facts: serde_json::Value = serde_json::from_str(&text).unwrap();
        let realm = &facts["realms"]["rocketskip"];
        for (pointer, expected) in [
            ("/issuer", "http://localhost:8081"),
            ("/authorization_endpoint", "http://localhost:8081/oauth/authorize"),
            ("/token_endpoint", "http://localhost:8081/oauth/token"),
            ("/client_id", "perigee"),
            ("/redirect_uri", "http://127.0.0.1:8090/callback"),
            ("/audience", "https://api.rocketskip.example"),
            ("/users/0/email", "mae@rocketskip.example"),
            ("/users/0/password", "orbit before lunch"),
            ("/tenants/0/org_id", "org_magpie"),
            ("/machine/scope", "read"),
            ("/api", "http://127.0.0.1:8091"),
        ] {
            assert_eq!(realm.pointer(pointer).and_then(serde_json::Value::as_str), Some(expected), "{pointer}");
        }
        for secret in ["/client_secret", "/machine/client_secret"] {
            assert!(realm.pointer(secret).unwrap().as_str().unwrap().starts_with("gcs_"));
        }
        assert_eq!(facts["isv_app"], "http://127.0.0.1:8090");
    }
}
