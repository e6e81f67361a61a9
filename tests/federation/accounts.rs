//! Whose account somebody from a provider gets: never one by an address alone.

use std::time::Duration;

use gantry_core::connection::{EmailTrust, LinkingPolicy};
use gantry_core::sign_in_trace::SignInProblem as Problem;

use super::{Stand, carol, prove_mailbox};
use crate::support::upstream::{Account, CLIENT_ID};
use crate::support::{Browser, Gantry, Page, Person};

/// Somebody at the provider who says that Alice's address is theirs, and is believed.
fn alices(subject: &str) -> Account {
    Account::person(subject, Person::ALICE.email)
}

#[track_caller]
fn asks_for_proof(page: &Page) {
    assert!(page.has("#prove-submit, #prove-mail"), "{} {}: {}", page.url, page.status, page.text("main"));
}

#[track_caller]
fn asks_for_mailbox(page: &Page) {
    assert!(page.has("#address-submit"), "{} {}: {}", page.url, page.status, page.text("main"));
    let suggested = page.attribute("#username", "value").is_some_and(|address| !address.is_empty());
    assert_eq!(page.text("h1"), if suggested { "Confirm your e-mail address" } else { "What is your e-mail address?" });
}

#[tokio::test]
async fn fed_09_the_same_subject_of_the_same_issuer_is_another_person_through_another_connection() {
    let stand = Stand::new().await;
    let gantry = &stand.gantry;
    stand.arrive(&Browser::new(), &carol()).await;
    let victim = gantry.linked(&stand.connection, &stand.upstream.origin, "carol").await.expect("Carol has an account");
    let tenant = gantry.tenant("org_evil").await;
    let evil = gantry.connection(&stand.upstream, "evil", |connection| connection.owner = Some(tenant)).await;
    gantry.attach(&evil, tenant, |_| ()).await;
    assert_eq!((evil.settings.issuer.as_deref(), evil.settings.client_id.as_deref()), (Some(&*stand.upstream.origin), Some(CLIENT_ID)));

    let attacker = Browser::new();
    let page = stand.request().set("connection", "evil").open(&attacker).await;
    let page =
        if page.left.is_some() { attacker.come_back(&page, &carol()).await } else { attacker.sign_in_with(&page, &evil, &carol()).await };

    asks_for_mailbox(&page);
    assert!(!attacker.is_signed_in(gantry).await);
    let page = prove_mailbox(gantry, &attacker, &page, "attacker@evil.example").await;
    assert!(page.has("#consent-allow"), "{}", page.html);
    let linked = gantry.linked(&evil, &stand.upstream.origin, "carol").await.unwrap();
    assert_ne!(linked.user_id, victim.user_id);
}

/// Makes an account that never proves its address.
async fn squat(gantry: &Gantry, browser: &Browser, email: &str, password: &str) {
    let page = browser.open(gantry.url("/sign-up")).await;
    let fields = [("name", "A Squatter"), ("username", email), ("password", password)];
    assert_eq!(browser.submit(&page, "login-submit", &fields).await.status, 200);
}

#[tokio::test]
async fn fed_10_pre_01_what_others_made_of_an_address_does_not_outlive_its_owner_coming_from_a_provider() {
    let stand = Stand::new().await;
    let (gantry, squatter, password) = (&stand.gantry, Browser::new(), "the squatter's long phrase");
    squat(gantry, &squatter, "carol@acme.example", password).await;
    let planted = gantry.mail("carol@acme.example", 1).await.link("/verify-email?token=");

    let owner = Browser::new();
    let page = stand.arrive(&owner, &carol()).await;
    assert!(page.has("#consent-allow"), "{}", page.html);

    let account = gantry.account("carol@acme.example").await.unwrap();
    let link = gantry.linked(&stand.connection, &stand.upstream.origin, "carol").await.unwrap();
    assert_eq!(link.user_id, account.id);
    assert_eq!(account.profile.name.as_deref(), Some("Carol Company"));
    // The squatter's password opens nothing, and neither does the link that the squatter made Carol get.
    let page = squatter.open(gantry.url("/sign-in")).await;
    let page = Person { email: "carol@acme.example", password }.sign_in(&squatter, &page).await;
    assert_eq!(page.status, 422, "{}", page.html);
    let page = owner.open(&planted).await;
    assert_eq!(page.status, 410, "{}", page.html);
    assert!(!squatter.is_signed_in(gantry).await);
}

