//! The headers of every answer at every address: of the console, of the admin API, of a realm's own pages, and of what is not
//! there. Walks the tables of addresses, so that a new one is looked at too.

use gantry_web::api;
use gantry_web::paths::{self, console};
use reqwest::Method;
use reqwest::header::HeaderMap;
use scraper::{Html, Selector};

use super::matrix::things;
use crate::support::Gantry;

/// What is wrong with the headers of an answer, and with what a browser would run of it.
fn wrong(headers: &HeaderMap, html: &str, framed: bool) -> Vec<String> {
    judged(headers, html, framed, false)
}

/// The same; `mail` for the frame in which a mail is shown, whose elements say themselves how they look. For that it runs
/// nothing, sends nothing and leads nowhere.
fn judged(headers: &HeaderMap, html: &str, framed: bool, mail: bool) -> Vec<String> {
    let value = |name: &str| headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default();
    let mut wrong = Vec::new();
    let mut demand = |name: &str, wanted: &str| {
        if value(name) != wanted {
            wrong.push(format!("{name}: {:?} and not {wanted:?}", value(name)));
        }
    };
    demand("x-content-type-options", "nosniff");
    demand("referrer-policy", "no-referrer");
    demand("server", "");
    demand("x-powered-by", "");
    demand("access-control-allow-credentials", "");
    if value("content-type").starts_with("application/json") {
        return wrong;
    }
    demand("x-frame-options", if framed { "SAMEORIGIN" } else { "DENY" });
    demand("cross-origin-opener-policy", "same-origin");
    demand("cross-origin-resource-policy", "same-origin");
    let policy = value("content-security-policy");
    let ancestors = if framed { "frame-ancestors 'self'" } else { "frame-ancestors 'none'" };
    for part in ["default-src 'none'", "base-uri 'none'", ancestors] {
        if !policy.split("; ").any(|directive| directive == part) {
            wrong.push(format!("the policy lacks {part}: {policy}"));
        }
    }
    for loose in ["unsafe-inline", "unsafe-eval", "*", "http:", "https:", "blob:"] {
        let policy = if mail { policy.replace("style-src-attr 'unsafe-inline'", "") } else { policy.to_owned() };
        if policy.contains(loose) {
            wrong.push(format!("the policy has {loose}: {policy}"));
        }
    }
    if !value("permissions-policy").contains("camera=()") {
        wrong.push(format!("permissions-policy: {}", value("permissions-policy")));
    }
    if value("content-type").starts_with("text/html") {
        if mail {
            for part in ["style-src 'none'", "form-action 'none'", "sandbox"] {
                if policy.split("; ").all(|directive| directive != part) || policy.contains("script-src") {
                    wrong.push(format!("the policy of a mail lacks {part}: {policy}"));
                }
            }
        }
        wrong.extend(runs_inline(html).into_iter().filter(|found| !mail || !found.contains(" style=")));
        if value("cache-control") != "no-store" {
            wrong.push(format!("cache-control of a page: {}", value("cache-control")));
        }
    }
    wrong
}

/// What the policy would keep from running, so that it is never needed.
fn runs_inline(html: &str) -> Vec<String> {
    let document = Html::parse_document(html);
    let all = Selector::parse("*").unwrap();
    let mut found = Vec::new();
    for element in document.select(&all) {
        let element = element.value();
        if element.name() == "style" || (element.name() == "script" && element.attr("src").is_none()) {
            found.push(format!("an inline <{}>", element.name()));
        }
        for (name, value) in element.attrs() {
            if name.starts_with("on") || name == "style" || value.trim_start().to_ascii_lowercase().starts_with("javascript:") {
                found.push(format!("<{} {name}={value:?}>", element.name()));
            }
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn web_07_every_answer_of_the_console_keeps_to_its_place() {
    let gantry = Gantry::start().await;
    let (operator, nobody) = (gantry.operator().await, crate::support::Console::new(&gantry));
    let things = things::of(&gantry, "default", "org_own", "alice@example.com").await;
    let mut found = Vec::new();
    for address in console::ALL.iter() {
        let (path, framed) = (super::filled(address, &things), console::FRAMED.contains(&address.path));
        for verb in address.verbs.iter().copied() {
            for (who, console) in [("the operator", &operator), ("nobody", &nobody)] {
                let page = match verb {
                    console::Verb::Get => console.open_once(&path).await,
                    // Refused for the token that it lacks: what it would do is another test's.
                    console::Verb::Post => {
                        let url = gantry.url(&path).parse().unwrap();
                        console.browser.post_once(&url, &[("csrf".to_owned(), "none".to_owned())]).await
                    }
                };
                let mut problems = judged(&page.headers, &page.html, framed, address.path == console::MAIL_PREVIEW);
                if page.headers.contains_key("access-control-allow-origin") {
                    problems.push("other origins may read it".to_owned());
                }
                found.extend(problems.into_iter().map(|problem| format!("{verb:?} {path} by {who} ({}): {problem}", page.status)));
            }
        }
    }
    assert!(found.is_empty(), "{} problems\n{}", found.len(), found.join("\n"));
}

#[tokio::test]
async fn web_07_every_other_answer_keeps_to_its_place() {
    let gantry = Gantry::start().await;
    let mut addresses: Vec<(Method, String)> = Vec::new();
    for operation in api::operations() {
        let path = operation.path().replace(['{', '}'], "");
        addresses.push((operation.method().as_str().parse().unwrap(), format!("{}{path}", paths::ADMIN_API)));
    }
    let realm = |path: &str| path.replace("{connection}", "password").replace("{reason}", "unknown_client").replace(['{', '}'], "");
    for path in paths::ALL {
        for base in ["", "/realms/other", "/realms/nowhere", "/auth/realms/other"] {
            for method in [Method::GET, Method::POST, Method::OPTIONS, Method::DELETE] {
                addresses.push((method, format!("{base}{}", realm(path))));
            }
        }
    }
    for path in [
        "/api/admin/v1",
        "/api/admin/v1/openapi.json",
        "/api/admin/v1/nothing",
        "/static/app.css",
        "/static/nothing",
        "/nothing",
        "/console/nothing",
        "/.well-known/oauth-authorization-server/realms/other",
        "/.well-known/oauth-authorization-server/auth/realms/other",
        "/favicon.ico",
        "/robots.txt",
    ] {
        addresses.extend([Method::GET, Method::HEAD, Method::POST].map(|method| (method, path.to_owned())));
    }
    let mut found = Vec::new();
    for (method, path) in addresses {
        let answer = gantry.http.request(method.clone(), gantry.url(&path)).header("origin", "https://evil.example").send().await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        let html = answer.text().await.unwrap();
        let mut problems = wrong(&headers, &html, false);
        if path.starts_with(paths::ADMIN_API) && headers.keys().any(|name| name.as_str().starts_with("access-control")) {
            problems.push("the API speaks to other origins".to_owned());
        }
        found.extend(problems.into_iter().map(|problem| format!("{method} {path} ({status}): {problem}")));
    }
    assert!(found.is_empty(), "{} problems\n{}", found.len(), found.join("\n"));
}
