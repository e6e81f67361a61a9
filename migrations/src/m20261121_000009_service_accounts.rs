//! Service accounts of the admin API with their keys, and the answers that are given again to a repeated request.

use crate::step::Step;
use crate::table::{NewTable, bytes, id, optional, text, time};

/// This step.
pub(crate) const STEP: Step = Step { name: "m20261121_000009_service_accounts", does: "makes the tables of service accounts", tables };

fn tables() -> Vec<NewTable> {
    vec![service_account(), service_key(), idempotency()]
}

fn service_account() -> NewTable {
    NewTable::new(
        "service_account",
        &["id"],
        &[id("id"), id("realm_id"), text("name"), text("scopes"), time("created_at"), optional(time("disabled_at"))],
    )
    .refers("realm_id", "realm")
    .unique(&["realm_id", "name"])
    .index(&["realm_id", "id"])
}

fn service_key() -> NewTable {
    NewTable::new(
        "service_key",
        &["id"],
        &[
            id("id"),
            id("realm_id"),
            id("account_id"),
            text("digest"),
            text("last_four"),
            optional(time("last_used_at")),
            optional(time("expires_at")),
            time("created_at"),
        ],
    )
    .belongs("account_id", "service_account")
    .unique(&["digest"])
    .index(&["account_id"])
    .index_where_set(&["expires_at"], "expires_at")
}

/// Not of a realm but of an account: one of `system` makes realms.
fn idempotency() -> NewTable {
    NewTable::new(
        "idempotency",
        &["id"],
        &[text("id"), id("account_id"), text("request"), text("claim"), time("claimed_at"), optional(bytes("answer")), time("expires_at")],
    )
    .belongs("account_id", "service_account")
    .index(&["account_id"])
    .index(&["expires_at"])
}
