//! Linking and unlinking from the account page, and making one account of two.

use gantry_core::actor::Actor;
use gantry_core::connection::{Connection, ConnectionSettings, JoinRule};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::grant::Grant;
use gantry_core::id::{ClientId, GrantId, SessionId, UserId};
use gantry_core::outbox::MailKind;
use gantry_core::scope_set::ScopeSet;
use gantry_core::secret::Secret;
use gantry_core::session::{Acr, Session};
use gantry_core::sign_in_attempt::AttemptPurpose;
use gantry_core::sign_in_trace::SignInProblem;
use gantry_core::tenant::{Membership, TenantRole};
use gantry_core::user::{RealmRole, User};
use gantry_identity::linked::Unlinked;
use gantry_identity::merge::{self, MergeProof};
use gantry_identity::sign_in::password::{Credentials, SignIn};
use gantry_identity::sign_in::upstream::Arrived;
use gantry_identity::users::{self, UserChange};

use crate::provider::{NOTICE, person, refused};
use crate::world::{Browser, PASSWORD, World, address};

async fn google(world: &World) -> Connection {
    world.connection("google", ConnectorKind::Google, ConnectionSettings::default()).await
}

/// Comes back from a provider to link what it says to the account of this session.
async fn link(world: &World, connection: &Connection, browser: &Browser, session: &Session, subject: &str) -> Arrived {
    let purpose = AttemptPurpose::Link { user: session.user_id, session: session.id };
    let attempt = world.attempt(connection, browser, purpose).await;
    world.arrive(&world.identity, &attempt, browser, person(subject, "else@where.example")).await
}

async fn unlink(world: &World, browser: &Browser, user: &User, subject: &str) -> Unlinked {
    let link = world.identities(user.id).await.into_iter().find(|link| link.subject == subject).unwrap();
    world.identity.unlink(&world.realm, user, link.id, NOTICE, &browser.visit()).await.unwrap()
}

async fn merge_as(world: &World, actor: Actor, from: UserId, into: UserId) -> bool {
    let now = world.now();
    world.store.transact(world.realm.id, async |tx| merge::carry_out(tx, actor, from, into, NOTICE, now).await).await.is_ok()
}

#[tokio::test]
async fn fed_12_an_identity_is_linked_to_whoever_began_it_in_the_same_session_alone() {
    let world = World::new().await;
    let google = google(&world).await;
    let alice = world.person("alice@example.com").await;
    world.person("eve@example.com").await;
    let (mut here, mut there, mut of_eve) = (Browser::new(), Browser::new(), Browser::new());
    let session = world.sign_in(&mut here, "alice@example.com").await.session;
    world.sign_in(&mut there, "alice@example.com").await;
    world.sign_in(&mut of_eve, "eve@example.com").await;
    // The callback of an attempt that Alice began, in another browser, another session, or none.
    for browser in [&there, &of_eve, &Browser::new()] {
        let arrived = link(&world, &google, browser, &session, "1").await;
        assert_eq!(refused(&arrived), Some(SignInProblem::ProofMismatch));
    }
    let foreign = world.attempt(&google, &here, AttemptPurpose::Link { user: session.user_id, session: session.id }).await;
    let arrived = world.arrive(&world.identity, &foreign, &there, person("1", "a@b.example")).await;
    assert_eq!(refused(&arrived), Some(SignInProblem::UnknownAttempt));
    assert!(world.identities(alice.id).await.is_empty());
    world.mails().await;
    assert!(matches!(link(&world, &google, &here, &session, "1").await, Arrived::Linked(link) if link.user_id == alice.id));
    assert!(matches!(link(&world, &google, &here, &session, "1").await, Arrived::Linked(_)), "again changes nothing");
    let mails = world.mails().await;
    assert!(matches!(mails.as_slice(), [mail] if matches!(mail.kind, MailKind::SignInLinked { .. })), "{mails:?}");
    assert_eq!(world.user(alice.id).await.unwrap().email, address("alice@example.com"));
}