#[tokio::test]
async fn fed_10_pre_01_an_account_with_the_address_is_neither_linked_nor_entered_without_a_proof() {
    let stand = Stand::new().await;
    let browser = Browser::new();
    let page = stand.arrive(&browser, &alices("mallory")).await;
    asks_for_proof(&page);
    assert!(!browser.is_signed_in(&stand.gantry).await);
    assert!(stand.gantry.linked(&stand.connection, &stand.upstream.origin, "mallory").await.is_none());
    // A wrong password is none.
    let page = browser.submit(&page, "prove-submit", &[("password", "somebody else's guess")]).await;
    assert_eq!(page.status, 422, "{}", page.html);
    // Giving it up leaves nothing behind.
    browser.submit(&page, "prove-cancel", &[]).await;
    assert!(!browser.is_signed_in(&stand.gantry).await);
    assert!(stand.gantry.linked(&stand.connection, &stand.upstream.origin, "mallory").await.is_none());
}

#[tokio::test]
async fn fed_11_an_address_counts_as_verified_where_the_provider_says_true_and_in_no_other_form() {
    let (thin, thick) = (Stand::new().await, Stand::new().await);
    thick.upstream.tell_in_tokens();
    let said = |value: serde_json::Value| alices("mallory").with("email_verified", value);
    let accounts = [
        alices("mallory").without("email_verified"),
        said(false.into()),
        said("true".into()),
        said(1.into()),
        said(serde_json::Value::Null),
        said(serde_json::json!([true])),
    ];
    // In a signed token what is neither true, false nor absent may also be taken for what it is: no ID token.
    for (stand, account) in [&thin, &thick].into_iter().flat_map(|stand| accounts.iter().map(move |account| (stand, account))) {
        let browser = Browser::new();
        let page = stand.arrive(&browser, account).await;
        let word = account.claims.get("email_verified").is_none_or(|value| value.is_boolean() || value.is_string());
        if word || page.attribute("#error-page", "data-problem").as_deref() != Some("token_malformed") {
            asks_for_mailbox(&page);
        }
        assert!(!browser.is_signed_in(&stand.gantry).await, "{account:?}");
        assert!(stand.gantry.linked(&stand.connection, &stand.upstream.origin, "mallory").await.is_none(), "{account:?}");
    }
}

#[tokio::test]
async fn fed_12_a_proof_counts_for_the_account_and_the_browser_that_it_was_asked_of() {
    let stand = Stand::new().await;
    let (browser, stranger) = (Browser::new(), Browser::new());
    let (gantry, origin) = (&stand.gantry, &stand.upstream.origin);
    let for_x = stand.arrive(&browser, &alices("x")).await;
    asks_for_proof(&for_x);

    // In another browser, with everything that the page holds.
    stand.request().open(&stranger).await;
    let page = stranger.submit(&for_x, "prove-submit", &[("password", Person::ALICE.password)]).await;
    assert!(page.status >= 400, "{} {}", page.status, page.html);
    assert!(!stranger.is_signed_in(gantry).await);
    for subject in ["x", "y"] {
        assert!(gantry.linked(&stand.connection, origin, subject).await.is_none(), "{subject}");
    }

    // Somebody else of the same provider comes in the same browser; the form of before is not about them.
    let for_y = stand.arrive(&browser, &alices("y")).await;
    asks_for_proof(&for_y);
    browser.submit(&for_x, "prove-submit", &[("password", Person::ALICE.password)]).await;
    assert!(gantry.linked(&stand.connection, origin, "y").await.is_none(), "the proof for x linked y");
}

