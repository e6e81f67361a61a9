//! Requests that a person has acted on: row and core type, and the queries of that record.

use gantry_core::authorization_request::AuthorizationRequest;
use gantry_core::authorization_request::Stage;
use gantry_core::failure::Fault;
use gantry_core::id::AuthorizationRequestId;

use crate::RealmTx;

/// Requests that a person has acted on, within one realm.
#[derive(Debug)]
pub struct AuthorizationRequests<'t>(pub(crate) &'t RealmTx);

impl AuthorizationRequests<'_> {
    /// The request with this id.
    pub async fn find(&self, id: AuthorizationRequestId) -> Result<Option<AuthorizationRequest>, Fault> {
        crate::unfinished()
    }

    /// Writes a new request. `false`: one with this id is there already, and stays as it is.
    pub async fn insert(&self, request: &AuthorizationRequest) -> Result<bool, Fault> {
        crate::unfinished()
    }

    /// Moves a request on if it still stands at `request.stage`. `false`: it does not, so the other one won.
    pub async fn advance(&self, request: &AuthorizationRequest, to: Stage) -> Result<bool, Fault> {
        crate::unfinished()
    }
}
