//! What is wrong with a form, in the language of the page.

use crate::support::Gantry;

const R: &str = "/console/realms/default";

#[tokio::test]
async fn what_rules_refuse_is_said_in_the_language_of_the_page() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let cases: [(&str, &str, &[(&str, &str)], &str, &str, &str); 4] = [
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
        (
            "clients/new?kind=public",
            "new",
            &[("name", "App"), ("redirect_uris", "https://a.example/cb\nhttps://a.example/cb#x")],
            "#new-redirect_uris-error",
            "[2] must not have a fragment",
            "[2] darf kein Fragment",
        ),
        ("branding", "branding", &[("name", "")], "[role=alert]", "The realm cannot be like this", "So kann der Realm nicht sein"),
    ];
    for (path, form, fields, place, english, german) in cases {
        let page = console.get(&format!("{R}/{path}")).await;
        let mut form = page.form_with_id(form);
        for (name, value) in fields {
            form.fields.retain(|(known, _)| known != name);
            form.fields.push(((*name).to_owned(), (*value).to_owned()));
        }
        for (language, words) in [("en", english), ("de", german)] {
            let headers = [("sec-fetch-site", "same-origin"), ("origin", "null"), ("accept-language", language)];
            let wrong = console.browser.post(&form.action, &form.fields, &headers).await;
            assert_eq!(wrong.status, 422, "{path}: {}", wrong.html);
            assert!(wrong.text(place).contains(words), "{path} in {language}: {}", wrong.text(place));
        }
    }
}
