//! `client_id`: a client that is known and works.

use std::sync::Arc;

use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::parameters::Parameters;
use gantry_core::reason::Reason;
use gantry_store::Store;
use gantry_store::snapshot::{ClientSnapshot, RealmSnapshot};

/// The client. One refusal for an unknown, a disabled and a removed one, so that nobody learns
/// which it is (attack catalogue RED-12).
pub(super) async fn check(store: &Store, realm: &RealmSnapshot, parameters: &Parameters) -> Result<Arc<ClientSnapshot>, Failure> {
    let Some(client_id) = parameters.get("client_id") else {
        return Err(Refusal::new(ErrorCode::UnknownClient, "the request names no app (client_id is missing)").into());
    };
    let known = match client_id.len() {
        ..=256 => store.snapshots().client(realm.realm.id, client_id).await?,
        _ => None,
    };
    match known {
        Some(client) if client.client.is_enabled() => Ok(client),
        other => {
            tracing::info!(target: "security", client_known = other.is_some(), "authorization request of a client that does not work");
            Err(unknown().into())
        }
    }
}

/// The refusal for a client that does not work, whatever the reason.
pub(super) const fn unknown() -> Refusal {
    Refusal::new(ErrorCode::UnknownClient, "the app is not known here").reason(Reason::UnknownClient)
}
