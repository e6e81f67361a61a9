//! Sign in with Apple: OpenID Connect with a secret that Gantry signs itself and an answer by `form_post`.
//!
//! Owns that secret, the name that Apple tells once, and what its address claims mean. The key is `sub`, which is
//! the same for all apps of the developer team.
//!
//! - The client secret is a JWT of five minutes (Apple allows six months), signed with ES256 by the connection's private key
//!   and made anew for each request, so that no long-lived one lies anywhere.
//! - The name comes beside the code as the parameter `user`, at the person's first sign-in only and signed by nobody: it
//!   is a suggestion for the profile. The address in there is not looked at.
//! - Apple documents `email_verified` and `is_private_email` as «a string or Boolean value». So here, and at this
//!   provider alone, the text `true` counts as `true` (attack catalogue FED-11 holds for all others).
//! - A private relay address is one that Apple forwards until the person stops it. It counts as verified, and the trace
//!   says that it is one.
//!
//! Sources: Apple, «Sign in with Apple REST API»: «Creating a client secret», «Generate and validate tokens»,
//! «Authenticating users with Sign in with Apple», «Communicating using the private email relay service».

use std::time::Duration;

use gantry_core::clock::Timestamp;
use gantry_core::connection::ConnectionSecrets;
use gantry_core::connection::ConnectionSettings;
use gantry_core::external_identity::{AssertedEmail, ExternalIdentity};
use gantry_core::secret::Secret;
use gantry_core::sign_in_trace::SignInProblem;
use gantry_core::user::Profile;
use jsonwebtoken::Algorithm;
use serde_json::{Map, Value, json};
use url::Url;

use crate::assertion::AssertionKey;
use crate::authorization::authorization_url_with;
use crate::callback;
use crate::claims::note;
use crate::connector::{Ask, Expected, Failed, Finished, Hops, Returned};
use crate::line::Line;
use crate::provider::oidc;
use crate::token;

/// The issuer, and the audience of the client secret.
const ISSUER: &str = "https://appleid.apple.com";
/// How long a client secret is good.
const SECRET_LIFETIME: Duration = Duration::from_mins(5);
/// The longest part of a name, in characters.
const MAX_NAME: usize = 100;

/// Where the browser has to go. Apple demands that the answer is posted where a name or an address is asked for.
pub(crate) async fn begin(line: &Line<'_>, ask: &Ask, hops: &mut Hops) -> Result<Url, Failed> {
    let metadata = oidc::metadata(line, hops).await?;
    authorization_url_with(line, &metadata.authorization, ask, &[("response_mode", "form_post")], hops)
}

/// Who came back.
pub(crate) async fn finish(line: &Line<'_>, expected: &Expected, returned: &Returned, hops: &mut Hops) -> Result<Finished, Failed> {
    let metadata = oidc::metadata(line, hops).await?;
    let code = callback::code(line, returned, Some(&metadata.issuer), metadata.names_issuer, hops)?;
    let answer = token::redeem(line, &metadata.token, Some(&metadata.issuer), (&code, expected), hops).await?;
    let verified = oidc::id_token(line, &metadata, &answer, (&code, expected), hops).await?;
    let claims = Map::from(verified.claims);
    let (mut identity, left_out) = oidc::person(line, metadata.issuer.clone(), verified.authenticated_at, &claims, None)?;
    identity.subject = verified.subject;
    identity.email = email(&claims);
    identity.profile = profile(returned.parameters.get("user"));
    note(&identity, &left_out, hops);
    Ok(Finished { identity, tokens: answer.tokens })
}

/// Who given claims would be about.
pub(crate) fn interpret(line: &Line<'_>, claims: &Map<String, Value>) -> Result<ExternalIdentity, Failed> {
    let (mut identity, _) = oidc::person(line, oidc::issuer(line)?.to_owned(), None, claims, None)?;
    identity.email = email(claims);
    Ok(identity)
}

/// A client secret for one request to Apple's token endpoint.
pub(crate) fn client_secret(settings: &ConnectionSettings, secrets: &ConnectionSecrets, now: Timestamp) -> Result<Secret, Failed> {
    let misconfigured = |detail: String| Failed::new(SignInProblem::Misconfigured, detail);
    let apple = settings.apple.as_ref().filter(|apple| !apple.team_id.is_empty() && !apple.key_id.is_empty());
    let apple = apple.ok_or_else(|| misconfigured("the team or the key is not named".to_owned()))?;
    let client_id = settings.client_id.as_deref().ok_or_else(|| misconfigured("there is no client id".to_owned()))?;
    let claims = json!({
        "iss": apple.team_id,
        "sub": client_id,
        "aud": settings.issuer.as_deref().unwrap_or(ISSUER),
        "iat": now.seconds(),
        "exp": now.plus(SECRET_LIFETIME).seconds(),
    });
    let key = secrets.private_key.as_ref().ok_or_else(|| misconfigured("there is no private key".to_owned()))?;
    let key = AssertionKey::read(key)?;
    if key.algorithm() != Algorithm::ES256 {
        return Err(misconfigured("Apple's keys are P-256, and the connection's is not".to_owned()));
    }
    key.sign(Map::from_iter([("kid".to_owned(), json!(apple.key_id))]), &claims)
}

/// The address.
fn email(claims: &Map<String, Value>) -> Option<AssertedEmail> {
    let address = claims.get("email").and_then(Value::as_str).filter(|address| !address.is_empty())?;
    let verified = is_true(claims.get("email_verified"));
    let because = match (verified, is_true(claims.get("is_private_email"))) {
        (true, true) => "private relay",
        (true, false) => "email_verified",
        (false, _) => "email_verified is not true",
    };
    Some(AssertedEmail { address: address.to_owned(), verified, because: because.to_owned() })
}

