//! GitHub, on github.com or an Enterprise Server: OAuth 2.0 with two addresses to ask, one for the person and one for
//! their addresses.
//!
//! Owns who the answer of `/user` is about and which of the addresses counts. The key is the numeric `id`: a login can
//! be renamed, and then be taken by somebody else (attack catalogue ENT-10). The address that `/user` shows is
//! whatever its owner wants to show; only the entry of `/user/emails` that is `primary` and `verified` counts, and never
//! an address to which nobody can write (ENT-11).
//!
//! An Enterprise Server is named by its endpoints; identities are then kept under its own origin.
//!
//! Sources: GitHub REST API, «Get the authenticated user» and «Emails» (scope `user:email`); «Authorizing OAuth apps»;
//! «Troubleshooting OAuth app access token request errors».

use gantry_core::connection::{ConnectionSettings, UpstreamEndpoints};
use gantry_core::external_identity::{AssertedEmail, ExternalIdentity, UpstreamTokens};
use gantry_core::sign_in_trace::{HopKind, SignInProblem};
use serde_json::{Map, Value, json};
use url::Url;

use crate::claims::{Mapping, note};
use crate::connector::{Expected, Failed, Finished, Hops, Returned};
use crate::line::Line;
use crate::outbound::{Answer, Call};
use crate::provider::oauth2;

/// What stands for the issuer on github.com.
const ISSUER: &str = "https://github.com";
/// The address of the person on github.com.
const USER: &str = "https://api.github.com/user";
/// The most addresses that are looked at.
const MAX_ADDRESSES: usize = 200;

/// Who came back.
pub(crate) async fn finish(line: &Line<'_>, expected: &Expected, returned: &Returned, hops: &mut Hops) -> Result<Finished, Failed> {
    let endpoints = oauth2::endpoints(line)?;
    let tokens = oauth2::redeem(line, &endpoints, expected, returned, hops).await?;
    let user = oauth2::who(line, endpoints.userinfo, &tokens, hops).await?;
    let subject = subject(&user)?;
    let emails = emails(line, &tokens, hops).await?;
    let mapped = Mapping::new(&line.settings().claims, line.defaults).map(&user, None)?;
    let (mut identity, left_out) = mapped.into_identity(issuer(line.settings()));
    identity.subject = subject;
    identity.email = email(&emails);
    note(&identity, &left_out, hops);
    Ok(Finished { identity, tokens })
}

/// Who given claims would be about: the answer of `/user`, that of `/user/emails` in it as `emails`.
pub(crate) fn interpret(line: &Line<'_>, claims: &Map<String, Value>) -> Result<ExternalIdentity, Failed> {
    let mapped = Mapping::new(&line.settings().claims, line.defaults).map(claims, None)?;
    let (mut identity, _) = mapped.into_identity(issuer(line.settings()));
    identity.subject = subject(claims)?;
    identity.email = claims.get("emails").and_then(email);
    Ok(identity)
}

/// Asks for the person's addresses. Whoever may not see them learns of none; any other failure is one, because an error is
/// not an empty list.
async fn emails(line: &Line<'_>, tokens: &UpstreamTokens, hops: &mut Hops) -> Result<Value, Failed> {
    let bad = |detail: &str| Failed::new(SignInProblem::BadAnswer, detail);
    let token = tokens.access_token.as_ref().ok_or_else(|| bad("the token answer has no access token"))?;
    let address = emails_address(&line.settings().endpoints);
    let answer = line.send(Call::get(&address).bearer(token).accept("application/vnd.github+json")).await?;
    hops.add(HopKind::Userinfo, json!({ "asked": "addresses", "status": answer.status }));
    match answer {
        Answer { status: 200, is_json: true, body } => serde_json::from_slice(&body).or(Err(bad("the list of addresses is not JSON"))),
        Answer { status: 403 | 404, .. } => Ok(Value::Null),
        Answer { status, .. } => Err(bad(&format!("the list of addresses came with the status {status}"))),
    }
}

/// What stands for the issuer: `issuer` where it is set, the origin of an Enterprise Server, or github.com.
fn issuer(settings: &ConnectionSettings) -> String {
    let server = settings.endpoints.authorization.as_deref().and_then(|address| Url::parse(address).ok());
    let own = server.map(|address| address.origin().ascii_serialization());
    settings.issuer.clone().or(own).unwrap_or_else(|| ISSUER.to_owned())
}

/// Where the person's addresses are listed: beside the person, unless the settings say otherwise.
fn emails_address(endpoints: &UpstreamEndpoints) -> String {
    let beside = || format!("{}/emails?per_page=100", endpoints.userinfo.as_deref().unwrap_or(USER).trim_end_matches('/'));
    endpoints.emails.clone().unwrap_or_else(beside)
}

/// The key of the person: the numeric id.
fn subject(user: &Map<String, Value>) -> Result<String, Failed> {
    let id = user.get("id").and_then(Value::as_u64).filter(|id| *id > 0);
    id.map(|id| id.to_string()).ok_or_else(|| Failed::new(SignInProblem::BadSubject, "`id` is not a person's number"))
}

