//! Checks what an issuer signed, with its published keys and nothing else.
//!
//! Owns the order of the checks of a JWT (RFC 8725 §3, RFC 9068 §4). Never asks about a single
//! token; whether one was revoked shows when it expires.

use jsonwebtoken::jwk::{Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation};
use serde::de::DeserializeOwned;

use crate::issuer::{Issuer, Silent};

/// What the samples accept. Never a symmetric algorithm: the key would be public.
const ALGORITHMS: [Algorithm; 3] = [Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA];
/// Stands for a token without a type among the types that are expected.
pub(crate) const UNTYPED: &str = "";
/// How far the clocks of two machines may be apart, in seconds.
const LEEWAY: u64 = 5;

/// Why a token is not believed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Distrust {
    /// The token does not hold, worded to follow "The token".
    #[error("{0}")]
    Invalid(&'static str),
    /// Nobody can tell: the issuer's keys cannot be had.
    #[error("cannot be checked: its issuer {0}")]
    Unknown(#[from] Silent),
}

/// The claims of a token, if this issuer signed it, for this audience, as one of these types.
pub(crate) async fn verify<C: DeserializeOwned + Clone>(
    issuer: &Issuer,
    token: &str,
    types: &[&str],
    audience: &str,
) -> Result<C, Distrust> {
    let header = jsonwebtoken::decode_header(token).or(Err(Distrust::Invalid("is not a signed JWT")))?;
    let kid = check_header(&header, types)?;
    let jwk = issuer.key(kid).await?.ok_or(Distrust::Invalid("is signed with a key that its issuer does not publish"))?;
    let key = usable(&jwk, header.alg)?;
    let mut validation = Validation::new(header.alg);
    validation.set_issuer(&[issuer.url()]);
    validation.set_audience(&[audience]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    validation.validate_nbf = true;
    validation.leeway = LEEWAY;
    match jsonwebtoken::decode(token, &key, &validation) {
        Ok(data) => Ok(data.claims),
        Err(error) => Err(Distrust::Invalid(in_words(error.kind()))),
    }
}

/// The name of the key, if the header is one that is understood in full.
fn check_header<'h>(header: &'h Header, types: &[&str]) -> Result<&'h str, Distrust> {
    // RFC 7515 §4.1.11: an extension that is not understood makes the token invalid.
    if header.crit.is_some() {
        return Err(Distrust::Invalid("has an extension that is not understood"));
    }
    let typ = header.typ.as_deref().unwrap_or(UNTYPED);
    if !types.iter().any(|known| known.eq_ignore_ascii_case(typ)) {
        return Err(Distrust::Invalid("is not of the expected type"));
    }
    if !ALGORITHMS.contains(&header.alg) {
        return Err(Distrust::Invalid("is signed with an algorithm that is not accepted"));
    }
    header.kid.as_deref().ok_or(Distrust::Invalid("does not name its key"))
}

/// The key, if its owner published it for signatures of this kind.
fn usable(jwk: &Jwk, algorithm: Algorithm) -> Result<DecodingKey, Distrust> {
    let for_signatures = jwk.common.public_key_use.as_ref().is_none_or(|usage| *usage == PublicKeyUse::Signature);
    let named = format!("{algorithm:?}");
    let for_algorithm = jwk.common.key_algorithm.is_none_or(|enrolled| enrolled.to_string() == named);
    let key = DecodingKey::from_jwk(jwk).ok().filter(|_| for_signatures && for_algorithm);
    key.ok_or(Distrust::Invalid("is signed with a key that is not meant for it"))
}

fn in_words(kind: &jsonwebtoken::errors::ErrorKind) -> &'static str {
    use jsonwebtoken::errors::ErrorKind;
    if matches!(kind, ErrorKind::ExpiredSignature) {
        return "has expired";
    }
    if matches!(kind, ErrorKind::InvalidAudience) {
        return "is for another API";
    }
    if matches!(kind, ErrorKind::InvalidIssuer) {
        return "comes from another issuer";
    }
    if matches!(kind, ErrorKind::InvalidSignature) {
        return "has a signature that does not hold";
    }
    "does not hold"
}
