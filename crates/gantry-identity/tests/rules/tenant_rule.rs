//! New ways to sign in for the members of a tenant that takes no passwords.

use gantry_core::connection::{Connection, ConnectionSettings, JoinRule};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::external_identity::ExternalIdentity;
use gantry_core::secret::Secret;
use gantry_core::session::Session;
use gantry_core::sign_in_attempt::AttemptPurpose;
use gantry_core::sign_in_trace::SignInProblem;
use gantry_core::tenant::{Membership, SignInRule, Tenant, TenantRole};
use gantry_core::user::User;
use gantry_identity::merge::MergeProof;
use gantry_identity::sign_in::password::Credentials;
use gantry_identity::sign_in::proving::{ProofMail, Proved};
use gantry_identity::sign_in::upstream::Arrived;

use crate::provider::{NOTICE, person, refused};
use crate::world::{Browser, PASSWORD, World, address};

const RULES: [SignInRule; 2] = [SignInRule::Federated, SignInRule::OwnConnection];

/// Acme, which takes no passwords, with its own connection; Alice is a member who may break the glass; and Google.
struct Scene {
    world: World,
    acme: Tenant,
    own: Connection,
    google: Connection,
    alice: User,
}

impl Scene {
    async fn new(rule: SignInRule) -> Self {
        let world = World::new().await;
        let acme = world.tenant("acme", "acme.example").await;
        let own = world.connection("entra", ConnectorKind::Oidc, ConnectionSettings::default()).await;
        world.attach(&own, &acme, JoinRule::Invited).await;
        let google = world.connection("google", ConnectorKind::Google, ConnectionSettings::default()).await;
        let alice = world.person("alice@gmail.com").await;
        let scene = Self { world, acme, own, google, alice };
        scene.member(&scene.alice, true).await;
        scene.world.limit(&scene.acme, rule).await;
        scene
    }

    async fn member(&self, user: &User, break_glass: bool) {
        let membership = Membership {
            id: gantry_core::id::MembershipId::new(),
            tenant_id: self.acme.id,
            user_id: user.id,
            role: TenantRole::Member,
            break_glass,
            connection_id: None,
            created_at: self.world.now(),
        };
        self.world.store.transact(self.world.realm.id, async |tx| Ok(tx.memberships().put(&membership).await?)).await.unwrap();
    }

    async fn link(&self, connection: &Connection, browser: &Browser, session: &Session, subject: &str) -> Arrived {
        let purpose = AttemptPurpose::Link { user: session.user_id, session: session.id };
        let attempt = self.world.attempt(connection, browser, purpose).await;
        self.world.arrive(&self.world.identity, &attempt, browser, person(subject, "else@where.example")).await
    }

    /// Comes with an identity that has Alice's address, and proves the account by its password, then by a mail.
    async fn prove(&self, connection: &Connection, identity: ExternalIdentity) -> [Proved; 2] {
        let (by_password, by_mail) = (Browser::new(), Browser::new());
        let (identity_rules, realm) = (&self.world.identity, &self.world.realm);
        let Arrived::Prove(id) = self.world.come(connection, &by_password, identity.clone()).await else { panic!("not asked") };
        let password = Secret::new(PASSWORD);
        let first = identity_rules.prove_with_password(realm, id, &password, NOTICE, &by_password.visit()).await.unwrap();
        let other = ExternalIdentity { subject: format!("{}-too", identity.subject), ..identity };
        let Arrived::Prove(id) = self.world.come(connection, &by_mail, other).await else { panic!("not asked") };
        let mail = ProofMail { locale: "en", link_to: "https://x/prove?token=" };
        assert!(identity_rules.mail_proof(realm, id, None, mail, &by_mail.visit()).await.unwrap());
        let token = self.world.proof_token().await;
        [first, identity_rules.prove_with_mail(realm, &token, NOTICE, &by_mail.visit()).await.unwrap()]
    }
}

#[tokio::test]
async fn a_password_alone_links_no_way_around_a_tenants_rule() {
    for rule in RULES {
        let scene = Box::pin(Scene::new(rule)).await;
        let mut here = Browser::new();
        let session = scene.world.sign_in(&mut here, "alice@gmail.com").await.session;
        let arrived = scene.link(&scene.google, &here, &session, "1").await;
        assert_eq!(refused(&arrived), Some(SignInProblem::NotForTenant), "{rule:?}");
        assert!(scene.world.identities(scene.alice.id).await.is_empty());
        // The tenant's own provider speaks for itself, and whoever came through it may link another.
        assert!(matches!(scene.link(&scene.own, &here, &session, "2").await, Arrived::Linked(_)), "{rule:?}");
        let session = scene.world.federate(&scene.own, &mut here, person("2", "alice@gmail.com")).await.session;
        assert!(matches!(scene.link(&scene.google, &here, &session, "1").await, Arrived::Linked(_)), "{rule:?}");
    }
}

