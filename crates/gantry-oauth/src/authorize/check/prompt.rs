//! `prompt` (OpenID Connect Core §3.1.2.1; Initiating User Registration 1.0 for `create`).

use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Refusal;
use gantry_core::prompt::Prompt;
use gantry_core::realm::Realm;

use super::Asked;

/// The values that a realm offers; discovery lists them.
pub fn offered(realm: &Realm) -> impl Iterator<Item = Prompt> {
    let sign_up = realm.settings.sign_in.sign_up;
    Prompt::ALL.iter().copied().filter(move |prompt| *prompt != Prompt::Create || sign_up)
}

/// What the person is to be asked, each once.
pub(super) fn check(asked: &Asked<'_>) -> Result<Vec<Prompt>, Refusal> {
    let refused = |description| Err(Refusal::new(ErrorCode::InvalidRequest, description));
    let mut prompts = Vec::new();
    for name in asked.parameters.get("prompt").unwrap_or_default().split(' ').filter(|name| !name.is_empty()) {
        match Prompt::parse(name) {
            Some(prompt) if prompts.contains(&prompt) => {}
            Some(prompt) if offered(&asked.realm.realm).any(|offered| offered == prompt) => prompts.push(prompt),
            // OpenID Connect Initiating User Registration 1.0 §4: a value that is not offered is refused.
            _ => return refused("a prompt value is not offered here"),
        }
    }
    if prompts.contains(&Prompt::None) && prompts.len() > 1 {
        return refused("the prompt value none goes with no other");
    }
    Ok(prompts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authorize::samples::{self, NOW, wire_name};
    use crate::id_token_hint::Hint;

    fn verdict(text: &str, sign_up: bool) -> Result<Vec<Prompt>, Refusal> {
        let mut realm = samples::realm();
        realm.realm.settings.sign_in.sign_up = sign_up;
        let client = samples::client(&realm);
        check(&Asked { realm: &realm, client: &client, parameters: &samples::parameters(text), hint: &Hint::Absent, now: NOW })
    }

    #[test]
    fn values_are_read_once_each() {
        assert_eq!(verdict("", false), Ok(vec![]));
        assert_eq!(verdict("prompt=login+consent++login", false), Ok(vec![Prompt::Login, Prompt::Consent]));
        assert_eq!(verdict("prompt=create", true), Ok(vec![Prompt::Create]));
    }

    #[test]
    fn none_stands_alone_and_unknown_values_are_refused() {
        for (wrong, sign_up) in [("none login", true), ("Login", true), ("fancy", true), ("create", false)] {
            assert_eq!(wire_name(verdict(&format!("prompt={wrong}"), sign_up)), "invalid_request", "{wrong}");
        }
    }
}
