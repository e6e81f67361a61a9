//! Admin rules for publishers: the developer teams that own clients.

use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::client::Client;
use gantry_core::clock::Timestamp;
use gantry_core::display_name;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::id::PublisherId;
use gantry_core::paging::{Counted, Find, Page};
use gantry_core::publisher::Publisher;
use gantry_core::realm::is_slug;
use gantry_identity::permission::{self, Action};
use gantry_store::RealmTx;
use serde_json::json;

use crate::violation::{self, Violation};
use crate::website;

/// What somebody decides about a publisher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublisherSettings {
    /// The name that people read.
    pub name: String,
    /// Its site, https.
    pub website: Option<String>,
    /// Whether the platform made sure who it is.
    pub verified: bool,
}

/// A publisher to be made.
#[derive(Debug, Clone)]
pub struct NewPublisher {
    /// The name in realm files, unique in the realm and never changed.
    pub slug: String,
    /// Everything else.
    pub settings: PublisherSettings,
}

/// The stored form of a publisher's settings, or everything that is wrong with them.
pub fn normalise(mut settings: PublisherSettings) -> Result<PublisherSettings, Vec<Violation>> {
    let mut wrong = Vec::new();
    match display_name::parse(&settings.name) {
        Ok(name) => settings.name = name,
        Err(invalid) => wrong.push(Violation::new("name", invalid.to_string())),
    }
    if let Some(problem) = settings.website.as_deref().and_then(|website| website::check(website).err()) {
        wrong.push(Violation::new("website", problem));
    }
    if wrong.is_empty() { Ok(settings) } else { Err(wrong) }
}

/// What is wrong with a publisher's slug.
pub fn check_slug(text: &str) -> Result<(), &'static str> {
    if is_slug(text) { Ok(()) } else { Err("must be 1 to 40 lower-case letters, digits and hyphens") }
}

/// The teams, newest first; those that words or facets find, in the search's order. Facets: `is:verified`, `is:unverified`.
pub async fn list(tx: &RealmTx, actor: Actor, find: &Find) -> Result<Page<Publisher>, Failure> {
    permission::check(actor, Action::ReadClients, tx.realm_id())?;
    Ok(tx.publishers().search(find).await?)
}

/// One of them.
pub async fn find(tx: &RealmTx, actor: Actor, id: PublisherId) -> Result<Publisher, Failure> {
    permission::check(actor, Action::ReadClients, tx.realm_id())?;
    known(tx, id).await
}

/// The clients that stand in the way of its removal, newest first, as many as anybody wants to read.
pub async fn clients_of(tx: &RealmTx, actor: Actor, id: PublisherId) -> Result<(Counted, Vec<Client>), Failure> {
    permission::check(actor, Action::ReadClients, tx.realm_id())?;
    permission::check(actor, Action::ReadClients, tx.realm_id())?;
    let publisher = known(tx, id).await?;
    Ok(crate::clients::some_where(tx, |client| names(client, &publisher)).await?)
}

/// Makes a publisher.
pub async fn register(tx: &RealmTx, actor: Actor, new: NewPublisher, now: Timestamp) -> Result<Publisher, Failure> {
    permission::check(actor, Action::ManageClients, tx.realm_id())?;
    check_slug(&new.slug).map_err(|problem| violation::refusal(&[Violation::new("slug", problem)]))?;
    let settings = normalise(new.settings).map_err(|wrong| violation::refusal(&wrong))?;
    let publisher = Publisher {
        id: PublisherId::new(),
        realm_id: tx.realm_id(),
        slug: new.slug,
        name: settings.name,
        website: settings.website,
        verified_at: settings.verified.then_some(now),
        created_at: now,
    };
    if !tx.publishers().insert(&publisher).await? {
        return Err(Refusal::new(ErrorCode::Conflict, "the slug is in use").detail(publisher.slug).into());
    }
    tx.audit().insert(&audit_line(actor, AuditEvent::Created, &publisher, now).makes(&publisher)).await?;
    Ok(publisher)
}

/// Changes a publisher.
pub async fn update(
    tx: &RealmTx,
    actor: Actor,
    id: PublisherId,
    settings: PublisherSettings,
    now: Timestamp,
) -> Result<Publisher, Failure> {
    permission::check(actor, Action::ManageClients, tx.realm_id())?;
    let before = known(tx, id).await?;
    let settings = normalise(settings).map_err(|wrong| violation::refusal(&wrong))?;
    let verified_at = if settings.verified { before.verified_at.or(Some(now)) } else { None };
    let publisher = Publisher { name: settings.name, website: settings.website, verified_at, ..before.clone() };
    if publisher != before {
        tx.publishers().update(&publisher).await?;
        tx.audit().insert(&audit_line(actor, AuditEvent::Updated, &publisher, now).changes(&before, &publisher)).await?;
    }
    Ok(publisher)
}

/// Removes a publisher that owns no client any more.
pub async fn remove(tx: &RealmTx, actor: Actor, id: PublisherId, now: Timestamp) -> Result<(), Failure> {
    permission::check(actor, Action::ManageClients, tx.realm_id())?;
    let publisher = known(tx, id).await?;
    if let Some(client) = crate::clients::find_where(tx, |client| names(client, &publisher)).await? {
        return Err(Refusal::new(ErrorCode::Conflict, "the publisher still owns a client").detail(client.client_id).into());
    }
    tx.publishers().remove(id).await?;
    tx.audit().insert(&audit_line(actor, AuditEvent::Removed, &publisher, now).takes_away(&publisher)).await?;
    Ok(())
}

async fn known(tx: &RealmTx, id: PublisherId) -> Result<Publisher, Failure> {
    Ok(tx.publishers().find(id).await?.ok_or_else(|| Refusal::new(ErrorCode::NotFound, "there is no such publisher"))?)
}

fn names(client: &Client, publisher: &Publisher) -> bool {
    client.publisher_id == Some(publisher.id)
}

fn audit_line(actor: Actor, event: AuditEvent, publisher: &Publisher, now: Timestamp) -> AuditEntry {
    AuditEntry::new(publisher.realm_id, now, event).by(actor).target(&publisher.id).detail(json!({ "slug": publisher.slug }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_sites_are_checked() {
        let good = PublisherSettings { name: " Load  Co ".to_owned(), website: Some("https://load.example".to_owned()), verified: false };
        assert_eq!(normalise(good.clone()).unwrap().name, "Load Co");
        let fields = |settings| normalise(settings).unwrap_err().into_iter().map(|violation| violation.field).collect::<Vec<_>>();
        assert_eq!(fields(PublisherSettings { name: "Goo\u{200b}gle".to_owned(), ..good.clone() }), ["name"]);
        assert_eq!(fields(PublisherSettings { website: Some("javascript:alert(1)".to_owned()), ..good }), ["website"]);
        assert!(check_slug("load-co").is_ok() && check_slug("Load Co").is_err());
    }
}
