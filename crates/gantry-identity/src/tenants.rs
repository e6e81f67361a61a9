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
use gantry_core::failure::{Failure, FieldProblem, Refusal};
use gantry_core::fixed_word::{UNREACHABLE, is_reachable};
use gantry_core::id::TenantId;
use gantry_core::paging::{Find, Page};
use gantry_core::realm::is_colour;
use gantry_core::secret::random_bytes;
use gantry_core::tenant::{AppPolicy, SignInRule, Tenant, TenantBranding};
use gantry_store::RealmTx;
use serde_json::json;

use crate::permission::{self, Action, TenantAction};
use crate::realms;

/// What a tenant may say of the age of sign-ins, in seconds.
pub const MAX_SIGN_IN_AGES: RangeInclusive<u32> = 60..=31_536_000;
/// What a tenant may say of the length of passwords, as far as its realm does not ask for more.
pub const PASSWORD_MIN_LENGTHS: RangeInclusive<u32> = 8..=64;

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
    /// The least length of a password that its members choose: not less than the realm's, at most 64.
    pub password_min_length: Option<u32>,
    /// Which sign-ins its tokens may rest on.
    pub sign_in: SignInRule,
    /// How its own pages and mails look.
    pub branding: TenantBranding,
    /// Whether nothing for it works; none: that stays as it is. Only those who administer the realm decide it.
    pub suspended: Option<bool>,
}

impl TenantSettings {
    /// What a tenant's settings are, its suspension left alone: what a form begins with.
    pub fn of(tenant: &Tenant) -> Self {
        Self {
            name: tenant.name.clone(),
            app_policy: tenant.app_policy,
            max_sign_in_age: tenant.max_sign_in_age,
            password_min_length: tenant.password_min_length,
            sign_in: tenant.sign_in,
            branding: tenant.branding.clone(),
            suspended: None,
        }
    }
}

/// Makes a tenant.
pub async fn create(tx: &RealmTx, actor: Actor, new: NewTenant, now: Timestamp) -> Result<Tenant, Failure> {
    permission::check(actor, Action::ManageTenants, tx.realm_id())?;
    let org_id = new.org_id.unwrap_or_else(generate_org_id);
    if !is_org_id(&org_id) {
        return Err(Refusal::new(ErrorCode::InvalidRequest, "An `org_id` must be 1 to 64 letters, digits, `_`, `-` or `.`")
            .field("org_id", "must be 1 to 64 letters, digits, `_`, `-` or `.`")
            .detail(org_id)
            .into());
    }
    if !is_reachable(&org_id) {
        let wrong = Refusal::new(ErrorCode::InvalidRequest, "No address could lead to an organization of this `org_id`");
        return Err(wrong.field("org_id", UNREACHABLE).detail(org_id).into());
    }
    let bare = Tenant {
        id: TenantId::new(),
        realm_id: tx.realm_id(),
        org_id,
        name: String::new(),
        app_policy: AppPolicy::All,
        max_sign_in_age: None,
        password_min_length: None,
        sign_in: SignInRule::Any,
        branding: TenantBranding::default(),
        suspended_at: None,
        not_before: None,
        created_at: now,
    };
    only_tighter(tx, actor, None, new.settings.password_min_length).await?;
    let tenant = settled(bare, new.settings, now)?;
    if !tx.tenants().insert(&tenant).await? {
        let taken = Refusal::new(ErrorCode::Conflict, "The `org_id` is or was in use").field("org_id", "is or was in use");
        return Err(taken.detail(tenant.org_id).into());
    }
    tx.audit()
        .insert(&AuditEntry::new(tx.realm_id(), now, AuditEvent::Created).by(actor).target(&tenant.id).tenant(tenant.id).makes(&tenant))
        .await?;
    Ok(tenant)
}

/// Changes a tenant. Its own admins change all but its suspension. The row is held, so that a change that read it
/// before it was suspended does not end the suspension.
pub async fn update(tx: &RealmTx, actor: Actor, id: TenantId, settings: TenantSettings, now: Timestamp) -> Result<Tenant, Failure> {
    permission::check_tenant(actor, TenantAction::Manage, tx.realm_id(), id)?;
    let before = tx.tenants().hold(id).await?.ok_or_else(no_tenant)?;
    let was_suspended = before.suspended_at.is_some();
    let moves = settings.suspended.is_some_and(|suspended| suspended != was_suspended);
    if moves && actor.tenant().is_some() {
        return Err(Refusal::new(ErrorCode::Forbidden, "Only an admin of the platform suspends an organization, or ends that").into());
    }
    only_tighter(tx, actor, before.password_min_length, settings.password_min_length).await?;
    let tenant = settled(before.clone(), settings, now)?;
    tx.tenants().update(&tenant).await?;
    let line =
        AuditEntry::new(tx.realm_id(), now, AuditEvent::Updated).by(actor).target(&tenant.id).tenant(tenant.id).changes(&before, &tenant);
    let line = if moves { line.detail(json!({ "suspended": !was_suspended })) } else { line };
    tx.audit().insert(&line).await?;
    Ok(tenant)
}

