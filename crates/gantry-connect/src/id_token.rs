//! ID tokens and logout tokens of providers: what is believed of them, and why not.
//!
//! Owns the checks of OpenID Connect Core §3.1.3.7. Header and types are read strictly here, because a member of
//! the wrong type is not an absent one (attack catalogue JWT-05, JWT-07); signature, issuer, audience, end and
//! nonce are then judged by the `openidconnect` verifier over the provider's own keys, never over a key that the
//! token brings along (JWT-03). No function here asks anybody anything.

use std::time::{Duration, UNIX_EPOCH};

use aws_lc_rs::digest::{SHA256, SHA512, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gantry_core::clock::Timestamp;
use gantry_core::jose::Compact;
use gantry_core::jose::strict::StrictObject;
use gantry_core::secret::{Secret, constant_time_eq};
use gantry_core::sign_in_trace::SignInProblem;
use gantry_core::signing_algorithm::SigningAlgorithm;
use openidconnect::core::{CoreIdToken, CoreIdTokenVerifier, CoreJsonWebKey};
use openidconnect::{ClaimsVerificationError, ClientId, IssuerUrl, JsonWebKey, Nonce};

use crate::connector::Failed;
use crate::keys::{ProviderKeys, algorithm};
use crate::plain::cut;

/// How far the provider's clock may be from ours.
pub const LEEWAY: Duration = Duration::from_mins(1);
/// The values of `typ` that an ID token may have; none at all fits too.
pub(crate) const ID_TOKEN_TYPES: &[&str] = &["JWT", "application/jwt"];

/// A token that nobody has vouched for yet. Its claims say only which rules and keys to judge it by.
#[derive(Debug)]
pub(crate) struct Unverified<'t> {
    text: &'t str,
    compact: Compact<'t>,
    pub(crate) algorithm: SigningAlgorithm,
    pub(crate) kid: Option<String>,
    pub(crate) claims: StrictObject,
}

/// What an ID token has to be.
#[derive(Debug, Clone)]
pub(crate) struct Rules<'r> {
    pub(crate) issuer: &'r str,
    pub(crate) client_id: &'r str,
    pub(crate) algorithms: &'r [SigningAlgorithm],
    /// What it must repeat; none where it comes without a conversation, as at a refresh.
    pub(crate) nonce: Option<&'r str>,
    pub(crate) max_age: Option<u32>,
    pub(crate) access_token: Option<&'r Secret>,
    pub(crate) code: Option<&'r str>,
    pub(crate) now: Timestamp,
}

/// An ID token of which every check has passed.
#[derive(Debug, Clone)]
pub(crate) struct Verified {
    pub(crate) claims: StrictObject,
    pub(crate) subject: String,
    pub(crate) authenticated_at: Option<Timestamp>,
}

fn malformed(detail: impl Into<String>) -> Failed {
    Failed::new(SignInProblem::TokenMalformed, detail)
}

impl<'t> Unverified<'t> {
    /// Reads a compact JWS of one of these types, signed in one of the ways that Gantry knows.
    pub(crate) fn parse(text: &'t str, types: &[&str]) -> Result<Self, Failed> {
        let compact = Compact::split(text).ok_or_else(|| malformed("the token is too long, or not three parts as a signed one is"))?;
        let header = StrictObject::from_base64(compact.header)
            .ok_or_else(|| malformed("the token's header is not an object with members that differ"))?;
        // RFC 7515 §4.1.11: whoever does not understand an extension refuses it; we understand none.
        if let Some(member) = ["crit", "b64", "zip", "enc"].into_iter().find(|member| header.get(member).is_some()) {
            return Err(malformed(format!("the token's header has `{member}`")));
        }
        let text_of = |name: &str| header.text(name).or(Err(malformed(format!("`{name}` of the token's header is not a text"))));
        if let Some(typ) = text_of("typ")?
            && !types.iter().any(|known| known.eq_ignore_ascii_case(typ))
        {
            return Err(malformed(format!("the token is of the type `{}`", cut(typ))));
        }
        let alg = text_of("alg")?.ok_or_else(|| malformed("the token's header has no `alg`"))?;
        let unknown =
            || Failed::new(SignInProblem::TokenSignature, format!("the token is signed as `{}`, which is not accepted", cut(alg)));
        let algorithm = SigningAlgorithm::parse(alg).ok_or_else(unknown)?;
        let kid = text_of("kid")?.map(ToOwned::to_owned);
        let claims = StrictObject::from_base64(compact.payload)
            .ok_or_else(|| malformed("the token's claims are not an object with members that differ"))?;
        Ok(Self { text, compact, algorithm, kid, claims })
    }

