//! The sample realms: their files, with ports and secrets filled in.
//!
//! Owns the list of samples and what their files leave open. Never writes to the store.

use gantry_core::failure::Fault;
use gantry_core::realm::PathProfile;
use gantry_core::secret::{Secret, SecretKind};
use gantry_realm_file::document::{Client, Document};
use gantry_realm_file::{RealmFile, SecretText};
use gantry_web::paths::CONNECTION_CALLBACK;

use crate::address::{Addresses, origin};
use crate::guide::{CHASTER, Guide, ROCKETPUNCH, ROCKETSKIP, ROSE_ROCKET};
use crate::secrets::Secrets;
use crate::upstream::RegisteredApp;

/// A sample realm as it comes with the program. The files name the default ports.
#[derive(Debug)]
struct Sample {
    file: &'static str,
    text: &'static str,
    slug: &'static str,
    base: &'static str,
    secrets: &'static [(&'static str, SecretKind)],
    guide: &'static Guide,
}

/// All samples, in the order of their ports.
const SAMPLES: &[Sample] = &[
    Sample {
        file: "demo/rocketskip.yaml",
        text: include_str!("../../../demo/rocketskip.yaml"),
        slug: "rocketskip",
        base: "http://localhost:8081",
        secrets: &[("ROCKETSKIP_APP_SECRET", SecretKind::ClientSecret)],
        guide: &ROCKETSKIP,
    },
    Sample {
        file: "demo/roserocket.yaml",
        text: include_str!("../../../demo/roserocket.yaml"),
        slug: "roserocket",
        base: "http://localhost:8082",
        secrets: &[
            ("ROSEROCKET_APP_SECRET", SecretKind::ClientSecret),
            ("ROSEROCKET_CUSTOMER_SECRET", SecretKind::ClientSecret),
            ("ROSEROCKET_ENTRA_SECRET", SecretKind::ClientSecret),
            ("ROSEROCKET_GOOGLE_SECRET", SecretKind::ClientSecret),
            ("ROSEROCKET_GITHUB_SECRET", SecretKind::ClientSecret),
        ],
        guide: &ROSE_ROCKET,
    },
    Sample {
        file: "demo/rocketpunch.yaml",
        text: include_str!("../../../demo/rocketpunch.yaml"),
        slug: "rocketpunch",
        base: "http://localhost:8083",
        secrets: &[
            ("ROCKETPUNCH_APP_SECRET", SecretKind::ClientSecret),
            ("ROCKETPUNCH_API_SECRET", SecretKind::ClientSecret),
            ("ROCKETPUNCH_APP_KEY", SecretKind::AppKey),
            ("ROCKETPUNCH_GOOGLE_SECRET", SecretKind::ClientSecret),
            ("ROCKETPUNCH_GITHUB_SECRET", SecretKind::ClientSecret),
        ],
        guide: &ROCKETPUNCH,
    },
    Sample {
        file: "demo/app.yaml",
        text: include_str!("../../../demo/app.yaml"),
        slug: "app",
        base: "http://localhost:8084",
        secrets: &[
            ("CHASTER_APP_SECRET", SecretKind::ClientSecret),
            ("CHASTER_API_SECRET", SecretKind::ClientSecret),
            ("CHASTER_GOOGLE_SECRET", SecretKind::ClientSecret),
            ("CHASTER_GITHUB_SECRET", SecretKind::ClientSecret),
        ],
        guide: &CHASTER,
    },
];

/// The addresses of the sample app, the sample API and the sample providers in the files.
const ISV_APP: &str = "http://127.0.0.1:8090";
const API: &str = "http://127.0.0.1:8091";
const UPSTREAM: &str = "http://localhost:8093";
/// The `client_id` of the sample app, in each realm.
const APP: &str = "perigee";

/// The names of the sample realms.
pub fn slugs() -> impl Iterator<Item = &'static str> {
    SAMPLES.iter().map(|sample| sample.slug)
}

/// How many sample realms there are, each on a port of its own.
pub fn count() -> u16 {
    u16::try_from(SAMPLES.len()).unwrap_or(u16::MAX)
}

