//! Admin rules for realms: making one and changing what it decides about itself.
//!
//! Owns the checks of a realm's record. Never makes its signing keys: provisioning does, see
//! `gantry_oauth::provision`.

mod standing;

use gantry_core::actor::Actor;
use gantry_core::address::PublicUrl;
use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::clock::Timestamp;
use gantry_core::connection::{Connection, ConnectionSettings};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::display_name;
use gantry_core::email_address::EmailAddress;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Fault, Refusal};
use gantry_core::fixed_word::{UNREACHABLE, is_reachable};
use gantry_core::id::ConnectionId;
use gantry_core::realm::{InvalidSetting, Realm, RealmSettings, SYSTEM_REALM, is_slug};
use gantry_store::RealmTx;
use url::Url;

pub use self::standing::{figures, list, read, set_enabled};
use crate::permission::{self, Action};

/// A realm to be made.
#[derive(Debug, Clone)]
pub struct NewRealm {
    /// Its name in URLs.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// Hosts of its own, as `scheme://host[:port]`.
    pub hosts: Vec<String>,
    /// What it decides about itself.
    pub settings: RealmSettings,
}

/// What may change about a realm; its slug never does.
#[derive(Debug, Clone)]
pub struct RealmChange {
    /// Its name for people.
    pub name: String,
    /// Hosts of its own.
    pub hosts: Vec<String>,
    /// What it decides about itself.
    pub settings: RealmSettings,
}

/// Makes a realm with its password connection, under the id that the handle is for.
pub async fn create(tx: &RealmTx, actor: Actor, new: NewRealm, now: Timestamp) -> Result<Realm, Failure> {
    permission::check(actor, Action::CreateRealm, tx.realm_id())?;
    if !is_slug(&new.slug) {
        return Err(wrong_field("slug", "must be 1 to 40 lower-case letters, digits and hyphens"));
    }
    if new.slug == SYSTEM_REALM && actor != Actor::System {
        return Err(wrong_field("slug", "must not be `system`, which is the operators' realm"));
    }
    if !is_reachable(&new.slug) {
        return Err(wrong_field("slug", UNREACHABLE));
    }
    let realm = Realm {
        id: tx.realm_id(),
        slug: new.slug,
        name: checked_name(&new.name)?,
        hosts: checked_hosts(new.hosts)?,
        settings: checked_settings(new.settings)?,
        version: 1,
        created_at: now,
        not_before: None,
        disabled_at: None,
    };
    if !tx.realms().insert(&realm).await? {
        return Err(Refusal::new(ErrorCode::Conflict, "The slug or a host belongs to another realm").detail(realm.slug).into());
    }
    tx.connections().insert(&password_connection(&realm, now)).await?;
    tx.audit().insert(&AuditEntry::new(realm.id, now, AuditEvent::Created).by(actor).target(&realm.id).makes(&realm)).await?;
    Ok(realm)
}

/// Changes a realm that was read at `version`; refuses if it has changed since.
pub async fn update(tx: &RealmTx, actor: Actor, version: i64, change: RealmChange, now: Timestamp) -> Result<Realm, Failure> {
    permission::check(actor, Action::ManageRealm, tx.realm_id())?;
    let before = find(tx).await?;
    let hosts = checked_hosts(change.hosts)?;
    if hosts != before.hosts {
        permission::check(actor, Action::CreateRealm, tx.realm_id())?;
    }
    let mut realm =
        Realm { version, name: checked_name(&change.name)?, hosts, settings: checked_settings(change.settings)?, ..before.clone() };
    if !tx.realms().update(&realm).await? {
        return Err(Refusal::new(ErrorCode::Conflict, "Somebody else changed the realm meanwhile").into());
    }
    realm.version = version.saturating_add(1);
    let line = AuditEntry::new(realm.id, now, AuditEvent::Updated).by(actor).target(&realm.id);
    tx.audit().insert(&line.changes(&before, &realm)).await?;
    Ok(realm)
}

/// Ends every token, grant and refresh family of a realm that was issued until now, and the codes
/// that were to become some. Sessions stay, and so do consents: people sign in to their apps anew.
pub async fn revoke_issued(tx: &RealmTx, actor: Actor, now: Timestamp) -> Result<(), Failure> {
    permission::check(actor, Action::ManageRealm, tx.realm_id())?;
    if !tx.realms().revoke_before(now).await? {
        return Err(Refusal::new(ErrorCode::NotFound, "There is nothing here").into());
    }
    let line = AuditEntry::new(tx.realm_id(), now, AuditEvent::Revoked).by(actor).target(&tx.realm_id()).reason("all_of_the_realm");
    Ok(tx.audit().insert(&line).await?)
}

