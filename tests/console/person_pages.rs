//! What a person's pages lead to: invitations, the audit trail, the steps of a sign-in.

use gantry_core::clock::Clock as _;
use gantry_core::external_identity::UserIdentity;
use gantry_core::id::IdentityId;

use crate::support::upstream::Account;
use crate::support::{Browser, Gantry, Person};

const R: &str = "/console/realms/default";

#[tokio::test]
async fn who_is_better_invited_is_said_and_what_became_of_an_invitation_too() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let page = console.page(&format!("{R}/people/new")).await;
    for path in [format!("{R}/tenants"), format!("{R}/invitations/new"), format!("{R}/invitations")] {
        assert!(page.has(&format!("#invite a[href=\"{path}\"]")), "{path}: {}", page.html);
    }
    let bob = gantry.user(Person::BOB).await.id;
    let memberships = format!("{R}/people/{bob}/memberships");
    assert!(!console.page(&memberships).await.has("#invitations"));
    gantry.tenant("alder").await;
    let form = console.page(&format!("{R}/tenants/alder/members/invite")).await;
    let sent = console.submit(&form, "invite", &[("email", Person::BOB.email), ("role", "member")]).await;
    assert_eq!(sent.status, 200, "{}", sent.html);
    let page = console.page(&memberships).await;
    assert!(page.text("#invitations tbody").contains("Open"), "{}", page.html);
    let there = page.attribute("#invitations tbody a", "href").unwrap();
    assert_eq!(there, format!("{R}/tenants/alder/members"));
    let members = console.page(&there).await;
    let form = members.form_to("/revoke");
    console.browser.post(&form.action, &form.fields, &[("sec-fetch-site", "same-origin"), ("origin", "null")]).await;
    assert!(console.page(&memberships).await.text("#invitations tbody").contains("Taken back"));
}

#[tokio::test]
async fn each_sign_in_leads_to_its_line_and_one_with_a_provider_to_its_steps() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let (bob, upstream) = (gantry.user(Person::BOB).await, gantry.upstream());
    let history = format!("{R}/people/{}/history", bob.id);
    let browser = Browser::new();
    let page = browser.open(gantry.url("/account")).await;
    Person::BOB.sign_in(&browser, &page).await;
    gantry.settle().await;
    let page = console.page(&history).await;
    let line = page.attribute("#events tbody a", "href").expect("the line of a sign-in with a password");
    assert!(line.starts_with(&format!("{R}/audit/")) && !page.has("#traces"), "{}", page.html);
    assert!(console.page(&line).await.html.contains("Signed in"));

    let connection = gantry.connection(&upstream, "acme", |_| ()).await;
    let now = gantry.clock.now();
    let identity = UserIdentity {
        id: IdentityId::new(),
        realm_id: bob.realm_id,
        connection_id: connection.id,
        issuer: upstream.origin.clone(),
        subject: "bob-there".to_owned(),
        user_id: bob.id,
        email: None,
        directory: None,
        groups: Vec::new(),
        groups_stale_since: None,
        created_at: now,
        last_used_at: now,
    };
    gantry.store.transact(bob.realm_id, async |tx| Ok(tx.identities().insert(&identity).await?)).await.unwrap();
    let account = Account::person("bob-there", "bob@there.example");
    gantry.client("ledger").authorize().walk_to_provider(&Browser::new(), &connection, &account).await;
    gantry.settle().await;
    let page = console.page(&history).await;
    let trace = page.attribute("#traces tbody a", "href").expect("the steps of a sign-in with a provider");
    let (newest, _) = gantry.newest_trace().await;
    assert_eq!((trace.as_str(), newest.user_id), (format!("{R}/traces/{}", newest.id).as_str(), Some(bob.id)));
    assert!(console.page(&trace).await.html.contains("acme"));
}