#[tokio::test]
async fn fed_12_a_proof_by_password_links_once_and_says_so_by_mail() {
    let stand = Stand::new().await;
    let (browser, gantry) = (Browser::new(), &stand.gantry);
    let request = stand.request();
    let page = request.open(&browser).await;
    let proof = browser.sign_in_with(&page, &stand.connection, &alices("hers")).await;
    let page = browser.submit(&proof, "prove-submit", &[("password", Person::ALICE.password)]).await;
    let page = browser.submit(&page, "consent-allow", &[]).await;
    let alice = gantry.user(Person::ALICE).await;
    assert_eq!(request.redeem(&page.code()).await.ok().claims("id_token")["sub"], alice.id.to_string());
    assert_eq!(gantry.linked(&stand.connection, &stand.upstream.origin, "hers").await.unwrap().user_id, alice.id);
    assert_eq!(gantry.audited("identity_linked").await, 1);
    gantry.mail(Person::ALICE.email, 1).await;
    // The same form again does nothing more.
    browser.submit(&proof, "prove-submit", &[("password", Person::ALICE.password)]).await;
    assert_eq!(gantry.identities_of(alice.id).await.len(), 1);
    // From now on it is she.
    let page = request.walk_to_provider(&Browser::new(), &stand.connection, &alices("hers")).await;
    assert_eq!(request.redeem(&page.code()).await.ok().claims("id_token")["sub"], alice.id.to_string());
}

#[tokio::test]
async fn fed_12_a_proof_by_mail_links_in_the_browser_that_asked_and_nowhere_else() {
    let stand = Stand::new().await;
    let (browser, gantry) = (Browser::new(), &stand.gantry);
    let page = stand.arrive(&browser, &alices("hers")).await;
    browser.submit(&page, "prove-mail", &[]).await;
    let link = gantry.mail(Person::ALICE.email, 1).await.link("token=");
    // A scanner that opens links links nothing, and the link is no way in for another browser.
    let scanner = Browser::new();
    let page = scanner.open(&link).await;
    if page.has("#verify-submit") {
        scanner.submit(&page, "verify-submit", &[]).await;
    }
    assert!(!scanner.is_signed_in(gantry).await);
    assert!(gantry.linked(&stand.connection, &stand.upstream.origin, "hers").await.is_none());
    let page = browser.open(&link).await;
    let page = browser.submit(&page, "verify-submit", &[]).await;
    assert!(page.has("#consent-allow"), "{}", page.html);
    let alice = gantry.user(Person::ALICE).await;
    assert_eq!(gantry.linked(&stand.connection, &stand.upstream.origin, "hers").await.unwrap().user_id, alice.id);
}

#[tokio::test]
async fn fed_12_a_proof_is_too_late_after_half_an_hour() {
    let stand = Stand::new().await;
    let browser = Browser::new();
    let page = stand.arrive(&browser, &alices("hers")).await;
    stand.gantry.clock.advance(Duration::from_secs(1801));
    let page = browser.submit(&page, "prove-submit", &[("password", Person::ALICE.password)]).await;
    assert!(page.status >= 400, "{}", page.html);
    assert!(stand.gantry.linked(&stand.connection, &stand.upstream.origin, "hers").await.is_none());
}

