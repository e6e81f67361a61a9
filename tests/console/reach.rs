//! How far a word reaches: what a tenant's provider says of somebody, and what a program can have a provider say, makes
//! nobody greater than whoever says it.

use gantry_core::admin_scope::AdminScope;
use gantry_core::clock::Clock as _;
use gantry_core::connection::{Connection, EmailTrust};
use gantry_core::external_identity::UserIdentity;
use gantry_core::id::IdentityId;
use serde_json::json;

use crate::support::upstream::{Account, Upstream};
use crate::support::{Browser, Console, Gantry, Person};

const REALM: &str = "/console/realms/default";

fn there() -> Account {
    Account::person("ada-there", Person::ADMIN.email)
}

/// Links the admin of the realm to who she is at a provider.
async fn link(gantry: &Gantry, upstream: &Upstream, connection: &Connection) {
    let (user, now) = (gantry.user(Person::ADMIN).await, gantry.clock.now());
    let link = UserIdentity {
        id: IdentityId::new(),
        realm_id: user.realm_id,
        connection_id: connection.id,
        issuer: upstream.origin.clone(),
        subject: "ada-there".to_owned(),
        user_id: user.id,
        email: None,
        directory: None,
        groups: Vec::new(),
        groups_stale_since: None,
        created_at: now,
        last_used_at: now,
    };
    assert!(gantry.store.transact(user.realm_id, async |tx| Ok(tx.identities().insert(&link).await?)).await.unwrap());
}

/// Signs in with a provider, for an app.
async fn come_by(gantry: &Gantry, connection: &Connection) -> Browser {
    let browser = Browser::new();
    let page = gantry.client("ledger").authorize().set("connection", &connection.slug).open(&browser).await;
    if page.left.is_some() {
        browser.come_back(&page, &there()).await;
    } else {
        browser.sign_in_with(&page, connection, &there()).await;
    }
    assert!(browser.is_signed_in(gantry).await);
    browser
}

#[tokio::test]
async fn ten_03_whom_a_tenants_provider_vouches_for_administers_that_tenant_and_no_more() {
    let gantry = Gantry::start().await;
    let (upstream, own) = (gantry.upstream(), gantry.upstream());
    for tenant in ["acme", "globex"] {
        gantry.make_tenant_admin(Person::ADMIN, tenant).await;
    }
    let rows = gantry.store.read(gantry.realm_id().await);
    let acme = rows.tenants().find_by_org_id("acme").await.unwrap().unwrap().id;
    let theirs = gantry.connection(&upstream, "theirs", |connection| connection.owner = Some(acme)).await;
    let ours = gantry.connection(&own, "ours", |_| ()).await;
    link(&gantry, &upstream, &theirs).await;
    link(&gantry, &own, &ours).await;

    let console = Console::with(&gantry, come_by(&gantry, &theirs).await);
    let page = console.begin("default", "").await;
    assert_eq!((page.status, page.url.path()), (200, "/console/realms/default/tenants/acme"), "{}", page.html);
    for path in [REALM, "/console/realms/default/people", "/console/realms/default/tenants/globex", "/console/realms/default/audit"] {
        assert_eq!(console.get(path).await.status, 404, "{path}");
    }

    // Nor is a trace of the realm's for them.
    let trusted = Console::with(&gantry, come_by(&gantry, &ours).await);
    let trace = format!("/traces/{}", gantry.newest_trace().await.0.id);
    assert_eq!((console.get(&trace).await.status, trusted.get(&trace).await.status), (404, 200));
    let page = trusted.begin("default", "").await;
    assert_eq!((page.status, page.url.path()), (200, REALM), "the realm's own provider is believed: {}", page.html);
}

