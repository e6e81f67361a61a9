//! What admins see and end of what people have, what they take out of it, and what an erasure leaves.

use gantry_core::actor::Actor;
use gantry_core::admin_scope::{AdminScope, AdminScopes};
use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Failure;
use gantry_core::id::{RealmId, ServiceAccountId, SessionId, TenantId, TraceId, UserId};
use gantry_core::outbox::MailKind;
use gantry_core::paging::Find;
use gantry_core::sign_in_trace::{Hop, HopKind, SignInTrace, TraceOutcome};
use gantry_core::tenant::{AppPolicy, SignInRule, TenantBranding, TenantRole};
use gantry_core::user::{Profile, RealmRole, User};
use gantry_identity::members::{self, MemberSettings};
use gantry_identity::people::{self, access, erase, export, history, sessions};
use gantry_identity::recovery::ResetMail;
use gantry_identity::tenants::{self, NewTenant, TenantSettings};
use gantry_identity::users::{self, UserChange};
use gantry_identity::{permission, search};
use gantry_store::RealmTx;
use serde_json::json;

use crate::world::{Browser, PASSWORD, World, token_in};

const MAIL: ResetMail<'static> = ResetMail { locale: "en", link_to: "https://x/reset?token=", resume: None };

fn code<T: std::fmt::Debug>(outcome: Result<T, Failure>) -> ErrorCode {
    match outcome {
        Err(Failure::Refused(refusal)) => refusal.code,
        other => panic!("{other:?}"),
    }
}

fn admin(world: &World) -> Actor {
    Actor::RealmAdmin { user: UserId::new(), realm: world.realm.id }
}

async fn act<T>(world: &World, work: impl AsyncFnOnce(&RealmTx) -> Result<T, Failure>) -> Result<T, Failure> {
    world.store.transact(world.realm.id, work).await
}

#[tokio::test]
async fn people_are_no_business_of_a_tenants_admin_or_of_another_realms() {
    let world = World::new().await;
    let (ada, now, realm) = (world.person("ada@example.com").await, world.now(), world.realm.id);
    let mut browser = Browser::new();
    let session = world.sign_in(&mut browser, "ada@example.com").await.session.id;
    let (user, account) = (UserId::new(), ServiceAccountId::new());
    let none = AdminScopes::of(&[AdminScope::TenantsWrite, AdminScope::ClientsWrite]);
    for (actor, expected) in [
        (Actor::TenantAdmin { user, realm, tenant: TenantId::new() }, ErrorCode::NotFound),
        (Actor::RealmAdmin { user, realm: RealmId::new() }, ErrorCode::NotFound),
        (Actor::User { user: ada.id, realm }, ErrorCode::Forbidden),
        (Actor::Service { account, realm: Some(realm), scopes: none }, ErrorCode::Forbidden),
    ] {
        let (rows, find) = (world.store.read(realm), Find::default());
        let expected = if permission::check(actor, permission::Action::ReadUsers, realm).unwrap_err().code == ErrorCode::NotFound {
            ErrorCode::NotFound
        } else {
            expected
        };
        let codes = [
            code(users::list(&rows, actor, &find).await),
            code(users::find(&rows, actor, ada.id).await),
            code(sessions::of(&rows, actor, ada.id, now).await),
            code(sessions::live(&rows, actor, &find, now).await),
            code(people::identities(&rows, actor, ada.id).await),
            code(people::memberships(&rows, actor, ada.id).await),
            code(people::holdings(&rows, actor, ada.id, now).await),
            code(access::apps(&rows, actor, ada.id).await),
            code(access::tokens(&rows, actor, ada.id).await),
            code(history::events(&rows, actor, ada.id, &find).await),
            code(history::traces(&rows, actor, ada.id, now).await),
            code(act(&world, async |tx| sessions::end(tx, actor, session, now).await).await),
            code(act(&world, async |tx| sessions::end_everywhere(tx, actor, ada.id, now).await).await),
            code(act(&world, async |tx| people::send_reset(tx, actor, ada.id, MAIL, now).await).await),
            code(act(&world, async |tx| export::export(tx, actor, ada.id, now).await).await),
            code(act(&world, async |tx| erase::erase(tx, actor, ada.id, now).await).await),
        ];
        assert!(codes.iter().all(|code| *code == expected), "{actor:?}: {codes:?}");
    }
    assert!(world.is_signed_in(&browser).await);
    // An id of nobody, and of somebody in another realm, look the same to whoever may.
    let rows = world.store.read(world.other_realm().await.id);
    assert_eq!(code(users::find(&rows, Actor::CommandLine, ada.id).await), ErrorCode::NotFound);
}

