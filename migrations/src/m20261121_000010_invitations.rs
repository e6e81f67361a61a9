//! Invitations by mail, and how a tenant looks.

use crate::step::Step;
use crate::table::{NewTable, id, optional, text, time};

/// This step.
pub(crate) const STEP: Step =
    Step { name: "m20261121_000010_invitations", does: "makes the table of invitations and gives tenants their own look", tables };

fn tables() -> Vec<NewTable> {
    vec![
        NewTable::grown("tenant", &[optional(text("accent")), optional(text("welcome"))]),
        // Which apps a tenant's people use, and the list of its people, newest first.
        NewTable::existing("consent").index(&["tenant_id", "client_id"]),
        NewTable::existing("membership").index(&["tenant_id", "id"]),
        invitation(),
    ]
}

fn invitation() -> NewTable {
    NewTable::new(
        "invitation",
        &["id"],
        &[
            id("id"),
            id("realm_id"),
            optional(id("tenant_id")),
            text("email"),
            text("role"),
            text("locale"),
            text("digest"),
            text("invited_as"),
            optional(id("invited_by")),
            time("created_at"),
            time("expires_at"),
            optional(time("accepted_at")),
            optional(id("accepted_by")),
            optional(time("revoked_at")),
        ],
    )
    .belongs("realm_id", "realm")
    .belongs("tenant_id", "tenant")
    .unique(&["digest"])
    .index(&["realm_id", "id"])
    .index_where_set(&["tenant_id", "id"], "tenant_id")
    .index(&["expires_at"])
}