/// The address, from the list of addresses: the primary one, verified if GitHub says so. None if nobody can write there,
/// or if the list is not one or has several that are primary.
fn email(emails: &Value) -> Option<AssertedEmail> {
    let list = emails.as_array()?;
    let mut primary = list.iter().take(MAX_ADDRESSES).filter(|entry| entry.get("primary") == Some(&Value::Bool(true)));
    let (Some(entry), None) = (primary.next(), primary.next()) else { return None };
    let address = entry.get("email").and_then(Value::as_str).filter(|address| !address.is_empty() && !is_noreply(address))?;
    let verified = entry.get("verified") == Some(&Value::Bool(true));
    let because = if verified { "primary and verified" } else { "not verified at GitHub" };
    Some(AssertedEmail { address: address.to_owned(), verified, because: because.to_owned() })
}

/// Whether GitHub made the address up so that the real one stays hidden: `…@users.noreply.github.com`, or the like on an
/// Enterprise Server.
fn is_noreply(address: &str) -> bool {
    let address = address.to_ascii_lowercase();
    address.rsplit_once('@').is_some_and(|(local, domain)| local == "noreply" || domain.split('.').any(|label| label == "noreply"))
}

/// What GitHub's own error words mean; it answers them with status 200.
pub(crate) fn explain(error: &str) -> Option<(SignInProblem, String)> {
    let (problem, detail) = match error {
        "incorrect_client_credentials" => (SignInProblem::ClientRejected, "the client id or the secret is wrong"),
        "redirect_uri_mismatch" => (SignInProblem::ClientRejected, "the callback address is not registered with the app"),
        "application_suspended" => (SignInProblem::ClientRejected, "the app is suspended at GitHub"),
        "bad_verification_code" => (SignInProblem::CodeRejected, "the code is wrong or too old"),
        "unverified_user_email" => (SignInProblem::NoAddress, "the person has no verified address at GitHub"),
        _ => return None,
    };
    Some((problem, detail.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn user(value: &Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn ent_10_the_number_is_the_key_and_the_login_is_not() {
        let before = user(&json!({ "id": 583_231, "login": "octocat" }));
        let renamed = user(&json!({ "id": 583_231, "login": "monalisa" }));
        let successor = user(&json!({ "id": 999, "login": "octocat" }));
        assert_eq!(subject(&before).unwrap(), "583231");
        assert_eq!(subject(&before).unwrap(), subject(&renamed).unwrap());
        assert_ne!(subject(&before).unwrap(), subject(&successor).unwrap());
        for id in [json!(null), json!("583231"), json!(0), json!(-1), json!(1.5), json!([1]), json!(true)] {
            let failed = subject(&user(&json!({ "id": id, "login": "octocat" }))).unwrap_err();
            assert_eq!(failed.problem, SignInProblem::BadSubject, "{id}");
        }
        assert!(subject(&user(&json!({ "login": "octocat" }))).is_err());
    }

    #[test]
    fn ent_11_only_the_primary_verified_address_of_the_list_counts() {
        let other = json!({ "email": "other@corp.example", "primary": false, "verified": true });
        let judged = |entry: Value| email(&json!([other, entry])).map(|email| (email.address, email.verified));
        let ann = |verified: Value| json!({ "email": "ann@corp.example", "primary": true, "verified": verified });
        assert_eq!(judged(ann(json!(true))), Some(("ann@corp.example".to_owned(), true)));
        for unverified in [json!(false), json!("true"), json!(1), json!(null)] {
            assert_eq!(judged(ann(unverified.clone())), Some(("ann@corp.example".to_owned(), false)), "{unverified}");
        }
        for nobody in
            ["583231+octocat@users.noreply.github.com", "octocat@Users.NoReply.GitHub.com", "noreply@github.com", "x@noreply.ghe.example"]
        {
            assert_eq!(judged(json!({ "email": nobody, "primary": true, "verified": true })), None, "{nobody}");
        }
        assert_eq!(email(&json!([other])), None, "verified alone is not enough");
        assert_eq!(judged(json!({ "email": "ann@corp.example", "primary": "true", "verified": true })), None);
        assert_eq!(email(&json!([ann(json!(true)), ann(json!(true))])), None, "two primaries are none");
        for odd in [json!({}), json!("ann@corp.example"), json!(null), json!([]), json!(["ann@corp.example"])] {
            assert_eq!(email(&odd), None, "{odd}");
        }
    }

    #[test]
    fn an_enterprise_server_is_another_issuer() {
        assert_eq!(issuer(&ConnectionSettings::default()), "https://github.com");
        assert_eq!(emails_address(&UpstreamEndpoints::default()), "https://api.github.com/user/emails?per_page=100");
        let endpoints = UpstreamEndpoints {
            authorization: Some("https://ghe.example/login/oauth/authorize".to_owned()),
            userinfo: Some("https://ghe.example/api/v3/user".to_owned()),
            ..UpstreamEndpoints::default()
        };
        assert_eq!(emails_address(&endpoints), "https://ghe.example/api/v3/user/emails?per_page=100");
        assert_eq!(issuer(&ConnectionSettings { endpoints, ..ConnectionSettings::default() }), "https://ghe.example");
    }
}
