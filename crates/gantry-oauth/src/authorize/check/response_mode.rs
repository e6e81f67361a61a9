//! `response_mode`: the query or a posted form.

use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Refusal;
use gantry_core::parameters::Parameters;
use gantry_core::response_mode::ResponseMode;

use crate::authorize::parameters::is_repeated;

/// The mode; for a code the query is the default (OAuth 2.0 Multiple Response Types §5).
pub(super) fn check(parameters: &Parameters) -> Result<ResponseMode, Refusal> {
    if is_repeated(parameters, "response_mode") {
        return Err(Refusal::new(ErrorCode::InvalidRequest, "the response_mode parameter is repeated"));
    }
    let Some(name) = parameters.get("response_mode") else { return Ok(ResponseMode::Query) };
    ResponseMode::parse(name).ok_or(Refusal::new(ErrorCode::InvalidRequest, "the response_mode is not offered; use query or form_post"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authorize::samples::{parameters, wire_name};

    #[test]
    fn every_offered_mode_passes_and_no_other() {
        assert_eq!(check(&parameters("")), Ok(ResponseMode::Query));
        for mode in ResponseMode::ALL {
            assert_eq!(check(&parameters(&format!("response_mode={mode}"))), Ok(*mode));
        }
        for wrong in ["fragment", "form_post.jwt", "query.jwt", "web_message", "Query", "query&response_mode=query"] {
            assert_eq!(wire_name(check(&parameters(&format!("response_mode={wrong}")))), "invalid_request", "{wrong}");
        }
    }
}
