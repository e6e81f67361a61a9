//! The comparison of what is there with what is wanted.

use std::collections::{BTreeMap, BTreeSet};

use gantry_core::app_key::AppKey;
use gantry_core::client::ClientSecret;
use gantry_core::secret::Secret;
use gantry_identity::password::HashedPassword;
use serde::Serialize;
use serde_json::Value;

use super::{Act, AppKeyChange, Change, FieldChange, Item, Kind, Plan};
use crate::current::{Current, KnownClient};
use crate::document;
use crate::entry;
use crate::wanted::{Wanted, is_pruned};

mod federation;
mod tenants;

/// The passwords to be set, hashed beforehand, by address.
pub(crate) type Ready = BTreeMap<String, HashedPassword>;

/// Everything that would have to change.
pub(crate) fn between(current: &Current, wanted: &Wanted, ready: &Ready, prune: bool) -> Plan {
    let mut changes = Changes::default();
    changes.realm(current, wanted);
    let late = changes.catalogue(current, wanted);
    changes.users(current, wanted, ready);
    changes.tenants(current, wanted, prune);
    changes.connections(current, wanted);
    changes.attachments(current, wanted, prune);
    changes.clients(current, wanted, prune);
    changes.0.extend(late);
    changes.installations(current, wanted);
    changes.mail(current, wanted);
    if prune {
        changes.prune(current, wanted);
    }
    Plan { realm: wanted.document.realm.slug.clone(), changes: changes.0 }
}

#[derive(Default)]
struct Changes(Vec<Change>);

impl Changes {
    /// Adds an entry that is new or differs.
    fn put(&mut self, kind: Kind, name: &str, fields: Option<Vec<FieldChange>>, item: Item) {
        let act = if fields.is_some() { Act::Update } else { Act::Create };
        let fields = fields.unwrap_or_default();
        if act == Act::Create || !fields.is_empty() {
            self.0.push(Change { act, kind, name: name.to_owned(), fields, item });
        }
    }

    fn remove(&mut self, kind: Kind, name: &str) {
        self.0.push(Change { act: Act::Remove, kind, name: name.to_owned(), fields: vec![], item: Item::Gone });
    }

    fn realm(&mut self, current: &Current, wanted: &Wanted) {
        let after = &wanted.document.realm;
        let fields = current.realm.as_ref().map(|realm| {
            let before = entry::realm(realm);
            let given = document::Realm {
                slug: before.slug,
                name: after.name.as_ref().and(before.name),
                hosts: after.hosts.as_ref().and(before.hosts),
                branding: after.branding.as_ref().and(before.branding),
                endpoints: after.endpoints.and(before.endpoints),
                tokens: after.tokens.as_ref().and(before.tokens),
                sign_in: after.sign_in.as_ref().and(before.sign_in),
                authorization: after.authorization.as_ref().and(before.authorization),
                tenants: after.tenants.as_ref().and(before.tenants),
                app_keys: after.app_keys.as_ref().and(before.app_keys),
                personal_tokens: after.personal_tokens.as_ref().and(before.personal_tokens),
            };
            differences(&given, after)
        });
        self.put(Kind::Realm, &after.slug, fields, Item::Realm(Box::new(after.clone())));
    }

    /// APIs, scopes and publishers. Returns what has to wait until clients have changed: no machine
    /// may have a scope any more before it becomes one about a person.
    fn catalogue(&mut self, current: &Current, wanted: &Wanted) -> Vec<Change> {
        let bare = |resource: &document::Resource| document::Resource { scopes: vec![], ..resource.clone() };
        let known: Vec<document::Resource> = entry::resources(&current.catalogue);
        for after in wanted.document.resources.iter().flatten().map(bare) {
            let before = known.iter().find(|known| known.audience == after.audience).map(bare);
            let fields = before.map(|before| differences(&before, &after));
            self.put(Kind::Resource, &after.audience.clone(), fields, Item::Resource(after));
        }
        let mut late = Self::default();
        for (audience, after) in wanted.document.all_scopes() {
            let known = current.catalogue.scope(&after.name);
            let fields = known.map(|scope| {
                let resource = scope.resource_id.and_then(|id| current.catalogue.resource(id)).map(|resource| resource.audience.as_str());
                let before = entry::scope(scope);
                let mut fields = differences(&before, after);
                fields.extend(field("resource", resource.map(quoted), audience.map(quoted)));
                fields
            });
            let waits = known.is_some_and(|scope| scope.machine && !after.machine);
            let list = if waits { &mut late } else { &mut *self };
            let item = Item::Scope { resource: audience.map(str::to_owned), scope: after.clone() };
            list.put(Kind::Scope, &after.name, fields, item);
        }
        for after in wanted.document.publishers.iter().flatten() {
            let known = current.catalogue.publisher_by_slug(&after.slug);
            let fields = known.map(|known| differences(&entry::publisher(known), after));
            self.put(Kind::Publisher, &after.slug, fields, Item::Publisher(after.clone()));
        }
        late.0
    }

