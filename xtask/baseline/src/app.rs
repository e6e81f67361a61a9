//! An app and its one person: signs in through the pages as a browser does, and redeems the codes.
//!
//! Owns the cookies of that browser. It runs no script, and knows of a page only its form.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use clap::Args;
use reqwest::header::{LOCATION, ORIGIN};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, Url};
use scraper::{Html, Selector};
use serde::Deserialize;

use crate::Failure;

/// PKCE protects nothing here; it is sent because every app should (RFC 9700 §2.1.1).
const VERIFIER: &str = "a-verifier-that-everybody-may-know-since-nobody-listens";

/// More pages than any sign-in has.
const MOST_STEPS: usize = 12;

/// The app and the person, as the realm file has them.
#[derive(Args, Clone)]
pub(crate) struct App {
    /// The realm's base.
    #[arg(long)]
    base: Url,
    /// The app's id.
    #[arg(long)]
    client_id: String,
    /// Its secret.
    #[arg(long)]
    client_secret: String,
    /// Where its codes go.
    #[arg(long)]
    redirect_uri: String,
    /// What it asks for.
    #[arg(long)]
    scope: String,
    /// The API that it asks for.
    #[arg(long)]
    resource: String,
    /// The person's address.
    #[arg(long)]
    email: String,
    /// The person's password.
    #[arg(long)]
    password: String,
}

/// What a redeemed code brings.
#[derive(Deserialize)]
pub(crate) struct Tokens {
    pub(crate) refresh_token: String,
}

/// What to do after an answer.
enum Next {
    Open(Url),
    Submit(Url, Vec<(String, String)>),
    Redeem(String),
}

impl App {
    /// A browser with no cookies yet; its clones share what they get, and keep a connection each.
    pub(crate) fn browser() -> Result<Client, Failure> {
        Ok(Client::builder().no_proxy().cookie_store(true).redirect(Policy::none()).build()?)
    }

    /// One whole flow: asks for a code, goes through whatever pages come, and redeems it.
    pub(crate) async fn flow(&self, browser: &Client) -> Result<Tokens, Failure> {
        let mut response = browser.get(self.authorize_url()?).send().await?;
        for _ in 0..MOST_STEPS {
            response = match self.next(response).await? {
                Next::Open(url) => browser.get(url).send().await?,
                Next::Submit(url, fields) => browser.post(url).header(ORIGIN, self.origin()).form(&fields).send().await?,
                Next::Redeem(code) => return self.redeem(browser, &code).await,
            };
        }
        Err("the sign-in never ends".into())
    }

    fn authorize_url(&self) -> Result<Url, Failure> {
        let challenge = BASE64URL.encode(digest(&SHA256, VERIFIER.as_bytes()));
        let mut url = self.base.join("/oauth/authorize")?;
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.client_id)
            .append_pair("redirect_uri", &self.redirect_uri)
            .append_pair("scope", &self.scope)
            .append_pair("resource", &self.resource)
            .append_pair("state", "bench")
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256");
        Ok(url)
    }

    fn origin(&self) -> String {
        self.base.origin().ascii_serialization()
    }

    async fn next(&self, response: Response) -> Result<Next, Failure> {
        let (status, here) = (response.status(), response.url().clone());
        if let Some(location) = response.headers().get(LOCATION) {
            let target = here.join(location.to_str()?)?;
            if !target.as_str().starts_with(&self.redirect_uri) {
                return Ok(Next::Open(target));
            }
            let code = target.query_pairs().find(|(name, _)| name == "code").map(|(_, code)| code.into_owned());
            return code.map(Next::Redeem).ok_or_else(|| format!("no code came back: {target}").into());
        }
        let page = response.text().await?;
        if !status.is_success() {
            return Err(format!("{here}: {status}: {page}").into());
        }
        self.fill(&here, &page)
    }

    /// The page's form with the person's answers in it.
    fn fill(&self, here: &Url, page: &str) -> Result<Next, Failure> {
        let document = Html::parse_document(page);
        let form = selector("form[method=post]")?;
        let field = selector("input[name], button[name]")?;
        let form = document.select(&form).next().ok_or_else(|| format!("{here} has no form"))?;
        let mut fields: Vec<(String, String)> = Vec::new();
        let mut pressed = false;
        for element in form.select(&field).map(|element| element.value()) {
            let (name, kind) = (element.attr("name").unwrap_or_default(), element.attr("type").unwrap_or("text"));
            let value = match (name, kind) {
                (_, "checkbox") => continue,
                (_, "submit") if pressed => continue,
                (_, "password") => &self.password,
                ("username", _) => &self.email,
                _ => element.attr("value").unwrap_or_default(),
            };
            pressed |= kind == "submit";
            fields.push((name.to_owned(), value.to_owned()));
        }
        Ok(Next::Submit(here.join(form.value().attr("action").unwrap_or_default())?, fields))
    }

    async fn redeem(&self, browser: &Client, code: &str) -> Result<Tokens, Failure> {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &self.redirect_uri),
            ("client_id", &self.client_id),
            ("client_secret", &self.client_secret),
            ("code_verifier", VERIFIER),
        ];
        let response = browser.post(self.token_url()?).form(&fields).send().await?;
        let status = response.status();
        if !status.is_success() {
            return Err(format!("the token endpoint answered {status}: {}", response.text().await?).into());
        }
        Ok(response.json().await?)
    }

    /// Uses a refresh token once; `None` if it is refused.
    pub(crate) async fn refresh(&self, http: &Client, token: &str) -> Result<Option<Tokens>, Failure> {
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", token),
            ("client_id", &self.client_id),
            ("client_secret", &self.client_secret),
        ];
        let response = http.post(self.token_url()?).form(&fields).send().await?;
        if response.status().is_success() { Ok(Some(response.json().await?)) } else { Ok(None) }
    }

    fn token_url(&self) -> Result<Url, Failure> {
        Ok(self.base.join("/oauth/token")?)
    }
}

fn selector(text: &str) -> Result<Selector, Failure> {
    Selector::parse(text).map_err(|error| error.to_string().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_filled_as_a_person_would() {
        let base = Url::parse("http://localhost:8080").unwrap();
        let app = App {
            base: base.clone(),
            client_id: String::new(),
            client_secret: String::new(),
            redirect_uri: String::new(),
            scope: String::new(),
            resource: String::new(),
            email: "p@x.example".to_owned(),
            password: "secret".to_owned(),
        };
        let page = r#"<form method="post" action="/sign-in/password"><input type="hidden" name="request" value="sealed">
            <input type="email" name="username"><input type="password" name="password">
            <input type="checkbox" name="remember" value="on">
            <button type="submit" name="account" value="continue">Go</button><button type="submit" name="account" value="another">No</button>
            </form>"#;
        let Next::Submit(url, fields) = app.fill(&base, page).unwrap() else { panic!("a form is submitted") };
        assert_eq!(url.as_str(), "http://localhost:8080/sign-in/password");
        let expected = [("request", "sealed"), ("username", "p@x.example"), ("password", "secret"), ("account", "continue")];
        assert_eq!(fields, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }
}
