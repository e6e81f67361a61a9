//! The sample realms: their files, with ports and secrets filled in.
//!
//! Owns the list of samples and what their files leave open. Never writes to the store.

use gantry_core::failure::Fault;
use gantry_core::secret::Secret;
use gantry_realm_file::document::{Client, Document};
use gantry_realm_file::{RealmFile, SecretText};

use crate::address::{Addresses, origin};
use crate::secrets::Secrets;

/// A sample realm as it comes with the program. The files name the default ports.
#[derive(Debug)]
struct Sample {
    file: &'static str,
    text: &'static str,
    slug: &'static str,
    issuer: &'static str,
    secrets: &'static [&'static str],
    app: &'static str,
    app_scope: &'static str,
    machine: &'static str,
    machine_scope: &'static str,
}

/// All samples, in the order of their ports.
const SAMPLES: &[Sample] = &[Sample {
    file: "demo/rocketskip.yaml",
    text: include_str!("../../../demo/rocketskip.yaml"),
    slug: "rocketskip",
    issuer: "http://localhost:8081",
    secrets: &["ROCKETSKIP_APP_SECRET", "ROCKETSKIP_MACHINE_SECRET"],
    app: "perigee",
    app_scope: "openid profile email read",
    machine: "flight-recorder",
    machine_scope: "read",
}];

/// The sample app's address in the files.
const ISV_APP: &str = "http://127.0.0.1:8090";

/// The names of the sample realms.
pub fn slugs() -> impl Iterator<Item = &'static str> {
    SAMPLES.iter().map(|sample| sample.slug)
}

/// How many sample realms there are, each on a port of its own.
pub fn count() -> u16 {
    u16::try_from(SAMPLES.len()).unwrap_or(u16::MAX)
}

/// The names of the secrets that the samples need.
pub fn secret_names() -> Vec<&'static str> {
    SAMPLES.iter().flat_map(|sample| sample.secrets).copied().collect()
}

/// A sample realm at its place in this demo.
#[derive(Debug)]
pub struct SampleRealm {
    /// Its file.
    pub file: RealmFile,
    /// Its name in URLs.
    pub slug: &'static str,
    /// Its name for people.
    pub name: String,
    /// Its issuer.
    pub issuer: String,
    /// The audience of its API.
    pub audience: String,
    /// The partner's app.
    pub app: SampleClient,
    /// A client that acts for itself.
    pub machine: SampleClient,
    /// Who can sign in.
    pub people: Vec<SamplePerson>,
    /// Its customer organizations.
    pub tenants: Vec<SampleTenant>,
}

/// An app of a sample realm.
#[derive(Debug, Clone)]
pub struct SampleClient {
    /// Its name on the wire.
    pub client_id: String,
    /// Its name for people.
    pub name: String,
    /// Its secret.
    pub secret: Secret,
    /// Where it takes answers; a machine takes none.
    pub redirect_uri: Option<String>,
    /// What it asks for.
    pub scope: &'static str,
}

/// Somebody who can sign in.
#[derive(Debug, Clone)]
pub struct SamplePerson {
    /// The full name.
    pub name: String,
    /// The address.
    pub email: String,
    /// The password, which is no secret in a demo.
    pub password: Secret,
}

/// A customer organization.
#[derive(Debug, Clone)]
pub struct SampleTenant {
    /// Its public id.
    pub org_id: String,
    /// Its name.
    pub name: String,
}

/// Reads all samples for these addresses and secrets.
pub fn read(addresses: Addresses, secrets: &Secrets) -> Result<Vec<SampleRealm>, Fault> {
    (0..).zip(SAMPLES).map(|(place, sample)| SampleRealm::read(sample, &addresses.realm(place), addresses, secrets)).collect()
}

