//! Reads, compares, applies and writes a realm as one document.
//!
//! A file is read as a whole and applied as a whole: everything that is wrong with it is reported
//! with line and column, and nothing is written unless all of it holds. Knows the records only
//! through the admin rules that the console uses too. Never reads the environment or a file.

mod apply;
mod current;
pub mod document;
pub mod entry;
mod export;
mod plan;
mod problem;
mod schema;
mod secret_reference;
mod source;
mod wanted;

use gantry_core::failure::{Failure, Fault, Refusal};
use gantry_core::secret::Secret;
use gantry_identity::connections::GivenSecrets;

pub use apply::{Applied, Applier, MadeAppKey, MadeSecret, Options};
pub use export::{excerpt, excerpts, export, realm_excerpt};
pub use plan::{Act, Change, FieldChange, Kind, Plan};
pub use problem::{Path, Position, Problem, Problems};
pub use schema::{Misfit, misfits, schema, schema_text};
pub use secret_reference::{SecretReference, SecretResolver, SecretText};

use document::Document;
use problem::sentence;
use source::Node;

/// A realm file that was read: its shape is right, its secrets are at hand.
#[derive(Debug)]
pub struct RealmFile {
    label: String,
    node: Node,
    document: Document,
    users: Vec<GivenUser>,
    clients: Vec<GivenClient>,
    connections: Vec<GivenSecrets>,
}

/// The credentials of a person in the file.
#[derive(Debug, Default)]
pub(crate) struct GivenUser {
    pub(crate) password: Option<Secret>,
    pub(crate) hash: Option<Secret>,
}

/// The credentials of a client in the file, and how they are spelt.
#[derive(Debug, Default)]
pub(crate) struct GivenClient {
    pub(crate) secrets: Option<Vec<Secret>>,
    pub(crate) as_list: bool,
    pub(crate) both: bool,
    /// The key of each of its App Keys, where the file brings it.
    pub(crate) app_keys: Vec<Option<Secret>>,
}

/// Why a file was not applied. Nothing was written.
#[derive(Debug)]
pub enum NotApplied {
    /// The file does not hold.
    Wrong(Problems),
    /// The file holds, but what is there stands against it.
    Refused(Refusal),
    /// Something broke.
    Broken(Fault),
}

impl From<Problems> for NotApplied {
    fn from(problems: Problems) -> Self {
        Self::Wrong(problems)
    }
}

impl From<Fault> for NotApplied {
    fn from(fault: Fault) -> Self {
        Self::Broken(fault)
    }
}

impl From<Failure> for NotApplied {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(refusal) => Self::Refused(refusal),
            Failure::Broken(fault) => Self::Broken(fault),
        }
    }
}

impl std::fmt::Display for NotApplied {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Wrong(problems) => problems.fmt(f),
            Self::Refused(Refusal { description, detail: Some(detail), .. }) => write!(f, "{description}: {detail}"),
            Self::Refused(Refusal { description, .. }) => f.write_str(description),
            Self::Broken(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for NotApplied {}

impl RealmFile {
    /// Reads a file; `label` is what its problems are reported under.
    pub fn read(label: &str, text: &str, resolver: SecretResolver<'_>) -> Result<Self, Problems> {
        let fail = |list| Problems::new(label, list);
        let node = source::read(text).map_err(|problem| fail(vec![problem]))?;
        let misfits = schema::check(&node);
        if !misfits.is_empty() {
            return Err(fail(misfits));
        }
        let document: Document =
            serde_json::from_value(node.to_json()).map_err(|error| fail(vec![Problem { at: node.at, reason: error.to_string() }]))?;
        let mut secrets = Secrets { node: &node, resolver, problems: Vec::new() };
        let users = secrets.users(&document);
        let clients = secrets.clients(&document);
        let connections = secrets.connections(&document);
        if !secrets.problems.is_empty() {
            return Err(fail(secrets.problems));
        }
        Ok(Self { label: label.to_owned(), node, document, users, clients, connections })
    }

    /// The realm that the file is for.
    pub fn slug(&self) -> &str {
        &self.document.realm.slug
    }

    /// What the file says.
    pub const fn document(&self) -> &Document {
        &self.document
    }
}

/// Fetches the secrets of a document.
struct Secrets<'s> {
    node: &'s Node,
    resolver: SecretResolver<'s>,
    problems: Vec<Problem>,
}

impl Secrets<'_> {
    fn users(&mut self, document: &Document) -> Vec<GivenUser> {
        let list = Path::default().key("users");
        let mut given = Vec::new();
        for (index, user) in document.users.iter().flatten().enumerate() {
            let path = list.index(index);
            given.push(GivenUser {
                password: user.password.as_ref().and_then(|text| self.resolve(&path.key("password"), text)),
                hash: user.password_hash.as_ref().and_then(|text| self.resolve(&path.key("password_hash"), text)),
            });
        }
        given
    }

    fn clients(&mut self, document: &Document) -> Vec<GivenClient> {
        let list = Path::default().key("clients");
        let mut given = Vec::new();
        for (index, client) in document.clients.iter().flatten().enumerate() {
            let path = list.index(index);
            let as_list = client.client_secret.is_none();
            let field = |index| if as_list { path.key("client_secrets").index(index) } else { path.key("client_secret") };
            let secrets = client
                .given_secrets()
                .map(|texts| texts.into_iter().enumerate().filter_map(|(index, text)| self.resolve(&field(index), text)).collect());
            let both = client.client_secret.is_some() && client.client_secrets.is_some();
            let list = path.key("app_keys");
            let keys = client.app_keys.iter().flatten().enumerate();
            let app_keys =
                keys.map(|(index, entry)| entry.key.as_ref().and_then(|text| self.resolve(&list.index(index).key("key"), text))).collect();
            given.push(GivenClient { secrets, as_list, both, app_keys });
        }
        given
    }

    fn connections(&mut self, document: &Document) -> Vec<GivenSecrets> {
        let list = Path::default().key("connections");
        let mut given = Vec::new();
        for (index, connection) in document.connections.iter().flatten().enumerate() {
            let path = list.index(index);
            let mut one = |field: &str, text: Option<&SecretText>| text.and_then(|text| self.resolve(&path.key(field), text));
            given.push(GivenSecrets {
                client_secret: one("client_secret", connection.client_secret.as_ref()),
                private_key: one("private_key", connection.private_key.as_ref()),
                certificate: one("certificate", connection.certificate.as_ref()).map(|text| text.expose().to_owned()),
            });
        }
        given
    }

    fn resolve(&mut self, path: &Path, text: &SecretText) -> Option<Secret> {
        match text.resolve(self.resolver) {
            Ok(secret) => Some(secret),
            Err(reason) => {
                self.problems.push(Problem { at: self.node.locate(path), reason: sentence(path, &reason) });
                None
            }
        }
    }
}
