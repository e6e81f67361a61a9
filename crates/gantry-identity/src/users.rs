//! Admin rules for people: making, changing, disabling and removing them.
//!
//! Owns what an account may look like and what falls with it. Never serves the person themself; see
//! [`crate::account`], [`crate::sign_up`] and [`crate::recovery`].

use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::clock::Timestamp;
use gantry_core::display_name;
use gantry_core::email_address::EmailAddress;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::id::UserId;
use gantry_core::paging::{Find, Page};
use gantry_core::realm::SYSTEM_REALM;
use gantry_core::user::{PasswordCredential, Profile, RealmRole, User};
use gantry_store::RealmTx;
use serde_json::json;
use url::Url;

use crate::password::HashedPassword;
use crate::permission::{self, Action};
use crate::realms;

/// The most characters of a profile field.
const MAX_FIELD: usize = 500;

/// A person to be made by an admin, the command line or a realm file.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// The address.
    pub email: EmailAddress,
    /// Whether the admin vouches for it. Without that nobody signs in with it.
    pub email_verified: bool,
    /// Standard claims.
    pub profile: Profile,
    /// What the person may administer.
    pub roles: Vec<RealmRole>,
    /// The password, hashed before the transaction.
    pub password: Option<HashedPassword>,
}

/// What an admin changes about a person; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct UserChange {
    /// Another address.
    pub email: Option<EmailAddress>,
    /// Whether the admin vouches for the address.
    pub email_verified: Option<bool>,
    /// Standard claims, all of them.
    pub profile: Option<Profile>,
    /// What the person may administer.
    pub roles: Option<Vec<RealmRole>>,
    /// Switched off, or on again.
    pub disabled: Option<bool>,
}

/// People who are looked for; without words and properties all of them, newest first.
pub async fn list(tx: &RealmTx, actor: Actor, find: &Find) -> Result<Page<User>, Failure> {
    permission::check(actor, Action::ReadUsers, tx.realm_id())?;
    Ok(tx.users().search(find).await?)
}

/// A person.
pub async fn find(tx: &RealmTx, actor: Actor, id: UserId) -> Result<User, Failure> {
    permission::check(actor, Action::ReadUsers, tx.realm_id())?;
    tx.users().find(id).await?.ok_or_else(no_user)
}

/// Makes a person.
pub async fn create(tx: &RealmTx, actor: Actor, new: NewUser, now: Timestamp) -> Result<User, Failure> {
    permission::check(actor, Action::ManageUsers, tx.realm_id())?;
    check_roles(tx, actor, &[], &new.roles).await?;
    let user = User {
        id: UserId::new(),
        realm_id: tx.realm_id(),
        email: new.email,
        email_verified_at: new.email_verified.then_some(now),
        profile: checked_profile(new.profile)?,
        roles: new.roles,
        disabled_at: None,
        created_at: now,
        updated_at: now,
    };
    if !tx.users().insert(&user).await? {
        return Err(address_taken());
    }
    if let Some(password) = new.password {
        permission::check(actor, Action::SetPassword, tx.realm_id())?;
        put_password(tx, user.id, password, now).await?;
    }
    if user.email_verified_at.is_some() {
        remove_unverified_rivals(tx, &user).await?;
    }
    tx.audit().insert(&line(tx, actor, AuditEvent::Created, &user, now).makes(&user)).await?;
    Ok(user)
}

/// Changes a person. Disabling ends their sessions and everything they allowed; another address
/// makes their links void.
pub async fn update(tx: &RealmTx, actor: Actor, id: UserId, change: UserChange, now: Timestamp) -> Result<User, Failure> {
    permission::check(actor, Action::ManageUsers, tx.realm_id())?;
    let before = tx.users().find(id).await?.ok_or_else(no_user)?;
    check_reach(tx, actor, &before, &change).await?;
    let mut user = before.clone();
    if let Some(email) = change.email {
        user.email_verified_at = user.email_verified_at.filter(|_| email == user.email);
        user.email = email;
    }
    if let Some(verified) = change.email_verified {
        user.email_verified_at = if verified { user.email_verified_at.or(Some(now)) } else { None };
    }
    if let Some(profile) = change.profile {
        user.profile = checked_profile(profile)?;
    }
    if let Some(roles) = change.roles {
        check_roles(tx, actor, &before.roles, &roles).await?;
        user.roles = roles;
    }
    if let Some(disabled) = change.disabled {
        user.disabled_at = if disabled { user.disabled_at.or(Some(now)) } else { None };
    }
    if user == before {
        return Ok(before);
    }
    user.updated_at = now;
    if !tx.users().update(&user).await? {
        return Err(address_taken());
    }
    settle(tx, &before, &user, now).await?;
    tx.audit().insert(&line(tx, actor, AuditEvent::Updated, &user, now).changes(&before, &user)).await?;
    Ok(user)
}

