//! `resource` and its alias `audience`: which APIs the tokens are for (RFC 8707).

use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Refusal;
use gantry_core::scope_set::ScopeSet;

use super::Asked;
use crate::audience;

/// The audiences asked for, else the default.
pub(super) fn check(asked: &Asked<'_>, scopes: &ScopeSet) -> Result<Vec<String>, Refusal> {
    let mut named: Vec<&str> = asked.parameters.all("resource").collect();
    if let Some(alias) = asked.parameters.get("audience") {
        if !named.is_empty() && !named.contains(&alias) {
            return Err(Refusal::new(ErrorCode::InvalidTarget, "the resource and audience parameters name different APIs"));
        }
        named.push(alias);
    }
    if named.is_empty() {
        return Ok(audience::default_for(asked.realm, asked.client, scopes));
    }
    audience::named(asked.realm, asked.client, &named)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authorize::samples::{self, API, NOW, OTHER_API, wire_name};
    use crate::id_token_hint::Hint;

    fn verdict(text: &str) -> Result<Vec<String>, Refusal> {
        let realm = samples::realm();
        let client = samples::client(&realm);
        let asked = Asked { realm: &realm, client: &client, parameters: &samples::parameters(text), hint: &Hint::Absent, now: NOW };
        check(&asked, &ScopeSet::from_names(["read"]))
    }

    #[test]
    fn both_names_mean_the_same() {
        assert_eq!(verdict(&format!("resource={OTHER_API}")), Ok(vec![OTHER_API.to_owned()]));
        assert_eq!(verdict(&format!("audience={OTHER_API}")), Ok(vec![OTHER_API.to_owned()]));
        assert_eq!(verdict(&format!("resource={OTHER_API}&audience={OTHER_API}")), Ok(vec![OTHER_API.to_owned()]));
        assert_eq!(verdict(&format!("resource={OTHER_API}&resource={API}")), Ok(vec![OTHER_API.to_owned(), API.to_owned()]));
    }

    #[test]
    fn contradiction_and_the_unknown_are_refused() {
        assert_eq!(wire_name(verdict(&format!("resource={OTHER_API}&audience={API}"))), "invalid_target");
        assert_eq!(wire_name(verdict("resource=https://nobody.example")), "invalid_target");
        assert_eq!(wire_name(verdict(&format!("audience={API}/"))), "invalid_target");
    }

    #[test]
    fn nothing_named_is_the_default() {
        assert_eq!(verdict(""), Ok(vec![API.to_owned()]));
    }
}
