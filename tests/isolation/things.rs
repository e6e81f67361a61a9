//! Realms of their own names, one of everything that such a realm gives out, and for each of these
//! an unknown thing of the same shape.

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gantry_core::actor::Actor;
use gantry_core::audit::Origin;
use gantry_core::email_address::EmailAddress;
use gantry_core::id::{AuthorizationRequestId, ClientId, IdentityId, PendingLinkId, PersonalTokenId, SessionId, TenantId};
use gantry_core::invitation::InvitedRole;
use gantry_core::scope_set::ScopeSet;
use gantry_core::secret::{SecretKind, random_bytes};
use gantry_identity::invitations::{self, NewInvitation};
use gantry_oauth::app_keys::{self, AppKeySettings};
use gantry_oauth::personal_tokens::{MadeMail, NewPersonalToken, PersonalTokens};
use gantry_web::{PATH_FAMILIES, paths};

use super::federation::{self, add_connection, connection_of};
use super::request::Request;
use crate::support::gantry::REALM_FILE;
use crate::support::{App, Browser, ClientAuth, Gantry, Page, Person};

/// What a request can carry, by name.
#[derive(Debug, Clone)]
pub(super) struct Things(BTreeMap<&'static str, String>);

impl Things {
    /// One of them.
    #[track_caller]
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.get(name).unwrap_or_else(|| panic!("no thing is called {name}"))
    }

    /// Names and values, the longest value first.
    pub(super) fn by_length(&self) -> Vec<(&'static str, &str)> {
        let mut all: Vec<_> = self.0.iter().map(|(name, value)| (*name, value.as_str())).collect();
        all.sort_by_key(|(_, value)| std::cmp::Reverse(value.len()));
        all
    }

    /// Things of the same shapes that nobody ever gave out.
    pub(super) fn unknown(&self) -> Self {
        let random = |value: &str| -> String {
            let mut text = String::new();
            while text.len() < value.len() {
                text.push_str(&URL_SAFE_NO_PAD.encode(random_bytes::<32>()));
            }
            text.truncate(value.len());
            text
        };
        let secret = |kind: SecretKind| kind.generate().expose().to_owned();
        let made = |(name, value): (&&'static str, &String)| {
            let value = match *name {
                "code" => secret(SecretKind::AuthorizationCode),
                "refresh_token" => secret(SecretKind::RefreshToken),
                "opaque_token" => secret(SecretKind::AccessToken),
                "app_key" => secret(SecretKind::AppKey),
                "personal_token" => secret(SecretKind::PersonalToken),
                "browser" | "flow_browser" => secret(SecretKind::Browser),
                "session" => secret(SecretKind::Session),
                "verify_token" | "reset_token" | "invitation_token" | "proof_token" | "merge_token" => secret(SecretKind::ActionLink),
                // The same words under a signature that nobody made.
                "access_token" | "id_token" | "assertion" => {
                    let (said, signature) = value.rsplit_once('.').unwrap();
                    format!("{said}.{}", random(signature))
                }
                "request_uri" => {
                    let (prefix, reference) = value.rsplit_once(':').unwrap();
                    format!("{prefix}:{}", random(reference))
                }
                "request" => AuthorizationRequestId::new().to_string(),
                "session_id" => SessionId::new().to_string(),
                "app_id" => ClientId::new().to_string(),
                "token_id" => PersonalTokenId::new().to_string(),
                "upstream_state" => secret(SecretKind::UpstreamState),
                "pending_link" => PendingLinkId::new().to_string(),
                "identity_id" => IdentityId::new().to_string(),
                "tenant_id" => TenantId::new().to_string(),
                "redirect_uri" => "https://nowhere.test/callback".to_owned(),
                "post_logout_redirect_uri" => "https://nowhere.test/bye".to_owned(),
                "audience" => "https://api.nowhere.test".to_owned(),
                "scope" => "nowhere:read".to_owned(),
                "email" => "nobody@nowhere.example".to_owned(),
                "org_id" => "org_nowhere".to_owned(),
                _ => random(value),
            };
            (*name, value)
        };
        Self(self.0.iter().map(made).collect())
    }
}

/// A realm whose names are all its own.
pub(super) struct Realm<'g> {
    pub(super) gantry: &'g Gantry,
    pub(super) slug: &'static str,
    /// Its base, and issuer.
    pub(super) base: String,
}

