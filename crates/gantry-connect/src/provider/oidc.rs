//! OpenID Connect: the engine for every provider that speaks it, and the steps that vendors put together otherwise.
//!
//! A conversation is: metadata, redirect, callback, code, ID token, perhaps userinfo, mapping. Each step writes its
//! hop and can be called alone.

use std::sync::Arc;

use gantry_core::clock::Timestamp;
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::external_identity::{ExternalIdentity, UpstreamTokens};
use gantry_core::secret::Secret;
use gantry_core::sign_in_trace::{HopKind, SignInProblem};
use gantry_core::signing_algorithm::SigningAlgorithm;
use serde_json::{Map, Value, json};
use url::Url;

use crate::authorization::authorization_url;
use crate::callback;
use crate::claims::{Mapping, methods, note};
use crate::client_auth::prove;
use crate::connector::{Ask, Expected, Failed, Finished, Hops, Probe, Returned};
use crate::id_token::{ID_TOKEN_TYPES, Rules, Unverified, Verified};
use crate::line::Line;
use crate::metadata::{Metadata, Source};
use crate::plain::{cut, shown};
use crate::provider::microsoft;
use crate::token::{self, TokenAnswer};

/// How ID tokens are signed where the connection does not say.
const ALGORITHMS: &[SigningAlgorithm] = &[SigningAlgorithm::Rs256];

pub(crate) async fn begin(line: &Line<'_>, ask: &Ask, hops: &mut Hops) -> Result<Url, Failed> {
    let metadata = metadata(line, hops).await?;
    authorization_url(line, &metadata.authorization, ask, hops)
}

pub(crate) async fn finish(line: &Line<'_>, expected: &Expected, returned: &Returned, hops: &mut Hops) -> Result<Finished, Failed> {
    let metadata = metadata(line, hops).await?;
    let code = callback::code(line, returned, Some(&metadata.issuer), metadata.names_issuer, hops)?;
    let answer = token::redeem(line, &metadata.token, Some(&metadata.issuer), (&code, expected), hops).await?;
    let verified = id_token(line, &metadata, &answer, (&code, expected), hops).await?;
    identify(line, &metadata, verified, answer.tokens, hops).await
}

/// From a checked ID token to the person: userinfo where something is lacking, then the mapping.
pub(crate) async fn identify(
    line: &Line<'_>,
    metadata: &Metadata,
    verified: Verified,
    tokens: UpstreamTokens,
    hops: &mut Hops,
) -> Result<Finished, Failed> {
    let mapping = Mapping::new(&line.settings().claims, line.defaults);
    let claims = Map::from(verified.claims);
    let userinfo = match (&metadata.userinfo, &tokens.access_token) {
        (Some(url), Some(token)) if mapping.is_lacking(&claims) => Some(userinfo(line, url, token, &verified.subject, hops).await?),
        (Some(_) | None, _) => None,
    };
    let (identity, left_out) = person(line, metadata.issuer.clone(), verified.authenticated_at, &claims, userinfo.as_ref())?;
    note(&identity, &left_out, hops);
    Ok(Finished { identity, tokens })
}

/// The person that an ID token's claims speak of, and the places that were left out.
pub(crate) fn person(
    line: &Line<'_>,
    issuer: String,
    authenticated_at: Option<Timestamp>,
    claims: &Map<String, Value>,
    userinfo: Option<&Map<String, Value>>,
) -> Result<(ExternalIdentity, Vec<String>), Failed> {
    let mapped = Mapping::new(&line.settings().claims, line.defaults).map(claims, userinfo)?;
    let (identity, left_out) = mapped.into_identity(issuer);
    // How somebody signed in is said by the signed document alone.
    let text = |name: &str| claims.get(name).and_then(Value::as_str).filter(|text| text.len() <= 255).map(ToOwned::to_owned);
    let (acr, session) = (text("acr"), text("sid"));
    Ok((ExternalIdentity { authenticated_at, methods: methods(claims), acr, session, ..identity }, left_out))
}

/// The issuer of a connection: its own, else its kind's.
pub(crate) fn issuer<'l>(line: &Line<'l>) -> Result<&'l str, Failed> {
    let issuer = line.settings().issuer.as_deref().or(line.defaults.issuer);
    issuer.ok_or_else(|| Failed::new(SignInProblem::Misconfigured, "the connection has no issuer"))
}