/// The secrets that the samples need.
pub fn needed_secrets() -> Vec<(&'static str, SecretKind)> {
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
    /// What its guide tells.
    pub guide: &'static Guide,
    /// Where it is served.
    pub base: String,
    /// Its issuer.
    pub issuer: String,
    /// The audience of its API.
    pub audience: String,
    /// The partner's app.
    pub app: SampleClient,
    /// Apps of its customers' own.
    pub customers_apps: Vec<SampleClient>,
    /// The client as which its API asks about tokens, where it has to.
    pub api_client: Option<SampleClient>,
    /// The sample app's App Key and the header that carries it, where the platform has them.
    pub app_key: Option<(String, Secret)>,
    /// Whether people make tokens for themselves.
    pub developer_tokens: bool,
    /// Who can sign in.
    pub people: Vec<SamplePerson>,
    /// Its customer organizations.
    pub tenants: Vec<SampleTenant>,
    /// As whom it is registered at the sample providers.
    pub(crate) at_providers: Vec<RegisteredApp>,
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
    /// The addresses of the people who belong to it.
    pub members: Vec<String>,
}

/// Reads all samples for these addresses and secrets.
pub fn read(addresses: Addresses, secrets: &Secrets) -> Result<Vec<SampleRealm>, Fault> {
    (0..).zip(SAMPLES).map(|(place, sample)| SampleRealm::read(sample, &addresses.realm(place), addresses, secrets)).collect()
}

impl SampleRealm {
    fn read(sample: &Sample, base: &str, addresses: Addresses, secrets: &Secrets) -> Result<Self, Fault> {
        let text = moved(sample, base, addresses);
        let resolver = |reference: gantry_realm_file::SecretReference<'_>| secrets.resolve(reference);
        let file =
            RealmFile::read(sample.file, &text, &resolver).map_err(|problems| Fault::caused("a sample realm does not hold", problems))?;
        let part = Part { document: file.document(), sample, secrets };
        let (app, customers_apps, api_client) = part.clients()?;
        let (people, tenants, audience, app_key) = (part.people()?, part.tenants(), part.audience()?, part.app_key()?);
        Ok(Self {
            slug: sample.slug,
            name: file.document().realm.name.clone().unwrap_or_else(|| sample.slug.to_owned()),
            guide: sample.guide,
            base: base.to_owned(),
            issuer: issuer(file.document(), base),
            audience,
            app,
            customers_apps,
            api_client,
            app_key,
            developer_tokens: file.document().realm.personal_tokens.as_ref().is_some_and(|policy| policy.enabled),
            people,
            tenants,
            at_providers: part.at_providers(base)?,
            file,
        })
    }

    /// Its name without the remark that it is a sample.
    pub fn platform(&self) -> &'static str {
        self.guide.platform
    }

    /// The authorization endpoint of its guide.
    pub fn authorization_endpoint(&self) -> String {
        format!("{}{}", self.base, self.guide.authorize)
    }

    /// The token endpoint of its guide.
    pub fn token_endpoint(&self) -> String {
        format!("{}{}", self.base, self.guide.token)
    }
}

/// The file's text with this demo's addresses. All are taken out before any is put in, since the
/// ports of one demo may be the default ports of something else.
fn moved(sample: &Sample, base: &str, addresses: Addresses) -> String {
    let upstream = addresses.upstream_url();
    let moves = [
        (sample.base, "\u{1}", base.to_owned()),
        (ISV_APP, "\u{2}", origin(addresses.isv_app())),
        (API, "\u{3}", origin(addresses.api())),
        (UPSTREAM, "\u{4}", upstream),
    ];
    let taken_out = moves.iter().fold(sample.text.to_owned(), |text, (from, mark, _)| text.replace(from, mark));
    moves.iter().fold(taken_out, |text, (_, mark, to)| text.replace(mark, to))
}

/// The issuer of a realm that is served there; see `gantry_core::address`.
fn issuer(document: &Document, base: &str) -> String {
    let endpoints = document.realm.endpoints.unwrap_or_default();
    match endpoints.profile {
        PathProfile::Oauth => base.to_owned(),
        PathProfile::Keycloak => format!("{base}{}/realms/{}", endpoints.prefix.as_str(), document.realm.slug),
    }
}

/// Takes out of a document what the demo has to say about it.
struct Part<'p> {
    document: &'p Document,
    sample: &'p Sample,
    secrets: &'p Secrets,
}