/// Sets a person's password; only Gantry itself and the command line may.
pub async fn set_password(tx: &RealmTx, actor: Actor, id: UserId, password: HashedPassword, now: Timestamp) -> Result<(), Failure> {
    permission::check(actor, Action::SetPassword, tx.realm_id())?;
    let user = tx.users().find(id).await?.ok_or_else(no_user)?;
    put_password(tx, id, password, now).await?;
    end_everything(tx, id, now).await?;
    tx.audit().insert(&line(tx, actor, AuditEvent::PasswordChanged, &user, now)).await?;
    Ok(())
}

/// Removes a person and all that hangs on them. The id is never used again.
pub async fn remove(tx: &RealmTx, actor: Actor, id: UserId, now: Timestamp) -> Result<(), Failure> {
    permission::check(actor, Action::ManageUsers, tx.realm_id())?;
    let user = tx.users().find(id).await?.ok_or_else(no_user)?;
    check_somebody_else(actor, id)?;
    check_roles(tx, actor, &user.roles, &[]).await?;
    end_everything(tx, id, now).await?;
    tx.users().remove(id).await?;
    tx.audit().insert(&line(tx, actor, AuditEvent::Removed, &user, now).takes_away(&user)).await?;
    Ok(())
}

/// What falls with a change.
async fn settle(tx: &RealmTx, before: &User, user: &User, now: Timestamp) -> Result<(), Failure> {
    if user.email != before.email {
        tx.action_links().void_for_user(user.id, None, now).await?;
    }
    if user.email_verified_at.is_some() && (before.email_verified_at.is_none() || user.email != before.email) {
        remove_unverified_rivals(tx, user).await?;
    }
    // An account that is off, or whose address counts no longer, keeps nothing that works.
    if user.disabled_at.is_some() || user.email_verified_at.is_none() {
        end_everything(tx, user.id, now).await?;
    }
    Ok(())
}

/// Ends a person's sessions, revokes what they allowed and made for themself, and makes their links void.
pub(crate) async fn end_everything(tx: &RealmTx, id: UserId, now: Timestamp) -> Result<(), Failure> {
    tx.sessions().end_all(id, None, now).await?;
    tx.grants().revoke_for_user(id, now).await?;
    tx.personal_tokens().remove_for_user(id).await?;
    tx.action_links().void_for_user(id, None, now).await?;
    Ok(())
}

/// Removes the accounts that others made with an address before its owner proved it, credentials
/// and all (attack catalogue PRE-01).
pub(crate) async fn remove_unverified_rivals(tx: &RealmTx, owner: &User) -> Result<(), Failure> {
    for rival in tx.users().list_unverified(&owner.email).await? {
        if rival.id != owner.id {
            tx.users().remove(rival.id).await?;
        }
    }
    Ok(())
}

pub(crate) async fn put_password(tx: &RealmTx, user: UserId, password: HashedPassword, now: Timestamp) -> Result<(), Failure> {
    tx.passwords().put(&PasswordCredential { user_id: user, hash: password.into_phc(), changed_at: now }).await?;
    Ok(())
}

/// Whoever can change an address can have a link mailed to it and become its owner, and so holds the roles of that
/// person: nobody does so to somebody whose roles they could not give. And nobody shuts themself out.
async fn check_reach(tx: &RealmTx, actor: Actor, before: &User, change: &UserChange) -> Result<(), Failure> {
    let readdressed = change.email.as_ref().is_some_and(|email| *email != before.email);
    let revouched = change.email_verified.is_some_and(|verified| verified != before.email_verified_at.is_some());
    let switched = change.disabled.is_some_and(|disabled| disabled != before.disabled_at.is_some());
    if readdressed || revouched || switched {
        check_roles(tx, actor, &before.roles, &[]).await?;
    }
    let loses = change.roles.as_ref().is_some_and(|roles| before.roles.iter().any(|role| !roles.contains(role)));
    if loses || (switched && change.disabled == Some(true)) || (revouched && change.email_verified == Some(false)) {
        check_somebody_else(actor, before.id)?;
    }
    Ok(())
}

/// What an admin cannot do to themself, since nobody might be left to undo it.
pub(crate) fn check_somebody_else(actor: Actor, id: UserId) -> Result<(), Failure> {
    if actor.user() == Some(id) {
        return Err(Refusal::new(ErrorCode::Conflict, "Nobody does this to their own account: ask another admin").into());
    }
    Ok(())
}

