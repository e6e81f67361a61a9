//! Microsoft Entra ID, whole: one directory, all of them, or personal accounts; v1.0 and v2.0 tokens; guests, groups
//! beyond the token, certificates instead of secrets, an administrator's consent.
//!
//! What is particular is judged here; the conversation itself is OpenID Connect and held by the generic engine. An
//! identity is kept under the concrete v2.0 issuer of its directory and the subject `{tid}.{oid}`, also where the
//! token was of version 1.0.

mod assertion;
mod authority;
mod directory;
mod groups;
mod person;
mod refusal;

use gantry_core::connection::{ConnectionSettings, MicrosoftSettings};
use gantry_core::external_identity::{ExternalIdentity, Groups, UpstreamTokens};
use gantry_core::sign_in_trace::{HopKind, SignInProblem};
use serde_json::{Map, Value, json};
use url::Url;

pub(crate) use assertion::prove;
pub use authority::{CONSUMERS, is_guid};
pub(crate) use refusal::explain;

use crate::callback;
use crate::claims::note;
use crate::connector::{Expected, Failed, Finished, Hops, Registration, Returned};
use crate::id_token::{ID_TOKEN_TYPES, Unverified};
use crate::line::Line;
use crate::preset;
use crate::provider::oidc;
use crate::token;
use authority::{Authority, directory_of};
use groups::Claimed;

/// Where the metadata of a connection's authority is, and the issuer that it has to name.
pub(crate) fn metadata_place(settings: &ConnectionSettings) -> Result<(String, String), Failed> {
    let authority = Authority::of(settings)?;
    Ok((authority.metadata_address(), authority.metadata_issuer()))
}

/// The scope that the settings make necessary beside the usual ones.
pub(crate) fn further_scope(settings: &ConnectionSettings) -> Option<&'static str> {
    settings.microsoft.as_ref().filter(|microsoft| microsoft.resolve_groups).map(|_| groups::SCOPE)
}

/// Who came back.
pub(crate) async fn finish(line: &Line<'_>, expected: &Expected, returned: &Returned, hops: &mut Hops) -> Result<Finished, Failed> {
    let authority = Authority::of(line.settings())?;
    let metadata = oidc::metadata(line, hops).await?;
    // Where many directories sign in, the metadata names a template, and a callback its own directory's issuer.
    let named = returned.parameters.raw("iss").filter(|named| authority.fits_template(named));
    let code = callback::code(line, returned, Some(named.unwrap_or(&metadata.issuer)), metadata.names_issuer, hops)?;
    let answer = token::redeem(line, &metadata.token, Some(&metadata.issuer), (&code, expected), hops).await?;
    let unverified = Unverified::parse(answer.id_token()?.expose(), ID_TOKEN_TYPES)?;
    let claims = Map::from(unverified.claims.clone());
    let (issuer, directory) = (authority.issuer_for(&claims)?, directory_of(&claims)?);
    let kept_under = authority.issuer(directory);
    if named.is_some_and(|named| named != kept_under) {
        return Err(Failed::new(SignInProblem::WrongResponseIssuer, "the callback and the ID token are from different directories"));
    }
    let rules = oidc::rules(line, &issuer, &answer, (&code, expected))?;
    let may_vouch = |key_issuer: Option<&str>| authority.key_speaks_for(key_issuer, directory);
    let verified = oidc::check(line, &unverified, &rules, &metadata.jwks, may_vouch, hops).await?;

    let settings = line.settings().microsoft.clone().unwrap_or_default();
    directory::check_directory(directory, &settings, &line.registration.directories)?;
    let guest = directory::is_guest(&claims, directory, &authority);
    directory::check_guest(guest, &settings)?;
    let (mut identity, left_out) = oidc::person(line, kept_under, verified.authenticated_at, &claims, None)?;
    identity.subject = person::subject(&claims)?;
    identity.email = person::email(&claims);
    identity.directory = Some(directory.to_owned());
    identity.guest = guest;
    identity.groups = all_groups(line, &settings, &authority, (&claims, &answer.tokens), hops).await;
    note(&identity, &left_out, hops);
    Ok(Finished { identity, tokens: answer.tokens })
}

/// Who given claims would be about; the groups are those of the claims alone.
pub(crate) fn interpret(line: &Line<'_>, claims: &Map<String, Value>) -> Result<ExternalIdentity, Failed> {
    let authority = Authority::of(line.settings())?;
    let (issuer, directory) = (authority.issuer_for(claims)?, directory_of(claims)?);
    if claims.get("iss").and_then(Value::as_str) != Some(&issuer) {
        return Err(Failed::new(SignInProblem::TokenIssuer, "`iss` is not the issuer of the directory that `tid` names"));
    }
    let settings = line.settings().microsoft.clone().unwrap_or_default();
    directory::check_directory(directory, &settings, &line.registration.directories)?;
    let guest = directory::is_guest(claims, directory, &authority);
    directory::check_guest(guest, &settings)?;
    let (mut identity, _) = oidc::person(line, authority.issuer(directory), None, claims, None)?;
    identity.subject = person::subject(claims)?;
    identity.email = person::email(claims);
    identity.directory = Some(directory.to_owned());
    identity.guest = guest;
    identity.groups = groups::combine(&Claimed::of(claims), None, groups::app_roles(claims));
    Ok(identity)
}

