//! Tenants in the console: what the realm's admins do with them, and the whole part of a tenant's own admin.

use gantry_core::installation::InstallationStanding;

use serde_json::json;

use crate::support::{Browser, Console, Gantry, Page, Person};

const R: &str = "/console/realms/default";
const T: &str = "/console/realms/default/tenants/alder";
const NIA: Person = Person { email: "nia@alder.example", password: "a fine and long phrase" };

/// Somebody whom an admin invites from this page, arrived in the console.
async fn invited<'g>(gantry: &'g Gantry, admin: &Console<'_>, person: Person) -> (Console<'g>, Page) {
    let page = admin.page(&format!("{T}/members/invite")).await;
    let page = admin.submit(&page, "invite", &[("email", person.email), ("role", "tenant_admin")]).await;
    assert_eq!((page.status, page.url.path()), (200, format!("{T}/members").as_str()), "{}", page.html);
    let link = gantry.mail(person.email, 1).await.link("/invitation?token=");
    let console = Console::new(gantry);
    let page = console.browser.open(&link).await;
    let page = console.browser.submit(&page, "invitation-make", &[("name", "Nia"), ("password", person.password)]).await;
    assert_eq!((page.status, page.url.path()), (200, T), "an account made just now needs no other sign-in: {}", page.html);
    Console::sign_in(gantry, "default", person).await
}

/// Makes the tenant by the console's own form.
async fn make(admin: &Console<'_>) {
    let page = admin.page(&format!("{R}/tenants/new")).await;
    let wrong = admin.submit(&page, "tenant-new", &[("name", ""), ("org_id", "not one")]).await;
    assert_eq!(wrong.status, 422, "{}", wrong.html);
    let page = admin.submit(&page, "tenant-new", &[("name", "Alder Logistics"), ("org_id", "alder")]).await;
    assert_eq!((page.status, page.url.path()), (200, T), "{}", page.html);
}