#[tokio::test]
async fn another_provider_than_its_own_does_not_meet_a_tenants_rule() {
    let scene = Box::pin(Scene::new(SignInRule::Any)).await;
    let mut here = Browser::new();
    let session = scene.world.sign_in(&mut here, "alice@gmail.com").await.session;
    assert!(matches!(scene.link(&scene.google, &here, &session, "1").await, Arrived::Linked(_)), "no rule");
    let github = scene.world.connection("github", ConnectorKind::Github, ConnectionSettings::default()).await;
    let session = scene.world.federate(&scene.google, &mut here, person("1", "alice@gmail.com")).await.session;
    scene.world.limit(&scene.acme, SignInRule::OwnConnection).await;
    let arrived = scene.link(&github, &here, &session, "2").await;
    assert_eq!(refused(&arrived), Some(SignInProblem::NotForTenant));
    scene.world.limit(&scene.acme, SignInRule::Federated).await;
    assert!(matches!(scene.link(&github, &here, &session, "2").await, Arrived::Linked(_)));
}

#[tokio::test]
async fn neither_a_password_nor_a_mailbox_proves_what_a_tenants_rule_demands() {
    for rule in RULES {
        let scene = Box::pin(Scene::new(rule)).await;
        for proved in scene.prove(&scene.google, person("1", "alice@gmail.com")).await {
            assert!(matches!(proved, Proved::Refused { problem: SignInProblem::NotForTenant, .. }), "{rule:?}: {proved:?}");
        }
        assert!(scene.world.identities(scene.alice.id).await.is_empty());
        let scene = Box::pin(Scene::new(rule)).await;
        scene.world.attach(&scene.google, &scene.acme, JoinRule::Invited).await;
        for proved in scene.prove(&scene.google, person("1", "alice@gmail.com")).await {
            assert!(matches!(proved, Proved::SignedIn { .. }), "{rule:?}: {proved:?}");
        }
    }
}

#[tokio::test]
async fn a_merge_is_no_way_around_a_tenants_rule_either() {
    let scene = Box::pin(Scene::new(SignInRule::Federated)).await;
    let world = &scene.world;
    let eve = world.federate(&scene.google, &mut Browser::new(), person("1", "eve@gmail.com")).await.user;
    // Into the member's account, by its password.
    let mut here = Browser::new();
    let session = world.sign_in(&mut here, "alice@gmail.com").await.session;
    let arrived = scene.link(&scene.google, &here, &session, "1").await;
    assert_eq!(refused(&arrived), Some(SignInProblem::LinkedElsewhere));
    // Out of it, by its password.
    let mut of_eve = Browser::new();
    world.federate(&scene.google, &mut of_eve, person("1", "eve@gmail.com")).await;
    let prove = async |into: &User, email: &str, browser: &Browser| {
        let (email, password) = (address(email), Secret::new(PASSWORD));
        let typed = Credentials { email: &email, password: &password, remember: false };
        world.identity.prove_for_merge(&world.realm, into, typed, &browser.visit()).await.unwrap()
    };
    assert!(matches!(prove(&eve, "alice@gmail.com", &of_eve).await, MergeProof::Wrong));
    world.person("other@example.com").await;
    assert!(matches!(prove(&scene.alice, "other@example.com", &here).await, MergeProof::Wrong));
    // What was offered before the rule came is not carried out under it.
    world.limit(&scene.acme, SignInRule::Any).await;
    let Arrived::Mergeable(token) = scene.link(&scene.google, &here, &session, "1").await else { panic!("not offered") };
    world.limit(&scene.acme, SignInRule::Federated).await;
    assert!(world.identity.merge_own(&scene.alice, &token, NOTICE, &here.visit()).await.unwrap().is_none());
    assert!(world.user(eve.id).await.unwrap().disabled_at.is_none());
}

#[tokio::test]
async fn who_may_break_the_glass_does_not_pass_it_on_in_a_merge_of_their_own() {
    let scene = Box::pin(Scene::new(SignInRule::Any)).await;
    let bob = scene.world.person("bob@example.com").await;
    let mut here = Browser::new();
    scene.world.sign_in(&mut here, "bob@example.com").await;
    let (email, password) = (address("alice@gmail.com"), Secret::new(PASSWORD));
    let typed = Credentials { email: &email, password: &password, remember: false };
    let proof = scene.world.identity.prove_for_merge(&scene.world.realm, &bob, typed, &here.visit()).await.unwrap();
    let MergeProof::Offered(token) = proof else { panic!("not offered") };
    assert!(scene.world.identity.merge_own(&bob, &token, NOTICE, &here.visit()).await.unwrap().is_some());
    assert!(!scene.world.membership(&scene.acme, bob.id).await.unwrap().break_glass);
}

#[tokio::test]
async fn a_new_way_to_sign_in_takes_a_recent_sign_in() {
    let scene = Box::pin(Scene::new(SignInRule::Any)).await;
    let mut here = Browser::new();
    let session = scene.world.sign_in(&mut here, "alice@gmail.com").await.session;
    scene.world.advance(11);
    let arrived = scene.link(&scene.google, &here, &session, "1").await;
    assert_eq!(refused(&arrived), Some(SignInProblem::ProofMismatch));
    let session = scene.world.sign_in(&mut here, "alice@gmail.com").await.session;
    scene.world.advance(9);
    assert!(matches!(scene.link(&scene.google, &here, &session, "1").await, Arrived::Linked(_)));
}
