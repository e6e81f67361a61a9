//! One request as an attacker makes it, and what of its answer must not tell foreign things from unknown ones.

use reqwest::{Method, header};

use crate::support::{Answer, Gantry};

/// A request.
#[derive(Debug, Clone)]
pub(super) struct Request {
    /// What it tries.
    pub(super) what: &'static str,
    method: Method,
    target: String,
    headers: Vec<(String, String)>,
    form: Option<Vec<(String, String)>>,
}

impl Request {
    /// A GET of a path with its query.
    pub(super) fn get(what: &'static str, target: impl Into<String>) -> Self {
        Self { what, method: Method::GET, target: target.into(), headers: Vec::new(), form: None }
    }

    /// A GET of a path with this query.
    pub(super) fn query(what: &'static str, path: &str, pairs: &[(&str, &str)]) -> Self {
        Self::get(what, format!("{path}?{}", encode(pairs)))
    }

    /// A form.
    pub(super) fn post(what: &'static str, path: &str, pairs: &[(&str, &str)]) -> Self {
        let form = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self { what, method: Method::POST, target: path.to_owned(), headers: Vec::new(), form: Some(form) }
    }

    /// With this header.
    pub(super) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// With these cookies, from a page of this site.
    pub(super) fn cookies(self, cookies: &[(String, String)]) -> Self {
        let value = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        self.header("cookie", value).header("sec-fetch-site", "same-origin")
    }

    /// As a client with a secret.
    pub(super) fn basic(self, id: &str, secret: &str) -> Self {
        use base64::Engine as _;
        let proof = base64::engine::general_purpose::STANDARD.encode(format!("{}:{}", encoded(id), encoded(secret)));
        self.header("authorization", format!("Basic {proof}"))
    }

    /// With this token.
    pub(super) fn bearer(self, token: &str) -> Self {
        self.header("authorization", format!("Bearer {token}"))
    }

    /// Sends it to a realm.
    pub(super) async fn send(&self, gantry: &Gantry, base: &str) -> Answer {
        let mut request = gantry.http.request(self.method.clone(), format!("{base}{}", self.target));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if let Some(form) = &self.form {
            let pairs: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(encode(&pairs));
        }
        Answer::of(request.send().await.unwrap()).await
    }
}

fn encode(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// What an answer says, without what differs between any two answers: ids, nonces, dates, and what was presented (longest first).
pub(super) fn said(answer: &Answer, presented: &[(&str, &str)]) -> String {
    let mut lines: Vec<String> = answer
        .headers
        .iter()
        .filter(|(name, _)| !["date", "x-request-id", "content-length"].contains(&name.as_str()))
        .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())))
        .collect();
    lines.sort();
    let mut text = format!("{}\n{}\n\n{}", answer.status, lines.join("\n"), answer.body);
    for (name, value) in presented {
        let percent = |c: char| if c.is_ascii_alphanumeric() { c.to_string() } else { format!("%{:02X}", u32::from(c)) };
        for form in [(*value).to_owned(), encoded(value), value.chars().map(percent).collect()] {
            text = text.replace(&form, &format!("<{name}>"));
        }
    }
    without_ids(&without_dates(&text))
}

/// The instants of `<time>` elements are left out.
fn without_dates(html: &str) -> String {
    let mut parts = html.split("<time ");
    let mut clean = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        clean.push_str("<time");
        clean.push_str(part.split_once('>').map_or(part, |(_, rest)| rest));
    }
    clean
}

/// Long runs of letters and digits become `#`: ids, digests, tokens, sealed values.
fn without_ids(text: &str) -> String {
    let (mut clean, mut run) = (String::new(), String::new());
    for c in text.chars().chain(['\n']) {
        if c.is_ascii_alphanumeric() || "-_%".contains(c) {
            run.push(c);
            continue;
        }
        // Nearly every id has a digit in it; one in a thousand random ones has none, but both cases.
        let has = |kind: fn(&char) -> bool| run.chars().any(|c| kind(&c));
        let is_id = run.len() >= 20 && (has(char::is_ascii_digit) || (has(char::is_ascii_uppercase) && has(char::is_ascii_lowercase)));
        clean.push_str(if is_id { "#" } else { &run });
        run.clear();
        clean.push(c);
    }
    clean
}

#[test]
fn what_differs_by_chance_is_left_out() {
    assert_eq!(without_ids("a 0192b3c4d5e67890a1b2c3d4 b flow.0852608.css"), "a # b flow.0852608.css\n");
    assert_eq!(without_dates("<b><time datetime=\"2026\">now</time>"), "<b><timenow</time>");
    assert_eq!(without_ids("mWYwDGnzkPK-FraNbfDhwMSWEikGmWFd_oVavEdKyhw"), "#\n");
    assert_eq!(without_ids("the person does not belong"), "the person does not belong\n");
}
