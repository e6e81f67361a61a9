//! A company's admin, from the mail that invites them to the end of their day: they sign in with the company's own connection and
//! do their part, and reach nothing else.

use gantry_core::connection::{Connection, JoinRule};
use gantry_core::id::TenantId;
use gantry_core::installation::InstallationStanding;
use gantry_core::tenant::{SignInRule, TenantRole};
use gantry_web::paths::console::{ALL, Audience, Verb, fill};

use crate::support::upstream::{Account, Upstream};
use crate::support::{Browser, Console, Gantry, Page};

const T: &str = "/console/realms/default/tenants/alder";
const EMAIL: &str = "nia@alder.example";

/// A company that takes its own sign-in alone, and its connection; the platform's admin has invited its first admin.
async fn company(gantry: &Gantry, upstream: &Upstream) -> (Connection, TenantId, String) {
    let admin = gantry.realm_admin().await;
    let page = admin.page("/console/realms/default/tenants/new").await;
    let page = admin.submit(&page, "tenant-new", &[("name", "Alder Logistics"), ("org_id", "alder")]).await;
    assert_eq!((page.status, page.url.path()), (200, T), "{}", page.html);
    let rows = gantry.store.read(gantry.realm_id().await);
    let tenant = rows.tenants().find_by_org_id("alder").await.unwrap().unwrap().id;
    gantry.prove_domain(tenant, "alder.example").await;
    let connection = gantry.connection(upstream, "alder-sso", |connection| connection.owner = Some(tenant)).await;
    gantry.attach(&connection, tenant, |place| place.join = JoinRule::Invited).await;
    let page = admin.page(&format!("{T}/branding")).await;
    let look = [("coloured", "on"), ("accent", "#b4540a"), ("welcome", "Sign in here, people of Alder")];
    assert_eq!(admin.submit(&page, "branding", &look).await.status, 200);
    let page = admin.page(&format!("{T}/settings")).await;
    let page = admin.submit(&page, "tenant", &[("sign_in", SignInRule::OwnConnection.as_str())]).await;
    assert_eq!(page.status, 200, "{}", page.html);
    let page = admin.page(&format!("{T}/members/invite")).await;
    let page = admin.submit(&page, "invite", &[("email", EMAIL), ("role", "tenant_admin")]).await;
    assert_eq!((page.status, page.url.path()), (200, format!("{T}/members").as_str()), "{}", page.html);
    (connection, tenant, gantry.mail(EMAIL, 1).await.link("/invitation?token="))
}

fn at_company() -> Account {
    Account::person("nia-there", EMAIL)
}

