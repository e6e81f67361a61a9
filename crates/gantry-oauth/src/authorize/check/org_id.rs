//! `org_id` and its aliases: for which tenant the tokens are to be. Judges whether there may be one
//! at all; whether it is one of the person's is asked when the person is known.

use gantry_core::failure::Refusal;
use gantry_core::realm::TenantDemand;

use super::Asked;
use crate::org_id;
use crate::tenancy::Barrier;

/// The tenant asked for, if any.
pub(super) fn check(asked: &Asked<'_>) -> Result<Option<String>, Refusal> {
    let named = org_id::named(asked.parameters)?;
    if named.is_some() && asked.realm.realm.settings.tenants == TenantDemand::None {
        return Err(Barrier::NotUsed.denied());
    }
    Ok(named)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authorize::samples::{self, NOW, wire_name};
    use crate::id_token_hint::Hint;

    fn verdict(demand: TenantDemand, text: &str) -> Result<Option<String>, Refusal> {
        let mut realm = samples::realm();
        realm.realm.settings.tenants = demand;
        let client = samples::client(&realm);
        check(&Asked { realm: &realm, client: &client, parameters: &samples::parameters(text), hint: &Hint::Absent, now: NOW })
    }

    #[test]
    fn a_realm_without_tenants_refuses_to_be_asked_for_one() {
        for demand in [TenantDemand::Optional, TenantDemand::Required] {
            assert_eq!(verdict(demand, "org_id=acme"), Ok(Some("acme".to_owned())));
            assert_eq!(wire_name(verdict(demand, "org_id=acme&organization=other")), "invalid_request");
        }
        let refused = verdict(TenantDemand::None, "organization=acme");
        assert_eq!(refused, Err(Barrier::NotUsed.denied()));
        assert_eq!(wire_name(refused), "invalid_request");
        assert_eq!(verdict(TenantDemand::None, "org_id="), Ok(None));
    }
}