/// The groups of the token, or Graph's where they do not fit or are not there.
async fn all_groups(
    line: &Line<'_>,
    settings: &MicrosoftSettings,
    authority: &Authority,
    (claims, tokens): (&Map<String, Value>, &UpstreamTokens),
    hops: &mut Hops,
) -> Groups {
    let claimed = Claimed::of(claims);
    // Personal accounts have no groups, and no Graph that would speak of any.
    let worth_asking = settings.resolve_groups && claimed.is_incomplete() && directory_of(claims).is_ok_and(|tid| tid != CONSUMERS);
    let asked = match (authority.graph(), &tokens.access_token) {
        (Some(graph), Some(token)) if worth_asking => Some(groups::ask(line, graph, token).await),
        (None, _) if worth_asking => Some(Err(Failed::new(SignInProblem::GroupsUnavailable, "there is no Graph for this authority"))),
        (Some(_) | None, _) => None,
    };
    let refused = asked.as_ref().and_then(|asked| asked.as_ref().err()).map(|failed| failed.detail.clone());
    let asked_at = asked.as_ref().and(authority.graph());
    let found = match asked {
        // Graph was to decide and could not: an absent claim tells no more than it did.
        Some(Err(_)) => Groups::Unavailable,
        Some(Ok(found)) => groups::combine(&claimed, Some(found), groups::app_roles(claims)),
        None => groups::combine(&claimed, None, groups::app_roles(claims)),
    };
    if claimed != Claimed::NotSent || asked_at.is_some() {
        hops.add(HopKind::Groups, json!({ "token": claimed.as_str(), "asked": asked_at, "refused": refused, "found": found }));
    }
    found
}

/// New tokens for old: of the same directory and person, where an ID token comes with them.
pub(crate) async fn refresh(line: &Line<'_>, tokens: &UpstreamTokens) -> Result<UpstreamTokens, Failed> {
    let authority = Authority::of(line.settings())?;
    let metadata = oidc::metadata(line, &mut Hops::new(line.clock())).await?;
    let proof = crate::client_auth::prove(line, &metadata.token, Some(&metadata.issuer))?;
    let answer = token::refresh(line, &metadata.token, proof, tokens).await?;
    let Some(id_token) = answer.tokens.id_token.clone() else {
        return oidc::refreshed(line, &metadata, &metadata.issuer, |_| false, tokens, answer).await;
    };
    let claims = Map::from(Unverified::parse(id_token.expose(), ID_TOKEN_TYPES)?.claims);
    let (issuer, directory) = (authority.issuer_for(&claims)?, directory_of(&claims)?);
    directory::check_directory(directory, &line.settings().microsoft.clone().unwrap_or_default(), &line.registration.directories)?;
    let before = tokens.id_token.as_ref().and_then(|old| Some(Map::from(Unverified::parse(old.expose(), ID_TOKEN_TYPES).ok()?.claims)));
    if before.is_some_and(|before| person::subject(&before).ok() != person::subject(&claims).ok()) {
        return Err(Failed::new(SignInProblem::BadSubject, "the new ID token is about somebody else"));
    }
    let may_vouch = |key_issuer: Option<&str>| authority.key_speaks_for(key_issuer, directory);
    oidc::refreshed(line, &metadata, &issuer, may_vouch, tokens, answer).await
}

/// Where a directory's administrator agrees to this connection for all its people (Microsoft identity platform, «Admin
/// consent», `v2-admin-consent`): asks for what a sign-in asks for. `redirect` must be registered with the app; it gets
/// `state` and `tenant` back, or `error`, and what comes back there proves nothing.
pub fn admin_consent_url(registration: &Registration, redirect: &str, state: &str) -> Result<Url, Failed> {
    let settings = &registration.connection.settings;
    let misconfigured = |detail: &str| Failed::new(SignInProblem::Misconfigured, detail);
    let client_id = settings.client_id.as_deref().ok_or_else(|| misconfigured("there is no client id"))?;
    let address = Authority::of(settings)?.admin_consent_address();
    let address = address.ok_or_else(|| misconfigured("personal accounts have no administrator"))?;
    let mut url = Url::parse(&address).or(Err(misconfigured("the issuer is no address")))?;
    url.query_pairs_mut()
        .append_pair("client_id", client_id)
        .append_pair("scope", &consent_scopes(registration).join(" "))
        .append_pair("redirect_uri", redirect)
        .append_pair("state", state);
    Ok(url)
}

/// What a sign-in asks for, but for what nobody can agree to for others.
fn consent_scopes(registration: &Registration) -> Vec<&str> {
    let settings = &registration.connection.settings;
    let mut scopes: Vec<&str> = match settings.scopes.as_slice() {
        [] => preset::defaults(registration.connection.kind).scopes.to_vec(),
        own => own.iter().map(String::as_str).collect(),
    };
    scopes.extend(further_scope(settings).filter(|scope| !scopes.contains(scope)));
    scopes.retain(|scope| *scope != "offline_access");
    scopes
}
