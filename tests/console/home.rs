//! The home pages and the search: what an admin learns there, and that nobody else does.

use std::time::Duration;

use gantry_core::app_key::AppKey;
use gantry_core::clock::Clock as _;
use gantry_core::id::{AppKeyId, DomainId};
use gantry_core::scope_set::ScopeSet;
use gantry_core::secret::Digest;
use gantry_core::tenant_domain::TenantDomain;

use crate::support::{Browser, Console, Gantry, Person};

/// Counts what happened so far.
async fn count(gantry: &Gantry) {
    gantry.settle().await;
    while gantry.store.platform().roll_up_figures(1000).await.unwrap() > 0 {}
}

#[tokio::test]
async fn a_realm_s_home_shows_what_happened_and_what_fails_with_its_mending() {
    let gantry = Gantry::start().await;
    let admin = gantry.realm_admin().await;
    let stranger = Console::new(&gantry);
    let page = stranger.begin("default", "").await;
    Person::ALICE.sign_in_with(&stranger.browser, &page, "not her password").await;
    count(&gantry).await;
    for span in ["", "?span=24h", "?span=7d", "?span=30d", "?span=nonsense"] {
        let page = admin.page(&format!("/console/realms/default{span}")).await;
        assert_eq!(page.text("#failures tbody th bdi"), "Wrong password", "{span}: {}", page.html);
        assert!(page.text("#failures tbody th small").contains("guessing"));
        assert_eq!(page.text("#errors .legend b"), "1", "{span}");
        assert_eq!(page.text("#sign-ins .legend b"), "1", "the admin's own, {span}");
        assert!(page.has("#errors svg[role=img] rect.bad-1") && page.has("#sign-ins rect.plain-1"), "drawn, {span}");
        assert!(page.has("#errors details table"), "and as a table");
    }
    let page = admin.get("/console/realms/default?span=7d").await;
    assert_eq!(page.attribute(".tabs a[aria-current]", "href").as_deref(), Some("/console/realms/default?span=7d"));
}

#[tokio::test]
async fn what_ends_soon_or_waits_is_said_with_the_place_to_mend_it() {
    let gantry = Gantry::start().await;
    let admin = gantry.realm_admin().await;
    let page = admin.page("/console/realms/default").await;
    assert!(!page.has("#concerns"), "all is well: {}", page.html);
    let (tenant, realm, now) = (gantry.tenant("acme").await, gantry.realm_id().await, gantry.clock.now());
    let rows = gantry.store.read(realm);
    let client = rows.clients().find_by_client_id("ledger").await.unwrap().unwrap();
    let key = |name: &str, days: u64| AppKey {
        id: AppKeyId::new(),
        client_id: client.id,
        name: name.to_owned(),
        scopes: ScopeSet::default(),
        digest: Digest::of(name.as_bytes()),
        last_four: "abcd".to_owned(),
        last_used_at: None,
        expires_at: Some(now.plus(Duration::from_hours(24 * days))),
        created_at: now,
    };
    let keys = [key("Soon over", 6), key("Far away", 60)];
    let domain = TenantDomain {
        id: DomainId::new(),
        realm_id: realm,
        tenant_id: tenant,
        domain: "acme.example".to_owned(),
        challenge: "gantry-domain=x".to_owned(),
        proof: None,
        proved_at: None,
        checked_at: None,
        failing_since: None,
        check_at: None,
        created_at: now,
    };
    let work = async |tx: &gantry_store::RealmTx| {
        for key in &keys {
            tx.app_keys().insert(key).await?;
        }
        Ok(tx.tenant_domains().insert(&domain).await?)
    };
    assert!(gantry.store.transact(realm, work).await.unwrap());
    let page = admin.page("/console/realms/default").await;
    let said = page.text("#concerns");
    assert!(said.contains("Soon over") && !said.contains("Far away"), "{said}");
    assert!(said.contains("acme.example") && said.contains("The acme"), "{said}");
    let credentials = format!("a[href='/console/realms/default/clients/{}/credentials']", client.id);
    assert!(page.has(&format!("#concerns {credentials}")), "{}", page.html);
    // A tenant's admins see their domain, and nothing of apps.
    let theirs = gantry.get_tenant_admin("acme").await;
    let said = theirs.page("/console/realms/default/tenants/acme").await.text("#concerns");
    assert!(said.contains("acme.example") && !said.contains("Soon over"), "{said}");
}

impl Gantry {
    /// Bob, who administers this tenant that is there already.
    async fn get_tenant_admin(&self, org_id: &str) -> Console<'_> {
        use gantry_core::tenant::TenantRole;
        use gantry_identity::members::{self, MemberSettings};
        let (user, now) = (self.user(Person::BOB).await, self.clock.now());
        let tenant = self.store.read(user.realm_id).tenants().find_by_org_id(org_id).await.unwrap().unwrap().id;
        let settings = MemberSettings::with(TenantRole::TenantAdmin);
        let actor = gantry_core::actor::Actor::CommandLine;
        self.store.transact(user.realm_id, async |tx| members::put(tx, actor, tenant, user.id, settings, now).await).await.unwrap();
        Console::sign_in(self, "default", Person::BOB).await.0
    }
}