#[tokio::test]
async fn sessions_are_seen_and_ended() {
    let world = World::new().await;
    let (ada, actor) = (world.person("ada@example.com").await, admin(&world));
    let bob = world.person("bob@example.com").await;
    let (mut first, mut second, mut bobs) = (Browser::new(), Browser::at("192.0.2.9"), Browser::new());
    let one = world.sign_in(&mut first, "ada@example.com").await.session.id;
    world.sign_in(&mut second, "ada@example.com").await;
    let other = world.sign_in(&mut bobs, "bob@example.com").await.session.id;
    let (rows, now) = (world.store.read(world.realm.id), world.now());
    let ids = async || -> Vec<SessionId> {
        let page = sessions::live(&rows, actor, &Find::default(), now).await.unwrap();
        page.items.into_iter().map(|live| live.session.id).collect()
    };
    assert_eq!(ids().await.len(), 3);
    assert_eq!(ids().await.first(), Some(&other), "newest first");
    let page = sessions::live(&rows, actor, &Find { limit: 2, ..Find::default() }, now).await.unwrap();
    let rest = sessions::live(&rows, actor, &Find { after: page.next, ..Find::default() }, now).await.unwrap();
    assert_eq!((page.items.len(), rest.items.len(), rest.next), (2, 1, None));
    assert_eq!(code(act(&world, async |tx| sessions::end_of(tx, actor, bob.id, one, now).await).await), ErrorCode::NotFound);
    act(&world, async |tx| sessions::end_of(tx, actor, ada.id, one, now).await).await.unwrap();
    assert!(!world.is_signed_in(&first).await && world.is_signed_in(&second).await);
    assert_eq!(code(act(&world, async |tx| sessions::end(tx, actor, one, now).await).await), ErrorCode::NotFound);
    assert_eq!(act(&world, async |tx| sessions::end_everywhere(tx, actor, ada.id, now).await).await.unwrap(), 1);
    assert!(!world.is_signed_in(&second).await && world.is_signed_in(&bobs).await);
    assert_eq!(ids().await, [other]);
    let told = history::events(&rows, actor, ada.id, &Find::default()).await.unwrap().items;
    assert_eq!(told.first().map(|line| (line.event, line.reason.as_deref())), Some((AuditEvent::SessionEnded, Some("all_by_admin"))));
    assert_eq!(told.iter().filter(|line| line.event == AuditEvent::SignedIn).count(), 2);
    let paged = history::events(&rows, actor, ada.id, &Find { limit: 1, ..Find::default() }).await.unwrap();
    let after = history::events(&rows, actor, ada.id, &Find { after: paged.next, ..Find::default() }).await.unwrap();
    assert_eq!([paged.items, after.items].concat(), told);
}

#[tokio::test]
async fn bru_16_an_admin_sends_a_link_and_sets_no_password() {
    let world = World::new().await;
    let (ada, actor, now) = (world.person("ada@example.com").await, admin(&world), world.now());
    act(&world, async |tx| people::send_reset(tx, actor, ada.id, MAIL, now).await).await.unwrap();
    act(&world, async |tx| people::send_reset(tx, actor, ada.id, MAIL, now).await).await.unwrap();
    let mails = world.mails().await;
    assert_eq!(mails.len(), 2);
    assert!(mails.iter().all(|mail| mail.to == ada.email && matches!(mail.kind, MailKind::ResetPassword { .. })));
    let pending = async |mail| world.identity.pending_reset(&world.realm, &token_in(mail)).await.unwrap().map(|pending| pending.user.email);
    assert_eq!((pending(&mails[0]).await, pending(&mails[1]).await), (None, Some(ada.email.clone())), "the second voids the first");
    let lock = UserChange { disabled: Some(true), ..UserChange::default() };
    act(&world, async |tx| users::update(tx, actor, ada.id, lock, now).await).await.unwrap();
    assert_eq!(code(act(&world, async |tx| people::send_reset(tx, actor, ada.id, MAIL, now).await).await), ErrorCode::Conflict);
    let unproved = world.account("eve@example.com", false).await;
    assert_eq!(code(act(&world, async |tx| people::send_reset(tx, actor, unproved.id, MAIL, now).await).await), ErrorCode::Conflict);
}

