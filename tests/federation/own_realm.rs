//! Another realm of Gantry as the provider: nothing of it knows that it speaks to itself.

use gantry_core::connection::{ConnectionSettings, EmailTrust};

use crate::support::{Browser, CLIENT_SECRET, Gantry, Page, Person};

/// Goes through the other realm's pages.
async fn through_the_other_realm(browser: &Browser, mut page: Page, person: Person) -> Page {
    if page.has("[name=username], [name=password]") {
        page = person.sign_in(browser, &page).await;
    }
    if page.has("#consent-allow") && page.url.path().starts_with("/realms/other") {
        page = browser.submit(&page, "consent-allow", &[]).await;
    }
    page
}

#[tokio::test]
async fn a_second_realm_is_a_provider_like_any_other() {
    let gantry = Gantry::start().await;
    let settings = ConnectionSettings {
        client_id: Some("default-realm".to_owned()),
        issuer: Some(gantry.other_realm()),
        email_trust: Some(EmailTrust::Provider),
        scopes: vec!["openid".to_owned(), "profile".to_owned(), "email".to_owned()],
        ..ConnectionSettings::default()
    };
    let connection = gantry.connection_to("other", settings, |_| ()).await;
    let secrets = gantry_core::connection::ConnectionSecrets {
        client_secret: Some(gantry_core::secret::Secret::new(CLIENT_SECRET.to_owned())),
        ..Default::default()
    };
    gantry.set_secrets(&connection, secrets).await;
    gantry
        .apply(&format!(
            "realm: {{ slug: other }}\nusers:\n  - {{ email: only.there@example.org, name: Only There, password: a phrase that is known there }}\nclients:\n  - client_id: default-realm\n    name: Default Realm\n    kind: development\n    client_secret: {CLIENT_SECRET}\n    redirect_uris: [\"{}\"]\n    scopes: [openid, profile, email]\n",
            gantry.callback("other")
        ))
        .await;
    let there = Person { email: "only.there@example.org", password: "a phrase that is known there" };
    let (browser, request) = (Browser::new(), gantry.client("ledger").authorize());
    let page = request.open(&browser).await;
    let page = browser.leave_for(&page, &connection).await;
    assert!(page.url.path().starts_with("/realms/other"), "{} {}", page.url, page.html);
    let page = through_the_other_realm(&browser, page, there).await;
    let page = browser.submit(&page, "consent-allow", &[]).await;
    let tokens = request.redeem(&page.code()).await.ok();
    let claims = tokens.claims("id_token");
    assert_eq!(claims["iss"], gantry.issuer());
    assert_eq!(gantry.userinfo(&tokens.access_token()).await.ok().text("email"), "only.there@example.org");
    let user = gantry.account("only.there@example.org").await.unwrap();
    assert_eq!(claims["sub"], user.id.to_string());
    let link = gantry.identities_of(user.id).await.remove(0);
    assert_eq!(link.issuer, gantry.other_realm());
    assert_ne!(link.subject, user.id.to_string(), "one realm's person has the other's id");

    // Alice of the other realm is not Alice of this one until she proves it.
    let browser = Browser::new();
    let page = request.open(&browser).await;
    let page = browser.leave_for(&page, &connection).await;
    let page = through_the_other_realm(&browser, page, Person::ALICE).await;
    assert!(page.has("#prove-submit"), "{} {}", page.url, page.html);
    let page = browser.submit(&page, "prove-submit", &[("password", Person::ALICE.password)]).await;
    let page = if page.has("#consent-allow") { browser.submit(&page, "consent-allow", &[]).await } else { page };
    let alice = gantry.user(Person::ALICE).await;
    assert_eq!(request.redeem(&page.code()).await.ok().claims("id_token")["sub"], alice.id.to_string());
}
