//! The console as its people use it: signed in by the real flow, pages asked for, forms submitted by their ids.

use gantry_core::actor::Actor;
use gantry_core::clock::Clock as _;
use gantry_core::email_address::EmailAddress;
use gantry_core::secret::Secret;
use gantry_core::tenant::TenantRole;
use gantry_identity::bootstrap::AdminProof;
use gantry_identity::members::{self, MemberSettings};

use super::{Browser, Gantry, Page, Person};

impl Person {
    /// Operates the deployment, see [`Gantry::operator`].
    pub const OPERATOR: Self = Self { email: "operator@example.com", password: "the operator has quite a long one" };
    /// Administers the sample realm.
    pub const ADMIN: Self = Self { email: "admin@example.com", password: "the admin has one as well" };
}

/// Somebody's browser in the console.
pub struct Console<'g> {
    gantry: &'g Gantry,
    /// The browser.
    pub browser: Browser,
}

impl<'g> Console<'g> {
    /// A browser that nobody has signed in with.
    pub fn new(gantry: &'g Gantry) -> Self {
        Self { gantry, browser: Browser::new() }
    }

    /// The same with a browser that has been elsewhere.
    pub const fn with(gantry: &'g Gantry, browser: Browser) -> Self {
        Self { gantry, browser }
    }

    /// Signs somebody in who belongs to this realm, starting at a page of the console.
    pub async fn sign_in(gantry: &'g Gantry, realm: &str, person: Person) -> (Self, Page) {
        let console = Self::new(gantry);
        let page = console.begin(realm, "").await;
        let page = person.sign_in(&console.browser, &page).await;
        (console, page)
    }

    /// Goes to a realm's sign-in page from the console's, to come back to that path.
    pub async fn begin(&self, realm: &str, back: &str) -> Page {
        let form = [("realm".to_owned(), realm.to_owned()), ("return".to_owned(), back.to_owned())];
        let url = self.gantry.url("/console/sign-in").parse().unwrap();
        self.browser.post(&url, &form, &[("sec-fetch-site", "same-origin"), ("origin", "null")]).await
    }

    /// A page.
    pub async fn get(&self, path: &str) -> Page {
        self.browser.open(self.gantry.url(path)).await
    }

    /// What the server itself answers, wherever that leads.
    pub async fn open_once(&self, path: &str) -> Page {
        self.browser.open_once(self.gantry.url(path)).await
    }

    /// What the server itself answers to a form with the token that belongs in it, wherever that leads.
    pub async fn post_once(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let token = self.get("/console/places").await.attribute("[name=csrf]", "value").unwrap_or_default();
        let mut body = vec![("csrf".to_owned(), token)];
        body.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        self.browser.post_once(&self.gantry.url(path).parse().unwrap(), &body).await
    }

    /// A page that is there, in German as well.
    pub async fn page(&self, path: &str) -> Page {
        let german = self.browser.open_in(&self.gantry.url(path), "de").await;
        assert_eq!(german.status, 200, "{path} in German: {}", german.html);
        assert!(german.html.contains("lang=\"de\""), "{path}: {}", german.html);
        let page = self.get(path).await;
        assert_eq!((page.status, page.url.path()), (200, path.split('?').next().unwrap()), "{}", page.html);
        assert_eq!(page.headers.get("cache-control").map(|value| value.to_str().unwrap()), Some("no-store"), "{path}");
        page
    }

    /// Submits the form with this id after filling in fields.
    pub async fn submit(&self, page: &Page, form: &str, fields: &[(&str, &str)]) -> Page {
        self.browser.submit_form(page, form, fields).await
    }
}

impl Gantry {
    /// Somebody of the sample realm with this address whom nobody knows yet.
    pub async fn newcomer(&self, email: &'static str) -> Person {
        let person = Person { email, password: "a newcomer has a long one too" };
        self.apply(&format!("realm: {{ slug: default }}\nusers:\n  - {{ email: {email}, password: {} }}\n", person.password)).await;
        person
    }

    /// An operator, signed in to the console.
    pub async fn operator(&self) -> Console<'_> {
        self.make_operator().await;
        let (console, page) = Console::sign_in(self, "system", Person::OPERATOR).await;
        assert_eq!((page.status, page.url.path()), (200, "/console/realms"), "{}", page.html);
        console
    }

    /// Makes the operator.
    pub async fn make_operator(&self) {
        let system = self.store.platform().realm_by_slug("system").await.unwrap().unwrap();
        let (email, password) = (EmailAddress::parse(Person::OPERATOR.email).unwrap(), Secret::new(Person::OPERATOR.password));
        self.identity().create_admin(&system, &email, AdminProof::Password(&password)).await.unwrap();
    }

    /// An admin of the sample realm, signed in to the console.
    pub async fn realm_admin(&self) -> Console<'_> {
        let (console, page) = Console::sign_in(self, "default", Person::ADMIN).await;
        assert_eq!((page.status, page.url.path()), (200, "/console/realms/default"), "{}", page.html);
        console
    }

    /// An admin of a tenant that is made for it, signed in to the console.
    pub async fn tenant_admin(&self, person: Person, org_id: &str) -> Console<'_> {
        self.make_tenant_admin(person, org_id).await;
        let (console, page) = Console::sign_in(self, "default", person).await;
        assert_eq!((page.status, page.url.path()), (200, format!("/console/realms/default/tenants/{org_id}").as_str()), "{}", page.html);
        console
    }

    /// Makes a tenant that this person administers.
    pub async fn make_tenant_admin(&self, person: Person, org_id: &str) {
        let (tenant, user, now) = (self.tenant(org_id).await, self.user(person).await, self.clock.now());
        let work = async |tx: &gantry_store::RealmTx| {
            members::put(tx, Actor::CommandLine, tenant, user.id, MemberSettings::with(TenantRole::TenantAdmin), now).await
        };
        self.store.transact(user.realm_id, work).await.unwrap();
    }
}