impl SampleRealm {
    fn read(sample: &Sample, issuer: &str, addresses: Addresses, secrets: &Secrets) -> Result<Self, Fault> {
        let text = sample.text.replace(sample.issuer, issuer).replace(ISV_APP, &origin(addresses.isv_app()));
        let resolver = |reference: gantry_realm_file::SecretReference<'_>| secrets.resolve(reference);
        let file =
            RealmFile::read(sample.file, &text, &resolver).map_err(|problems| Fault::caused("a sample realm does not hold", problems))?;
        let part = Part { document: file.document(), sample, secrets };
        let (app, machine) = (part.client(sample.app, sample.app_scope)?, part.client(sample.machine, sample.machine_scope)?);
        let (people, tenants, audience) = (part.people()?, part.tenants(), part.audience()?);
        let name = file.document().realm.name.clone().unwrap_or_else(|| sample.slug.to_owned());
        Ok(Self { slug: sample.slug, name, issuer: issuer.to_owned(), audience, app, machine, people, tenants, file })
    }
}

/// Takes out of a document what the demo has to say about it.
struct Part<'p> {
    document: &'p Document,
    sample: &'p Sample,
    secrets: &'p Secrets,
}

impl Part<'_> {
    fn client(&self, client_id: &str, scope: &'static str) -> Result<SampleClient, Fault> {
        let known = self.document.clients.iter().flatten().find(|client| client.client_id.as_deref() == Some(client_id));
        let client: &Client = known.ok_or_else(|| self.lacks(client_id))?;
        Ok(SampleClient {
            client_id: client_id.to_owned(),
            name: client.name.clone(),
            secret: self.secret(client.client_secret.as_ref())?,
            redirect_uri: client.redirect_uris.first().cloned(),
            scope,
        })
    }

    fn people(&self) -> Result<Vec<SamplePerson>, Fault> {
        let person = |user: &gantry_realm_file::document::User| {
            Ok(SamplePerson {
                name: user.name.clone().unwrap_or_else(|| user.email.clone()),
                email: user.email.clone(),
                password: self.secret(user.password.as_ref())?,
            })
        };
        self.document.users.iter().flatten().map(person).collect()
    }

    fn tenants(&self) -> Vec<SampleTenant> {
        let tenants = self.document.tenants.iter().flatten();
        tenants.map(|tenant| SampleTenant { org_id: tenant.org_id.clone(), name: tenant.name.clone() }).collect()
    }

    fn audience(&self) -> Result<String, Fault> {
        let resource = self.document.resources.iter().flatten().next();
        Ok(resource.ok_or_else(|| self.lacks("an API"))?.audience.clone())
    }

    fn secret(&self, text: Option<&SecretText>) -> Result<Secret, Fault> {
        let text = text.ok_or_else(|| self.lacks("a secret"))?;
        text.resolve(&|reference| self.secrets.resolve(reference)).map_err(|reason| Fault::new(format!("{}: {reason}", self.sample.file)))
    }

    fn lacks(&self, what: &str) -> Fault {
        Fault::new(format!("{} lacks {what}", self.sample.file))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::directory::Directory;

    /// The samples of a demo that has just begun.
    pub(crate) fn samples(base: u16) -> Vec<SampleRealm> {
        let place = tempfile::tempdir().unwrap();
        let directory = Directory::take(&place.path().join("demo"), false).unwrap();
        read(Addresses::from_base(base).unwrap(), &Secrets::of(&directory, &secret_names()).unwrap()).unwrap()
    }

    #[test]
    fn the_files_hold_and_follow_the_ports() {
        for (base, issuer, callback) in [
            (8080, "http://localhost:8081", "http://127.0.0.1:8090/callback"),
            (20_000, "http://localhost:20001", "http://127.0.0.1:20010/callback"),
        ] {
            let realms = samples(base);
            let realm = &realms[0];
            assert_eq!((realm.slug, realm.file.slug(), realm.issuer.as_str()), ("rocketskip", "rocketskip", issuer));
            assert_eq!(realm.file.document().realm.hosts.as_deref(), Some([issuer.to_owned()].as_slice()));
            assert_eq!(realm.app.redirect_uri.as_deref(), Some(callback));
            assert!(realm.machine.redirect_uri.is_none());
            assert!(realm.people.len() >= 2 && !realm.tenants.is_empty());
        }
    }
}
