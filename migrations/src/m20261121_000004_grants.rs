//! What flows write: requests, codes, grants, refresh families, consents, tokens, replay guards.
//!
//! These rows come by the million. They have no foreign keys: each would lock its parent's row, the
//! realm's in every transaction of all nodes. They are purged by time, and found through a grant,
//! client or person that is looked up first.

use crate::step::Step;
use crate::table::{NewTable, bytes, flag, id, json, number, optional, text, time};

/// This step.
pub(crate) const STEP: Step =
    Step { name: "m20261121_000004_grants", does: "makes the tables of requests, codes, grants and tokens", tables };

fn tables() -> Vec<NewTable> {
    vec![
        NewTable::new(
            "authorization_request",
            &["id"],
            &[
                id("id"),
                id("realm_id"),
                text("browser"),
                json("parameters"),
                text("stage"),
                optional(id("session_id")),
                optional(text("tenant_choice")),
                optional(id("trace_id")),
                time("created_at"),
                time("expires_at"),
            ],
        )
        .index(&["expires_at"]),
        NewTable::new(
            "pushed_request",
            &["digest"],
            &[text("digest"), id("realm_id"), id("client_id"), json("parameters"), time("expires_at"), optional(time("used_at"))],
        )
        .index(&["expires_at"]),
        authorization_code(),
        access_grant(),
        refresh_family(),
        consent(),
        access_token(),
        NewTable::new("revoked_jti", &["realm_id", "jti"], &[id("realm_id"), text("jti"), time("expires_at")]).index(&["expires_at"]),
        NewTable::new("assertion", &["client_id", "digest"], &[id("client_id"), text("digest"), id("realm_id"), time("expires_at")])
            .index(&["expires_at"]),
    ]
}

fn authorization_code() -> NewTable {
    NewTable::new(
        "authorization_code",
        &["digest"],
        &[
            text("digest"),
            id("realm_id"),
            id("client_id"),
            id("grant_id"),
            text("redirect_uri"),
            optional(id("trace_id")),
            optional(text("code_challenge")),
            time("created_at"),
            time("expires_at"),
            optional(time("consumed_at")),
        ],
    )
    .index(&["expires_at"])
}

fn access_grant() -> NewTable {
    NewTable::new(
        "access_grant",
        &["id"],
        &[
            id("id"),
            id("realm_id"),
            id("person_id"),
            id("client_id"),
            optional(id("connection_id")),
            id("session_id"),
            flag("session_bound"),
            text("scopes"),
            json("audiences"),
            json("tenants"),
            optional(id("default_tenant")),
            optional(text("nonce")),
            optional(json("requested_claims")),
            time("authenticated_at"),
            text("acr"),
            json("amr"),
            time("created_at"),
            time("last_used_at"),
            optional(time("revoked_at")),
            // Empty while a refresh family hangs on it.
            optional(time("purge_at")),
        ],
    )
    .index(&["person_id"])
    .index(&["client_id"])
    .index(&["session_id"])
    .index_where_set(&["purge_at"], "purge_at")
}

fn refresh_family() -> NewTable {
    NewTable::new(
        "refresh_family",
        &["id"],
        &[
            id("id"),
            id("realm_id"),
            id("grant_id"),
            id("client_id"),
            bytes("secret"),
            number("generation"),
            time("rotated_at"),
            time("idle_expires_at"),
            time("absolute_expires_at"),
            optional(time("revoked_at")),
            time("created_at"),
        ],
    )
    .index(&["grant_id"])
    .index(&["client_id"])
    .index(&["idle_expires_at"])
}

fn consent() -> NewTable {
    NewTable::new(
        "consent",
        &["id"],
        &[
            id("id"),
            id("realm_id"),
            id("person_id"),
            id("client_id"),
            number("client_version"),
            // Empty text for none: a unique index takes two empty columns for different ones.
            text("tenant_id"),
            text("scopes"),
            json("audiences"),
            time("decided_at"),
        ],
    )
    .unique(&["realm_id", "person_id", "client_id", "tenant_id"])
    .index(&["person_id"])
    .index(&["client_id"])
}

fn access_token() -> NewTable {
    NewTable::new(
        "access_token",
        &["digest"],
        &[
            text("digest"),
            id("realm_id"),
            id("client_id"),
            optional(id("grant_id")),
            text("scopes"),
            json("audiences"),
            optional(id("tenant_id")),
            time("issued_at"),
            time("expires_at"),
            optional(time("revoked_at")),
        ],
    )
    .index_where_set(&["grant_id"], "grant_id")
    .index(&["expires_at"])
}