impl<'g> Realm<'g> {
    /// Adds the realm, with endpoints of this profile.
    pub(super) async fn add(gantry: &'g Gantry, slug: &'static str, profile: &str) -> Self {
        let file = REALM_FILE
            .replace("slug: default", &format!("slug: {slug}\n  endpoints: {{ profile: {profile} }}\n  tokens: {{ code_lifetime: 600 }}"))
            .replace("orders:", &format!("{slug}-orders:"))
            .replace("client_id: ", &format!("client_id: {slug}-"))
            .replace(".example.test", &format!(".{slug}.test"))
            .replace("@example.com", &format!("@{slug}.example"))
            .replace("org_acme", &format!("org_{slug}"))
            .replace("that-the-sample-realm-brings-along", &format!("that-the-realm-{slug}-brings-along"))
            .replace("correct horse battery staple", &format!("correct horse battery staple of {slug}"));
        gantry.apply(&file).await;
        add_connection(gantry, slug).await;
        let base = if slug == "default" { gantry.base.clone() } else { gantry.url(&format!("/realms/{slug}")) };
        Self { gantry, slug, base }
    }

    /// An app of the realm.
    pub(super) fn app(&self, client_id: &str) -> App<'g> {
        let mut app = self.gantry.client(client_id).at(&self.base, &PATH_FAMILIES.oauth);
        app.client_id = format!("{}-{client_id}", self.slug);
        app.redirect_uri = format!("https://{client_id}.{}.test/callback", self.slug);
        if let ClientAuth::Basic(_) = app.auth {
            app.auth = ClientAuth::Basic(self.client_secret());
        }
        app
    }

    /// The secret of its confidential clients.
    pub(super) fn client_secret(&self) -> String {
        format!("a-secret-that-the-realm-{}-brings-along", self.slug)
    }

    /// The person whose things these are.
    pub(super) fn person(&self) -> Person {
        self.named("alice", format!("correct horse battery staple of {}", self.slug))
    }

    /// Somebody else.
    pub(super) fn stranger(&self) -> Person {
        self.named("bob", "another long enough password".to_owned())
    }

    fn named(&self, name: &str, password: String) -> Person {
        let leak = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
        Person { email: leak(format!("{name}@{}.example", self.slug)), password: leak(password) }
    }

    /// A cookie's name.
    pub(super) fn cookie(&self, kind: &str) -> String {
        format!("__Host-gantry-{}-{kind}", self.slug)
    }

    /// The names of all its cookies.
    pub(super) fn cookies(&self) -> [String; 3] {
        ["browser", "session", "devices"].map(|kind| self.cookie(kind))
    }

    fn cookie_of(&self, browser: &Browser, kind: &str) -> String {
        let host = reqwest::Url::parse(&self.base).unwrap();
        browser
            .cookie(host.host_str().unwrap(), &self.cookie(kind))
            .unwrap_or_else(|| panic!("no cookie {kind} in {:?}", browser.cookies()))
    }

    /// The absolute URL of a path below its base.
    pub(super) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// One of everything.
    pub(super) async fn things(&self) -> Things {
        let mut things = BTreeMap::from([
            ("client_id", self.app("ledger").client_id),
            ("client_secret", self.client_secret()),
            ("redirect_uri", self.app("ledger").redirect_uri),
            ("post_logout_redirect_uri", format!("https://ledger.{}.test/bye", self.slug)),
            ("audience", format!("https://api.{}.test", self.slug)),
            ("scope", format!("{}-orders:read", self.slug)),
            ("email", self.person().email.to_owned()),
            ("password", self.person().password.to_owned()),
            ("org_id", format!("org_{}", self.slug)),
        ]);
        self.issue_tokens(&mut things).await;
        let visitor = Browser::new();
        self.begin_flows(&visitor, &mut things).await;
        self.send_mails(&visitor, &mut things).await;
        things.insert("flow_browser", self.cookie_of(&visitor, "browser"));
        self.make_keys(&mut things).await;
        Things(things)
    }

    /// What a signed-in person's browser and apps hold.
    async fn issue_tokens(&self, things: &mut BTreeMap<&'static str, String>) {
        let (browser, person) = (Browser::new(), self.person());
        let asked = self.app("ledger").authorize();
        let scope = format!("openid offline_access {}", things["scope"]);
        let tokens = asked.clone().scope(&scope).set("resource", &things["audience"]).tokens(&browser, person).await;
        let opaque = asked.clone().scope("opaque:read").set("resource", &format!("https://opaque.{}.test", self.slug));
        things.insert("opaque_token", opaque.tokens(&browser, person).await.access_token());
        let code = self.app("ledger").authorize();
        things.insert("code", code.code(&browser, person).await);
        things.insert("verifier", code.verifier);
        things.insert("access_token", tokens.access_token());
        things.insert("refresh_token", tokens.refresh_token());
        things.insert("id_token", tokens.text("id_token"));
        for kind in ["browser", "session", "devices"] {
            things.insert(kind, self.cookie_of(&browser, kind));
        }
        let account = Browser::new();
        person.sign_in(&account, &account.open(self.url("/account")).await).await;
        let page = browser.open(self.url("/account")).await;
        let pushed = self.app("ledger").authorize();
        let parameters: Vec<(&str, &str)> = pushed.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        things.insert("request_uri", self.app("ledger").post(paths::PAR, &parameters).await.text("request_uri"));
        things.insert("session_csrf", page.attribute("[name=csrf]", "value").unwrap());
        things.insert("session_id", page.attribute("[name=session]", "value").expect("another session"));
        things.insert("app_id", page.attribute("[name=app]", "value").expect("an app"));
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("id_token_hint", &things["id_token"]), ("post_logout_redirect_uri", &things["post_logout_redirect_uri"])])
            .finish();
        let shown = Request::get("", format!("/oauth/logout?{query}")).cookies(&browser.cookies()).header("sec-fetch-dest", "image");
        let shown = shown.send(self.gantry, &self.base).await;
        let marked = shown.body.split("name=\"request\" value=\"").nth(1).expect("the page that asks");
        things.insert("logout_request", marked.split('"').next().unwrap().to_owned());
    }

    /// What the pages of a flow hold before and after its first act.
    async fn begin_flows(&self, browser: &Browser, things: &mut BTreeMap<&'static str, String>) {
        let value = |page: &Page, name: &str| page.attribute(&format!("[name={name}]"), "value").unwrap();
        let page = self.app("ledger").authorize().open(browser).await;
        things.insert("sealed", value(&page, "request"));
        things.insert("csrf", value(&page, "csrf"));
        let page = browser.submit(&page, "login-submit", &[("username", self.person().email)]).await;
        things.insert("request", value(&page, "request"));
    }

    async fn send_mails(&self, browser: &Browser, things: &mut BTreeMap<&'static str, String>) {
        let new = format!("new@{}.example", self.slug);
        let page = browser.open(self.url("/sign-up")).await;
        let fields = [("name", "New"), ("username", new.as_str()), ("password", "a fine and long phrase")];
        let page = browser.submit(&page, "login-submit", &fields).await;
        things.insert("sent", page.url.query().unwrap().strip_prefix("sent=").unwrap().to_owned());
        let page = browser.open(self.url("/reset")).await;
        browser.submit(&page, "reset-submit", &[("username", self.person().email)]).await;
        let token = |link: String| link.split_once("token=").unwrap().1.to_owned();
        things.insert("verify_token", token(self.gantry.mail(&new, 1).await.link("/verify-email?token=")));
        things.insert("reset_token", token(self.gantry.mail(self.person().email, 1).await.link("/reset/password?token=")));
        let invited = format!("invited@{}.example", self.slug);
        self.invite(&invited).await;
        things.insert("invitation_token", token(self.gantry.mail(&invited, 1).await.link("/invitation?token=")));
    }

    async fn invite(&self, address: &str) {
        let (store, now) = (&self.gantry.store, gantry_core::clock::Clock::now(&*self.gantry.clock));
        let realm = store.snapshots().realm_by_slug(self.slug).await.unwrap().unwrap().realm.id;
        let new = NewInvitation {
            tenant: None,
            email: EmailAddress::parse(address).unwrap(),
            role: InvitedRole::RealmAdmin,
            locale: "en".to_owned(),
        };
        let link_to = self.url("/invitation?token=");
        let work = async |tx: &gantry_store::RealmTx| invitations::invite(tx, Actor::CommandLine, new.clone(), &link_to, now).await;
        store.transact(realm, work).await.unwrap();
    }

    async fn make_keys(&self, things: &mut BTreeMap<&'static str, String>) {
        let (store, now) = (&self.gantry.store, gantry_core::clock::Clock::now(&*self.gantry.clock));
        let snapshot = store.snapshots().realm_by_slug(self.slug).await.unwrap().unwrap();
        let (realm, scopes) = (snapshot.realm.id, ScopeSet::from_names([things["scope"].as_str()]));
        let worker = store.read(realm).clients().find_by_client_id(&self.app("worker").client_id).await.unwrap().unwrap();
        let settings = AppKeySettings { name: "Key".to_owned(), scopes: scopes.clone(), expires_at: None };
        let work = async |tx: &gantry_store::RealmTx| app_keys::make(tx, Actor::CommandLine, worker.id, settings.clone(), now).await;
        let (_, key) = store.transact(realm, work).await.unwrap();
        things.insert("app_key", key.expose().to_owned());

        let email = EmailAddress::parse(self.person().email).unwrap();
        let user = store.read(realm).users().find_by_email(&email).await.unwrap().unwrap();
        let session = store.read(realm).sessions().list_live(user.id, now).await.unwrap().remove(0);
        let new = NewPersonalToken { name: "Token".to_owned(), scopes, days: 30, tenant: None };
        let tokens = PersonalTokens::new(store.clone(), std::sync::Arc::clone(&self.gantry.clock) as _);
        let mail = MadeMail { locale: "en", tokens: "https://id.example.test/account/tokens" };
        let (kept, token) = tokens.make(&snapshot, &session, new, mail, &Origin::default()).await.unwrap().unwrap();
        things.insert("personal_token", token.expose().to_owned());
        things.insert("token_id", kept.id.to_string());
        federation::add(store, &snapshot.realm, &user, things, now).await;
        let tenant = store.read(realm).tenants().find_by_org_id(&things["org_id"]).await.unwrap().unwrap();
        things.insert("tenant_id", tenant.id.to_string());
        let signer = self.app("signer").client_id;
        things.insert("assertion", self.gantry.assertion(&signer, &self.base, Duration::from_mins(4)));
    }
}

