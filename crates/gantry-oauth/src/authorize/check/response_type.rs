//! `response_type`: `code`, and nothing else (RFC 9700 §2.1.2).

use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Refusal;
use gantry_core::parameters::Parameters;

/// Every response type that is offered; discovery lists them.
pub const OFFERED: &[&str] = &["code"];

pub(super) fn check(parameters: &Parameters) -> Result<(), Refusal> {
    match parameters.get("response_type") {
        None => Err(Refusal::new(ErrorCode::InvalidRequest, "the response_type parameter is missing; use code")),
        Some(name) if OFFERED.contains(&name) => Ok(()),
        Some(_) => Err(Refusal::new(ErrorCode::UnsupportedResponseType, "the response_type is not offered; use code")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authorize::samples::{parameters, wire_name};

    #[test]
    fn only_a_code_is_offered() {
        assert_eq!(check(&parameters("response_type=code")), Ok(()));
        for wrong in ["token", "id_token", "code token", "code id_token token", "Code", "none"] {
            assert_eq!(wire_name(check(&parameters(&format!("response_type={wrong}")))), "unsupported_response_type", "{wrong}");
        }
        assert_eq!(wire_name(check(&parameters("response_type="))), "invalid_request");
    }
}
