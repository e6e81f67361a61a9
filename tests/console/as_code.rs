//! What pages offer for files and programs: the calls of the admin API that they show are played as they stand there.

use serde_json::Value;

use crate::support::api::Program;
use crate::support::{Answer, Console, Gantry, Person};

const R: &str = "/console/realms/default";

/// A call as a page shows it.
#[derive(Debug)]
struct Shown {
    method: String,
    headers: Vec<(String, String)>,
    body: Option<String>,
    path: String,
}

/// Reads a command as a shell would: words by white space, quotes off, a backslash at the end of a line goes on.
fn words(command: &str) -> Vec<String> {
    let (mut words, mut word, mut quote, mut inside) = (Vec::new(), String::new(), None, false);
    let mut letters = command.chars();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (Some(open), letter) if letter == open => quote = None,
            (Some('"') | None, '\\') => match letters.next() {
                Some('\n') | None => {}
                Some(escaped) => word.push(escaped),
            },
            (None, '\'' | '"') => (quote, inside) = (Some(letter), true),
            (None, letter) if letter.is_whitespace() => {
                if inside || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                inside = false;
            }
            (_, letter) => word.push(letter),
        }
    }
    words.extend((inside || !word.is_empty()).then_some(word));
    words
}

impl Shown {
    /// The call with this method on a page.
    async fn on(console: &Console<'_>, page: &str, method: &str) -> Self {
        let page = console.page(page).await;
        let document = scraper::Html::parse_document(&page.html);
        let code = scraper::Selector::parse("#as-code code").unwrap();
        let all: Vec<String> = document.select(&code).map(|code| code.text().collect()).collect();
        let start = if method == "GET" { "curl -H" } else { &format!("curl -X {method} ") };
        let command = all.iter().find(|text| text.starts_with(start)).unwrap_or_else(|| panic!("no {method} at {}: {all:?}", page.url));
        let (mut shown, mut words) =
            (Self { method: method.to_owned(), headers: Vec::new(), body: None, path: String::new() }, words(command).into_iter().skip(1));
        while let Some(word) = words.next() {
            match word.as_str() {
                "-X" => shown.method = words.next().unwrap(),
                "-d" => shown.body = words.next(),
                "-H" => {
                    let header = words.next().unwrap();
                    let (name, value) = header.split_once(": ").unwrap();
                    shown.headers.push((name.to_owned(), value.to_owned()));
                }
                url => shown.path = url.split("/api/admin/v1").nth(1).unwrap_or_else(|| panic!("{url}: {command}")).to_owned(),
            }
        }
        assert!(shown.headers.contains(&("Authorization".to_owned(), "Bearer $GANTRY_KEY".to_owned())), "{command}");
        shown
    }

    /// Plays it with a program's key.
    async fn play(&self, program: &Program<'_>) -> Answer {
        let headers = self.headers.iter().filter(|(name, _)| name != "Authorization");
        let headers: Vec<(&str, &str)> = headers.map(|(name, value)| (name.as_str(), value.as_str())).collect();
        program.raw(&self.method, &self.path, &headers, self.body.clone()).await
    }
}

async fn one_of(console: &Console<'_>, list: &str) -> String {
    console.get(&format!("{R}/{list}")).await.attribute(&format!("#{list} tbody a"), "href").expect(list)
}

#[tokio::test]
async fn what_pages_show_for_programs_is_what_the_api_takes() {
    let gantry = Gantry::start().await;
    let (console, program) = (gantry.operator().await, gantry.program("system").await);
    let upstream = gantry.upstream();
    let connection = gantry.connection(&upstream, "acme", |_| ()).await.id;
    gantry.tenant("org_alder").await;
    let person = gantry.user(Person::ALICE).await.id;
    let mut pages = vec![
        one_of(&console, "clients").await + "/settings",
        one_of(&console, "scopes").await,
        one_of(&console, "resources").await,
        one_of(&console, "publishers").await,
        format!("{R}/people/{person}"),
        format!("{R}/connections/{connection}"),
        format!("{R}/connections/{connection}/settings"),
        format!("{R}/tenants/org_alder"),
        format!("{R}/tenants/org_alder/settings"),
        format!("{R}/branding"),
        format!("{R}/settings"),
    ];
    let tabs = ["sign-in", "authorization", "tenants", "endpoints", "app-keys", "personal-tokens", "hosts"];
    pages.extend(tabs.map(|tab| format!("{R}/settings/{tab}")));
    for (index, page) in pages.into_iter().enumerate() {
        let read = Shown::on(&console, &page, "GET").await.play(&program).await.ok().json();
        let change = Shown::on(&console, &page, "PATCH").await;
        let answer = change.play(&program).await;
        assert_eq!(answer.status, 200, "{page}: {change:?}: {answer:?}");
        assert_eq!(answer.json(), read, "{page}: what the page holds is what stands");
        // The name of a scope never changes.
        let field = if page.contains("/scopes/") { "title" } else { "name" };
        let stale = Shown { headers: change.headers.clone(), body: Some(format!("{{\"{field}\": \"Another {index}\"}}")), ..change };
        if read.get("name").is_none() {
            continue;
        }
        stale.play(&program).await.ok();
        assert_eq!(stale.play(&program).await.status, 412, "{page}: somebody else was faster");
    }
}

#[tokio::test]
async fn what_pages_show_for_new_records_makes_them() {
    let gantry = Gantry::start().await;
    let (console, program) = (gantry.realm_admin().await, gantry.program("default").await);
    let news = [
        ("clients/new?kind=machine", vec![("name", "Made by hand")]),
        ("resources/new", vec![("audience", "https://made.example.test"), ("name", "It's made")]),
        ("publishers/new", vec![("slug", "made"), ("name", "It's made")]),
        ("scopes/new", vec![("name", "made:read"), ("title", "Made"), ("description", "see what was made")]),
    ];
    for (page, fields) in news {
        let mut shown = Shown::on(&console, &format!("{R}/{page}"), "POST").await;
        let mut body: Value = serde_json::from_str(shown.body.as_deref().unwrap()).unwrap();
        for (name, value) in fields {
            body[name] = value.into();
        }
        shown.body = Some(body.to_string());
        let answer = shown.play(&program).await;
        assert_eq!(answer.status, 201, "{page}: {shown:?}: {answer:?}");
    }
}
