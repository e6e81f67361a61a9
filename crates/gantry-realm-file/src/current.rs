//! What a realm is now, in the words of a realm file.
//!
//! Owns reading a realm's records and writing them as a document. Reads only what a file names,
//! unless all is asked for: a realm may have a million people.

use std::collections::{BTreeMap, BTreeSet};

use gantry_connect::credential::credential_expiry;
use gantry_core::app_key::AppKey;
use gantry_core::client::{Client, ClientSecret};
use gantry_core::clock::Timestamp;
use gantry_core::connection::{Connection, ConnectionSecrets};
use gantry_core::email_address::EmailAddress;
use gantry_core::failure::Fault;
use gantry_core::id::{ClientId, ConnectionId, UserId};
use gantry_core::realm::Realm;
use gantry_core::tenant::{Tenant, TenantRole};
use gantry_core::tenant_domain::TenantDomain;
use gantry_core::user::User;
use gantry_oauth::app_keys;
use gantry_oauth::catalogue::Catalogue;
use gantry_oauth::clients::ClientSettings;
use gantry_store::RealmTx;

use crate::document;
use crate::entry;

/// How many rows one query asks for.
const PAGE: u64 = 500;

/// How much of a realm is read.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Reach<'d> {
    /// All of it.
    Whole,
    /// What the file names; with `prune` also what it might remove.
    Named { document: &'d document::Document, prune: bool },
}

/// A realm's records, as far as they were read.
#[derive(Debug, Default)]
pub(crate) struct Current {
    pub(crate) realm: Option<Realm>,
    pub(crate) catalogue: Catalogue,
    pub(crate) connections: Vec<KnownConnection>,
    /// People with a proved address, by it. An account that never proved its address is nobody's yet.
    pub(crate) users: BTreeMap<String, User>,
    pub(crate) tenants: BTreeMap<String, KnownTenant>,
    /// Apps by their name on the wire, built-in ones included.
    pub(crate) clients: BTreeMap<String, KnownClient>,
    pub(crate) installations: Vec<document::Installation>,
    /// All mails that the realm words itself; there are few.
    pub(crate) mail: Vec<document::MailText>,
}

/// A connection with what it proves itself with.
#[derive(Debug)]
pub(crate) struct KnownConnection {
    pub(crate) connection: Connection,
    /// The `org_id` of the tenant that owns it.
    pub(crate) owner: Option<String>,
    pub(crate) secrets: ConnectionSecrets,
}

/// A tenant with what hangs off it.
#[derive(Debug)]
pub(crate) struct KnownTenant {
    pub(crate) tenant: Tenant,
    pub(crate) places: Vec<Place>,
    pub(crate) attachments: Vec<document::Attachment>,
    pub(crate) domains: Vec<TenantDomain>,
}

/// An app with what it proves itself by.
#[derive(Debug)]
pub(crate) struct KnownClient {
    pub(crate) client: Client,
    /// The secrets that work.
    pub(crate) secrets: Vec<ClientSecret>,
    /// All its App Keys.
    pub(crate) app_keys: Vec<AppKey>,
}

/// A person's place in a tenant.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) user_id: UserId,
    pub(crate) email: String,
    pub(crate) role: TenantRole,
    pub(crate) break_glass: bool,
    /// Whether a connection made the person a member.
    pub(crate) joined: bool,
}

impl Current {
    /// The connection of this name.
    pub(crate) fn connection(&self, slug: &str) -> Option<&KnownConnection> {
        self.connections.iter().find(|known| known.connection.slug == slug)
    }

    /// Reads a realm; an empty one if it is not there.
    pub(crate) async fn load(tx: &RealmTx, reach: Reach<'_>, now: Timestamp) -> Result<Self, Fault> {
        let Some(realm) = tx.realms().find().await? else { return Ok(Self::default()) };
        let mut current = Self { realm: Some(realm), catalogue: Catalogue::load(tx).await?, ..Self::default() };
        current.load_users(tx, reach).await?;
        current.load_connections(tx, reach).await?;
        current.load_tenants(tx, reach).await?;
        current.load_clients(tx, reach, now).await?;
        current.load_installations(tx).await?;
        let texts = tx.mail_texts().list().await?;
        current.mail = sorted(texts.iter().map(entry::mail_text), |text| (text.mail.clone(), text.locale.clone()));
        Ok(current)
    }