#[tokio::test]
async fn the_last_way_to_sign_in_stays() {
    let mut world = World::new().await;
    let google = google(&world).await;
    let mut here = Browser::new();
    let opened = world.federate(&google, &mut here, person("1", "alice@gmail.com")).await;
    let alice = opened.user;
    let listed = world.identity.linked_identities(&world.realm, &alice).await.unwrap();
    assert!(matches!(listed.as_slice(), [only] if !only.removable && only.connection.id == google.id));
    assert_eq!(unlink(&world, &here, &alice, "1").await, Unlinked::LastWay);
    let github = world.connection("github", ConnectorKind::Github, ConnectionSettings::default()).await;
    assert!(matches!(link(&world, &github, &here, &opened.session, "2").await, Arrived::Linked(_)));
    world.switch_off(&github).await;
    assert_eq!(unlink(&world, &here, &alice, "1").await, Unlinked::LastWay, "a way that is off is none");
    world.put_connection(&github).await;
    world.mails().await;
    let mut there = Browser::new();
    world.federate(&google, &mut there, person("1", "alice@gmail.com")).await;
    let stranger = world.person("bob@example.com").await;
    let link_of_alice = world.identities(alice.id).await.first().unwrap().id;
    let foreign = world.identity.unlink(&world.realm, &stranger, link_of_alice, NOTICE, &here.visit()).await.unwrap();
    assert_eq!(foreign, Unlinked::Unknown);
    assert_eq!(unlink(&world, &here, &alice, "1").await, Unlinked::Done);
    assert!(world.is_signed_in(&here).await && !world.is_signed_in(&there).await, "what began with it ends elsewhere");
    assert!(matches!(world.mails().await.as_slice(), [mail] if matches!(mail.kind, MailKind::SignInUnlinked { .. })));
    // A password is a way, where the realm has passwords.
    let bob = world.person("carol@example.com").await;
    let mut of_bob = Browser::new();
    let session = world.sign_in(&mut of_bob, "carol@example.com").await.session;
    assert!(matches!(link(&world, &google, &of_bob, &session, "9").await, Arrived::Linked(_)));
    world.realm.settings.sign_in.password = false;
    assert_eq!(unlink(&world, &of_bob, &bob, "9").await, Unlinked::LastWay);
    world.realm.settings.sign_in.password = true;
    assert_eq!(unlink(&world, &of_bob, &bob, "9").await, Unlinked::Done);
}

#[tokio::test]
async fn two_accounts_become_one_as_previewed() {
    let world = World::new().await;
    let google = google(&world).await;
    let (acme, other) = (world.tenant("acme", "acme.example").await, world.tenant("other", "other.example").await);
    world.attach(&google, &other, JoinRule::Everyone).await;
    let mut of_from = Browser::new();
    let from = world.federate(&google, &mut of_from, person("1", "alice@gmail.com")).await.user;
    let into = world.person("alice@example.com").await;
    world.put_membership(&acme, from.id, TenantRole::TenantAdmin).await;
    world.put_membership(&acme, into.id, TenantRole::Member).await;
    let looked = world.store.read(world.realm.id);
    let preview = merge::preview(&looked, Actor::System, from.id, into.id).await.unwrap();
    assert_eq!((preview.identities.len(), preview.memberships.len(), preview.password), (1, 2, false));
    let alone = Actor::User { user: into.id, realm: world.realm.id };
    assert!(merge::preview(&looked, alone, from.id, into.id).await.is_err() && !merge_as(&world, alone, from.id, into.id).await);
    assert!(world.is_signed_in(&of_from).await);
    assert!(merge_as(&world, Actor::System, from.id, into.id).await);
    assert!(!world.is_signed_in(&of_from).await);
    assert_eq!(world.membership(&acme, into.id).await.unwrap().role, TenantRole::TenantAdmin, "the higher role");
    let joined = world.membership(&other, into.id).await.unwrap();
    assert_eq!((joined.role, joined.connection_id), (TenantRole::Member, Some(google.id)), "its connection goes on deciding");
    for tenant in [&acme, &other] {
        assert!(world.membership(tenant, from.id).await.is_none());
    }
    let gone = world.user(from.id).await.unwrap();
    assert!(gone.disabled_at.is_some() && gone.email_verified_at.is_none());
    assert_eq!(world.federate(&google, &mut Browser::new(), person("1", "alice@gmail.com")).await.user.id, into.id);
    assert!(!merge_as(&world, Actor::System, from.id, into.id).await, "what is off is merged no more");
    assert!(!merge_as(&world, Actor::System, into.id, into.id).await);
}