    fn users(&mut self, current: &Current, wanted: &Wanted, ready: &Ready) {
        for after in wanted.document.users.iter().flatten() {
            let password = ready.get(&after.email).cloned();
            let fields = current.users.get(&after.email).map(|known| {
                let mut fields = differences(&entry::user(known), after);
                fields.extend(password.as_ref().map(|_| note("password", "another one is set; sessions and grants end")));
                fields
            });
            self.put(Kind::User, &after.email, fields, Item::User { user: Box::new(after.clone()), password });
        }
    }

    fn clients(&mut self, current: &Current, wanted: &Wanted, prune: bool) {
        for (after, given) in wanted.document.clients.iter().flatten().zip(&wanted.credentials) {
            let known = after.client_id.as_ref().and_then(|client_id| current.clients.get(client_id));
            let name = after.client_id.as_deref().unwrap_or(&after.name);
            let uses_secrets = entry::client_settings(after, &wanted.catalogue).0.uses_secrets();
            let make = known.is_none() && given.secrets.is_none() && uses_secrets;
            let (bring, end, mut lines) = secret_changes(known, given.secrets.as_deref());
            let (app_keys, of_keys) = app_key_changes(current, known, after, &given.app_keys, prune);
            lines.extend(of_keys);
            let fields = known.map(|known| {
                let bare = |client: document::Client| document::Client { app_keys: None, ..client };
                let mut fields = differences(&bare(current.client_entry(known)), &bare(after.clone()));
                fields.extend(lines);
                fields
            });
            self.put(Kind::Client, name, fields, Item::Client { client: Box::new(after.clone()), bring, make, end, app_keys });
        }
    }

    fn installations(&mut self, current: &Current, wanted: &Wanted) {
        for after in wanted.document.installations.iter().flatten() {
            let known = current.installations.iter().find(|known| known.org_id == after.org_id && known.client_id == after.client_id);
            let fields = known.map(|known| differences(known, after));
            let name = format!("{} of {}", after.client_id, after.org_id);
            self.put(Kind::Installation, &name, fields, Item::Installation(after.clone()));
        }
    }

    fn mail(&mut self, current: &Current, wanted: &Wanted) {
        for after in wanted.document.mail.iter().flatten() {
            let known = current.mail.iter().find(|known| known.mail == after.mail && known.locale == after.locale);
            let fields = known.map(|known| differences(known, after));
            self.put(Kind::Mail, &after.name(), fields, Item::Mail(after.clone()));
        }
    }

    /// What the file's sections leave out: who refers goes before what is referred to.
    fn prune(&mut self, current: &Current, wanted: &Wanted) {
        let document = &wanted.document;
        if let Some(clients) = &document.clients {
            let kept = |client_id: &String| clients.iter().any(|entry| entry.client_id.as_ref() == Some(client_id));
            for known in current.own_clients().filter(|known| !kept(&known.client.client_id)) {
                self.remove(Kind::Client, &known.client.client_id);
            }
        }
        if let Some(publishers) = &document.publishers {
            let kept = |slug: &str| publishers.iter().any(|entry| entry.slug == slug);
            for publisher in current.catalogue.publishers.iter().filter(|publisher| !kept(&publisher.slug)) {
                self.remove(Kind::Publisher, &publisher.slug);
            }
        }
        if let Some(texts) = &document.mail {
            for known in current.mail.iter().filter(|known| texts.iter().all(|text| text.name() != known.name())) {
                self.remove(Kind::Mail, &known.name());
            }
        }
        self.prune_connections(current, document);
        for scope in current.catalogue.scopes.iter().filter(|scope| is_pruned(document, scope)) {
            self.remove(Kind::Scope, &scope.name);
        }
        if let Some(resources) = &document.resources {
            let kept = |audience: &str| resources.iter().any(|entry| entry.audience == audience);
            for resource in current.catalogue.resources.iter().filter(|resource| !kept(&resource.audience)) {
                self.remove(Kind::Resource, &resource.audience);
            }
        }
    }
}

type SecretChanges = (Vec<Secret>, Vec<gantry_core::id::ClientSecretId>, Vec<FieldChange>);

