//! The audit trail by tenant and by what it is filtered by, how often things happened, the texts of mails that a
//! realm words itself, and what lists of mails and traces are narrowed by.

use crate::step::Step;
use crate::table::{NewTable, id, json, number, optional, text, time};

/// This step.
pub(crate) const STEP: Step = Step {
    name: "m20261121_000008_audit",
    does: "adds tenants to the audit trail, and makes the tables of figures and of the texts of mails",
    tables,
};

fn tables() -> Vec<NewTable> {
    vec![audit(), figure(), mail_text(), outbox(), sign_in_trace()]
}

fn audit() -> NewTable {
    // `pending` is 1 until the line is counted in `figure`, and empty from then on.
    NewTable::grown("audit", &[optional(id("tenant_id")), optional(number("pending"))])
        .index(&["realm_id", "at", "id"])
        .index(&["realm_id", "event", "at", "id"])
        .index_where_set(&["realm_id", "tenant_id", "at", "id"], "tenant_id")
        .index_where_set(&["realm_id", "person_id", "at", "id"], "person_id")
        .index_where_set(&["realm_id", "client_id", "at", "id"], "client_id")
        .index_where_set(&["realm_id", "target", "at", "id"], "target")
        .index_where_set(&["realm_id", "reason", "at", "id"], "reason")
        .index_where_set(&["id"], "pending")
}

fn figure() -> NewTable {
    // An empty `tenant_id` is the realm as a whole.
    let key = &["realm_id", "tenant_id", "event", "hour", "reason"];
    let columns = [id("realm_id"), id("tenant_id"), text("event"), number("hour"), text("reason"), number("count")];
    NewTable::new("figure", key, &columns).index(&["hour"])
}

fn mail_text() -> NewTable {
    let columns = [id("realm_id"), text("locale"), text("kind"), text("subject"), json("paragraphs"), time("updated_at")];
    NewTable::new("mail_text", &["realm_id", "locale", "kind"], &columns).belongs("realm_id", "realm")
}

fn outbox() -> NewTable {
    NewTable::grown("outbox", &[]).index(&["realm_id", "id"])
}

fn sign_in_trace() -> NewTable {
    NewTable::grown("sign_in_trace", &[])
        .index_where_set(&["realm_id", "problem", "id"], "problem")
        .index_where_set(&["connection_id", "id"], "connection_id")
}
