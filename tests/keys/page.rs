//! The page on which people make and end their own tokens.

use gantry_core::realm::TenantDemand;
use gantry_core::scope_set::ScopeSet;
use reqwest::Url;

use super::{bearer, personal_token, personal_tokens};
use crate::support::{Browser, Gantry, Page, Person};

async fn tokens_page(gantry: &Gantry, browser: &Browser, person: Person) -> Page {
    let account = browser.open(gantry.url("/account")).await;
    let account = if account.url.path() == "/account" { account } else { person.sign_in(browser, &account).await };
    let path = account.attribute("#to-tokens", "href").expect("the account page leads there");
    browser.open(gantry.url(&path)).await
}

async fn post(gantry: &Gantry, browser: &Browser, page: &Page, path: &str, fields: &[(&str, &str)]) -> Page {
    let mut body = vec![("csrf".to_owned(), page.attribute("[name=csrf]", "value").unwrap())];
    body.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    browser.post(&Url::parse(&gantry.url(path)).unwrap(), &body, &[("sec-fetch-site", "same-origin"), ("origin", "null")]).await
}

#[tokio::test]
async fn a_token_is_made_shown_once_used_and_revoked() {
    let gantry = Gantry::start().await;
    let browser = Browser::new();
    let page = tokens_page(&gantry, &browser, Person::ALICE).await;
    assert!(page.has(".empty") && page.html.contains("Read orders"), "{}", page.html);
    let fields = [("name", " Backup  script"), ("days", "90"), ("scope", "orders:read"), ("scope", "email")];
    let made = post(&gantry, &browser, &page, "/account/tokens", &fields).await;
    let token = made.text("#token-value");
    assert!(token.starts_with("gpt_") && made.headers["cache-control"].to_str().unwrap().contains("no-store"));
    assert!(made.text("#made-title").contains("Backup script"));
    let answer = super::ask(&gantry, reqwest::Method::GET, "?scope=orders:read", &[("Authorization", &bearer(&token))]).await;
    assert_eq!((answer.status, answer.headers["x-auth-scope"].to_str().unwrap()), (200, "orders:read email"));
    let again = browser.open(gantry.url("/account/tokens")).await;
    assert!(!again.html.contains(&token) && again.text(".rows").contains("Backup script"), "{}", again.html);
    let mail = gantry.mail("alice@example.com", 1).await;
    assert!(mail.link("/account/tokens").starts_with(&gantry.base) && !mail.text.contains(&token));
    let twice = post(&gantry, &browser, &page, "/account/tokens", &fields).await;
    assert_eq!(
        (twice.status, twice.has("#name-error"), twice.has("#made")),
        (422, true, false),
        "a form that is sent twice makes one token"
    );

    let id = again.attribute("[name=token]", "value").unwrap();
    let revoked = post(&gantry, &browser, &again, "/account/tokens/revoke", &[("token", &id)]).await;
    assert_eq!((revoked.url.path(), revoked.url.query()), ("/account/tokens", Some("notice=token-revoked")));
    assert!(revoked.has(".note.good") && revoked.has(".empty"));
    assert_eq!(super::ask(&gantry, reqwest::Method::GET, "", &[("Authorization", &bearer(&token))]).await.status, 401);
    assert_eq!((gantry.audited("created").await > 0, gantry.audited("revoked").await), (true, 1));
}

#[tokio::test]
async fn what_is_wrong_with_a_token_is_said_at_its_field() {
    let gantry = Gantry::start().await;
    let browser = Browser::new();
    let page = tokens_page(&gantry, &browser, Person::ALICE).await;
    for (fields, wrong) in [
        (&[("name", ""), ("days", "30"), ("scope", "email")][..], "#name-error"),
        (&[("name", "a\u{202e}b"), ("days", "30"), ("scope", "email")], "#name-error"),
        (&[("name", "x"), ("days", "30")], "#token-scopes-error"),
        (&[("name", "x"), ("days", "30"), ("scope", "ed:read")], "#token-scopes-error"),
        (&[("name", "x"), ("days", "30"), ("scope", "openid")], "#token-scopes-error"),
    ] {
        let page = post(&gantry, &browser, &page, "/account/tokens", fields).await;
        assert_eq!((page.status, page.has(wrong), page.has("#made")), (422, true, false), "{fields:?} {}", page.html);
    }
    for days in ["0", "367", "-1", "many", ""] {
        let fields = [("name", "x"), ("days", days), ("scope", "email")];
        assert_eq!(post(&gantry, &browser, &page, "/account/tokens", &fields).await.status, 422, "{days}");
    }
    assert!(personal_tokens(&gantry).list(&gantry.user(Person::ALICE).await).await.unwrap().is_empty());
}

