//! Lines about admins who were refused: that somebody asked for what their role does not allow, or for what is not
//! theirs (attack catalogue TEN-21).
//!
//! Owns how many of them there are: `LINES` for a person, so that nobody fills the trail. Never says what was asked
//! for beyond the address of the page, whose parts come from the request. Programs are noted by
//! [`crate::service_accounts::note_denied`].

use std::time::Duration;

use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent, Origin};
use gantry_core::clock::Timestamp;
use gantry_core::failure::Failure;
use gantry_core::user::User;
use gantry_store::Store;
use gantry_store::rate_limit::Quota;
use serde_json::json;

use crate::roles::{self, Administers};

/// Lines about one person: what is more is a flood that the first ones tell of.
const LINES: Quota = Quota { burst: 20, period: Duration::from_hours(1) };

/// What was refused.
#[derive(Debug, Clone, Copy)]
pub struct RefusedAct<'r> {
    /// The pattern of the address, if it is one.
    pub address: Option<&'r str>,
    /// The method.
    pub method: &'r str,
    /// Why: a stable word.
    pub reason: &'r str,
}

/// Notes it in the trail of the person's own realm. People who administer nothing are none of it.
pub async fn note(
    store: &Store,
    (person, what): (&User, &Administers),
    act: RefusedAct<'_>,
    origin: &Origin,
    now: Timestamp,
) -> Result<(), Failure> {
    let realm = person.realm_id;
    let actor = match what {
        Administers::Nothing => return Ok(()),
        Administers::Tenants(own) => own.first().and_then(|tenant| roles::tenant_actor(what, person, tenant)),
        Administers::Deployment | Administers::Realm => roles::realm_actor(what, person, realm),
    };
    if store.limiter().check(&format!("admin-refused:{realm}:{}", person.id), LINES).await.is_err() {
        return Ok(());
    }
    let line = AuditEntry::new(realm, now, AuditEvent::AdminRefused).by(actor.unwrap_or(Actor::User { user: person.id, realm }));
    let line = line.from(origin).reason(act.reason).detail(json!({ "address": act.address, "method": act.method }));
    store.transact(realm, async |tx| Ok(tx.audit().insert(&line).await?)).await
}
