//! What a provider's callback, metadata and errors must not do.

use gantry_core::connection::{ConnectionSecrets, UpstreamAuth};
use gantry_core::secret::Secret;
use gantry_core::sign_in_trace::{HopKind, SignInProblem as Problem};

use super::{Stand, carol};
use crate::support::Browser;
use crate::support::upstream::{Lie, Place};

#[tokio::test]
async fn fed_01_a_callback_of_another_issuer_or_of_none_is_refused_before_the_code_goes_anywhere() {
    let stand = Stand::new().await;
    for lie in [Lie::WrongResponseIss, Lie::NoResponseIss] {
        stand.refuses(lie, Problem::WrongResponseIssuer).await;
    }
    assert!(stand.upstream.seen(Place::Token).is_empty(), "the code left us");
}

#[tokio::test]
async fn fed_02_a_callback_of_one_connection_never_takes_the_state_of_another() {
    let stand = Stand::new().await;
    let (gantry, upstream) = (&stand.gantry, &stand.upstream);
    let other = gantry.upstream();
    let tenant = gantry.tenant("org_evil").await;
    gantry.connection(&other, "evil", |connection| connection.owner = Some(tenant)).await;
    let browser = Browser::new();
    let page = stand.request().open(&browser).await;
    let left = browser.leave_for(&page, &stand.connection).await;
    let back = browser.at_provider(&left, &carol()).await;
    let crossed = back.as_str().replace("/connections/acme/", "/connections/evil/");
    assert_ne!(crossed, back.as_str());

    let page = browser.open(crossed).await;

    page.is_error_page(400);
    assert_eq!(page.attribute("#error-page", "data-problem").as_deref(), Some("unknown_attempt"));
    assert!(upstream.seen(Place::Token).is_empty() && other.seen(Place::Token).is_empty(), "the code left us");
    stand.nobody_came("a crossed callback").await;
    // What the crossed one named is not used up: it was not there to be found.
    let page = browser.open(back).await;
    assert!(page.has("#consent-allow"), "{}", page.html);
}

#[tokio::test]
async fn fed_02_ses_04_a_state_of_another_browser_or_of_nobody_is_unknown() {
    let stand = Stand::new().await;
    let (browser, stranger) = (Browser::new(), Browser::new());
    let page = stand.request().open(&browser).await;
    let left = browser.leave_for(&page, &stand.connection).await;
    let back = browser.at_provider(&left, &carol()).await;
    stand.request().open(&stranger).await;
    for browser in [&stranger, &Browser::new()] {
        let page = browser.open(&back).await;
        page.is_error_page(400);
        assert_eq!(page.attribute("#error-page", "data-problem").as_deref(), Some("unknown_attempt"));
        assert!(!browser.is_signed_in(&stand.gantry).await);
    }
    stand.upstream.lie(Lie::WrongState);
    let page = stand.arrive(&Browser::new(), &carol()).await;
    assert_eq!(page.attribute("#error-page", "data-problem").as_deref(), Some("unknown_attempt"));
    assert!(stand.upstream.seen(Place::Token).is_empty(), "the code left us");
    // Too late is unknown too.
    stand.upstream.mend();
    stand.gantry.clock.advance(std::time::Duration::from_secs(901));
    let page = browser.open(&back).await;
    assert_eq!(page.attribute("#error-page", "data-problem").as_deref(), Some("unknown_attempt"));
    stand.nobody_came("a late callback").await;
}

#[tokio::test]
async fn inp_01_a_callback_with_a_doubled_parameter_is_refused() {
    let stand = Stand::new().await;
    stand.upstream.lie(Lie::Doubled);
    let browser = Browser::new();
    let page = stand.arrive(&browser, &carol()).await;
    page.is_error_page(400);
    assert!(stand.upstream.seen(Place::Token).is_empty() && !browser.is_signed_in(&stand.gantry).await);
    stand.nobody_came("a doubled parameter").await;
}

#[tokio::test]
async fn fed_03_metadata_that_name_another_issuer_or_lack_an_endpoint_are_not_gone_by() {
    for (lie, problem) in [
        (Lie::OtherIssuerInMetadata, Problem::MetadataMismatch),
        (Lie::SlashInMetadata, Problem::MetadataMismatch),
        (Lie::NoTokenEndpoint, Problem::MetadataMismatch),
    ] {
        let stand = Stand::new().await;
        stand.upstream.lie(lie);
        let browser = Browser::new();
        let page = stand.request().open(&browser).await;
        let mut page = browser.leave_for(&page, &stand.connection).await;
        if page.left.is_some() {
            page = browser.come_back(&page, &carol()).await;
        }
        stand.gantry.refused(&browser, &page, problem).await;
        stand.nobody_came(lie).await;
    }
}

