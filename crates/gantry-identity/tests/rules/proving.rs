//! Proving that an account or an address is one's own, on the way in from a provider.

use gantry_core::connection::{Connection, ConnectionSettings, LinkingPolicy};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::external_identity::ExternalIdentity;
use gantry_core::id::PendingLinkId;
use gantry_core::outbox::MailKind;
use gantry_core::secret::Secret;
use gantry_core::sign_in_attempt::AttemptPurpose;
use gantry_core::sign_in_trace::{SignInProblem, TraceOutcome};
use gantry_core::user::User;
use gantry_identity::sign_in::password::SignIn;
use gantry_identity::sign_in::proving::{Asks, MailedProof, ProofMail, Proved};
use gantry_identity::sign_in::upstream::Arrived;

use crate::provider::{NOTICE, person, refused, unverified};
use crate::world::{Browser, PASSWORD, World, address};

const MAIL: ProofMail<'static> = ProofMail { locale: "en", link_to: "https://x/prove?token=" };

/// Comes with an address of somebody here, and has to prove it.
async fn waits(world: &World, connection: &Connection, browser: &Browser, identity: ExternalIdentity) -> PendingLinkId {
    let arrived = world.come(connection, browser, identity).await;
    let Arrived::Prove(id) = arrived else { panic!("{arrived:?}") };
    id
}

/// Alice with a password, and two connections whose word about addresses is believed.
async fn scene() -> (World, User, Connection, Connection) {
    let world = World::new().await;
    let alice = world.person("alice@gmail.com").await;
    let google = world.connection("google", ConnectorKind::Google, ConnectionSettings::default()).await;
    let github = world.connection("github", ConnectorKind::Github, ConnectionSettings::default()).await;
    (world, alice, google, github)
}

async fn by_password(world: &World, browser: &Browser, id: PendingLinkId, password: &str) -> Proved {
    world.identity.prove_with_password(&world.realm, id, &Secret::new(password), NOTICE, &browser.visit()).await.unwrap()
}

async fn by_mail(world: &World, browser: &Browser, token: &Secret) -> Proved {
    world.identity.prove_with_mail(&world.realm, token, NOTICE, &browser.visit()).await.unwrap()
}

/// Asks for the mail, and returns its token.
async fn mailed(world: &World, browser: &Browser, id: PendingLinkId, named: Option<&str>) -> Secret {
    let named = named.map(address);
    assert!(world.identity.mail_proof(&world.realm, id, named.as_ref(), MAIL, &browser.visit()).await.unwrap());
    world.proof_token().await
}

fn signed_in(proved: Proved) -> gantry_identity::session::OpenedSession {
    let Proved::SignedIn { opened, .. } = proved else { panic!("{proved:?}") };
    *opened
}

#[tokio::test]
async fn fed_12_a_password_proves_the_account_once_and_tells_its_person() {
    let (world, alice, google, _) = scene().await;
    let mut browser = Browser::new();
    let id = waits(&world, &google, &browser, person("1", "alice@gmail.com")).await;
    let waiting = world.identity.waiting_link(&world.realm, id, browser.digest).await.unwrap().unwrap();
    assert!(matches!(waiting.asks, Asks::Account { password: true, may_deny: true, .. }), "{waiting:?}");
    assert!(matches!(by_password(&world, &browser, id, "not-the-one").await, Proved::Wrong));
    assert!(world.identities(alice.id).await.is_empty());
    let opened = signed_in(by_password(&world, &browser, id, PASSWORD).await);
    assert_eq!((opened.user.id, opened.session.connection_id), (alice.id, Some(google.id)));
    browser.keep(opened);
    assert!(world.is_signed_in(&browser).await);
    assert!(matches!(by_password(&world, &browser, id, PASSWORD).await, Proved::Dead), "once");
    let mails = world.mails().await;
    assert!(
        matches!(mails.as_slice(), [mail] if matches!(mail.kind, MailKind::SignInLinked { .. }) && mail.to == alice.email),
        "{mails:?}"
    );
    assert_eq!(world.trace(waiting.trace).await.outcome, TraceOutcome::SignedIn);
    assert_eq!(world.federate(&google, &mut Browser::new(), person("1", "alice@gmail.com")).await.user.id, alice.id);
}

#[tokio::test]
async fn fed_12_what_waits_belongs_to_one_browser() {
    let (world, alice, google, _) = scene().await;
    let (browser, other) = (Browser::new(), Browser::new());
    let id = waits(&world, &google, &browser, person("1", "alice@gmail.com")).await;
    assert!(world.identity.waiting_link(&world.realm, id, other.digest).await.unwrap().is_none());
    assert!(matches!(by_password(&world, &other, id, PASSWORD).await, Proved::Dead));
    assert!(!world.identity.mail_proof(&world.realm, id, None, MAIL, &other.visit()).await.unwrap());
    let token = mailed(&world, &browser, id, None).await;
    assert!(matches!(world.identity.mailed_proof(&world.realm, &token, other.digest).await.unwrap(), MailedProof::OtherBrowser));
    assert!(matches!(by_mail(&world, &other, &token).await, Proved::Dead));
    assert!(world.identities(alice.id).await.is_empty());
    let looked = world.identity.mailed_proof(&world.realm, &token, browser.digest).await.unwrap();
    assert!(matches!(looked, MailedProof::Ready { email, .. } if email == alice.email));
    assert!(world.identities(alice.id).await.is_empty(), "looking changes nothing");
    assert_eq!(signed_in(by_mail(&world, &browser, &token).await).user.id, alice.id);
    assert!(matches!(by_mail(&world, &browser, &token).await, Proved::Dead), "once");
}

