//! Personal tokens: what people make to reach an API as themselves, without an app in between.
//!
//! Owns what such a token may be called, do and outlive, how it is made, listed and revoked, and
//! what it stands on. Every rule takes the person who is signed in and touches nothing of anybody
//! else's; what is not theirs looks like what is not there.

use std::time::Duration;

use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent, Origin};
use gantry_core::clock::{SharedClock, Timestamp};
use gantry_core::display_name;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Fault, Refusal};
use gantry_core::id::{PersonalTokenId, TenantId, UserId};
use gantry_core::outbox::{Mail, MailKind};
use gantry_core::personal_token::{LIFETIME_DAYS, MAX_PERSONAL_TOKENS, PersonalToken};
use gantry_core::realm::TenantDemand;
use gantry_core::scope::{OFFLINE_ACCESS, OPENID, STANDARD_SCOPES, ScopeTier};
use gantry_core::scope_set::ScopeSet;
use gantry_core::secret::{Secret, SecretKind};
use gantry_core::session::Session;
use gantry_core::tenant::{Membership, Tenant, TenantRole};
use gantry_core::user::User;
use gantry_store::rate_limit::Quota;
use gantry_store::snapshot::RealmSnapshot;
use gantry_store::{RealmTx, Store};
use serde_json::json;

use crate::tenancy::{self, Barrier};
use crate::token::may_issue::Fallen;

/// How many tokens one person may ask for.
const ASKED: Quota = Quota { burst: 10, period: Duration::from_hours(1) };

/// What a person asks for.
#[derive(Debug, Clone)]
pub struct NewPersonalToken {
    /// What to call it.
    pub name: String,
    /// What it may do.
    pub scopes: ScopeSet,
    /// How many days it lives.
    pub days: u32,
    /// The organization that it acts in.
    pub tenant: Option<TenantId>,
}

/// What the mail "a personal token was made" says.
#[derive(Debug, Clone, Copy)]
pub struct MadeMail<'m> {
    /// The language.
    pub locale: &'m str,
    /// The page with the person's tokens.
    pub tokens: &'m str,
}

/// What is wrong with what a person asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// They have signed out meanwhile, or may not be signed in any more.
    SignedOut,
    /// The name is no name.
    Name,
    /// Another of their tokens is called so; a form that is sent twice makes one token.
    NameTaken,
    /// No scope, or one that they cannot give away here.
    Scopes,
    /// The lifetime is out of its range.
    Days,
    /// An organization is missing, or is one that they cannot choose.
    Tenant,
    /// They have as many tokens as anybody may have.
    TooMany,
}

/// What a person can choose from when they make a token.
#[derive(Debug, Clone)]
pub struct Offer {
    /// The names of the scopes, in the realm's order.
    pub scopes: Vec<String>,
    /// Their organizations.
    pub tenants: Vec<Tenant>,
    /// Whether one of them has to be chosen.
    pub demand: TenantDemand,
}

/// Whom and what a token speaks for now.
#[derive(Debug)]
pub(crate) struct Standing {
    pub(crate) user: User,
    pub(crate) tenant: Option<Tenant>,
    pub(crate) scopes: ScopeSet,
}

/// The rules about personal tokens. Cheap to clone.
#[derive(Debug, Clone)]
pub struct PersonalTokens {
    store: Store,
    clock: SharedClock,
}

impl PersonalTokens {
    /// Over these.
    pub const fn new(store: Store, clock: SharedClock) -> Self {
        Self { store, clock }
    }

    /// The present instant, for what is shown.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A person's tokens, newest first, each with its tenant.
    pub async fn list(&self, user: &User) -> Result<Vec<(PersonalToken, Option<Tenant>)>, Fault> {
        let tx = self.store.read(user.realm_id);
        let tokens = tx.personal_tokens().list(user.id).await?;
        let ids: Vec<TenantId> = tokens.iter().filter_map(|token| token.tenant_id).collect();
        let tenants = if ids.is_empty() { Vec::new() } else { tx.tenants().find_all(&ids).await? };
        let with_tenant = |token: PersonalToken| {
            let tenant = tenants.iter().find(|tenant| Some(tenant.id) == token.tenant_id).cloned();
            (token, tenant)
        };
        Ok(tokens.into_iter().map(with_tenant).collect())
    }

    /// What a person can choose from; none where the realm has no personal tokens.
    pub async fn offer(&self, realm: &RealmSnapshot, user: &User) -> Result<Option<Offer>, Fault> {
        if !realm.realm.settings.personal_tokens.enabled {
            return Ok(None);
        }
        let demand = realm.realm.settings.tenants;
        let own = match demand {
            TenantDemand::None => Vec::new(),
            TenantDemand::Optional | TenantDemand::Required => tenancy::own_tenants(&self.store.read(user.realm_id), user.id).await?,
        };
        let admin = own.iter().any(|(_, membership)| membership.role == TenantRole::TenantAdmin);
        let all = &realm.realm.settings.personal_tokens.scopes;
        let scopes = scopes_now(realm, all, admin).iter().map(str::to_owned).collect();
        Ok(Some(Offer { scopes, tenants: own.into_iter().map(|(tenant, _)| tenant).collect(), demand }))
    }

