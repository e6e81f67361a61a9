//! `authorization_code` (RFC 6749 §4.1.3).
//!
//! The code is consumed first: whatever is wrong with the rest of the request, it is burnt, and
//! what it stood for falls with it (attack catalogue §0.11).

use gantry_core::audit::AuditEvent;
use gantry_core::authorization_code::AuthorizationCode;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Fault, Refusal};
use gantry_core::grant_type::GrantType;
use gantry_core::pkce::CodeChallenge;
use gantry_core::realm::{InvalidCodeError, TokenPolicy};
use gantry_core::secret::{Digest, Secret, SecretKind};

use super::{Part, Redeeming, Share, fallen_grant, invalid_grant};
use crate::tenancy::ForTenant;
use crate::token::entitlement::{Entitlement, Refresh, Subject};
use crate::token::may_issue::{Holder, may_issue};

/// What comes with the code.
pub(in crate::token) struct Redemption {
    pub(in crate::token) code: Secret,
    pub(in crate::token) redirect_uri: String,
    pub(in crate::token) verifier: Option<Secret>,
    pub(in crate::token) resources: Vec<String>,
}

/// A refusal in the realm's own words: some guides have another name for a code that does not hold.
pub(in crate::token) fn worded(failure: Failure, policy: &TokenPolicy) -> Failure {
    match (failure, policy.invalid_code_error) {
        (Failure::Refused(refusal), InvalidCodeError::InvalidRequest) if refusal.code == ErrorCode::InvalidGrant => {
            Refusal { code: ErrorCode::InvalidRequest, ..refusal }.into()
        }
        (failure, InvalidCodeError::InvalidGrant | InvalidCodeError::InvalidRequest) => failure,
    }
}

/// Redeems a code.
pub(in crate::token) async fn redeem(redeeming: Redeeming<'_>, asked: Redemption) -> Result<Entitlement, Failure> {
    let Redeeming { tx, now, .. } = redeeming;
    if SecretKind::AuthorizationCode.unwrap(asked.code.expose()).is_none() {
        return Err(invalid_grant("not_a_code").into());
    }
    let digest = asked.code.digest();
    let Some(code) = tx.codes().consume(digest, now).await? else {
        return Err(unusable(redeeming, digest).await?.into());
    };
    let checked = check(&code, redeeming, &asked);
    let shared = match checked {
        Ok(()) => hold(redeeming, &code, &asked.resources).await?,
        Err(refusal) => Err(refusal),
    };
    match shared {
        Ok((holder, tenant, Share { scopes, audiences })) => Ok(Entitlement {
            grant_type: GrantType::AuthorizationCode,
            subject: Subject::Person(Box::new(holder)),
            tenant,
            scopes,
            audiences,
            refresh: Refresh::ByPolicy,
            trace: code.trace,
        }),
        Err(refusal) => {
            // No token can ever come of the grant now, so it should not look as if the app had access.
            tx.grants().revoke(code.grant_id, now).await?;
            Err(refusal.into())
        }
    }
}

/// What stands behind the code now. How old the sign-in is was asked when the code was made.
async fn hold(
    redeeming: Redeeming<'_>,
    code: &AuthorizationCode,
    resources: &[String],
) -> Result<Result<(Holder, Option<ForTenant>, Share), Refusal>, Fault> {
    let Redeeming { tx, now, request, client, .. } = redeeming;
    let holder = match may_issue(tx, request.realm.realm(), client.client(), code.grant_id, now).await? {
        Ok(holder) => holder,
        Err(fallen) => return Ok(Err(fallen_grant(fallen))),
    };
    let tenant = match redeeming.tenant(&holder.grant, None).await? {
        Ok(tenant) => tenant,
        Err(barrier) => return Ok(Err(barrier.lost())),
    };
    let part = Part { scope: None, resources, tenant: tenant.as_ref() };
    Ok(redeeming.share(&holder.grant, part).map(|share| (holder, tenant, share)))
}

/// Everything that the code is bound to (RFC 6749 §4.1.3, RFC 7636 §4.6).
fn check(code: &AuthorizationCode, redeeming: Redeeming<'_>, asked: &Redemption) -> Result<(), Refusal> {
    if code.client_id != redeeming.client.client().id {
        return Err(invalid_grant("code_of_another_client"));
    }
    if code.expires_at <= redeeming.now {
        return Err(invalid_grant("code_expired"));
    }
    if code.redirect_uri != asked.redirect_uri {
        return Err(invalid_grant("redirect_uri_differs"));
    }
    check_pkce(code.code_challenge.as_ref(), asked.verifier.as_ref())
}

/// A verifier without a challenge is refused as well: somebody took the challenge out of the
/// authorization request (RFC 9700 §4.8.2).
fn check_pkce(challenge: Option<&CodeChallenge>, verifier: Option<&Secret>) -> Result<(), Refusal> {
    match (challenge, verifier) {
        (None, None) => Ok(()),
        (Some(challenge), Some(verifier)) if challenge.is_met_by(verifier.expose()) => Ok(()),
        (Some(_), Some(_)) => Err(invalid_grant("code_verifier_wrong")),
        (Some(_), None) => Err(invalid_grant("code_verifier_missing")),
        (None, Some(_)) => Err(invalid_grant("code_verifier_without_challenge")),
    }
}

/// A code that cannot be consumed was never there, or is presented again: then somebody has it who
/// should not, and everything issued for it falls (RFC 6749 §4.1.2).
async fn unusable(redeeming: Redeeming<'_>, digest: Digest) -> Result<Refusal, Failure> {
    let Redeeming { tx, now, request, client, .. } = redeeming;
    let Some(code) = tx.codes().find(digest).await? else {
        return Ok(invalid_grant("code_unknown"));
    };
    if tx.grants().revoke(code.grant_id, now).await? {
        let line = request.audit(AuditEvent::CodeReplayed, now).client(client.client().id).target(&code.grant_id);
        tx.audit().insert(&line).await?;
    }
    Ok(invalid_grant("code_replayed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7636 appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn cod_10_challenge_and_verifier_belong_together() {
        let challenge = CodeChallenge::parse(CHALLENGE).unwrap();
        let verdict = |challenge, verifier: Option<&str>| check_pkce(challenge, verifier.map(Secret::new).as_ref()).is_ok();
        assert!(verdict(Some(&challenge), Some(VERIFIER)));
        assert!(verdict(None, None));
        assert!(!verdict(None, Some(VERIFIER)));
        assert!(!verdict(Some(&challenge), None));
        for wrong in [VERIFIER.get(..42).unwrap(), &format!("{VERIFIER}\n"), "", &"a".repeat(129), &VERIFIER.replace('-', "+")] {
            assert!(!verdict(Some(&challenge), Some(wrong)), "{wrong}");
        }
    }
}
