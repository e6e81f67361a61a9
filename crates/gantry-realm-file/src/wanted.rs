//! What a file wants, in its one form, once everything in it holds.
//!
//! Owns the checks that need more than the shape: values, references, what two entries say about
//! each other. Asks the admin rules that will write the records later, so that a file never passes
//! here and fails there. Collects everything that is wrong and never stops at the first.

mod catalogue;
mod clients;
mod connections;
mod mail;
mod people;

pub(crate) use catalogue::is_pruned;

use gantry_connect::outbound::Reach;
use gantry_core::display_name;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::fixed_word::{UNREACHABLE, is_reachable};
use gantry_core::realm::{Realm, RealmSettings, SYSTEM_REALM, is_slug};
use gantry_core::secret::Secret;
use gantry_identity::connections::{GivenSecrets, Invalid};
use gantry_identity::password::HashedPassword;
use gantry_identity::password_rule::AcceptedPassword;
use gantry_identity::realms;
use gantry_oauth::catalogue::Catalogue;
use gantry_oauth::personal_tokens;
use gantry_oauth::violation::Violation;

use crate::RealmFile;
use crate::current::Current;
use crate::document::{self, Document};
use crate::problem::{Path, Problem, Problems, sentence};
use crate::source::Node;

/// A file that holds.
#[derive(Debug)]
pub(crate) struct Wanted {
    /// The file in its one form: defaults filled in, names normalised, secrets taken out.
    pub(crate) document: Document,
    /// The realm's settings as they will be.
    pub(crate) settings: RealmSettings,
    /// What clients may refer to, as it will be. Its ids mean nothing.
    pub(crate) catalogue: Catalogue,
    /// The password of each user, if the file has one.
    pub(crate) passwords: Vec<Option<GivenPassword>>,
    /// What each client proves itself by, as far as the file brings it.
    pub(crate) credentials: Vec<GivenCredentials>,
    /// What each connection proves itself with, as far as the file brings it.
    pub(crate) connection_secrets: Vec<GivenSecrets>,
}

/// What a client proves itself by.
#[derive(Debug)]
pub(crate) struct GivenCredentials {
    /// Its secrets, if the file has any.
    pub(crate) secrets: Option<Vec<Secret>>,
    /// The key of each of its App Keys, where the file has it.
    pub(crate) app_keys: Vec<Option<Secret>>,
}

/// A password as the file has it.
#[derive(Debug)]
pub(crate) enum GivenPassword {
    /// To be hashed; the secret itself tells whether the one that is there is the same.
    Plain(Secret, AcceptedPassword),
    /// Hashed elsewhere, and its text.
    Hashed(HashedPassword, Secret),
}

/// Checks a file against the realm that it is for.
pub(crate) fn check(file: &RealmFile, current: &Current, reach: Reach, prune: bool) -> Result<Wanted, Problems> {
    let mut check = Check { node: &file.node, reach, problems: Vec::new() };
    let (realm, settings) = check.realm(&file.document.realm, current);
    let mut document = Document {
        realm,
        resources: check.each("resources", file.document.resources.as_ref(), Check::resource),
        scopes: check.each("scopes", file.document.scopes.as_ref(), Check::scope),
        publishers: check.each("publishers", file.document.publishers.as_ref(), Check::publisher),
        ..Document::default()
    };
    check.repeated_scopes(&file.document);
    let catalogue = catalogue::merged(&document, current, prune);
    check.default_resource(&settings, &catalogue);
    check.personal_scopes(&settings, &catalogue);
    document.connections = check.connections(file, current);
    let (users, passwords) = check.users(file, &settings, &document.realm);
    document.tenants = check.tenants(file, &users, document.connections.as_deref().unwrap_or_default(), current);
    document.users = file.document.users.as_ref().map(|_| users);
    let (clients, credentials) = check.clients(file, &catalogue, current);
    document.clients = file.document.clients.as_ref().map(|_| clients);
    document.installations = check.installations(file, &document, current);
    document.mail = check.mail(file);
    if check.problems.is_empty() {
        Ok(Wanted { document, settings, catalogue, passwords, credentials, connection_secrets: file.connections.clone() })
    } else {
        Err(Problems::new(&file.label, check.problems))
    }
}

/// The problems so far, and the text to which they point.
pub(crate) struct Check<'f> {
    node: &'f Node,
    /// How far this deployment reaches.
    reach: Reach,
    problems: Vec<Problem>,
}

