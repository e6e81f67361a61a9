//! Signing in with somebody else's server: whose account it is, and what the session says.

use gantry_core::actor::Actor;
use gantry_core::connection::{
    Connection, ConnectionSettings, EmailTrust, JoinRule, LinkingPolicy, MicrosoftAudience, MicrosoftSettings, ProfileRefresh,
};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::external_identity::{AssertedEmail, ExternalIdentity};
use gantry_core::secret::Secret;
use gantry_core::sign_in_attempt::AttemptPurpose;
use gantry_core::sign_in_trace::{HopKind, SignInProblem, TraceOutcome};
use gantry_core::tenant::Tenant;
use gantry_core::user::RealmRole;
use gantry_identity::linking::{Resolution, Warrant, dry_run};
use gantry_identity::sign_in::password::SignIn;
use gantry_identity::sign_in::upstream::Arrived;
use gantry_identity::users::{self, UserChange};
use serde_json::json;

use crate::provider::{person, refused, trusting, unverified};
use crate::world::{Browser, PASSWORD, World, address};

pub(crate) fn plain() -> ConnectionSettings {
    ConnectionSettings::default()
}

#[tokio::test]
async fn fed_08_a_subject_that_stands_for_nobody_is_refused() {
    let world = World::new().await;
    let google = world.connection("google", ConnectorKind::Google, plain()).await;
    for subject in ["", "null", "undefined", "a b", "a\0", " a", "\u{e9}", &"x".repeat(256)] {
        let arrived = world.come(&google, &Browser::new(), person(subject, "alice@gmail.com")).await;
        assert_eq!(refused(&arrived), Some(SignInProblem::BadSubject), "{subject:?}");
    }
    assert!(world.everybody().await.is_empty());
    assert!(matches!(world.come(&google, &Browser::new(), person(&"x".repeat(255), "alice@gmail.com")).await, Arrived::SignedIn(_)));
}

#[tokio::test]
async fn fed_09_one_subject_at_two_connections_is_two_people() {
    let world = World::new().await;
    let honest = world.connection("google", ConnectorKind::Google, plain()).await;
    let acme = world.tenant("acme", "acme.example").await;
    let hostile = world.connection_of(Some(acme.id), "acme", ConnectorKind::Oidc, trusting()).await;
    let alice = world.federate(&honest, &mut Browser::new(), person("1", "alice@gmail.com")).await.user;
    // The same issuer and subject through the tenant's own connection: nobody here, and certainly not Alice.
    let arrived = world.come(&hostile, &Browser::new(), person("1", "alice@gmail.com")).await;
    assert!(matches!(arrived, Arrived::Prove(_)), "{arrived:?}");
    let other = world.federate(&hostile, &mut Browser::new(), person("1", "bob@acme.example")).await.user;
    assert_ne!(other.id, alice.id);
    // Nor is another issuer's subject the same through one connection.
    let elsewhere = ExternalIdentity { issuer: "https://other.example".to_owned(), ..person("1", "carol@gmail.com") };
    assert_ne!(world.federate(&honest, &mut Browser::new(), elsewhere).await.user.id, alice.id);
    assert_eq!(world.federate(&honest, &mut Browser::new(), person("1", "new@gmail.com")).await.user.id, alice.id);
}

#[tokio::test]
async fn fed_10_pre_01_a_squatter_is_not_found_and_does_not_survive() {
    let world = World::new().await;
    let google = world.connection("google", ConnectorKind::Google, plain()).await;
    let eve = Browser::new();
    world.sign_up(&eve, "alice@gmail.com", PASSWORD).await;
    let squatter = world.everybody().await.first().unwrap().id;
    let token = world.mailed_token().await;
    let opened = world.federate(&google, &mut Browser::new(), person("1", "alice@gmail.com")).await;
    assert_ne!(opened.user.id, squatter);
    assert!(world.user(squatter).await.is_none(), "the squatter's account is gone with the proof");
    assert!(matches!(world.try_sign_in(&eve, "alice@gmail.com", PASSWORD).await, SignIn::Wrong));
    let verified = world.identity.verify_email(&world.realm, &token, Some(&Secret::new(PASSWORD)), &eve.visit()).await.unwrap();
    assert!(matches!(verified, gantry_identity::verification::Verification::Dead), "{verified:?}");
}

