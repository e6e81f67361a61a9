//! Where somebody is sent, and what goes along.

use std::collections::BTreeSet;

use gantry_core::clock::Clock as _;
use gantry_core::id::AuthorizationRequestId;
use gantry_core::realm::TenantDemand;
use gantry_core::tenant_domain::DomainProof;

use super::{Stand, carol};
use crate::support::upstream::Place;
use crate::support::{Browser, Page};

async fn typed(stand: &Stand, address: &str) -> Page {
    let browser = Browser::new();
    let page = stand.request().open(&browser).await;
    browser.submit(&page, "login-submit", &[("username", address)]).await
}

fn is_sent(stand: &Stand, page: &Page) -> bool {
    page.left.as_ref().is_some_and(|at| at.as_str().starts_with(&stand.upstream.origin))
}

/// One tenant whose connection no button shows.
async fn hidden() -> (Stand, gantry_core::id::TenantId) {
    let stand = Stand::with(|connection| connection.settings.hidden = true).await;
    let tenant = stand.gantry.tenant("org_acme_corp").await;
    stand.gantry.attach(&stand.connection, tenant, |_| ()).await;
    (stand, tenant)
}

#[tokio::test]
async fn a_proved_domain_leads_to_the_companys_sign_in_by_each_kind_of_hint() {
    let (stand, tenant) = Box::pin(hidden()).await;
    stand.gantry.prove_domain(tenant, "acme.example").await;
    for address in ["carol@acme.example", "nobody.at.all@acme.example", "Carol@ACME.example"] {
        assert!(is_sent(&stand, &typed(&stand, address).await), "{address}");
    }
    for (name, value) in
        [("domain_hint", "acme.example"), ("login_hint", "carol@acme.example"), ("connection", "acme"), ("idp_hint", "acme")]
    {
        let page = stand.request().set(name, value).open(&Browser::new()).await;
        assert!(is_sent(&stand, &page), "{name}: {}", page.html);
    }
    // Never silently, and never past a choice that the app wants offered.
    let hinted = stand.request().set("connection", "acme");
    assert_eq!(hinted.clone().set("prompt", "none").open(&Browser::new()).await.error(), "login_required");
    assert!(!is_sent(&stand, &hinted.set("prompt", "select_account").open(&Browser::new()).await));
    let (trace, hops) = stand.gantry.newest_trace().await;
    assert_eq!(trace.connection_id, Some(stand.connection.id));
    assert!(hops.iter().any(|hop| hop.kind.as_str() == "route"), "{hops:?}");
}

#[tokio::test]
async fn fed_20_a_domain_that_nobody_proved_leads_nowhere() {
    let (stand, tenant) = Box::pin(hidden()).await;
    let gantry = &stand.gantry;
    let domain = gantry.domain(tenant, "victim.example", None).await;
    for address in ["carol@victim.example", "carol@VICTIM.example"] {
        assert!(!is_sent(&stand, &typed(&stand, address).await), "{address}");
    }
    gantry.prove_domain(tenant, "acme.example").await;
    for address in [
        "carol@sub.acme.example",
        "carol@acme.example.evil.example",
        "carol@acme.example.",
        "carol@\u{430}cme.example",
        "carol@notacme.example",
    ] {
        assert!(!is_sent(&stand, &typed(&stand, address).await), "{address}");
        let page = stand.request().set("login_hint", address).open(&Browser::new()).await;
        assert!(!is_sent(&stand, &page), "{address}");
    }
    for hint in ["victim.example", "sub.acme.example", "acme.example.evil.example", "\u{430}cme.example"] {
        assert!(!is_sent(&stand, &stand.request().set("domain_hint", hint).open(&Browser::new()).await), "{hint}");
    }
    // Lost again, it leads nowhere again; and whoever came by it is who they were.
    let mut lost = domain.clone();
    (lost.proof, lost.proved_at) = (Some(DomainProof::Dns), Some(gantry.user(crate::support::Person::ALICE).await.created_at));
    assert!(gantry.store.transact(lost.realm_id, async |tx| Ok(tx.tenant_domains().update(&lost).await?)).await.unwrap());
    assert!(is_sent(&stand, &typed(&stand, "carol@victim.example").await));
    lost.proof = None;
    assert!(gantry.store.transact(lost.realm_id, async |tx| Ok(tx.tenant_domains().update(&lost).await?)).await.unwrap());
    assert!(!is_sent(&stand, &typed(&stand, "carol@victim.example").await));
}

