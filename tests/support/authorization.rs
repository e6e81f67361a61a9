//! One authorization request of an app, from its URL to its tokens.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gantry_core::secret::{Digest, random_bytes};

use super::{Answer, App, Browser, Page, Person};

/// A request with everything a careful app sends; tests change what they are about.
#[derive(Clone)]
pub struct Authorization<'g> {
    /// The app that asks.
    pub app: App<'g>,
    /// Its parameters.
    pub parameters: BTreeMap<String, String>,
    /// What the challenge was made of.
    pub verifier: String,
}

impl<'g> Authorization<'g> {
    pub(super) fn new(app: App<'g>) -> Self {
        let verifier = random_text();
        let challenge = URL_SAFE_NO_PAD.encode(Digest::of(verifier.as_bytes()).as_bytes());
        let parameters = [
            ("response_type", "code"),
            ("client_id", &app.client_id),
            ("redirect_uri", &app.redirect_uri),
            ("scope", "openid profile email"),
            ("state", &random_text()),
            ("nonce", &random_text()),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        let parameters = parameters.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Self { app, parameters, verifier }
    }

    /// With this parameter.
    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.parameters.insert(name.to_owned(), value.to_owned());
        self
    }

    /// With this scope.
    pub fn scope(self, scope: &str) -> Self {
        self.set("scope", scope)
    }

    /// Without this parameter.
    pub fn without(mut self, name: &str) -> Self {
        self.parameters.remove(name);
        self
    }

    /// Without PKCE, as older guides have it.
    pub fn without_pkce(self) -> Self {
        self.without("code_challenge").without("code_challenge_method")
    }

    /// A parameter's value.
    pub fn get(&self, name: &str) -> &str {
        &self.parameters[name]
    }

    /// The query of the request.
    pub fn query(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.parameters).finish()
    }

    /// Where the app sends the browser.
    pub fn url(&self) -> String {
        format!("{}{}?{}", self.app.base, self.app.paths.authorization, self.query())
    }

    /// Opens it in a browser and goes as far as it goes by itself.
    pub async fn open(&self, browser: &Browser) -> Page {
        browser.open(self.url()).await
    }

    /// Walks it to its end: signs in where asked, allows where asked.
    pub async fn walk(&self, browser: &Browser, person: Person) -> Page {
        let mut page = self.open(browser).await;
        if page.has("[name=username]") || page.has("[name=password]") {
            page = person.sign_in(browser, &page).await;
        }
        if page.has("#consent-allow") {
            page = browser.submit(&page, "consent-allow", &[]).await;
        }
        page
    }

    /// Walks it to a code.
    pub async fn code(&self, browser: &Browser, person: Person) -> String {
        self.walk(browser, person).await.code()
    }

    /// Redeems a code as this request's app, with its verifier if it sent a challenge.
    pub async fn redeem(&self, code: &str) -> Answer {
        self.try_redeem(code).await.expect("an answer")
    }

    /// The same, where the server may be killed before it answers.
    pub async fn try_redeem(&self, code: &str) -> Option<Answer> {
        let mut parameters = vec![("grant_type", "authorization_code"), ("code", code), ("redirect_uri", self.get("redirect_uri"))];
        if self.parameters.contains_key("code_challenge") {
            parameters.push(("code_verifier", &self.verifier));
        }
        self.app.try_post(self.app.paths.token, &parameters).await
    }

    /// Walks it to tokens.
    pub async fn tokens(&self, browser: &Browser, person: Person) -> Answer {
        let code = self.code(browser, person).await;
        self.redeem(&code).await.ok()
    }
}

/// 43 characters that nobody can guess.
pub fn random_text() -> String {
    URL_SAFE_NO_PAD.encode(random_bytes::<32>())
}