/// Where the metadata of an issuer is (OpenID Connect Discovery §4).
pub(crate) fn metadata_url(issuer: &str) -> String {
    format!("{}/.well-known/openid-configuration", issuer.strip_suffix('/').unwrap_or(issuer))
}

/// Where the metadata of the connection's provider is, and the issuer that it has to name.
fn place(line: &Line<'_>) -> Result<(String, String), Failed> {
    if line.connection().kind == ConnectorKind::Microsoft {
        return microsoft::metadata_place(line.settings());
    }
    let issuer = issuer(line)?;
    Ok((metadata_url(issuer), issuer.to_owned()))
}

/// The metadata of the connection's provider.
pub(crate) async fn metadata(line: &Line<'_>, hops: &mut Hops) -> Result<Arc<Metadata>, Failed> {
    let (url, issuer) = place(line)?;
    metadata_at(line, &url, &issuer, hops).await
}

/// The metadata at this address, which has to name this issuer. Settings that name all endpoints stand for it.
pub(crate) async fn metadata_at(line: &Line<'_>, url: &str, issuer: &str, hops: &mut Hops) -> Result<Arc<Metadata>, Failed> {
    let (metadata, source) = match Metadata::given(issuer, &line.settings().endpoints) {
        Some(given) => (Arc::new(given), Source::Given),
        None => line.metadata(url, issuer).await?,
    };
    hops.add(
        HopKind::Metadata,
        json!({ "issuer": metadata.issuer, "source": source.as_str(), "endpoints": metadata.endpoints(), "names_issuer": metadata.names_issuer }),
    );
    Ok(metadata)
}

/// The algorithms that ID tokens of the connection may be signed with.
pub(crate) fn algorithms<'l>(line: &Line<'l>) -> &'l [SigningAlgorithm] {
    match line.settings().signing_algorithms.as_slice() {
        [] => ALGORITHMS,
        own => own,
    }
}

/// Checks the ID token of a token answer against the metadata's issuer and keys.
pub(crate) async fn id_token(
    line: &Line<'_>,
    metadata: &Metadata,
    answer: &TokenAnswer,
    (code, expected): (&Secret, &Expected),
    hops: &mut Hops,
) -> Result<Verified, Failed> {
    let unverified = Unverified::parse(answer.id_token()?.expose(), ID_TOKEN_TYPES)?;
    let rules = rules(line, &metadata.issuer, answer, (code, expected))?;
    check(line, &unverified, &rules, &metadata.jwks, |_| true, hops).await
}

/// What the ID token of a token answer has to be, if this is its issuer.
pub(crate) fn rules<'r>(
    line: &Line<'r>,
    issuer: &'r str,
    answer: &'r TokenAnswer,
    (code, expected): (&'r Secret, &'r Expected),
) -> Result<Rules<'r>, Failed> {
    Ok(Rules {
        issuer,
        client_id: line.client_id()?,
        algorithms: algorithms(line),
        nonce: Some(&expected.nonce),
        max_age: expected.max_age,
        access_token: answer.tokens.access_token.as_ref(),
        code: Some(code.expose()),
        now: line.now(),
    })
}

/// Checks a token by these rules with those of the published keys that `may_vouch` passes by their `issuer` member.
/// Where the keys in memory do not do, the provider is asked for others, once a minute at most.
pub(crate) async fn check(
    line: &Line<'_>,
    unverified: &Unverified<'_>,
    rules: &Rules<'_>,
    jwks: &str,
    may_vouch: impl Fn(Option<&str>) -> bool,
    hops: &mut Hops,
) -> Result<Verified, Failed> {
    let keys = line.keys(jwks, unverified.kid.as_deref()).await?;
    let mut outcome = unverified.verify(rules, &keys.for_issuer(&may_vouch));
    if matches!(&outcome, Err(failed) if failed.problem == SignInProblem::TokenSignature)
        && rules.algorithms.contains(&unverified.algorithm)
    {
        let others = line.other_keys(jwks, &keys).await?;
        if others != keys {
            outcome = unverified.verify(rules, &others.for_issuer(&may_vouch));
        }
    }
    let claims = Map::from(unverified.claims.clone());
    let verdict = outcome.as_ref().err().map(|failed| json!({ "problem": failed.problem, "detail": failed.detail }));
    hops.add(
        HopKind::IdToken,
        json!({
            "alg": unverified.algorithm,
            "kid": unverified.kid.as_deref().map(cut),
            "passed": outcome.is_ok(),
            "refused": verdict,
            // What nobody vouches for is shown by its issuer and audience alone, which is what one looks for then.
            "claims": if outcome.is_ok() { shown(&claims) } else { shown(&claims.into_iter().filter(|(name, _)| ["iss", "aud", "azp", "exp", "iat", "nbf"].contains(&name.as_str())).collect()) },
        }),
    );
    outcome
}

