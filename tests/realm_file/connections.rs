//! What realm files do with connections, where those are offered, and with domains.

use gantry_core::clock::Timestamp;
use gantry_core::connection::{Connection, ConnectionSecrets};
use gantry_core::tenant::{Membership, TenantRole};
use gantry_core::tenant_domain::DomainProof;
use gantry_realm_file::{Act, Kind, Options};

use super::bench::{Bench, NEW_SECRET, OLD_SECRET, read, wrong};

const NOTHING: &str = "Realm acme: nothing to change.";

/// A realm with one connection, these lines added to it.
fn with(issuer: &str, more: &str) -> String {
    format!(
        "realm: {{slug: acme}}\nconnections:\n- {{slug: company, name: Company, kind: oidc, client_id: gantry, issuer: \"{issuer}\"{more}}}"
    )
}

async fn company(bench: &Bench) -> (Connection, ConnectionSecrets) {
    let tx = bench.realm("acme").await;
    let connection = tx.connections().find_by_slug("company").await.unwrap().unwrap();
    let secrets = tx.connections().secrets(connection.id).await.unwrap();
    (connection, secrets)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_secrets_of_connections_are_set_kept_and_void() {
    let bench = Bench::new().await;
    let secret = |secret: &str| format!(", client_secret: \"{secret}\"");
    bench.apply(&with("https://id.example", &secret(OLD_SECRET))).await.unwrap();
    assert_eq!(company(&bench).await.1.client_secret.unwrap().expose(), OLD_SECRET);
    assert_eq!(bench.plan(&with("https://id.example", &secret(OLD_SECRET))).await, NOTHING);
    assert_eq!(bench.plan(&with("https://id.example", "")).await, NOTHING);

    let plan = bench.plan(&with("https://id.example", &secret(NEW_SECRET))).await;
    assert!(plan.contains("client_secret: …cdef -> …cdef") && !plan.contains(NEW_SECRET), "{plan}");
    bench.apply(&with("https://id.example", &secret(NEW_SECRET))).await.unwrap();
    bench.apply(&with("https://id.example", ", hidden: true")).await.unwrap();
    assert_eq!(company(&bench).await.1.client_secret.unwrap().expose(), NEW_SECRET);

    let moved = with("https://elsewhere.example", "");
    let plan = bench.plan(&moved).await;
    assert!(plan.contains("client_secret: + void, since it would be sent elsewhere"), "{plan}");
    bench.apply(&moved).await.unwrap();
    assert!(company(&bench).await.1.is_empty());
    assert_eq!(bench.plan(&moved).await, NOTHING);

    bench.apply(&with("https://elsewhere.example", &secret(NEW_SECRET))).await.unwrap();
    bench.apply(&with("https://third.example", &secret(NEW_SECRET))).await.unwrap();
    assert_eq!(company(&bench).await.1.client_secret.unwrap().expose(), NEW_SECRET, "given again, it may go there");
    bench.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_credential_is_told_or_read() {
    let bench = Bench::new().await;
    let ends = async |bench: &Bench| company(bench).await.0.credential_expires_at.map(Timestamp::to_rfc3339);
    let told = with("https://id.example", ", client_secret_expires_at: \"2030-01-31\"");
    bench.apply(&told).await.unwrap();
    assert_eq!(ends(&bench).await.as_deref(), Some("2030-01-31T00:00:00Z"));
    assert_eq!(bench.plan(&told).await, NOTHING);
    let certified = with("https://id.example", ", private_key: \"file:key.pem\", certificate: \"file:certificate.pem\"");
    bench.apply(&certified).await.unwrap();
    assert_eq!(ends(&bench).await.as_deref(), Some("2031-03-01T00:00:00Z"));
    assert_eq!(bench.plan(&certified).await, NOTHING);
    assert!(!bench.export("acme").await.contains("client_secret_expires_at"), "the certificate says so itself");
    bench.apply(&told).await.unwrap();
    assert_eq!(ends(&bench).await.as_deref(), Some("2030-01-31T00:00:00Z"), "what ends first");
    bench.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn jwt_16_ssr_04_what_is_wrong_with_connections_is_said_in_its_place() {
    let bench = Bench::new().await;
    bench.apply("realm: {slug: acme}\ntenants: [{org_id: mine, name: Mine}]").await.unwrap();
    let text = "
realm: {slug: acme}
connections:
- {slug: Not A Slug, name: A, kind: oidc, client_id: a, issuer: \"http://id.example\", scopes: [email]}
- {slug: b, name: B, kind: google, client_id: b, parameters: {state: x}, private_key: nonsense}
- {slug: c, name: C, kind: microsoft, microsoft: {audience: contoso}, liveness_interval: 1, contacts: [nobody]}
- {slug: d, name: D, kind: github, client_id: d, owner: nobodys, email_trust: provider, client_secret_expires_at: soon}
- {slug: passwords, name: E, kind: password}
- {slug: password, name: F, kind: oidc, client_id: f, issuer: \"https://id.example\"}
tenants:
- {org_id: mine, name: Mine, connections: [{connection: nothing}, {connection: d}, {connection: b, directories: [x y]}]}
- {org_id: other, name: Other, domains: [{domain: gmail.com, proof: vouched}, {domain: a b, proof: dns}]}
";
    let found = wrong(bench.apply(text).await);
    let expected = [
        "acme.yaml:4:10: connections[0].slug: must be 1 to 40",
        "acme.yaml:4:63: connections[0].issuer: is an address that Gantry does not ask: its scheme is not https",
        "acme.yaml:4:92: connections[0].scopes: must have `openid`",
        "acme.yaml:5:61: connections[1].parameters.state: must be left out: Gantry sets it itself",
        "acme.yaml:5:80: connections[1].private_key: must be PEM",
        "acme.yaml:6:3: connections[2].client_id: must be given",
        "acme.yaml:6:59: connections[2].microsoft.audience: must be `organizations`",
        "acme.yaml:6:88: connections[2].liveness_interval: must be 300",
        "acme.yaml:6:102: connections[2].contacts[0]: is not an e-mail address",
        "acme.yaml:7:55: connections[3].owner: names the unknown tenant `nobodys`",
        "acme.yaml:7:77: connections[3].email_trust: must not be `provider`",
        "acme.yaml:7:113: connections[3].client_secret_expires_at: must be an instant",
        "acme.yaml:8:10: connections[4].slug: names the unknown connection `passwords`",
        "acme.yaml:9:37: connections[5].kind: cannot change",
        "acme.yaml:11:56: tenants[0].connections[0].connection: names the unknown connection `nothing`",
        "acme.yaml:11:79: tenants[0].connections[1].connection: is another tenant's own",
        "acme.yaml:11:110: tenants[0].connections[2].directories[0]: must be a domain",
        "acme.yaml:12:51: tenants[1].domains[0].domain: gives addresses to everybody",
        "acme.yaml:12:88: tenants[1].domains[1].domain: is not a domain",
    ];
    let place = |line: &str| line.splitn(4, ':').nth(3).unwrap_or_default().to_owned();
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for (found, expected) in found.iter().zip(expected) {
        let line = |text: &str| text.split(':').nth(1).unwrap_or_default().to_owned();
        assert_eq!(line(found), line(expected), "{found}");
        assert!(place(found).starts_with(&place(expected)), "{found}\n{expected}");
    }
    assert!(!found.iter().any(|line| line.contains("nonsense")));
    bench.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_stays_what_it_is_and_whose_it_is() {
    let bench = Bench::new().await;
    bench.apply(&with("https://id.example", "")).await.unwrap();
    let text = "realm: {slug: acme}\ntenants: [{org_id: mine, name: Mine}]\nconnections: [{slug: company, name: C, kind: google, client_id: a, owner: mine}]";
    let found = wrong(bench.apply(text).await);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found.iter().all(|line| line.ends_with("cannot change")), "{found:?}");
    bench.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pruning_takes_connections_attachments_and_domains_that_are_left_out() {
    let bench = Bench::new().await;
    let tenant = |inside: &str| format!("{}\ntenants: [{{org_id: mine, name: Mine{inside}}}]", with("https://id.example", ""));
    let full = tenant(
        ", connections: [{connection: company}], domains: [{domain: mine.example, proof: vouched}, {domain: a.example, proof: dns}]",
    );
    bench.apply(&full).await.unwrap();
    assert_eq!(bench.plan(&full).await, NOTHING);
    let bare = "realm: {slug: acme}\nconnections: []\ntenants: [{org_id: mine, name: Mine, connections: [], domains: []}]";
    assert_eq!(bench.plan(bare).await, NOTHING, "without prune they stay");
    let plan = bench.applier.plan(&read(bare), Options { prune: true }).await.unwrap();
    let said: Vec<(Act, Kind, &str)> = plan.changes.iter().map(|change| (change.act, change.kind, change.name.as_str())).collect();
    let expected = [
        (Act::Update, Kind::Tenant, "mine"),
        (Act::Remove, Kind::Attachment, "company at mine"),
        (Act::Remove, Kind::Connection, "company"),
    ];
    assert_eq!(said, expected);
    bench.prune(bare).await.unwrap();
    let tx = bench.realm("acme").await;
    let left: Vec<String> = tx.connections().list().await.unwrap().into_iter().map(|connection| connection.slug).collect();
    assert_eq!(left, ["password"]);
    let mine = tx.tenants().find_by_org_id("mine").await.unwrap().unwrap();
    assert!(tx.tenant_domains().list(mine.id).await.unwrap().is_empty());
    bench.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_domain_counts_by_the_files_word_or_waits_for_its_proof() {
    let bench = Bench::new().await;
    let tenants = |first: &str, second: &str| {
        let one = |org_id: &str, proof: &str| format!("{{org_id: {org_id}, name: A, domains: [{{domain: Mine.example, proof: {proof}}}]}}");
        format!("realm: {{slug: acme}}\ntenants: [{}, {}]", one("first", first), one("second", second))
    };
    bench.apply(&tenants("vouched", "dns")).await.unwrap();
    assert_eq!(bench.plan(&tenants("vouched", "dns")).await, NOTHING);
    let tx = bench.realm("acme").await;
    let proved = tx.tenant_domains().find_proved("mine.example").await.unwrap().unwrap();
    assert_eq!(proved.proof, Some(DomainProof::Vouched));
    assert!(bench.apply(&tenants("vouched", "vouched")).await.is_err(), "it is one tenant's");
    bench.apply(&tenants("dns", "dns")).await.unwrap();
    assert!(bench.realm("acme").await.tenant_domains().find_proved("mine.example").await.unwrap().is_none());
    bench.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_a_connection_made_a_member_the_file_leaves_alone() {
    let bench = Bench::new().await;
    let file = |members: &str| {
        format!(
            "{}\nusers: [{{email: ada@acme.example}}, {{email: bob@acme.example}}]\ntenants: [{{org_id: mine, name: Mine, members: [{members}]}}]",
            with("https://id.example", "")
        )
    };
    let (ada, both) =
        ("{user: ada@acme.example, break_glass: true}", "{user: ada@acme.example, break_glass: true}, {user: bob@acme.example}");
    bench.apply(&file(both)).await.unwrap();
    let tx = bench.realm("acme").await;
    let mine = tx.tenants().find_by_org_id("mine").await.unwrap().unwrap();
    let email = gantry_core::email_address::EmailAddress::parse("bob@acme.example").unwrap();
    let bob = tx.users().find_by_email(&email).await.unwrap().unwrap();
    let place = tx.memberships().find(mine.id, bob.id).await.unwrap().unwrap();
    assert!(tx.memberships().list_for_tenant(mine.id).await.unwrap().iter().any(|place| place.break_glass));
    let connection = company(&bench).await.0.id;
    let joined = Membership { connection_id: Some(connection), role: TenantRole::TenantAdmin, ..place };
    bench.store().transact(tx.realm_id(), async |tx| Ok(tx.memberships().put(&joined).await?)).await.unwrap();

    let exported = bench.export("acme").await;
    assert_eq!(exported.matches("user: bob@acme.example").count(), 0, "{exported}");
    assert!(bench.applier.plan(&read(&file(ada)), Options { prune: true }).await.unwrap().is_empty());
    let plan = bench.plan(&file(both)).await;
    assert!(plan.contains("bob@acme.example (tenant_admin, by signing in) -> bob@acme.example (member)"), "{plan}");
    bench.apply(&file(both)).await.unwrap();
    assert_eq!(bench.plan(&file(both)).await, NOTHING);
    bench.close().await;
}
