//! Signing in with somebody else's server: where connections are offered, whose accounts they are, the
//! conversations that are under way, and the traces of all of it.

use crate::step::Step;
use crate::table::{NewTable, bytes, flag, id, json, number, optional, text, time};

/// This step.
pub(crate) const STEP: Step = Step { name: "m20261121_000006_federation", does: "makes the tables of federation", tables };

fn tables() -> Vec<NewTable> {
    vec![
        attachment(),
        tenant_domain(),
        identity(),
        upstream_session(),
        sign_in_attempt(),
        pending_link(),
        sign_in_trace(),
        trace_hop(),
        trace_share(),
    ]
}

fn attachment() -> NewTable {
    NewTable::new(
        "attachment",
        &["connection_id", "tenant_id"],
        &[
            id("connection_id"),
            id("tenant_id"),
            id("realm_id"),
            text("join_rule"),
            text("default_role"),
            json("roles"),
            json("directories"),
            time("created_at"),
        ],
    )
    .belongs("connection_id", "connection")
    .belongs("tenant_id", "tenant")
    .index(&["tenant_id"])
}

fn tenant_domain() -> NewTable {
    NewTable::new(
        "tenant_domain",
        &["id"],
        &[
            id("id"),
            id("realm_id"),
            id("tenant_id"),
            text("domain"),
            text("challenge"),
            optional(text("proof")),
            optional(time("proved_at")),
            optional(time("checked_at")),
            optional(time("failing_since")),
            optional(time("check_at")),
            time("created_at"),
        ],
    )
    .belongs("tenant_id", "tenant")
    .unique(&["tenant_id", "domain"])
    .unique_where_set(&["realm_id", "domain"], "proof")
    .index_where_set(&["check_at"], "check_at")
}

fn identity() -> NewTable {
    NewTable::new(
        "identity",
        &["id"],
        &[
            id("id"),
            id("realm_id"),
            id("connection_id"),
            text("issuer"),
            text("subject"),
            id("person_id"),
            optional(text("email")),
            optional(text("directory")),
            json("groups"),
            optional(time("groups_stale_since")),
            time("created_at"),
            time("last_used_at"),
        ],
    )
    .belongs("connection_id", "connection")
    .belongs("person_id", "person")
    .unique(&["realm_id", "connection_id", "issuer", "subject"])
    .index(&["person_id"])
}

fn upstream_session() -> NewTable {
    NewTable::new(
        "upstream_session",
        &["session_id"],
        &[
            id("session_id"),
            id("realm_id"),
            id("connection_id"),
            id("identity_id"),
            optional(text("upstream_sid")),
            optional(bytes("tokens")),
            optional(time("check_at")),
            time("created_at"),
        ],
    )
    .belongs("session_id", "session")
    .index(&["identity_id"])
    .index_where_set(&["connection_id", "upstream_sid"], "upstream_sid")
    .index_where_set(&["check_at"], "check_at")
}

fn sign_in_attempt() -> NewTable {
    NewTable::new(
        "sign_in_attempt",
        &["id"],
        &[
            id("id"),
            id("realm_id"),
            id("connection_id"),
            text("state"),
            text("browser"),
            text("nonce"),
            bytes("verifier"),
            json("purpose"),
            optional(id("request_id")),
            optional(id("tenant_id")),
            flag("remember"),
            optional(number("max_age")),
            id("trace_id"),
            time("created_at"),
            time("expires_at"),
        ],
    )
    .unique(&["state"])
    .index(&["expires_at"])
}

fn pending_link() -> NewTable {
    NewTable::new(
        "pending_link",
        &["id"],
        &[
            id("id"),
            id("realm_id"),
            text("browser"),
            id("connection_id"),
            bytes("identity"),
            optional(id("person_id")),
            optional(id("request_id")),
            optional(id("tenant_id")),
            flag("remember"),
            id("trace_id"),
            time("created_at"),
            time("expires_at"),
        ],
    )
    .index(&["expires_at"])
}

fn sign_in_trace() -> NewTable {
    NewTable::new(
        "sign_in_trace",
        &["id"],
        &[
            id("id"),
            id("realm_id"),
            optional(id("connection_id")),
            optional(id("tenant_id")),
            optional(id("client_id")),
            optional(id("publisher_id")),
            optional(id("person_id")),
            text("outcome"),
            optional(text("problem")),
            time("started_at"),
            time("expires_at"),
        ],
    )
    .index(&["realm_id", "id"])
    .index_where_set(&["tenant_id", "id"], "tenant_id")
    .index(&["expires_at"])
}

fn trace_hop() -> NewTable {
    NewTable::new("trace_hop", &["id"], &[id("id"), id("realm_id"), id("trace_id"), time("at"), text("kind"), json("detail")])
        .belongs("trace_id", "sign_in_trace")
        .index(&["trace_id", "id"])
}

fn trace_share() -> NewTable {
    NewTable::new(
        "trace_share",
        &["digest"],
        &[
            text("digest"),
            id("realm_id"),
            id("trace_id"),
            text("reader"),
            optional(id("tenant_id")),
            time("created_at"),
            time("expires_at"),
        ],
    )
    .belongs("trace_id", "sign_in_trace")
    .index(&["expires_at"])
}
