//! Who an Entra ID token is about: the key of the person, and the address with what it is worth.
//!
//! The key is `{tid}.{oid}`: the directory and the person's object in it. `sub` would not do, because it differs from
//! app registration to app registration; names and addresses would not, because the directory's administrator
//! chooses them (attack catalogue ENT-04). `claims.subject` and `claims.email` of the settings are not looked at here.
//!
//! An address is whatever that administrator typed, so it says nothing (nOAuth, ENT-01) unless Entra ID itself adds that
//! the domain's owner has been verified: the optional claim `xms_edov`, «Boolean value». It counts as JSON `true` or
//! as the number 1, in no other form, and only beside `email` (ENT-06).
//!
//! Sources: Microsoft identity platform, «ID token claims reference» (`oid`, `sub`, `email`), «Optional claims
//! reference» (`xms_edov`), «Secure applications and APIs by validating claims».

use gantry_core::email_address::EmailAddress;
use gantry_core::external_identity::AssertedEmail;
use gantry_core::sign_in_trace::SignInProblem;
use serde_json::{Map, Value};

use super::authority::{directory_of, is_guid};
use super::directory::is_guest_name;
use crate::connector::Failed;

/// The key of the person: `{tid}.{oid}`.
pub(crate) fn subject(claims: &Map<String, Value>) -> Result<String, Failed> {
    let directory = directory_of(claims)?;
    let object = claims.get("oid").and_then(Value::as_str).filter(|oid| is_guid(oid));
    let object = object.ok_or_else(|| Failed::new(SignInProblem::BadSubject, "`oid` is not a person's id"))?;
    Ok(format!("{directory}.{object}"))
}

/// The address: `email`, else a user name that has the form of one, which is never more than a suggestion.
pub(crate) fn email(claims: &Map<String, Value>) -> Option<AssertedEmail> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    if let Some(address) = text("email") {
        let verified = claims.get("xms_edov").is_some_and(|edov| edov.as_bool() == Some(true) || edov.as_u64() == Some(1));
        let because = if verified { "xms_edov" } else { "no xms_edov" };
        return Some(AssertedEmail { address: address.to_owned(), verified, because: because.to_owned() });
    }
    let hint = |name: &'static str| {
        let address = text(name).filter(|name| !is_guest_name(name) && EmailAddress::parse(name).is_ok())?;
        Some(AssertedEmail { address: address.to_owned(), verified: false, because: name.to_owned() })
    };
    hint("preferred_username").or_else(|| hint("upn"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const TID: &str = "11111111-2222-3333-4444-555555555555";
    const OID: &str = "aaaaaaaa-0000-4000-8000-00000000000a";

    fn claims(value: &Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn ent_04_the_key_is_directory_and_object_whatever_else_changes() {
        let before = claims(&json!({ "tid": TID, "oid": OID, "sub": "s1", "upn": "ann@corp.example", "email": "ann@corp.example" }));
        let renamed = claims(&json!({ "tid": TID, "oid": OID, "sub": "s2", "upn": "bea@corp.example", "email": "bea@corp.example" }));
        assert_eq!(subject(&before).unwrap(), format!("{TID}.{OID}"));
        assert_eq!(subject(&before).unwrap(), subject(&renamed).unwrap());
        let successor = claims(&json!({ "tid": TID, "oid": OID.replace('a', "b"), "sub": "s1", "upn": "ann@corp.example" }));
        assert_ne!(subject(&before).unwrap(), subject(&successor).unwrap());
        let elsewhere = claims(&json!({ "tid": TID.replace('1', "2"), "oid": OID, "sub": "s1", "upn": "ann@corp.example" }));
        assert_ne!(subject(&before).unwrap(), subject(&elsewhere).unwrap());
        for oid in [json!(null), json!(""), json!(1), json!("ann"), json!(OID.to_uppercase()), json!(format!("{OID}.{OID}")), json!([OID])]
        {
            let bent = claims(&json!({ "tid": TID, "oid": oid, "sub": "s1" }));
            assert_eq!(subject(&bent).unwrap_err().problem, SignInProblem::BadSubject, "{oid}");
        }
    }

    #[test]
    fn ent_06_xms_edov_counts_in_its_documented_forms_and_beside_an_address_only() {
        let verified = |edov: Value| email(&claims(&json!({ "email": "ann@corp.example", "xms_edov": edov }))).unwrap();
        for edov in [json!(true), json!(1)] {
            let address = verified(edov);
            assert!(address.verified);
            assert_eq!(address.because, "xms_edov");
        }
        for edov in
            [json!("true"), json!("1"), json!(2), json!(1.0), json!(null), json!(false), json!(0), json!([true]), json!({ "v": true })]
        {
            let address = verified(edov.clone());
            assert!(!address.verified, "{edov}");
            assert_eq!(address.because, "no xms_edov");
        }
        let alone = email(&claims(&json!({ "xms_edov": true, "preferred_username": "ann@corp.example" }))).unwrap();
        assert!(!alone.verified);
        assert!(email(&claims(&json!({ "xms_edov": true }))).is_none());
        assert!(email(&claims(&json!({ "xms_edov": true, "email": ["ann@corp.example"] }))).is_none());
    }

    #[test]
    fn ent_01_an_address_without_xms_edov_is_never_verified() {
        let noauth = claims(&json!({ "tid": TID, "oid": OID, "email": "victim@corp.example", "email_verified": true }));
        assert!(!email(&noauth).unwrap().verified);
    }

    #[test]
    fn a_user_name_is_a_suggestion_where_it_has_the_form_of_an_address() {
        let suggested = |value: Value| email(&claims(&value)).map(|email| (email.address, email.verified, email.because));
        let by_name = ("ann@corp.example".to_owned(), false, "preferred_username".to_owned());
        assert_eq!(suggested(json!({ "preferred_username": "ann@corp.example", "upn": "x@corp.example" })), Some(by_name));
        let by_upn = ("ann@corp.example".to_owned(), false, "upn".to_owned());
        assert_eq!(suggested(json!({ "preferred_username": "+49 30 1234", "upn": "ann@corp.example" })), Some(by_upn));
        assert_eq!(suggested(json!({ "preferred_username": "ann_home.example#EXT#@corp.example" })), None);
        assert_eq!(suggested(json!({})), None);
    }
}