#[tokio::test]
async fn fed_04_an_assertion_that_another_provider_caught_is_useless_at_the_honest_one() {
    let stand = Stand::new().await;
    let (gantry, honest) = (&stand.gantry, &stand.upstream);
    let pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
    let secrets = ConnectionSecrets { private_key: Some(Secret::new(pair.serialize_pem())), ..ConnectionSecrets::default() };
    honest.demand(UpstreamAuth::PrivateKeyJwt, Some(pair.public_key_pem()));
    gantry.change_connection(&stand.connection, |connection| connection.settings.client_auth = Some(UpstreamAuth::PrivateKeyJwt)).await;
    gantry.set_secrets(&stand.connection, secrets.clone()).await;
    // The attacker's connection even has the same key, and its metadata name the honest provider's token endpoint.
    let evil = gantry.upstream();
    evil.advertise("token_endpoint", &format!("{}/token", honest.origin));
    let caught = gantry.connection(&evil, "evil", |connection| connection.settings.client_auth = Some(UpstreamAuth::PrivateKeyJwt)).await;
    gantry.set_secrets(&caught, secrets).await;
    let browser = Browser::new();
    let page = stand.request().open(&browser).await;
    let page = browser.sign_in_with(&page, &caught, &carol()).await;
    gantry.refused(&browser, &page, Problem::ClientRejected).await;
    let seen = honest.seen(Place::Token).pop().expect("it came there");
    let claims = crate::support::claims_of(seen.get("client_assertion"));
    assert_eq!(claims["aud"], evil.origin, "the audience is the issuer that is configured, and nothing else");
    // At its own provider it is good.
    let page = stand.arrive(&Browser::new(), &carol()).await;
    assert!(page.has("#consent-allow"), "{}", page.html);
}

#[tokio::test]
async fn fed_19_an_upstream_error_is_text_and_short() {
    let stand = Stand::new().await;
    stand.upstream.lie(Lie::ErrorWithScript);
    let browser = Browser::new();
    let page = stand.arrive(&browser, &carol()).await;
    let hops = stand.gantry.refused(&browser, &page, Problem::ErrorUpstream).await;
    assert!(!page.html.contains("<script>alert") && page.html.len() < 64 * 1024, "{}", page.html);
    let written = hops.iter().map(|hop| serde_json::to_string(&hop.detail).unwrap()).collect::<String>();
    assert!(written.len() < 8 * 1024 && !written.contains("\\r") && !written.contains("\\n"), "{written}");
    assert!(browser.cookies().iter().all(|(name, _)| name != "upstream"));

    // What is longer than an address may be is not read at all.
    let long = format!("{}?error=x&error_description={}", stand.gantry.callback("acme"), "x".repeat(60 * 1024));
    let status = Browser::new().open(long).await.status;
    assert!(matches!(status, 400 | 414 | 431), "{status}");
}

#[tokio::test]
async fn each_error_of_the_provider_has_its_own_words_and_sends_no_code() {
    let stand = Stand::new().await;
    for (lie, problem) in [
        (Lie::Denied, Problem::DeniedUpstream),
        (Lie::LoginRequired, Problem::InteractionUpstream),
        (Lie::OddError, Problem::ErrorUpstream),
    ] {
        stand.refuses(lie, problem).await;
    }
    assert!(stand.upstream.seen(Place::Token).is_empty());
    for (lie, problem) in [
        (Lie::MadeUpCode, Problem::CodeRejected),
        (Lie::InvalidGrant, Problem::CodeRejected),
        (Lie::InvalidClient, Problem::ClientRejected),
        (Lie::NoIdToken, Problem::NoIdToken),
    ] {
        stand.refuses(lie, problem).await;
    }
}

/// What a trace of a whole sign-in lists, in order; each once.
const HOPS: &[HopKind] = &[
    HopKind::Request,
    HopKind::Route,
    HopKind::Metadata,
    HopKind::Redirect,
    HopKind::Callback,
    HopKind::Token,
    HopKind::IdToken,
    HopKind::Userinfo,
    HopKind::Mapping,
    HopKind::Account,
    HopKind::Session,
    HopKind::Consent,
    HopKind::Answer,
    HopKind::TokensIssued,
];

#[tokio::test]
async fn an_honest_provider_is_believed_and_the_trace_lists_every_hop() {
    let stand = Stand::new().await;
    let browser = Browser::new();
    let request = stand.request();
    let page = request.open(&browser).await;
    let page = browser.sign_in_with(&page, &stand.connection, &carol()).await;
    let page = browser.submit(&page, "consent-allow", &[]).await;
    let tokens = request.redeem(&page.code()).await.ok();

    let user = stand.gantry.account("carol@acme.example").await.expect("an account was made");
    let claims = stand.gantry.userinfo(&tokens.access_token()).await.ok().json();
    let told = (&claims["sub"], &claims["email"], &claims["email_verified"], &claims["name"]);
    assert_eq!(told, (&user.id.to_string().into(), &"carol@acme.example".into(), &true.into(), &"Carol Company".into()));
    let link = stand.gantry.linked(&stand.connection, &stand.upstream.origin, "carol").await.unwrap();
    assert_eq!(link.user_id, user.id);
    let (trace, hops) = stand.gantry.newest_trace().await;
    assert_eq!(trace.user_id, Some(user.id));
    let kinds: Vec<HopKind> = hops.iter().map(|hop| hop.kind).collect();
    let missing: Vec<&HopKind> = HOPS.iter().filter(|kind| !kinds.contains(kind)).collect();
    assert!(missing.is_empty(), "{missing:?} is not in {kinds:?}");
    let written = serde_json::to_string(&hops.iter().map(|hop| &hop.detail).collect::<Vec<_>>()).unwrap();
    for secret in ["upstream-access-", "upstream-refresh-", crate::support::upstream::CLIENT_SECRET, &tokens.access_token()] {
        assert!(!written.contains(secret), "the trace has `{secret}`");
    }
    // Whoever comes a second time is the same.
    let again = request.walk_to_provider(&Browser::new(), &stand.connection, &carol()).await;
    assert_eq!(request.redeem(&again.code()).await.ok().claims("id_token")["sub"], claims["sub"]);
}
