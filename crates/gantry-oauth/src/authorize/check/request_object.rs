//! `request` and `request_uri`: not offered, and never half-read (OpenID Connect Core §6).

use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Refusal;
use gantry_core::parameters::Parameters;

/// Refuses a request that says more in a request object than its parameters do.
pub(super) fn check(parameters: &Parameters) -> Result<(), Refusal> {
    if parameters.get("request").is_some() {
        return Err(Refusal::new(ErrorCode::RequestNotSupported, "request objects are not supported; send parameters"));
    }
    if parameters.get("request_uri").is_some() {
        return Err(Refusal::new(ErrorCode::RequestUriNotSupported, "the request_uri parameter is not supported; send parameters"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authorize::samples::{parameters, wire_name};

    #[test]
    fn each_has_its_own_code() {
        assert_eq!(wire_name(check(&parameters("request=eyJ"))), "request_not_supported");
        assert_eq!(wire_name(check(&parameters("request_uri=https://app.example/r"))), "request_uri_not_supported");
        assert_eq!(check(&parameters("request=&request_uri=")), Ok(()));
    }
}
