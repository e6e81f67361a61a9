//! What concerns one provider alone.

use gantry_core::connection::{AppleSettings, ConnectionSettings, GoogleSettings, MicrosoftAudience, MicrosoftSettings};
use gantry_core::connector_kind::ConnectorKind;

use super::check::Check;

const MOST_DIRECTORIES: usize = 1000;

/// Directories are known by their ids, in lower case as tokens spell them.
pub(super) fn microsoft(check: &mut Check, settings: &mut Option<MicrosoftSettings>) {
    let Some(settings) = settings else { return };
    if check.kind != ConnectorKind::Microsoft {
        return check.note("microsoft", "must be left out: it is for the kind `microsoft`");
    }
    if let MicrosoftAudience::Directory(id) = &mut settings.audience {
        id.make_ascii_lowercase();
        if !is_guid(id) {
            check.note("microsoft.audience", "must be `organizations`, `common`, `consumers` or the id of a directory");
        }
    }
    let of_one = matches!(settings.audience, MicrosoftAudience::Directory(_) | MicrosoftAudience::Consumers);
    if of_one && !settings.directories.is_empty() {
        check.note("microsoft.directories", "must be left out: the audience leaves no choice");
    }
    if settings.directories.len() > MOST_DIRECTORIES {
        check.note("microsoft.directories", "has more than 1000 entries");
    }
    for index in 0..settings.directories.len() {
        let (earlier, rest) = settings.directories.split_at_mut(index);
        let Some(id) = rest.first_mut() else { continue };
        id.make_ascii_lowercase();
        if !is_guid(id) {
            check.note_at("microsoft.directories", index, NO_GUID);
        } else if earlier.contains(id) {
            check.note_at("microsoft.directories", index, "is there twice");
        }
    }
}

/// Workspace domains, in lower case as `hd` spells them.
pub(super) fn google(check: &mut Check, settings: &mut Option<GoogleSettings>) {
    let Some(GoogleSettings { hosted_domains }) = settings else { return };
    if check.kind != ConnectorKind::Google {
        return check.note("google", "must be left out: it is for the kind `google`");
    }
    for (index, domain) in hosted_domains.iter_mut().enumerate() {
        domain.make_ascii_lowercase();
        if !is_domain(domain) {
            check.note_at("google.hosted_domains", index, NO_DOMAIN);
        }
    }
}

/// The team and the key are named in each of the assertions that stand for a client secret.
pub(super) fn apple(check: &mut Check, settings: &ConnectionSettings) {
    match (&settings.apple, check.kind) {
        (None, ConnectorKind::Apple) => check.note("apple", "must be given: `team_id` and `key_id` of the developer account"),
        (Some(AppleSettings { team_id, key_id }), ConnectorKind::Apple) => {
            for (field, id) in [("apple.team_id", team_id), ("apple.key_id", key_id)] {
                if id.len() != 10 || !id.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()) {
                    check.note(field, "must be ten capital letters and digits");
                }
            }
        }
        (Some(_), _) => check.note("apple", "must be left out: it is for the kind `apple`"),
        (None, _) => {}
    }
}

pub(super) const NO_GUID: &str = "must be a directory's id such as `0f8fad5b-d9cb-469f-a165-70867728950e`";
pub(super) const NO_DOMAIN: &str = "must be a domain such as `example.com`";

/// Whether a text, in lower case, is a GUID as Entra ID writes them.
pub(super) fn is_guid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12])
        && parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)))
}

/// Whether a text, in lower case, is a domain: the part of an address after its `@`.
pub(super) fn is_domain(text: &str) -> bool {
    gantry_core::email_address::EmailAddress::parse(&format!("a@{text}")).is_ok_and(|address| address.domain() == text)
}