/// The realm that a handle is for.
pub(crate) async fn find(tx: &RealmTx) -> Result<Realm, Fault> {
    tx.realms().find().await?.ok_or_else(|| Fault::new(format!("the realm {} is not there", tx.realm_id())))
}

fn password_connection(realm: &Realm, now: Timestamp) -> Connection {
    Connection {
        id: ConnectionId::new(),
        realm_id: realm.id,
        slug: "password".to_owned(),
        name: "Password".to_owned(),
        kind: ConnectorKind::Password,
        owner: None,
        settings: ConnectionSettings::default(),
        credential_expires_at: None,
        not_before: None,
        disabled_at: None,
        created_at: now,
    }
}

fn wrong_field(field: &'static str, problem: &'static str) -> Failure {
    Refusal::new(ErrorCode::InvalidRequest, "The realm cannot be like this")
        .detail(format!("`{field}` {problem}"))
        .field(field, problem)
        .into()
}

fn checked_name(name: &str) -> Result<String, Failure> {
    display_name::parse(name).or(Err(wrong_field("name", "must be 1 to 120 visible characters on one line")))
}

/// Hosts are compared as text with what the browser sent, so only the canonical spelling will do.
pub fn checked_hosts(hosts: Vec<String>) -> Result<Vec<String>, Failure> {
    for (index, host) in hosts.iter().enumerate() {
        let canonical = PublicUrl::parse(host).is_ok_and(|url| url.as_str() == host);
        if !canonical || hosts.iter().skip(index + 1).any(|other| other == host) {
            let problem = "must be `https://host[:port]` each, in lower case and named once";
            return Err(Refusal::new(ErrorCode::InvalidRequest, "A host must be `https://host[:port]`, in lower case and named once")
                .detail(host.clone())
                .field("hosts", problem)
                .into());
        }
    }
    Ok(hosts)
}

/// The stored form of a realm's settings, unless one is out of its range.
pub fn checked_settings(mut settings: RealmSettings) -> Result<RealmSettings, Failure> {
    let wrong = settings.check();
    if !wrong.is_empty() {
        let detail = wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        let refusal = Refusal::new(ErrorCode::InvalidRequest, "A setting is out of its range").detail(detail);
        let named = |refusal: Refusal, wrong: &InvalidSetting| refusal.field(wrong.setting, format!("must be {}", wrong.expected));
        return Err(wrong.iter().fold(refusal, named).into());
    }
    let branding = &mut settings.branding;
    if let Some(welcome) = &branding.welcome {
        let welcome = display_name::parse(welcome)
            .or(Err(wrong_field("branding.welcome", "must be a sentence of at most 120 visible characters on one line")))?;
        branding.welcome = Some(welcome);
    }
    if branding.support_contact.as_deref().is_some_and(|contact| !is_contact(contact)) {
        return Err(wrong_field("branding.support_contact", "must be an e-mail address or an https URL"));
    }
    Ok(settings)
}

fn is_contact(text: &str) -> bool {
    EmailAddress::parse(text).is_ok() || (text.len() <= 500 && Url::parse(text).is_ok_and(|url| url.scheme() == "https"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_have_one_spelling() {
        let checked = |hosts: &[&str]| checked_hosts(hosts.iter().map(|host| (*host).to_owned()).collect()).is_ok();
        assert!(checked(&["https://id.example", "http://localhost:8081"]));
        for wrong in [&["https://id.example/"][..], &["https://ID.example"], &["id.example"], &["https://a.example", "https://a.example"]] {
            assert!(!checked(wrong), "{wrong:?}");
        }
    }

    #[test]
    fn settings_are_checked_as_a_whole() {
        let mut settings = RealmSettings::default();
        assert!(checked_settings(settings.clone()).is_ok());
        settings.branding.support_contact = Some("javascript:alert(1)".to_owned());
        assert!(checked_settings(settings.clone()).is_err());
        settings.branding.support_contact = Some("help@example.com".to_owned());
        settings.tokens.access_lifetime = 1;
        assert!(checked_settings(settings).is_err());
    }
}
