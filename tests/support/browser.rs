//! A browser: keeps cookies, follows redirects within Gantry, reads pages and submits their forms
//! as a person without JavaScript would. Stops where it would leave for the app.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Mutex;

use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Url};
use scraper::{ElementRef, Html, Selector};

/// A browser with a cookie jar of its own. Cookies ignore ports and are kept by host.
pub struct Browser {
    http: reqwest::Client,
    jar: Mutex<BTreeMap<(String, String), String>>,
    extra: HeaderMap,
}

/// Where the browser stands after a step.
#[derive(Debug, Clone)]
pub struct Page {
    /// The address of the page.
    pub url: Url,
    /// Its status.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its text.
    pub html: String,
    /// The address of another site that the browser was sent to, if so; nothing was fetched there.
    pub left: Option<Url>,
}

impl Browser {
    /// A browser that nobody has used.
    pub fn new() -> Self {
        Self::from(IpAddr::from([127, 0, 0, 1]))
    }

    /// One on another machine, as far as addresses tell: any of this machine's own will do.
    pub fn from(address: IpAddr) -> Self {
        let http =
            reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().local_address(address).build().unwrap();
        let mut extra = HeaderMap::new();
        extra
            .insert(header::USER_AGENT, HeaderValue::from_static("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"));
        extra.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static("en"));
        Self { http, jar: Mutex::default(), extra }
    }

    /// Sends one more header with everything.
    pub fn with_header(mut self, name: &'static str, value: &str) -> Self {
        self.extra.insert(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        self
    }

    /// Opens an address, as typed or by a link from another site.
    pub async fn open(&self, url: impl AsRef<str>) -> Page {
        let url = Url::parse(url.as_ref()).unwrap();
        self.walk(Method::GET, url, None, &[]).await
    }

    /// Follows no redirect: what the server itself answers.
    pub async fn open_once(&self, url: impl AsRef<str>) -> Page {
        self.step(&Method::GET, &Url::parse(url.as_ref()).unwrap(), None, &[]).await
    }

    /// Submits the form that has this button (by id, or by name) after filling in fields.
    pub async fn submit(&self, page: &Page, button: &str, fields: &[(&str, &str)]) -> Page {
        let form = page.form(button);
        let mut body = form.fields;
        for (name, value) in fields {
            body.retain(|(known, _)| known != name);
            body.push(((*name).to_owned(), (*value).to_owned()));
        }
        self.post(&form.action, &body, &[("sec-fetch-site", "same-origin"), ("origin", "null")]).await
    }

    /// Opens an address in another language.
    pub async fn open_in(&self, url: &str, language: &str) -> Page {
        let other = Self { http: self.http.clone(), jar: Mutex::new(self.jar.lock().unwrap().clone()), extra: self.extra.clone() };
        other.with_header("accept-language", language).open(url).await
    }

    /// Submits the form with this id after filling in fields. A field that is named several times has several values.
    pub async fn submit_form(&self, page: &Page, id: &str, fields: &[(&str, &str)]) -> Page {
        let Form { action, fields: mut body } = page.form_with_id(id);
        body.retain(|(known, _)| !fields.iter().any(|(name, _)| name == known));
        body.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        self.post(&action, &body, &[("sec-fetch-site", "same-origin"), ("origin", "null")]).await
    }

    /// Posts a form that need not be on any page.
    pub async fn post(&self, url: &Url, body: &[(String, String)], headers: &[(&'static str, &str)]) -> Page {
        self.walk(Method::POST, url.clone(), Some(encode(body)), headers).await
    }

    /// Posts a form of our own and follows no redirect.
    pub async fn post_once(&self, url: &Url, body: &[(String, String)]) -> Page {
        self.step(&Method::POST, url, Some(encode(body)), &[("sec-fetch-site", "same-origin"), ("origin", "null")]).await
    }

    /// A cookie's value, for tests that look at or steal it.
    pub fn cookie(&self, host: &str, name: &str) -> Option<String> {
        self.jar.lock().unwrap().get(&(host.to_owned(), name.to_owned())).cloned()
    }

    /// All cookies: name and value.
    pub fn cookies(&self) -> Vec<(String, String)> {
        self.jar.lock().unwrap().iter().map(|((_, name), value)| (name.clone(), value.clone())).collect()
    }

    /// Plants a cookie, as an attacker would.
    pub fn plant(&self, host: &str, name: &str, value: &str) {
        self.jar.lock().unwrap().insert((host.to_owned(), name.to_owned()), value.to_owned());
    }

    /// Closes the browser and opens it again: cookies without a lifetime are gone. Here: all whose name ends so.
    pub fn forget(&self, suffix: &str) {
        self.jar.lock().unwrap().retain(|(_, name), _| !name.ends_with(suffix));
    }

    async fn walk(&self, method: Method, url: Url, body: Option<String>, headers: &[(&'static str, &str)]) -> Page {
        let mut page = self.step(&method, &url, body, headers).await;
        for _ in 0..12 {
            let Some(location) = page.headers.get(header::LOCATION) else { return page };
            assert_eq!(page.status, 303, "redirects are 303, never another ({})", page.url);
            let target = page.url.join(location.to_str().unwrap()).unwrap();
            if target.origin() != url.origin() {
                page.left = Some(target);
                return page;
            }
            page = self.step(&Method::GET, &target, None, &[]).await;
        }
        panic!("redirects in a circle at {}", page.url);
    }

    async fn step(&self, method: &Method, url: &Url, body: Option<String>, headers: &[(&'static str, &str)]) -> Page {
        let host = url.host_str().unwrap().to_owned();
        let mut request = self.http.request(method.clone(), url.clone()).headers(self.extra.clone());
        let cookies: Vec<String> = self
            .jar
            .lock()
            .unwrap()
            .iter()
            .filter(|((at, _), _)| *at == host)
            .map(|((_, name), value)| format!("{name}={value}"))
            .collect();
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(body);
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        self.keep(&host, &headers);
        Page { url: url.clone(), status, headers, html: response.text().await.unwrap(), left: None }
    }

    fn keep(&self, host: &str, headers: &HeaderMap) {
        let mut jar = self.jar.lock().unwrap();
        for line in headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().unwrap();
            let (name, rest) = line.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            let key = (host.to_owned(), name.to_owned());
            if line.contains("Max-Age=0") {
                jar.remove(&key);
            } else {
                jar.insert(key, value.to_owned());
            }
        }
    }
}

/// A form as it stands on a page.
pub struct Form {
    /// Where it goes.
    pub action: Url,
    /// What it sends unless something is filled in.
    pub fields: Vec<(String, String)>,
}

impl Page {
    /// Whether the page has something that matches the CSS selector.
    pub fn has(&self, selector: &str) -> bool {
        Html::parse_document(&self.html).select(&Selector::parse(selector).unwrap()).next().is_some()
    }

    /// The text of what matches first, white space folded.
    pub fn text(&self, selector: &str) -> String {
        let document = Html::parse_document(&self.html);
        let found = document.select(&Selector::parse(selector).unwrap()).next();
        let element = found.unwrap_or_else(|| panic!("no `{selector}` at {} ({}):\n{}", self.url, self.status, self.html));
        element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// An attribute of what matches first.
    pub fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        let document = Html::parse_document(&self.html);
        document.select(&Selector::parse(selector).unwrap()).next()?.value().attr(name).map(str::to_owned)
    }

    /// The form that has this button (by id, or by name), with the button's own value.
    pub fn form(&self, button: &str) -> Form {
        let document = Html::parse_document(&self.html);
        let wanted = Selector::parse(&format!("#{button}, button[name=\"{button}\"]")).unwrap();
        let found = document.select(&wanted).next();
        let button = found.unwrap_or_else(|| panic!("no button `{button}` at {} ({}):\n{}", self.url, self.status, self.html));
        self.form_of(button)
    }

    /// The form that goes to a path that ends so.
    pub fn form_to(&self, path: &str) -> Form {
        let document = Html::parse_document(&self.html);
        let wanted =
            Selector::parse(&format!("button[formaction$=\"{path}\"], form[action$=\"{path}\"] button:not([formaction])")).unwrap();
        let found = document.select(&wanted).next();
        let button = found.unwrap_or_else(|| panic!("no form to `{path}` at {} ({}):\n{}", self.url, self.status, self.html));
        self.form_of(button)
    }

    /// All forms that go to a path that ends so, in their order on the page.
    pub fn forms_to(&self, path: &str) -> Vec<Form> {
        let document = Html::parse_document(&self.html);
        let wanted = Selector::parse(&format!("form[action$=\"{path}\"] button:not([formaction])")).unwrap();
        document.select(&wanted).map(|button| self.form_of(button)).collect()
    }

    /// The form with this id, with its first button's value.
    pub fn form_with_id(&self, id: &str) -> Form {
        let document = Html::parse_document(&self.html);
        let wanted = Selector::parse(&format!("form[id=\"{id}\"] button[type=submit]")).unwrap();
        let found = document.select(&wanted).next();
        let button = found.unwrap_or_else(|| panic!("no form `{id}` at {} ({}):\n{}", self.url, self.status, self.html));
        self.form_of(button)
    }

    fn form_of(&self, button: ElementRef<'_>) -> Form {
        let form = button
            .ancestors()
            .filter_map(ElementRef::wrap)
            .find(|element| element.value().name() == "form")
            .expect("a form around the button");
        let mut fields = Vec::new();
        for input in form.select(&Selector::parse("input, textarea, select").unwrap()) {
            let Some(name) = input.value().attr("name") else { continue };
            let kind = input.value().attr("type").unwrap_or("text");
            if matches!(kind, "checkbox" | "radio") && input.value().attr("checked").is_none() {
                continue;
            }
            fields.push((name.to_owned(), value_of(input)));
        }
        if let Some(name) = button.value().attr("name") {
            fields.push((name.to_owned(), button.value().attr("value").unwrap_or_default().to_owned()));
        }
        let action = button.value().attr("formaction").or(form.value().attr("action")).unwrap_or_default();
        Form { action: self.url.join(action).unwrap(), fields }
    }

    /// The parameters with which the browser left for the app.
    #[track_caller]
    pub fn answer(&self) -> BTreeMap<String, String> {
        let left = self.left.as_ref().unwrap_or_else(|| panic!("still at {} ({}):\n{}", self.url, self.status, self.html));
        left.query_pairs().into_owned().collect()
    }

    /// The code of the answer.
    #[track_caller]
    pub fn code(&self) -> String {
        let answer = self.answer();
        answer.get("code").unwrap_or_else(|| panic!("no code in {answer:?}")).clone()
    }

    /// The error of the answer.
    #[track_caller]
    pub fn error(&self) -> String {
        let answer = self.answer();
        assert!(!answer.contains_key("code"), "a code beside the error");
        answer.get("error").unwrap_or_else(|| panic!("no error in {answer:?}")).clone()
    }

    /// Holds that this is our error page, without a redirect and without anything minted (PAGE400 of the attack catalogue).
    #[track_caller]
    pub fn is_error_page(&self, status: u16) {
        assert_eq!(self.status, status, "{}", self.html);
        assert!(self.left.is_none() && !self.headers.contains_key(header::LOCATION));
        assert!(self.has("#error-page"), "{}", self.html);
    }
}

/// What a field sends unless something is filled in.
fn value_of(input: ElementRef<'_>) -> String {
    let attribute = |element: ElementRef<'_>| element.value().attr("value").map(str::to_owned);
    match input.value().name() {
        "textarea" => input.text().collect(),
        "select" => {
            let options: Vec<ElementRef<'_>> = input.select(&Selector::parse("option").unwrap()).collect();
            let chosen = options.iter().find(|option| option.value().attr("selected").is_some()).or(options.first());
            chosen.map(|option| attribute(*option).unwrap_or_else(|| option.text().collect())).unwrap_or_default()
        }
        _ if input.value().attr("type") == Some("checkbox") => attribute(input).unwrap_or_else(|| "on".to_owned()),
        _ => attribute(input).unwrap_or_default(),
    }
}

fn encode(body: &[(String, String)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(body).finish()
}