/// A tenant asks for no less than its realm does (attack catalogue TEN-18). What stood before the realm asked for more may
/// stay, and a realm file may bring both: the longer length counts, see [`Tenant::password_least`].
async fn only_tighter(tx: &RealmTx, actor: Actor, before: Option<u32>, wanted: Option<u32>) -> Result<(), Failure> {
    let Some(wanted) = wanted.filter(|wanted| before != Some(*wanted)) else { return Ok(()) };
    if matches!(actor, Actor::System | Actor::CommandLine) {
        return Ok(());
    }
    let least = realms::find(tx).await?.settings.sign_in.password_min_length;
    if wanted >= least {
        return Ok(());
    }
    let text = "An organization asks for passwords at least as long as the platform does";
    Err(Refusal::new(ErrorCode::Forbidden, text).field("password_min_length", format!("must not be less than {least}")).into())
}

/// Suspends a tenant, or ends that. What was granted for it is dead for good.
pub async fn suspend(tx: &RealmTx, actor: Actor, id: TenantId, suspended: bool, now: Timestamp) -> Result<Tenant, Failure> {
    permission::check(actor, Action::ManageTenants, tx.realm_id())?;
    let before = tx.tenants().hold(id).await?.ok_or_else(no_tenant)?;
    update(tx, actor, id, TenantSettings { suspended: Some(suspended), ..TenantSettings::of(&before) }, now).await
}

/// The tenant with these settings. A suspension ends what was granted for it, for good; so it does
/// for what was on its way when it began, and read the clock a little later.
fn settled(before: Tenant, settings: TenantSettings, now: Timestamp) -> Result<Tenant, Failure> {
    let TenantSettings { name, app_policy, max_sign_in_age, password_min_length, sign_in, branding, suspended } = settings;
    let suspended = suspended.unwrap_or(before.suspended_at.is_some());
    let not_before = match (before.suspended_at, suspended) {
        (None, true) => Some(now),
        (Some(_), false) => before.not_before.max(Some(now.before_second())),
        (None, false) | (Some(_), true) => before.not_before,
    };
    let (name, branding) = checked(&name, max_sign_in_age, password_min_length, branding)?;
    let suspended_at = suspended.then_some(before.suspended_at.unwrap_or(now));
    Ok(Tenant { name, app_policy, max_sign_in_age, password_min_length, sign_in, branding, suspended_at, not_before, ..before })
}

/// The stored form of what people typed, or everything that is wrong with it.
fn checked(
    name: &str,
    max_sign_in_age: Option<u32>,
    password_min_length: Option<u32>,
    branding: TenantBranding,
) -> Result<(String, TenantBranding), Refusal> {
    let mut wrong = Refusal::new(ErrorCode::InvalidRequest, "A setting of the organization will not do");
    let name = display_name::parse(name).unwrap_or_else(|problem| {
        wrong.fields.push(FieldProblem { field: "name".to_owned(), index: None, problem: problem.to_string() });
        String::new()
    });
    if max_sign_in_age.is_some_and(|age| !MAX_SIGN_IN_AGES.contains(&age)) {
        wrong = wrong.field("max_sign_in_age", "must be 60 to 31536000 seconds");
    }
    if password_min_length.is_some_and(|length| !PASSWORD_MIN_LENGTHS.contains(&length)) {
        wrong = wrong.field("password_min_length", "must be 8 to 64 characters");
    }
    if !branding.accent.as_deref().is_none_or(is_colour) {
        wrong = wrong.field("branding.accent", "must be a colour such as `#1d4ed8`");
    }
    let welcome = branding.welcome.as_deref().map(display_name::parse).transpose().unwrap_or_else(|problem| {
        wrong.fields.push(FieldProblem { field: "branding.welcome".to_owned(), index: None, problem: problem.to_string() });
        None
    });
    if wrong.fields.is_empty() {
        return Ok((name, TenantBranding { accent: branding.accent.map(|accent| accent.to_ascii_lowercase()), welcome }));
    }
    let said: Vec<String> = wrong.fields.iter().map(|field| format!("`{}` {}", field.field, field.problem)).collect();
    Err(wrong.detail(said.join("; ")))
}

/// The tenants of a realm by their words; without words newest first.
pub async fn list(tx: &RealmTx, actor: Actor, find: &Find) -> Result<Page<Tenant>, Failure> {
    permission::check(actor, Action::ReadTenants, tx.realm_id())?;
    Ok(tx.tenants().search(find).await?)
}

/// The tenant with this key.
pub async fn find(tx: &RealmTx, actor: Actor, id: TenantId) -> Result<Tenant, Failure> {
    permission::check_tenant(actor, TenantAction::Read, tx.realm_id(), id)?;
    tx.tenants().find(id).await?.ok_or_else(no_tenant)
}

/// The tenant with this public id. To a tenant's admin every other looks like none at all (attack catalogue §0.7).
pub async fn find_by_org_id(tx: &RealmTx, actor: Actor, org_id: &str) -> Result<Tenant, Failure> {
    let Some(own) = actor.tenant() else {
        permission::check(actor, Action::ReadTenants, tx.realm_id())?;
        return tx.tenants().find_by_org_id(org_id).await?.ok_or_else(no_tenant);
    };
    let found = tx.tenants().find_by_org_id(org_id).await?.filter(|tenant| tenant.id == own).ok_or_else(no_tenant)?;
    permission::check_tenant(actor, TenantAction::Read, tx.realm_id(), found.id)?;
    Ok(found)
}

/// What is said of a tenant that is not there, or not the asker's to know of.
pub(crate) fn no_tenant() -> Failure {
    Refusal::new(ErrorCode::NotFound, "There is no such organization").into()
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