#[tokio::test]
async fn fed_11_what_is_not_plainly_verified_finds_no_account() {
    let world = World::new().await;
    let alice = world.person("alice@acme.example").await;
    let acme = world.tenant("acme", "acme.example").await;
    let shared = world.connection("oidc", ConnectorKind::Oidc, trusting()).await;
    world.attach(&shared, &acme, JoinRule::ProvedDomain).await;
    let own = world.connection_of(Some(acme.id), "acme", ConnectorKind::Oidc, trusting()).await;
    let believed = ConnectionSettings { email_trust: Some(EmailTrust::Provider), ..trusting() };
    let believed = world.connection("believed", ConnectorKind::Oidc, believed).await;
    for claim in [Some(json!(false)), Some(json!("true")), Some(json!(1)), Some(json!(null)), None] {
        for connection in [&shared, &own, &believed] {
            // The tenant's own provider need say nothing at all about addresses in the domain that the tenant has proved.
            let told = connection.id == own.id && claim.is_none();
            let arrived = world.come(connection, &Browser::new(), unverified("7", "alice@acme.example", claim.clone())).await;
            assert_eq!(matches!(arrived, Arrived::Prove(_)), !told, "{claim:?} {}: {arrived:?}", connection.slug);
        }
        assert!(world.identities(alice.id).await.iter().all(|link| link.connection_id == own.id));
    }
}

#[tokio::test]
async fn fed_11_fed_22_ent_08_ent_11_nobody_shares_a_providers_word_by_owning_the_connection() {
    let world = World::new().await;
    let alice = world.person("alice@acme.example").await;
    let acme = world.tenant("acme", "acme.example").await;
    let kinds = [
        ConnectorKind::Google,
        ConnectorKind::Github,
        ConnectorKind::Apple,
        ConnectorKind::Gitlab,
        ConnectorKind::Linkedin,
        ConnectorKind::Slack,
        ConnectorKind::Discord,
        ConnectorKind::Facebook,
        // For everybody's directory.
        ConnectorKind::Microsoft,
    ];
    for kind in kinds {
        let own = world.connection_of(Some(acme.id), kind.as_str(), kind, trusting()).await;
        let arrived = world.come(&own, &Browser::new(), unverified("7", "alice@acme.example", None)).await;
        assert!(matches!(arrived, Arrived::Prove(_)), "{kind}: {arrived:?}");
        assert!(world.identities(alice.id).await.iter().all(|link| link.connection_id != own.id), "{kind}");
        // What the provider vouches for in the proved domain is the person's.
        world.federate(&own, &mut Browser::new(), person("8", "alice@acme.example")).await;
    }
}

#[tokio::test]
async fn fed_11_what_the_connector_read_as_a_denial_is_one() {
    let world = World::new().await;
    world.person("alice@acme.example").await;
    let acme = world.tenant("acme", "acme.example").await;
    let own = world.connection_of(Some(acme.id), "acme", ConnectorKind::Oidc, trusting()).await;
    let directory = MicrosoftAudience::Directory("11111111-2222-3333-4444-555555555555".to_owned());
    let settings = ConnectionSettings { microsoft: Some(MicrosoftSettings { audience: directory, ..Default::default() }), ..trusting() };
    let entra = world.connection_of(Some(acme.id), "entra", ConnectorKind::Microsoft, settings).await;
    // One document of the provider says no, another one says yes: the merged claims hide it.
    let mut denied = unverified("7", "alice@acme.example", Some(json!(true)));
    denied.email.as_mut().unwrap().because = "email_verified is false".to_owned();
    let arrived = world.come(&own, &Browser::new(), denied).await;
    assert!(matches!(arrived, Arrived::Prove(_)), "{arrived:?}");
    let mut not_the_owners = unverified("8", "alice@acme.example", None);
    not_the_owners.claims.insert("xms_edov".to_owned(), json!(false));
    let arrived = world.come(&entra, &Browser::new(), not_the_owners).await;
    assert!(matches!(arrived, Arrived::Prove(_)), "{arrived:?}");
    world.federate(&entra, &mut Browser::new(), unverified("9", "alice@acme.example", None)).await;
}

#[tokio::test]
async fn fed_14_a_connection_that_only_links_signs_nobody_in() {
    let world = World::new().await;
    let settings = ConnectionSettings { link_only: true, ..plain() };
    let github = world.connection("github", ConnectorKind::Github, settings).await;
    world.person("alice@example.com").await;
    let mut here = Browser::new();
    let session = world.sign_in(&mut here, "alice@example.com").await.session;
    let purpose = AttemptPurpose::Link { user: session.user_id, session: session.id };
    let attempt = world.attempt(&github, &here, purpose).await;
    let arrived = world.arrive(&world.identity, &attempt, &here, person("1", "alice@example.com")).await;
    assert!(matches!(arrived, Arrived::Linked(_)), "{arrived:?}");
    for identity in [person("1", "alice@example.com"), person("2", "bob@example.com")] {
        let arrived = world.come(&github, &Browser::new(), identity).await;
        assert_eq!(refused(&arrived), Some(SignInProblem::LinkOnly), "{arrived:?}");
    }
}

