//! One file for each grant type: what it checks and consumes before anything is issued.
//!
//! A `redeem` writes consumptions and revocations only; everything else is written by issue.

pub(super) mod authorization_code;
pub(super) mod client_credentials;
pub(super) mod refresh_token;

use gantry_core::clock::Timestamp;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Fault, Refusal};
use gantry_core::grant::Grant;
use gantry_core::reason::Reason;
use gantry_core::scope_set::ScopeSet;
use gantry_store::RealmTx;

use super::may_issue::{CONNECTION_DISABLED, Fallen};
use super::policy::{scopes_for, scopes_in};
use crate::client_auth::AuthenticatedClient;
use crate::client_request::ClientRequest;
use crate::endpoint_paths::PathFamilies;
use crate::tenancy::{self, Barrier, ForTenant};

/// What every grant type that needs a transaction is given.
#[derive(Clone, Copy)]
pub(super) struct Redeeming<'r> {
    pub(super) tx: &'r RealmTx,
    pub(super) request: ClientRequest<'r>,
    pub(super) client: &'r AuthenticatedClient,
    pub(super) now: Timestamp,
    /// Where the endpoints are, for an address that a refusal names.
    pub(super) paths: &'r PathFamilies,
}

/// One wording for whatever is wrong with a code or refresh token: which check failed is for the log.
fn invalid_grant(detail: &str) -> Refusal {
    Refusal::new(ErrorCode::InvalidGrant, "the code or refresh token is invalid, expired or was used already").detail(detail)
}

/// What a client is told of a grant that has fallen. That a connection is switched off is said: whoever made the
/// app can do nothing about it, and should not look for a mistake of their own.
pub(super) fn fallen_grant(fallen: Fallen) -> Refusal {
    let refusal = invalid_grant(fallen.0);
    if fallen == CONNECTION_DISABLED { refusal.reason(Reason::ConnectionDisabled) } else { refusal }
}

/// What of a grant is asked for.
#[derive(Clone, Copy)]
struct Part<'p> {
    scope: Option<&'p ScopeSet>,
    resources: &'p [String],
    /// The tenant of the answer.
    tenant: Option<&'p ForTenant>,
}

/// What of a grant one answer is for: never more than the grant (attack catalogue I7).
struct Share {
    scopes: ScopeSet,
    audiences: Vec<String>,
}

impl Redeeming<'_> {
    /// The tenant of the answer: the one asked for, else the grant's default.
    async fn tenant(&self, grant: &Grant, org_id: Option<&str>) -> Result<Result<Option<ForTenant>, Barrier>, Fault> {
        tenancy::choose(self.tx, tenancy::demand_of(self.request.realm.realm(), self.client.client()), grant, org_id).await
    }

    /// Narrows the grant to what the request asks for (RFC 6749 §6, RFC 8707 §2.2). A scope that
    /// the client has lost since is left out, and so is one that the tenant's admins did not approve.
    fn share(&self, grant: &Grant, part: Part<'_>) -> Result<Share, Refusal> {
        let Part { scope, resources, tenant } = part;
        let held = scopes_in(self.request.realm.snapshot, &grant.scopes.intersection(&self.client.client().scopes), tenant);
        let scopes = match scope {
            None => held,
            Some(asked) if asked.is_subset_of(&held) => asked.clone(),
            Some(_) => return Err(Refusal::new(ErrorCode::InvalidScope, "the scope goes beyond what was granted")),
        };
        if resources.is_empty() {
            return Ok(Share { scopes, audiences: grant.audiences.clone() });
        }
        if let Some(foreign) = resources.iter().find(|resource| !grant.audiences.contains(resource)) {
            return Err(Refusal::new(ErrorCode::InvalidTarget, "the resource is not one of the grant").detail(foreign.as_str()));
        }
        let mut audiences = resources.to_vec();
        audiences.sort_unstable();
        audiences.dedup();
        Ok(Share { scopes: scopes_for(self.request.realm.snapshot, &scopes, &audiences), audiences })
    }
}
