//! Google's and GitHub's quirks through the whole flow.

use gantry_core::connection::{Connection, GoogleSettings, JoinRule, UpstreamAuth, UpstreamEndpoints};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::sign_in_trace::SignInProblem as Problem;
use serde_json::{Value, json};

use super::Stand;
use crate::support::upstream::Account;
use crate::support::{Browser, Page, Person};

async fn google(hosted_domains: &[&str]) -> Stand {
    let google = GoogleSettings { hosted_domains: hosted_domains.iter().map(|domain| (*domain).to_owned()).collect() };
    let stand = Stand::with(|connection: &mut Connection| {
        connection.kind = ConnectorKind::Google;
        connection.settings.email_trust = None;
        connection.settings.google = Some(google);
    })
    .await;
    stand.upstream.tell_in_tokens();
    stand
}

fn of_workspace(subject: &str) -> Account {
    Account::person(subject, "carol@corp.example").with("hd", "corp.example")
}

#[tokio::test]
async fn ent_08_without_the_right_hosted_domain_nobody_is_of_the_organization() {
    let stand = google(&["corp.example"]).await;
    for hd in [None, Some(json!("evil.example")), Some(json!(["corp.example"])), Some(json!("")), Some(json!("corp.example.evil.example"))]
    {
        let account = hd.clone().map_or_else(|| of_workspace("mallory").without("hd"), |hd| of_workspace("mallory").with("hd", hd));
        let browser = Browser::new();
        let page = stand.arrive(&browser, &account).await;
        stand.gantry.refused(&browser, &page, Problem::DirectoryNotAllowed).await;
        assert!(stand.gantry.account("carol@corp.example").await.is_none(), "{hd:?}");
    }
    let page = stand.arrive(&Browser::new(), &of_workspace("carol")).await;
    assert!(page.has("#consent-allow"), "{}", page.html);
}

#[tokio::test]
async fn ent_08_a_tenant_of_a_hosted_domain_is_not_joined_by_an_address_alone() {
    let stand = google(&[]).await;
    let gantry = &stand.gantry;
    let tenant = gantry.tenant("org_corp").await;
    gantry
        .attach(&stand.connection, tenant, |attachment| {
            (attachment.join, attachment.directories) = (JoinRule::Everyone, vec!["corp.example".to_owned()]);
        })
        .await;
    for (subject, email, hd) in [
        ("none", "none@corp.example", Value::Null),
        ("other", "other@corp.example", json!("evil.example")),
        ("list", "list@corp.example", json!(["corp.example"])),
    ] {
        let account = Account::person(subject, email);
        let account = if hd.is_null() { account } else { account.with("hd", hd) };
        stand.arrive(&Browser::new(), &account).await;
        let joined = match gantry.account(email).await {
            Some(user) => gantry.membership(tenant, user.id).await,
            None => None,
        };
        assert_eq!(joined, None, "{subject}");
    }
    stand.arrive(&Browser::new(), &of_workspace("carol")).await;
    let user = gantry.account("carol@corp.example").await.unwrap();
    assert!(gantry.membership(tenant, user.id).await.is_some());
}

#[tokio::test]
async fn ent_09_whoever_buys_a_domain_again_is_another_person() {
    let stand = google(&[]).await;
    let gantry = &stand.gantry;
    let tenant = gantry.tenant("org_corp").await;
    gantry.attach(&stand.connection, tenant, |attachment| attachment.directories = vec!["corp.example".to_owned()]).await;
    stand.arrive(&Browser::new(), &of_workspace("first-owner")).await;
    let user = gantry.account("carol@corp.example").await.unwrap();
    gantry.attach(&stand.connection, tenant, |attachment| attachment.join = JoinRule::Invited).await;

    let browser = Browser::new();
    let page = stand.arrive(&browser, &of_workspace("second-owner")).await;

    assert!(page.has("#prove-mail") && !browser.is_signed_in(gantry).await, "{}", page.html);
    assert!(gantry.linked(&stand.connection, &stand.upstream.origin, "second-owner").await.is_none());
    assert_eq!(gantry.identities_of(user.id).await.len(), 1);
}