#[tokio::test]
async fn fed_20_a_claimed_domain_never_changes_who_somebody_is() {
    let stand = Stand::new().await;
    let gantry = &stand.gantry;
    stand.arrive(&Browser::new(), &carol()).await;
    let before = gantry.linked(&stand.connection, &stand.upstream.origin, "carol").await.unwrap();
    let evil = gantry.tenant("org_evil").await;
    gantry.prove_domain(evil, "acme.example").await;
    stand.arrive(&Browser::new(), &carol()).await;
    let after = gantry.linked(&stand.connection, &stand.upstream.origin, "carol").await.unwrap();
    assert_eq!((before.id, before.user_id), (after.id, after.user_id));
    assert_eq!(gantry.membership(evil, after.user_id).await, None);
}

#[tokio::test]
async fn pre_10_nobody_learns_by_routing_whether_somebody_has_an_account() {
    let (stand, tenant) = Box::pin(hidden()).await;
    stand.gantry.prove_domain(tenant, "example.com").await;
    stand.arrive_hidden(&carol()).await;
    for address in [crate::support::Person::ALICE.email, "nobody@example.com"] {
        assert!(is_sent(&stand, &typed(&stand, address).await), "{address}");
    }
    // Of a domain that leads nowhere the next page is the same for everybody.
    let (known, unknown) = (typed(&stand, "carol@acme.example").await, typed(&stand, "nobody@acme.example").await);
    assert_eq!((known.status, known.url.path()), (unknown.status, unknown.url.path()));
    assert_eq!(known.html.replace("carol@", "…").len(), unknown.html.replace("nobody@", "…").len());
}

#[tokio::test]
async fn fed_25_a_hint_is_one_value_whatever_it_holds() {
    let stand = Stand::new().await;
    let tricks = ["x&prompt=none", "x\r\nLocation: https://evil.example", "x y=z#f", "x%26prompt%3Dnone", "x;prompt=none", "x\u{0}y"];
    for trick in tricks {
        for name in ["login_hint", "domain_hint", "ui_locales"] {
            let page = stand.request().set(name, trick).open(&Browser::new()).await;
            // Refused as a whole is well, too.
            if page.left.is_some() || page.status == 400 {
                continue;
            }
            stand.upstream.forget_seen();
            let browser = Browser::new();
            let page = stand.request().set(name, trick).open(&browser).await;
            let left = browser.leave_for(&page, &stand.connection).await;
            let at = left.left.clone().unwrap_or_else(|| panic!("{name}={trick}: {}", left.html));
            assert!(!at.as_str().contains(['\r', '\n', ' ']) && at.fragment().is_none(), "{at}");
            browser.come_back(&left, &carol()).await;
            let seen = stand.upstream.seen(Place::Authorization).pop().unwrap();
            assert!(!seen.parameters.contains_key("prompt") && !seen.parameters.contains_key("Location"), "{}", seen.raw);
            let sent = seen.get(name);
            assert!(sent.is_empty() || sent.eq_ignore_ascii_case(trick) || name == "ui_locales", "{name}: {sent}");
        }
    }
}

