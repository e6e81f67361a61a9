//! Makes the rows: tenants, apps and people of a realm, each person a member of one tenant.
//!
//! Through the store's own records, so that each row is as a running server would have written it.

use gantry_core::actor::Actor;
use gantry_core::client::{Client, ClientKind, ClientPolicy};
use gantry_core::clock::{SharedClock, Timestamp};
use gantry_core::email_address::EmailAddress;
use gantry_core::failure::Failure;
use gantry_core::grant_type::GrantType;
use gantry_core::id::{ClientId, MembershipId, TenantId, UserId};
use gantry_core::realm::{Realm, RealmSettings};
use gantry_core::scope_set::ScopeSet;
use gantry_core::secret::Secret;
use gantry_core::tenant::{AppPolicy, Membership, SignInRule, TenantRole};
use gantry_core::user::{Profile, RealmRole, User};
use gantry_identity::password::Passwords;
use gantry_identity::password_rule::PasswordRule;
use gantry_identity::realms::NewRealm;
use gantry_identity::tenants::{self, NewTenant, TenantSettings};
use gantry_identity::users::{self, NewUser};
use gantry_oauth::provision::provision;
use gantry_store::Store;

use crate::{Scale, Trouble};

/// The admin of each realm, who looks at the pages.
pub(crate) const ADMIN: &str = "admin@size.example";
/// The admin's password, for a server that lives as long as its measurement.
pub(crate) const PASSWORD: &str = "only for as long as this measures";

/// Rows of one transaction.
const BATCH: usize = 1000;

const GIVEN: [&str; 16] =
    ["Anna", "Bela", "Chloe", "Daan", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Kaya", "Liam", "Mae", "Nils", "Olga", "Priya"];
const FAMILY: [&str; 12] =
    ["Almeida", "Berg", "Castro", "Dubois", "Eriksen", "Fischer", "Garcia", "Hansen", "Ito", "Jansen", "Kowalski", "Lindqvist"];

/// A realm with its admin.
pub(crate) async fn realm(store: &Store, slug: &str, now: Timestamp) -> Result<Realm, Trouble> {
    let new = NewRealm { slug: slug.to_owned(), name: slug.to_owned(), hosts: Vec::new(), settings: RealmSettings::default() };
    let realm = provision(store, new, Actor::CommandLine, now).await?;
    let password = PasswordRule::new(8).accept(&Secret::new(PASSWORD)).map_err(|wrong| format!("{wrong:?}"))?;
    let password = Passwords::new(1, 1).hash(realm.id, password).await?;
    let admin = NewUser {
        email: address(ADMIN)?,
        email_verified: true,
        profile: Profile::default(),
        roles: vec![RealmRole::RealmAdmin],
        password: Some(password),
    };
    store.transact(realm.id, async |tx| users::create(tx, Actor::CommandLine, admin, now).await).await?;
    Ok(realm)
}

/// Fills a realm.
pub(crate) async fn fill(store: &Store, realm: &Realm, scale: Scale, clock: &SharedClock) -> Result<(), Trouble> {
    let mut places = Vec::with_capacity(scale.tenants);
    for first in (0..scale.tenants).step_by(BATCH) {
        let now = clock.now();
        let made = store.transact(realm.id, async |tx| {
            let mut made = Vec::new();
            for number in first..(first + BATCH).min(scale.tenants) {
                made.push(tenants::create(tx, Actor::CommandLine, tenant(number), now).await?.id);
            }
            Ok(made)
        });
        places.extend(made.await?);
    }
    for first in (0..scale.clients).step_by(BATCH) {
        let now = clock.now();
        let made = store.transact(realm.id, async |tx| {
            for number in first..(first + BATCH).min(scale.clients) {
                tx.clients().insert(&client(realm, number, now)).await?;
            }
            Ok(())
        });
        made.await?;
    }
    people(store, realm, scale.users, &places, clock).await
}

async fn people(store: &Store, realm: &Realm, count: usize, places: &[TenantId], clock: &SharedClock) -> Result<(), Trouble> {
    for first in (0..count).step_by(BATCH) {
        let now = clock.now();
        let made = store.transact(realm.id, async |tx| {
            for number in first..(first + BATCH).min(count) {
                let user = person(realm, number, now)?;
                tx.users().insert(&user).await?;
                if let Some(tenant_id) = number.checked_rem(places.len()).and_then(|index| places.get(index)) {
                    tx.memberships().put(&member(*tenant_id, user.id, now)).await?;
                }
            }
            Ok(())
        });
        made.await?;
    }
    Ok(())
}

fn person(realm: &Realm, number: usize, now: Timestamp) -> Result<User, Failure> {
    let one = |list: &[&'static str], at: usize| list.iter().copied().cycle().nth(at % list.len().max(1)).unwrap_or_default();
    let (given, family) = (one(&GIVEN, number), one(&FAMILY, number / GIVEN.len()));
    let email = address(&format!("{}.{}.{number}@people.example", given.to_lowercase(), family.to_lowercase()))
        .map_err(|trouble| gantry_core::failure::Fault::new(trouble.to_string()))?;
    Ok(User {
        id: UserId::new(),
        realm_id: realm.id,
        email,
        email_verified_at: Some(now),
        profile: Profile { name: Some(format!("{given} {family}")), ..Profile::default() },
        roles: Vec::new(),
        // One in a thousand, so that there is something rare to look for.
        disabled_at: number.is_multiple_of(1000).then_some(now),
        created_at: now,
        updated_at: now,
    })
}

fn member(tenant_id: TenantId, user_id: UserId, now: Timestamp) -> Membership {
    Membership {
        id: MembershipId::new(),
        tenant_id,
        user_id,
        role: TenantRole::Member,
        break_glass: false,
        connection_id: None,
        created_at: now,
    }
}

fn tenant(number: usize) -> NewTenant {
    NewTenant {
        org_id: Some(format!("org_{number}")),
        settings: TenantSettings {
            name: format!("Customer {number}"),
            app_policy: AppPolicy::All,
            max_sign_in_age: None,
            password_min_length: None,
            sign_in: SignInRule::Any,
            branding: gantry_core::tenant::TenantBranding::default(),
            suspended: None,
        },
    }
}

fn client(realm: &Realm, number: usize, now: Timestamp) -> Client {
    Client {
        id: ClientId::new(),
        realm_id: realm.id,
        client_id: format!("app-{number}"),
        kind: if number.is_multiple_of(7) { ClientKind::Public } else { ClientKind::Confidential },
        name: format!("App {number}"),
        description: String::new(),
        publisher_id: None,
        website: None,
        redirect_uris: vec![format!("https://app-{number}.example/callback")],
        post_logout_redirect_uris: Vec::new(),
        grant_types: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
        scopes: ScopeSet::from_names(["openid"]),
        resources: Vec::new(),
        default_resource: None,
        auth_method: None,
        jwks: None,
        jwks_uri: None,
        introspects: None,
        policy: ClientPolicy::default(),
        built_in: false,
        consent_version: 1,
        version: 1,
        not_before: None,
        disabled_at: None,
        created_at: now,
    }
}

fn address(text: &str) -> Result<EmailAddress, Trouble> {
    EmailAddress::parse(text).map_err(|wrong| format!("{text}: {wrong:?}").into())
}
