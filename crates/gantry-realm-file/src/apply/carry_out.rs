//! Carrying a plan out: each change by the admin rule that the console uses for it.

use gantry_connect::outbound::Reach;
use gantry_core::actor::Actor;
use gantry_core::clock::Timestamp;
use gantry_core::email_address::EmailAddress;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::id::{ClientId, ClientSecretId, ResourceId};
use gantry_core::mail_text::MailForm;
use gantry_core::secret::Secret;
use gantry_core::user::{Profile, User};
use gantry_identity::connections;
use gantry_identity::installations;
use gantry_identity::mail;
use gantry_identity::password::HashedPassword;
use gantry_identity::realms::{self, RealmChange};
use gantry_identity::users::{self, NewUser, UserChange};
use gantry_oauth::app_keys;
use gantry_oauth::catalogue::Catalogue;
use gantry_oauth::clients::{self, NewClient};
use gantry_oauth::publishers::{self, NewPublisher};
use gantry_oauth::resources::{self, NewResource};
use gantry_oauth::scopes::{self, NewScope};
use gantry_store::RealmTx;

use super::{MadeAppKey, MadeSecret};

use crate::current::Current;
use crate::document;
use crate::entry;
use crate::plan::{AppKeyChange, Change, Item, Kind};
use crate::wanted::{Wanted, realm_name};

mod federation;

/// The work in one transaction.
pub(super) struct Work<'w> {
    pub(super) tx: &'w RealmTx,
    pub(super) actor: Actor,
    pub(super) reach: Reach,
    pub(super) now: Timestamp,
    pub(super) current: &'w Current,
    pub(super) wanted: &'w Wanted,
    pub(super) made: Vec<MadeSecret>,
    pub(super) made_keys: Vec<MadeAppKey>,
}