#[tokio::test]
async fn fed_15_what_is_switched_off_is_over_at_once_and_for_good() {
    let world = World::new().await;
    let google = world.connection("google", ConnectorKind::Google, plain()).await;
    let (mut here, away) = (Browser::new(), Browser::new());
    world.federate(&google, &mut here, person("1", "alice@gmail.com")).await;
    let in_flight = world.attempt(&google, &away, AttemptPurpose::SignIn).await;
    assert!(world.is_signed_in(&here).await);
    world.advance(1);
    world.switch_off(&google).await;
    assert!(!world.is_signed_in(&here).await);
    let alice = world.everybody().await.remove(0);
    assert!(world.identity.sessions_of(&world.realm, &alice).await.unwrap().is_empty(), "nor is it listed");
    let arrived = world.arrive(&world.identity, &in_flight, &away, person("1", "alice@gmail.com")).await;
    assert_eq!(refused(&arrived), Some(SignInProblem::ConnectionDisabled));
    let arrived = world.come(&google, &away, person("1", "alice@gmail.com")).await;
    assert_eq!(refused(&arrived), Some(SignInProblem::ConnectionDisabled));
    let off = world.store.read(world.realm.id).connections().find(google.id).await.unwrap().unwrap();
    world.advance(1);
    world.put_connection(&Connection { disabled_at: None, ..off }).await;
    assert!(!world.is_signed_in(&here).await, "switching it on again revives nothing");
    let arrived = world.arrive(&world.identity, &in_flight, &away, person("1", "alice@gmail.com")).await;
    assert_eq!(refused(&arrived), Some(SignInProblem::ConnectionDisabled), "nor what was on its way");
    world.federate(&google, &mut here, person("1", "alice@gmail.com")).await;
    assert!(world.is_signed_in(&here).await);
    world.store.transact(world.realm.id, async |tx| Ok(tx.connections().remove(google.id).await?)).await.unwrap();
    assert!(!world.is_signed_in(&here).await, "nor does a session outlive its connection");
}

#[tokio::test]
async fn fed_16_a_disabled_person_and_a_suspended_tenant_stay_out() {
    let world = World::new().await;
    let google = world.connection("google", ConnectorKind::Google, plain()).await;
    let alice = world.federate(&google, &mut Browser::new(), person("1", "alice@gmail.com")).await.user;
    let bob = world.person("bob@gmail.com").await;
    for user in [&alice, &bob] {
        let (change, now) = (UserChange { disabled: Some(true), ..UserChange::default() }, world.now());
        world.store.transact(world.realm.id, async |tx| users::update(tx, Actor::System, user.id, change, now).await).await.unwrap();
    }
    for identity in [person("1", "alice@gmail.com"), person("2", "bob@gmail.com")] {
        let arrived = world.come(&google, &Browser::new(), identity).await;
        assert_eq!(refused(&arrived), Some(SignInProblem::AccountDisabled), "{arrived:?}");
    }
    let acme = world.tenant("acme", "acme.example").await;
    let own = world.connection_of(Some(acme.id), "acme", ConnectorKind::Oidc, plain()).await;
    world.federate(&own, &mut Browser::new(), person("1", "carol@acme.example")).await;
    let suspended = Tenant { suspended_at: Some(world.now()), ..acme };
    world.store.transact(world.realm.id, async |tx| Ok(tx.tenants().update(&suspended).await?)).await.unwrap();
    let arrived = world.come(&own, &Browser::new(), person("1", "carol@acme.example")).await;
    assert_eq!(refused(&arrived), Some(SignInProblem::NotForTenant));
}

#[tokio::test]
async fn fed_22_a_tenants_provider_vouches_for_its_own_domain_alone() {
    let world = World::new().await;
    let acme = world.tenant("acme", "acme.example").await;
    world.tenant("victim", "victim.example").await;
    let alice = world.person("alice@victim.example").await;
    // Not even where somebody wrote that the provider is believed.
    let settings = ConnectionSettings { email_trust: Some(EmailTrust::Provider), ..trusting() };
    let own = world.connection_of(Some(acme.id), "acme", ConnectorKind::Oidc, settings).await;
    for email in ["alice@victim.example", "free@victim.example", "free@gmail.com"] {
        let arrived = world.come(&own, &Browser::new(), person(email, email)).await;
        assert!(matches!(arrived, Arrived::Prove(_)), "{email}: {arrived:?}");
    }
    assert_eq!(world.everybody().await.len(), 1, "nobody is made with an address that is only said");
    assert!(world.identities(alice.id).await.is_empty());
    let bob = world.federate(&own, &mut Browser::new(), person("2", "bob@acme.example")).await.user;
    assert!(bob.email_verified_at.is_some());
}

