//! A person's own pages.

mod apps;
mod forms;
mod password;
mod sessions;

use crate::support::{Browser, Gantry, Page, Person};

/// Signs in and opens the account page.
async fn account(gantry: &Gantry, browser: &Browser, person: Person) -> Page {
    let page = browser.open(gantry.url("/account")).await;
    if page.url.path() == "/account" {
        return page;
    }
    let page = person.sign_in(browser, &page).await;
    assert_eq!(page.url.path(), "/account", "{}", page.html);
    page
}

/// Posts a form of a page with fields of one's own.
async fn post(gantry: &Gantry, browser: &Browser, page: &Page, path: &str, fields: &[(&str, &str)]) -> Page {
    let csrf = page.attribute("[name=csrf]", "value").unwrap();
    let mut body = vec![("csrf".to_owned(), csrf)];
    body.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let url = reqwest::Url::parse(&gantry.url(path)).unwrap();
    browser.post(&url, &body, &[("sec-fetch-site", "same-origin"), ("origin", "null")]).await
}