    /// Judges it as an ID token.
    pub(crate) fn verify(&self, rules: &Rules<'_>, keys: &ProviderKeys) -> Result<Verified, Failed> {
        self.check_algorithm(rules.algorithms)?;
        self.check_issuer(rules.issuer)?;
        self.check_audience(rules.client_id)?;
        self.check_times(rules.now)?;
        let authenticated_at = self.check_age(rules)?;
        self.check_hash("at_hash", rules.access_token.map(Secret::expose))?;
        self.check_hash("c_hash", rules.code)?;
        for name in ["nonce", "acr", "sid", "azp"] {
            self.text(name)?;
        }
        self.judge(rules, keys)?;
        let subject = subject(self.text("sub")?)?;
        Ok(Verified { claims: self.claims.clone(), subject, authenticated_at })
    }

    /// Signature, issuer, audience, end and nonce.
    fn judge(&self, rules: &Rules<'_>, keys: &ProviderKeys) -> Result<(), Failed> {
        let issuer =
            IssuerUrl::new(rules.issuer.to_owned()).or(Err(Failed::new(SignInProblem::Misconfigured, "the issuer is not a URL")))?;
        let token: CoreIdToken =
            self.text.parse().map_err(|error| malformed(format!("a claim is of the wrong type: {}", cut(&format!("{error}")))))?;
        let late = u64::try_from(rules.now.minus(LEEWAY).seconds()).unwrap_or_default();
        let verifier = CoreIdTokenVerifier::new_public_client(ClientId::new(rules.client_id.to_owned()), issuer, keys.to_set())
            .set_allowed_algs(rules.algorithms.iter().copied().map(algorithm))
            // `azp` says which of several audiences it is for, and that has been checked.
            .set_other_audience_verifier_fn(|_| true)
            // So has the type, before anything else was read.
            .allow_all_jose_types()
            .set_time_fn(move || (UNIX_EPOCH + Duration::from_secs(late)).into());
        let nonce = rules.nonce.map(|nonce| Nonce::new(nonce.to_owned()));
        let verdict = token.claims(&verifier, |found: Option<&Nonce>| match (&nonce, found) {
            (None, _) => Ok(()),
            (Some(nonce), Some(found)) if constant_time_eq(nonce.secret().as_bytes(), found.secret().as_bytes()) => Ok(()),
            (Some(_), _) => Err("the token does not repeat the nonce".to_owned()),
        });
        verdict.map(|_| ()).map_err(|error| explain(&error))
    }

    /// The signature alone, for tokens that are no ID tokens.
    pub(crate) fn check_signature(&self, algorithms: &[SigningAlgorithm], keys: &ProviderKeys) -> Result<(), Failed> {
        self.check_algorithm(algorithms)?;
        let bad = |detail: &str| Failed::new(SignInProblem::TokenSignature, detail);
        let set = keys.to_set();
        let named = |key: &&CoreJsonWebKey| self.kid.is_none() || key.key_id().map(|kid| kid.as_str()) == self.kid.as_deref();
        let mut candidates = set.keys().iter().filter(named);
        let signature = URL_SAFE_NO_PAD.decode(self.compact.signature).or(Err(bad("the signature is not base64url")))?;
        let message = self.compact.message.as_bytes();
        let signed = candidates.any(|key| key.verify_signature(&algorithm(self.algorithm), message, &signature).is_ok());
        if signed { Ok(()) } else { Err(bad("none of the provider's keys made the signature")) }
    }

    pub(crate) fn text(&self, name: &str) -> Result<Option<&str>, Failed> {
        self.claims.text(name).or(Err(malformed(format!("`{name}` of the token is not a text"))))
    }

    pub(crate) fn date(&self, name: &str) -> Result<Option<Timestamp>, Failed> {
        self.claims.date(name).or(Err(malformed(format!("`{name}` of the token is not a time in whole seconds"))))
    }

    fn check_algorithm(&self, allowed: &[SigningAlgorithm]) -> Result<(), Failed> {
        if allowed.contains(&self.algorithm) {
            return Ok(());
        }
        Err(Failed::new(
            SignInProblem::TokenSignature,
            format!("the token is signed as `{}`, which the connection does not allow", self.algorithm),
        ))
    }

    pub(crate) fn check_issuer(&self, issuer: &str) -> Result<(), Failed> {
        match self.text("iss")? {
            Some(found) if found == issuer => Ok(()),
            found => {
                let found = found.map_or_else(|| "nobody".to_owned(), |found| format!("`{}`", cut(found)));
                Err(Failed::new(SignInProblem::TokenIssuer, format!("the token is from {found}, not from `{issuer}`")))
            }
        }
    }