#[tokio::test]
async fn fed_26_every_conversation_has_its_own_state_nonce_and_challenge_of_enough_bits() {
    let stand = Stand::new().await;
    let (mut states, mut nonces, mut challenges) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut browser = Browser::new();
    let mut page = stand.request().open(&browser).await;
    for n in 0..1000_u16 {
        if n % 50 == 0 {
            // Starts are limited by address.
            let [.., high, low] = (n / 50 + 2).to_be_bytes();
            browser = Browser::from([127, 0, high, low].into());
            page = stand.request().open(&browser).await;
        }
        let left = browser.leave_for(&page, &stand.connection).await;
        let at = left.left.unwrap_or_else(|| panic!("flow {n}: {} {}", left.status, left.html));
        let parameters: std::collections::BTreeMap<String, String> = at.query_pairs().into_owned().collect();
        assert_eq!(parameters["code_challenge_method"], "S256");
        assert_eq!(parameters["redirect_uri"], stand.gantry.callback("acme"));
        // 22 characters of base64url are 132 bits.
        for (name, values) in [("state", &mut states), ("nonce", &mut nonces), ("code_challenge", &mut challenges)] {
            let value = &parameters[name];
            assert!(value.len() >= 22 && value.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.~".contains(&b)), "{name}={value}");
            assert!(values.insert(value.clone()), "{name} came twice");
        }
    }
    assert!(states.is_disjoint(&nonces) && nonces.is_disjoint(&challenges));
}

#[tokio::test]
async fn starts_are_limited_by_origin_address() {
    let stand = Stand::new().await;
    let browser = Browser::new();
    let page = stand.request().open(&browser).await;
    let (mut sent, began) = (0_u64, std::time::Instant::now());
    for _ in 0..80 {
        let left = browser.leave_for(&page, &stand.connection).await;
        sent += u64::from(left.left.is_some());
        if left.left.is_none() {
            assert_eq!(left.attribute("#error-page", "data-problem").as_deref(), Some("too_many"), "{} {}", left.status, left.html);
        }
    }
    // As time goes on a few more may start.
    let most = 61 + began.elapsed().as_secs();
    assert!((60..=most).contains(&sent), "{sent} of 80 within {:?}", began.elapsed());
}

#[tokio::test]
async fn without_passwords_an_address_leads_to_its_domains_sign_in_alone() {
    let (stand, tenant) = Box::pin(hidden()).await;
    let gantry = &stand.gantry;
    gantry.connection(&stand.upstream, "open", |_| ()).await;
    gantry.prove_domain(tenant, "acme.example").await;
    gantry.change_realm(|settings| settings.sign_in.password = false).await;
    assert!(is_sent(&stand, &typed(&stand, "carol@acme.example").await));
    for address in [crate::support::Person::ALICE.email, "nobody@example.com"] {
        let page = typed(&stand, address).await;
        assert!(page.text("#username-error").contains("No sign-in is set up for this address"), "{address}: {}", page.html);
        assert!(page.has("#provider-1") && !page.has("[name=password]"), "{address}: {}", page.html);
    }
}

#[tokio::test]
async fn a_start_too_many_leaves_no_request_behind() {
    let stand = Stand::new().await;
    let mut refused = 0;
    for n in 0..80 {
        let browser = Browser::new();
        let page = stand.request().set("connection", "acme").open(&browser).await;
        if page.left.is_some() {
            continue;
        }
        refused += 1;
        assert_eq!(page.attribute("#error-page", "data-problem").as_deref(), Some("too_many"), "{n}: {}", page.html);
        let again = page.form_to("/connections/acme/start");
        let request = again.fields.iter().find(|(name, _)| name == "request").map(|(_, value)| value.clone()).expect("a way on");
        assert!(request.parse::<AuthorizationRequestId>().is_err(), "a row was written: {request}");
        let again = browser.submit(&page, "failure-again", &[]).await;
        assert!(again.left.is_some() || again.has("#error-page"), "{}", again.html);
    }
    assert!(refused > 0, "nothing was refused");
}

#[tokio::test]
async fn what_the_app_asks_of_the_sign_in_is_asked_of_the_provider() {
    let stand = Stand::new().await;
    let browser = Browser::new();
    let request = stand.request().set("prompt", "login").set("login_hint", "carol@acme.example").set("ui_locales", "de en");
    let page = request.open(&browser).await;
    browser.sign_in_with(&page, &stand.connection, &carol()).await;
    let seen = stand.upstream.seen(Place::Authorization).pop().unwrap();
    assert_eq!((seen.get("prompt"), seen.get("login_hint"), seen.get("ui_locales")), ("login", "carol@acme.example", "de en"));
}

/// A silent single sign-on there is no new sign-in here, and goes round in no circle.
#[tokio::test]
async fn fed_17_a_tenants_age_is_asked_of_the_provider_and_an_old_proof_does_not_meet_it() {
    let stand = Stand::new().await;
    let gantry = &stand.gantry;
    gantry.change_realm(|settings| settings.tenants = TenantDemand::Required).await;
    let (strict, easy) = (gantry.tenant("org_strict").await, gantry.tenant("org_easy").await);
    gantry.change_tenant(strict, |settings| settings.max_sign_in_age = Some(60)).await;
    for tenant in [strict, easy] {
        gantry.attach(&stand.connection, tenant, |_| ()).await;
    }
    let asking = |org_id: &str| stand.request().set("org_id", org_id).set("connection", "acme");
    let (browser, old) = (Browser::new(), carol().with("auth_time", gantry.clock.now().seconds() - 3600));
    // Without a demand an old proof is as good as any.
    let page = asking("org_easy").open(&browser).await;
    assert!(is_sent(&stand, &page), "{}", page.html);
    let page = browser.come_back(&page, &old).await;
    assert!(page.has("#consent-allow"), "{} {}", page.status, page.html);
    assert_eq!(stand.upstream.seen(Place::Authorization).pop().unwrap().get("max_age"), "");

    let page = asking("org_strict").open(&browser).await;
    assert!(is_sent(&stand, &page), "{}", page.html);
    let page = browser.come_back(&page, &old).await;
    let seen = stand.upstream.seen(Place::Authorization).pop().unwrap();
    assert_eq!((seen.get("max_age"), seen.get("prompt")), ("60", "login"));
    // The provider did not heed it: the person is asked here, not sent round.
    assert!(page.left.is_none() && page.has("#provider-1"), "{} {}", page.status, page.html);
    let page = browser.sign_in_with(&page, &stand.connection, &carol()).await;
    assert!(page.has("#consent-allow"), "{} {}", page.status, page.html);
}

impl Stand {
    /// The same for a connection without a button: the app names it.
    async fn arrive_hidden(&self, account: &crate::support::upstream::Account) -> Page {
        let browser = Browser::new();
        let page = self.request().set("connection", &self.connection.slug).open(&browser).await;
        browser.come_back(&page, account).await
    }
}
