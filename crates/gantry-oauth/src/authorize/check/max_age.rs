//! `max_age`: the greatest age of the sign-in, in seconds (OpenID Connect Core §3.1.2.1).

use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Refusal;
use gantry_core::parameters::Parameters;

/// The age; one that is beyond all measure is as good as none.
pub(super) fn check(parameters: &Parameters) -> Result<Option<u32>, Refusal> {
    let Some(text) = parameters.get("max_age") else { return Ok(None) };
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Refusal::new(ErrorCode::InvalidRequest, "the max_age parameter is not a number of seconds"));
    }
    Ok(Some(text.parse().unwrap_or(u32::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authorize::samples::{parameters, wire_name};

    #[test]
    fn only_whole_seconds_pass() {
        assert_eq!(check(&parameters("")), Ok(None));
        assert_eq!(check(&parameters("max_age=0")), Ok(Some(0)));
        assert_eq!(check(&parameters("max_age=15000")), Ok(Some(15_000)));
        assert_eq!(check(&parameters("max_age=99999999999")), Ok(Some(u32::MAX)));
        for wrong in ["-1", "%2B1", "1.5", "1s", "0x1"] {
            assert_eq!(wire_name(check(&parameters(&format!("max_age={wrong}")))), "invalid_request", "{wrong}");
        }
    }
}
