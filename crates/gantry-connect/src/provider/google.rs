//! Google accounts and Google Workspace: OpenID Connect with two spellings of the issuer and a claim for the domain.
//!
//! Owns what `hd` decides and when an address counts. The key is `sub`, which Google never reuses: who registers an
//! abandoned domain anew gets the old addresses and the old `hd`, but other `sub`s (attack catalogue ENT-09).
//!
//! Google vouches for an address where it runs the mailbox itself: `@gmail.com`, or the domain of the Workspace that `hd`
//! names. Everywhere else somebody once proved the mailbox to Google, who may have lost it since; that is not counted.
//! So an address in a secondary domain of a Workspace is not either: its owner proves it here, or the tenant its domain.
//!
//! The parameter `hd` only chooses which accounts Google shows; the claim decides (ENT-08). It must be text, and one of
//! the connection's domains where that has any; a missing claim is a personal account, whatever its address ends with.
//!
//! Sources: Google Identity, «OpenID Connect» (an ID token's payload; `hd`), «Verify the Google ID token on your server
//! side» (`iss`, and where Google is authoritative).

use gantry_core::connection::ConnectionSettings;
use gantry_core::email_address::EmailAddress;
use gantry_core::external_identity::{AssertedEmail, ExternalIdentity, UpstreamTokens};
use gantry_core::sign_in_trace::SignInProblem;
use serde_json::{Map, Value};
use url::Url;

use crate::authorization::authorization_url_with;
use crate::callback;
use crate::claims::note;
use crate::client_auth::prove;
use crate::connector::{Ask, Expected, Failed, Finished, Hops, Returned};
use crate::id_token::{ID_TOKEN_TYPES, Unverified};
use crate::line::Line;
use crate::plain::cut;
use crate::provider::oidc;
use crate::token;

/// The issuer as the metadata names it, and under which identities are kept.
const ISSUER: &str = "https://accounts.google.com";

/// Where the browser has to go.
pub(crate) async fn begin(line: &Line<'_>, ask: &Ask, hops: &mut Hops) -> Result<Url, Failed> {
    let metadata = oidc::metadata(line, hops).await?;
    let domain: Vec<(&str, &str)> = domain_parameter(line.settings()).map(|domain| ("hd", domain)).into_iter().collect();
    authorization_url_with(line, &metadata.authorization, ask, &domain, hops)
}

/// Who came back.
pub(crate) async fn finish(line: &Line<'_>, expected: &Expected, returned: &Returned, hops: &mut Hops) -> Result<Finished, Failed> {
    let metadata = oidc::metadata(line, hops).await?;
    let code = callback::code(line, returned, Some(&metadata.issuer), metadata.names_issuer, hops)?;
    let answer = token::redeem(line, &metadata.token, Some(&metadata.issuer), (&code, expected), hops).await?;
    let unverified = Unverified::parse(answer.id_token()?.expose(), ID_TOKEN_TYPES)?;
    let claims = Map::from(unverified.claims.clone());
    let issuer = issuer_for(&metadata.issuer, &claims);
    let rules = oidc::rules(line, &issuer, &answer, (&code, expected))?;
    let verified = oidc::check(line, &unverified, &rules, &metadata.jwks, |_| true, hops).await?;
    let directory = directory(&claims, line.settings())?;
    let (mut identity, left_out) = oidc::person(line, metadata.issuer.clone(), verified.authenticated_at, &claims, None)?;
    identity.subject = verified.subject;
    identity.email = email(&claims, directory.as_deref());
    identity.directory = directory;
    note(&identity, &left_out, hops);
    Ok(Finished { identity, tokens: answer.tokens })
}

