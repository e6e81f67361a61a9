//! What is wrong with a form, in the language of the page.

use crate::support::Gantry;

const R: &str = "/console/realms/default";

/// A page, its form, what is filled in, where the problem stands, and its words in English and German.
type Case = (&'static str, &'static str, &'static [(&'static str, &'static str)], &'static str, &'static str, &'static str);

#[tokio::test]
async fn what_rules_refuse_is_said_in_the_language_of_the_page() {
    let gantry = Gantry::start().await;
    let mut console = gantry.realm_admin().await;
    let cases: [Case; 3] = [
        (
            "settings",
            "settings",
            &[("tokens.access_lifetime", "5")],
            "#settings-tokens\\.access_lifetime-error",
            "must be 60 to 86400 seconds",
            "muss 60 bis 86400 Sekunden sein",
        ),
        (
            "publishers/new",
            "new",
            &[("slug", "Load Co"), ("name", "Load")],
            "#new-slug-error",
            "must be 1 to 40 lower-case letters",
            "muss aus 1 bis 40 Kleinbuchstaben",
        ),
        ("branding", "branding", &[("name", "")], "[role=alert]", "The realm cannot be like this", "So kann der Realm nicht sein"),
    ];
    for (at, language) in ["en", "de"].into_iter().enumerate() {
        console.browser = console.browser.with_header("accept-language", language);
        for (path, form, fields, place, english, german) in cases {
            let page = console.get(&format!("{R}/{path}")).await;
            let wrong = console.submit(&page, form, fields).await;
            assert_eq!(wrong.status, 422, "{path}: {}", wrong.html);
            let words = [english, german][at];
            assert!(wrong.text(place).contains(words), "{path} in {language}: {}", wrong.text(place));
        }
    }
}
