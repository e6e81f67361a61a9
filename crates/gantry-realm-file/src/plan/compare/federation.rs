//! Connections, what they prove themselves with, and where they are offered.

use gantry_core::connection::ConnectionSecrets;
use gantry_core::secret::Secret;
use gantry_identity::connections::{GivenSecrets, moves_secrets};

use super::{Changes, differences, note};
use crate::current::{Current, KnownConnection};
use crate::document::{self, Document};
use crate::entry;
use crate::plan::{Act, Change, FieldChange, Item, Kind};
use crate::wanted::Wanted;

impl Changes {
    pub(super) fn connections(&mut self, current: &Current, wanted: &Wanted) {
        for (after, given) in wanted.document.connections.iter().flatten().zip(&wanted.connection_secrets) {
            let known = current.connection(&after.slug);
            let (secrets, lines) = secret_changes(known, after, given);
            let before = match known {
                Some(known) => Some(known.entry()),
                None if !after.kind.is_upstream() => Some(entry::password_connection()),
                None => None,
            };
            let fields = before.map(|before| {
                let mut fields = differences(&before, after);
                fields.extend(lines);
                fields
            });
            self.put(Kind::Connection, &after.slug, fields, Item::Connection { connection: Box::new(after.clone()), secrets });
        }
    }

    pub(super) fn attachments(&mut self, current: &Current, wanted: &Wanted, prune: bool) {
        for tenant in wanted.document.tenants.iter().flatten() {
            let Some(entries) = &tenant.connections else { continue };
            let org_id = &tenant.org_id;
            let known: &[document::Attachment] = current.tenants.get(org_id).map_or(&[], |known| &known.attachments);
            for after in entries {
                let before = known.iter().find(|known| known.connection == after.connection);
                let fields = before.map(|before| differences(before, after));
                let item = Item::Attachment { org_id: org_id.clone(), attachment: after.clone() };
                self.put(Kind::Attachment, &name(&after.connection, org_id), fields, item);
            }
            let kept = |slug: &str| entries.iter().any(|entry| entry.connection == slug);
            for gone in known.iter().filter(|known| prune && !kept(&known.connection)) {
                let item = Item::Detached { org_id: org_id.clone(), connection: gone.connection.clone() };
                let name = name(&gone.connection, org_id);
                self.0.push(Change { act: Act::Remove, kind: Kind::Attachment, name, fields: vec![], item });
            }
        }
    }

    /// The connections that the file leaves out. A realm's passwords stay: there is no realm without them.
    pub(super) fn prune_connections(&mut self, current: &Current, document: &Document) {
        let Some(entries) = &document.connections else { return };
        let kept = |slug: &str| entries.iter().any(|entry| entry.slug == slug);
        for known in current.connections.iter().map(|known| &known.connection) {
            if known.kind.is_upstream() && !kept(&known.slug) {
                self.remove(Kind::Connection, &known.slug);
            }
        }
    }
}

fn name(connection: &str, org_id: &str) -> String {
    format!("{connection} at {org_id}")
}

/// Which secrets are new, and what is to be said about them. The same ones again are no change, unless they have to be
/// given again because they will be sent elsewhere.
fn secret_changes(known: Option<&KnownConnection>, after: &document::Connection, given: &GivenSecrets) -> (GivenSecrets, Vec<FieldChange>) {
    let Some(known) = known else { return (given.clone(), Vec::new()) };
    let moved = moves_secrets(&known.connection.settings, &after.settings);
    let ConnectionSecrets { client_secret, private_key, certificate } = &known.secrets;
    let same = |new: &Option<Secret>, old: &Option<Secret>| match (new, old) {
        (Some(new), Some(old)) => new.digest() == old.digest(),
        (Some(_), None) | (None, _) => false,
    };
    let mut lines = Vec::new();
    let text = |secret: &Secret| format!("…{}", secret.last_four());
    if let Some(new) = given.client_secret.as_ref().filter(|_| !same(&given.client_secret, client_secret)) {
        lines.push(FieldChange { field: "client_secret".to_owned(), from: client_secret.as_ref().map(text), to: Some(text(new)) });
    }
    if given.private_key.is_some() && !same(&given.private_key, private_key) {
        lines.push(note("private_key", "another one is set"));
    }
    if given.certificate.is_some() && given.certificate != *certificate {
        lines.push(note("certificate", "another one is set"));
    }
    let void = |stored: bool, given: bool| moved && stored && !given;
    for (field, stored, given) in [
        ("client_secret", client_secret.is_some(), given.client_secret.is_some()),
        ("private_key", private_key.is_some(), given.private_key.is_some()),
    ] {
        if void(stored, given) {
            lines.push(note(field, "void, since it would be sent elsewhere or for another client; give it again"));
        }
    }
    let changes = moved || !lines.is_empty();
    (if changes { given.clone() } else { GivenSecrets::default() }, lines)
}