/// What a careful attacker has at the realm where the things are presented: a browser of their own
/// with and without a session, and apps of their own.
pub(super) struct Stand {
    /// Names of the realm's cookies: browser, session, devices.
    pub(super) cookie_names: [String; 3],
    pub(super) signed_in: Vec<(String, String)>,
    pub(super) csrf: String,
    pub(super) visitor: Vec<(String, String)>,
    pub(super) visitor_csrf: String,
    pub(super) client_id: String,
    pub(super) client_secret: String,
    pub(super) redirect_uri: String,
    pub(super) api: String,
    pub(super) signer: String,
    pub(super) email: String,
    /// The request of a flow that waits in the visitor's browser.
    pub(super) request: String,
    pub(super) access_token: String,
    /// A connection of the realm.
    pub(super) connection: String,
}

impl Stand {
    /// Takes up the stand.
    pub(super) async fn at(realm: &Realm<'_>) -> Self {
        let (browser, visitor, person) = (Browser::new(), Browser::new(), realm.stranger());
        let ledger = realm.app("ledger");
        let asked = ledger.authorize().set("resource", &format!("https://api.{}.test", realm.slug));
        let tokens = asked.scope(&format!("openid {}-orders:read", realm.slug)).tokens(&browser, person).await;
        let account = browser.open(realm.url("/account")).await;
        let page = ledger.authorize().open(&visitor).await;
        let page = visitor.submit(&page, "login-submit", &[("username", person.email)]).await;
        let value = |page: &Page, name: &str| page.attribute(&format!("[name={name}]"), "value").unwrap();
        Self {
            cookie_names: realm.cookies(),
            signed_in: browser.cookies(),
            csrf: value(&account, "csrf"),
            visitor: visitor.cookies(),
            visitor_csrf: value(&page, "csrf"),
            client_id: ledger.client_id,
            client_secret: realm.client_secret(),
            redirect_uri: ledger.redirect_uri,
            api: realm.app("orders-api").client_id,
            signer: realm.app("signer").client_id,
            email: person.email.to_owned(),
            request: value(&page, "request"),
            access_token: tokens.access_token(),
            connection: connection_of(realm.slug),
        }
    }
}
