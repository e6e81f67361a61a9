//! Forms that were filled in while somebody else saved: every one of them shows both versions, and writes over the
//! other one only for whoever says so.

use crate::support::{Console, Gantry, Page, Person};

const R: &str = "/console/realms/default";

/// A form of the console: where it is, what it is called, a field, and three values of it.
struct Versioned {
    path: String,
    form: &'static str,
    field: &'static str,
    values: [&'static str; 3],
}

impl Versioned {
    const fn new(path: String, form: &'static str, field: &'static str, values: [&'static str; 3]) -> Self {
        Self { path, form, field, values }
    }

    /// The form as it stands on a page, sent with this value.
    async fn send(&self, console: &Console<'_>, page: &Page, value: &str, keep: bool) -> Page {
        let mut fields = vec![(self.field, value)];
        fields.extend(keep.then_some(("keep_mine", "on")));
        console.submit(page, self.form, &fields).await
    }

    /// The value that is stored.
    async fn stands(&self, console: &Console<'_>) -> String {
        let page = console.get(&self.path).await;
        let form = page.form_with_id(self.form);
        form.fields.into_iter().find(|(name, _)| name == self.field).map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    }
}

async fn one_of(console: &Console<'_>, list: &str) -> String {
    console.get(&format!("{R}/{list}")).await.attribute(&format!("#{list} tbody a"), "href").expect(list)
}

/// Every form of the console that knows the version it was filled from.
async fn all(gantry: &Gantry, console: &Console<'_>) -> Vec<Versioned> {
    let upstream = gantry.upstream();
    let connection = gantry.connection(&upstream, "acme", |_| ()).await.id;
    gantry.tenant("org_alder").await;
    let page = console.get(&format!("{R}/service-accounts/new")).await;
    let made = console.submit(&page, "account-new", &[("name", "Deploy bot"), ("scopes", "clients:read")]).await;
    let account = made.html.split(&format!("{R}/service-accounts/sva_")).nth(1).unwrap().get(..32).unwrap().to_owned();
    let (client, scope) = (one_of(console, "clients").await, one_of(console, "scopes").await);
    let (api, team) = (one_of(console, "resources").await, one_of(console, "publishers").await);
    let person = gantry.user(Person::ALICE).await.id;
    let names = ["One", "Two", "Three"];
    vec![
        Versioned::new(format!("{R}/settings"), "settings", "tokens.access_lifetime", ["100", "200", "300"]),
        Versioned::new(format!("{R}/branding"), "branding", "name", names),
        Versioned::new(format!("{client}/settings"), "settings", "name", names),
        Versioned::new(scope, "settings", "title", names),
        Versioned::new(api, "settings", "name", names),
        Versioned::new(team, "settings", "name", names),
        Versioned::new(format!("{R}/people/{person}"), "profile", "name", names),
        Versioned::new(format!("{R}/connections/{connection}/settings"), "settings", "name", names),
        Versioned::new(format!("{R}/tenants/org_alder/settings"), "tenant", "name", names),
        Versioned::new(format!("{R}/service-accounts/sva_{account}/settings"), "account", "name", names),
    ]
}

#[tokio::test]
async fn a_stale_form_writes_over_what_it_has_not_seen_only_when_told_to() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    for form in all(&gantry, &console).await {
        let (path, [theirs, mine, last]) = (form.path.clone(), form.values);
        let (first, second) = (console.get(&path).await, console.get(&path).await);
        let saved = form.send(&console, &first, theirs, false).await;
        assert_eq!(saved.status, 200, "{path}: {}", saved.html);

        let stale = form.send(&console, &second, mine, false).await;
        assert_eq!(stale.status, 409, "{path}: {}", stale.html);
        let both = stale.text("#both-versions");
        assert!(both.contains(theirs) && both.contains(mine), "{path}: {both}");
        assert!(!stale.has("[name=keep_mine][checked]"), "{path}: nobody has said anything yet");
        let again = form.send(&console, &stale, mine, false).await;
        assert_eq!(again.status, 409, "{path}: sending again is no deliberate act");
        assert_eq!(form.stands(&console).await, theirs, "{path}");

        // What is replaced is the version that was shown, and no later one.
        let newest = console.get(&path).await;
        assert_eq!(form.send(&console, &newest, last, false).await.status, 200, "{path}");
        let late = form.send(&console, &again, mine, true).await;
        assert_eq!(late.status, 409, "{path}");
        assert!(late.text("#both-versions").contains(last), "{path}");
        assert_eq!(form.stands(&console).await, last, "{path}");
        let kept = form.send(&console, &late, mine, true).await;
        assert_eq!(kept.status, 200, "{path}: {}", kept.html);
        assert_eq!(form.stands(&console).await, mine, "{path}");
    }
}

#[tokio::test]
async fn a_wrong_field_on_the_way_does_not_make_a_stale_form_fresh() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let path = one_of(&console, "clients").await + "/settings";
    let (first, second) = (console.get(&path).await, console.get(&path).await);
    assert_eq!(console.submit(&first, "settings", &[("name", "Theirs")]).await.status, 200);
    let wrong = console.submit(&second, "settings", &[("name", "Mine"), ("access_lifetime", "soon")]).await;
    assert_eq!(wrong.status, 422, "{}", wrong.html);
    let stale = console.submit(&wrong, "settings", &[("access_lifetime", "")]).await;
    assert_eq!(stale.status, 409, "{}", stale.html);
    assert!(stale.text("form#settings").contains("Keep mine and overwrite what stands now: Name"), "{}", stale.text("form#settings"));
}
