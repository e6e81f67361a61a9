//! One address is one key, however somebody types it: at the door, where wrong guesses are counted, where domains lead somewhere,
//! and where accounts are made (attack catalogue PRE-18).

use gantry_core::connection::Connection;

use crate::support::{Browser, Console, Gantry, Page, Person};

/// Other spellings of Bob's address.
const SAME: [&str; 4] = ["BOB@example.com", "bob@EXAMPLE.Com", " bob@example.com ", "\u{ff22}ob@exampl\u{ff45}.com"];

/// What looks like it, and is another address or none.
const OTHER: [&str; 9] = [
    "bob@example.com.",
    "bob\u{ff20}example.com",
    "bob@example\u{ff0e}com",
    "bob@exa\u{200b}mple.com",
    "bo\u{200d}b@example.com",
    "b\u{3bf}b@example.com",
    "bob@ex\u{430}mple.com",
    "bob+tag@example.com",
    "bob@example.com\u{2060}",
];

async fn password_page(gantry: &Gantry, browser: &Browser, email: &str) -> Page {
    super::fill_in(gantry, browser, "/sign-in", "login-submit", &[("username", email)]).await
}

/// Tries a password with an address as it is typed.
async fn guess(gantry: &Gantry, browser: &Browser, email: &str, password: &str) -> Page {
    let page = password_page(gantry, browser, email).await;
    if page.has("input[name=password]") { browser.submit(&page, "login-submit", &[("password", password)]).await } else { page }
}

#[tokio::test]
async fn pre_18_every_spelling_of_an_address_signs_in_and_nothing_that_looks_like_it() {
    let gantry = Gantry::start().await;
    for spelling in SAME {
        let browser = Browser::new();
        guess(&gantry, &browser, spelling, Person::BOB.password).await;
        assert!(browser.is_signed_in(&gantry).await, "{spelling:?}");
    }
    for other in OTHER {
        let browser = Browser::new();
        guess(&gantry, &browser, other, Person::BOB.password).await;
        assert!(!browser.is_signed_in(&gantry).await, "{other:?}");
    }
}

#[tokio::test]
async fn pre_18_wrong_guesses_count_together_however_the_address_is_typed() {
    let gantry = Gantry::start().await;
    // As many as one spelling is allowed, over all of them.
    for attempt in 0..10 {
        guess(&gantry, &Browser::new(), SAME[attempt % SAME.len()], "not the password at all").await;
    }
    let right = guess(&gantry, &Browser::new(), "bob@example.com", Person::BOB.password).await;
    assert_eq!(right.status, 429, "the right one waits as well: {}", right.html);
    // Another address that looks like it has guesses of its own.
    let page = guess(&gantry, &Browser::new(), "bob+tag@example.com", "not the password at all").await;
    assert_eq!(page.status, 422, "{}", page.html);
}

#[tokio::test]
async fn pre_18_an_account_is_unique_by_the_address_and_not_by_its_spelling() {
    let gantry = Gantry::start().await;
    let console: Console<'_> = gantry.realm_admin().await;
    let form = console.page("/console/realms/default/people/new").await;
    for spelling in SAME {
        let taken = console.submit(&form, "person-new", &[("email", spelling)]).await;
        assert_eq!(taken.status, 422, "{spelling:?}");
    }
    for other in OTHER.into_iter().filter(|other| !other.contains('+')) {
        let none = console.submit(&form, "person-new", &[("email", other)]).await;
        assert_eq!(none.status, 422, "{other:?} is no address");
    }
    // A tag makes another address: only its mail provider knows that both end in one mailbox.
    let tagged = console.submit(&form, "person-new", &[("email", "BOB+Tag@example.com")]).await;
    assert_eq!(tagged.status, 200, "{}", tagged.html);
    assert!(gantry.account("bob+tag@example.com").await.is_some());
}

#[tokio::test]
async fn pre_18_a_domain_leads_to_its_company_however_it_is_typed() {
    let gantry = Gantry::start().await;
    let upstream = gantry.upstream();
    let tenant = gantry.tenant("acme").await;
    let connection: Connection = gantry.connection(&upstream, "acme", |_| ()).await;
    gantry.attach(&connection, tenant, |_| ()).await;
    gantry.prove_domain(tenant, "acme.example").await;
    let page = async |email: &str| password_page(&gantry, &Browser::new(), email).await;
    for spelling in ["carol@acme.example", "Carol@ACME.Example", " carol@acme.example ", "carol@\u{ff41}cme.example"] {
        let left = page(spelling).await.left.expect(spelling);
        assert_eq!(left.origin().ascii_serialization(), upstream.origin, "{spelling:?}");
    }
    for other in ["carol@acme.example.", "carol@acme\u{ff0e}example", "carol@ac\u{200b}me.example", "carol@\u{430}cme.example"] {
        let page = page(other).await;
        assert_eq!((page.status, page.left), (422, None), "{other:?} leads nowhere");
    }
}
