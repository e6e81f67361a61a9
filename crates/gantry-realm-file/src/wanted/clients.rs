//! Checks of clients and their secrets.

use gantry_core::client::MAX_CLIENT_SECRETS;
use gantry_core::secret::Secret;
use gantry_oauth::catalogue::Catalogue;
use gantry_oauth::clients;

use super::Check;
use crate::current::Current;
use crate::document;
use crate::entry;
use crate::problem::Path;
use crate::{GivenClient, RealmFile};

impl Check<'_> {
    /// The clients in their one form, and the secrets of each.
    pub(super) fn clients(
        &mut self,
        file: &RealmFile,
        catalogue: &Catalogue,
        current: &Current,
    ) -> (Vec<document::Client>, Vec<Option<Vec<Secret>>>) {
        let list = Path::default().key("clients");
        let mut canonical = Vec::new();
        let mut secrets = Vec::new();
        for (index, (entry, given)) in file.document.clients.iter().flatten().zip(&file.clients).enumerate() {
            let path = list.index(index);
            let client_id = self.client_id(&path, entry, current);
            let (client, uses_secrets) = self.client(&path, client_id, entry, catalogue);
            secrets.push(self.secrets(&path, given, uses_secrets));
            canonical.push(client);
        }
        self.repeated(&list, "client_id", canonical.iter().map(|client| client.client_id.as_deref()));
        let unnamed = canonical.iter().map(|client| client.client_id.is_none().then_some(client.name.as_str()));
        self.repeated(&list, "name", unnamed);
        (canonical, secrets)
    }

    /// The client's name on the wire: the one in the file, or that of the one client called so.
    fn client_id(&mut self, path: &Path, entry: &document::Client, current: &Current) -> Option<String> {
        if let Some(client_id) = &entry.client_id {
            if let Err(problem) = clients::check_client_id(client_id) {
                self.note(&path.key("client_id"), problem);
            }
            if current.clients.get(client_id).is_some_and(|(client, _)| client.built_in) {
                self.note(&path.key("client_id"), format!("`{client_id}` is part of Gantry and cannot be changed"));
            }
            return Some(client_id.clone());
        }
        let mut called_so = current.own_clients().filter(|client| client.name == entry.name);
        let found = called_so.next()?;
        if called_so.next().is_some() {
            self.note(&path.key("name"), "is the name of several clients: give the `client_id` of the one that is meant");
        }
        Some(found.client_id.clone())
    }

    fn client(
        &mut self,
        path: &Path,
        client_id: Option<String>,
        given: &document::Client,
        catalogue: &Catalogue,
    ) -> (document::Client, bool) {
        let (settings, unknown) = entry::client_settings(given, catalogue);
        self.violations(path, &unknown);
        let settings = match clients::normalise(settings.clone(), catalogue) {
            Ok(settings) => settings,
            Err(violations) => {
                self.violations(path, &violations);
                settings
            }
        };
        (entry::client(client_id, &settings, given.enabled, catalogue), settings.uses_secrets())
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