/// Apple's two forms of yes.
fn is_true(value: Option<&Value>) -> bool {
    value.is_some_and(|value| value.as_bool() == Some(true) || value.as_str() == Some("true"))
}

/// The name in the parameter `user`, which comes once; an empty profile if there is none or it is odd.
fn profile(user: Option<&str>) -> Profile {
    let parsed: Option<Value> = user.and_then(|user| serde_json::from_str(user).ok());
    let part = |name: &str| {
        let text = parsed.as_ref()?.get("name")?.get(name)?.as_str()?.trim();
        let fits = !text.is_empty() && text.chars().count() <= MAX_NAME && !text.chars().any(char::is_control);
        fits.then(|| text.to_owned())
    };
    let (given_name, family_name) = (part("firstName"), part("lastName"));
    let parts: Vec<&str> = [&given_name, &family_name].into_iter().flatten().map(String::as_str).collect();
    let name = (!parts.is_empty()).then(|| parts.join(" "));
    Profile { name, given_name, family_name, ..Profile::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credential::tests::certified;
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use gantry_core::connection::AppleSettings;
    use jsonwebtoken::DecodingKey;

    /// A part of a JWT.
    fn part(token: &str, index: usize) -> Value {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(index).unwrap()).unwrap()).unwrap()
    }

    fn settings() -> ConnectionSettings {
        ConnectionSettings {
            client_id: Some("com.example.web".to_owned()),
            apple: Some(AppleSettings { team_id: "TEAM123456".to_owned(), key_id: "KEY1234567".to_owned() }),
            ..ConnectionSettings::default()
        }
    }

    #[test]
    fn the_secret_is_signed_by_the_connections_key_and_short() {
        let pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
        let secrets = ConnectionSecrets { private_key: Some(Secret::new(pair.serialize_pem())), ..ConnectionSecrets::default() };
        let now = Timestamp::from_seconds(1_800_000_000);
        let secret = client_secret(&settings(), &secrets, now).unwrap();
        let key = DecodingKey::from_ec_pem(pair.public_key_pem().as_bytes()).unwrap();
        let (message, signature) = secret.expose().rsplit_once('.').unwrap();
        assert!(jsonwebtoken::crypto::verify(signature, message.as_bytes(), &key, Algorithm::ES256).unwrap());
        assert_eq!(part(secret.expose(), 0), json!({ "alg": "ES256", "kid": "KEY1234567" }));
        let claims = json!({
            "iss": "TEAM123456", "sub": "com.example.web", "aud": "https://appleid.apple.com",
            "iat": 1_800_000_000, "exp": 1_800_000_300,
        });
        assert_eq!(part(secret.expose(), 1), claims);
    }

    #[test]
    fn without_team_key_or_a_curve_there_is_no_secret() {
        let good = certified(&rcgen::PKCS_ECDSA_P256_SHA256);
        let rsa = certified(&rcgen::PKCS_RSA_SHA256);
        let now = Timestamp::from_seconds(0);
        let problem =
            |settings: &ConnectionSettings, secrets: &ConnectionSecrets| client_secret(settings, secrets, now).unwrap_err().problem;
        let no_team = ConnectionSettings { apple: None, ..settings() };
        let no_client = ConnectionSettings { client_id: None, ..settings() };
        assert_eq!(problem(&no_team, &good), SignInProblem::Misconfigured);
        assert_eq!(problem(&no_client, &good), SignInProblem::Misconfigured);
        assert_eq!(problem(&settings(), &rsa), SignInProblem::Misconfigured);
        assert_eq!(problem(&settings(), &ConnectionSecrets::default()), SignInProblem::Misconfigured);
    }

    #[test]
    fn an_address_counts_in_apples_two_forms_of_true() {
        let judged = |value: Value| email(value.as_object().unwrap()).map(|email| (email.verified, email.because));
        for yes in [json!(true), json!("true")] {
            let address = json!({ "email": "ann@corp.example", "email_verified": yes });
            assert_eq!(judged(address), Some((true, "email_verified".to_owned())));
            let relay = json!({ "email": "x@privaterelay.appleid.com", "email_verified": true, "is_private_email": yes });
            assert_eq!(judged(relay), Some((true, "private relay".to_owned())));
        }
        for no in [json!(false), json!("false"), json!("TRUE"), json!(1), json!("1"), json!(null), json!([true])] {
            let address = json!({ "email": "ann@corp.example", "email_verified": no });
            assert!(!judged(address).unwrap().0, "{no}");
        }
        assert_eq!(judged(json!({ "email_verified": true })), None);
    }

    #[test]
    fn the_name_is_taken_from_the_callback_and_nothing_else_is() {
        let told = profile(Some(r#"{"name":{"firstName":"Ann","lastName":" Bell "},"email":"victim@corp.example"}"#));
        let expected = Profile {
            name: Some("Ann Bell".to_owned()),
            given_name: Some("Ann".to_owned()),
            family_name: Some("Bell".to_owned()),
            ..Profile::default()
        };
        assert_eq!(told, expected);
        assert_eq!(profile(Some(r#"{"name":{"firstName":"Ann"}}"#)).name.as_deref(), Some("Ann"));
        let long = format!(r#"{{"name":{{"firstName":"{}"}}}}"#, "x".repeat(101));
        for odd in ["", "[]", "{}", r#"{"name":"Ann"}"#, r#"{"name":{"firstName":1}}"#, r#"{"name":{"firstName":"a\nb"}}"#, &long] {
            assert_eq!(profile(Some(odd)), Profile::default(), "{odd}");
        }
        assert_eq!(profile(None), Profile::default());
    }
}
