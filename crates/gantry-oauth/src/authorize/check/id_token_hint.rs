//! `id_token_hint`, and `sub` in `claims`: whom the answer must be about (OpenID Connect Core
//! §3.1.2.1, §5.5.1).

use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Refusal;

use super::Asked;
use super::claims::RequestedClaims;
use crate::id_token_hint::Hint;

/// The one subject that the request names, if it names one.
pub(super) fn check(asked: &Asked<'_>, claims: &RequestedClaims) -> Result<Option<String>, Refusal> {
    let hinted = match asked.hint {
        Hint::Absent => None,
        // A token that was issued to another app would tell this one who uses that.
        Hint::Genuine(hint) if hint.audience == asked.client.client_id => Some(hint.subject.as_str()),
        Hint::Genuine(_) => return Err(refusal("the id_token_hint was issued to another app")),
        Hint::Unbelievable => return Err(refusal("the id_token_hint is not an ID token of this platform")),
    };
    let mut subjects: Vec<&str> = hinted.into_iter().chain(claims.subjects()).collect();
    subjects.dedup();
    match subjects.as_slice() {
        [] => Ok(None),
        [subject] => Ok(Some((*subject).to_owned())),
        _ => Err(refusal("the request names different subjects")),
    }
}

const fn refusal(description: &'static str) -> Refusal {
    Refusal::new(ErrorCode::InvalidRequest, description)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authorize::check::claims;
    use crate::authorize::samples::{self, NOW, wire_name};
    use crate::id_token_hint::IdTokenHint;

    fn verdict(hint: &Hint, text: &str) -> Result<Option<String>, Refusal> {
        let (realm, parameters) = (samples::realm(), samples::parameters(text));
        let client = samples::client(&realm);
        let asked = Asked { realm: &realm, client: &client, parameters: &parameters, hint, now: NOW };
        check(&asked, &claims::check(&parameters)?)
    }

    fn genuine(audience: &str) -> Hint {
        Hint::Genuine(IdTokenHint { subject: "usr_1".to_owned(), audience: audience.to_owned() })
    }

    #[test]
    fn a_genuine_hint_names_the_subject() {
        assert_eq!(verdict(&Hint::Absent, ""), Ok(None));
        assert_eq!(verdict(&genuine("app"), ""), Ok(Some("usr_1".to_owned())));
        assert_eq!(verdict(&Hint::Absent, r#"claims={"id_token":{"sub":{"value":"usr_2"}}}"#), Ok(Some("usr_2".to_owned())));
        assert_eq!(verdict(&genuine("app"), r#"claims={"userinfo":{"sub":{"value":"usr_1"}}}"#), Ok(Some("usr_1".to_owned())));
    }

    #[test]
    fn other_hints_and_contradictions_are_refused() {
        assert_eq!(wire_name(verdict(&Hint::Unbelievable, "")), "invalid_request");
        assert_eq!(wire_name(verdict(&genuine("other"), "")), "invalid_request");
        assert_eq!(wire_name(verdict(&genuine("app"), r#"claims={"id_token":{"sub":{"value":"usr_2"}}}"#)), "invalid_request");
    }
}