/// Who given claims would be about.
pub(crate) fn interpret(line: &Line<'_>, claims: &Map<String, Value>) -> Result<ExternalIdentity, Failed> {
    let issuer = oidc::issuer(line)?;
    if claims.get("iss").and_then(Value::as_str) != Some(&issuer_for(issuer, claims)) {
        return Err(Failed::new(SignInProblem::TokenIssuer, "`iss` is not the connection's issuer"));
    }
    let directory = directory(claims, line.settings())?;
    let (mut identity, _) = oidc::person(line, issuer.to_owned(), None, claims, None)?;
    identity.email = email(claims, directory.as_deref());
    identity.directory = directory;
    Ok(identity)
}

/// New tokens for old.
pub(crate) async fn refresh(line: &Line<'_>, tokens: &UpstreamTokens) -> Result<UpstreamTokens, Failed> {
    let metadata = oidc::metadata(line, &mut Hops::new(line.clock())).await?;
    let proof = prove(line, &metadata.token, Some(&metadata.issuer))?;
    let answer = token::refresh(line, &metadata.token, proof, tokens).await?;
    let claims = answer.tokens.id_token.as_ref().and_then(|token| Unverified::parse(token.expose(), ID_TOKEN_TYPES).ok());
    let issuer = claims.map_or_else(|| metadata.issuer.clone(), |token| issuer_for(&metadata.issuer, &Map::from(token.claims)));
    oidc::refreshed(line, &metadata, &issuer, |_| true, tokens, answer).await
}

/// The issuer that a token with these claims may have: that of the connection, which Google also writes without its scheme.
fn issuer_for(issuer: &str, claims: &Map<String, Value>) -> String {
    let short = issuer.strip_prefix("https://").filter(|_| issuer == ISSUER);
    match claims.get("iss").and_then(Value::as_str) {
        Some(named) if Some(named) == short => named.to_owned(),
        Some(_) | None => issuer.to_owned(),
    }
}

/// The value of the parameter `hd`, where one domain alone may come.
fn domain_parameter(settings: &ConnectionSettings) -> Option<&str> {
    match settings.google.as_ref().map(|google| google.hosted_domains.as_slice()) {
        Some([only]) => Some(only),
        Some(_) | None => None,
    }
}

/// The Workspace that the person belongs to, if it may sign in here.
fn directory(claims: &Map<String, Value>, settings: &ConnectionSettings) -> Result<Option<String>, Failed> {
    let hosted = claims.get("hd").and_then(Value::as_str).filter(|hd| !hd.is_empty()).map(str::to_ascii_lowercase);
    let domains = settings.google.as_ref().map(|google| google.hosted_domains.as_slice()).unwrap_or_default();
    if domains.is_empty() {
        return Ok(hosted);
    }
    let allowed = hosted.as_ref().is_some_and(|hosted| domains.iter().any(|domain| domain.eq_ignore_ascii_case(hosted)));
    if allowed {
        return Ok(hosted);
    }
    let named = hosted.map_or_else(|| "none".to_owned(), |hosted| cut(&hosted));
    Err(Failed::new(SignInProblem::DirectoryNotAllowed, format!("the account's Workspace domain (`hd`: {named}) may not sign in here")))
}

