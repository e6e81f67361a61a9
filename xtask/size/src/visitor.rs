//! The smallest browser: keeps cookies, follows redirects, submits the form that has a field or a button.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use reqwest::{Client, Method, Url, header};
use scraper::{ElementRef, Html, Selector};

use crate::Trouble;

/// A browser.
pub(crate) struct Visitor {
    http: Client,
    jar: BTreeMap<String, String>,
    bearer: Option<String>,
}

/// A page.
pub(crate) struct Page {
    pub(crate) url: Url,
    pub(crate) status: u16,
    pub(crate) text: String,
    /// From the request to the last byte.
    pub(crate) took: Duration,
}

impl Visitor {
    /// One that nobody has used.
    pub(crate) fn new() -> Result<Self, Trouble> {
        let http = Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build()?;
        Ok(Self { http, jar: BTreeMap::new(), bearer: None })
    }

    /// A program with a key.
    pub(crate) fn with_key(key: &str) -> Result<Self, Trouble> {
        Ok(Self { bearer: Some(key.to_owned()), ..Self::new()? })
    }

    /// Opens an address and goes wherever it leads.
    pub(crate) async fn open(&mut self, url: &str) -> Result<Page, Trouble> {
        self.walk(Method::GET, Url::parse(url)?, None).await
    }

    /// Submits the form of a page that has this field or button, with values filled in.
    pub(crate) async fn submit(&mut self, page: &Page, marker: &str, values: &[(&str, &str)]) -> Result<Page, Trouble> {
        let (action, mut fields) = form(page, marker)?;
        for (name, value) in values {
            fields.retain(|(known, _)| known != name);
            fields.push(((*name).to_owned(), (*value).to_owned()));
        }
        self.walk(Method::POST, action, Some(fields)).await
    }

    async fn walk(&mut self, mut method: Method, mut url: Url, mut body: Option<Vec<(String, String)>>) -> Result<Page, Trouble> {
        for _ in 0..12 {
            let mut request = self.http.request(method, url.clone());
            if !self.jar.is_empty() {
                let cookies: Vec<String> = self.jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
                request = request.header(header::COOKIE, cookies.join("; "));
            }
            if let Some(key) = &self.bearer {
                request = request.bearer_auth(key);
            }
            if let Some(fields) = body.take() {
                request = request.header("sec-fetch-site", "same-origin").form(&fields);
            }
            let started = Instant::now();
            let answer = request.send().await?;
            let status = answer.status().as_u16();
            for cookie in answer.headers().get_all(header::SET_COOKIE) {
                if let Some((name, value)) = cookie.to_str()?.split(';').next().and_then(|pair| pair.split_once('=')) {
                    self.jar.insert(name.to_owned(), value.to_owned());
                }
            }
            let location = answer.headers().get(header::LOCATION).map(|value| value.to_str().map(str::to_owned)).transpose()?;
            let text = answer.text().await?;
            let Some(location) = location else { return Ok(Page { url, status, text, took: started.elapsed() }) };
            url = url.join(&location)?;
            method = Method::GET;
        }
        Err(format!("redirects in a circle at {url}").into())
    }
}

/// The action and the fields of the form that has this field or button.
fn form(page: &Page, marker: &str) -> Result<(Url, Vec<(String, String)>), Trouble> {
    let missing = || format!("no form with `{marker}` at {} ({})", page.url, page.status);
    let document = Html::parse_document(&page.text);
    let select = |css: &str| Selector::parse(css).map_err(|error| error.to_string());
    let (elements, marker_of, fields_of) = (select("form")?, select(&format!("#{marker}, [name={marker}]"))?, select("input[name]")?);
    let found: ElementRef<'_> = document.select(&elements).find(|form| form.select(&marker_of).next().is_some()).ok_or_else(missing)?;
    let action = found.value().attr("action").unwrap_or_default();
    let field = |input: ElementRef<'_>| {
        let attribute = |name| input.value().attr(name).unwrap_or_default().to_owned();
        (attribute("name"), attribute("value"))
    };
    let ticked = |input: &ElementRef<'_>| {
        !matches!(input.value().attr("type"), Some("checkbox" | "radio")) || input.value().attr("checked").is_some()
    };
    Ok((page.url.join(action)?, found.select(&fields_of).filter(ticked).map(field).collect()))
}
