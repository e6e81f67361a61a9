//! The userinfo endpoint (OpenID Connect Core §5.3).
//!
//! Answers for every access token of the realm that speaks of a person, `openid` or not: platforms
//! whose guides ask for `profile` and `email` alone are served too. A personal token counts as well,
//! an App Key speaks of nobody.

use gantry_core::clock::SharedClock;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use serde_json::{Map, Value, json};

use crate::client_auth::runs_in_browsers;
use crate::client_request::ServedRealm;
use crate::credential::Credentials;
use crate::token::claims;

/// The userinfo endpoint. Cheap to clone.
#[derive(Debug, Clone)]
pub struct UserinfoEndpoint {
    credentials: Credentials,
    clock: SharedClock,
}

impl UserinfoEndpoint {
    /// Over these.
    pub const fn new(credentials: Credentials, clock: SharedClock) -> Self {
        Self { credentials, clock }
    }

    /// The claims that the token's scopes release. `authorization` are the values of that header,
    /// `in_body` the `access_token` of a posted form (RFC 6750 §2).
    pub async fn handle(&self, realm: ServedRealm<'_>, authorization: &[Vec<u8>], in_body: Option<&str>) -> Result<Userinfo, Failure> {
        let Some(token) = read(authorization, in_body)? else { return Ok(Userinfo::Challenge) };
        let now = self.clock.now();
        let found = self.credentials.find_bearer(realm, token, now).await?.ok_or_else(|| invalid_token("unknown_or_fallen"))?;
        let user = found.user.as_ref().ok_or_else(|| invalid_token("no_person"))?;
        if !claims::speak_of_a_person(realm.snapshot, &found.scopes) {
            return Err(Refusal::new(ErrorCode::InsufficientScope, "the token has no scope that speaks of a person").into());
        }
        self.credentials.note_use(realm, &found, now);
        let mut answer = claims::for_userinfo(realm.snapshot, user, &found.scopes);
        answer.insert("sub".to_owned(), json!(user.id));
        if let Some(tenant) = &found.tenant {
            answer.insert("org_id".to_owned(), json!(tenant.org_id));
        }
        let in_browsers = found.client.as_ref().filter(|client| runs_in_browsers(client));
        let redirect_uris = in_browsers.map(|client| client.client.redirect_uris.clone()).unwrap_or_default();
        Ok(Userinfo::Claims { claims: answer, redirect_uris })
    }
}

/// What the endpoint answers.
#[derive(Debug)]
pub enum Userinfo {
    /// No token came: a bare challenge, without an error code (RFC 6750 §3.1).
    Challenge,
    /// The claims.
    Claims {
        /// What is said of the person.
        claims: Map<String, Value>,
        /// Where the token's client lives, if in browsers: whose pages may read the answer.
        redirect_uris: Vec<String>,
    },
}

/// The one token of a request that takes it in the header alone.
pub(crate) fn read_bearer(authorization: &[Vec<u8>]) -> Result<Option<&str>, Refusal> {
    read(authorization, None)
}

/// The one token of a request; none in a query, which is not looked at (RTK-20).
fn read<'r>(authorization: &'r [Vec<u8>], in_body: Option<&'r str>) -> Result<Option<&'r str>, Refusal> {
    let in_header = match authorization {
        [] => None,
        [header] => Some(bearer(header)?),
        _ => return Err(Refusal::new(ErrorCode::InvalidRequest, "the Authorization header is repeated")),
    };
    match (in_header, in_body) {
        (Some(_), Some(_)) => Err(Refusal::new(ErrorCode::InvalidRequest, "the access token was sent in two ways")),
        (one, other) => Ok(one.or(other)),
    }
}

fn bearer(header: &[u8]) -> Result<&str, Refusal> {
    let text = std::str::from_utf8(header).or(Err(invalid_token("header_unreadable")))?;
    match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() => Ok(token),
        _ => Err(invalid_token("not_bearer")),
    }
}

pub(crate) fn invalid_token(detail: &str) -> Refusal {
    Refusal::new(ErrorCode::InvalidToken, "the access token is invalid, expired or revoked").detail(detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_token_by_one_way() {
        let code = |headers: &[&[u8]], body: Option<&str>| {
            let headers: Vec<Vec<u8>> = headers.iter().map(|header| header.to_vec()).collect();
            match read(&headers, body) {
                Ok(token) => token.unwrap_or("none").to_owned(),
                Err(refusal) => refusal.code.wire_name().to_owned(),
            }
        };
        assert_eq!(code(&[], None), "none");
        assert_eq!(code(&[b"Bearer x"], None), "x");
        assert_eq!(code(&[b"bearer x"], None), "x");
        assert_eq!(code(&[], Some("y")), "y");
        assert_eq!(code(&[b"Bearer x"], Some("y")), "invalid_request");
        assert_eq!(code(&[b"Bearer x", b"Bearer x"], None), "invalid_request");
        for header in [&b"Basic x"[..], b"Bearer", b"Bearer ", b"x", b"\xff"] {
            assert_eq!(code(&[header], None), "invalid_token", "{header:?}");
        }
    }
}
