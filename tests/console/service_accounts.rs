//! Service accounts in the console: a key is shown once, works at the API, and ends when somebody says so.

use std::time::Duration;

use crate::support::Gantry;
use crate::support::api::Program;

const LIST: &str = "/console/realms/default/service-accounts";

/// The key that a page shows.
fn key(html: &str) -> Option<String> {
    let from = html.get(html.find("gsk_")?..).filter(|from| !from.starts_with("gsk_…"))?;
    Some(from.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')).collect())
}

#[tokio::test]
async fn an_admin_makes_an_account_and_its_key_is_shown_once() {
    let gantry = Gantry::start().await;
    // Older, so the list begins with the one that is made here.
    let other = gantry.program("default").await;
    let console = gantry.realm_admin().await;
    console.page(LIST).await;
    let new = console.page(&format!("{LIST}/new")).await;
    let wrong = console.submit(&new, "account-new", &[("name", "Deploy bot")]).await;
    assert_eq!(wrong.status, 422, "an account without a scope: {}", wrong.html);
    let made = console.submit(&new, "account-new", &[("name", "Deploy bot"), ("scopes", "clients:read")]).await;
    assert_eq!(made.status, 200, "{}", made.html);
    let key = key(&made.html).expect("the key is shown");
    let program = Program { key: key.clone(), ..other };
    program.get("/realms/default/clients").await.ok();
    assert_eq!(program.get("/realms/default/users").await.status, 403);

    let list = console.page(LIST).await;
    assert!(list.html.contains("Deploy bot") && !list.html.contains(&key));
    let from = list.html.split(&format!("{LIST}/sva_")).nth(1).unwrap();
    let one = format!("{LIST}/sva_{}", from.get(..32).unwrap());
    assert!(!console.page(&one).await.html.contains(&key), "shown once");

    let settings = console.page(&format!("{one}/settings")).await;
    let stale = settings.clone();
    let saved = console.submit(&settings, "account", &[("name", "People bot"), ("scopes", "people:read")]).await;
    assert_eq!((saved.status, saved.url.path()), (200, one.as_str()), "{}", saved.html);
    program.get("/realms/default/users").await.ok();
    let late = console.submit(&stale, "account", &[("name", "Late bot"), ("scopes", "clients:read")]).await;
    assert_eq!(late.status, 409, "what somebody else changed meanwhile is not written over");
    assert!(late.html.contains("People bot") && late.html.contains("Late bot"));

    let second = console.submit(&settings, "key-new", &[]).await;
    let second = Program { key: self::key(&second.html).expect("a second key"), ..program.clone() };
    second.get("/realms/default/users").await.ok();

    let removal = console.page(&format!("{one}/delete")).await;
    let unconfirmed = console.submit(&removal, "account-remove", &[("confirm", "something else")]).await;
    assert_eq!(unconfirmed.status, 422);
    second.get("/realms/default/users").await.ok();
    let removed = console.submit(&removal, "account-remove", &[("confirm", "People bot")]).await;
    assert_eq!((removed.status, removed.url.path()), (200, LIST), "{}", removed.html);
    for gone in [&program, &second] {
        assert_eq!(gone.get("/realms/default/users").await.status, 401);
    }
}

#[tokio::test]
async fn web_15_a_key_is_made_after_a_recent_sign_in_alone() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let new = console.page(&format!("{LIST}/new")).await;
    gantry.clock.advance(Duration::from_mins(11));
    for page in [
        console.get(&format!("{LIST}/new")).await,
        console.submit(&new, "account-new", &[("name", "Late bot"), ("scopes", "clients:read")]).await,
    ] {
        assert!(key(&page.html).is_none() && page.url.path() != format!("{LIST}/new"), "{}", page.url);
    }
    assert!(!console.page(LIST).await.html.contains("Late bot"));
}