#[tokio::test]
async fn who_asks_too_often_is_told_so() {
    let gantry = Gantry::start().await;
    let browser = Browser::new();
    let page = tokens_page(&gantry, &browser, Person::ALICE).await;
    for count in 0..10 {
        let name = format!("Script {count}");
        let fields = [("name", name.as_str()), ("days", "7"), ("scope", "email")];
        assert!(post(&gantry, &browser, &page, "/account/tokens", &fields).await.has("#token-value"), "{count}");
    }
    let refused = post(&gantry, &browser, &page, "/account/tokens", &[("name", "x"), ("days", "7"), ("scope", "email")]).await;
    assert_eq!((refused.status, refused.has("#made")), (429, false), "{}", refused.html);
    assert_eq!(browser.open(gantry.url("/account/tokens")).await.status, 200, "the page itself stands");
}

#[tokio::test]
async fn an_organization_is_chosen_where_there_are_any() {
    let gantry = Gantry::start().await;
    let browser = Browser::new();
    assert!(!tokens_page(&gantry, &browser, Person::ALICE).await.has("#organization"));
    gantry.change_realm(|settings| settings.tenants = TenantDemand::Required).await;
    let page = tokens_page(&gantry, &browser, Person::ALICE).await;
    let acme = page.attribute("#organization option[selected]", "value").expect("the only one is chosen");
    let ask_for = async |name: &str, organization: &str| {
        let fields = [("name", name), ("days", "7"), ("scope", "orders:read"), ("organization", organization)];
        post(&gantry, &browser, &page, "/account/tokens", &fields).await
    };
    for wrong in ["", "ten_0192b3c4d5e67890a1b2c3d4e5f60718", "org_acme"] {
        assert!(ask_for("x", wrong).await.has("#organization-error"), "{wrong}");
    }
    let made = ask_for("For Acme", &acme).await;
    assert!(made.has("#token-value") && made.text(".rows").contains("Acme"));
    gantry.change_realm(|settings| settings.tenants = TenantDemand::Optional).await;
    assert!(ask_for("For me", "").await.has("#token-value"));
}

#[tokio::test]
async fn the_page_is_its_owners_alone() {
    let gantry = Gantry::start().await;
    let (alice, bob) = (Browser::new(), Browser::new());
    let (token, text) = personal_token(&gantry, Person::ALICE, "orders:read").await;
    let page = tokens_page(&gantry, &bob, Person::BOB).await;
    assert!(page.has(".empty"));
    let refused = post(&gantry, &bob, &page, "/account/tokens/revoke", &[("token", &token.id.to_string())]).await;
    assert_eq!(refused.status, 404);
    assert_eq!(post(&gantry, &bob, &page, "/account/tokens/revoke", &[("token", "x")]).await.status, 404);
    assert!(gantry.client("orders-api").is_active(&text).await);
    let page = tokens_page(&gantry, &alice, Person::ALICE).await;
    for path in ["/account/tokens", "/account/tokens/revoke"] {
        let html = page.html.replace("name=\"csrf\" value=\"", "name=\"csrf\" value=\"x");
        let forged = Page { html, ..page.clone() };
        assert_eq!(post(&gantry, &alice, &forged, path, &[]).await.status, 403, "{path}");
    }
    let nobody = Browser::new().open(gantry.url("/account/tokens")).await;
    assert_eq!(nobody.url.path(), "/sign-in");
}

#[tokio::test]
async fn where_the_platform_has_none_nothing_leads_there() {
    let gantry = Gantry::start().await;
    let (_, text) = personal_token(&gantry, Person::ALICE, "orders:read").await;
    let browser = Browser::new();
    let page = tokens_page(&gantry, &browser, Person::ALICE).await;
    gantry.change_realm(|settings| settings.personal_tokens.enabled = false).await;
    assert!(!browser.open(gantry.url("/account")).await.has("#to-tokens"));
    let closed = browser.open(gantry.url("/account/tokens")).await;
    assert!(!closed.has("#token-make") && closed.has("[name=token]"), "what is there can still be removed");
    let fields = [("name", "x"), ("days", "7"), ("scope", "orders:read")];
    assert_eq!(post(&gantry, &browser, &page, "/account/tokens", &fields).await.status, 404);
    gantry.change_realm(|settings| settings.personal_tokens.scopes = ScopeSet::default()).await;
    assert!(!gantry.client("orders-api").is_active(&text).await);
}
