//! What is decided about a tenant, and the way to save it.
//!
//! A form is read over what is there, and one that has not seen the latest version says so. Its suspension is on a page
//! of its own and never moves here.

use actix_web::http::StatusCode;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::id::TenantId;
use gantry_core::tenant::{AppPolicy, SignInRule, Tenant};
use gantry_identity::tenants::{self, TenantSettings};
use gantry_realm_file::entry;
use gantry_views::console::{Choice, Field, FieldKind, Form, Sheet, Text, say};
use serde_json::{Value as Json, json};

use super::super::context::{Answer, Console};
use super::super::form::{ConsoleForm, problems, wrong};
use super::super::shell;
use super::super::stale::{self, Theirs};
use super::code::{self, Call};
use super::summary;
use crate::admin::fingerprint;
use crate::paths::console as at;

pub(super) async fn show(console: Console) -> Answer {
    let tenant = console.tenant()?;
    let mut sheet = sheet(&console, tenant).panel(form(&console, tenant, &TenantSettings::of(tenant))?);
    sheet.as_code = code::of(&console, tenant, |_| (), &Call::Send("PATCH", "", patch(tenant)))?;
    console.show(sheet)
}

pub(super) async fn save(console: Console, sent: ConsoleForm) -> Answer {
    let tenant = console.tenant()?;
    let wanted = read(&sent, tenant);
    match write(&console, tenant.id, &wanted, &sent).await {
        Ok(Written::Done) => console.done(console.path(at::TENANT_SETTINGS, &[]), "tenant-saved"),
        Ok(Written::Stale(current, theirs)) => {
            let sheet = sheet(&console, &current).panel(form(&console, &current, &wanted)?);
            stale::show(&console, &sent, sheet, &theirs, &shown(&wanted))
        }
        // What would loosen a rule of the platform is refused, and what was typed stays (attack catalogue TEN-18).
        Err(Failure::Refused(refusal)) if refusal.code == ErrorCode::Forbidden && !refusal.fields.is_empty() => {
            let sheet = stale::as_seen(&sent, again(&console, tenant, &wanted, &refusal)?);
            shell::render(&console, sheet, StatusCode::FORBIDDEN)
        }
        Err(failure) => stale::show_wrong(&console, &sent, again(&console, tenant, &wanted, &wrong(failure)?)?),
    }
}

fn again(console: &Console, tenant: &Tenant, wanted: &TenantSettings, refusal: &Refusal) -> Result<Sheet, Failure> {
    let form = form(console, tenant, wanted)?.with_problems(Some(summary(refusal)), &problems(refusal));
    Ok(sheet(console, tenant).panel(form))
}

/// What of a tenant the two pages decide, by the names of their fields.
pub(super) fn shown(settings: &TenantSettings) -> Json {
    json!({
        "name": settings.name,
        "sign_in": settings.sign_in.as_str(),
        "max_sign_in_age": settings.max_sign_in_age,
        "password_min_length": settings.password_min_length,
        "app_policy": settings.app_policy.as_str(),
        "accent": settings.branding.accent,
        "welcome": settings.branding.welcome,
    })
}

/// What came of saving.
pub(super) enum Written {
    Done,
    /// Somebody else was faster: this is what stands now.
    Stale(Box<Tenant>, Theirs),
}

/// Writes settings, if the tenant is still the one that the form was filled from.
pub(super) async fn write(console: &Console, id: TenantId, wanted: &TenantSettings, sent: &ConsoleForm) -> Result<Written, Failure> {
    let (actor, now) = (console.actor, console.now()?);
    console
        .transact(async |tx| {
            let current = tenants::find(tx, actor, id).await?;
            if let Some(theirs) = Theirs::unless_seen(sent, version(&current)?, &shown(&TenantSettings::of(&current)))? {
                return Ok(Written::Stale(Box::new(current), theirs));
            }
            tenants::update(tx, actor, id, wanted.clone(), now).await.map(|_| Written::Done)
        })
        .await
}

