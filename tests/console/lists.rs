//! What narrows and pages a list is data: whatever is put there finds nothing, is refused, and takes no longer.

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gantry_web::api::{self, Method};

use super::matrix::things;
use crate::support::Gantry;
use crate::support::api::play;

/// What databases would make something of.
const PAYLOADS: &[&str] = &[
    "' OR '1'='1",
    "\") OR 1=1 --",
    "'; DROP TABLE person; --",
    "x'||pg_sleep(5)||'",
    "1; SELECT pg_sleep(5)--",
    "' UNION SELECT id FROM realm --",
    "%",
    "_",
    "\\",
    "{\"$ne\":null}",
    "$.a' OR 1=1",
    "name ASC, (SELECT 1)",
    "-1",
    "9223372036854775808",
    "\u{1f4a3}\u{fdfa}",
];

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// A payload as it is, and as the place of a cursor that was made up.
fn forms(payload: &str) -> [String; 2] {
    [encoded(payload), encoded(&URL_SAFE_NO_PAD.encode(payload))]
}

/// As long as a `pg_sleep` would take, and far more than any of these needs.
const LONGEST: Duration = Duration::from_secs(4);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn web_14_every_parameter_of_every_list_of_the_api_is_data() {
    let gantry = Gantry::start().await;
    let program = gantry.program("default").await;
    let names = play(&program, "default").await;
    let before = program.get("/realms/default/users").await.ok().json()["items"].as_array().unwrap().len();
    let (mut found, mut asked) = (Vec::new(), 0);
    for operation in api::operations().iter().filter(|operation| operation.method() == Method::Get && !operation.operators_only()) {
        let path = names.path(operation);
        let path = path.split('?').next().unwrap();
        for parameter in operation.query() {
            for payload in PAYLOADS {
                for value in forms(payload) {
                    let begun = Instant::now();
                    let answer = program.get(&format!("{path}?{}={value}", parameter.name)).await;
                    asked += 1;
                    // An organization that is not there is like any other that is nothing.
                    let refused = answer.status == 400 || (answer.status == 404 && parameter.name == "tenant");
                    if !(refused || (answer.status == 200 && parameter.name != "limit")) || begun.elapsed() > LONGEST {
                        found.push(format!("{path}?{}={payload}: {} in {:?}", parameter.name, answer.status, begun.elapsed()));
                    }
                    // Some lists are in the order of a name, so that any text is a place in them.
                    if answer.status == 200 && parameter.name != "after" && answer.json()["items"] != serde_json::json!([]) {
                        found.push(format!("{path}?{}={payload} finds {}", parameter.name, answer.body));
                    }
                }
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(asked > 500, "{asked}");
    assert_eq!(program.get("/realms/default/users").await.ok().json()["items"].as_array().unwrap().len(), before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn web_14_every_parameter_of_every_page_of_the_console_is_data() {
    let gantry = Gantry::start().await;
    let console = gantry.operator().await;
    let things = things::of(&gantry, "default", "org_own", "alice@example.com").await;
    let names = ["q", "after", "is", "role", "event", "actor", "when", "kind", "status", "outcome", "from", "until", "period"];
    let mut found = Vec::new();
    for path in super::shown(&things).into_iter().filter(|path| path.starts_with("/console/realms")) {
        for (index, payload) in PAYLOADS.iter().enumerate() {
            // All at once, and the cursor by itself: a page that refuses one would hide the others.
            let [plain, cursor] = forms(payload);
            let all: Vec<String> = names.iter().filter(|name| **name != "after").map(|name| format!("{name}={plain}")).collect();
            for query in [all.join("&"), format!("after={cursor}"), format!("after={plain}")] {
                if index > 5 && !query.starts_with("after") {
                    continue;
                }
                let begun = Instant::now();
                let page = console.open_once(&format!("{path}?{query}")).await;
                if page.status >= 500 || begun.elapsed() > LONGEST {
                    found.push(format!("{path}?{query}: {} in {:?}", page.status, begun.elapsed()));
                }
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert_eq!(console.get("/console/realms/default/people").await.status, 200);
}
