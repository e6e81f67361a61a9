//! Tenants with their members and domains, connections, and where those are offered.

use gantry_core::clock::Timestamp;
use gantry_core::email_address::EmailAddress;
use gantry_core::failure::Failure;
use gantry_core::id::{ConnectionId, TenantId};
use gantry_identity::connections::{self, ConnectionChange, GivenSecrets, NewConnection};
use gantry_identity::tenants::{self, NewTenant};
use gantry_identity::{domains, members};

use super::{Work, gone};
use crate::document;
use crate::entry;
use crate::plan::{DomainChange, MemberChange};

impl Work<'_> {
    pub(super) async fn connection(&self, entry: document::Connection, secrets: GivenSecrets) -> Result<(), Failure> {
        let details = ConnectionChange {
            name: entry.name,
            enabled: entry.enabled,
            settings: entry.settings,
            secrets,
            client_secret_expires_at: entry.client_secret_expires_at.as_deref().and_then(Timestamp::parse_rfc3339),
        };
        if let Some(known) = self.current.connection(&entry.slug) {
            connections::update(self.tx, self.actor, known.connection.id, details, self.reach, self.now).await?;
            return Ok(());
        }
        let owner = match &entry.owner {
            Some(org_id) => Some(self.tenant_id(org_id).await?),
            None => None,
        };
        let new = NewConnection { slug: entry.slug, kind: entry.kind, owner, details };
        connections::create(self.tx, self.actor, new, self.reach, self.now).await?;
        Ok(())
    }

    pub(super) async fn attachment(&self, org_id: &str, entry: &document::Attachment) -> Result<(), Failure> {
        let (connection, tenant) = (self.connection_id(&entry.connection).await?, self.tenant_id(org_id).await?);
        connections::attach(self.tx, self.actor, connection, tenant, entry::attachment_settings(entry), self.now).await?;
        Ok(())
    }

    pub(super) async fn detach(&self, org_id: &str, connection: &str) -> Result<(), Failure> {
        let (connection, tenant) = (self.connection_id(connection).await?, self.tenant_id(org_id).await?);
        connections::detach(self.tx, self.actor, connection, tenant, self.now).await
    }

    async fn connection_id(&self, slug: &str) -> Result<ConnectionId, Failure> {
        Ok(self.tx.connections().find_by_slug(slug).await?.ok_or_else(gone)?.id)
    }

    async fn tenant_id(&self, org_id: &str) -> Result<TenantId, Failure> {
        Ok(self.tx.tenants().find_by_org_id(org_id).await?.ok_or_else(gone)?.id)
    }

    pub(super) async fn tenant(
        &self,
        entry: document::Tenant,
        members: Vec<MemberChange>,
        domains: Vec<DomainChange>,
    ) -> Result<(), Failure> {
        let known = self.current.tenants.get(&entry.org_id);
        let before = if let Some(known) = known {
            known.tenant.clone()
        } else {
            let new = NewTenant { org_id: Some(entry.org_id.clone()), settings: entry::tenant_settings(&entry) };
            tenants::create(self.tx, self.actor, new, self.now).await?
        };
        let settings = entry::tenant_settings(&entry);
        if entry::tenant_settings(&entry::bare_tenant(&before)) != settings {
            tenants::update(self.tx, self.actor, before.id, settings, self.now).await?;
        }
        for change in domains {
            self.domain(before.id, change).await?;
        }
        for member in members {
            let place = known.and_then(|known| known.places.iter().find(|place| place.email == member.email));
            match (member.place, place) {
                (Some(place), _) => {
                    let email = EmailAddress::parse(&member.email).or(Err(gone()))?;
                    let user = self.tx.users().find_by_email(&email).await?.ok_or_else(gone)?;
                    members::put(self.tx, self.actor, before.id, user.id, place, self.now).await?;
                }
                (None, Some(place)) => members::remove(self.tx, self.actor, before.id, place.user_id, self.now).await?,
                (None, None) => {}
            }
        }
        Ok(())
    }

    async fn domain(&self, tenant: TenantId, change: DomainChange) -> Result<(), Failure> {
        match change {
            DomainChange::Claim(domain) => drop(domains::claim(self.tx, self.actor, tenant, &domain, self.now).await?),
            DomainChange::Vouch(domain) => {
                let known = self.tx.tenant_domains().list(tenant).await?.into_iter().find(|known| known.domain == domain);
                let claimed = match known {
                    Some(known) => known,
                    None => domains::claim(self.tx, self.actor, tenant, &domain, self.now).await?,
                };
                domains::vouch(self.tx, self.actor, claimed.id, self.now).await?;
            }
            DomainChange::Remove(id) => domains::remove(self.tx, self.actor, id, self.now).await?,
        }
        Ok(())
    }
}