/// What this page says of the tenant, in the words of the admin API.
fn patch(tenant: &Tenant) -> Json {
    json!({
        "name": tenant.name,
        "sign_in": tenant.sign_in,
        "max_sign_in_age": tenant.max_sign_in_age,
        "password_min_length": tenant.password_min_length,
        "app_policy": tenant.app_policy,
    })
}

/// What a form has seen of a tenant.
pub(super) fn version(tenant: &Tenant) -> Result<String, Failure> {
    Ok(fingerprint(&entry::bare_tenant(tenant))?)
}

fn sheet(console: &Console, tenant: &Tenant) -> Sheet {
    super::sheet(console, tenant, say("tenants-settings")).lead(say("tenants-settings-lead"))
}

fn read(sent: &ConsoleForm, tenant: &Tenant) -> TenantSettings {
    let mut settings = TenantSettings::of(tenant);
    sent.line("name").clone_into(&mut settings.name);
    settings.sign_in = SignInRule::parse(sent.line("sign_in")).unwrap_or(tenant.sign_in);
    settings.app_policy = AppPolicy::parse(sent.line("app_policy")).unwrap_or(tenant.app_policy);
    // What is no number is out of the range, and said so at its field.
    settings.max_sign_in_age = sent.some("max_sign_in_age").map(|text| text.parse().unwrap_or(0));
    settings.password_min_length = sent.some("password_min_length").map(|text| text.parse().unwrap_or(u32::MAX));
    settings
}

fn form(console: &Console, tenant: &Tenant, settings: &TenantSettings) -> Result<Form, Failure> {
    let form = Form::new("tenant", console.path(at::TENANT_SETTINGS, &[]), say("tenants-save")).hidden("seen", version(tenant)?);
    let rules = SignInRule::ALL.iter().map(|one| Choice::new(one.as_str(), rule(*one), *one == settings.sign_in).hint(rule_hint(*one)));
    let policies =
        AppPolicy::ALL.iter().map(|one| Choice::new(one.as_str(), policy(*one), *one == settings.app_policy).hint(policy_hint(*one)));
    let length = FieldKind::Number(settings.password_min_length.map(|length| length.to_string()).unwrap_or_default());
    let least = console.realm.realm.settings.sign_in.password_min_length;
    let hint = say("tenants-password-length-hint").with("least", u64::from(least));
    let age = FieldKind::Number(settings.max_sign_in_age.map(|age| age.to_string()).unwrap_or_default());
    Ok(form
        .field(Field::line("name", say("tenants-name"), &settings.name).hint(say("tenants-name-hint")).required())
        .field(Field::radio("sign_in", say("tenants-sign-in"), rules.collect()))
        .field(Field::new("max_sign_in_age", say("tenants-max-age"), age).hint(say("tenants-max-age-hint")))
        .field(Field::new("password_min_length", say("tenants-password-length"), length).hint(hint))
        .field(Field::radio("app_policy", say("tenants-app-policy"), policies.collect())))
}

/// A sign-in rule in words.
pub(super) const fn rule(rule: SignInRule) -> Text {
    match rule {
        SignInRule::Any => say("tenants-rule-any"),
        SignInRule::Federated => say("tenants-rule-federated"),
        SignInRule::OwnConnection => say("tenants-rule-own"),
    }
}

const fn rule_hint(rule: SignInRule) -> Text {
    match rule {
        SignInRule::Any => say("tenants-rule-any-hint"),
        SignInRule::Federated => say("tenants-rule-federated-hint"),
        SignInRule::OwnConnection => say("tenants-rule-own-hint"),
    }
}

/// An app policy in words.
pub(super) const fn policy(policy: AppPolicy) -> Text {
    match policy {
        AppPolicy::All => say("tenants-policy-all"),
        AppPolicy::Approved => say("tenants-policy-approved"),
        AppPolicy::BlockList => say("tenants-policy-block"),
    }
}

/// What an app policy means.
pub(super) const fn policy_note(of: AppPolicy) -> Text {
    policy_hint(of)
}

const fn policy_hint(policy: AppPolicy) -> Text {
    match policy {
        AppPolicy::All => say("tenants-policy-all-hint"),
        AppPolicy::Approved => say("tenants-policy-approved-hint"),
        AppPolicy::BlockList => say("tenants-policy-block-hint"),
    }
}
