//! No parameter is longer than its limit (attack catalogue §0.9, INP-04).

use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Refusal;
use gantry_core::parameters::Parameters;

use crate::authorize::parameters::ACCEPTED;

/// Judges the lengths alone. Unknown parameters have no limit of their own: they are ignored.
pub(super) fn check(parameters: &Parameters) -> Result<(), Refusal> {
    for (name, value) in parameters.iter() {
        if ACCEPTED.iter().any(|accepted| accepted.name == name && value.len() > accepted.limit) {
            return Err(Refusal::new(ErrorCode::InvalidRequest, "a parameter is too long").detail(format!("{name} is too long")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authorize::samples::{parameters, wire_name};

    #[test]
    fn each_limit_holds_to_the_byte() {
        for accepted in ACCEPTED {
            let longest = "a".repeat(accepted.limit);
            assert_eq!(check(&parameters(&format!("{}={longest}", accepted.name))), Ok(()));
            assert_eq!(wire_name(check(&parameters(&format!("{}={longest}a", accepted.name)))), "invalid_request");
        }
        assert_eq!(check(&parameters(&format!("unknown={}", "a".repeat(10_000)))), Ok(()));
    }
}