    /// Makes a token, to be shown this once. Its owner gets a mail, in case it was not them (attack catalogue WEB-15).
    /// It is they who are signed in in this session.
    pub async fn make(
        &self,
        realm: &RealmSnapshot,
        session: &Session,
        new: NewPersonalToken,
        mail: MadeMail<'_>,
        origin: &Origin,
    ) -> Result<Result<(PersonalToken, Secret), Vec<Unfit>>, Failure> {
        if !realm.realm.settings.personal_tokens.enabled {
            return Err(not_offered().into());
        }
        self.check_quota(session).await?;
        let now = self.clock.now();
        let work = async |tx: &RealmTx| {
            let Some(user) = signed_in(tx, session, now).await? else { return Ok(Err(vec![Unfit::SignedOut])) };
            let name = display_name::parse(&new.name).ok();
            let unfit = check(tx, realm, user.id, name.as_deref(), &new, now).await?;
            let (Some(name), true) = (name, unfit.is_empty()) else { return Ok(Err(unfit)) };
            let secret = SecretKind::PersonalToken.generate();
            let token = PersonalToken {
                id: PersonalTokenId::new(),
                realm_id: realm.realm.id,
                user_id: user.id,
                tenant_id: new.tenant,
                name,
                scopes: new.scopes.clone(),
                digest: secret.digest(),
                last_four: secret.last_four(),
                last_used_at: None,
                expires_at: now.plus(Duration::from_hours(24) * new.days),
                created_at: now,
            };
            // Two sessions may ask at once for the same name.
            if !tx.personal_tokens().insert(&token).await? {
                return Ok(Err(vec![Unfit::NameTaken]));
            }
            let kind = MailKind::PersonalTokenMade { name: token.name.clone(), tokens: mail.tokens.to_owned() };
            let told = Mail { to: user.email.clone(), locale: mail.locale.to_owned(), kind };
            tx.outbox().insert(&told, now).await?;
            let detail = json!({ "last_four": token.last_four, "scope": token.scopes, "expires_at": token.expires_at });
            tx.audit().insert(&line(&user, AuditEvent::Created, origin, now).target(&token.id).detail(detail).makes(&token)).await?;
            Ok(Ok((token, secret)))
        };
        self.store.transact(session.realm_id, work).await
    }

    async fn check_quota(&self, session: &Session) -> Result<(), Refusal> {
        let key = format!("personal-token:{}:{}", session.realm_id, session.user_id);
        let within = self.store.limiter().check(&key, ASKED).await.is_ok();
        if within { Ok(()) } else { Err(Refusal::new(ErrorCode::TooManyRequests, "too many personal tokens were asked for")) }
    }

    /// Ends one of a person's tokens. From the commit on nobody can use it.
    pub async fn revoke(&self, user: &User, id: PersonalTokenId, origin: &Origin) -> Result<(), Failure> {
        let now = self.clock.now();
        let work = async |tx: &RealmTx| {
            if !tx.personal_tokens().remove(user.id, id).await? {
                return Err(Refusal::new(ErrorCode::NotFound, "there is no such token").into());
            }
            Ok(tx.audit().insert(&line(user, AuditEvent::Revoked, origin, now).target(&id)).await?)
        };
        self.store.transact(user.realm_id, work).await
    }
}

/// Whether a personal token can carry this scope: not what makes an app's sign-in.
pub fn may_carry(scope: &str) -> bool {
    scope != OPENID && scope != OFFLINE_ACCESS
}

/// The person, if they are still signed in and may be: between the request and this transaction
/// somebody may have signed out, changed the password or been switched off (attack catalogue RTK-11).
async fn signed_in(tx: &RealmTx, session: &Session, now: Timestamp) -> Result<Option<User>, Fault> {
    // Writing the session's row makes whatever ends it wait for this token, or this wait for that
    // end, which the next line then sees; and lets two forms of one session in one by one.
    tx.sessions().touch(session.id, now).await?;
    let stored = tx.sessions().find(session.id).await?;
    let Some(live) = stored.filter(|session| session.ended_at.is_none() && now < session.expires_at) else { return Ok(None) };
    Ok(tx.users().find(live.user_id).await?.filter(|user| user.disabled_at.is_none()))
}

