//! Indexes for what the console's home pages ask: what ends soon, and what waits for somebody.

use crate::step::Step;
use crate::table::NewTable;

/// This step.
pub(crate) const STEP: Step = Step { name: "m20261121_000011_overview", does: "finds what ends soon without walking tables", tables };

fn tables() -> Vec<NewTable> {
    vec![
        NewTable::grown("connection", &[]).index_where_set(&["realm_id", "credential_expires_at"], "credential_expires_at"),
        NewTable::grown("client_secret", &[]).index_where_set(&["realm_id", "expires_at"], "expires_at"),
        NewTable::grown("app_key", &[]).index_where_set(&["realm_id", "expires_at"], "expires_at"),
        NewTable::grown("tenant_domain", &[])
            .index_where_unset(&["realm_id", "id"], "proof")
            .index_where_set(&["realm_id", "failing_since"], "failing_since"),
        NewTable::grown("outbox", &[]).index_where_unset(&["realm_id", "id"], "due_at"),
    ]
}