#[tokio::test]
async fn fed_12_an_account_proves_itself_by_what_it_is_linked_to_already() {
    let stand = Stand::new().await;
    let (browser, gantry) = (Browser::new(), &stand.gantry);
    let second = gantry.upstream();
    let other = gantry.connection(&second, "second", |connection| connection.settings.email_trust = Some(EmailTrust::Provider)).await;
    stand.arrive(&Browser::new(), &carol()).await;

    let page = stand.request().open(&browser).await;
    let proof = browser.sign_in_with(&page, &other, &carol()).await;
    assert!(proof.has("#prove-mail") && !proof.has("#prove-submit"), "an account without a password has none to prove: {}", proof.html);
    // Somebody else of the provider that it is linked to proves nothing.
    let page = browser.sign_in_with(&proof, &stand.connection, &Account::person("somebody", "some@acme.example")).await;
    assert!(page.left.is_none() && !page.has("#consent-allow"), "{}", page.html);
    assert!(gantry.linked(&other, &second.origin, "carol").await.is_none());
    assert!(!browser.is_signed_in(gantry).await);

    let browser = Browser::new();
    let page = stand.request().open(&browser).await;
    let proof = browser.sign_in_with(&page, &other, &carol()).await;
    let page = browser.sign_in_with(&proof, &stand.connection, &carol()).await;
    assert!(page.has("#consent-allow"), "{}", page.html);
    let known = gantry.linked(&stand.connection, &stand.upstream.origin, "carol").await.unwrap();
    assert_eq!(gantry.linked(&other, &second.origin, "carol").await.unwrap().user_id, known.user_id);
}

#[tokio::test]
async fn a_connection_that_never_links_says_so_and_one_of_a_proved_domain_links_at_once() {
    let stand = Stand::with(|connection| connection.settings.linking = LinkingPolicy::Never).await;
    let (browser, gantry) = (Browser::new(), &stand.gantry);
    let page = stand.arrive(&browser, &alices("hers")).await;
    gantry.refused(&browser, &page, Problem::AddressTaken).await;

    // Without a proved domain `trusted-domain` is `prove`.
    gantry.change_connection(&stand.connection, |connection| connection.settings.linking = LinkingPolicy::TrustedDomain).await;
    asks_for_proof(&stand.arrive(&Browser::new(), &alices("hers")).await);
    // And a domain of a tenant that the connection is not attached to changes nothing.
    let (tenant, elsewhere) = (gantry.tenant("org_here").await, gantry.tenant("org_there").await);
    gantry.attach(&stand.connection, tenant, |_| ()).await;
    let domain = gantry.prove_domain(elsewhere, "example.com").await;
    asks_for_proof(&stand.arrive(&Browser::new(), &alices("hers")).await);
    gantry.store.transact(domain.realm_id, async |tx| Ok(tx.tenant_domains().remove(domain.id, elsewhere).await?)).await.unwrap();

    gantry.prove_domain(tenant, "example.com").await;
    let page = stand.arrive(&Browser::new(), &alices("hers")).await;
    assert!(page.has("#consent-allow"), "{}", page.html);
    let alice = gantry.user(Person::ALICE).await;
    assert_eq!(gantry.linked(&stand.connection, &stand.upstream.origin, "hers").await.unwrap().user_id, alice.id);
    assert_eq!(gantry.audited("identity_linked").await, 1);
}

#[tokio::test]
async fn strangers_are_turned_away_where_only_known_people_come_in() {
    let stand = Stand::with(|connection| connection.settings.known_people_only = true).await;
    let browser = Browser::new();
    let page = stand.arrive(&browser, &carol()).await;
    stand.gantry.refused(&browser, &page, Problem::UnknownPerson).await;
    stand.nobody_came("a stranger").await;
    // Whoever has an account comes in by a proof.
    asks_for_proof(&stand.arrive(&Browser::new(), &alices("hers")).await);
}

#[tokio::test]
async fn fed_14_a_connection_that_only_links_signs_nobody_in() {
    let stand = Stand::new().await;
    stand.arrive(&Browser::new(), &carol()).await;
    let browser = Browser::new();
    let in_flight = browser.leave_for(&stand.request().open(&browser).await, &stand.connection).await;
    let before = stand.request().open(&Browser::new()).await;
    stand.gantry.change_connection(&stand.connection, |connection| connection.settings.link_only = true).await;

    assert!(!stand.request().open(&Browser::new()).await.html.contains("/connections/acme/start"), "a button that leads nowhere");
    let page = browser.come_back(&in_flight, &carol()).await;
    stand.gantry.refused(&browser, &page, Problem::LinkOnly).await;
    // Nor by the address of the button, nor by a hint.
    let stranger = Browser::new();
    stand.request().open(&stranger).await;
    let page = stranger.leave_for(&before, &stand.connection).await;
    assert!(page.left.is_none(), "sent to {:?}", page.left);
    let page = stand.request().set("connection", "acme").open(&Browser::new()).await;
    assert!(page.left.is_none(), "sent to {:?}", page.left);
}

