//! `acr_values` and the `acr` claim: which class of proof is asked for, and whether it is a demand.

use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Refusal;
use gantry_core::parameters::Parameters;
use gantry_core::session::Acr;

use super::claims::RequestedClaims;

/// The most classes that are looked at.
const MOST: usize = 16;

/// The classes asked for, in order of preference.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RequestedAcr {
    pub(super) values: Vec<String>,
    pub(super) essential: bool,
}

/// What was asked for. `acr_values` is a wish (OpenID Connect Core §3.1.2.1); an essential claim
/// with values is a demand (§5.5.1.1), refused at once where nobody could meet it.
pub(super) fn check(parameters: &Parameters, claims: &RequestedClaims) -> Result<RequestedAcr, Refusal> {
    let (mut values, essential) = claims.acr();
    let essential = essential && !values.is_empty();
    if essential && !values.iter().any(|value| Acr::ALL.iter().any(|acr| acr.as_str() == value)) {
        return Err(Refusal::new(ErrorCode::UnmetAuthenticationRequirements, "no sign-in here reaches the demanded acr"));
    }
    if !essential {
        let wished = parameters.get("acr_values").unwrap_or_default().split(' ').filter(|value| !value.is_empty());
        values.extend(wished.map(str::to_owned));
    }
    values.truncate(MOST);
    Ok(RequestedAcr { values, essential })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authorize::check::claims;
    use crate::authorize::samples::{parameters, wire_name};

    fn verdict(text: &str) -> Result<RequestedAcr, Refusal> {
        let parameters = parameters(text);
        check(&parameters, &claims::check(&parameters)?)
    }

    #[test]
    fn a_wish_is_never_refused() {
        assert_eq!(verdict("acr_values=a+b"), Ok(RequestedAcr { values: vec!["a".to_owned(), "b".to_owned()], essential: false }));
        assert!(verdict(r#"claims={"id_token":{"acr":{"values":["x"]}}}"#).is_ok());
        assert_eq!(verdict(r#"claims={"id_token":{"acr":{"essential":true}}}"#).map(|acr| acr.essential), Ok(false));
    }

    #[test]
    fn a_demand_must_be_within_reach() {
        let within = verdict(r#"claims={"id_token":{"acr":{"essential":true,"values":["x","urn:gantry:acr:1"]}}}&acr_values=y"#).unwrap();
        assert_eq!(within, RequestedAcr { values: vec!["x".to_owned(), "urn:gantry:acr:1".to_owned()], essential: true });
        let beyond = verdict(r#"claims={"id_token":{"acr":{"essential":true,"value":"x"}}}"#);
        assert_eq!(wire_name(beyond), "unmet_authentication_requirements");
    }
}