/// Which secrets come and which end, if the file names any.
fn secret_changes(known: Option<&KnownClient>, given: Option<&[Secret]>) -> SecretChanges {
    let stored: &[ClientSecret] = known.map_or(&[], |known| &known.secrets);
    let Some(given) = given else { return SecretChanges::default() };
    let bring: Vec<Secret> = given.iter().filter(|secret| !stored.iter().any(|known| known.digest == secret.digest())).cloned().collect();
    let end: Vec<&ClientSecret> = stored.iter().filter(|known| !given.iter().any(|secret| secret.digest() == known.digest)).collect();
    let text = |last_four: &str| format!("…{last_four}");
    let mut lines: Vec<FieldChange> = bring
        .iter()
        .map(|secret| FieldChange { field: "client_secrets".to_owned(), from: None, to: Some(text(&secret.last_four())) })
        .collect();
    lines.extend(end.iter().map(|known| FieldChange { field: "client_secrets".to_owned(), from: Some(text(&known.last_four)), to: None }));
    (bring, end.into_iter().map(|known| known.id).collect(), lines)
}

/// Which App Keys come, change and end, if the file names any.
fn app_key_changes(
    current: &Current,
    known: Option<&KnownClient>,
    after: &document::Client,
    given: &[Option<Secret>],
    prune: bool,
) -> (Vec<AppKeyChange>, Vec<FieldChange>) {
    let (mut changes, mut lines) = (Vec::new(), Vec::new());
    let mut note = |from, to| lines.push(FieldChange { field: "app_keys".to_owned(), from, to });
    let stored: &[AppKey] = known.map_or(&[], |known| &known.app_keys);
    let entries = after.app_keys.as_deref().unwrap_or_default();
    for (entry, brought) in entries.iter().zip(given) {
        let last_four = brought.as_ref().map(Secret::last_four);
        let before = stored.iter().find(|key| key.name == entry.name);
        let before_text = before.map(|key| key_text(&entry::app_key(key, &key.scopes), Some(&key.last_four)));
        match before {
            Some(key) if brought.as_ref().is_none_or(|brought| brought.digest() == key.digest) => {
                let as_entry = known.and_then(|known| current.app_key_entry(&known.client, key));
                if as_entry.is_none_or(|as_entry| !differences(&as_entry, entry).is_empty()) {
                    changes.push(AppKeyChange::Change(key.id, entry.clone()));
                    note(before_text, Some(key_text(entry, Some(&key.last_four))));
                }
            }
            _ => {
                changes.extend(before.map(|key| AppKeyChange::Revoke(key.id)));
                changes.push(AppKeyChange::Add(entry.clone(), brought.clone()));
                note(before_text, Some(key_text(entry, last_four.as_deref())));
            }
        }
    }
    let left_out = |key: &&AppKey| prune && after.app_keys.is_some() && !entries.iter().any(|entry| entry.name == key.name);
    for key in stored.iter().filter(left_out) {
        changes.push(AppKeyChange::Revoke(key.id));
        note(Some(key_text(&entry::app_key(key, &key.scopes), Some(&key.last_four))), None);
    }
    (changes, lines)
}

fn key_text(entry: &document::AppKey, last_four: Option<&str>) -> String {
    let known_by = last_four.map_or_else(|| "a new one".to_owned(), |last_four| format!("…{last_four}"));
    let until = entry.expires_at.as_deref().map(|at| format!(", until {at}")).unwrap_or_default();
    format!("{} ({known_by}: {}{until})", entry.name, entry.scopes.join(" "))
}

/// The fields in which two entries differ, those of nested mappings by dotted names.
fn differences(before: &impl Serialize, after: &impl Serialize) -> Vec<FieldChange> {
    let before = flat(before);
    let after = flat(after);
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    names.into_iter().filter_map(|name| field(name, before.get(name).cloned(), after.get(name).cloned())).collect()
}

fn field(name: &str, from: Option<String>, to: Option<String>) -> Option<FieldChange> {
    (from != to).then(|| FieldChange { field: name.to_owned(), from, to })
}

fn note(name: &str, text: &str) -> FieldChange {
    FieldChange { field: name.to_owned(), from: None, to: Some(text.to_owned()) }
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

fn flat(entry: &impl Serialize) -> BTreeMap<String, String> {
    let mut fields = BTreeMap::new();
    if let Ok(value) = serde_json::to_value(entry) {
        flatten("", &value, &mut fields);
    }
    fields
}

fn flatten(name: &str, value: &Value, fields: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(members) if name != "jwks" => {
            for (key, value) in members {
                let name = if name.is_empty() { key.clone() } else { format!("{name}.{key}") };
                flatten(&name, value, fields);
            }
        }
        Value::Null => {}
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
            fields.insert(name.to_owned(), value.to_string());
        }
    }
}