/// Nobody gives or takes a role that they could not hold themselves, and operators live in `system`.
pub(crate) async fn check_roles(tx: &RealmTx, actor: Actor, before: &[RealmRole], after: &[RealmRole]) -> Result<(), Failure> {
    for role in RealmRole::ALL.iter().filter(|role| before.contains(role) != after.contains(role)) {
        let action = match role {
            RealmRole::Operator => Action::GrantOperator,
            RealmRole::RealmAdmin => Action::GrantRealmAdmin,
        };
        permission::check(actor, action, tx.realm_id())?;
    }
    if after.contains(&RealmRole::Operator) && realms::find(tx).await?.slug != SYSTEM_REALM {
        return Err(Refusal::new(ErrorCode::InvalidRequest, "Operators are people of the realm `system`").into());
    }
    Ok(())
}

/// Checks every field of a profile and brings the names into their stored form.
pub fn checked_profile(mut profile: Profile) -> Result<Profile, Failure> {
    let names = [
        ("name", &mut profile.name),
        ("given_name", &mut profile.given_name),
        ("family_name", &mut profile.family_name),
        ("middle_name", &mut profile.middle_name),
        ("nickname", &mut profile.nickname),
        ("preferred_username", &mut profile.preferred_username),
    ];
    for (field, value) in names {
        let Some(name) = value else { continue };
        let wrong = Refusal::new(ErrorCode::InvalidRequest, "A name must be 1 to 120 visible characters on one line");
        *name = display_name::parse(name).or(Err(wrong.field(field, "must be 1 to 120 visible characters on one line")))?;
    }
    let urls = [("profile", &profile.profile), ("picture", &profile.picture), ("website", &profile.website)];
    if let Some((field, _)) = urls.into_iter().find(|(_, url)| url.as_deref().is_some_and(|url| !is_web_address(url))) {
        let wrong = Refusal::new(ErrorCode::InvalidRequest, "A picture, profile or website must be an http or https URL");
        return Err(wrong.field(field, "must be an http or https URL").into());
    }
    let address = profile.address.iter();
    let address = address.flat_map(|a| [&a.formatted, &a.street_address, &a.locality, &a.region, &a.postal_code, &a.country]);
    let plain = [
        ("gender", &profile.gender),
        ("birthdate", &profile.birthdate),
        ("zoneinfo", &profile.zoneinfo),
        ("locale", &profile.locale),
        ("phone_number", &profile.phone_number),
    ];
    let wrong = |(_, text): &(&str, &Option<String>)| text.as_deref().is_some_and(|text| !is_plain(text));
    let found = plain.into_iter().chain(address.map(|part| ("address", part))).find(wrong);
    if let Some((field, _)) = found {
        let wrong = Refusal::new(ErrorCode::InvalidRequest, "A profile field must be at most 500 characters without control characters");
        return Err(wrong.field(field, "must be at most 500 characters without control characters").into());
    }
    Ok(profile)
}

fn is_plain(text: &str) -> bool {
    text.chars().count() <= MAX_FIELD && !text.chars().any(|c| c.is_control() && c != '\n')
}

fn is_web_address(text: &str) -> bool {
    is_plain(text) && Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

fn line(tx: &RealmTx, actor: Actor, event: AuditEvent, user: &User, now: Timestamp) -> AuditEntry {
    let detail = json!({ "roles": user.roles, "disabled": user.disabled_at.is_some() });
    AuditEntry::new(tx.realm_id(), now, event).by(actor).target(&user.id).detail(detail)
}

/// What is said of a person who is not there, or not the asker's to know of.
pub(crate) fn no_user() -> Failure {
    Refusal::new(ErrorCode::NotFound, "There is no such person").into()
}

fn address_taken() -> Failure {
    Refusal::new(ErrorCode::Conflict, "Another account has proved this address").field("email", "is proved by another account").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_misleads_nobody() {
        let named = |name: &str| Profile { name: Some(name.to_owned()), ..Profile::default() };
        assert_eq!(checked_profile(named(" Alice  A. ")).unwrap().name.as_deref(), Some("Alice A."));
        assert!(checked_profile(named("Alice\r\nBcc: eve@example.com")).is_err());
        let linked = |url: &str| Profile { website: Some(url.to_owned()), ..Profile::default() };
        assert!(checked_profile(linked("https://alice.example/")).is_ok());
        assert!(checked_profile(linked("javascript:alert(1)")).is_err());
        let long = Profile { zoneinfo: Some("x".repeat(501)), ..Profile::default() };
        assert!(checked_profile(long).is_err());
    }
}
