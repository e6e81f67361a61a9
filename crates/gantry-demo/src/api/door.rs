//! The door of one platform's API: who comes in, and with what.
//!
//! Owns the checks of access tokens, App Keys and developer tokens. JWTs are checked here, with the
//! issuer's published keys; what cannot be read is asked about (RFC 7662).

use actix_web::http::header::AUTHORIZATION;
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::denied::{Denied, Errors};
use crate::issuer::Issuer;
use crate::realm::SampleClient;
use crate::signed::{Distrust, verify};

/// RFC 9068 §2.1, and what realms for older verifiers say instead.
const TYPES: [&str; 2] = ["at+jwt", "JWT"];

/// What a platform's API trusts.
#[derive(Debug, Clone)]
pub(crate) struct Door {
    /// The platform's name.
    pub(crate) platform: &'static str,
    /// Whose tokens it takes.
    pub(crate) issuer: Issuer,
    /// Its own name in them.
    pub(crate) audience: String,
    /// As whom it asks about what it cannot read.
    pub(crate) asker: Option<SampleClient>,
    /// How it writes errors.
    pub(crate) errors: Errors,
}

/// Who holds an access token, as it says itself.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Claims {
    pub(super) sub: String,
    pub(super) client_id: String,
    pub(super) scope: Option<String>,
    pub(super) org_id: Option<String>,
}

impl Claims {
    /// Whether the scope was granted.
    pub(super) fn may(&self, scope: &str) -> bool {
        holds(self.scope.as_deref(), scope)
    }
}

/// What the issuer says of a credential (RFC 7662 §2.2).
#[derive(Debug, Deserialize)]
struct Introspection {
    active: bool,
    token_kind: Option<String>,
    sub: Option<String>,
    scope: Option<String>,
    aud: Option<Audience>,
}

/// `aud`: one audience is a text, several are a list (RFC 7519 §4.1.3).
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl Door {
    /// Who holds the access token of a request; it must have the scope, if one is named.
    pub(super) async fn holder(&self, request: &HttpRequest, scope: Option<&'static str>) -> Result<Claims, Denied> {
        let token = bearer(request).ok_or(Denied::NoToken)?;
        let claims: Claims = verify(&self.issuer, token, &TYPES, &self.audience).await.map_err(Denied::Untrusted)?;
        match scope {
            Some(scope) if !claims.may(scope) => Err(Denied::Lacks(scope)),
            _ => Ok(claims),
        }
    }

    /// Whom a credential stands for that only its issuer can read; it must be of this kind, for this API, with this scope.
    pub(super) async fn stands_for(&self, credential: &str, kind: &str, scope: &'static str) -> Result<String, Denied> {
        let invalid = |reason| Denied::Untrusted(Distrust::Invalid(reason));
        let asker = self.asker.as_ref().ok_or_else(|| invalid("is of no kind that this API takes"))?;
        let told: Introspection = self.issuer.introspect(asker, credential).await.map_err(|silent| Denied::Untrusted(silent.into()))?;
        let for_us = told.aud.as_ref().is_none_or(|aud| match aud {
            Audience::One(one) => *one == self.audience,
            Audience::Many(many) => many.contains(&self.audience),
        });
        // An access token in a key's place is no key: whoever sent it there was given it for something else.
        let of_kind = told.token_kind.as_deref() == Some(kind);
        match told.sub.filter(|_| told.active && for_us && of_kind) {
            None => Err(invalid("is unknown, expired, revoked or meant for something else")),
            Some(_) if !holds(told.scope.as_deref(), scope) => Err(Denied::Lacks(scope)),
            Some(sub) => Ok(sub),
        }
    }

    /// The answer to a request that is not let in.
    pub(super) fn refuse(&self, denied: &Denied) -> HttpResponse {
        denied.answer(self.platform, self.errors)
    }
}

/// The token of the one `Authorization` header (RFC 6750 §2.1). A token in the address or the body counts for nothing.
pub(super) fn bearer(request: &HttpRequest) -> Option<&str> {
    let mut headers = request.headers().get_all(AUTHORIZATION);
    let (scheme, token) = headers.next()?.to_str().ok()?.split_once(' ')?;
    (headers.next().is_none() && scheme.eq_ignore_ascii_case("bearer")).then(|| token.trim())
}

fn holds(scopes: Option<&str>, scope: &str) -> bool {
    scopes.unwrap_or_default().split(' ').any(|one| one == scope)
}
