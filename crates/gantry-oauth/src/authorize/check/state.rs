//! `state`: echoed byte for byte, so it must be what can be echoed.

use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Refusal;
use gantry_core::parameters::Parameters;

use super::Asked;
use crate::authorize::parameters::MAX_STATE;

/// Its form. The refusal is a page: an answer without the client's `state` would look to the
/// client like somebody else's (attack catalogue RED-18).
pub(super) fn check_form(parameters: &Parameters) -> Result<Option<String>, Refusal> {
    let Some(state) = parameters.get("state") else { return Ok(None) };
    if state.len() > MAX_STATE {
        return Err(Refusal::new(ErrorCode::InvalidRequest, "the state parameter is longer than 8 KiB"));
    }
    if state.chars().any(char::is_control) {
        return Err(Refusal::new(ErrorCode::InvalidRequest, "the state parameter has control characters"));
    }
    Ok(Some(state.to_owned()))
}

/// Whether it is demanded of this client.
pub(super) fn check_demand(asked: &Asked<'_>) -> Result<(), Refusal> {
    if asked.client.policy.require_state && asked.parameters.get("state").is_none() {
        return Err(Refusal::new(ErrorCode::InvalidRequest, "the state parameter is demanded of this app"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authorize::samples::parameters;

    #[test]
    fn state_is_kept_as_it_is() {
        assert_eq!(check_form(&parameters("")), Ok(None));
        assert_eq!(check_form(&parameters("state=%7B%22a%22%3A%C3%A9%7D")).unwrap().as_deref(), Some("{\"a\":é}"));
        assert!(check_form(&parameters(&format!("state={}", "s".repeat(MAX_STATE)))).is_ok());
    }

    #[test]
    fn what_cannot_be_echoed_is_refused() {
        for wrong in [format!("state={}", "s".repeat(MAX_STATE + 1)), "state=a%0d%0ab".to_owned(), "state=a%09b".to_owned()] {
            assert!(check_form(&parameters(&wrong)).is_err());
        }
    }
}
