//! Admin rules for tenants: the customer organizations of a realm.
//!
//! Owns the shape of an `org_id` and who may change what. Never says who belongs to one; see
//! [`crate::members`].

use std::ops::RangeInclusive;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::clock::Timestamp;
use gantry_core::display_name;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::id::TenantId;
use gantry_core::secret::random_bytes;
use gantry_core::tenant::{AppPolicy, SignInRule, Tenant};
use gantry_store::RealmTx;

use crate::permission::{self, Action};

/// What a tenant may say of the age of sign-ins, in seconds.
pub const MAX_SIGN_IN_AGES: RangeInclusive<u32> = 60..=31_536_000;

/// A tenant to be made.
#[derive(Debug, Clone)]
pub struct NewTenant {
    /// Its public id; one is generated if none is given.
    pub org_id: Option<String>,
    /// All else.
    pub settings: TenantSettings,
}

/// What may change about a tenant; its `org_id` never does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantSettings {
    /// Its name for people.
    pub name: String,
    /// Which apps its people may use for it.
    pub app_policy: AppPolicy,
    /// The greatest age of a sign-in that its tokens may rest on, in seconds: 60 to 31 536 000.
    pub max_sign_in_age: Option<u32>,
    /// Which sign-ins its tokens may rest on.
    pub sign_in: SignInRule,
    /// Whether nothing for it works.
    pub suspended: bool,
}

/// Makes a tenant.
pub async fn create(tx: &RealmTx, actor: Actor, new: NewTenant, now: Timestamp) -> Result<Tenant, Failure> {
    permission::check(actor, Action::ManageTenants, tx.realm_id())?;
    let org_id = new.org_id.unwrap_or_else(generate_org_id);
    if !is_org_id(&org_id) {
        return Err(Refusal::new(ErrorCode::InvalidRequest, "An `org_id` must be 1 to 64 letters, digits, `_`, `-` or `.`")
            .detail(org_id)
            .into());
    }
    let bare = Tenant {
        id: TenantId::new(),
        realm_id: tx.realm_id(),
        org_id,
        name: String::new(),
        app_policy: AppPolicy::All,
        max_sign_in_age: None,
        sign_in: SignInRule::Any,
        suspended_at: None,
        not_before: None,
        created_at: now,
    };
    let tenant = settled(bare, new.settings, now)?;
    if !tx.tenants().insert(&tenant).await? {
        return Err(Refusal::new(ErrorCode::Conflict, "The `org_id` is or was in use").detail(tenant.org_id).into());
    }
    tx.audit().insert(&AuditEntry::new(tx.realm_id(), now, AuditEvent::Created).by(actor).target(&tenant.id)).await?;
    Ok(tenant)
}

/// Changes a tenant.
pub async fn update(tx: &RealmTx, actor: Actor, id: TenantId, settings: TenantSettings, now: Timestamp) -> Result<Tenant, Failure> {
    permission::check(actor, Action::ManageTenants, tx.realm_id())?;
    let before = tx.tenants().find(id).await?.ok_or_else(no_tenant)?;
    let tenant = settled(before, settings, now)?;
    tx.tenants().update(&tenant).await?;
    tx.audit().insert(&AuditEntry::new(tx.realm_id(), now, AuditEvent::Updated).by(actor).target(&tenant.id)).await?;
    Ok(tenant)
}

/// The tenant with these settings. A suspension ends what was granted for it, for good; so it does
/// for what was on its way when it began, and read the clock a little later.
fn settled(before: Tenant, settings: TenantSettings, now: Timestamp) -> Result<Tenant, Failure> {
    let TenantSettings { name, app_policy, max_sign_in_age, sign_in, suspended } = settings;
    if max_sign_in_age.is_some_and(|age| !MAX_SIGN_IN_AGES.contains(&age)) {
        return Err(Refusal::new(ErrorCode::InvalidRequest, "The greatest age of a sign-in must be 60 to 31536000 seconds").into());
    }
    let not_before = match (before.suspended_at, suspended) {
        (None, true) => Some(now),
        (Some(_), false) => before.not_before.max(Some(now.before_second())),
        (None, false) | (Some(_), true) => before.not_before,
    };
    Ok(Tenant {
        name: checked_name(&name)?,
        app_policy,
        max_sign_in_age,
        sign_in,
        suspended_at: suspended.then_some(before.suspended_at.unwrap_or(now)),
        not_before,
        ..before
    })
}

/// What is said of a tenant that is not there, or not the asker's to know of.
pub(crate) fn no_tenant() -> Failure {
    Refusal::new(ErrorCode::NotFound, "There is no such organization").into()
}

fn checked_name(name: &str) -> Result<String, Failure> {
    let wrong = Refusal::new(ErrorCode::InvalidRequest, "The name must be 1 to 120 visible characters on one line");
    display_name::parse(name).or(Err(wrong.into()))
}

/// Whether a text may be the public id of a tenant.
pub fn is_org_id(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
}

fn generate_org_id() -> String {
    format!("org_{}", URL_SAFE_NO_PAD.encode(random_bytes::<12>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_org_id_is_plain_text() {
        for right in ["acme", "42", "org_aB-9.x", &generate_org_id()] {
            assert!(is_org_id(right), "{right}");
        }
        for wrong in ["", "a b", "a/b", "é", &"x".repeat(65), "a\n"] {
            assert!(!is_org_id(wrong), "{wrong}");
        }
    }
}