impl Part<'_> {
    /// The sample app, the customers' own apps, and the API's client.
    fn clients(&self) -> Result<(SampleClient, Vec<SampleClient>, Option<SampleClient>), Fault> {
        let (mut app, mut customers_apps, mut api_client) = (None, Vec::new(), None);
        for client in self.document.clients.iter().flatten() {
            let known = self.client(client)?;
            match client.introspects {
                Some(_) => api_client = Some(known),
                None if known.client_id == APP => app = Some(known),
                None => customers_apps.push(known),
            }
        }
        Ok((app.ok_or_else(|| self.lacks("the sample app"))?, customers_apps, api_client))
    }

    fn client(&self, client: &Client) -> Result<SampleClient, Fault> {
        Ok(SampleClient {
            client_id: client.client_id.clone().ok_or_else(|| self.lacks("a client_id"))?,
            name: client.name.clone(),
            secret: self.secret(client.client_secret.as_ref())?,
            redirect_uri: client.redirect_uris.first().cloned(),
        })
    }

    /// The first App Key of the first client that has one, and the header for it.
    fn app_key(&self) -> Result<Option<(String, Secret)>, Fault> {
        let header = self.document.realm.app_keys.as_ref().and_then(|policy| policy.header.clone());
        let mut keys = self.document.clients.iter().flatten().filter_map(|client| client.app_keys.as_ref()?.first());
        let Some((header, key)) = header.zip(keys.next()) else { return Ok(None) };
        Ok(Some((header, self.secret(key.key.as_ref())?)))
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
        let members =
            |tenant: &gantry_realm_file::document::Tenant| tenant.members.iter().flatten().map(|member| member.user.clone()).collect();
        let tenants = self.document.tenants.iter().flatten();
        tenants.map(|tenant| SampleTenant { org_id: tenant.org_id.clone(), name: tenant.name.clone(), members: members(tenant) }).collect()
    }

    /// The connections that lead to the sample providers, as apps there.
    fn at_providers(&self, base: &str) -> Result<Vec<RegisteredApp>, Fault> {
        let registered = self.document.connections.iter().flatten().filter(|connection| connection.kind.is_upstream());
        let app = |connection: &gantry_realm_file::document::Connection| {
            Ok(RegisteredApp {
                client_id: connection.settings.client_id.clone().ok_or_else(|| self.lacks("a connection's client_id"))?,
                secret: self.secret(connection.client_secret.as_ref())?,
                redirect_uri: format!("{base}{}", CONNECTION_CALLBACK.replace("{slug}", &connection.slug)),
            })
        };
        registered.map(app).collect()
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
        read(Addresses::from_base(base).unwrap(), &Secrets::of(&directory, &needed_secrets()).unwrap()).unwrap()
    }

    #[test]
    fn the_files_hold_and_follow_the_ports() {
        // Of these bases some put one thing where another has its default.
        for base in [8080, 8079, 8081, 20_000] {
            for (place, realm) in (1..).zip(samples(base)) {
                assert_eq!((realm.slug, realm.base.as_str()), (realm.file.slug(), format!("http://localhost:{}", base + place).as_str()));
                assert_eq!(realm.file.document().realm.hosts.as_deref(), Some([realm.base.clone()].as_slice()));
                let callback = format!("http://127.0.0.1:{}/auth/{}/callback", base + 10, realm.guide.word);
                assert_eq!(realm.app.redirect_uri.as_deref(), Some(callback.as_str()));
                assert!(realm.people.len() >= 2, "{}", realm.slug);
            }
        }
    }

    #[test]
    fn each_platform_is_the_one_of_its_guide() {
        let realms = samples(20_000);
        assert_eq!(realms.iter().map(|realm| realm.slug).collect::<Vec<_>>(), ["rocketskip", "roserocket", "rocketpunch", "app"]);
        for realm in &realms {
            assert_eq!(realm.name, format!("{} (sample)", realm.platform()));
            let client = realm.file.document().clients.iter().flatten().next().unwrap();
            assert!(realm.guide.scope.split(' ').all(|scope| client.scopes.iter().any(|name| name == scope)), "{}", realm.slug);
        }
        // Rose Rocket's guide: the audience is always the base URL of the API.
        assert_eq!(realms[1].audience, "http://127.0.0.1:20011");
        assert_eq!(realms[1].customers_apps.len(), 1);
        assert!(realms[1].tenants.len() >= 2);
        // One sign-in opens all four.
        assert!(realms.iter().all(|realm| realm.people[0].email == realms[0].people[0].email));
    }
}
