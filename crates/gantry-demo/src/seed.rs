//! Puts the sample realms into the store, as often as one likes.
//!
//! Owns the order in which they come. Never touches a store that holds something else.

use gantry_connect::outbound::Reach;
use gantry_core::actor::Actor;
use gantry_core::clock::SharedClock;
use gantry_core::failure::Fault;
use gantry_core::realm::{DEFAULT_REALM, Realm, SYSTEM_REALM};
use gantry_identity::password::Passwords;
use gantry_realm_file::{Applier, Options};
use gantry_store::Store;

use crate::realm::{self, SampleRealm};

/// More realms than a demo can have.
const TOO_MANY: u64 = 64;

/// Makes the sample realms what their files say. The samples are the first thing that is written
/// to an empty store, so that it is known for a demo's ever after.
pub async fn apply(store: &Store, passwords: Passwords, clock: SharedClock, realms: &[SampleRealm]) -> Result<(), Fault> {
    check(store).await?;
    let applier = Applier { store: store.clone(), passwords, clock, reach: Reach::LoopbackToo, actor: Actor::CommandLine };
    for realm in realms {
        let outcome = applier.apply(&realm.file, Options::default()).await;
        outcome.map_err(|reason| Fault::caused(format!("the sample realm `{}` was not applied", realm.slug), reason))?;
    }
    Ok(())
}

/// Refuses a store that holds anything but a demo.
async fn check(store: &Store) -> Result<(), Fault> {
    let there = store.platform().list_realms(None, TOO_MANY).await?;
    match foreign(&there) {
        None => Ok(()),
        Some(reason) => {
            Err(Fault::new(format!("the database holds something else than a demo ({reason}); give the demo an empty one of its own")))
        }
    }
}

/// What there is in a store that no demo put there. An empty store is as good as a demo's; any
/// other must have a sample realm, known by its loopback host, and no realm of another name.
fn foreign(there: &[Realm]) -> Option<String> {
    let is_sample = |realm: &Realm| realm::slugs().any(|slug| slug == realm.slug);
    let on_loopback = |realm: &Realm| !realm.hosts.is_empty() && realm.hosts.iter().all(|host| host.starts_with("http://localhost:"));
    let stranger = there
        .iter()
        .find(|realm| if is_sample(realm) { !on_loopback(realm) } else { realm.slug != DEFAULT_REALM && realm.slug != SYSTEM_REALM });
    if let Some(realm) = stranger {
        return Some(format!("the realm `{}`", realm.slug));
    }
    (!there.is_empty() && !there.iter().any(is_sample)).then(|| "a server has been started on it".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use gantry_core::clock::Timestamp;
    use gantry_core::id::RealmId;
    use gantry_core::realm::RealmSettings;

    fn realm(slug: &str, hosts: &[&str]) -> Realm {
        Realm {
            id: RealmId::new(),
            slug: slug.to_owned(),
            name: slug.to_owned(),
            hosts: hosts.iter().map(|host| (*host).to_owned()).collect(),
            settings: RealmSettings::default(),
            version: 1,
            created_at: Timestamp::from_millis(0),
            not_before: None,
            disabled_at: None,
        }
    }

    #[test]
    fn only_an_empty_store_or_a_demos_is_taken() {
        let sample = || realm("rocketskip", &["http://localhost:8081"]);
        let own = || vec![realm(DEFAULT_REALM, &[]), realm(SYSTEM_REALM, &[])];
        assert_eq!(foreign(&[]), None);
        assert_eq!(foreign(&[sample()]), None);
        assert_eq!(foreign(&[own(), vec![sample()]].concat()), None);
        for something_else in [
            own(),
            vec![realm("acme", &[])],
            vec![sample(), realm("acme", &[])],
            vec![realm("rocketskip", &[])],
            vec![realm("rocketskip", &["https://id.rocketskip.com"])],
        ] {
            assert!(foreign(&something_else).is_some(), "{something_else:?}");
        }
    }
}