#[tokio::test]
async fn nobody_takes_over_or_locks_whoever_is_above_them_or_themself() {
    let world = World::with_slug("system").await;
    let now = world.now();
    let operator = world.person("root@example.com").await;
    let role = UserChange { roles: Some(vec![RealmRole::Operator]), ..UserChange::default() };
    act(&world, async |tx| users::update(tx, Actor::CommandLine, operator.id, role, now).await).await.unwrap();
    let email = gantry_core::email_address::EmailAddress::parse("mine@example.com").unwrap();
    let account = ServiceAccountId::new();
    let program = Actor::Service { account, realm: Some(world.realm.id), scopes: AdminScopes::of(&[AdminScope::PeopleWrite]) };
    let changes = [
        UserChange { email: Some(email), ..UserChange::default() },
        UserChange { email_verified: Some(false), ..UserChange::default() },
        UserChange { disabled: Some(true), ..UserChange::default() },
    ];
    for change in changes {
        for actor in [admin(&world), program] {
            let change = change.clone();
            assert_eq!(code(act(&world, async |tx| users::update(tx, actor, operator.id, change, now).await).await), ErrorCode::Forbidden);
        }
    }
    assert_eq!(code(act(&world, async |tx| erase::erase(tx, program, operator.id, now).await).await), ErrorCode::Forbidden);
    let themself = Actor::Operator { user: operator.id };
    let off = UserChange { disabled: Some(true), ..UserChange::default() };
    let roleless = UserChange { roles: Some(Vec::new()), ..UserChange::default() };
    assert_eq!(code(act(&world, async |tx| users::update(tx, themself, operator.id, off, now).await).await), ErrorCode::Conflict);
    assert_eq!(code(act(&world, async |tx| users::update(tx, themself, operator.id, roleless, now).await).await), ErrorCode::Conflict);
    assert_eq!(code(act(&world, async |tx| users::remove(tx, themself, operator.id, now).await).await), ErrorCode::Conflict);
    assert_eq!(code(act(&world, async |tx| erase::erase(tx, themself, operator.id, now).await).await), ErrorCode::Conflict);
    let name = Profile { name: Some("Root".to_owned()), ..Profile::default() };
    let renamed = UserChange { profile: Some(name), ..UserChange::default() };
    assert!(act(&world, async |tx| users::update(tx, admin(&world), operator.id, renamed, now).await).await.is_ok());
}

/// A person with something of everything.
async fn full(world: &World) -> (User, TraceId) {
    let ada = world.person("ada@example.com").await;
    let (now, realm) = (world.now(), world.realm.id);
    let settings = TenantSettings {
        name: "Acme".to_owned(),
        app_policy: AppPolicy::All,
        max_sign_in_age: None,
        password_min_length: None,
        sign_in: SignInRule::Any,
        suspended: None,
        branding: TenantBranding::default(),
    };
    let profile = Profile { name: Some("Ada Lovelace".to_owned()), ..Profile::default() };
    let named = UserChange { profile: Some(profile), ..UserChange::default() };
    let trace = SignInTrace {
        id: TraceId::new(),
        realm_id: realm,
        connection_id: None,
        tenant_id: None,
        client_id: None,
        publisher_id: None,
        user_id: Some(ada.id),
        outcome: TraceOutcome::SignedIn,
        problem: None,
        started_at: now,
        expires_at: now.plus(std::time::Duration::from_hours(24)),
    };
    act(world, async |tx| {
        users::update(tx, Actor::CommandLine, ada.id, named, now).await?;
        let tenant = tenants::create(tx, Actor::CommandLine, NewTenant { org_id: Some("acme".to_owned()), settings }, now).await?;
        members::put(tx, Actor::CommandLine, tenant.id, ada.id, MemberSettings::with(TenantRole::Member), now).await?;
        tx.sign_in_traces().insert(&trace).await?;
        let hop = Hop::new(now, HopKind::IdToken, json!({ "claims": { "email": "ada.private@provider.test" } }));
        tx.sign_in_traces().append(trace.id, &[hop]).await?;
        let own = AuditEntry::new(realm, now, AuditEvent::IdentityLinked).by(Actor::User { user: ada.id, realm });
        let mut own = own.detail(json!({ "subject": "ada-at-provider" }));
        own.ip = Some("192.0.2.77".to_owned());
        tx.audit().insert(&own).await?;
        let as_admin = AuditEntry::new(realm, now, AuditEvent::Updated).by(Actor::RealmAdmin { user: ada.id, realm });
        let mut as_admin = as_admin.target(&realm).detail(json!({ "setting": "sign_up" }));
        as_admin.ip = Some("192.0.2.78".to_owned());
        Ok(tx.audit().insert(&as_admin).await?)
    })
    .await
    .unwrap();
    let mut browser = Browser::at("192.0.2.79");
    world.sign_in(&mut browser, "ada@example.com").await;
    (ada, trace.id)
}

