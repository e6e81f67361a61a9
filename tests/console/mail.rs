//! Mail: a realm's own words, a sample to oneself, and the outbox without what is in it.

use gantry_core::clock::Clock as _;
use gantry_core::outbox::{Mail, MailKind};

use crate::support::{Gantry, Person};

const TEXT: &str = "/console/realms/default/mail/text?kind=verify_email&locale=en";

#[tokio::test]
async fn a_realm_words_a_mail_and_takes_its_words_back() {
    let gantry = Gantry::start().await;
    let admin = gantry.realm_admin().await;
    let list = admin.page("/console/realms/default/mail/texts").await;
    assert!(list.html.contains("kind=verify_email"), "{}", list.html);
    let page = admin.page(TEXT).await;
    assert!(page.html.contains("{link}") && page.html.contains("{platform}"), "{}", page.html);
    let wrong = admin.submit(&page, "words", &[("subject", "Hello"), ("paragraphs", "Without <b>it</b>")]).await;
    assert_eq!(wrong.status, 422, "{}", wrong.html);
    assert!(wrong.html.contains("must have `{link}`") && wrong.html.contains("Without &lt;b&gt;it"), "{}", wrong.html);
    let saved = admin.submit(&page, "words", &[("subject", "A word from {platform}"), ("paragraphs", "Canary words.\n\n{link}")]).await;
    assert!(saved.html.contains("Canary words.") && saved.html.contains("id=\"reset\""), "{}", saved.html);
    let sent = admin.submit(&saved, "sample", &[]).await;
    assert_eq!(sent.status, 200, "{}", sent.html);
    let mail = gantry.mail(Person::ADMIN.email, 1).await;
    assert!(mail.text.contains("Canary words."), "{}", mail.text);
    // The file and the program say the same as the page.
    assert!(saved.html.contains("paragraphs:") && saved.html.contains("/api/admin/v1/realms/default/mail-texts"), "{}", saved.html);
    let reset = admin.submit(&sent, "reset", &[]).await;
    assert!(!reset.html.contains("Canary words."), "{}", reset.html);
}

#[tokio::test]
async fn the_outbox_shows_neither_mails_nor_links() {
    let gantry = Gantry::start().await;
    let admin = gantry.realm_admin().await;
    let (realm, now) = (gantry.realm_id().await, gantry.clock.now());
    let link = "https://example.com/verify?token=canary".to_owned();
    let mail = Mail { to: gantry.user(Person::BOB).await.email, locale: "en".to_owned(), kind: MailKind::VerifyEmail { link } };
    // Due in an hour, so that nothing takes it meanwhile.
    let later = now.plus(std::time::Duration::from_hours(1));
    gantry.store.transact(realm, async |tx| Ok(tx.outbox().insert(&mail, later).await?)).await.unwrap();
    let page = admin.page("/console/realms/default/mail").await;
    assert!(page.html.contains(Person::BOB.email) && !page.html.contains("canary"), "{}", page.html);
    let id = gantry.store.read(realm).outbox().list(None, None, 1).await.unwrap()[0].id;
    let path = format!("/console/realms/default/mail/{id}/give-up");
    assert_eq!(admin.post_once(&path, &[]).await.status, 303);
    let page = admin.page("/console/realms/default/mail?is=given_up").await;
    assert!(page.html.contains(Person::BOB.email), "{}", page.html);
    assert!(!admin.page("/console/realms/default/mail?is=waiting").await.html.contains(Person::BOB.email));
}

#[tokio::test]
async fn con_01_a_mail_is_shown_in_a_frame_that_runs_nothing() {
    let gantry = Gantry::start().await;
    let admin = gantry.realm_admin().await;
    let page = admin.page(TEXT).await;
    assert!(page.html.contains("/console/realms/default/mail/text/preview?kind=verify_email&amp;locale=en"), "{}", page.html);
    let at = "/console/realms/default/mail/text/preview?kind=verify_email&locale=en";
    let shown = admin.get(at).await;
    assert_eq!(shown.status, 200, "{}", shown.html);
    assert!(shown.html.contains("<h1 ") && shown.html.contains("lang=\"en\""), "{}", shown.html);
    let policy = shown.headers["content-security-policy"].to_str().unwrap();
    for part in ["default-src 'none'", "style-src 'none'", "frame-ancestors 'self'", "form-action 'none'", "sandbox"] {
        assert!(policy.contains(part), "{part}: {policy}");
    }
    assert!(!policy.contains("script-src") && !policy.contains("allow-"), "{policy}");
    // What is typed is shown once it holds, as text; until then what stands.
    let typed = admin.get(&format!("{at}&subject=Typed%20%26%20kept&paragraphs=Canary%20words%0A%0A%7Blink%7D")).await;
    assert!(typed.html.contains("Typed &amp; kept") && typed.html.contains("Canary words"), "{}", typed.html);
    let wrong = admin.get(&format!("{at}&subject=Canary&paragraphs=%3Cb%3Enow%3C%2Fb%3E")).await;
    assert!(!wrong.html.contains("Canary") && !wrong.html.contains("<b>now"), "{}", wrong.html);
    assert_eq!(admin.get("/console/realms/default/mail/text/preview?kind=love_letter&locale=en").await.status, 404);
}

#[tokio::test]
async fn samples_to_oneself_are_ten_an_hour() {
    let gantry = Gantry::start().await;
    let admin = gantry.realm_admin().await;
    let page = admin.page(TEXT).await;
    for _ in 0..10 {
        let sent = admin.submit(&page, "sample", &[]).await;
        assert!(sent.html.contains("on its way"), "{}", sent.html);
    }
    let many = admin.submit(&page, "sample", &[]).await;
    assert!(many.status == 200 && many.html.contains("ten samples an hour"), "{}", many.html);
}