    async fn load_users(&mut self, tx: &RealmTx, reach: Reach<'_>) -> Result<(), Fault> {
        match reach {
            Reach::Whole => {
                let mut after = None;
                loop {
                    let page = tx.users().list(after, PAGE).await?;
                    let Some(last) = page.last() else { return Ok(()) };
                    after = Some(last.id);
                    let proved = page.into_iter().filter(|user| user.email_verified_at.is_some());
                    self.users.extend(proved.map(|user| (user.email.as_str().to_owned(), user)));
                }
            }
            Reach::Named { document, .. } => {
                let people = document.users.iter().flatten().map(|user| &user.email);
                let members = document.tenants.iter().flatten().flat_map(|tenant| tenant.members.iter().flatten());
                for text in people.chain(members.map(|member| &member.user)) {
                    let Ok(email) = EmailAddress::parse(text) else { continue };
                    if !self.users.contains_key(email.as_str())
                        && let Some(user) = tx.users().find_by_email(&email).await?
                    {
                        self.users.insert(email.as_str().to_owned(), user);
                    }
                }
                Ok(())
            }
        }
    }

    /// The connections of the realm; those of tenants and the secrets only where they matter.
    async fn load_connections(&mut self, tx: &RealmTx, reach: Reach<'_>) -> Result<(), Fault> {
        for connection in tx.connections().list().await? {
            let named = match reach {
                Reach::Whole => true,
                Reach::Named { document, prune } => {
                    prune || document.connections.iter().flatten().any(|entry| entry.slug == connection.slug)
                }
            };
            let owner = match connection.owner {
                Some(owner) => tx.tenants().find(owner).await?.map(|tenant| tenant.org_id),
                None => None,
            };
            let secrets = if named { tx.connections().secrets(connection.id).await? } else { ConnectionSecrets::default() };
            self.connections.push(KnownConnection { connection, owner, secrets });
        }
        Ok(())
    }

    async fn load_tenants(&mut self, tx: &RealmTx, reach: Reach<'_>) -> Result<(), Fault> {
        let mut tenants = Vec::new();
        match reach {
            Reach::Whole => {
                let mut after = None;
                loop {
                    let page = tx.tenants().list(after, PAGE).await?;
                    let Some(last) = page.last() else { break };
                    after = Some(last.id);
                    tenants.extend(page);
                }
            }
            Reach::Named { document, .. } => {
                let entries = document.tenants.iter().flatten().map(|tenant| &tenant.org_id);
                let of_apps = document.installations.iter().flatten().map(|installation| &installation.org_id);
                let of_connections = document.connections.iter().flatten().filter_map(|connection| connection.owner.as_ref());
                let named: BTreeSet<&String> = entries.chain(of_apps).chain(of_connections).collect();
                for org_id in named {
                    tenants.extend(tx.tenants().find_by_org_id(org_id).await?);
                }
            }
        }
        for tenant in tenants {
            let places = self.places(tx, &tenant, reach).await?;
            let attachments = self.attachments(tx, &tenant).await?;
            let domains = tx.tenant_domains().list(tenant.id).await?;
            self.tenants.insert(tenant.org_id.clone(), KnownTenant { tenant, places, attachments, domains });
        }
        Ok(())
    }

    /// The connections that are attached to a tenant, by their names.
    async fn attachments(&self, tx: &RealmTx, tenant: &Tenant) -> Result<Vec<document::Attachment>, Fault> {
        let slug = |id: ConnectionId| self.connections.iter().find(|known| known.connection.id == id).map(|known| &known.connection.slug);
        let attached = tx.attachments().list_of_tenant(tenant.id).await?;
        let entries = attached.iter().filter_map(|one| slug(one.connection_id).map(|slug| entry::attachment(slug, one)));
        Ok(sorted(entries, |attachment| attachment.connection.clone()))
    }

    /// The members of a tenant. Those whom the file does not name matter only where all count.
    async fn places(&self, tx: &RealmTx, tenant: &Tenant, reach: Reach<'_>) -> Result<Vec<Place>, Fault> {
        let all = matches!(reach, Reach::Whole | Reach::Named { prune: true, .. });
        let known: BTreeMap<UserId, &str> = self.users.iter().map(|(email, user)| (user.id, email.as_str())).collect();
        let mut places = Vec::new();
        for membership in tx.memberships().list_for_tenant(tenant.id).await? {
            let email = match known.get(&membership.user_id) {
                Some(email) => (*email).to_owned(),
                None if all => match tx.users().find(membership.user_id).await? {
                    Some(user) if user.email_verified_at.is_some() => user.email.as_str().to_owned(),
                    Some(_) | None => continue,
                },
                None => continue,
            };
            places.push(Place {
                user_id: membership.user_id,
                email,
                role: membership.role,
                break_glass: membership.break_glass,
                joined: membership.connection_id.is_some(),
            });
        }
        places.sort_by(|left, right| left.email.cmp(&right.email));
        Ok(places)
    }

