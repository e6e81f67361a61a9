//! A program's answer: status, headers and JSON.

use reqwest::header::{self, HeaderMap};
use serde_json::Value;

/// What an endpoint said.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as it came.
    pub body: String,
}

impl Answer {
    /// Takes a response in.
    pub async fn of(response: reqwest::Response) -> Self {
        Self::try_of(response).await.expect("a whole answer")
    }

    /// Takes a response in, unless it is cut off.
    pub async fn try_of(response: reqwest::Response) -> Option<Self> {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Some(Self { status, headers, body: response.text().await.ok()? })
    }

    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("no JSON ({error}), status {}: {}", self.status, self.body))
    }

    /// A member of the body that must be text.
    #[track_caller]
    pub fn text(&self, name: &str) -> String {
        let json = self.json();
        json.get(name).and_then(Value::as_str).unwrap_or_else(|| panic!("no `{name}` in {json}")).to_owned()
    }

    /// Holds that this is a success.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(self.status, 200, "{}", self.body);
        self
    }

    /// Holds that this is the error that RFC 6749 §5.2 shapes: JSON, not to be kept, with a challenge where it is due.
    #[track_caller]
    pub fn is_error(&self, status: u16, code: &str) {
        assert_eq!((self.status, self.text("error").as_str()), (status, code), "{}", self.body);
        assert_eq!(self.headers.get(header::CACHE_CONTROL).map(|v| v.to_str().unwrap()), Some("no-store"));
        if status == 401 {
            assert!(self.headers.contains_key(header::WWW_AUTHENTICATE), "a 401 without a challenge");
        }
    }

    /// The access token.
    #[track_caller]
    pub fn access_token(&self) -> String {
        self.text("access_token")
    }

    /// The refresh token.
    #[track_caller]
    pub fn refresh_token(&self) -> String {
        self.text("refresh_token")
    }

    /// The claims of a token in the answer, unverified.
    #[track_caller]
    pub fn claims(&self, member: &str) -> Value {
        claims_of(&self.text(member))
    }
}

/// The claims of a JWT, unverified.
#[track_caller]
pub fn claims_of(jwt: &str) -> Value {
    use base64::Engine as _;
    let payload = jwt.split('.').nth(1).expect("a JWT");
    serde_json::from_slice(&base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}