#[tokio::test]
async fn fed_22_a_guest_or_another_directory_never_speaks_for_a_domain() {
    let world = World::new().await;
    let alice = world.person("alice@acme.example").await;
    let acme = world.tenant("acme", "acme.example").await;
    let entra = world.connection("entra", ConnectorKind::Microsoft, trusting()).await;
    let mut attachment = world.attach(&entra, &acme, JoinRule::ProvedDomain).await;
    attachment.directories = vec!["acme-directory".to_owned()];
    world.put_attachment(&attachment).await;
    let of = |directory: &str, guest| ExternalIdentity {
        directory: Some(directory.to_owned()),
        guest,
        ..unverified(directory, "alice@acme.example", None)
    };
    for (directory, guest) in [("evil-directory", false), ("acme-directory", true)] {
        let arrived = world.come(&entra, &Browser::new(), of(directory, guest)).await;
        assert!(matches!(arrived, Arrived::Prove(_)), "{directory}: {arrived:?}");
    }
    assert!(world.identities(alice.id).await.is_empty());
    assert_eq!(world.federate(&entra, &mut Browser::new(), of("acme-directory", false)).await.user.id, alice.id);
}

#[tokio::test]
async fn f_26_two_first_sign_ins_at_once_make_one_account() {
    let world = World::new().await;
    let google = world.connection("google", ConnectorKind::Google, plain()).await;
    let github = world.connection("github", ConnectorKind::Github, plain()).await;
    let neighbour = world.neighbour().await;
    for round in 0..5 {
        let email = format!("alice{round}@gmail.com");
        let (one, two, three) = (Browser::new(), Browser::new(), Browser::new());
        let first = world.attempt(&google, &one, AttemptPurpose::SignIn).await;
        let second = world.attempt(&google, &two, AttemptPurpose::SignIn).await;
        let third = world.attempt(&github, &three, AttemptPurpose::SignIn).await;
        let (first, second, third) = tokio::join!(
            world.arrive(&world.identity, &first, &one, person(&email, &email)),
            world.arrive(&neighbour, &second, &two, person(&email, &email)),
            world.arrive(&neighbour, &third, &three, person(&email, &email)),
        );
        // Two through the same connection are one person; whoever has the address through another has to prove it, unless
        // they were first.
        let prove = [&first, &second, &third].iter().filter(|arrived| matches!(arrived, Arrived::Prove(_))).count();
        assert!(prove == 1 || prove == 2, "{first:?} {second:?} {third:?}");
        assert!([&first, &second, &third].iter().all(|arrived| refused(arrived).is_none()));
        let same = world.everybody().await.into_iter().filter(|user| user.email == address(&email)).count();
        assert_eq!(same, 1, "round {round}");
    }
}

