//! Service accounts in the console: a key is shown once, works at the API, and ends when somebody says so.

use std::time::Duration;

use crate::support::api::Program;
use crate::support::{Console, Form, Gantry, Page, Person};

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

/// An account of a program, as its page shows it, with the program's two keys.
async fn with_two_keys<'g>(gantry: &'g Gantry, console: &Console<'_>) -> (String, Program<'g>, Program<'g>) {
    let first = gantry.program("default").await;
    let one = format!("{LIST}/{}", first.account);
    let settings = console.page(&format!("{one}/settings")).await;
    let made = console.submit(&settings, "key-new", &[]).await;
    let second = Program { key: key(&made.html).expect("a second key"), ..first.clone() };
    (one, first, second)
}

async fn press(console: &Console<'_>, page: &Page, form: Form) -> Page {
    let done = console.browser.post(&form.action, &form.fields, &[("sec-fetch-site", "same-origin"), ("origin", "null")]).await;
    assert_eq!((done.status, done.url.path()), (200, page.url.path()), "{}", done.html);
    done
}

async fn works(program: &Program<'_>) -> bool {
    match program.get("/realms/default/users").await.status {
        200 => true,
        401 => false,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_key_that_is_ended_works_no_more_and_the_other_one_does() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let (one, first, second) = with_two_keys(&gantry, &console).await;
    assert!(works(&first).await && works(&second).await);
    let page = console.page(&one).await;
    // Newest first: the last one is the key that was made first.
    let mut forms = page.forms_to("/keys/end");
    assert_eq!(forms.len(), 2);
    let page = press(&console, &page, forms.pop().unwrap()).await;
    assert!(!works(&first).await && works(&second).await);
    assert_eq!(page.forms_to("/keys/end").len(), 1, "what has ended cannot be ended again");
    let entries = gantry.store.read(gantry.realm_id().await).audit().list(None, 100).await.unwrap();
    assert!(entries.iter().any(|entry| entry.target == Some(first.account.to_string()) && entry.user_id.is_some()), "by whom is written");
}

#[tokio::test]
async fn ten_11_an_account_that_is_switched_off_answers_to_no_key() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let (one, first, second) = with_two_keys(&gantry, &console).await;
    let page = console.page(&one).await;
    let page = press(&console, &page, page.form_to("/state")).await;
    assert!(!works(&first).await && !works(&second).await);
    // A key that is ended meanwhile stays ended.
    let mut forms = page.forms_to("/keys/end");
    let page = press(&console, &page, forms.pop().unwrap()).await;
    gantry.clock.advance(Duration::from_mins(11));
    let form = page.form_to("/state");
    let late = console.browser.post(&form.action, &form.fields, &[("sec-fetch-site", "same-origin"), ("origin", "null")]).await;
    assert!(!late.url.path().starts_with("/console/realms"), "to switch on is to give once more: {}", late.url);
    assert!(!works(&second).await);
    let (console, _) = Console::sign_in(&gantry, "default", Person::ADMIN).await;
    let page = console.page(&one).await;
    press(&console, &page, page.form_to("/state")).await;
    assert!(works(&second).await && !works(&first).await);
}

/// On Postgres alone, as all tests of several nodes.
mod several_nodes {
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    #[ignore = "several nodes need Postgres"]
    async fn ten_11_what_ends_in_the_console_is_dead_on_the_other_node_within_a_second() {
        let gantry = Gantry::start().await;
        let console = gantry.realm_admin().await;
        let (one, first, second) = with_two_keys(&gantry, &console).await;
        let node = gantry.second_node().await;
        let there = async |key: &str| {
            let url = format!("http://{}/api/admin/v1/realms/default/users", node.address());
            let host = gantry.base.trim_start_matches("http://");
            gantry.http.get(url).header("host", host).bearer_auth(key).send().await.unwrap().status().as_u16()
        };
        assert_eq!((there(&first.key).await, there(&second.key).await), (200, 200));
        let page = console.page(&one).await;
        let page = press(&console, &page, page.forms_to("/keys/end").pop().unwrap()).await;
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!((there(&first.key).await, there(&second.key).await), (401, 200));
        let page = press(&console, &page, page.form_to("/state")).await;
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(there(&second.key).await, 401);
        let page = press(&console, &page, page.form_to("/state")).await;
        assert_eq!(there(&second.key).await, 200);
        let removal = console.page(&format!("{one}/delete")).await;
        let name = page.text("h1");
        console.submit(&removal, "account-remove", &[("confirm", &name)]).await;
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(there(&second.key).await, 401);
        node.stop().await;
    }
}
