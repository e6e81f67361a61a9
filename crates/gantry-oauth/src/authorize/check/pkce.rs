//! `code_challenge` and `code_challenge_method` (RFC 7636): S256 only, binding whenever sent.

use gantry_core::client_auth_method::ClientAuthMethod;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Refusal;
use gantry_core::pkce::{CodeChallenge, CodeChallengeMethod};
use gantry_core::realm::PkceDemand;

use super::Asked;
use crate::authorize::parameters::is_repeated;

/// The challenge that binds the code, if one was sent or is demanded.
pub(super) fn check(asked: &Asked<'_>) -> Result<Option<CodeChallenge>, Refusal> {
    let refused = |description| Err(Refusal::new(ErrorCode::InvalidRequest, description));
    if ["code_challenge", "code_challenge_method"].iter().any(|name| is_repeated(asked.parameters, name)) {
        return refused("a PKCE parameter is repeated");
    }
    // An empty challenge is not taken for an omitted one: the client meant to send one.
    let Some(challenge) = asked.parameters.raw("code_challenge") else {
        if asked.parameters.get("code_challenge_method").is_some() {
            return refused("there is a code_challenge_method without a code_challenge");
        }
        return if is_demanded(asked) { refused("PKCE is demanded: send code_challenge and code_challenge_method=S256") } else { Ok(None) };
    };
    // Missing means `plain` (RFC 7636 §4.3), which is not offered (RFC 9700 §2.1.1).
    let Some(CodeChallengeMethod::S256) = asked.parameters.get("code_challenge_method").and_then(CodeChallengeMethod::parse) else {
        return refused("the code_challenge_method must be S256");
    };
    match CodeChallenge::parse(challenge) {
        Some(challenge) => Ok(Some(challenge)),
        None => refused("the code_challenge must be the base64url SHA-256 of the verifier: 43 characters"),
    }
}

/// Demanded of whoever cannot keep a secret, and where the realm or the client's own policy says so.
fn is_demanded(asked: &Asked<'_>) -> bool {
    asked.client.kind.is_public()
        || asked.client.auth_method == Some(ClientAuthMethod::None)
        || asked.client.policy.require_pkce
        || asked.realm.realm.settings.authorization.pkce == PkceDemand::All
}

#[cfg(test)]
mod tests {
    use gantry_core::client::{Client, ClientKind};
    use gantry_store::snapshot::RealmSnapshot;

    use super::*;
    use crate::authorize::samples::{self, NOW, wire_name};
    use crate::id_token_hint::Hint;

    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    fn verdict(realm: &RealmSnapshot, client: &Client, text: &str) -> Result<Option<CodeChallenge>, Refusal> {
        check(&Asked { realm, client, parameters: &samples::parameters(text), hint: &Hint::Absent, now: NOW })
    }

    #[test]
    fn a_challenge_binds_whoever_sent_it() {
        let realm = samples::realm();
        let client = samples::client(&realm);
        let sent = verdict(&realm, &client, &format!("code_challenge={CHALLENGE}&code_challenge_method=S256")).unwrap();
        assert_eq!(sent.unwrap().as_str(), CHALLENGE);
        assert_eq!(verdict(&realm, &client, ""), Ok(None));
    }

    #[test]
    fn only_s256_of_a_whole_challenge_passes() {
        let realm = samples::realm();
        let client = samples::client(&realm);
        for wrong in [
            format!("code_challenge={CHALLENGE}"),
            format!("code_challenge={CHALLENGE}&code_challenge_method=plain"),
            format!("code_challenge={CHALLENGE}&code_challenge_method=s256"),
            format!("code_challenge={CHALLENGE}&code_challenge_method=S512"),
            format!("code_challenge={CHALLENGE}&code_challenge_method=S256&code_challenge_method=S256"),
            format!("code_challenge={CHALLENGE}&code_challenge={CHALLENGE}&code_challenge_method=S256"),
            format!("code_challenge={CHALLENGE}A&code_challenge_method=S256"),
            "code_challenge=short&code_challenge_method=S256".to_owned(),
            "code_challenge=&code_challenge_method=S256".to_owned(),
            "code_challenge_method=S256".to_owned(),
        ] {
            assert_eq!(wire_name(verdict(&realm, &client, &wrong)), "invalid_request", "{wrong}");
        }
    }

    #[test]
    fn it_is_demanded_by_kind_policy_and_realm() {
        let realm = samples::realm();
        let plain = samples::client(&realm);
        for kind in [ClientKind::Public, ClientKind::Native] {
            assert_eq!(wire_name(verdict(&realm, &Client { kind, ..plain.clone() }, "")), "invalid_request");
        }
        let without_proof = Client { auth_method: Some(ClientAuthMethod::None), kind: ClientKind::Development, ..plain.clone() };
        assert_eq!(wire_name(verdict(&realm, &without_proof, "")), "invalid_request");
        let mut held = plain.clone();
        held.policy.require_pkce = true;
        assert_eq!(wire_name(verdict(&realm, &held, "")), "invalid_request");
        let mut strict = samples::realm();
        strict.realm.settings.authorization.pkce = PkceDemand::All;
        assert_eq!(wire_name(verdict(&strict, &plain, "")), "invalid_request");
    }
}