/// Asks who the access token belongs to; the subject has to be the ID token's (attack catalogue FED-07).
pub(crate) async fn userinfo(
    line: &Line<'_>,
    url: &str,
    token: &Secret,
    subject: &str,
    hops: &mut Hops,
) -> Result<Map<String, Value>, Failed> {
    let object = line.object(url, token, "the userinfo answer").await?;
    let same = object.text("sub") == Ok(Some(subject));
    let claims = Map::from(object);
    hops.add(HopKind::Userinfo, json!({ "same_subject": same, "members": claims.keys().map(|name| cut(name)).collect::<Vec<_>>() }));
    if same {
        Ok(claims)
    } else {
        Err(Failed::new(SignInProblem::UserinfoMismatch, "userinfo speaks of another subject than the ID token"))
    }
}

/// New tokens for old. An ID token among them has to be the provider's, and of the same person (OpenID Connect Core
/// §12.2).
pub(crate) async fn refresh(line: &Line<'_>, tokens: &UpstreamTokens) -> Result<UpstreamTokens, Failed> {
    let mut unseen = Hops::new(line.clock());
    let metadata = metadata(line, &mut unseen).await?;
    let answer = token::refresh(line, &metadata.token, prove(line, &metadata.token, Some(&metadata.issuer))?, tokens).await?;
    refreshed(line, &metadata, &metadata.issuer, |_| true, tokens, answer).await
}

/// Checks what came with new tokens, for this issuer.
pub(crate) async fn refreshed(
    line: &Line<'_>,
    metadata: &Metadata,
    issuer: &str,
    may_vouch: impl Fn(Option<&str>) -> bool,
    old: &UpstreamTokens,
    answer: TokenAnswer,
) -> Result<UpstreamTokens, Failed> {
    let mut tokens = answer.tokens;
    let Some(token) = &tokens.id_token else {
        tokens.id_token.clone_from(&old.id_token);
        return Ok(tokens);
    };
    let rules = Rules {
        issuer,
        client_id: line.client_id()?,
        algorithms: algorithms(line),
        nonce: None,
        max_age: None,
        access_token: tokens.access_token.as_ref(),
        code: None,
        now: line.now(),
    };
    let unverified = Unverified::parse(token.expose(), ID_TOKEN_TYPES)?;
    let verified = check(line, &unverified, &rules, &metadata.jwks, may_vouch, &mut Hops::new(line.clock())).await?;
    // The old one was checked when it came, and has been sealed since.
    let before = old
        .id_token
        .as_ref()
        .and_then(|old| Unverified::parse(old.expose(), ID_TOKEN_TYPES).ok()?.claims.text("sub").ok()?.map(ToOwned::to_owned));
    if before.is_some_and(|before| before != verified.subject) {
        return Err(Failed::new(SignInProblem::BadSubject, "the new ID token is about another subject"));
    }
    Ok(tokens)
}

/// Asks the provider about itself, not its memory.
pub(crate) async fn probe(line: &Line<'_>) -> Result<Probe, Failed> {
    let (url, issuer) = place(line)?;
    probe_at(line, &url, &issuer).await
}

/// The same at this address.
pub(crate) async fn probe_at(line: &Line<'_>, url: &str, issuer: &str) -> Result<Probe, Failed> {
    let metadata = match Metadata::given(issuer, &line.settings().endpoints) {
        Some(given) => given.checked(line.reach())?,
        None => line.fetch_metadata(url, issuer).await?,
    };
    let keys = line.keys(&metadata.jwks, None).await?;
    Ok(Probe {
        issuer: Some(metadata.issuer.clone()),
        endpoints: metadata.endpoints(),
        keys: keys.len(),
        names_issuer: metadata.names_issuer,
    })
}
