//! What applying, planning and exporting realm files promise, on a real store.

mod any_realm;
mod app_keys;
mod bench;
mod clients;
mod connections;
mod mail;

use gantry_core::email_address::EmailAddress;
use gantry_core::secret::Secret;
use gantry_realm_file::{Act, Kind, NotApplied, Options};

use bench::{APP_KEY, Bench, NEW_SECRET, OLD_SECRET, wrong};

const FULL: &str = include_str!("realm_file/full.yaml");

#[tokio::test(flavor = "multi_thread")]
async fn applying_an_export_changes_nothing() {
    let bench = Bench::new().await;
    let applied = bench.apply(FULL).await.unwrap();
    assert_eq!(applied.plan.changes[0].act, Act::Create);
    assert_eq!(applied.plan.changes.len(), 28, "{}", applied.plan);
    assert_eq!((applied.made.len(), applied.made_keys.len()), (2, 1));

    assert_eq!(bench.plan(FULL).await, "Realm acme: nothing to change.");
    let exported = bench.export("acme").await;
    assert_eq!(bench.plan(&exported).await, "Realm acme: nothing to change.");
    let plan = bench.applier.plan(&bench::read(&exported), Options { prune: true }).await.unwrap();
    assert!(plan.is_empty(), "{plan}");
    assert_eq!(bench.export("acme").await, exported);
    assert!(bench.password_is("ada@acme.example", "difference engine 9").await);

    let other = Bench::new().await;
    other.apply(&exported).await.unwrap();
    assert_eq!(other.export("acme").await, exported);
    other.close().await;
    bench.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cli_16_an_export_holds_no_secret() {
    let bench = Bench::new().await;
    let applied = bench.apply(FULL).await.unwrap();
    let (made, key) = (applied.made[0].secret.expose(), applied.made_keys[0].key.expose());
    let exported = bench.export("acme").await;
    let digest = Secret::new(NEW_SECRET).digest().to_text();
    for secret in
        ["difference engine", "bobs own", NEW_SECRET, OLD_SECRET, APP_KEY, "argon2", "PRIVATE KEY", "CERTIFICATE", &digest, made, key]
    {
        assert!(!exported.contains(secret), "{secret}");
    }
    bench.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_wrong_is_reported_at_once_and_nothing_is_written() {
    let bench = Bench::new().await;
    let text = "
realm: {slug: acme, hosts: [localhost], tokens: {access_lifetime: 10}, authorization: {default_resource: urn:none}}
resources: [{audience: api, name: A, scopes: [{name: openid, title: T, description: d}]}]
users: [{email: nobody, password: password}, {email: a@acme.example, roles: [operator]}, {email: A@acme.example}]
tenants: [{org_id: a b, name: A, members: [{user: missing@acme.example}]}]
clients:
- client_id: usr_1
  name: \"Goo\\u200bgle\"
  publisher: nobody
  redirect_uris: [\"http://evil.example\", \"javascript:alert(1)\"]
  scopes: [loads:read]
  resources: [urn:none]
  client_secret: too-short-to-be-a-secret
";
    let found = wrong(bench.apply(text).await);
    let expected = [
        "acme.yaml:2:28: realm.hosts: A host must be",
        "acme.yaml:2:67: realm.tokens.access_lifetime: must be 60 to 86400 seconds",
        "acme.yaml:2:106: realm.authorization.default_resource: names the unknown resource `urn:none`",
        "acme.yaml:3:24: resources[0].audience: must be an absolute URI",
        "acme.yaml:3:54: resources[0].scopes[0].name: is a scope of OpenID Connect",
        "acme.yaml:4:17: users[0].email: is not an e-mail address",
        "acme.yaml:4:35: users[0].password: is one of the passwords that are tried first",
        "acme.yaml:4:77: users[1].roles: must not have `operator`",
        "acme.yaml:4:98: users[2].email: `a@acme.example` is there twice",
        "acme.yaml:5:20: tenants[0].org_id: must be",
        "acme.yaml:5:51: tenants[0].members[0].user: names the unknown user `missing@acme.example`",
        "acme.yaml:7:14: clients[0].client_id: must not look like a user's id",
        "acme.yaml:8:9: clients[0].name: must be",
        "acme.yaml:9:14: clients[0].publisher: names the unknown publisher `nobody`",
        "acme.yaml:10:19: clients[0].redirect_uris[0]: must use https",
        "acme.yaml:10:42: clients[0].redirect_uris[1]: uses a scheme",
        "acme.yaml:11:12: clients[0].scopes[0]: names the unknown scope `loads:read`",
        "acme.yaml:12:15: clients[0].resources[0]: names the unknown resource `urn:none`",
        "acme.yaml:13:18: clients[0].client_secret: must have at least 32 characters",
    ];
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    let misfits: Vec<_> = found.iter().zip(expected).filter(|(found, expected)| !found.starts_with(expected)).collect();
    assert!(misfits.is_empty(), "{misfits:#?}");
    assert!(!found.iter().any(|line| line.contains("too-short-to-be")));
    assert!(bench.store().platform().realm_by_slug("acme").await.unwrap().is_none());
    bench.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_20_what_names_something_elsewhere_is_refused() {
    let bench = Bench::new().await;
    bench.apply("realm: {slug: other, hosts: [\"https://id.other.example\"]}").await.unwrap();
    let found = wrong(bench.apply("realm: {slug: acme, hosts: [\"https://id.other.example\"]}").await);
    assert_eq!(found, ["acme.yaml:1:29: realm.hosts[0]: `https://id.other.example` belongs to the realm `other`"]);
    let found = wrong(bench.apply("realm: {slug: system}").await);
    assert!(found[0].starts_with("acme.yaml:1:15: realm.slug: is reserved"), "{found:?}");
    bench.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_within_takes_everything_back() {
    let bench = Bench::new().await;
    bench.apply("realm: {slug: acme}\nclients: [{client_id: once, name: Once, redirect_uris: [\"https://a.example/cb\"]}]").await.unwrap();
    bench.prune("realm: {slug: acme}\nclients: []").await.unwrap();
    let text = "realm: {slug: acme}\ntenants: [{org_id: fresh, name: New}]\nclients: [{client_id: once, name: Once, redirect_uris: [\"https://a.example/cb\"]}]";
    let outcome = bench.apply(text).await;
    assert!(matches!(&outcome, Err(NotApplied::Refused(refusal)) if refusal.detail.as_deref() == Some("once")), "{outcome:?}");
    assert!(bench.realm("acme").await.tenants().find_by_org_id("fresh").await.unwrap().is_none());
    bench.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_owns_the_secrets_that_it_names() {
    let bench = Bench::new().await;
    let client = "realm: {slug: acme}\nclients:\n- {client_id: web, name: Web, redirect_uris: [\"https://a.example/cb\"]";
    let made = bench.apply(&format!("{client}}}")).await.unwrap().made;
    assert_eq!((made.len(), made[0].client_id.as_str()), (1, "web"));
    assert_eq!(bench.live_secrets("web").await, [made[0].secret.last_four()]);
    assert!(bench.apply(&format!("{client}}}")).await.unwrap().made.is_empty());

    let both = format!("{client}, client_secrets: [\"{OLD_SECRET}\", \"{NEW_SECRET}\"]}}");
    let plan = bench.plan(&both).await;
    assert_eq!(plan.matches("client_secrets: + …cdef").count(), 2, "{plan}");
    assert!(plan.contains(&format!("client_secrets: - …{}", made[0].secret.last_four())), "{plan}");
    bench.apply(&both).await.unwrap();
    assert_eq!(bench.live_secrets("web").await.len(), 2);
    let new = format!("{client}, client_secret: \"{NEW_SECRET}\"}}");
    bench.apply(&new).await.unwrap();
    assert_eq!(bench.live_secrets("web").await.len(), 1);
    bench.apply(&both).await.unwrap();
    assert_eq!(bench.live_secrets("web").await.len(), 2);
    assert!(bench.apply(&format!("{client}}}")).await.unwrap().plan.is_empty());
    bench.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_owns_the_passwords_that_it_names() {
    let bench = Bench::new().await;
    let with = |password: &str| format!("realm: {{slug: acme}}\nusers: [{{email: a@acme.example{password}}}]");
    bench.apply(&with(", password: one long password")).await.unwrap();
    assert!(bench.password_is("a@acme.example", "one long password").await);
    assert!(bench.apply(&with("")).await.unwrap().plan.is_empty());
    let applied = bench.apply(&with(", password: another long password")).await.unwrap();
    assert_eq!((applied.plan.changes[0].act, applied.plan.changes[0].kind), (Act::Update, Kind::User));
    assert!(bench.password_is("a@acme.example", "another long password").await);

    let tx = bench.realm("acme").await;
    let user = tx.users().find_by_email(&EmailAddress::parse("a@acme.example").unwrap()).await.unwrap().unwrap();
    let hash = tx.passwords().find(user.id).await.unwrap().unwrap().hash;
    assert!(bench.apply(&with(&format!(", password_hash: \"{hash}\""))).await.unwrap().plan.is_empty());
    bench.apply(&format!("realm: {{slug: acme}}\nusers: [{{email: b@acme.example, password_hash: \"{hash}\"}}]")).await.unwrap();
    assert!(bench.password_is("b@acme.example", "another long password").await);
    bench.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_pruning_removes_and_never_people() {
    let bench = Bench::new().await;
    bench.apply(FULL).await.unwrap();
    let less = "
realm: {slug: acme, authorization: {}, personal_tokens: {}}
resources: []
scopes: []
publishers: []
users: []
tenants: [{org_id: north, name: North Depot, members: [{user: ada@acme.example, role: tenant_admin}]}]
clients: []
";
    let plan = bench.plan(less).await;
    assert!(!plan.contains("\n  - "), "{plan}");
    bench.prune(less).await.unwrap();
    let exported = bench.export("acme").await;
    for section in ["resources: []", "scopes: []", "publishers: []", "clients: []"] {
        assert!(exported.contains(section), "{exported}");
    }
    assert!(exported.contains("bob@acme.example") && exported.contains("org_id: \"42\""), "{exported}");
    assert_eq!(exported.matches("- user:").count(), 1, "{exported}");
    assert!(bench.prune(less).await.unwrap().plan.is_empty());
    bench.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guides_example_holds() {
    let guide = include_str!("../docs/guides/realm-file.md");
    let example = guide.split("```yaml\n").nth(2).unwrap().split("```").next().unwrap();
    let bench = Bench::new().await;
    assert_eq!(bench.apply(example).await.unwrap().plan.changes.len(), 5);
    bench.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guide_for_platforms_with_guides_of_their_own_holds() {
    let guide = include_str!("../docs/guides/coming-from-your-guide.md");
    let examples: Vec<&str> = guide.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert_eq!(examples.len(), 4, "one for each platform");
    let bench = Bench::new().await;
    for example in examples {
        bench.apply(example).await.unwrap_or_else(|problems| panic!("{problems:?}\n{example}"));
    }
    bench.close().await;
}

#[test]
fn the_published_schema_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/realm-file.schema.json");
    let published = std::fs::read_to_string(path).unwrap_or_default();
    assert!(published == gantry_realm_file::schema_text(), "write it anew: gantry export --schema > docs/realm-file.schema.json");
}