    async fn load_clients(&mut self, tx: &RealmTx, reach: Reach<'_>, now: Timestamp) -> Result<(), Fault> {
        let named = match reach {
            Reach::Whole => None,
            Reach::Named { document, prune } => {
                let clients = document.clients.as_deref().unwrap_or_default();
                let ids: Option<BTreeSet<&str>> = clients.iter().map(|client| client.client_id.as_deref()).collect();
                let of_tenants = document.installations.iter().flatten().map(|installation| installation.client_id.as_str());
                let ids = ids.map(|ids| ids.into_iter().chain(of_tenants).collect::<BTreeSet<_>>());
                // An entry without a `client_id` is found by its name, so all have to be looked at.
                ids.filter(|_| !prune)
            }
        };
        let mut clients = Vec::new();
        if let Some(ids) = named {
            for id in ids {
                clients.extend(tx.clients().find_by_client_id(id).await?);
            }
        } else {
            let mut after = None;
            loop {
                let page = tx.clients().list(after, PAGE).await?;
                let Some(last) = page.last() else { break };
                after = Some(last.id);
                clients.extend(page);
            }
        }
        for client in clients {
            let live = |secret: &ClientSecret| secret.expires_at.is_none_or(|at| at > now);
            let secrets = tx.client_secrets().list(client.id).await?.into_iter().filter(live).collect();
            let app_keys = tx.app_keys().list(client.id).await?;
            self.clients.insert(client.client_id.clone(), KnownClient { client, secrets, app_keys });
        }
        Ok(())
    }

    /// What the tenants that were read decided about the apps that were read.
    async fn load_installations(&mut self, tx: &RealmTx) -> Result<(), Fault> {
        let names: BTreeMap<ClientId, &str> =
            self.clients.values().map(|known| (known.client.id, known.client.client_id.as_str())).collect();
        let mut installations = Vec::new();
        for (org_id, known) in &self.tenants {
            for installation in tx.installations().list_for_tenant(known.tenant.id).await? {
                let Some(client_id) = names.get(&installation.client_id) else { continue };
                let standing = installation.standing;
                installations.push(document::Installation { org_id: org_id.clone(), client_id: (*client_id).to_owned(), standing });
            }
        }
        installations.sort_by(|left, right| (&left.org_id, &left.client_id).cmp(&(&right.org_id, &right.client_id)));
        self.installations = installations;
        Ok(())
    }

    /// The records as a document, in one order whatever order they were made in, without secrets.
    pub(crate) fn document(&self) -> document::Document {
        let of_no_resource = entry::scopes(&self.catalogue, None);
        document::Document {
            realm: self.realm.as_ref().map(entry::realm).unwrap_or_default(),
            resources: Some(entry::resources(&self.catalogue)),
            scopes: Some(of_no_resource),
            connections: Some(self.connections.iter().map(KnownConnection::entry).collect()),
            publishers: Some(sorted(self.catalogue.publishers.iter().map(entry::publisher), |publisher| publisher.slug.clone())),
            users: Some(self.users.values().map(entry::user).collect()),
            tenants: Some(self.tenants.values().map(entry::tenant).collect()),
            clients: Some(self.own_clients().map(|known| self.client_entry(known)).collect()),
            installations: Some(self.installations.clone()),
            mail: Some(self.mail.clone()),
        }
    }

    /// The apps that are not part of Gantry itself.
    pub(crate) fn own_clients(&self) -> impl Iterator<Item = &KnownClient> {
        self.clients.values().filter(|known| !known.client.built_in)
    }

    /// An app as an entry, its App Keys included.
    pub(crate) fn client_entry(&self, known: &KnownClient) -> document::Client {
        let client = &known.client;
        let settings = ClientSettings::of(client);
        let keys: Vec<document::AppKey> = known.app_keys.iter().filter_map(|key| self.app_key_entry(client, key)).collect();
        document::Client {
            app_keys: Some(keys).filter(|keys| !keys.is_empty()),
            ..entry::client(Some(client.client_id.clone()), &settings, client.is_enabled(), &self.catalogue)
        }
    }

    /// An App Key as an entry; none if its client has lost all that it could do.
    pub(crate) fn app_key_entry(&self, client: &Client, key: &AppKey) -> Option<document::AppKey> {
        let scopes = app_keys::scopes_of(&self.catalogue.scopes, client, key);
        (!scopes.is_empty()).then(|| entry::app_key(key, &scopes))
    }
}

impl KnownConnection {
    /// The connection as an entry.
    pub(crate) fn entry(&self) -> document::Connection {
        entry::connection(&self.connection, self.owner.clone(), credential_expiry(&self.secrets))
    }
}

fn sorted<T, K: Ord>(entries: impl Iterator<Item = T>, key: impl Fn(&T) -> K) -> Vec<T> {
    let mut entries: Vec<T> = entries.collect();
    entries.sort_by_key(key);
    entries
}
