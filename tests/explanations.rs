//! The pages behind refusals: each reason has one in each realm, and refusals lead there.

use gantry_core::reason::Reason;
use reqwest::header;

use crate::support::{Browser, Gantry, Person};

#[tokio::test]
async fn every_reason_is_explained_in_every_realm_and_language() {
    let gantry = Gantry::start().await;
    for (tag, words) in [("en", "What to do now"), ("de", "Was jetzt zu tun ist")] {
        let browser = Browser::new().with_header("accept-language", tag);
        for base in [gantry.base.clone(), gantry.other_realm()] {
            for reason in Reason::ALL {
                let page = browser.open(format!("{base}/errors/{reason}")).await;
                assert_eq!((page.status, page.text("#reason")), (200, reason.to_string()));
                assert!(page.text("main").contains(words), "{tag} {reason}");
                // What it shows names this realm's own address.
                assert_eq!(page.has("pre"), page.html.contains(&format!("{base}/errors/{reason}")), "{reason}");
            }
        }
    }
}

#[tokio::test]
async fn the_page_names_the_addresses_of_its_own_realm() {
    let gantry = Gantry::start().await;
    gantry.apply("realm: { slug: sso, endpoints: { profile: keycloak } }").await;
    for (base, endpoint) in [(gantry.base.clone(), "/oauth/authorize?"), (gantry.url("/realms/sso"), "/protocol/openid-connect/auth?")] {
        let page = Browser::new().open(format!("{base}/errors/sign_in_too_old")).await;
        assert!(page.text("pre").contains(&format!("\"authorization_uri\": \"{base}{endpoint}")), "{}", page.text("pre"));
    }
}

#[tokio::test]
async fn an_unknown_reason_is_no_page() {
    let gantry = Gantry::start().await;
    for wrong in ["/errors/nonsense", "/errors/", "/errors/NOT_A_MEMBER", "/errors/not_a_member/", "/errors/not_a_member%00", "/errors"] {
        Browser::new().open(gantry.url(wrong)).await.is_error_page(404);
    }
}

#[tokio::test]
async fn a_refused_token_request_names_the_page_of_its_own_realm() {
    let gantry = Gantry::start().await;
    for base in [gantry.base.clone(), gantry.other_realm()] {
        let mut ledger = gantry.client("ledger");
        ledger.base.clone_from(&base);
        let tokens = ledger.authorize().scope("openid offline_access").tokens(&Browser::new(), Person::ALICE).await;
        let asked = [("grant_type", "refresh_token"), ("refresh_token", &tokens.refresh_token()), ("org_id", "org_nowhere")];
        let refused = ledger.token(&asked).await;
        let uri = refused.text("error_uri");
        assert_eq!(uri, format!("{base}/errors/{}", refused.text("reason")));
        // RFC 6749 §5.2 has few characters for it.
        assert!(uri.bytes().all(|b| matches!(b, b'!' | b'#'..=b'[' | b']'..=b'~')));
        assert_eq!(Browser::new().open(&uri).await.text("#reason"), refused.text("reason"));
        // What has no reason has no page.
        assert_eq!(ledger.refresh("gtr_nothing").await.json().get("error_uri"), None);
    }
}

#[tokio::test]
async fn no_header_moves_the_page_elsewhere() {
    let gantry = Gantry::start().await;
    let ledger = gantry.client("ledger");
    let tokens = ledger.authorize().scope("openid offline_access").tokens(&Browser::new(), Person::ALICE).await;
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("grant_type", "refresh_token"), ("refresh_token", &tokens.refresh_token()), ("org_id", "org_nowhere")])
        .finish();
    let post = gantry.http.post(gantry.url("/oauth/token")).basic_auth("ledger", Some(crate::support::CLIENT_SECRET));
    let sent = post
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("x-forwarded-host", "evil.example")
        .header(header::FORWARDED, "host=evil.example;proto=https")
        .body(body);
    let refused = crate::support::Answer::of(sent.send().await.unwrap()).await;
    assert!(refused.text("error_uri").starts_with(&gantry.base), "{}", refused.body);
}