#[tokio::test]
async fn a_new_realm_is_led_through_its_first_steps() {
    let gantry = Gantry::start().await;
    let operator = gantry.operator().await;
    let form = operator.page("/console/realms/new").await;
    let page = operator.submit(&form, "realm-new", &[("name", "Fresh"), ("slug", "fresh")]).await;
    assert_eq!((page.status, page.url.path()), (200, "/console/realms/fresh"), "{}", page.html);
    assert!(page.has("#first-steps a[href='/console/realms/fresh/clients/new']"), "{}", page.html);
    assert!(page.has("#first-steps a[href='/console/realms/fresh/resources']"));
    let page = operator.page("/console/realms/default").await;
    assert!(!page.has("#first-steps a[href='/console/realms/default/clients/new']"), "it has clients");
}

#[tokio::test]
async fn a_search_finds_everything_by_its_kind_and_keeps_what_was_typed() {
    let gantry = Gantry::start().await;
    let admin = gantry.realm_admin().await;
    let page = admin.page("/console/realms/default/search").await;
    assert!(page.has("form#search input[name=q]") && page.has("dialog#palette form[action='/console/realms/default/search']"));
    let page = admin.page("/console/realms/default/search?q=alice").await;
    assert!(page.text("#users").contains("alice@example.com"), "{}", page.html);
    assert!(page.attribute("#users tbody th a", "href").unwrap().starts_with("/console/realms/default/people/"));
    let page = admin.page("/console/realms/default/search?q=orders").await;
    assert!(page.text("#scopes").contains("orders:read") && page.text("#resources").contains("Orders API"), "{}", page.html);
    let page = admin.page("/console/realms/default/search?q=%22%3E%3Cscript%3E").await;
    assert_eq!(page.attribute("form#search input[name=q]", "value").as_deref(), Some("\"><script>"));
    assert!(!page.has("table"));
}

#[tokio::test]
async fn a_search_finds_records_of_every_kind_and_pages_of_the_console() {
    let gantry = Gantry::start().await;
    let (admin, operator) = (gantry.realm_admin().await, gantry.operator().await);
    let upstream = gantry.upstream();
    gantry.connection(&upstream, "acme", |_| ()).await;
    gantry.tenant("org_alder").await;
    let base = "/console/realms/default";
    for (words, table, path) in [
        ("ledger", "clients", "/clients/cli_"),
        ("alice@example.com", "users", "/people/usr_"),
        ("org_alder", "tenants", "/tenants/org_alder"),
        ("acme", "connections", "/connections/con_"),
        ("orders", "resources", "/resources/res_"),
        ("orders:read", "scopes", "/scopes/scp_"),
        ("stranger", "publishers", "/publishers/pub_"),
        // A page by its title, a tab by a setting on it, what makes something.
        ("audit", "pages", "/audit"),
        ("retry window", "pages", "/settings"),
        ("personal tokens", "pages", "/settings/personal-tokens"),
        ("register client", "pages", "/clients/new"),
        ("new service", "pages", "/service-accounts/new"),
    ] {
        let page = admin.get(&format!("{base}/search?q={}", words.replace(' ', "+"))).await;
        let href = page.attribute(&format!("#{table} tbody th a"), "href").unwrap_or_else(|| panic!("{words}: {}", page.html));
        assert!(href.starts_with(&format!("{base}{path}")), "{words}: {href}");
        assert_eq!(admin.get(&href).await.status, 200, "{words}: {href}");
    }
    // What is an operator's is found by operators alone; words are those of the page's language.
    let hosts = format!("{base}/search?q=hosts");
    assert!(!admin.get(&hosts).await.has("#pages a[href$='/settings/hosts']"));
    assert!(operator.get(&hosts).await.has("#pages a[href$='/settings/hosts']"));
    let german = admin.browser.open_in(&gantry.url(&format!("{base}/search?q=Dienstkonto")), "de").await;
    assert!(german.has("#pages a[href$='/service-accounts/new']"), "{}", german.html);
    // The palette of a script leads nowhere that a page without one does not.
    let page = admin.get(base).await;
    assert!(page.has("form[role=search] input[name=q]") && page.has("dialog#palette input[role=combobox][aria-controls=palette-list]"));
}

/// Attack catalogue §0.7.
#[tokio::test]
async fn nobody_else_searches_a_realm_or_sees_how_it_does() {
    let gantry = Gantry::start().await;
    gantry.realm_admin().await;
    let theirs = gantry.tenant_admin(Person::BOB, "acme").await;
    let unknown = theirs.get("/console/realms/nowhere").await;
    assert_eq!(unknown.status, 404);
    for path in ["/console/realms/default", "/console/realms/default/search?q=alice", "/console/realms/other/search?q=a"] {
        assert_eq!(theirs.get(path).await.status, 404, "{path}");
    }
    let page = theirs.page("/console/realms/default/tenants/acme").await;
    assert!(!page.has("#seek") && !page.has("#palette"), "they have nothing to search");
    let out = Browser::new().open(gantry.url("/console/realms/default/search?q=alice")).await;
    assert!(!out.html.contains("alice@example.com"));
}
