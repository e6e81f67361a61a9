//! `private_key_jwt`: an assertion that the client signed (RFC 7523 §2.2, OpenID Connect Core §9).

use std::time::Duration;

use gantry_core::client::Client;
use gantry_core::clock::Timestamp;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::jose::strict::StrictObject;
use gantry_core::parameters::Parameters;
use gantry_core::secret::{Digest, Secret};

use super::{ClientAuthenticator, Presented, Proof, refused};
use crate::client_request::ClientRequest;
use crate::jose::foreign::{ForeignKeys, Unverified};

/// The one `client_assertion_type` (RFC 7523 §2.2).
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// The values of `typ` that an assertion may have; most have `JWT`, newer ones the second.
const TYPES: &[&str] = &["JWT", "client-authentication+jwt"];
/// How far ahead of ours a client's clock may be.
const LEEWAY: Duration = Duration::from_secs(15);
/// The longest life of an assertion: so long is its `jti` remembered.
const MAX_LIFE: Duration = Duration::from_mins(5);

/// Whether the form has an assertion, or says that it has.
pub(super) fn is_presented(parameters: &Parameters) -> bool {
    parameters.get("client_assertion").is_some() || parameters.get("client_assertion_type").is_some()
}

/// Reads the assertion and whose it claims to be.
pub(super) fn read(parameters: &Parameters) -> Result<Presented, Refusal> {
    if parameters.get("client_assertion_type") != Some(ASSERTION_TYPE) {
        return Err(refused("`client_assertion_type` is missing or unknown"));
    }
    let assertion = parameters.secret("client_assertion").ok_or_else(|| refused("`client_assertion` is missing"))?;
    let client_id = Unverified::parse(assertion.expose(), TYPES)
        .and_then(|unverified| unverified.claimed_subject().map(ToOwned::to_owned))
        .ok_or_else(|| refused("the assertion is not a JWT that could be ours to check"))?;
    Ok(Presented { client_id, proof: Proof::Assertion(assertion) })
}

/// Checks signature and claims, then uses the assertion up: it works once, on any node, and the
/// row that says so is written before anything else is.
pub(super) async fn check(
    authenticator: &ClientAuthenticator,
    request: ClientRequest<'_>,
    client: &Client,
    assertion: &Secret,
    now: Timestamp,
) -> Result<(), Failure> {
    let unverified = Unverified::parse(assertion.expose(), TYPES).ok_or_else(|| refused("the assertion cannot be read"))?;
    let keys = keys(authenticator, client, unverified.kid(), now).await?;
    let claims = unverified.verify(&keys).ok_or_else(|| refused("none of the client's keys signed the assertion"))?;
    let (realm, address) = (request.realm.realm(), request.realm.address);
    let [token, alias] = authenticator.paths.token_urls(realm, address);
    let audiences = [address.issuer(), token, alias];
    let (jti, expires_at) = check_claims(&claims, &client.client_id, &audiences, now).map_err(refused)?;
    // Only a digest is kept, since the text is whatever the client likes.
    let jti = Digest::of(jti.as_bytes()).to_text();
    let fresh =
        authenticator.store.transact(request.realm.id(), async |tx| Ok(tx.assertions().record(client.id, &jti, expires_at).await?)).await?;
    if fresh { Ok(()) } else { Err(refused("the assertion was used before").into()) }
}

async fn keys(authenticator: &ClientAuthenticator, client: &Client, kid: Option<&str>, now: Timestamp) -> Result<ForeignKeys, Failure> {
    let unusable = |_| refused("the client's key set cannot be read");
    if let Some(document) = &client.jwks {
        return Ok(ForeignKeys::parse(document).map_err(unusable)?);
    }
    let Some(uri) = &client.jwks_uri else {
        return Err(refused("the client has no keys").into());
    };
    let fetched = authenticator.jwks.find(&client.id.to_string(), uri, kid, now).await;
    let set = fetched.map_err(|error| {
        Refusal::new(ErrorCode::InvalidClient, "client authentication failed")
            .detail(format!("the client's key set could not be fetched: {error}"))
    })?;
    Ok(ForeignKeys::parse(&set.document).map_err(unusable)?)
}