/// Everything that is wrong with what a person asks for.
async fn check(
    tx: &RealmTx,
    realm: &RealmSnapshot,
    user: UserId,
    name: Option<&str>,
    new: &NewPersonalToken,
    now: Timestamp,
) -> Result<Vec<Unfit>, Fault> {
    let mut unfit = Vec::new();
    if name.is_none() {
        unfit.push(Unfit::Name);
    }
    if !LIFETIME_DAYS.contains(&new.days) {
        unfit.push(Unfit::Days);
    }
    let place = place(tx, realm, user, new.tenant, now).await?;
    let admin = is_admin(place.as_ref().ok().and_then(Option::as_ref));
    if place.is_err() {
        unfit.push(Unfit::Tenant);
    }
    let allowed = scopes_now(realm, &realm.realm.settings.personal_tokens.scopes, admin);
    if new.scopes.is_empty() || !new.scopes.is_subset_of(&allowed) {
        unfit.push(Unfit::Scopes);
    }
    let known = tx.personal_tokens().list(user).await?;
    if known.len() >= MAX_PERSONAL_TOKENS {
        unfit.push(Unfit::TooMany);
    }
    if name.is_some_and(|name| known.iter().any(|token| token.name == name)) {
        unfit.push(Unfit::NameTaken);
    }
    Ok(unfit)
}

/// Whom and what a token that has not expired speaks for, if all that it stands on still does.
pub(crate) async fn stands(tx: &RealmTx, realm: &RealmSnapshot, token: &PersonalToken) -> Result<Result<Standing, Fallen>, Fault> {
    if !realm.realm.settings.personal_tokens.enabled {
        return Ok(Err(Fallen("personal_tokens_disabled")));
    }
    if !realm.realm.stands_since(token.created_at) {
        return Ok(Err(Fallen("realm_revoked")));
    }
    let user = match tx.users().find(token.user_id).await? {
        None => return Ok(Err(Fallen("user_removed"))),
        Some(user) if user.disabled_at.is_some() => return Ok(Err(Fallen("user_disabled"))),
        Some(user) => user,
    };
    let place = match place(tx, realm, user.id, token.tenant_id, token.created_at).await? {
        Ok(place) => place,
        Err(fallen) => return Ok(Err(fallen)),
    };
    let admin = is_admin(place.as_ref());
    let scopes = scopes_now(realm, &token.scopes.intersection(&realm.realm.settings.personal_tokens.scopes), admin);
    Ok(Ok(Standing { user, tenant: place.map(|(tenant, _)| tenant), scopes }))
}

/// Where a token acts: in no organization, or in one where the person has had a place since it was made.
async fn place(
    tx: &RealmTx,
    realm: &RealmSnapshot,
    user: UserId,
    tenant: Option<TenantId>,
    since: Timestamp,
) -> Result<Result<Option<(Tenant, Membership)>, Fallen>, Fault> {
    match (tenant, realm.realm.settings.tenants) {
        (None, TenantDemand::Required) => Ok(Err(Fallen(Barrier::None.reason().as_str()))),
        (None, TenantDemand::Optional | TenantDemand::None) => Ok(Ok(None)),
        (Some(_), TenantDemand::None) => Ok(Err(Fallen(Barrier::NotUsed.reason().as_str()))),
        (Some(tenant), TenantDemand::Optional | TenantDemand::Required) => {
            let stands = tenancy::person_stands(tx, user, tenant, since).await?;
            Ok(stands.map(Some).map_err(|barrier| Fallen(barrier.reason().as_str())))
        }
    }
}

fn is_admin(place: Option<&(Tenant, Membership)>) -> bool {
    place.is_some_and(|(_, membership)| membership.role == TenantRole::TenantAdmin)
}

/// Those of the scopes that exist and that a person may give themself: what a tenant's admin has to
/// approve, only that admin may.
fn scopes_now(realm: &RealmSnapshot, scopes: &ScopeSet, admin: bool) -> ScopeSet {
    let fits = |name: &&str| {
        let own = realm.scopes.iter().find(|scope| scope.name == *name);
        let known = own.is_some() || STANDARD_SCOPES.iter().any(|scope| scope.name == *name);
        known && may_carry(name) && (admin || own.is_none_or(|scope| scope.tier != ScopeTier::TenantAdmin))
    };
    ScopeSet::from_names(scopes.iter().filter(fits))
}

fn not_offered() -> Refusal {
    Refusal::new(ErrorCode::NotFound, "this platform has no personal tokens")
}

fn line(user: &User, event: AuditEvent, origin: &Origin, now: Timestamp) -> AuditEntry {
    let actor = Actor::User { user: user.id, realm: user.realm_id };
    AuditEntry::new(user.realm_id, now, event).by(actor).from(origin)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use std::sync::Arc;

    #[test]
    fn a_person_gives_themself_what_exists_and_no_admin_has_to_approve() {
        let mut realm = Arc::unwrap_or_clone(samples::realm());
        realm.scopes[1].tier = ScopeTier::TenantAdmin;
        let asked = ScopeSet::from_names(["read", "write", "profile", "openid", "offline_access", "gone", "profile:read"]);
        assert_eq!(scopes_now(&realm, &asked, false).to_string(), "read profile profile:read");
        assert_eq!(scopes_now(&realm, &asked, true).to_string(), "read write profile profile:read");
    }
}
