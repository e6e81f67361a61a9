//! Tenants: the customer organizations of a realm.

use gantry_core::admin_scope::AdminScope::{TenantsRead, TenantsWrite};
use gantry_core::failure::Failure;
use gantry_core::tenant::Tenant;
use gantry_identity::tenants::{self, NewTenant};
use gantry_realm_file::{document, entry};
use gantry_store::RealmTx;
use serde_json::json;

use super::call::{Call, Listed};
use super::operation::Operation;
use super::reply::Reply;
use super::stored::{Stored, refuse_change};

const ALL: &str = "/realms/{realm}/tenants";
const ONE: &str = "/realms/{realm}/tenants/{tenant}";

type Org = Stored<document::Tenant>;

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post(ALL, "createTenant", TenantsWrite)
            .says("Make an organization", "Its `org_id` stands in tokens, never changes and is never used again. Members, domains and connections have addresses of their own.")
            .takes::<document::Tenant>(json!({ "org_id": "example-haulage", "name": "Example Haulage", "max_sign_in_age": 86400 }))
            .answers::<Org>()
            .captures_as(&[("tenant", "/org_id")])
            .does(|call| Box::pin(create(call))),
        Operation::get(ALL, "listTenants", TenantsRead)
            .says("List organizations", "Newest first; with `q` those that fit best.")
            .paged()
            .narrowed_by("q", "Beginnings of words of the name or the `org_id`.")
            .narrowed_by("is", "`suspended` or `active`.")
            .asks("q=example")
            .answers::<Listed<Org>>()
            .does(|call| Box::pin(list(call))),
        Operation::get(ONE, "getTenant", TenantsRead).says("Get an organization", "").answers::<Org>().does(|call| Box::pin(get(call))),
        Operation::patch(ONE, "updateTenant", TenantsWrite)
            .says(
                "Change an organization",
                "Suspends it too, by `suspended`: nothing for it works any more, and what was granted for it is dead for good.",
            )
            .takes::<document::Tenant>(json!({ "name": "Example Haulage Ltd", "app_policy": "approved" }))
            .answers::<Org>()
            .does(|call| Box::pin(update(call))),
    ]
}

fn write(tenant: &Tenant) -> Org {
    Stored::new(&tenant.id, tenant.created_at, entry::bare_tenant(tenant))
}

/// The tenant that a path names.
pub(super) async fn named(tx: &RealmTx, call: &Call) -> Result<Tenant, Failure> {
    tenants::find_by_org_id(tx, call.actor, call.parameter("tenant")).await
}

fn refuse_parts(body: &document::Tenant) -> Result<(), Failure> {
    for (field, given) in
        [("domains", body.domains.is_some()), ("connections", body.connections.is_some()), ("members", body.members.is_some())]
    {
        refuse_change(field, given, "have an address of their own")?;
    }
    Ok(())
}

async fn create(call: &Call) -> Result<Reply, Failure> {
    let body: document::Tenant = call.body()?;
    refuse_parts(&body)?;
    let new = NewTenant { org_id: Some(body.org_id.clone()), settings: entry::tenant_settings(&body) };
    call.transact(async |tx| {
        let made = tenants::create(tx, call.actor, new, call.now).await?;
        Ok(Reply::created(call.below(&made.org_id), &write(&made))?)
    })
    .await
}

async fn list(call: &Call) -> Result<Reply, Failure> {
    let page = tenants::list(&call.read()?, call.actor, &call.find(&["is"])?).await?;
    Ok(Reply::of(&Listed::of(page, |tenant| write(&tenant)))?)
}

async fn get(call: &Call) -> Result<Reply, Failure> {
    Ok(Reply::of(&write(&named(&call.read()?, call).await?))?)
}

async fn update(call: &Call) -> Result<Reply, Failure> {
    call.transact(async |tx| {
        let before = named(tx, call).await?;
        call.check_match(&write(&before))?;
        let body: document::Tenant = call.patched(&entry::bare_tenant(&before))?;
        refuse_change("org_id", body.org_id != before.org_id, "never changes")?;
        refuse_parts(&body)?;
        let changed = tenants::update(tx, call.actor, before.id, entry::tenant_settings(&body), call.now).await?;
        Ok(Reply::of(&write(&changed))?)
    })
    .await
}