/// The claims of RFC 7523 §3; gives the `jti` and when it may be forgotten.
fn check_claims<'c>(
    claims: &'c StrictObject,
    client_id: &str,
    audiences: &[String],
    now: Timestamp,
) -> Result<(&'c str, Timestamp), &'static str> {
    let is_client = |name: &str| claims.text(name) == Ok(Some(client_id));
    if !is_client("iss") || !is_client("sub") {
        return Err("`iss` and `sub` of the assertion are not both the client");
    }
    let named = claims.texts("aud").unwrap_or_default();
    // One audience that is not ours would make the assertion good for somebody else as well.
    if named.is_empty() || !named.iter().all(|audience| audiences.iter().any(|own| own == audience)) {
        return Err("`aud` of the assertion is neither the issuer nor the token endpoint");
    }
    let expires_at = claims.date("exp").ok().flatten().ok_or("`exp` of the assertion is missing or no date")?;
    if expires_at <= now {
        return Err("the assertion has expired");
    }
    if expires_at > now.plus(MAX_LIFE).plus(LEEWAY) {
        return Err("the assertion lives longer than five minutes");
    }
    for name in ["iat", "nbf"] {
        let date = claims.date(name).or(Err("`iat` or `nbf` of the assertion is no date"))?;
        if date.is_some_and(|date| date > now.plus(LEEWAY)) {
            return Err("the assertion is not valid yet");
        }
    }
    let jti = claims.text("jti").ok().flatten().filter(|jti| (1..=256).contains(&jti.len()));
    Ok((jti.ok_or("`jti` of the assertion is missing or too long")?, expires_at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const NOW: i64 = 1_800_000_000;

    fn judge(change: impl FnOnce(&mut Value)) -> Result<(), &'static str> {
        let mut claims = json!({
            "iss": "app", "sub": "app", "aud": "https://id.example", "exp": NOW + 60, "iat": NOW, "jti": "1",
        });
        change(&mut claims);
        let claims: StrictObject = serde_json::from_value(claims).unwrap();
        let audiences = ["https://id.example".to_owned(), "https://id.example/oauth/token".to_owned()];
        check_claims(&claims, "app", &audiences, Timestamp::from_seconds(NOW)).map(|_| ())
    }

    #[test]
    fn an_ordinary_assertion_passes() {
        assert_eq!(judge(|_| {}), Ok(()));
        assert_eq!(judge(|claims| claims["aud"] = json!("https://id.example/oauth/token")), Ok(()));
        assert_eq!(judge(|claims| claims["aud"] = json!(["https://id.example", "https://id.example/oauth/token"])), Ok(()));
        assert_eq!(judge(|claims| claims["iat"] = json!(NOW + 8)), Ok(()));
        assert_eq!(judge(|claims| claims["exp"] = json!(NOW + 300)), Ok(()));
    }

    #[test]
    fn cli_04_another_audience_is_refused() {
        for audience in
            [json!("https://other.example"), json!(["https://id.example", "https://other.example"]), json!([]), Value::Null, json!(1)]
        {
            assert!(judge(|claims| claims["aud"] = audience.clone()).is_err(), "{audience}");
        }
    }

    #[test]
    fn cli_07_times_are_strict() {
        for exp in
            [json!(NOW), json!(NOW - 60), json!(NOW + 48 * 3600), json!(NOW + 316), json!("1800000060"), json!(-1), Value::Null, json!(1.5)]
        {
            assert!(judge(|claims| claims["exp"] = exp.clone()).is_err(), "{exp}");
        }
        assert!(judge(|claims| drop(claims.as_object_mut().unwrap().remove("exp"))).is_err());
        for name in ["iat", "nbf"] {
            for date in [json!(NOW + 61), json!("1800000000"), Value::Null, json!(true)] {
                assert!(judge(|claims| claims[name] = date.clone()).is_err(), "{name} {date}");
            }
        }
    }

    #[test]
    fn cli_08_issuer_and_subject_are_the_client() {
        assert!(judge(|claims| claims["iss"] = json!("other")).is_err());
        assert!(judge(|claims| claims["sub"] = json!("other")).is_err());
        assert!(judge(|claims| claims["jti"] = json!("")).is_err());
        assert!(judge(|claims| claims["jti"] = json!(1)).is_err());
    }
}
