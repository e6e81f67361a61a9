//! What a script needs to know about a running demo: `demo.json`.
//!
//! Owns its shape. Never knows more than the realm files and the secrets say.
//!
//! - `isv_app`: the sample app's address; `api`: the sample API's;
//! - `upstream`: the sample providers: `base`, and `accounts`: `{provider, word, name, email, remark}`, whose button on the
//!   provider's page has the id `account-{word}`.
//! - `realms`: by slug (`rocketskip`, `roserocket`, `rocketpunch`, `app`), each with
//!   - `name`, `base` (where the realm is served), `issuer`, `authorization_endpoint` and
//!     `token_endpoint` (as its guide has them), `account` (the page of a signed-in person);
//!   - `scope` and `audience`: what its guide asks for, and the audience of its API;
//!   - `api` (the sample API's address) and `api_call` (the address of a first call with a token);
//!   - `client_id`, `client_secret`, `redirect_uri`: the sample app's, which is the first of
//!   - `clients`: `{client_id, client_secret, name, role, redirect_uri}`, where `role` is `isv` (a
//!     partner's app), `customer` (a customer's own app) or `api` (introspects for the API);
//!   - `app_key` and `app_key_header`: the sample app's key for public data, where the platform has such;
//!   - `machine`: the client for `client_credentials` with its `scope`, where the guide has that grant;
//!   - `users`: `{name, email, password, org_ids}`; the first is the same person in each realm;
//!   - `tenants`: `{org_id, name}`.

use std::collections::BTreeMap;

use gantry_core::failure::Fault;
use serde::Serialize;

use crate::address::{Addresses, origin};
use crate::directory::Directory;
use crate::realm::{SampleClient, SamplePerson, SampleRealm};
use crate::upstream;

/// The name of the file in the demo's folder.
pub const FILE: &str = "demo.json";

#[derive(Debug, Serialize)]
struct Facts<'r> {
    isv_app: String,
    api: String,
    upstream: Upstream,
    realms: BTreeMap<&'r str, Realm<'r>>,
}

#[derive(Debug, Serialize)]
struct Upstream {
    base: String,
    accounts: Vec<Account>,
}

#[derive(Debug, Serialize)]
struct Account {
    provider: &'static str,
    word: &'static str,
    name: &'static str,
    email: &'static str,
    remark: &'static str,
}

#[derive(Debug, Serialize)]
struct Realm<'r> {
    name: &'r str,
    base: &'r str,
    issuer: &'r str,
    authorization_endpoint: String,
    token_endpoint: String,
    account: String,
    scope: &'r str,
    audience: &'r str,
    api: String,
    api_call: String,
    client_id: &'r str,
    client_secret: &'r str,
    redirect_uri: Option<&'r str>,
    clients: Vec<App<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    app_key: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    app_key_header: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    machine: Option<Machine<'r>>,
    users: Vec<User<'r>>,
    tenants: Vec<Tenant<'r>>,
}

#[derive(Debug, Serialize)]
struct App<'r> {
    client_id: &'r str,
    client_secret: &'r str,
    name: &'r str,
    role: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    redirect_uri: Option<&'r str>,
}

#[derive(Debug, Serialize)]
struct Machine<'r> {
    client_id: &'r str,
    client_secret: &'r str,
    scope: &'r str,
}

#[derive(Debug, Serialize)]
struct User<'r> {
    name: &'r str,
    email: &'r str,
    password: &'r str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    org_ids: Vec<&'r str>,
}

#[derive(Debug, Serialize)]
struct Tenant<'r> {
    org_id: &'r str,
    name: &'r str,
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
    let api = origin(addresses.api());
    let facts = Facts {
        isv_app: origin(addresses.isv_app()),
        upstream: Upstream { base: addresses.upstream_url(), accounts: upstream::accounts(None).map(Account::of).collect() },
        realms: realms.iter().map(|realm| (realm.slug, Realm::of(realm, &api))).collect(),
        api,
    };
    serde_json::to_string_pretty(&facts).map_err(|error| Fault::caused("the facts of the demo cannot be written", error))
}

impl Account {
    const fn of(account: &'static upstream::Account) -> Self {
        let upstream::Account { word, name, email, remark, .. } = *account;
        Self { provider: account.provider.word(), word, name, email, remark }
    }
}