#[tokio::test]
async fn fed_12_a_proof_for_one_identity_links_no_other() {
    let (world, alice, google, github) = scene().await;
    let (mine, theirs) = (Browser::new(), Browser::new());
    let id = waits(&world, &google, &mine, person("x", "alice@gmail.com")).await;
    let hers = waits(&world, &google, &theirs, person("y", "alice@gmail.com")).await;
    assert_eq!(signed_in(by_password(&world, &mine, id, PASSWORD).await).user.id, alice.id);
    assert!(matches!(by_password(&world, &theirs, id, PASSWORD).await, Proved::Dead));
    let linked: Vec<_> = world.identities(alice.id).await.into_iter().map(|link| link.subject).collect();
    assert_eq!(linked, ["x"]);
    // Proved by another account's identity: nothing, and what waits goes on waiting.
    world.federate(&github, &mut Browser::new(), person("bob", "bob@gmail.com")).await;
    let attempt = world.attempt(&github, &theirs, AttemptPurpose::Prove { link: hers }).await;
    for subject in ["bob", "nobody"] {
        let arrived = world.arrive(&world.identity, &attempt, &theirs, person(subject, "alice@gmail.com")).await;
        assert_eq!(refused(&arrived), Some(SignInProblem::ProofMismatch), "{subject}");
    }
    assert!(world.identity.waiting_link(&world.realm, hers, theirs.digest).await.unwrap().is_some());
    assert_eq!(world.identities(alice.id).await.len(), 1);
}

#[tokio::test]
async fn another_way_of_the_account_proves_it() {
    let (world, alice, google, github) = scene().await;
    let browser = Browser::new();
    let id = waits(&world, &google, &browser, person("1", "alice@gmail.com")).await;
    signed_in(by_password(&world, &browser, id, PASSWORD).await);
    let id = waits(&world, &github, &browser, person("2", "alice@gmail.com")).await;
    let waiting = world.identity.waiting_link(&world.realm, id, browser.digest).await.unwrap().unwrap();
    assert!(matches!(&waiting.asks, Asks::Account { connections, .. } if connections.iter().any(|own| own.id == google.id)));
    let attempt = world.attempt(&google, &browser, AttemptPurpose::Prove { link: id }).await;
    let arrived = world.arrive(&world.identity, &attempt, &browser, person("1", "alice@gmail.com")).await;
    let Arrived::SignedIn(opened) = arrived else { panic!("{arrived:?}") };
    assert_eq!((opened.user.id, opened.session.connection_id), (alice.id, Some(github.id)));
    assert_eq!(world.identities(alice.id).await.len(), 2);
    for trace in [attempt.trace, waiting.trace] {
        assert_eq!(world.trace(trace).await.outcome, TraceOutcome::SignedIn);
    }
}

#[tokio::test]
async fn fed_11_an_address_that_was_only_said_tells_nothing_and_is_proved_by_its_mailbox() {
    let world = World::new().await;
    let alice = world.person("alice@corp.example").await;
    let oidc = world.connection("oidc", ConnectorKind::Oidc, ConnectionSettings::default()).await;
    let (known, free) = (Browser::at("192.0.2.1"), Browser::at("192.0.2.2"));
    let of_known = waits(&world, &oidc, &known, unverified("1", "alice@corp.example", None)).await;
    let of_free = waits(&world, &oidc, &free, unverified("2", "free@corp.example", None)).await;
    for (id, browser) in [(of_known, &known), (of_free, &free)] {
        let waiting = world.identity.waiting_link(&world.realm, id, browser.digest).await.unwrap().unwrap();
        assert!(matches!(waiting.asks, Asks::Address { suggested: Some(_) }), "the same for both: {waiting:?}");
        assert!(matches!(by_password(&world, browser, id, PASSWORD).await, Proved::Dead), "no password is tried");
    }
    let token = mailed(&world, &known, of_known, None).await;
    assert_eq!(signed_in(by_mail(&world, &known, &token).await).user.id, alice.id);
    world.mails().await;
    let token = mailed(&world, &free, of_free, None).await;
    let made = signed_in(by_mail(&world, &free, &token).await).user;
    assert!(made.email == address("free@corp.example") && made.email_verified_at.is_some());
}