#[tokio::test]
async fn an_export_holds_everything_and_no_secret() {
    let world = World::new().await;
    let (ada, trace) = full(&world).await;
    let (actor, now) = (admin(&world), world.now());
    let document = act(&world, async |tx| export::export(tx, actor, ada.id, now).await).await.unwrap();
    let text = document.to_string();
    let held = ["Ada Lovelace", "ada@example.com", "acme", "192.0.2.79", "192.0.2.77", "ada-at-provider", "ada.private@provider.test"];
    for held in held.into_iter().chain([trace.to_string().as_str()]) {
        assert!(text.contains(held), "{held}: {text}");
    }
    assert_eq!(document["complete"], true);
    assert!(document["password"]["set_at"].is_string());
    let rows = world.store.read(world.realm.id);
    let hash = rows.passwords().find(ada.id).await.unwrap().unwrap().hash;
    let digest = rows.sessions().list_live(ada.id, now).await.unwrap()[0].digest.to_text();
    for secret in [hash.as_str(), digest.as_str(), "argon2", PASSWORD, "digest", "sign_up"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    let line = rows.person_trail().events(ada.id, &[AuditEvent::PersonExported], None, 5).await.unwrap();
    assert_eq!(line.len(), 1);
}

#[tokio::test]
async fn an_erasure_leaves_that_something_happened_and_not_to_whom() {
    let world = World::new().await;
    let (ada, trace) = full(&world).await;
    let (actor, now) = (admin(&world), world.now());
    let rows = world.store.read(world.realm.id);
    let held = people::holdings(&rows, actor, ada.id, now).await.unwrap();
    assert_eq!((held.sessions, held.apps, held.tokens, held.identities, held.memberships), (1, 0, 0, 0, 1));
    let before = rows.person_trail().events(ada.id, &[], None, 100).await.unwrap();
    let erased = act(&world, async |tx| erase::erase(tx, actor, ada.id, now).await).await.unwrap();
    assert_eq!(erased.traces, 1);
    assert_eq!(rows.users().find(ada.id).await.unwrap(), None);
    assert!(rows.passwords().find(ada.id).await.unwrap().is_none());
    assert_eq!(rows.memberships().list_for_user(ada.id).await.unwrap(), []);
    assert_eq!(rows.sign_in_traces().find(trace).await.unwrap(), None);
    assert_eq!(rows.sign_in_traces().hops(trace).await.unwrap(), []);
    assert_eq!(rows.sessions().list_live(ada.id, now).await.unwrap(), []);
    assert_eq!(search::anywhere(&rows, actor, "ada").await.unwrap(), []);
    let after = rows.person_trail().events(ada.id, &[], None, 100).await.unwrap();
    assert_eq!(after.len(), before.len() + 1, "no line is lost, and one says that this was done");
    assert_eq!(after[0].event, AuditEvent::PersonErased);
    let admins = |line: &&AuditEntry| line.actor == "realm_admin" && line.user_id == Some(ada.id);
    for line in after.iter().skip(1).filter(|line| !admins(line)) {
        assert_eq!((&line.ip, &line.detail), (&None, &None), "{line:?}");
    }
    let as_admin = after.iter().find(admins).unwrap();
    assert_eq!((&as_admin.ip, as_admin.detail.is_some()), (&None, true), "what they changed as an admin stays known");
    // The purge takes the rest.
    while world.store.platform().purge_expired(world.now(), 1000).await.unwrap() > 0 {}
    assert!(world.store.read(world.realm.id).grants().list_live(ada.id).await.unwrap().is_empty());
}
