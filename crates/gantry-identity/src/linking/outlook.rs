//! What would become of somebody, for the admin who tries a connection out.
//!
//! A dry run, less what is none of a tenant's business: its admins learn of their members, and never whether somebody
//! else has an account here (attack catalogue §0.7). It is cut by who owns the connection, not by who asks, so that
//! what is written down may be read by whoever may read it.

use gantry_core::clock::Timestamp;
use gantry_core::connection::Connection;
use gantry_core::email_address::EmailAddress;
use gantry_core::external_identity::ExternalIdentity;
use gantry_core::failure::Fault;
use gantry_core::id::UserId;
use gantry_core::sign_in_trace::{Hop, HopKind, SignInProblem};
use gantry_store::RealmTx;
use serde_json::{Value, json};

use super::{Address, Resolution, dry_run, said};
use crate::joining::JoinDecision;

/// What would become of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlook {
    /// The address, and what it is worth.
    pub address: Address,
    /// Whose account it would be.
    pub account: Expectation,
    /// That account, where there is one that the reader may know of.
    pub person: Option<(UserId, EmailAddress)>,
    /// Which tenants would be joined or not, in which role, and why.
    pub tenants: Vec<Place>,
}

/// What would happen at a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The decision.
    pub decision: JoinDecision,
    /// The tenant's name.
    pub name: String,
}

/// Whose account it would be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expectation {
    /// The one that the identity is linked to.
    Known,
    /// One that it would be linked to at once.
    Link,
    /// One that would be made.
    Create,
    /// One that the person would have to prove to be theirs.
    Prove,
    /// The person would have to prove an address first.
    ProveAddress,
    /// That hangs on whether somebody outside the tenant has an account with the address.
    Depends,
    /// The answer would be no.
    Refuse {
        /// Why.
        problem: SignInProblem,
    },
}

impl Expectation {
    /// The word for it in traces.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Known => "known",
            Self::Link => "link",
            Self::Create => "create",
            Self::Prove => "prove",
            Self::ProveAddress => "prove_address",
            Self::Depends => "depends",
            Self::Refuse { .. } => "refuse",
        }
    }
}

impl Outlook {
    /// It as the hops of a trace, which are shown the same whether somebody came or claims were pasted.
    pub fn hops(&self, now: Timestamp) -> Vec<Hop> {
        let place = |place: &Place| {
            let mut detail = json!(place.decision);
            if let Some(detail) = detail.as_object_mut() {
                detail.insert("name".to_owned(), json!(place.name));
            }
            Hop::new(now, HopKind::Join, detail)
        };
        std::iter::once(Hop::new(now, HopKind::Account, self.account_hop())).chain(self.tenants.iter().map(place)).collect()
    }

    fn account_hop(&self) -> Value {
        let mut detail = json!({ "decision": self.account.as_str(), "address": said(&self.address) });
        if let Some(detail) = detail.as_object_mut() {
            if let Expectation::Refuse { problem } = self.account {
                detail.insert("problem".to_owned(), json!(problem));
            }
            if let Some((_, email)) = &self.person {
                detail.insert("person".to_owned(), json!(email));
            }
        }
        detail
    }
}

/// Says what would become of somebody whom a connection's provider asserts, were the connection switched on. Reads only.
pub async fn outlook(tx: &RealmTx, connection: &Connection, identity: &ExternalIdentity) -> Result<Outlook, Fault> {
    let on = Connection { disabled_at: None, ..connection.clone() };
    let dry = dry_run(tx, &on, identity).await?;
    let mut account = match &dry.account {
        Resolution::Known { .. } => Expectation::Known,
        Resolution::Link { .. } => Expectation::Link,
        Resolution::Create { .. } => Expectation::Create,
        Resolution::Prove { .. } => Expectation::Prove,
        Resolution::ProveAddress { .. } => Expectation::ProveAddress,
        Resolution::Refuse { problem } => Expectation::Refuse { problem: *problem },
    };
    let mut person = dry.user.map(|user| (user.id, user.email));
    if let Some(owner) = connection.owner {
        let member = match &person {
            Some((user, _)) => tx.memberships().find(owner, *user).await?.is_some(),
            None => false,
        };
        if !member {
            person = None;
            account = confined(account);
        }
    }
    let ids: Vec<_> = dry.tenants.iter().map(|decision| decision.tenant).collect();
    let names = tx.tenants().find_all(&ids).await?;
    let place = |decision: JoinDecision| {
        let name = names.iter().find(|tenant| tenant.id == decision.tenant).map(|tenant| tenant.name.clone())?;
        Some(Place { decision, name })
    };
    Ok(Outlook { address: dry.address, account, person, tenants: dry.tenants.into_iter().filter_map(place).collect() })
}

/// What a tenant is told of somebody who is no member: whether there is an account is not its business.
const fn confined(account: Expectation) -> Expectation {
    match account {
        Expectation::Link
        | Expectation::Create
        | Expectation::Prove
        | Expectation::Refuse { problem: SignInProblem::UnknownPerson | SignInProblem::AddressTaken | SignInProblem::AccountDisabled } => {
            Expectation::Depends
        }
        other @ (Expectation::Known | Expectation::ProveAddress | Expectation::Depends | Expectation::Refuse { .. }) => other,
    }
}
