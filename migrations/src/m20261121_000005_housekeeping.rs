//! The audit trail, messages that wait to leave, and removals that are worked off in batches.

use crate::step::Step;
use crate::table::{NewTable, bytes, id, json, number, optional, text, time};

/// This step.
pub(crate) const STEP: Step =
    Step { name: "m20261121_000005_housekeeping", does: "makes the tables of the audit trail, the outbox and removals", tables };

fn tables() -> Vec<NewTable> {
    vec![
        NewTable::new(
            "audit",
            &["id"],
            &[
                id("id"),
                id("realm_id"),
                time("at"),
                text("event"),
                text("actor"),
                optional(id("person_id")),
                optional(id("client_id")),
                optional(text("target")),
                optional(text("reason")),
                optional(text("ip")),
                optional(text("request_id")),
                optional(json("detail")),
            ],
        ),
        NewTable::new(
            "outbox",
            &["id"],
            &[
                id("id"),
                id("realm_id"),
                bytes("mail"),
                number("attempts"),
                // Empty once nobody will try again.
                optional(time("due_at")),
                time("created_at"),
                optional(text("last_error")),
            ],
        )
        .index_where_set(&["due_at"], "due_at")
        .index_where_unset(&["created_at"], "due_at"),
        NewTable::new("removal", &["reference"], &[text("reference"), text("kind"), id("realm_id"), time("created_at")]),
    ]
}