impl<'r> Realm<'r> {
    fn of(realm: &'r SampleRealm, api: &str) -> Self {
        let app = &realm.app;
        let machine = || Machine { client_id: &app.client_id, client_secret: app.secret.expose(), scope: realm.guide.scope };
        Self {
            name: &realm.name,
            base: &realm.base,
            issuer: &realm.issuer,
            authorization_endpoint: realm.authorization_endpoint(),
            token_endpoint: realm.token_endpoint(),
            account: format!("{}{}", realm.base, gantry_web::paths::ACCOUNT),
            scope: realm.guide.scope,
            audience: &realm.audience,
            api: api.to_owned(),
            api_call: format!("{api}{}", realm.guide.call),
            client_id: &app.client_id,
            client_secret: app.secret.expose(),
            redirect_uri: app.redirect_uri.as_deref(),
            clients: clients(realm),
            app_key: realm.app_key.as_ref().map(|(_, key)| key.expose()),
            app_key_header: realm.app_key.as_ref().map(|(header, _)| header.as_str()),
            machine: (!realm.guide.machine.is_empty()).then(machine),
            users: realm.people.iter().map(|person| user(realm, person)).collect(),
            tenants: realm.tenants.iter().map(|tenant| Tenant { org_id: &tenant.org_id, name: &tenant.name }).collect(),
        }
    }
}

fn clients(realm: &SampleRealm) -> Vec<App<'_>> {
    let app = std::iter::once(App::of("isv", &realm.app));
    let customers = realm.customers_apps.iter().map(|client| App::of("customer", client));
    app.chain(customers).chain(realm.api_client.iter().map(|client| App::of("api", client))).collect()
}

impl<'r> App<'r> {
    fn of(role: &'static str, client: &'r SampleClient) -> Self {
        Self {
            client_id: &client.client_id,
            client_secret: client.secret.expose(),
            name: &client.name,
            role,
            redirect_uri: client.redirect_uri.as_deref(),
        }
    }
}

fn user<'r>(realm: &'r SampleRealm, person: &'r SamplePerson) -> User<'r> {
    let own = realm.tenants.iter().filter(|tenant| tenant.members.contains(&person.email));
    User {
        name: &person.name,
        email: &person.email,
        password: person.password.expose(),
        org_ids: own.map(|tenant| tenant.org_id.as_str()).collect(),
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
        for (pointer, expected) in [
            ("/isv_app", "http://127.0.0.1:8090"),
            ("/api", "http://127.0.0.1:8091"),
            ("/upstream/base", "http://localhost:8093"),
            ("/upstream/accounts/0/provider", "entra"),
            ("/upstream/accounts/0/email", "nils@fjord.example"),
            ("/realms/rocketskip/issuer", "http://localhost:8081"),
            ("/realms/rocketskip/authorization_endpoint", "http://localhost:8081/oauth/authorize"),
            ("/realms/rocketskip/token_endpoint", "http://localhost:8081/oauth/token"),
            ("/realms/rocketskip/client_id", "perigee"),
            ("/realms/rocketskip/redirect_uri", "http://127.0.0.1:8090/auth/rocketskip/callback"),
            ("/realms/rocketskip/audience", "https://api.rocketskip.example"),
            ("/realms/rocketskip/api_call", "http://127.0.0.1:8091/resource"),
            ("/realms/rocketskip/users/0/email", "mae@example.com"),
            ("/realms/rocketskip/users/0/password", "orbit before lunch"),
            ("/realms/rocketskip/machine/scope", "read"),
            ("/realms/roserocket/audience", "http://127.0.0.1:8091"),
            ("/realms/roserocket/scope", "offline_access email profile"),
            ("/realms/roserocket/tenants/0/org_id", "org_alder"),
            ("/realms/roserocket/users/0/org_ids/1", "org_sable"),
            ("/realms/roserocket/clients/1/role", "customer"),
            ("/realms/rocketpunch/api_call", "http://127.0.0.1:8091/api/v1/profiles/me"),
            ("/realms/rocketpunch/clients/1/role", "api"),
            ("/realms/rocketpunch/app_key_header", "X-RP-API-Key"),
            ("/realms/app/base", "http://localhost:8084"),
            ("/realms/app/issuer", "http://localhost:8084/auth/realms/app"),
            ("/realms/app/token_endpoint", "http://localhost:8084/auth/realms/app/protocol/openid-connect/token"),
            ("/realms/app/account", "http://localhost:8084/account"),
        ] {
            assert_eq!(facts.pointer(pointer).and_then(serde_json::Value::as_str), Some(expected), "{pointer}");
        }
        for secret in ["/rocketskip/client_secret", "/rocketskip/machine/client_secret", "/app/clients/1/client_secret"] {
            assert!(facts["realms"].pointer(secret).unwrap().as_str().unwrap().starts_with("gcs_"), "{secret}");
        }
        assert!(facts["realms"]["rocketpunch"]["app_key"].as_str().unwrap().starts_with("gak_"));
        for absent in ["/realms/app/machine", "/realms/app/app_key"] {
            assert!(facts.pointer(absent).is_none(), "{absent}");
        }
    }
}
