//! Realms and what the whole of one needs: hosts, connections, signing keys, names that stay taken,
//! and the changes by which nodes learn what to forget.

use crate::step::Step;
use crate::table::{NewTable, bytes, id, json, number, optional, sequence, text, time};

/// This step.
pub(crate) const STEP: Step = Step { name: "m20261121_000001_realms", does: "makes the tables of realms", tables };

fn tables() -> Vec<NewTable> {
    vec![
        NewTable::new(
            "realm",
            &["id"],
            &[
                id("id"),
                text("slug"),
                text("name"),
                json("settings"),
                number("version"),
                time("created_at"),
                optional(time("not_before")),
                optional(time("disabled_at")),
            ],
        )
        .unique(&["slug"]),
        NewTable::new("realm_host", &["host"], &[text("host"), id("realm_id"), number("position")])
            .belongs("realm_id", "realm")
            .index(&["realm_id"]),
        NewTable::new("taken_name", &["realm_id", "kind", "name"], &[id("realm_id"), text("kind"), text("name")])
            .refers("realm_id", "realm"),
        NewTable::new(
            "connection",
            &["id"],
            &[
                id("id"),
                id("realm_id"),
                text("slug"),
                text("name"),
                text("kind"),
                optional(id("owner_id")),
                json("settings"),
                optional(bytes("secrets")),
                optional(time("credential_expires_at")),
                // When somebody was last told that it ends.
                optional(time("warned_at")),
                optional(time("not_before")),
                optional(time("disabled_at")),
                time("created_at"),
            ],
        )
        .refers("realm_id", "realm")
        .unique(&["realm_id", "slug"])
        .index_where_set(&["owner_id"], "owner_id")
        .index_where_set(&["credential_expires_at"], "credential_expires_at"),
        signing_key(),
        NewTable::new("change", &[], &[sequence("number"), id("realm_id"), text("kind"), text("reference"), time("at")]).index(&["at"]),
    ]
}

fn signing_key() -> NewTable {
    NewTable::new(
        "signing_key",
        &["id"],
        &[
            id("id"),
            id("realm_id"),
            text("algorithm"),
            text("kid"),
            bytes("private"),
            json("public_jwk"),
            text("state"),
            time("created_at"),
            optional(time("activated_at")),
            optional(time("retired_at")),
            optional(time("expires_at")),
        ],
    )
    .refers("realm_id", "realm")
    .unique(&["realm_id", "kid"])
    .unique_where(&["realm_id", "algorithm"], "state", "active")
    .unique_where(&["realm_id", "algorithm"], "state", "next")
    .index(&["state", "activated_at"])
    .index(&["state", "expires_at"])
}
