//! Checks of clients, their secrets and their App Keys.

use gantry_core::app_key::MAX_APP_KEYS;
use gantry_core::client::MAX_CLIENT_SECRETS;
use gantry_core::clock::Timestamp;
use gantry_core::secret::Secret;
use gantry_oauth::app_keys;
use gantry_oauth::catalogue::Catalogue;
use gantry_oauth::clients::{self, ClientSettings};

use super::{Check, GivenCredentials};
use crate::current::Current;
use crate::document;
use crate::entry;
use crate::problem::Path;
use crate::{GivenClient, RealmFile};

impl Check<'_> {
    /// The clients in their one form, and what each proves itself by.
    pub(super) fn clients(
        &mut self,
        file: &RealmFile,
        catalogue: &Catalogue,
        current: &Current,
    ) -> (Vec<document::Client>, Vec<GivenCredentials>) {
        let list = Path::default().key("clients");
        let mut canonical = Vec::new();
        let mut credentials = Vec::new();
        for (index, (entry, given)) in file.document.clients.iter().flatten().zip(&file.clients).enumerate() {
            let path = list.index(index);
            let client_id = self.client_id(&path, entry, current);
            let settings = self.client_settings(&path, entry, catalogue);
            let secrets = self.secrets(&path, given, settings.uses_secrets());
            let app_keys = self.app_keys(&path.key("app_keys"), entry, given, &settings, catalogue);
            credentials.push(GivenCredentials { secrets, app_keys: given.app_keys.clone() });
            canonical.push(document::Client { app_keys, ..entry::client(client_id, &settings, entry.enabled, catalogue) });
        }
        self.repeated(&list, "client_id", canonical.iter().map(|client| client.client_id.as_deref()));
        let unnamed = canonical.iter().map(|client| client.client_id.is_none().then_some(client.name.as_str()));
        self.repeated(&list, "name", unnamed);
        (canonical, credentials)
    }

    /// The client's name on the wire: the one in the file, or that of the one client called so.
    fn client_id(&mut self, path: &Path, entry: &document::Client, current: &Current) -> Option<String> {
        if let Some(client_id) = &entry.client_id {
            if let Err(problem) = clients::check_client_id(client_id) {
                self.note(&path.key("client_id"), problem);
            }
            if current.clients.get(client_id).is_some_and(|known| known.client.built_in) {
                self.note(&path.key("client_id"), format!("`{client_id}` is part of Gantry and cannot be changed"));
            }
            return Some(client_id.clone());
        }
        let mut called_so = current.own_clients().map(|known| &known.client).filter(|client| client.name == entry.name);
        let found = called_so.next()?;
        if called_so.next().is_some() {
            self.note(&path.key("name"), "is the name of several clients: give the `client_id` of the one that is meant");
        }
        Some(found.client_id.clone())
    }

    fn client_settings(&mut self, path: &Path, given: &document::Client, catalogue: &Catalogue) -> ClientSettings {
        let (settings, unknown) = entry::client_settings(given, catalogue);
        self.violations(path, &unknown);
        match clients::normalise(settings.clone(), catalogue) {
            Ok(settings) => settings,
            Err(violations) => {
                self.violations(path, &violations);
                settings
            }
        }
    }

    /// The App Keys in their one form.
    fn app_keys(
        &mut self,
        list: &Path,
        entry: &document::Client,
        given: &GivenClient,
        client: &ClientSettings,
        catalogue: &Catalogue,
    ) -> Option<Vec<document::AppKey>> {
        let entries = entry.app_keys.as_ref()?;
        if !entries.is_empty() && !app_keys::may_have_keys(client.kind) {
            self.note(list, "must be left out: a public or native client cannot keep a key");
        }
        if entries.len() > MAX_APP_KEYS {
            self.note(list, "has more than 20 entries");
        }
        let mut canonical = Vec::new();
        for (index, (entry, key)) in entries.iter().zip(&given.app_keys).enumerate() {
            let path = list.index(index);
            if entry.expires_at.as_deref().is_some_and(|text| Timestamp::parse_rfc3339(text).is_none()) {
                self.note(&path.key("expires_at"), "must be an instant such as `2027-01-31` or `2027-01-31T12:00:00Z`");
            }
            if let Some(problem) = key.as_ref().and_then(|key| app_keys::check_brought_key(key).err()) {
                self.note(&path.key("key"), problem);
            }
            let mut settings = entry::app_key_settings(entry);
            match app_keys::normalise(settings.clone(), client, catalogue) {
                Ok(normal) => settings = normal,
                Err(violations) => self.violations(&path, &violations),
            }
            canonical.push(document::AppKey {
                name: settings.name,
                key: None,
                scopes: settings.scopes.iter().map(str::to_owned).collect(),
                expires_at: settings.expires_at.map(Timestamp::to_rfc3339),
            });
        }
        self.repeated(list, "name", canonical.iter().map(|entry| Some(entry.name.as_str())));
        Some(canonical)
    }

    fn secrets(&mut self, path: &Path, given: &GivenClient, uses_secrets: bool) -> Option<Vec<Secret>> {
        let secrets = given.secrets.as_ref()?;
        let field = |index: usize| if given.as_list { path.key("client_secrets").index(index) } else { path.key("client_secret") };
        if given.both {
            self.note(&path.key("client_secrets"), "must be left out where `client_secret` is given");
        }
        if !uses_secrets && !secrets.is_empty() {
            self.note(&field(0), "must be left out: this client does not prove itself by a secret");
        }
        if secrets.len() > MAX_CLIENT_SECRETS {
            self.note(&path.key("client_secrets"), "has more than two entries");
        }
        for (index, secret) in secrets.iter().enumerate() {
            if let Err(problem) = clients::check_brought_secret(secret) {
                self.note(&field(index), problem);
            }
            if secrets.iter().take(index).any(|earlier| earlier.digest() == secret.digest()) {
                self.note(&field(index), "is there twice");
            }
        }
        Some(secrets.clone())
    }
}