#[tokio::test]
async fn fed_22_an_address_outside_a_tenants_own_domains_stays_unverified_whatever_its_provider_says() {
    let stand = Stand::new().await;
    let gantry = &stand.gantry;
    let tenant = gantry.tenant("org_shady").await;
    let own = gantry
        .connection(&stand.upstream, "shady", |connection| {
            connection.owner = Some(tenant);
            connection.settings.email_trust = Some(EmailTrust::Provider);
            connection.settings.linking = LinkingPolicy::TrustedDomain;
        })
        .await;
    gantry.attach(&own, tenant, |_| ()).await;
    gantry.prove_domain(tenant, "shady.example").await;
    let arrive = async |browser: &Browser, account: &Account| {
        let page = stand.request().set("connection", "shady").open(browser).await;
        if page.left.is_some() { browser.come_back(&page, account).await } else { browser.sign_in_with(&page, &own, account).await }
    };
    for address in [Person::ALICE.email, "nobody@victim.example", "mallory@sub.shady.example", "mallory@notshady.example"] {
        let browser = Browser::new();
        let page = arrive(&browser, &Account::person("mallory", address)).await;
        asks_for_mailbox(&page);
        assert!(!browser.is_signed_in(gantry).await, "{address}");
    }
    let page = arrive(&Browser::new(), &Account::person("mallory", "mallory@shady.example")).await;
    assert!(page.has("#consent-allow"), "{}", page.html);
}

#[tokio::test]
async fn fed_21_an_address_that_gantry_would_not_take_is_none() {
    let stand = Stand::new().await;
    let tenant = stand.gantry.tenant("org_corp").await;
    stand.gantry.prove_domain(tenant, "example.com").await;
    stand.gantry.attach(&stand.connection, tenant, |_| ()).await;
    for address in [
        "alice@example.com@evil.example",
        "\"alice@example.com\"@evil.example",
        "alice(comment)@example.com",
        "alice@ex\u{0430}mple.com",
        "alice@example.com.",
        "alice @example.com",
        "Alice <alice@example.com>",
        "alice@example.com\u{0}",
        "",
    ] {
        let browser = Browser::new();
        let page = stand.arrive(&browser, &Account::person("mallory", address)).await;
        assert!(page.has("#address-submit"), "{address}: {}", page.text("main"));
        assert!(!browser.is_signed_in(&stand.gantry).await, "{address}");
        assert!(stand.gantry.linked(&stand.connection, &stand.upstream.origin, "mallory").await.is_none(), "{address}");
        let trace = stand.gantry.newest_trace().await.0;
        assert_eq!(trace.user_id, None, "{address}");
    }
    // Another spelling of an address is that address, here as at every other door: it is to be proved.
    asks_for_proof(&stand.arrive(&Browser::new(), &Account::person("mallory", "ALICE@\u{ff45}xample.com")).await);
}

#[tokio::test]
async fn somebody_without_an_address_proves_a_mailbox_and_gets_an_account() {
    let stand = Stand::new().await;
    let browser = Browser::new();
    let page = stand.arrive(&browser, &Account::new("quiet")).await;
    asks_for_mailbox(&page);
    let page = prove_mailbox(&stand.gantry, &browser, &page, "quiet@home.example").await;
    assert!(page.has("#consent-allow"), "{}", page.html);
    let user = stand.gantry.account("quiet@home.example").await.unwrap();
    assert_eq!(stand.gantry.linked(&stand.connection, &stand.upstream.origin, "quiet").await.unwrap().user_id, user.id);
    assert!(user.email_verified_at.is_some());
}