async fn github() -> Stand {
    let stand = Stand::with(|connection: &mut Connection| {
        let at = |path: &str| Some(format!("{}{path}", connection.settings.issuer.clone().unwrap()));
        connection.kind = ConnectorKind::Github;
        let endpoints = UpstreamEndpoints {
            authorization: at("/login/oauth/authorize"),
            token: at("/login/oauth/access_token"),
            userinfo: at("/user"),
            emails: at("/user/emails"),
            ..UpstreamEndpoints::default()
        };
        connection.settings.email_trust = None;
        connection.settings.issuer = None;
        connection.settings.endpoints = endpoints;
    })
    .await;
    stand.upstream.demand(UpstreamAuth::ClientSecretPost, None);
    stand
}

fn developer(id: &str, login: &str, emails: Value) -> Account {
    Account::new(id).with("login", login).with("name", "Carol Coder").with("emails", emails)
}

fn primary(email: &str) -> Value {
    json!([
        { "email": "old@home.example", "primary": false, "verified": true, "visibility": null },
        { "email": email, "primary": true, "verified": true, "visibility": "private" },
    ])
}

async fn comes_in(stand: &Stand, account: &Account) -> String {
    let request = stand.request();
    let page = request.walk_to_provider(&Browser::new(), &stand.connection, account).await;
    request.redeem(&page.code()).await.ok().claims("id_token")["sub"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn ent_10_the_number_is_the_person_and_the_login_is_a_word() {
    let stand = github().await;
    let first = comes_in(&stand, &developer("4711", "carol", primary("carol@home.example"))).await;
    // Renamed, and with another address: the same person.
    assert_eq!(comes_in(&stand, &developer("4711", "caroline", primary("caroline@home.example"))).await, first);
    // The login of before in other hands.
    let browser = Browser::new();
    let page = stand.arrive(&browser, &developer("4712", "carol", primary("mallory@home.example"))).await;
    assert!(page.has("#consent-allow"), "{}", page.html);
    let stranger = stand.gantry.account("mallory@home.example").await.unwrap();
    assert_ne!(stranger.id.to_string(), first);
    // No number, no person.
    for id in ["carol", "", "4711x"] {
        let browser = Browser::new();
        let page = stand.arrive(&browser, &developer(id, "carol", primary("zoe@home.example"))).await;
        stand.gantry.refused(&browser, &page, Problem::BadSubject).await;
    }
}

#[track_caller]
fn asks_for_mailbox(page: &Page, why: &str) {
    assert!(page.has("#address-submit"), "{why}: {}", page.html);
}

#[tokio::test]
async fn ent_11_only_the_primary_verified_address_of_the_list_counts() {
    let stand = github().await;
    let entry = |email: &str, primary: bool, verified: Value| json!([{ "email": email, "primary": primary, "verified": verified }]);
    let alice = Person::ALICE.email;
    let cases = [
        ("the profile's", developer("1", "m", json!([])).with("email", alice).with("email_verified", true)),
        ("not verified", developer("1", "m", entry(alice, true, json!(false)))),
        ("verified as text", developer("1", "m", entry(alice, true, json!("true")))),
        ("not primary", developer("1", "m", entry(alice, false, json!(true)))),
        ("noreply", developer("1", "m", entry("4711+m@users.noreply.github.com", true, json!(true)))),
        ("no list", developer("1", "m", json!({ "message": "Not Found" }))),
    ];
    for (why, account) in cases {
        let browser = Browser::new();
        let page = stand.arrive(&browser, &account).await;
        if why == "no list" && page.has("#error-page") {
            stand.gantry.refused(&browser, &page, Problem::BadAnswer).await;
        } else {
            asks_for_mailbox(&page, why);
        }
        assert!(!browser.is_signed_in(&stand.gantry).await, "{why}");
        assert!(stand.gantry.identities_of(stand.gantry.user(Person::ALICE).await.id).await.is_empty(), "{why}");
    }
    comes_in(&stand, &developer("2", "carol", primary("carol@home.example"))).await;
}
