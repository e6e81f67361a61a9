//! Checks of connections, and of what tenants have to do with them.

use gantry_core::clock::Timestamp;
use gantry_core::connection::ConnectionSettings;
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::id::TenantId;
use gantry_core::realm::is_slug;
use gantry_identity::connections::{self, GivenSecrets};
use gantry_identity::domains;

use super::Check;
use crate::RealmFile;
use crate::current::Current;
use crate::document::{self, Attachment, Connection, Domain};
use crate::entry;
use crate::problem::Path;

impl Check<'_> {
    /// The connections in their one form.
    pub(super) fn connections(&mut self, file: &RealmFile, current: &Current) -> Option<Vec<Connection>> {
        let list = Path::default().key("connections");
        let entries = file.document.connections.as_ref()?;
        self.repeated(&list, "slug", entries.iter().map(|entry| Some(entry.slug.as_str())));
        let mut canonical = Vec::new();
        for (index, (entry, given)) in entries.iter().zip(&file.connections).enumerate() {
            let path = list.index(index);
            self.identity(&path, entry, file, current);
            canonical.push(self.connection(&path, entry, given));
        }
        Some(canonical)
    }

    /// What of a connection never changes.
    fn identity(&mut self, path: &Path, entry: &Connection, file: &RealmFile, current: &Current) {
        if !is_slug(&entry.slug) {
            self.note(&path.key("slug"), "must be 1 to 40 lower-case letters, digits and hyphens");
        }
        if let Some(org_id) = &entry.owner {
            let in_file = file.document.tenants.iter().flatten().any(|tenant| tenant.org_id == *org_id);
            if !in_file && !current.tenants.contains_key(org_id) {
                self.note(&path.key("owner"), format!("names the unknown tenant `{org_id}`"));
            }
        }
        if let Some(known) = current.connection(&entry.slug) {
            if known.connection.kind != entry.kind {
                self.note(&path.key("kind"), "cannot change");
            }
            if known.owner != entry.owner {
                self.note(&path.key("owner"), "cannot change");
            }
            return;
        }
        let new_realms_own = current.realm.is_none() && entry.slug == "password";
        if new_realms_own && entry.kind.is_upstream() {
            self.note(&path.key("kind"), "cannot change");
        }
        if !entry.kind.is_upstream() && !new_realms_own {
            self.note(&path.key("slug"), format!("names the unknown connection `{}`; a realm's passwords are one", entry.slug));
        }
    }

    fn connection(&mut self, path: &Path, entry: &Connection, given: &GivenSecrets) -> Connection {
        for (field, problem) in given.check(entry.kind) {
            self.note(&path.key(field), problem);
        }
        let ends = entry.client_secret_expires_at.as_deref();
        if ends.is_some_and(|text| Timestamp::parse_rfc3339(text).is_none()) {
            self.note(&path.key("client_secret_expires_at"), "must be an instant such as `2027-01-31` or `2027-01-31T12:00:00Z`");
        }
        // Whose it is matters here, not which tenant that is.
        let owner = entry.owner.as_ref().map(|_| TenantId::new());
        let settings = match connections::normalise(entry.kind, owner, entry.settings.clone(), self.reach) {
            Ok(settings) => settings,
            Err(wrong) => {
                self.invalid(path, &wrong);
                entry.settings.clone()
            }
        };
        Connection {
            name: self.name(&path.key("name"), &entry.name),
            client_secret: None,
            client_secret_expires_at: ends.and_then(Timestamp::parse_rfc3339).map(Timestamp::to_rfc3339),
            private_key: None,
            certificate: None,
            settings,
            ..entry.clone()
        }
    }

    /// The connections of a tenant in their one form: of the file or of the realm.
    pub(super) fn attachments(
        &mut self,
        path: &Path,
        tenant: &document::Tenant,
        of_file: &[Connection],
        current: &Current,
    ) -> Vec<Attachment> {
        let list = path.key("connections");
        let entries = tenant.connections.as_deref().unwrap_or_default();
        self.repeated(&list, "connection", entries.iter().map(|entry| Some(entry.connection.as_str())));
        let mut canonical = Vec::new();
        for (index, entry) in entries.iter().enumerate() {
            let path = list.index(index);
            let Some((kind, settings, owner)) = known(&entry.connection, of_file, current) else {
                self.note(&path.key("connection"), format!("names the unknown connection `{}`", entry.connection));
                continue;
            };
            if owner.is_some_and(|owner| owner != tenant.org_id) {
                self.note(&path.key("connection"), "is another tenant's own");
            }
            match connections::check_attachment(kind, settings, entry::attachment_settings(entry)) {
                Ok(settings) => {
                    canonical.push(Attachment { roles: settings.roles, directories: settings.directories, ..entry.clone() });
                }
                Err(wrong) => self.invalid(&path, &wrong),
            }
        }
        canonical.sort_by(|left, right| left.connection.cmp(&right.connection));
        canonical
    }

    /// The domains of a tenant in their one form.
    pub(super) fn domains(&mut self, path: &Path, entries: &[Domain]) -> Vec<Domain> {
        let list = path.key("domains");
        let mut canonical = Vec::new();
        for (index, entry) in entries.iter().enumerate() {
            match domains::parse(&entry.domain) {
                Ok(domain) => canonical.push(Domain { domain, proof: entry.proof }),
                Err(invalid) => self.note(&list.index(index).key("domain"), invalid.to_string()),
            }
        }
        self.repeated(&list, "domain", canonical.iter().map(|entry| Some(entry.domain.as_str())));
        canonical.sort_by(|left, right| left.domain.cmp(&right.domain));
        canonical
    }
}

/// What a connection of the file or of the realm is.
fn known<'k>(
    slug: &str,
    of_file: &'k [Connection],
    current: &'k Current,
) -> Option<(ConnectorKind, &'k ConnectionSettings, Option<&'k str>)> {
    if let Some(entry) = of_file.iter().find(|entry| entry.slug == slug) {
        return Some((entry.kind, &entry.settings, entry.owner.as_deref()));
    }
    let known = current.connection(slug)?;
    Some((known.connection.kind, &known.connection.settings, known.owner.as_deref()))
}
