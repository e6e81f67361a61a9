//! One request of a browser: what every endpoint that people come to is told.

use std::sync::Arc;

use gantry_core::audit::Origin;
use gantry_core::secret::Digest;
use gantry_core::session::Session;
use gantry_core::user::User;
use gantry_store::snapshot::RealmSnapshot;

/// One request of a browser: where, which browser, who is signed in.
#[derive(Debug, Clone, Copy)]
pub struct Visit<'v> {
    /// The realm.
    pub realm: &'v Arc<RealmSnapshot>,
    /// Its issuer.
    pub issuer: &'v str,
    /// The address that explains a refusal, up to its reason.
    pub explanations: &'v str,
    /// The browser that everything is bound to.
    pub browser: Digest,
    /// The live session and its person, already judged.
    pub signed_in: Option<(&'v Session, &'v User)>,
    /// Where the request came from.
    pub origin: &'v Origin,
}