    pub(crate) fn check_audience(&self, client_id: &str) -> Result<(), Failed> {
        let wrong = |detail: &str| Err(Failed::new(SignInProblem::TokenAudience, detail));
        let audiences = self.claims.texts("aud").or(Err(malformed("`aud` of the token is neither a text nor a list of texts")))?;
        if !audiences.contains(&client_id) {
            return wrong("the token is not for this client");
        }
        match self.text("azp")? {
            Some(party) if party != client_id => wrong("`azp` of the token is another client"),
            None if audiences.len() > 1 => wrong("the token is for several audiences and does not say for which one (`azp`)"),
            Some(_) | None => Ok(()),
        }
    }

    pub(crate) fn check_times(&self, now: Timestamp) -> Result<(), Failed> {
        let wrong = |detail: &str| Err(Failed::new(SignInProblem::TokenTime, detail));
        let (Some(expires_at), Some(issued_at)) = (self.date("exp")?, self.date("iat")?) else {
            return Err(malformed("the token has no `exp` or no `iat`"));
        };
        if expires_at <= now.minus(LEEWAY) {
            return wrong("the token has expired");
        }
        if issued_at > now.plus(LEEWAY) || self.date("nbf")?.is_some_and(|start| start > now.plus(LEEWAY)) {
            return wrong("the token is from the future");
        }
        Ok(())
    }

    /// OpenID Connect Core §3.1.2.1: where `max_age` was asked for, `auth_time` has to be there and to fit.
    fn check_age(&self, rules: &Rules<'_>) -> Result<Option<Timestamp>, Failed> {
        let authenticated_at = self.date("auth_time")?;
        let too_old = |detail: &str| Err(Failed::new(SignInProblem::TokenTooOld, detail));
        if authenticated_at.is_some_and(|at| at > rules.now.plus(LEEWAY)) {
            return Err(Failed::new(SignInProblem::TokenTime, "`auth_time` of the token is in the future"));
        }
        match (rules.max_age, authenticated_at) {
            (Some(_), None) => too_old("the token does not say when the person signed in (`auth_time`)"),
            (Some(limit), Some(at)) if rules.now.since(at) > Duration::from_secs(limit.into()) + LEEWAY => {
                too_old("the person signed in there longer ago than was demanded")
            }
            (Some(_) | None, _) => Ok(authenticated_at),
        }
    }

    /// OpenID Connect Core §3.1.3.6, §3.3.2.11: the left half of a hash.
    fn check_hash(&self, name: &str, of: Option<&str>) -> Result<(), Failed> {
        let (Some(claimed), Some(of)) = (self.text(name)?, of) else { return Ok(()) };
        let hash = digest(if self.algorithm == SigningAlgorithm::EdDsa { &SHA512 } else { &SHA256 }, of.as_bytes());
        let half = hash.as_ref().get(..hash.as_ref().len() / 2).unwrap_or_default();
        if constant_time_eq(URL_SAFE_NO_PAD.encode(half).as_bytes(), claimed.as_bytes()) {
            return Ok(());
        }
        Err(Failed::new(SignInProblem::TokenHash, format!("`{name}` of the token is that of something else")))
    }
}

/// A subject that can be a key: 1 to 255 printable ASCII characters without spaces (attack catalogue FED-08).
pub(crate) fn subject(text: Option<&str>) -> Result<String, Failed> {
    let usable = |text: &&str| (1..=255).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) && *text != "null";
    text.filter(usable).map(ToOwned::to_owned).ok_or_else(|| {
        Failed::new(SignInProblem::BadSubject, "the subject is missing, or not 1 to 255 printable ASCII characters without spaces")
    })
}

fn explain(error: &ClaimsVerificationError) -> Failed {
    let problem = match error {
        ClaimsVerificationError::Expired(_) => SignInProblem::TokenTime,
        ClaimsVerificationError::InvalidAudience(_) => SignInProblem::TokenAudience,
        ClaimsVerificationError::InvalidIssuer(_) => SignInProblem::TokenIssuer,
        ClaimsVerificationError::InvalidNonce(_) => SignInProblem::TokenNonce,
        ClaimsVerificationError::SignatureVerification(_) => SignInProblem::TokenSignature,
        ClaimsVerificationError::InvalidSubject(_) => SignInProblem::BadSubject,
        // What is not asked of the verifier, and forms that it does not take.
        ClaimsVerificationError::InvalidAuthContext(_)
        | ClaimsVerificationError::InvalidAuthTime(_)
        | ClaimsVerificationError::Other(_)
        | ClaimsVerificationError::Unsupported(_)
        | _ => SignInProblem::TokenMalformed,
    };
    Failed::new(problem, cut(&error.to_string()))
}