#[tokio::test]
async fn ten_03_whoever_a_tenants_provider_vouches_for_gives_no_admin_another_way_in() {
    let gantry = Gantry::start().await;
    let (upstream, second) = (gantry.upstream(), gantry.upstream());
    let acme = gantry.tenant("acme").await;
    let theirs = gantry.connection(&upstream, "theirs", |connection| connection.owner = Some(acme)).await;
    let other = gantry.connection(&second, "other", |connection| connection.settings.email_trust = Some(EmailTrust::Provider)).await;
    link(&gantry, &upstream, &theirs).await;
    // From the account page.
    let browser = come_by(&gantry, &theirs).await;
    let page = browser.open(gantry.url("/account")).await;
    let form = page.form_to("/account/connections/link");
    let mut fields = form.fields;
    fields.retain(|(name, _)| name != "connection");
    fields.push(("connection".to_owned(), "other".to_owned()));
    let left = browser.post(&form.action, &fields, &[("sec-fetch-site", "same-origin"), ("origin", "null")]).await;
    browser.come_back(&left, &Account::person("mallory", "mallory@acme.example")).await;
    assert!(gantry.linked(&other, &second.origin, "mallory").await.is_none());
    // And as the proof that an account is theirs.
    let browser = Browser::new();
    let page = gantry.client("ledger").authorize().open(&browser).await;
    let proof = browser.sign_in_with(&page, &other, &Account::person("mallory", Person::ADMIN.email)).await;
    if proof.html.contains("/connections/theirs/start") {
        browser.sign_in_with(&proof, &theirs, &there()).await;
    }
    assert!(gantry.linked(&other, &second.origin, "mallory").await.is_none());
}

#[tokio::test]
async fn ten_03_a_program_points_no_connection_elsewhere_by_which_somebody_greater_comes() {
    let gantry = Gantry::start().await;
    let (upstream, evil) = (gantry.upstream(), gantry.upstream());
    let ours = gantry.connection(&upstream, "ours", |_| ()).await;
    let program = gantry.program_with("default", &[AdminScope::ConnectionsRead, AdminScope::ConnectionsWrite]).await;
    let path = format!("/realms/default/connections/{}", ours.id);
    let moved = json!({ "issuer": evil.origin, "client_secret": "theirs" });
    link(&gantry, &upstream, &ours).await;
    for change in [&moved, &json!({ "claims": { "subject": "chosen" } }), &json!({ "client_id": "theirs", "client_secret": "theirs" })] {
        let answer = program.send("PATCH", &path, change).await;
        assert_eq!(answer.status, 403, "{change}: {}", answer.body);
    }
    // What leaves its word alone is theirs to change.
    program.send("PATCH", &path, &json!({ "name": "Renamed" })).await.ok();
    // An admin of the realm could make others admins anyway.
    let console = gantry.realm_admin().await;
    let page = console.get(&format!("{REALM}/connections/{}/settings", ours.id)).await;
    assert_eq!(console.submit(&page, "settings", &[("issuer", &evil.origin)]).await.status, 200);
}

#[tokio::test]
async fn ten_03_a_program_has_no_provider_say_who_belongs_to_a_tenant_unless_it_may_itself() {
    let gantry = Gantry::start().await;
    let (upstream, evil) = (gantry.upstream(), gantry.upstream());
    let (ours, acme) = (gantry.connection(&upstream, "ours", |_| ()).await, gantry.tenant("acme").await);
    let scopes = [AdminScope::ConnectionsRead, AdminScope::ConnectionsWrite, AdminScope::TenantsRead];
    let program = gantry.program_with("default", &scopes).await;
    let path = format!("/realms/default/tenants/acme/connections/{}", ours.id);
    for (join, role) in [("everyone", "tenant_admin"), ("everyone", "member"), ("proved_domain", "member"), ("invited", "tenant_admin")] {
        let body = json!({ "connection": "ours", "join": join, "default_role": role });
        assert_eq!(program.send("PUT", &path, &body).await.status, 403, "{body}");
    }
    let body = json!({ "connection": "ours", "join": "invited", "roles": [{ "group": "all", "role": "tenant_admin" }] });
    assert_eq!(program.send("PUT", &path, &body).await.status, 403);
    program.send("PUT", &path, &json!({ "connection": "ours", "join": "invited", "default_role": "member" })).await.ok();
    gantry.attach(&ours, acme, |_| ()).await;
    let moved = json!({ "issuer": evil.origin, "client_secret": "theirs" });
    let at = format!("/realms/default/connections/{}", ours.id);
    assert_eq!(program.send("PATCH", &at, &moved).await.status, 403);
}