#[tokio::test]
async fn the_linking_policy_decides() {
    let world = World::new().await;
    let acme = world.tenant("acme", "acme.example").await;
    for (linking, expected) in
        [(LinkingPolicy::Prove, "prove"), (LinkingPolicy::TrustedDomain, "linked"), (LinkingPolicy::Never, "refused")]
    {
        let email = format!("{expected}@acme.example");
        let holder = world.person(&email).await;
        let settings = ConnectionSettings { linking, ..plain() };
        let own = world.connection_of(Some(acme.id), expected, ConnectorKind::Oidc, settings).await;
        let identity = person(expected, &email);
        let dry = dry_run(&world.store.read(world.realm.id), &own, &identity).await.unwrap();
        let arrived = world.come(&own, &Browser::new(), identity).await;
        match (expected, arrived, dry.account) {
            ("prove", Arrived::Prove(_), Resolution::Prove { user, ways }) => assert!(user == holder.id && ways.password),
            ("linked", Arrived::SignedIn(opened), Resolution::Link { user }) => assert!(opened.user.id == holder.id && user == holder.id),
            ("refused", Arrived::Refused(SignInProblem::AddressTaken), Resolution::Refuse { problem }) => {
                assert_eq!(problem, SignInProblem::AddressTaken);
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(world.identities(holder.id).await.len(), usize::from(expected == "linked"));
    }
}

#[tokio::test]
async fn a_tenants_word_alone_opens_no_account_that_administers_the_realm() {
    let world = World::new().await;
    let acme = world.tenant("acme", "acme.example").await;
    let admin = world.person("admin@acme.example").await;
    let (change, now) = (UserChange { roles: Some(vec![RealmRole::RealmAdmin]), ..UserChange::default() }, world.now());
    world.store.transact(world.realm.id, async |tx| users::update(tx, Actor::System, admin.id, change, now).await).await.unwrap();
    let own = world.connection_of(Some(acme.id), "acme", ConnectorKind::Oidc, trusting()).await;
    let arrived = world.come(&own, &Browser::new(), person("1", "admin@acme.example")).await;
    assert!(matches!(arrived, Arrived::Prove(_)), "{arrived:?}");
    assert!(world.identities(admin.id).await.is_empty());
}

#[tokio::test]
async fn strangers_are_turned_away_where_only_known_people_come_in() {
    let world = World::new().await;
    let settings = ConnectionSettings { known_people_only: true, ..plain() };
    let google = world.connection("google", ConnectorKind::Google, settings).await;
    let arrived = world.come(&google, &Browser::new(), person("1", "alice@gmail.com")).await;
    assert_eq!(refused(&arrived), Some(SignInProblem::UnknownPerson));
    world.person("alice@gmail.com").await;
    assert!(matches!(world.come(&google, &Browser::new(), person("1", "alice@gmail.com")).await, Arrived::Prove(_)));
    assert_eq!(world.everybody().await.len(), 1);
}

#[tokio::test]
async fn a_trusted_edge_verified_address_counts_of_the_realms_own_entra_alone() {
    let world = World::new().await;
    let mut identity = person("1", "alice@corp.example");
    identity.email = Some(AssertedEmail { address: "alice@corp.example".to_owned(), verified: true, because: "xms_edov".to_owned() });
    let entra = world.connection("entra", ConnectorKind::Microsoft, plain()).await;
    let rows = world.store.read(world.realm.id);
    let dry = dry_run(&rows, &entra, &identity).await.unwrap();
    assert!(matches!(dry.address, gantry_identity::linking::Address::Verified { because: Warrant::DomainOwner, .. }), "{dry:?}");
    let acme = world.tenant("acme", "acme.example").await;
    for (owner, kind) in [(Some(acme.id), ConnectorKind::Microsoft), (None, ConnectorKind::Oidc)] {
        let connection = world.connection_of(owner, kind.as_str(), kind, plain()).await;
        let dry = dry_run(&rows, &connection, &identity).await.unwrap();
        assert!(!dry.address.is_verified(), "{dry:?}");
    }
}

#[tokio::test]
async fn names_are_taken_over_as_the_connection_says_and_the_address_never() {
    let world = World::new().await;
    let settings = ConnectionSettings { profile: ProfileRefresh::EachTime, ..plain() };
    let google = world.connection("google", ConnectorKind::Google, settings).await;
    let alice = world.federate(&google, &mut Browser::new(), person("1", "alice@gmail.com")).await.user;
    let mut renamed = person("1", "mallory@gmail.com");
    renamed.profile.name = Some("Alice B.".to_owned());
    let again = world.federate(&google, &mut Browser::new(), renamed).await.user;
    assert_eq!((again.id, again.profile.name.as_deref()), (alice.id, Some("Alice B.")));
    assert_eq!(again.email, address("alice@gmail.com"));
    assert_eq!(world.identities(alice.id).await.first().unwrap().email.as_deref(), Some("mallory@gmail.com"));
}

#[tokio::test]
async fn the_trace_says_how_it_went() {
    let world = World::new().await;
    let google = world.connection("google", ConnectorKind::Google, plain()).await;
    let browser = Browser::new();
    let attempt = world.attempt(&google, &browser, AttemptPurpose::SignIn).await;
    let Arrived::SignedIn(opened) = world.arrive(&world.identity, &attempt, &browser, person("1", "alice@gmail.com")).await else {
        panic!("not signed in")
    };
    let trace = world.trace(attempt.trace).await;
    assert_eq!((trace.outcome, trace.user_id, trace.problem), (TraceOutcome::SignedIn, Some(opened.user.id), None));
    let hops = world.store.read(world.realm.id).sign_in_traces().hops(attempt.trace).await.unwrap();
    assert_eq!(hops.iter().map(|hop| hop.kind).collect::<Vec<_>>(), [HopKind::Account, HopKind::Session]);
    let attempt = world.attempt(&google, &browser, AttemptPurpose::SignIn).await;
    world.arrive(&world.identity, &attempt, &browser, person("null", "alice@gmail.com")).await;
    let trace = world.trace(attempt.trace).await;
    assert_eq!((trace.outcome, trace.problem), (TraceOutcome::Refused, Some(SignInProblem::BadSubject)));
}
