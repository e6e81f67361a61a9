//! The end of sessions, in both directions: sending the browser to sign out there, and being told that it did.

use std::time::Duration;

use gantry_core::secret::Secret;
use gantry_core::sign_in_trace::SignInProblem;
use serde_json::Value;
use url::Url;

use crate::connector::{Failed, Hops, LogoutToken};
use crate::id_token::{LEEWAY, Unverified, subject};
use crate::line::Line;
use crate::outbound::check_url;
use crate::provider::oidc::{algorithms, metadata};

/// The member of `events` that makes a token a logout token (OpenID Connect Back-Channel Logout 1.0 §2.4).
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// The values of `typ` that a logout token may have; none at all fits too.
const TYPES: &[&str] = &["logout+jwt", "application/logout+jwt", "JWT"];
/// How old a logout token may be.
const MAX_AGE: Duration = Duration::from_mins(5);

/// Where the browser signs out at the provider, if the provider has such a place.
pub(crate) async fn end_session(line: &Line<'_>, id_token: Option<&Secret>, post_logout: &str, state: &str) -> Option<Url> {
    let metadata = metadata(line, &mut Hops::new(line.clock())).await.ok()?;
    let mut url = check_url(metadata.end_session.as_deref()?, line.reach()).ok()?;
    {
        let mut query = url.query_pairs_mut();
        query.append_pair("client_id", line.client_id().ok()?);
        if let Some(token) = id_token {
            query.append_pair("id_token_hint", token.expose());
        }
        query.append_pair("post_logout_redirect_uri", post_logout).append_pair("state", state);
    }
    Some(url)
}

/// OpenID Connect Back-Channel Logout 1.0 §2.6.
pub(crate) async fn check_logout_token(line: &Line<'_>, token: &str) -> Result<LogoutToken, Failed> {
    let malformed = |detail: &str| Failed::new(SignInProblem::TokenMalformed, detail);
    let metadata = metadata(line, &mut Hops::new(line.clock())).await?;
    let token = Unverified::parse(token, TYPES)?;
    let now = line.now();
    token.check_issuer(&metadata.issuer)?;
    token.check_audience(line.client_id()?)?;
    token.check_times(now)?;
    check_signature(line, &token, &metadata.jwks).await?;
    if token.date("iat")?.is_none_or(|at| now.since(at) > MAX_AGE + LEEWAY) {
        return Err(Failed::new(SignInProblem::TokenTime, "the logout token is not fresh"));
    }
    if !token.claims.get("events").and_then(|events| events.get(EVENT)).is_some_and(Value::is_object) {
        return Err(malformed("the token has no logout event"));
    }
    // An ID token would have one: none of those may end a session (RFC 8725 §3.12).
    if token.claims.get("nonce").is_some() {
        return Err(malformed("the logout token has a nonce"));
    }
    let subject = token.text("sub")?.map(|text| subject(Some(text))).transpose()?;
    let session = token.text("sid")?.filter(|sid| (1..=255).contains(&sid.len())).map(ToOwned::to_owned);
    if (subject.is_none() && session.is_none()) || (session.is_none() && token.claims.get("sid").is_some()) {
        return Err(malformed("the logout token names neither a subject nor a usable session"));
    }
    let jti =
        token.text("jti")?.filter(|jti| (1..=255).contains(&jti.len())).ok_or_else(|| malformed("the logout token has no usable `jti`"))?;
    let jti = jti.to_owned();
    // Older ones are refused for their age, so that nothing has to be remembered for longer.
    let expires_at = now.plus(MAX_AGE + LEEWAY + LEEWAY);
    Ok(LogoutToken { issuer: metadata.issuer.clone(), subject, session, jti, expires_at })
}

async fn check_signature(line: &Line<'_>, token: &Unverified<'_>, jwks: &str) -> Result<(), Failed> {
    let keys = line.keys(jwks, token.kid.as_deref()).await?;
    let Err(failed) = token.check_signature(algorithms(line), &keys) else { return Ok(()) };
    let others = line.other_keys(jwks, &keys).await?;
    if others == keys { Err(failed) } else { token.check_signature(algorithms(line), &others) }
}