#[tokio::test]
async fn a_tenants_admin_invited_by_mail_does_their_part_and_reaches_nothing_else() {
    let gantry = Gantry::start().await;
    let admin = gantry.realm_admin().await;
    make(&admin).await;
    let other = gantry.tenant("birch").await;
    let (nia, page) = invited(&gantry, &admin, NIA).await;
    assert_eq!((page.status, page.url.path()), (200, T), "{}", page.html);
    // Members: invites somebody, takes it back; cannot leave the tenant to nobody.
    let page = nia.page(&format!("{T}/members/invite")).await;
    let page = nia.submit(&page, "invite", &[("email", "ben@alder.example"), ("role", "member")]).await;
    assert!(page.html.contains("ben@alder.example"), "{}", page.html);
    gantry.mail("ben@alder.example", 1).await;
    let user = gantry.user(NIA).await.id;
    let page = nia.page(&format!("{T}/members/{user}")).await;
    let page = nia.submit(&page, "role", &[("role", "member")]).await;
    assert_eq!(page.status, 422, "{}", page.html);
    // Settings and look; a form that saw an older version changes nothing.
    let stale = nia.page(&format!("{T}/settings")).await;
    let fields = [("name", "Alder AG"), ("sign_in", "any"), ("app_policy", "approved"), ("max_sign_in_age", "")];
    let page = nia.submit(&stale, "tenant", &fields).await;
    assert_eq!(page.status, 200, "{}", page.html);
    assert_eq!(nia.submit(&stale, "tenant", &fields).await.status, 409);
    let page = nia.page(&format!("{T}/branding")).await;
    let red = [("coloured", "on"), ("accent", "red"), ("welcome", "")];
    assert_eq!(nia.submit(&page, "branding", &red).await.status, 422);
    let page = nia.submit(&page, "branding", &[("coloured", "on"), ("accent", "#1d4ed8"), ("welcome", "Hello")]).await;
    assert_eq!(page.status, 200, "{}", page.html);
    // Domains.
    let page = nia.page(&format!("{T}/domains")).await;
    assert_eq!(nia.submit(&page, "claim", &[("domain", "gmail.com")]).await.status, 422);
    let page = nia.submit(&page, "claim", &[("domain", "alder.example")]).await;
    assert!(page.html.contains("_gantry-challenge.alder.example") && page.html.contains("gantry-domain="), "{}", page.html);
    let domain = page.url.path().to_owned();
    assert!(page.has(&format!("form[action='{domain}/verify']")) && !page.has(&format!("form[action='{domain}/vouch']")));
    // Apps: decides about one that the tenant has heard of.
    let alder = gantry.store.read(gantry.realm_id().await).tenants().find_by_org_id("alder").await.unwrap().unwrap();
    gantry.decide(alder.id, "ledger", InstallationStanding::Removed).await;
    let page = nia.page(&format!("{T}/apps")).await;
    let ledger = gantry.store.read(alder.realm_id).clients().find_by_client_id("ledger").await.unwrap().unwrap();
    let form = page.form_to(&format!("/apps/{}", ledger.id));
    let page = nia.browser.post(&form.action, &form.fields, &[("sec-fetch-site", "same-origin"), ("origin", "null")]).await;
    assert_eq!((page.status, page.url.path()), (200, format!("{T}/apps").as_str()), "{}", page.html);
    assert!(page.html.contains("Approved"), "{}", page.html);
    // Everything else is like nothing at all.
    let nothing = nia.get("/console/realms/nowhere").await;
    assert_eq!(nothing.status, 404);
    for path in [
        R.to_owned(),
        format!("{R}/tenants"),
        format!("{R}/tenants/new"),
        format!("{R}/tenants/birch"),
        format!("{R}/tenants/birch/members"),
        format!("{R}/tenants/nobody"),
        format!("{R}/invitations"),
        format!("{T}/suspension"),
        format!("{T}/members/{}", gantry.user(Person::BOB).await.id),
        format!("{T}/members/{other}"),
    ] {
        assert_eq!(nia.get(&path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_realms_admin_lists_suspends_and_resumes_tenants() {
    let gantry = Gantry::start().await;
    let admin = gantry.realm_admin().await;
    make(&admin).await;
    let page = admin.page(&format!("{R}/tenants?q=alder")).await;
    assert!(page.html.contains("Alder Logistics"), "{}", page.html);
    assert!(admin.page(T).await.html.contains("members/invite"), "the way to invite its admin");
    let page = admin.page(&format!("{T}/suspension")).await;
    assert_eq!(admin.submit(&page, "suspend", &[("confirm", "birch")]).await.status, 422);
    let done = admin.submit(&page, "suspend", &[("confirm", "alder")]).await;
    assert_eq!((done.status, done.url.path()), (200, T), "{}", done.html);
    assert!(admin.page(&format!("{R}/tenants?is=suspended")).await.html.contains("Alder Logistics"));
    // A form of before does not resume it; nor does saving the settings.
    let page = admin.page(&format!("{T}/settings")).await;
    admin.submit(&page, "tenant", &[("name", "Alder AG"), ("sign_in", "any"), ("app_policy", "all")]).await;
    let suspended = async || {
        let rows = gantry.store.read(gantry.realm_id().await);
        rows.tenants().find_by_org_id("alder").await.unwrap().unwrap().suspended_at.is_some()
    };
    assert!(suspended().await);
    let page = admin.page(&format!("{T}/suspension")).await;
    admin.submit(&page, "resume", &[]).await;
    assert!(!suspended().await);
}

#[tokio::test]
async fn a_role_in_the_realm_is_given_by_mail_and_taken_back() {
    let gantry = Gantry::start().await;
    let admin = gantry.realm_admin().await;
    let page = admin.page(&format!("{R}/invitations/new")).await;
    assert_eq!(admin.submit(&page, "invite", &[("email", "no address"), ("role", "realm_admin")]).await.status, 422);
    let page = admin.submit(&page, "invite", &[("email", "new@platform.example"), ("role", "realm_admin")]).await;
    assert_eq!((page.status, page.url.path()), (200, format!("{R}/invitations").as_str()), "{}", page.html);
    let link = gantry.mail("new@platform.example", 1).await.link("/invitation?token=");
    assert_eq!(Console::new(&gantry).browser.open(&link).await.status, 200);
    let form = page.form_to("/revoke");
    let page = admin.browser.post(&form.action, &form.fields, &[("sec-fetch-site", "same-origin"), ("origin", "null")]).await;
    assert_eq!(page.status, 200, "{}", page.html);
    assert_eq!(Console::new(&gantry).browser.open(&link).await.status, 410);
}

#[tokio::test]
async fn members_are_found_by_their_words() {
    let gantry = Gantry::start().await;
    let nia = gantry.tenant_admin(gantry.newcomer("nia@alder.example").await, "alder").await;
    let alder = gantry.store.read(gantry.realm_id().await).tenants().find_by_org_id("alder").await.unwrap().unwrap();
    gantry.join(gantry.newcomer("ben@alder.example").await, alder.id).await;
    gantry.newcomer("benno@birch.example").await;
    let list = nia.page(&format!("{T}/members")).await;
    assert!(list.html.contains("Search members") && !list.html.contains("Search tenants"), "{}", list.html);
    let found = nia.page(&format!("{T}/members?q=ben")).await;
    assert!(found.html.contains("ben@alder.example") && found.has("[name=q][value=ben]"), "{}", found.html);
    assert!(!found.html.contains("benno@birch.example"), "{}", found.html);
    let nobody = nia.page(&format!("{T}/members?q=ben&role=tenant_admin")).await;
    assert!(!nobody.html.contains("ben@alder.example"), "{}", nobody.html);
}

#[tokio::test]
async fn ten_18_a_tenants_admin_only_tightens_the_rule_for_passwords() {
    let gantry = Gantry::start().await;
    let ben = gantry.newcomer("ben@alder.example").await;
    let nia = gantry.tenant_admin(gantry.newcomer("nia@alder.example").await, "alder").await;
    gantry.change_realm(|settings| settings.sign_in.password_min_length = 12).await;
    let alder = async || {
        let rows = gantry.store.read(gantry.realm_id().await);
        rows.tenants().find_by_org_id("alder").await.unwrap().unwrap()
    };
    gantry.join(ben, alder().await.id).await;
    let page = nia.page(&format!("{T}/settings")).await;
    let weaker = nia.submit(&page, "tenant", &[("password_min_length", "11")]).await;
    assert_eq!(weaker.status, 403, "{}", weaker.html);
    assert!(weaker.html.contains("must not be less than 12") && weaker.has("[name=password_min_length][value='11']"), "{}", weaker.html);
    for (typed, status) in [("65", 422), ("many", 422), ("1", 403)] {
        assert_eq!(nia.submit(&page, "tenant", &[("password_min_length", typed)]).await.status, status, "{typed}");
    }
    assert_eq!(alder().await.password_min_length, None);
    let program = gantry.program("default").await;
    let path = "/realms/default/tenants/alder";
    let refused = program.send("PATCH", path, &json!({ "password_min_length": 8 })).await;
    assert_eq!((refused.status, &refused.json()["fields"][0]["field"]), (403, &json!("password_min_length")), "{}", refused.body);
    let done = nia.submit(&page, "tenant", &[("password_min_length", "20")]).await;
    assert_eq!((done.status, alder().await.password_min_length), (200, Some(20)), "{}", done.html);
    assert_eq!(program.get(path).await.json()["password_min_length"], 20);
    // A member feels it where they choose a password; whoever is in no such tenant does not.
    let browser = Browser::new();
    let page = browser.open(gantry.url("/sign-in")).await;
    let account = ben.sign_in(&browser, &page).await;
    assert_eq!(account.url.path(), "/account", "{}", account.html);
    let change =
        async |new: &str| browser.submit(&account, "password-save", &[("current_password", ben.password), ("password", new)]).await;
    let short = change("fifteen letters").await;
    assert_eq!(short.status, 422);
    assert!(short.text("#password-error").contains("20"), "{}", short.html);
    let long = change("a good twenty letters long").await;
    assert_eq!((long.status, long.url.query()), (200, Some("notice=password-changed")), "{}", long.html);
}