#[tokio::test]
async fn whoever_proves_both_accounts_may_merge_them_once_in_that_browser() {
    let world = World::new().await;
    let google = google(&world).await;
    let other = world.federate(&google, &mut Browser::new(), person("1", "alice@gmail.com")).await.user;
    let alice = world.person("alice@example.com").await;
    let mut here = Browser::new();
    let session = world.sign_in(&mut here, "alice@example.com").await.session;
    let Arrived::Mergeable(token) = link(&world, &google, &here, &session, "1").await else { panic!("not offered") };
    let preview = async |person: &User, browser: &Browser| {
        world.identity.preview_merge(person, &token, browser.digest).await.unwrap().map(|preview| (preview.from.id, preview.into.id))
    };
    assert_eq!(preview(&alice, &Browser::new()).await, None, "another browser");
    assert_eq!(preview(&other, &here).await, None, "another person");
    assert_eq!(preview(&alice, &here).await, Some((other.id, alice.id)));
    assert!(world.identity.merge_own(&alice, &token, NOTICE, &here.visit()).await.unwrap().is_some());
    assert!(world.identity.merge_own(&alice, &token, NOTICE, &here.visit()).await.unwrap().is_none(), "once");
    assert_eq!(world.identities(alice.id).await.len(), 1);
    assert!(world.is_signed_in(&here).await);
}

#[tokio::test]
async fn fed_14_a_connection_that_only_links_opens_no_account_by_a_merge() {
    let world = World::new().await;
    let settings = ConnectionSettings { link_only: true, ..ConnectionSettings::default() };
    let discord = world.connection("discord", ConnectorKind::Discord, settings).await;
    let victim = world.person("victim@example.com").await;
    world.person("eve@example.com").await;
    let (mut of_victim, mut of_eve) = (Browser::new(), Browser::new());
    let session = world.sign_in(&mut of_victim, "victim@example.com").await.session;
    assert!(matches!(link(&world, &discord, &of_victim, &session, "1").await, Arrived::Linked(_)));
    let session = world.sign_in(&mut of_eve, "eve@example.com").await.session;
    let arrived = link(&world, &discord, &of_eve, &session, "1").await;
    assert_eq!(refused(&arrived), Some(SignInProblem::LinkedElsewhere));
    assert_eq!(world.identities(victim.id).await.len(), 1);
}

#[tokio::test]
async fn both_addresses_learn_of_a_merge() {
    let world = World::new().await;
    let google = google(&world).await;
    let from = world.federate(&google, &mut Browser::new(), person("1", "alice@gmail.com")).await.user;
    let into = world.person("alice@example.com").await;
    world.mails().await;
    assert!(merge_as(&world, Actor::System, from.id, into.id).await);
    let mails = world.mails().await;
    let [gained, lost] = mails.as_slice() else { panic!("{mails:?}") };
    assert!(matches!(&gained.kind, MailKind::SignInLinked { provider, .. } if provider == "google") && gained.to == into.email);
    assert!(matches!(&lost.kind, MailKind::SignInUnlinked { provider, .. } if provider == "alice@gmail.com") && lost.to == from.email);
}

