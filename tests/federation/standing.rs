//! What a sign-in through a provider is worth, and how long.

use gantry_core::sign_in_trace::SignInProblem as Problem;
use gantry_core::tenant::TenantRole;

use super::{Stand, carol};
use crate::support::upstream::Place;
use crate::support::{Answer, Browser, Person};

async fn tokens_of(stand: &Stand, browser: &Browser) -> Answer {
    let request = stand.request().scope("openid email offline_access orders:read").set("resource", "https://api.example.test");
    let page = request.walk_to_provider(browser, &stand.connection, &carol()).await;
    request.redeem(&page.code()).await.ok()
}

/// Whether the connection is removed, or only switched off.
async fn ends_everything(removed: bool) {
    let stand = Stand::new().await;
    let gantry = &stand.gantry;
    let (browser, in_flight, password) = (Browser::new(), Browser::new(), Browser::new());
    let tokens = tokens_of(&stand, &browser).await;
    let api = gantry.client("orders-api");
    assert!(api.is_active(&tokens.access_token()).await && browser.is_signed_in(gantry).await);
    let others = gantry.client("ledger").authorize().scope("openid offline_access").tokens(&password, Person::BOB).await;
    let left = in_flight.leave_for(&stand.request().open(&in_flight).await, &stand.connection).await;
    let coded = stand.request();
    let code = coded.walk_to_provider(&Browser::new(), &stand.connection, &carol()).await.code();
    let shown = stand.request().open(&Browser::new()).await;
    gantry.wait();

    if removed {
        let id = stand.connection.id;
        assert!(gantry.store.transact(stand.connection.realm_id, async |tx| Ok(tx.connections().remove(id).await?)).await.unwrap());
        gantry.settle().await;
    } else {
        gantry.switch_off(&stand.connection).await;
    }

    assert!(!browser.is_signed_in(gantry).await, "a session");
    assert!(!api.is_active(&tokens.access_token()).await, "an access token");
    assert_eq!(gantry.userinfo(&tokens.access_token()).await.status, 401);
    gantry.client("ledger").refresh(&tokens.refresh_token()).await.is_error(400, "invalid_grant");
    coded.redeem(&code).await.is_error(400, "invalid_grant");
    let page = in_flight.come_back(&left, &carol()).await;
    page.is_error_page(page.status);
    assert!(!in_flight.is_signed_in(gantry).await, "a callback in flight");
    let stranger = Browser::new();
    stand.request().open(&stranger).await;
    assert!(stranger.leave_for(&shown, &stand.connection).await.left.is_none(), "a new sign-in");
    let silent = stand.request().set("prompt", "none").open(&browser).await;
    assert_eq!(silent.error(), "login_required");
    // Others do not notice.
    assert!(password.is_signed_in(gantry).await);
    gantry.client("ledger").refresh(&others.refresh_token()).await.ok();
    if removed {
        return;
    }
    // Switched on again it revives nothing.
    gantry.wait();
    gantry.change_connection(&stand.connection, |connection| connection.disabled_at = None).await;
    assert!(!browser.is_signed_in(gantry).await && !api.is_active(&tokens.access_token()).await);
    gantry.client("ledger").refresh(&tokens.refresh_token()).await.is_error(400, "invalid_grant");
    gantry.wait();
    tokens_of(&stand, &Browser::new()).await;
}

#[tokio::test]
async fn fed_15_what_came_through_a_connection_ends_when_it_is_switched_off() {
    Box::pin(ends_everything(false)).await;
}

#[tokio::test]
async fn fed_15_what_came_through_a_connection_ends_when_it_is_removed() {
    Box::pin(ends_everything(true)).await;
}

#[tokio::test]
async fn fed_16_a_disabled_person_does_not_come_in_by_a_healthy_provider() {
    let stand = Stand::new().await;
    let gantry = &stand.gantry;
    let tokens = tokens_of(&stand, &Browser::new()).await;
    let mut user = gantry.account("carol@acme.example").await.unwrap();
    gantry.wait();
    user.disabled_at = stand.connection.created_at.into();
    assert!(gantry.store.transact(user.realm_id, async |tx| Ok(tx.users().update(&user).await?)).await.unwrap());
    let browser = Browser::new();
    let page = stand.arrive(&browser, &carol()).await;
    gantry.refused(&browser, &page, Problem::AccountDisabled).await;
    gantry.client("ledger").refresh(&tokens.refresh_token()).await.is_error(400, "invalid_grant");
}

