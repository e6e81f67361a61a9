//! `org_id` and its aliases: the parameter with which an app names a tenant.
//!
//! Owns the names and the shape. Whether there is such a tenant, and for whom, is asked in
//! [`crate::tenancy`].

use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Refusal;
use gantry_core::parameters::Parameters;

/// What guides call it.
pub const NAMES: [&str; 3] = ["org_id", "organization", "organization_id"];

/// The most characters that an `org_id` has.
const MAX: usize = 64;

/// The tenant named, if any. Two names that differ make the request ambiguous.
pub fn named(parameters: &Parameters) -> Result<Option<String>, Refusal> {
    let mut values = NAMES.iter().filter_map(|name| parameters.get(name));
    let Some(value) = values.next() else { return Ok(None) };
    if values.any(|other| other != value) {
        return Err(Refusal::new(ErrorCode::InvalidRequest, "`org_id` and `organization` name different organizations"));
    }
    if value.len() > MAX || value.chars().any(char::is_control) {
        return Err(Refusal::new(ErrorCode::InvalidRequest, "`org_id` is not the id of an organization"));
    }
    Ok(Some(value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Option<String>, &'static str> {
        named(&Parameters::parse(text).unwrap()).map_err(|refusal| refusal.code.wire_name())
    }

    #[test]
    fn three_names_mean_the_same() {
        for name in NAMES {
            assert_eq!(read(&format!("{name}=acme")), Ok(Some("acme".to_owned())), "{name}");
            assert_eq!(read(&format!("{name}=")), Ok(None), "{name}");
        }
        assert_eq!(read("state=x"), Ok(None));
        assert_eq!(read("organization=acme&org_id=acme"), Ok(Some("acme".to_owned())));
        assert_eq!(read("organization=acme&org_id=other"), Err("invalid_request"));
    }

    #[test]
    fn what_can_be_no_org_id_is_refused() {
        assert_eq!(read(&format!("org_id={}", "x".repeat(65))), Err("invalid_request"));
        assert_eq!(read("org_id=a%0Ab"), Err("invalid_request"));
    }
}
