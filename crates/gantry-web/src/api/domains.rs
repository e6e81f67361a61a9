//! Domains of organizations, and their proofs.

use std::sync::Arc;

use gantry_connect::dns::TxtRecords;
use gantry_core::admin_scope::AdminScope::{TenantsRead, TenantsWrite};
use gantry_core::clock::Timestamp;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Failure;
use gantry_core::tenant_domain::{DomainProof, TenantDomain};
use gantry_identity::domains;
use gantry_realm_file::document::{self, ProofAsked};
use gantry_store::RealmTx;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use super::call::{Call, Listed, nothing_here};
use super::operation::Operation;
use super::reply::Reply;
use super::tenants;

const ALL: &str = "/realms/{realm}/tenants/{tenant}/domains";
const ONE: &str = "/realms/{realm}/tenants/{tenant}/domains/{domain}";
const VOUCH: &str = "/realms/{realm}/tenants/{tenant}/domains/{domain}/vouch";
const VERIFY: &str = "/realms/{realm}/tenants/{tenant}/domains/{domain}/verify";

/// A domain and what proves it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "StoredDomain")]
struct Known {
    /// Its id.
    id: String,
    /// When it was claimed.
    created_at: String,
    /// The domain.
    domain: String,
    /// How it was proved; null until it is.
    proof: Option<DomainProof>,
    /// When it was proved.
    proved_at: Option<String>,
    /// When its record was last looked for.
    checked_at: Option<String>,
    /// Since when the record of a proved domain has been missing.
    failing_since: Option<String>,
    /// The TXT record that proves it.
    record: Record,
}

/// A TXT record.
#[derive(Debug, Serialize, JsonSchema)]
struct Record {
    /// Where it has to be.
    name: String,
    /// What it has to say.
    value: String,
}

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post(ALL, "createDomain", TenantsWrite)
            .says("Claim a domain", "With `dns` it counts once its TXT record is found; with `vouched` at once, on the caller's word.")
            .takes::<document::Domain>(json!({ "domain": "example-haulage.test", "proof": "dns" }))
            .answers::<Known>()
            .captures_as(&[("domain", "/id")])
            .does(|call| Box::pin(create(call))),
        Operation::get(ALL, "listDomains", TenantsRead)
            .says("List domains", "By name.")
            .answers::<Listed<Known>>()
            .does(|call| Box::pin(list(call))),
        Operation::get(ONE, "getDomain", TenantsRead).says("Get a domain", "").answers::<Known>().does(|call| Box::pin(get(call))),
        Operation::act(VERIFY, "verifyDomain", TenantsWrite)
            .says("Look for a domain's record now", "Answers the domain as it is after the look.")
            .answers::<Known>()
            .does(|call| Box::pin(verify(call))),
        Operation::act(VOUCH, "vouchForDomain", TenantsWrite)
            .says("Take the caller's word for a domain", "It counts at once, without its record.")
            .can(&[ErrorCode::Conflict])
            .answers::<Known>()
            .does(|call| Box::pin(vouch(call))),
        Operation::delete(ONE, "deleteDomain", TenantsWrite)
            .says("Give a domain back", "Who has joined by it stays.")
            .does(|call| Box::pin(remove(call))),
    ]
}

fn write(domain: &TenantDomain) -> Known {
    Known {
        id: domain.id.to_string(),
        created_at: domain.created_at.to_rfc3339(),
        domain: domain.domain.clone(),
        proof: domain.proof,
        proved_at: domain.proved_at.map(Timestamp::to_rfc3339),
        checked_at: domain.checked_at.map(Timestamp::to_rfc3339),
        failing_since: domain.failing_since.map(Timestamp::to_rfc3339),
        record: Record { name: domains::record_name(&domain.domain), value: domain.challenge.clone() },
    }
}

/// The domain of the path, if it is the tenant's of the path.
async fn named(tx: &RealmTx, call: &Call) -> Result<TenantDomain, Failure> {
    let tenant = tenants::named(tx, call).await?.id;
    let domain = domains::find(tx, call.actor, call.id("domain")?).await?;
    if domain.tenant_id == tenant { Ok(domain) } else { Err(nothing_here()) }
}

async fn create(call: &Call) -> Result<Reply, Failure> {
    let body: document::Domain = call.body()?;
    call.transact(async |tx| {
        let tenant = tenants::named(tx, call).await?.id;
        let mut made = domains::claim(tx, call.actor, tenant, &body.domain, call.now).await?;
        if body.proof == ProofAsked::Vouched {
            made = domains::vouch(tx, call.actor, made.id, call.now).await?;
        }
        Ok(Reply::created(call.below(&made.id), &write(&made))?)
    })
    .await
}

async fn list(call: &Call) -> Result<Reply, Failure> {
    let tx = call.read()?;
    let all = domains::list(&tx, call.actor, tenants::named(&tx, call).await?.id).await?;
    Ok(Reply::of(&Listed::whole(all.iter().map(write).collect()))?)
}

async fn get(call: &Call) -> Result<Reply, Failure> {
    Ok(Reply::of(&write(&named(&call.read()?, call).await?))?)
}

/// Waits for the network, so outside any transaction; asked twice it does the same.
async fn verify(call: &Call) -> Result<Reply, Failure> {
    let domain = named(&call.read()?, call).await?;
    let dns: Arc<dyn TxtRecords> = Arc::clone(call.part::<Arc<dyn TxtRecords>>()?.get_ref());
    let (after, _) = domains::check::verify(&call.store, dns.as_ref(), call.actor, (&call.realm()?.realm, domain.id), call.now).await?;
    Ok(Reply::of(&write(&after))?)
}

async fn vouch(call: &Call) -> Result<Reply, Failure> {
    call.transact(async |tx| {
        let domain = named(tx, call).await?;
        Ok(Reply::of(&write(&domains::vouch(tx, call.actor, domain.id, call.now).await?))?)
    })
    .await
}

async fn remove(call: &Call) -> Result<Reply, Failure> {
    call.transact(async |tx| {
        let domain = named(tx, call).await?;
        call.check_match(&write(&domain))?;
        domains::remove(tx, call.actor, domain.id, call.now).await?;
        Ok(Reply::nothing())
    })
    .await
}