#[tokio::test]
async fn another_account_is_proved_by_its_password_and_nobody_learns_why_not() {
    let world = World::new().await;
    let (alice, other) = (world.person("alice@example.com").await, world.person("other@example.com").await);
    let admin = world.person("admin@example.com").await;
    let (change, now) = (UserChange { roles: Some(vec![RealmRole::RealmAdmin]), ..UserChange::default() }, world.now());
    world.store.transact(world.realm.id, async |tx| users::update(tx, Actor::System, admin.id, change, now).await).await.unwrap();
    let here = Browser::new();
    let prove = async |email: &str, password: &str| {
        let (email, password) = (address(email), Secret::new(password));
        let typed = Credentials { email: &email, password: &password, remember: false };
        world.identity.prove_for_merge(&world.realm, &alice, typed, &here.visit()).await.unwrap()
    };
    for (email, password) in [
        ("other@example.com", "not-the-one"),
        ("nobody@example.com", PASSWORD),
        ("alice@example.com", PASSWORD),
        ("admin@example.com", PASSWORD),
    ] {
        assert!(matches!(prove(email, password).await, MergeProof::Wrong), "{email}");
    }
    let MergeProof::Offered(token) = prove("other@example.com", PASSWORD).await else { panic!("not offered") };
    assert!(world.identity.merge_own(&alice, &token, NOTICE, &here.visit()).await.unwrap().is_some());
    assert!(world.user(other.id).await.unwrap().disabled_at.is_some());
    assert!(matches!(world.try_sign_in(&Browser::new(), "other@example.com", PASSWORD).await, SignIn::Wrong));
    assert!(matches!(world.try_sign_in(&Browser::new(), "alice@example.com", PASSWORD).await, SignIn::Done(_)));
}

#[tokio::test]
async fn the_connection_that_gave_the_higher_role_goes_on_deciding_after_a_merge() {
    use TenantRole::{Member, TenantAdmin};
    let world = World::new().await;
    let (google, github) = (google(&world).await, world.connection("github", ConnectorKind::Github, ConnectionSettings::default()).await);
    let (theirs, own) = (Some(google.id), Some(github.id));
    let cases = [
        ((TenantAdmin, theirs), (Member, own), theirs),
        ((Member, theirs), (TenantAdmin, own), own),
        ((Member, theirs), (Member, own), own),
        ((TenantAdmin, theirs), (Member, None), None),
        ((TenantAdmin, None), (Member, own), None),
    ];
    for (index, (theirs, own, expected)) in cases.into_iter().enumerate() {
        let tenant = world.tenant(&format!("t{index}"), &format!("t{index}.example")).await;
        let from = world.person(&format!("from{index}@example.com")).await;
        let into = world.person(&format!("into{index}@example.com")).await;
        for (user, (role, connection)) in [(&from, theirs), (&into, own)] {
            world.put_membership(&tenant, user.id, role).await;
            let membership = Membership { connection_id: connection, ..world.membership(&tenant, user.id).await.unwrap() };
            world.store.transact(world.realm.id, async |tx| Ok(tx.memberships().put(&membership).await?)).await.unwrap();
        }
        assert!(merge_as(&world, Actor::System, from.id, into.id).await);
        assert_eq!(world.membership(&tenant, into.id).await.unwrap().connection_id, expected, "{index}");
    }
}

#[tokio::test]
async fn what_was_allowed_through_an_identity_ends_with_its_link() {
    let world = World::new().await;
    let google = google(&world).await;
    let alice = world.person("alice@example.com").await;
    let mut here = Browser::new();
    let session = world.sign_in(&mut here, "alice@example.com").await.session;
    assert!(matches!(link(&world, &google, &here, &session, "1").await, Arrived::Linked(_)));
    let through = |connection| Grant {
        id: GrantId::new(),
        realm_id: world.realm.id,
        user_id: alice.id,
        client_id: ClientId::new(),
        session_id: SessionId::new(),
        connection_id: connection,
        session_bound: false,
        scopes: ScopeSet::from_names(["openid", "offline_access"]),
        audiences: Vec::new(),
        tenants: Vec::new(),
        default_tenant: None,
        nonce: None,
        requested_claims: None,
        authenticated_at: world.now(),
        acr: Acr::One,
        amr: Vec::new(),
        created_at: world.now(),
        last_used_at: world.now(),
        revoked_at: None,
    };
    let (offline, other) = (through(Some(google.id)), through(None));
    let written = world
        .store
        .transact(world.realm.id, async |tx| {
            tx.grants().insert(&offline).await?;
            Ok(tx.grants().insert(&other).await?)
        })
        .await;
    written.unwrap();
    assert_eq!(unlink(&world, &here, &alice, "1").await, Unlinked::Done);
    let live: Vec<_> = world.store.read(world.realm.id).grants().list_live(alice.id).await.unwrap();
    assert_eq!(live.iter().map(|grant| grant.id).collect::<Vec<_>>(), [other.id]);
}