#[tokio::test]
async fn pre_01_a_proved_mailbox_voids_what_a_squatter_made_of_it() {
    let world = World::new().await;
    let oidc = world.connection("oidc", ConnectorKind::Oidc, ConnectionSettings::default()).await;
    let eve = Browser::at("198.51.100.1");
    world.sign_up(&eve, "alice@corp.example", PASSWORD).await;
    world.mails().await;
    let squatter = world.everybody().await.first().unwrap().id;
    world.advance(2);
    let browser = Browser::new();
    let id = waits(&world, &oidc, &browser, unverified("1", "alice@corp.example", None)).await;
    let token = mailed(&world, &browser, id, None).await;
    let alice = signed_in(by_mail(&world, &browser, &token).await).user;
    assert_ne!(alice.id, squatter);
    assert!(world.user(squatter).await.is_none());
    assert!(matches!(world.try_sign_in(&eve, "alice@corp.example", PASSWORD).await, SignIn::Wrong));
}

#[tokio::test]
async fn a_mailbox_alone_links_nothing_where_the_connection_never_links() {
    let world = World::new().await;
    let alice = world.person("alice@corp.example").await;
    let settings = ConnectionSettings { linking: LinkingPolicy::Never, ..ConnectionSettings::default() };
    let oidc = world.connection("oidc", ConnectorKind::Oidc, settings).await;
    let browser = Browser::new();
    let id = waits(&world, &oidc, &browser, unverified("1", "alice@corp.example", None)).await;
    let token = mailed(&world, &browser, id, None).await;
    assert!(matches!(by_mail(&world, &browser, &token).await, Proved::Refused { problem: SignInProblem::AddressTaken, .. }));
    assert!(world.identities(alice.id).await.is_empty());
}

#[tokio::test]
async fn whoever_says_that_it_is_not_theirs_goes_on_with_another_address() {
    let (world, alice, google, _) = scene().await;
    let browser = Browser::new();
    let id = waits(&world, &google, &browser, person("1", "alice@gmail.com")).await;
    let next = world.identity.deny_account(&world.realm, id, &browser.visit()).await.unwrap().unwrap();
    assert!(matches!(by_password(&world, &browser, id, PASSWORD).await, Proved::Dead));
    assert!(matches!(by_password(&world, &browser, next, PASSWORD).await, Proved::Dead));
    let waiting = world.identity.waiting_link(&world.realm, next, browser.digest).await.unwrap().unwrap();
    assert!(matches!(waiting.asks, Asks::Address { suggested: None }));
    assert!(!world.identity.mail_proof(&world.realm, next, None, MAIL, &browser.visit()).await.unwrap());
    let token = mailed(&world, &browser, next, Some("alice.two@gmail.com")).await;
    let made = signed_in(by_mail(&world, &browser, &token).await).user;
    assert!(made.id != alice.id && made.email == address("alice.two@gmail.com"));
}

#[tokio::test]
async fn fed_15_a_proof_comes_too_late_for_a_connection_that_is_off() {
    let (world, alice, google, _) = scene().await;
    let browser = Browser::new();
    let id = waits(&world, &google, &browser, person("1", "alice@gmail.com")).await;
    let token = mailed(&world, &browser, id, None).await;
    world.advance(1);
    world.switch_off(&google).await;
    assert!(matches!(by_password(&world, &browser, id, PASSWORD).await, Proved::Dead));
    assert!(matches!(by_mail(&world, &browser, &token).await, Proved::Dead));
    assert!(world.identities(alice.id).await.is_empty());
}

#[tokio::test]
async fn what_waits_is_over_after_half_an_hour() {
    let (world, _, google, _) = scene().await;
    let browser = Browser::new();
    let id = waits(&world, &google, &browser, person("1", "alice@gmail.com")).await;
    let token = mailed(&world, &browser, id, None).await;
    world.advance(31);
    assert!(world.identity.waiting_link(&world.realm, id, browser.digest).await.unwrap().is_none());
    assert!(matches!(by_password(&world, &browser, id, PASSWORD).await, Proved::Dead));
    assert!(matches!(by_mail(&world, &browser, &token).await, Proved::Dead));
}

#[tokio::test]
async fn bru_01_a_proof_by_password_is_throttled_like_any_try() {
    let (world, _, google, _) = scene().await;
    let browser = Browser::new();
    let id = waits(&world, &google, &browser, person("1", "alice@gmail.com")).await;
    for _ in 0..10 {
        assert!(matches!(by_password(&world, &browser, id, "not-the-one").await, Proved::Wrong));
    }
    assert!(matches!(by_password(&world, &browser, id, PASSWORD).await, Proved::Throttled { .. }));
}

#[tokio::test]
async fn f_25_one_of_many_proofs_at_once_succeeds() {
    let (world, alice, google, _) = scene().await;
    let browser = Browser::new();
    let id = waits(&world, &google, &browser, person("1", "alice@gmail.com")).await;
    let (neighbour, password, visit) = (world.neighbour().await, Secret::new(PASSWORD), browser.visit());
    let (one, two) = tokio::join!(
        world.identity.prove_with_password(&world.realm, id, &password, NOTICE, &visit),
        neighbour.prove_with_password(&world.realm, id, &password, NOTICE, &visit),
    );
    let done = [one.unwrap(), two.unwrap()].iter().filter(|proved| matches!(proved, Proved::SignedIn { .. })).count();
    assert_eq!((done, world.identities(alice.id).await.len()), (1, 1));
}