impl Check<'_> {
    /// Notes a problem.
    pub(crate) fn note(&mut self, path: &Path, reason: impl AsRef<str>) {
        self.problems.push(Problem { at: self.node.locate(path), reason: sentence(path, reason.as_ref()) });
    }

    /// Notes what a rule of clients, resources, scopes or publishers found.
    pub(crate) fn violations(&mut self, path: &Path, violations: &[Violation]) {
        for violation in violations {
            let field = path.key(violation.field);
            let field = violation.index.map_or(field.clone(), |index| field.index(index));
            self.note(&field, &violation.problem);
        }
    }

    /// Notes what the rules of connections found.
    pub(crate) fn invalid(&mut self, path: &Path, wrong: &[Invalid]) {
        for one in wrong {
            let field = path.dotted(&one.field);
            let field = one.index.map_or(field.clone(), |index| field.index(index));
            self.note(&field, &one.problem);
        }
    }

    /// Notes what a rule of realms, people or tenants refused.
    pub(crate) fn refusal<T>(&mut self, path: &Path, outcome: Result<T, Failure>) -> Option<T> {
        match outcome {
            Ok(value) => return Some(value),
            Err(Failure::Refused(Refusal { description, detail: Some(detail), .. })) => self.note(path, format!("{description}: {detail}")),
            Err(Failure::Refused(Refusal { description, .. })) => self.note(path, description),
            Err(Failure::Broken(fault)) => self.note(path, fault.to_string()),
        }
        None
    }

    /// Checks a name that people read and returns its one form.
    pub(crate) fn name(&mut self, path: &Path, text: &str) -> String {
        match display_name::parse(text) {
            Ok(name) => name,
            Err(invalid) => {
                self.note(path, invalid.to_string());
                text.to_owned()
            }
        }
    }

    /// Notes every key that two entries of a list share; `what` names the key.
    pub(crate) fn repeated<'k>(&mut self, list: &Path, what: &str, keys: impl Iterator<Item = Option<&'k str>>) {
        let mut seen: Vec<&str> = Vec::new();
        for (index, key) in keys.enumerate() {
            let Some(key) = key else { continue };
            if seen.contains(&key) {
                self.note(&list.index(index).key(what), format!("`{key}` is there twice"));
            }
            seen.push(key);
        }
    }

    /// Checks each entry of a section that is there.
    fn each<T>(&mut self, section: &str, entries: Option<&Vec<T>>, one: impl Fn(&mut Self, &Path, &T) -> T) -> Option<Vec<T>> {
        let list = Path::default().key(section);
        entries.map(|entries| entries.iter().enumerate().map(|(index, entry)| one(self, &list.index(index), entry)).collect())
    }

    fn realm(&mut self, entry: &document::Realm, current: &Current) -> (document::Realm, RealmSettings) {
        let path = Path::default().key("realm");
        if !is_slug(&entry.slug) {
            self.note(&path.key("slug"), "must be 1 to 40 lower-case letters, digits and hyphens");
        } else if current.realm.is_none() && entry.slug == SYSTEM_REALM {
            self.note(&path.key("slug"), "is reserved; Gantry makes this realm itself at its first start");
        } else if !is_reachable(&entry.slug) {
            self.note(&path.key("slug"), UNREACHABLE);
        }
        let mut settings = current.realm.as_ref().map(|realm| realm.settings.clone()).unwrap_or_default();
        settings.branding = entry.branding.clone().unwrap_or(settings.branding);
        settings.endpoints = entry.endpoints.unwrap_or(settings.endpoints);
        settings.tokens = entry.tokens.clone().unwrap_or(settings.tokens);
        settings.sign_in = entry.sign_in.clone().unwrap_or(settings.sign_in);
        settings.authorization = entry.authorization.clone().unwrap_or(settings.authorization);
        settings.tenants = entry.tenants.unwrap_or(settings.tenants);
        settings.app_keys = entry.app_keys.clone().unwrap_or(settings.app_keys);
        settings.personal_tokens = entry.personal_tokens.clone().unwrap_or(settings.personal_tokens);
        let wrong = settings.check();
        for invalid in &wrong {
            self.note(&path.dotted(invalid.setting), format!("must be {}", invalid.expected));
        }
        if wrong.is_empty() {
            settings = self.refusal(&path.key("branding"), realms::checked_settings(settings.clone())).unwrap_or(settings);
        }
        let hosts = entry.hosts.clone().map(|hosts| self.refusal(&path.key("hosts"), realms::checked_hosts(hosts)).unwrap_or_default());
        let canonical = document::Realm {
            slug: entry.slug.clone(),
            name: entry.name.as_deref().map(|name| self.name(&path.key("name"), name)),
            hosts,
            branding: entry.branding.as_ref().map(|_| settings.branding.clone()),
            endpoints: entry.endpoints,
            tokens: entry.tokens.as_ref().map(|_| settings.tokens.clone()),
            sign_in: entry.sign_in.as_ref().map(|_| settings.sign_in.clone()),
            authorization: entry.authorization.as_ref().map(|_| settings.authorization.clone()),
            tenants: entry.tenants,
            app_keys: entry.app_keys.as_ref().map(|_| settings.app_keys.clone()),
            personal_tokens: entry.personal_tokens.as_ref().map(|_| settings.personal_tokens.clone()),
        };
        (canonical, settings)
    }

    fn default_resource(&mut self, settings: &RealmSettings, catalogue: &Catalogue) {
        if let Some(audience) = &settings.authorization.default_resource
            && catalogue.resource_by_audience(audience).is_none()
        {
            let path = Path::default().dotted("realm.authorization.default_resource");
            self.note(&path, format!("names the unknown resource `{audience}`"));
        }
    }

    fn personal_scopes(&mut self, settings: &RealmSettings, catalogue: &Catalogue) {
        let list = Path::default().dotted("realm.personal_tokens.scopes");
        for (index, name) in settings.personal_tokens.scopes.iter().enumerate() {
            if !catalogue.knows_scope(name) {
                self.note(&list.index(index), format!("names the unknown scope `{name}`"));
            } else if !personal_tokens::may_carry(name) {
                self.note(&list.index(index), format!("names `{name}`, which is for sign-in at an app"));
            }
        }
    }
}

/// The realm's name for people: the file's, else the one it has, else its slug.
pub(crate) fn realm_name(entry: &document::Realm, current: Option<&Realm>) -> String {
    entry.name.clone().or_else(|| current.map(|realm| realm.name.clone())).unwrap_or_else(|| entry.slug.clone())
}