#[tokio::test]
async fn a_companys_admin_invited_by_mail_signs_in_with_the_companys_own_connection() {
    let gantry = Gantry::start().await;
    let upstream = gantry.upstream();
    let (connection, tenant, link) = company(&gantry, &upstream).await;
    let nia = Console::new(&gantry);
    // The mail's page has the company's face, and no password.
    let page = nia.browser.open(&link).await;
    assert!(!page.has("[name=password]") && page.text("main").contains("Sign in here, people of Alder"), "{}", page.html);
    let css = page.attribute("link[rel=stylesheet][href*='branding.css']", "href").expect("a colour");
    assert!(css.ends_with("/branding.css?accent=%23b4540a"), "{css}");
    assert!(Browser::new().open(gantry.url(&css)).await.html.contains("--accent:#b4540a"));
    // The company's own server says who she is; the invitation still waits for her word.
    let page = nia.browser.sign_in_with(&page, &connection, &at_company()).await;
    assert_eq!((page.status, page.url.path()), (200, "/invitation"), "{}", page.html);
    let user = gantry.account(EMAIL).await.expect("an account").id;
    assert_eq!(gantry.membership(tenant, user).await, None);
    let page = nia.browser.submit(&page, "invitation-accept", &[]).await;
    assert_eq!((page.status, page.url.path()), (200, "/console/sign-in"), "{}", page.html);
    let page = nia.begin("default", "").await;
    assert_eq!((page.status, page.url.path()), (200, T), "{}", page.html);
    assert_eq!(gantry.membership(tenant, user).await.map(|place| place.role), Some(TenantRole::TenantAdmin));
    assert!(page.has("#map svg[role=img]") && page.html.contains("Alder-sso SSO"), "{}", page.html);
    // A domain of hers.
    let page = nia.page(&format!("{T}/domains")).await;
    let page = nia.submit(&page, "claim", &[("domain", "alder-cargo.example")]).await;
    assert!(page.html.contains("_gantry-challenge.alder-cargo.example"), "{}", page.html);
    // The connection is tried out.
    let test = format!("{T}/connections/{}/test", connection.id);
    let left = nia.submit(&nia.page(&test).await, "trial", &[]).await;
    let result = nia.browser.open(nia.browser.at_provider(&left, &at_company()).await).await;
    assert_eq!(result.status, 200, "{}", result.html);
    assert!(result.url.path().starts_with(&test) && result.html.contains(EMAIL), "{}", result.url);
    // An app that the company has heard of is let in.
    gantry.decide(tenant, "ledger", InstallationStanding::Removed).await;
    let page = nia.page(&format!("{T}/apps")).await;
    let id = gantry.client_key("ledger").await;
    let form = page.form_to(&format!("/apps/{id}"));
    let page = nia.browser.post(&form.action, &form.fields, &[("sec-fetch-site", "same-origin"), ("origin", "null")]).await;
    assert_eq!(page.status, 200, "{}", page.html);
    let standing = gantry.installation(tenant, "ledger").await.map(|app| app.standing);
    assert_eq!(standing, Some(InstallationStanding::Approved));
    // Neither a realm's excerpt nor its commands are hers, and nothing else is there.
    assert!(!page.html.contains("GANTRY_KEY"), "{}", page.html);
    gantry.tenant("birch").await;
    for address in ALL.iter().filter(|address| address.verbs.contains(&Verb::Get)) {
        let names: Vec<&str> = address.path.split('/').filter(|part| part.starts_with('{')).collect();
        let path = match (address.audience, names.as_slice()) {
            (Audience::Realm, ["{realm}"]) => fill(address.path, &[("realm", "default")]),
            (Audience::Tenant, ["{realm}", "{tenant}"]) => fill(address.path, &[("realm", "default"), ("tenant", "birch")]),
            _ => continue,
        };
        assert_eq!(nia.get(&path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_preview_shows_the_look_that_is_typed_and_only_that() {
    let gantry = Gantry::start().await;
    let nia = gantry.tenant_admin(gantry.newcomer(EMAIL).await, "alder").await;
    let preview = |query: &str| format!("{T}/branding/preview{query}");
    let page = nia.page(&format!("{T}/branding")).await;
    let source = page.attribute("iframe[data-follows=branding]", "src").expect("a frame");
    assert!(source.starts_with(&preview("")), "{source}");
    let typed = "?coloured=on&accent=%23b4540a&welcome=%3Ci%3EHello";
    let shown: Page = nia.get(&preview(typed)).await;
    assert!(shown.text("h1").contains("The alder") && shown.html.contains("&lt;i&gt;Hello"), "{}", shown.html);
    let csp = shown.headers["content-security-policy"].to_str().unwrap().to_owned();
    assert!(csp.contains("frame-ancestors 'self'") && csp.contains("form-action 'none'"), "{csp}");
    assert!(nia.get(&preview(&format!(".css{typed}"))).await.html.contains("--accent:#b4540a"));
    assert!(!nia.get(&preview(".css?accent=%23b4540a")).await.html.contains("#b4540a"), "unticked is the platform's");
    assert_eq!(nia.get(&preview(".css?coloured=on&accent=red%3B%7D")).await.html, "");
    // What is only looked at is not saved.
    let looked = [("coloured", "on"), ("accent", "#b4540a"), ("welcome", "Hello"), ("preview_only", "on")];
    let page = nia.submit(&page, "branding", &looked).await;
    assert!(page.attribute("iframe[data-follows=branding]", "src").unwrap().contains("welcome=Hello"), "{}", page.html);
    let rows = gantry.store.read(gantry.realm_id().await);
    assert!(rows.tenants().find_by_org_id("alder").await.unwrap().unwrap().branding.is_empty());
}
