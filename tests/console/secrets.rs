//! No secret is in any answer once it was given: not on a page, not in what the API says, not in anything that is taken out.

use gantry_core::connection::ConnectionSecrets;
use gantry_core::secret::Secret;
use gantry_web::api::{self, Method};

use super::matrix::things;
use crate::support::api::play;
use crate::support::{CLIENT_SECRET, Gantry, Person};

const OF_A_CONNECTION: &str = "the-canary-of-a-connection-s-own-secret";

/// What must never be seen; each is or begins a secret that is stored in one form or another.
fn canaries(key: &str) -> Vec<String> {
    let mut all: Vec<String> = [CLIENT_SECRET, OF_A_CONNECTION, "https://link.test/x", "link.example.net/?token", "$argon2", "PRIVATE KEY"]
        .map(str::to_owned)
        .to_vec();
    all.push(key.to_owned());
    all.extend([Person::ALICE, Person::BOB, Person::ADMIN, Person::OPERATOR].map(|person| person.password.to_owned()));
    all.extend(["\"d\":", "\"private_key\":", "\"digest\":", "\"password_hash\":", "\"client_secret\":"].map(str::to_owned));
    all
}

fn told(text: &str, canaries: &[String]) -> Vec<String> {
    let text = text.replace("&quot;", "\"").replace("&#x2F;", "/");
    canaries.iter().filter(|canary| text.contains(canary.as_str())).cloned().collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_09_no_page_and_no_answer_tells_a_secret_again() {
    let gantry = Gantry::start().await;
    let (operator, program) = (gantry.operator().await, gantry.program("default").await);
    let things = things::of(&gantry, "default", "org_own", Person::ALICE.email).await;
    let realm = gantry.realm_id().await;
    let connection = things["connection"].parse().unwrap();
    let secrets = ConnectionSecrets { client_secret: Some(Secret::new(OF_A_CONNECTION)), ..ConnectionSecrets::default() };
    let work = async |tx: &gantry_store::RealmTx| Ok(tx.connections().set_secrets(connection, &secrets).await?);
    gantry.store.transact(realm, work).await.unwrap();
    let names = play(&program, "default").await;
    let canaries = canaries(&program.key);
    let mut found = Vec::new();
    for operation in api::operations().iter().filter(|operation| operation.method() == Method::Get && !operation.operators_only()) {
        let answer = program.call(operation, &names).await;
        found.extend(told(&answer.body, &canaries).into_iter().map(|canary| format!("{operation:?} tells {canary}: {}", answer.body)));
    }
    let export = program.raw("POST", &format!("/realms/default/users/{}/export", things["user"]), &[], None).await;
    assert_eq!(export.status, 200, "{}", export.body);
    found.extend(told(&export.body, &canaries).into_iter().map(|canary| format!("a person's export tells {canary}")));
    for path in super::shown(&things) {
        let page = operator.open_once(&path).await;
        found.extend(told(&page.html, &canaries).into_iter().map(|canary| format!("{path} tells {canary}")));
    }
    let log = operator.get("/console/realms/default/audit").await;
    for format in ["csv", "json"] {
        let export = operator.submit(&log, "export", &[("format", format)]).await;
        assert_eq!(export.status, 200);
        found.extend(told(&export.html, &canaries).into_iter().map(|canary| format!("the audit log as {format} tells {canary}")));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// What is typed into a form that is refused comes back, but for secrets.
#[tokio::test]
async fn ten_09_a_form_that_is_refused_does_not_hand_a_secret_back() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let page = console.get("/console/realms/default/connections/new?kind=oidc&slug=acme").await;
    let typed = [("name", "Acme"), ("client_id", "gantry"), ("issuer", "not an address"), ("client_secret", OF_A_CONNECTION)];
    let page = console.submit(&page, "new", &typed).await;
    assert_eq!(page.status, 422);
    assert!(page.html.contains("not an address") && !page.html.contains(OF_A_CONNECTION), "{}", page.html);
}
