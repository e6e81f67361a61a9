//! What is taken over of a provider's names and pictures.

use gantry_core::connection::ProfileRefresh;
use gantry_core::user::Profile;
use serde_json::{Map, Value};

use crate::users::checked_profile;

/// The profile of an account after a sign-in with a provider. What may not stand in one is left out, field by field:
/// a provider's odd name is no reason to turn its person away.
pub(crate) fn refreshed(own: &Profile, asserted: &Profile, rule: ProfileRefresh) -> Profile {
    let (Ok(Value::Object(own_fields)), Ok(Value::Object(asserted))) = (serde_json::to_value(own), serde_json::to_value(asserted)) else {
        return own.clone();
    };
    let mut fields = own_fields;
    for (name, value) in asserted {
        let wanted = match rule {
            ProfileRefresh::Never => false,
            ProfileRefresh::Missing => !fields.contains_key(&name),
            ProfileRefresh::EachTime => true,
        };
        if let Some(value) = stored_form(&name, value).filter(|_| wanted) {
            fields.insert(name, value);
        }
    }
    serde_json::from_value(Value::Object(fields)).unwrap_or_else(|_| own.clone())
}

/// One field in the form in which a profile holds it, if it may stand there.
fn stored_form(name: &str, value: Value) -> Option<Value> {
    let alone: Profile = serde_json::from_value(Value::Object(Map::from_iter([(name.to_owned(), value)]))).ok()?;
    let checked = serde_json::to_value(checked_profile(alone).ok()?).ok()?;
    checked.get(name).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str, nickname: Option<&str>) -> Profile {
        Profile { name: Some(name.to_owned()), nickname: nickname.map(str::to_owned), ..Profile::default() }
    }

    #[test]
    fn each_rule_takes_what_it_says() {
        let (own, asserted) = (named("Alice", None), named("Alice Miller", Some("Al")));
        assert_eq!(refreshed(&own, &asserted, ProfileRefresh::Never), own);
        assert_eq!(refreshed(&own, &asserted, ProfileRefresh::Missing), named("Alice", Some("Al")));
        assert_eq!(refreshed(&own, &asserted, ProfileRefresh::EachTime), asserted);
        assert_eq!(refreshed(&asserted, &own, ProfileRefresh::EachTime), named("Alice", Some("Al")), "what is not sent stays");
    }

    #[test]
    fn what_misleads_is_left_out_and_the_rest_taken() {
        let mut asserted = named("Alice\r\nBcc: eve@example.com", Some(" Al  M. "));
        asserted.picture = Some("javascript:alert(1)".to_owned());
        asserted.locale = Some("de".to_owned());
        let taken = refreshed(&Profile::default(), &asserted, ProfileRefresh::EachTime);
        assert_eq!((taken.name, taken.picture), (None, None));
        assert_eq!((taken.nickname.as_deref(), taken.locale.as_deref()), (Some("Al M."), Some("de")));
    }
}
