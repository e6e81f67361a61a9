//! What would happen to somebody who came with given claims: said, and nothing written.

use gantry_core::connection::Connection;
use gantry_core::external_identity::ExternalIdentity;
use gantry_core::failure::Fault;
use gantry_core::user::User;
use gantry_store::RealmTx;
use serde::Serialize;

use super::facts::{Aim, Facts};
use super::{Address, Resolution, is_identifiable, resolve};
use crate::joining::{self, JoinDecision};
use crate::realms;
use gantry_core::sign_in_trace::SignInProblem;

/// What would happen, and why.
#[derive(Debug, Clone, Serialize)]
pub struct DryRun {
    /// The address, and what it is worth.
    pub address: Address,
    /// Whose account it would be.
    pub account: Resolution,
    /// That account, where there is one.
    #[serde(skip)]
    pub user: Option<User>,
    /// Which tenants would be joined or not, in which role, and why.
    pub tenants: Vec<JoinDecision>,
}

/// Says what would happen to somebody whom a connection's provider asserts. Reads only.
pub async fn dry_run(tx: &RealmTx, connection: &Connection, identity: &ExternalIdentity) -> Result<DryRun, Fault> {
    let realm = realms::find(tx).await?;
    let facts = Facts::read(tx, &realm, connection, identity, Aim::default()).await?;
    let account = if !is_identifiable(identity) {
        Resolution::Refuse { problem: SignInProblem::BadSubject }
    } else if facts.suspended {
        Resolution::Refuse { problem: SignInProblem::NotForTenant }
    } else {
        resolve(&facts.case(connection))
    };
    let tenants = joining::plan(&facts.joining(connection, identity));
    let user = match &account {
        Resolution::Known { .. } => facts.known.map(|(_, user)| user),
        Resolution::Link { .. } | Resolution::Prove { .. } => facts.holder,
        Resolution::Create { .. } | Resolution::ProveAddress { .. } | Resolution::Refuse { .. } => None,
    };
    Ok(DryRun { address: facts.address, account, user, tenants })
}