/// The address. `directory` is what [`directory`] found.
fn email(claims: &Map<String, Value>, directory: Option<&str>) -> Option<AssertedEmail> {
    let address = claims.get("email").and_then(Value::as_str).filter(|address| !address.is_empty())?;
    let parsed = EmailAddress::parse(address).ok();
    let domain = parsed.as_ref().map(EmailAddress::domain);
    let because = if claims.get("email_verified") != Some(&Value::Bool(true)) {
        "email_verified is not true"
    } else if domain == Some("gmail.com") {
        "gmail.com"
    } else if domain.is_some() && domain == directory {
        "hd"
    } else {
        "not Google's own mailbox"
    };
    let verified = matches!(because, "gmail.com" | "hd");
    Some(AssertedEmail { address: address.to_owned(), verified, because: because.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use gantry_core::connection::GoogleSettings;
    use serde_json::json;

    fn claims(value: &Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    fn workspace(domains: &[&str]) -> ConnectionSettings {
        let hosted_domains = domains.iter().map(|domain| (*domain).to_owned()).collect();
        ConnectionSettings { google: Some(GoogleSettings { hosted_domains }), ..ConnectionSettings::default() }
    }

    #[test]
    fn the_issuer_has_googles_two_spellings_and_no_third() {
        let spelt = |iss: Value| issuer_for(ISSUER, &claims(&json!({ "iss": iss })));
        assert_eq!(spelt(json!(ISSUER)), ISSUER);
        assert_eq!(spelt(json!("accounts.google.com")), "accounts.google.com");
        for other in [json!("http://accounts.google.com"), json!("accounts.google.com/"), json!("google.com"), json!(null), json!([ISSUER])]
        {
            assert_eq!(spelt(other), ISSUER, "anything else is compared with the full spelling and fails");
        }
        let elsewhere = "https://look-alike.example";
        assert_eq!(issuer_for(elsewhere, &claims(&json!({ "iss": "look-alike.example" }))), elsewhere);
    }

    #[test]
    fn ent_08_the_claim_hd_alone_makes_a_member_of_the_workspace() {
        let corp = workspace(&["corp.example", "Other.example"]);
        let found = |hd: Value| directory(&claims(&json!({ "hd": hd, "email": "ann@corp.example", "email_verified": true })), &corp);
        assert_eq!(found(json!("corp.example")).unwrap().as_deref(), Some("corp.example"));
        assert_eq!(found(json!("CORP.example")).unwrap().as_deref(), Some("corp.example"));
        assert_eq!(found(json!("other.example")).unwrap().as_deref(), Some("other.example"));
        for hd in [
            json!(null),
            json!(""),
            json!("evil.example"),
            json!(["corp.example"]),
            json!("corp.example.evil"),
            json!({ "hd": "corp.example" }),
        ] {
            assert_eq!(found(hd.clone()).unwrap_err().problem, SignInProblem::DirectoryNotAllowed, "{hd}");
        }
        let missing = directory(&claims(&json!({ "email": "ann@corp.example", "email_verified": true })), &corp);
        assert_eq!(missing.unwrap_err().problem, SignInProblem::DirectoryNotAllowed);
        let anybody = ConnectionSettings::default();
        assert_eq!(directory(&claims(&json!({ "email": "ann@corp.example" })), &anybody).unwrap(), None);
        assert_eq!(directory(&claims(&json!({ "hd": ["corp.example"] })), &anybody).unwrap(), None);
    }

    #[test]
    fn an_address_counts_where_google_runs_the_mailbox() {
        let judged = |email: &str, verified: Value, hd: Option<&str>| {
            super::email(&claims(&json!({ "email": email, "email_verified": verified })), hd).unwrap().verified
        };
        assert!(judged("ann@gmail.com", json!(true), None));
        assert!(judged("Ann@GMAIL.com", json!(true), None));
        assert!(judged("ann@corp.example", json!(true), Some("corp.example")));
        assert!(!judged("ann@corp.example", json!(true), None));
        assert!(!judged("ann@second.example", json!(true), Some("corp.example")));
        assert!(!judged("ann@evilgmail.com", json!(true), None));
        assert!(!judged("ann@corp.example@gmail.com", json!(true), None));
        for unverified in [json!(false), json!("true"), json!(1), json!(null)] {
            assert!(!judged("ann@gmail.com", unverified.clone(), None), "{unverified}");
            assert!(!judged("ann@corp.example", unverified, Some("corp.example")));
        }
        assert!(super::email(&claims(&json!({ "email": ["ann@gmail.com"], "email_verified": true })), None).is_none());
        assert!(super::email(&claims(&json!({ "email_verified": true })), None).is_none());
    }

    #[test]
    fn google_is_told_the_domain_where_there_is_one() {
        assert_eq!(domain_parameter(&workspace(&["corp.example"])), Some("corp.example"));
        assert_eq!(domain_parameter(&workspace(&["corp.example", "other.example"])), None);
        assert_eq!(domain_parameter(&ConnectionSettings::default()), None);
    }
}
