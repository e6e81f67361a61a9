//! Which directories of Entra ID may sign in through a connection, and who in them is a guest.
//!
//! Never trusts that a token's issuer is right because it fits its own `tid`: that holds for every directory of the
//! world. Each audience has its list, and an empty list lets nobody in (attack catalogue ENT-02, ENT-03).
//!
//! Sources: Microsoft identity platform, «ID token claims reference» (`tid`, `idp`) and «Optional claims reference» (`acct`).

use gantry_core::connection::{MicrosoftAudience, MicrosoftSettings};
use gantry_core::sign_in_trace::SignInProblem;
use serde_json::{Map, Value};

use super::authority::{Authority, CONSUMERS};
use crate::connector::Failed;

/// Whether the people of this directory may sign in. `attached` are the directories that attached tenants name.
pub(crate) fn check_directory(directory: &str, settings: &MicrosoftSettings, attached: &[String]) -> Result<(), Failed> {
    let listed = || settings.directories.iter().chain(attached).any(|allowed| allowed.eq_ignore_ascii_case(directory));
    let allowed = match &settings.audience {
        MicrosoftAudience::Directory(only) => only.eq_ignore_ascii_case(directory),
        MicrosoftAudience::Consumers => directory == CONSUMERS,
        MicrosoftAudience::Organizations => directory != CONSUMERS && listed(),
        MicrosoftAudience::Common => listed(),
    };
    if allowed {
        return Ok(());
    }
    Err(Failed::new(SignInProblem::DirectoryNotAllowed, format!("the directory {directory} is not one of those that may sign in here")))
}

/// Whether the person is a guest in the directory, by any of the three signs that Entra ID gives. A sign that cannot
/// be read counts as one.
pub(crate) fn is_guest(claims: &Map<String, Value>, directory: &str, authority: &Authority) -> bool {
    let by_account = claims.get("acct").is_some_and(|acct| !matches!(acct.as_u64(), Some(0)) && acct.as_str() != Some("0"));
    let by_provider = claims.get("idp").is_some_and(|idp| !idp.as_str().is_some_and(|idp| authority.is_home(idp, directory)));
    let by_name = ["preferred_username", "upn"].iter().any(|name| claims.get(*name).and_then(Value::as_str).is_some_and(is_guest_name));
    by_account || by_provider || by_name
}

/// The form that a guest's user name has in the directory that invited them: `name_home.example#EXT#@here.example`.
pub(crate) fn is_guest_name(name: &str) -> bool {
    name.to_ascii_uppercase().contains("#EXT#")
}

/// Refuses guests where they are not let in.
pub(crate) fn check_guest(guest: bool, settings: &MicrosoftSettings) -> Result<(), Failed> {
    if guest && !settings.guests {
        return Err(Failed::new(SignInProblem::GuestNotAllowed, "the person is a guest in this directory"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use gantry_core::connection::ConnectionSettings;
    use serde_json::json;

    const HERE: &str = "11111111-2222-3333-4444-555555555555";
    const THERE: &str = "99999999-2222-3333-4444-555555555555";

    fn settings(audience: MicrosoftAudience, directories: &[&str]) -> MicrosoftSettings {
        MicrosoftSettings { audience, directories: directories.iter().map(|id| (*id).to_owned()).collect(), ..MicrosoftSettings::default() }
    }

    fn allowed(settings: &MicrosoftSettings, attached: &[&str], directory: &str) -> bool {
        let attached: Vec<String> = attached.iter().map(|id| (*id).to_owned()).collect();
        match check_directory(directory, settings, &attached) {
            Ok(()) => true,
            Err(failed) => {
                assert_eq!(failed.problem, SignInProblem::DirectoryNotAllowed);
                false
            }
        }
    }

    #[test]
    fn ent_02_only_listed_directories_come_in_and_without_a_list_none_does() {
        for audience in [MicrosoftAudience::Organizations, MicrosoftAudience::Common] {
            let nobody = settings(audience.clone(), &[]);
            assert!(!allowed(&nobody, &[], HERE));
            assert!(allowed(&nobody, &[HERE], HERE));
            assert!(!allowed(&nobody, &[HERE], THERE));
            let some = settings(audience, &[&HERE.to_ascii_uppercase()]);
            assert!(allowed(&some, &[], HERE));
            assert!(!allowed(&some, &[], THERE));
            assert!(allowed(&some, &[THERE], THERE));
        }
        let one = settings(MicrosoftAudience::Directory(HERE.to_owned()), &[THERE]);
        assert!(allowed(&one, &[], HERE));
        assert!(!allowed(&one, &[THERE], THERE), "a list does not widen a single directory");
    }

    #[test]
    fn ent_03_personal_accounts_are_no_organization() {
        assert!(!allowed(&settings(MicrosoftAudience::Organizations, &[CONSUMERS]), &[CONSUMERS], CONSUMERS));
        assert!(!allowed(&settings(MicrosoftAudience::Directory(HERE.to_owned()), &[CONSUMERS]), &[], CONSUMERS));
        assert!(!allowed(&settings(MicrosoftAudience::Common, &[HERE]), &[], CONSUMERS));
        assert!(allowed(&settings(MicrosoftAudience::Common, &[CONSUMERS]), &[], CONSUMERS));
        assert!(allowed(&settings(MicrosoftAudience::Consumers, &[]), &[], CONSUMERS));
        assert!(!allowed(&settings(MicrosoftAudience::Consumers, &[HERE]), &[HERE], HERE));
    }

    #[test]
    fn each_sign_of_a_guest_counts() {
        let authority = Authority::of(&ConnectionSettings::default()).unwrap();
        let guest = |claims: Value| is_guest(claims.as_object().unwrap(), HERE, &authority);
        for member in [
            json!({}),
            json!({ "acct": 0 }),
            json!({ "acct": "0" }),
            json!({ "idp": format!("https://sts.windows.net/{HERE}/") }),
            json!({ "idp": format!("https://login.microsoftonline.com/{HERE}/v2.0") }),
            json!({ "upn": "ann@here.example" }),
        ] {
            assert!(!guest(member.clone()), "{member}");
        }
        for stranger in [
            json!({ "acct": 1 }),
            json!({ "acct": "1" }),
            json!({ "acct": null }),
            json!({ "idp": format!("https://sts.windows.net/{THERE}/") }),
            json!({ "idp": "live.com" }),
            json!({ "idp": ["https://sts.windows.net/"] }),
            json!({ "acct": 0, "idp": "google.com" }),
            json!({ "preferred_username": "ann_home.example#ext#@here.example" }),
        ] {
            assert!(guest(stranger.clone()), "{stranger}");
        }
        assert!(!is_guest(json!({ "idp": "live.com" }).as_object().unwrap(), CONSUMERS, &authority));
        assert_eq!(check_guest(true, &MicrosoftSettings::default()).unwrap_err().problem, SignInProblem::GuestNotAllowed);
        assert!(check_guest(true, &MicrosoftSettings { guests: true, ..MicrosoftSettings::default() }).is_ok());
    }
}