impl Work<'_> {
    pub(super) async fn carry_out(&mut self, change: Change) -> Result<(), Failure> {
        match change.item {
            Item::Realm(entry) => self.realm(&entry).await,
            Item::Connection { connection, secrets } => self.connection(*connection, secrets).await,
            Item::Attachment { org_id, attachment } => self.attachment(&org_id, &attachment).await,
            Item::Detached { org_id, connection } => self.detach(&org_id, &connection).await,
            Item::Resource(entry) => self.resource(entry).await,
            Item::Scope { resource, scope } => self.scope(resource.as_deref(), scope).await,
            Item::Publisher(entry) => self.publisher(entry).await,
            Item::User { user, password } => self.user(*user, password).await,
            Item::Tenant { tenant, members, domains } => self.tenant(*tenant, members, domains).await,
            Item::Client { client, bring, make, end, app_keys } => {
                let id = self.client(&client).await?;
                self.secrets(id, bring, make, end).await?;
                self.app_keys(id, app_keys).await
            }
            Item::Installation(entry) => self.installation(&entry).await,
            Item::Mail(entry) => self.mail(&entry).await,
            Item::Gone => self.remove(change.kind, &change.name).await,
        }
    }

    async fn realm(&self, entry: &document::Realm) -> Result<(), Failure> {
        let Some(before) = &self.current.realm else { return Ok(()) };
        let change = RealmChange {
            name: realm_name(entry, Some(before)),
            hosts: entry.hosts.clone().unwrap_or_else(|| before.hosts.clone()),
            settings: self.wanted.settings.clone(),
        };
        realms::update(self.tx, self.actor, before.version, change, self.now).await?;
        Ok(())
    }

    async fn resource(&self, entry: document::Resource) -> Result<(), Failure> {
        let settings = entry::resource_settings(&entry);
        match self.current.catalogue.resource_by_audience(&entry.audience) {
            Some(known) => resources::update(self.tx, self.actor, known.id, settings, self.now).await?,
            None => resources::register(self.tx, self.actor, NewResource { audience: entry.audience, settings }, self.now).await?,
        };
        Ok(())
    }

    async fn scope(&self, audience: Option<&str>, entry: document::Scope) -> Result<(), Failure> {
        let resource = match audience {
            Some(audience) => Some(self.resource_id(audience).await?),
            None => None,
        };
        let settings = entry::scope_settings(&entry, resource);
        match self.current.catalogue.scope(&entry.name) {
            Some(known) => scopes::update(self.tx, self.actor, known.id, settings, self.now).await?,
            None => scopes::register(self.tx, self.actor, NewScope { name: entry.name, settings }, self.now).await?,
        };
        Ok(())
    }

    async fn resource_id(&self, audience: &str) -> Result<ResourceId, Failure> {
        let resources = self.tx.resources().list().await?;
        resources.into_iter().find(|resource| resource.audience == audience).map(|resource| resource.id).ok_or_else(gone)
    }

    async fn publisher(&self, entry: document::Publisher) -> Result<(), Failure> {
        let settings = entry::publisher_settings(&entry);
        match self.current.catalogue.publisher_by_slug(&entry.slug) {
            Some(known) => publishers::update(self.tx, self.actor, known.id, settings, self.now).await?,
            None => publishers::register(self.tx, self.actor, NewPublisher { slug: entry.slug, settings }, self.now).await?,
        };
        Ok(())
    }

    async fn user(&self, entry: document::User, password: Option<HashedPassword>) -> Result<(), Failure> {
        let profile = Profile { name: entry.name, ..entry.profile };
        let Some(known) = self.current.users.get(&entry.email) else {
            let email = EmailAddress::parse(&entry.email).or(Err(gone()))?;
            let new = NewUser { email, email_verified: true, profile, roles: entry.roles, password };
            let user = users::create(self.tx, self.actor, new, self.now).await?;
            return self.enable(&user, entry.enabled).await;
        };
        let change = UserChange { profile: Some(profile), roles: Some(entry.roles), ..UserChange::default() };
        let user = users::update(self.tx, self.actor, known.id, change, self.now).await?;
        if let Some(password) = password {
            users::set_password(self.tx, self.actor, known.id, password, self.now).await?;
        }
        self.enable(&user, entry.enabled).await
    }

    async fn enable(&self, user: &User, enabled: bool) -> Result<(), Failure> {
        if user.disabled_at.is_none() != enabled {
            let change = UserChange { disabled: Some(!enabled), ..UserChange::default() };
            users::update(self.tx, self.actor, user.id, change, self.now).await?;
        }
        Ok(())
    }

    async fn installation(&self, entry: &document::Installation) -> Result<(), Failure> {
        let tenant = self.tx.tenants().find_by_org_id(&entry.org_id).await?.ok_or_else(gone)?;
        let client = self.tx.clients().find_by_client_id(&entry.client_id).await?.ok_or_else(gone)?;
        installations::decide(self.tx, self.actor, tenant.id, client.id, entry.standing, self.now).await?;
        Ok(())
    }

    async fn mail(&self, entry: &document::MailText) -> Result<(), Failure> {
        let form = MailForm::parse(&entry.mail).ok_or_else(gone)?;
        mail::put_text(self.tx, self.actor, (form, &entry.locale), &entry.subject, &entry.paragraphs, self.now).await?;
        Ok(())
    }

    async fn client(&self, entry: &document::Client) -> Result<ClientId, Failure> {
        // What is there by now: the file's own resources and publishers have been made.
        let (settings, _) = entry::client_settings(entry, &Catalogue::load(self.tx).await?);
        let known = entry.client_id.as_ref().and_then(|client_id| self.current.clients.get(client_id));
        let client = if let Some(known) = known {
            clients::update(self.tx, self.actor, known.client.id, settings, self.now).await?
        } else {
            let new = NewClient { client_id: entry.client_id.clone(), settings };
            clients::register(self.tx, self.actor, new, self.now).await?
        };
        clients::set_enabled(self.tx, self.actor, client.id, entry.enabled, self.now).await?;
        Ok(client.id)
    }

    async fn secrets(&mut self, client: ClientId, bring: Vec<Secret>, make: bool, end: Vec<ClientSecretId>) -> Result<(), Failure> {
        for secret in end {
            clients::expire_secret(self.tx, self.actor, client, secret, self.now, self.now).await?;
        }
        for secret in bring {
            clients::bring_secret(self.tx, self.actor, client, &secret, self.now).await?;
        }
        if make {
            let (_, secret) = clients::add_secret(self.tx, self.actor, client, self.now).await?;
            let client = self.tx.clients().find(client).await?.ok_or_else(gone)?;
            self.made.push(MadeSecret { name: client.name, client_id: client.client_id, secret });
        }
        Ok(())
    }

    async fn app_keys(&mut self, client: ClientId, changes: Vec<AppKeyChange>) -> Result<(), Failure> {
        for change in changes {
            match change {
                AppKeyChange::Revoke(id) => app_keys::revoke(self.tx, self.actor, client, id, self.now).await?,
                AppKeyChange::Change(id, entry) => {
                    app_keys::update(self.tx, self.actor, client, id, entry::app_key_settings(&entry), self.now).await?;
                }
                AppKeyChange::Add(entry, Some(key)) => {
                    app_keys::bring(self.tx, self.actor, client, entry::app_key_settings(&entry), &key, self.now).await?;
                }
                AppKeyChange::Add(entry, None) => {
                    let (made, key) = app_keys::make(self.tx, self.actor, client, entry::app_key_settings(&entry), self.now).await?;
                    let client = self.tx.clients().find(client).await?.ok_or_else(gone)?;
                    self.made_keys.push(MadeAppKey { client_id: client.client_id, name: made.name, key });
                }
            }
        }
        Ok(())
    }

    async fn remove(&self, kind: Kind, name: &str) -> Result<(), Failure> {
        let catalogue = &self.current.catalogue;
        match kind {
            Kind::Client => {
                let known = self.current.clients.get(name).ok_or_else(gone)?;
                clients::remove(self.tx, self.actor, known.client.id, self.now).await
            }
            Kind::Publisher => {
                let publisher = catalogue.publisher_by_slug(name).ok_or_else(gone)?;
                publishers::remove(self.tx, self.actor, publisher.id, self.now).await
            }
            Kind::Scope => {
                let scope = catalogue.scope(name).ok_or_else(gone)?;
                scopes::remove(self.tx, self.actor, scope.id, self.now).await
            }
            Kind::Resource => {
                let resource = catalogue.resource_by_audience(name).ok_or_else(gone)?;
                resources::remove(self.tx, self.actor, resource.id, self.now).await
            }
            Kind::Connection => {
                let known = self.current.connection(name).ok_or_else(gone)?;
                connections::remove(self.tx, self.actor, known.connection.id, self.now).await
            }
            Kind::Mail => {
                let known = self.current.mail.iter().find(|known| known.name() == name).ok_or_else(gone)?;
                let form = MailForm::parse(&known.mail).ok_or_else(gone)?;
                mail::reset_text(self.tx, self.actor, form, &known.locale, self.now).await
            }
            Kind::Realm | Kind::User | Kind::Tenant | Kind::Attachment | Kind::Installation => Err(gone()),
        }
    }
}

/// Somebody else removed what the plan counted on.
fn gone() -> Failure {
    Refusal::new(ErrorCode::Conflict, "somebody else changed the realm meanwhile; apply the file again").into()
}
