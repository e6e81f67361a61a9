//! Plain OAuth 2.0: the engine for servers that say who a person is at an address of their own.

use gantry_core::connection::UpstreamEndpoints;
use gantry_core::external_identity::UpstreamTokens;
use gantry_core::sign_in_trace::{HopKind, SignInProblem};
use serde_json::{Map, Value, json};
use url::Url;

use crate::authorization::authorization_url;
use crate::callback;
use crate::claims::{Mapping, note};
use crate::client_auth::prove;
use crate::connector::{Ask, Expected, Failed, Finished, Hops, Probe, Returned};
use crate::line::Line;
use crate::outbound::check_url;
use crate::plain::cut;
use crate::token;

/// The endpoints of a connection: its own, else its kind's.
#[derive(Debug, Clone)]
pub(crate) struct Endpoints<'l> {
    pub(crate) authorization: &'l str,
    pub(crate) token: &'l str,
    pub(crate) userinfo: &'l str,
}

/// The endpoints of a connection, all of which it needs.
pub(crate) fn endpoints<'l>(line: &Line<'l>) -> Result<Endpoints<'l>, Failed> {
    let own = &line.settings().endpoints;
    let lacking = |name: &str| Failed::new(SignInProblem::Misconfigured, format!("the connection has no {name} endpoint"));
    Ok(Endpoints {
        authorization: own.authorization.as_deref().or(line.defaults.authorization).ok_or_else(|| lacking("authorization"))?,
        token: own.token.as_deref().or(line.defaults.token).ok_or_else(|| lacking("token"))?,
        userinfo: own.userinfo.as_deref().or(line.defaults.userinfo).ok_or_else(|| lacking("userinfo"))?,
    })
}

/// What stands for the issuer: the configured one, else the kind's, else the origin that browsers are sent to.
pub(crate) fn issuer(line: &Line<'_>, endpoints: &Endpoints<'_>) -> Result<String, Failed> {
    if let Some(issuer) = line.settings().issuer.as_deref().or(line.defaults.issuer) {
        return Ok(issuer.to_owned());
    }
    let url = check_url(endpoints.authorization, line.reach());
    let url = url.or(Err(Failed::new(SignInProblem::Misconfigured, "the authorization endpoint is no address that could be asked")))?;
    Ok(url.origin().ascii_serialization())
}

pub(crate) fn begin(line: &Line<'_>, ask: &Ask, hops: &mut Hops) -> Result<Url, Failed> {
    authorization_url(line, endpoints(line)?.authorization, ask, hops)
}

pub(crate) async fn finish(line: &Line<'_>, expected: &Expected, returned: &Returned, hops: &mut Hops) -> Result<Finished, Failed> {
    let endpoints = endpoints(line)?;
    let tokens = redeem(line, &endpoints, expected, returned, hops).await?;
    let claims = who(line, endpoints.userinfo, &tokens, hops).await?;
    identify(line, issuer(line, &endpoints)?, &claims, tokens, hops)
}

/// From the callback to tokens.
pub(crate) async fn redeem(
    line: &Line<'_>,
    endpoints: &Endpoints<'_>,
    expected: &Expected,
    returned: &Returned,
    hops: &mut Hops,
) -> Result<UpstreamTokens, Failed> {
    // Only a configured issuer can be compared with; what stands for one is not what such servers call themselves.
    let own_issuer = line.settings().issuer.as_deref();
    let code = callback::code(line, returned, own_issuer, false, hops)?;
    if expected.max_age.is_some() {
        return Err(Failed::new(SignInProblem::TokenTooOld, "the provider does not say when the person signed in there"));
    }
    let answer = token::redeem(line, endpoints.token, own_issuer, (&code, expected), hops).await?;
    Ok(answer.tokens)
}

/// Asks who the access token belongs to.
pub(crate) async fn who(line: &Line<'_>, url: &str, tokens: &UpstreamTokens, hops: &mut Hops) -> Result<Map<String, Value>, Failed> {
    let token =
        tokens.access_token.as_ref().ok_or_else(|| Failed::new(SignInProblem::BadAnswer, "the token answer has no access token"))?;
    let claims = Map::from(line.object(url, token, "the userinfo answer").await?);
    hops.add(HopKind::Userinfo, json!({ "members": claims.keys().map(|name| cut(name)).collect::<Vec<_>>() }));
    Ok(claims)
}

/// From claims to the person.
pub(crate) fn identify(
    line: &Line<'_>,
    issuer: String,
    claims: &Map<String, Value>,
    tokens: UpstreamTokens,
    hops: &mut Hops,
) -> Result<Finished, Failed> {
    let mapped = Mapping::new(&line.settings().claims, line.defaults).map(claims, None)?;
    let (identity, left_out) = mapped.into_identity(issuer);
    note(&identity, &left_out, hops);
    Ok(Finished { identity, tokens })
}

/// New tokens for old.
pub(crate) async fn refresh(line: &Line<'_>, tokens: &UpstreamTokens) -> Result<UpstreamTokens, Failed> {
    let endpoint = endpoints(line)?.token;
    let proof = prove(line, endpoint, line.settings().issuer.as_deref())?;
    Ok(token::refresh(line, endpoint, proof, tokens).await?.tokens)
}

/// There is nothing to fetch: whether the addresses may be asked is all that can be known beforehand.
pub(crate) fn probe(line: &Line<'_>) -> Result<Probe, Failed> {
    let endpoints = endpoints(line)?;
    let all = [endpoints.authorization, endpoints.token, endpoints.userinfo];
    if all.iter().any(|url| check_url(url, line.reach()).is_err()) {
        return Err(Failed::new(SignInProblem::MetadataMismatch, "an endpoint of the connection may not be asked"));
    }
    Ok(Probe {
        issuer: Some(issuer(line, &endpoints)?),
        endpoints: UpstreamEndpoints {
            authorization: Some(endpoints.authorization.to_owned()),
            token: Some(endpoints.token.to_owned()),
            userinfo: Some(endpoints.userinfo.to_owned()),
            ..UpstreamEndpoints::default()
        },
        keys: 0,
        names_issuer: false,
    })
}
