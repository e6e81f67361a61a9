//! A request and its answer, as the app shows them to whoever wants to learn.
//!
//! Owns what is left of secrets in them: their first characters.

use form_urlencoded::byte_serialize;
use serde_json::Value;

/// What is shown of a secret.
const SHOWN: usize = 8;
/// Parameters whose values are secrets.
const SECRETS: [&str; 4] = ["client_secret", "code", "state", "refresh_token"];
/// Members of an answer that are secrets.
const TOKENS: [&str; 3] = ["access_token", "refresh_token", "id_token"];

/// A request and what came of it.
#[derive(Debug, Clone)]
pub(super) struct Exchange {
    /// What it was for.
    pub(super) title: String,
    /// The request.
    pub(super) request: String,
    /// The status and the body of the answer, if there is one.
    pub(super) answer: Option<(Option<u16>, String)>,
}

impl Exchange {
    /// A request by a browser that was sent there.
    pub(super) fn by_browser(title: impl Into<String>, url: &str, parameters: &[(&str, &str)]) -> Self {
        Self { title: title.into(), request: format!("GET {url}\n{}", lines(parameters, '?')), answer: None }
    }

    /// A form that the app's server posted.
    pub(super) fn form(title: impl Into<String>, url: &str, parameters: &[(&str, &str)]) -> Self {
        let request = format!("POST {url}\nContent-Type: application/x-www-form-urlencoded\n\n{}", lines(parameters, ' '));
        Self { title: title.into(), request, answer: None }
    }

    /// A call of the API with a secret in a header. `scheme` stands before it.
    pub(super) fn call(title: impl Into<String>, url: &str, header: &str, scheme: &str, secret: &str) -> Self {
        Self { title: title.into(), request: format!("GET {url}\n{header}: {scheme}{}", shortened(secret)), answer: None }
    }

    /// With its answer.
    pub(super) fn answered(mut self, status: u16, body: &Value) -> Self {
        let mut shown = body.clone();
        shorten(&mut shown);
        self.answer = Some((Some(status), serde_json::to_string_pretty(&shown).unwrap_or_default()));
        self
    }

    /// The body of the answer, shortened.
    pub(super) fn body(&self) -> &str {
        self.answer.as_ref().map(|(_, body)| body.as_str()).unwrap_or_default()
    }

    /// With its answer in words.
    pub(super) fn ended(mut self, words: String) -> Self {
        self.answer = Some((None, words));
        self
    }
}

/// One parameter on each line, as they stand in a query or a form.
fn lines(parameters: &[(&str, &str)], first: char) -> String {
    let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    let line = |(name, value): &(&str, &str)| {
        let value = if SECRETS.contains(name) { shortened(value) } else { encoded(value) };
        format!("{name}={value}")
    };
    let lines: Vec<String> = parameters.iter().map(line).collect();
    format!("{}{}", if first == ' ' { "" } else { "  ?" }, lines.join("\n  &"))
}

/// Leaves the beginning of every secret.
fn shorten(value: &mut Value) {
    let Some(members) = value.as_object_mut() else { return };
    for (name, member) in members {
        if TOKENS.contains(&name.as_str()) {
            *member = member.as_str().map(shortened).into();
        }
        shorten(member);
    }
}

fn shortened(secret: &str) -> String {
    format!("{}…", secret.chars().take(SHOWN).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn no_secret_is_shown_whole() {
        let parameters = [("grant_type", "refresh_token"), ("refresh_token", "grt_0123456789"), ("client_secret", "gcs_0123456789")];
        let answer = json!({ "access_token": "eyJhbGciOiJSUzI1NiJ9", "scope": "read", "expires_in": 3600 });
        let exchange = Exchange::form("x", "http://p/oauth/token", &parameters).answered(200, &answer);
        assert!(
            exchange.request.ends_with("grant_type=refresh_token\n  &refresh_token=grt_0123…\n  &client_secret=gcs_0123…"),
            "{}",
            exchange.request
        );
        let (status, body) = exchange.answer.unwrap();
        assert_eq!(status, Some(200));
        assert!(body.contains(r#""eyJhbGci…""#) && body.contains("3600"), "{body}");
        let question = Exchange::by_browser("x", "http://p/authorize", &[("scope", "profile:read profile:email")]);
        assert_eq!(question.request, "GET http://p/authorize\n  ?scope=profile%3Aread+profile%3Aemail");
    }
}
