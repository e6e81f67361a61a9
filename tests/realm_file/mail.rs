//! What realm files do with the words of mails.

use gantry_realm_file::{Act, Kind, Options};

use super::bench::{Bench, read, wrong};

const NOTHING: &str = "Realm acme: nothing to change.";
const REALM: &str = "realm: {slug: acme}\n";

fn reset(locale: &str, subject: &str) -> String {
    format!("- {{mail: reset_password, locale: {locale}, subject: {subject}, paragraphs: [\"Go on.\", \"{{link}}\"]}}\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn words_of_mails_are_set_changed_kept_and_pruned() {
    let bench = Bench::new().await;
    let both = format!("{REALM}mail:\n{}{}", reset("en", "A new password"), reset("de", "Ein neues Passwort"));
    bench.apply(&both).await.unwrap();
    assert_eq!(bench.plan(&both).await, NOTHING);
    let exported = bench.export("acme").await;
    assert!(exported.contains("subject: A new password") && exported.contains("locale: de"), "{exported}");
    assert_eq!(bench.plan(&exported).await, NOTHING);

    let other = format!("{REALM}mail:\n{}", reset("en", "Another password"));
    let plan = bench.plan(&other).await;
    assert!(plan.contains("~ mail reset_password in en") && plan.contains("\"A new password\" -> \"Another password\""), "{plan}");
    let applied = bench.apply(&other).await.unwrap();
    assert_eq!((applied.plan.changes.len(), applied.plan.changes[0].act), (1, Act::Update));
    // What is left out stays, until the file is applied with `--prune`; a section that is left out is left alone.
    assert!(bench.export("acme").await.contains("Ein neues Passwort"));
    assert!(bench.applier.plan(&read(REALM), Options { prune: true }).await.unwrap().is_empty());
    let plan = bench.applier.plan(&read(&other), Options { prune: true }).await.unwrap();
    assert_eq!((plan.changes.len(), plan.changes[0].act, plan.changes[0].kind), (1, Act::Remove, Kind::Mail));
    bench.applier.apply(&read(&other), Options { prune: true }).await.unwrap();
    assert!(!bench.export("acme").await.contains("Ein neues Passwort"));
    bench.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_the_words_of_a_mail_is_told_by_its_place() {
    let bench = Bench::new().await;
    let text = "
realm: {slug: acme}
mail:
- {mail: love_letter, locale: en, subject: Hello, paragraphs: [Hi]}
- {mail: reset_password, locale: \"e!\", subject: Hello, paragraphs: [\"{link}\", \"<b>now</b>\"]}
- {mail: verify_email, locale: en, subject: Hello, paragraphs: [No link]}
- {mail: verify_email, locale: en, subject: Hello, paragraphs: [\"{link}\"]}
";
    let found = wrong(bench.apply(text).await);
    for expected in [
        "mail[0].mail: is no mail that can be worded",
        "mail[1].locale: ",
        "mail[1].paragraphs[1]: ",
        "mail[2].paragraphs: must have `{link}`",
        "mail[3].mail: `verify_email in en` is there twice",
    ] {
        assert!(found.iter().any(|line| line.contains(expected)), "{expected}: {found:#?}");
    }
    bench.close().await;
}
