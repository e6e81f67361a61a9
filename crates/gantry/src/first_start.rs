//! What an empty database needs before anybody can use it: two realms and a way in for the first operator.
//!
//! No account and no secret is there by default; the link that makes the first operator works once,
//! for an hour (attack catalogue BRU-15). Also notices a master key that is not this database's.

use gantry_core::actor::Actor;
use gantry_core::address::PublicUrl;
use gantry_core::clock::Timestamp;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Fault};
use gantry_core::realm::{DEFAULT_REALM, Realm, RealmSettings, SYSTEM_REALM};
use gantry_core::secret::Secret;
use gantry_identity::Identity;
use gantry_identity::realms::NewRealm;
use gantry_store::Store;

/// The link with which the first operator makes their account. Shown once, to whoever started the
/// server; never logged.
#[derive(Debug, Clone)]
pub struct OperatorLink(Secret);

impl OperatorLink {
    /// The whole URL.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

/// Makes what is missing. The link is returned by the start that made the realm of the operators.
pub async fn ensure(store: &Store, identity: &Identity, public_url: &PublicUrl, now: Timestamp) -> Result<Option<OperatorLink>, Failure> {
    let system = store.platform().realm_by_slug(SYSTEM_REALM).await?;
    if let Some(system) = &system {
        check_master_key(store, system).await?;
    }
    if store.platform().realm_by_slug(DEFAULT_REALM).await?.is_none() {
        make(store, DEFAULT_REALM, "Gantry", now).await?;
    }
    if system.is_some() {
        return Ok(None);
    }
    match make(store, SYSTEM_REALM, "Gantry operators", now).await? {
        Some(system) => operator_link(identity, &system, public_url).await,
        None => Ok(None),
    }
}

/// A fresh link in place of all earlier ones; none once there is an operator.
pub async fn operator_link(identity: &Identity, system: &Realm, public_url: &PublicUrl) -> Result<Option<OperatorLink>, Failure> {
    let page = public_url.address_of(system).url(gantry_web::paths::FIRST_OPERATOR);
    let token = identity.first_operator_link(system.id).await?;
    Ok(token.map(|token| OperatorLink(Secret::new(format!("{page}?token={}", token.expose())))))
}

/// Makes a realm; `None` if another node was faster.
async fn make(store: &Store, slug: &str, name: &str, now: Timestamp) -> Result<Option<Realm>, Failure> {
    let new = NewRealm { slug: slug.to_owned(), name: name.to_owned(), hosts: Vec::new(), settings: RealmSettings::default() };
    match gantry_oauth::provision::provision(store, new, Actor::System, now).await {
        Ok(realm) => Ok(Some(realm)),
        Err(Failure::Refused(refusal)) if refusal.code == ErrorCode::Conflict => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// The operators' signing keys were sealed when the database was new, so the right key opens them.
pub(crate) async fn check_master_key(store: &Store, system: &Realm) -> Result<(), Fault> {
    match store.read(system.id).signing_keys().list().await {
        Ok(_) => Ok(()),
        Err(fault) if fault.is_unavailable() => Err(fault),
        Err(fault) => Err(Fault::caused("the master key is not the one that this database was sealed with", fault)),
    }
}