#[tokio::test]
async fn fed_16_the_connection_of_a_suspended_tenant_signs_nobody_in() {
    let stand = Stand::new().await;
    let gantry = &stand.gantry;
    let tenant = gantry.tenant("org_owner").await;
    let own = gantry.connection(&stand.upstream, "own", |connection| connection.owner = Some(tenant)).await;
    gantry.attach(&own, tenant, |attachment| attachment.default_role = TenantRole::Member).await;
    gantry.prove_domain(tenant, "acme.example").await;
    gantry.change_tenant(tenant, |settings| settings.suspended = Some(true)).await;
    let browser = Browser::new();
    let page = stand.request().set("connection", "own").open(&browser).await;
    let page = if page.left.is_some() { browser.come_back(&page, &carol()).await } else { page };
    assert!(!page.has("#consent-allow"), "{}", page.html);
    assert!(!browser.is_signed_in(gantry).await);
    assert!(gantry.account("carol@acme.example").await.is_none());
}

#[tokio::test]
async fn fed_17_a_level_that_only_the_provider_claims_is_not_reached() {
    let stand = Stand::new().await;
    let browser = Browser::new();
    let level = "urn:example:gold";
    let wish = format!(r#"{{"id_token":{{"acr":{{"essential":true,"values":["{level}"]}}}}}}"#);
    let account = carol().with("acr", level).with("amr", serde_json::json!(["mfa", "hwk"]));
    let page = stand.request().set("claims", &wish).open(&browser).await;
    if page.left.is_some() {
        assert_eq!(page.error(), "unmet_authentication_requirements");
    } else {
        let page = browser.sign_in_with(&page, &stand.connection, &account).await;
        assert!(page.left.is_none() || !page.answer().contains_key("code"), "a code at a level that nobody here proved");
    }
    // Where the provider is not trusted with it, the token says nothing of its level.
    let request = stand.request();
    let page = request.walk_to_provider(&Browser::new(), &stand.connection, &account).await;
    let claims = request.redeem(&page.code()).await.ok().claims("id_token");
    assert_ne!(claims["acr"], level);
    assert!(!claims["amr"].to_string().contains("hwk") && !claims["amr"].to_string().contains("mfa"), "{claims}");
}

#[tokio::test]
async fn jwt_16_a_providers_claims_never_become_gantrys_own() {
    let stand = Stand::new().await;
    let forged = [
        ("org_id", "org_acme"),
        ("scope", "openid orders:write"),
        ("client_id", "house"),
        ("sid", "a-session-of-ours"),
        ("roles", "realm_admin"),
        ("cnf", "x"),
        ("act", "alice"),
        ("jti", "x"),
    ];
    let account = forged.iter().fold(carol(), |account, (name, value)| account.with(name, *value));
    let request = stand.request().scope("openid profile email orders:read").set("resource", "https://api.example.test");
    let page = request.walk_to_provider(&Browser::new(), &stand.connection, &account).await;
    let tokens = request.redeem(&page.code()).await.ok();
    for member in ["access_token", "id_token"] {
        let claims = tokens.claims(member);
        for (name, value) in forged {
            assert_ne!(claims[name], value, "{name} of the {member}");
        }
        assert_eq!(claims["iss"], stand.gantry.issuer());
    }
    let realm_admin = stand.gantry.account("carol@acme.example").await.unwrap();
    let memberships = stand.gantry.store.read(realm_admin.realm_id).memberships().list_for_user(realm_admin.id).await.unwrap();
    assert!(memberships.is_empty());
}

#[tokio::test]
async fn jwt_12_a_bent_link_or_name_of_a_proof_opens_nothing() {
    let stand = Stand::new().await;
    let (browser, gantry) = (Browser::new(), &stand.gantry);
    let page = stand.arrive(&browser, &crate::support::upstream::Account::person("hers", Person::ALICE.email)).await;
    browser.submit(&page, "prove-mail", &[]).await;
    let link = gantry.mail(Person::ALICE.email, 1).await.link("token=");
    let proof = page.url.to_string();
    for whole in [&link, &proof] {
        let (start, last) = whole.split_at(whole.len() - 1);
        let bent = format!("{start}{}", if last == "0" { "1" } else { "0" });
        for address in [bent, start.to_owned(), format!("{whole}0")] {
            let page = browser.open(&address).await;
            assert!(page.status >= 400 && !page.has("#verify-submit, #prove-submit"), "{address}: {} {}", page.status, page.html);
        }
    }
    assert!(gantry.linked(&stand.connection, &stand.upstream.origin, "hers").await.is_none());
}

#[tokio::test]
async fn jwt_18_a_hint_that_was_changed_or_is_anothers_signs_nobody_out_and_answers_for_nobody() {
    let stand = Stand::new().await;
    let (browser, gantry) = (Browser::new(), &stand.gantry);
    let tokens = tokens_of(&stand, &browser).await;
    let own = tokens.text("id_token");
    let bobs = gantry.client("ledger").authorize().tokens(&Browser::new(), Person::BOB).await.text("id_token");
    let (input, signature) = own.rsplit_once('.').unwrap();
    let bent = format!("{input}.{}", signature.chars().rev().collect::<String>());
    let upstreams = stand.upstream.sign("JWT", &crate::support::claims_of(&own));
    for (what, hint) in [("bent", bent), ("unsigned", format!("{input}.")), ("the provider's", upstreams), ("another's", bobs)] {
        browser.open(gantry.url(&format!("/oauth/logout?id_token_hint={hint}"))).await;
        assert!(browser.is_signed_in(gantry).await, "{what} signed somebody out");
        let page = stand.request().set("prompt", "none").set("id_token_hint", &hint).open(&browser).await;
        assert!(page.left.is_none() || !page.answer().contains_key("code"), "{what}: a code for somebody else");
    }
}

#[tokio::test]
async fn ssr_08_a_host_in_the_request_is_no_address_of_ours_or_of_the_provider() {
    let stand = Stand::new().await;
    let other = stand.gantry.upstream();
    let host = other.origin.trim_start_matches("http://").to_owned();
    for name in ["host", "x-forwarded-host", "forwarded", "x-original-url"] {
        let value = if name == "forwarded" { format!("host={host};proto=http") } else { host.clone() };
        let browser = Browser::new().with_header(name, &value);
        let page = stand.request().open(&browser).await;
        if name == "host" {
            assert_eq!(page.status, 421);
            continue;
        }
        let left = browser.leave_for(&page, &stand.connection).await;
        let at = left.left.clone().unwrap();
        assert!(at.as_str().starts_with(&stand.upstream.origin) && !at.as_str().contains(&host.replace(':', "%3A")), "{name}: {at}");
        let page = browser.come_back(&left, &carol()).await;
        assert!(page.has("#consent-allow"), "{name}: {}", page.html);
    }
    for place in [Place::Metadata, Place::Token, Place::Jwks, Place::Userinfo] {
        assert!(other.seen(place).is_empty(), "{place:?} was asked at the host of a header");
    }
}

#[tokio::test]
async fn lgo_07_after_signing_out_a_session_that_lives_on_at_the_provider_signs_nobody_in_unasked() {
    let stand = Stand::new().await;
    let browser = Browser::new();
    let prompt_of = async |browser: &Browser| {
        let page = stand.request().open(browser).await;
        let left = browser.leave_for(&page, &stand.connection).await;
        let prompt = left.left.as_ref().unwrap().query_pairs().find(|(name, _)| name == "prompt").map(|(_, value)| value.into_owned());
        (left, prompt)
    };
    let (left, prompt) = prompt_of(&browser).await;
    assert_eq!(prompt, None, "nobody has signed out yet");
    browser.come_back(&left, &carol()).await;
    // By our own page, and at an app's request.
    for by_app in [false, true] {
        assert!(browser.is_signed_in(&stand.gantry).await);
        let page = browser.open(stand.gantry.url(if by_app { "/oauth/logout" } else { "/sign-out" })).await;
        let form = page.form_to(if by_app { "/oauth/logout/confirm" } else { "/sign-out" });
        browser.post(&form.action, &form.fields, &[("sec-fetch-site", "same-origin"), ("origin", "null")]).await;
        assert!(!browser.is_signed_in(&stand.gantry).await);
        let (left, prompt) = prompt_of(&browser).await;
        assert_eq!(prompt.as_deref(), Some("select_account"), "asked who they are, by the app: {by_app}");
        // What the app asks for itself is enough.
        let page = stand.request().set("prompt", "login").open(&browser).await;
        let asked = browser.leave_for(&page, &stand.connection).await.left.unwrap();
        assert_eq!(asked.query_pairs().find(|(name, _)| name == "prompt").unwrap().1, "login");
        browser.come_back(&left, &carol()).await;
    }
    // Whoever has said who they are is not asked again and again.
    stand.gantry.clock.advance(std::time::Duration::from_hours(25));
    assert_eq!(prompt_of(&browser).await.1, None);
}
