//! People, how they prove themselves, and the tenants they belong to.
//!
//! The table of people is `person`, because `user` is a reserved word and, unquoted on Postgres,
//! quietly something else.

use crate::step::Step;
use crate::table::{NewTable, flag, id, json, number, optional, text, time};

/// This step.
pub(crate) const STEP: Step = Step { name: "m20261121_000002_people", does: "makes the tables of people, sessions and tenants", tables };

fn tables() -> Vec<NewTable> {
    vec![
        person(),
        NewTable::new("password", &["person_id"], &[id("person_id"), id("realm_id"), text("hash"), time("changed_at")])
            .belongs("person_id", "person"),
        session(),
        action_link(),
        NewTable::new(
            "tenant",
            &["id"],
            &[
                id("id"),
                id("realm_id"),
                text("org_id"),
                text("name"),
                text("app_policy"),
                optional(number("max_sign_in_age")),
                text("sign_in"),
                optional(time("suspended_at")),
                optional(time("not_before")),
                time("created_at"),
            ],
        )
        .refers("realm_id", "realm")
        .unique(&["realm_id", "org_id"])
        .index(&["realm_id", "id"]),
        NewTable::new(
            "membership",
            &["id"],
            &[
                id("id"),
                id("realm_id"),
                id("tenant_id"),
                id("person_id"),
                text("role"),
                flag("break_glass"),
                optional(id("connection_id")),
                time("created_at"),
            ],
        )
        .belongs("tenant_id", "tenant")
        .belongs("person_id", "person")
        .unique(&["tenant_id", "person_id"])
        .index(&["person_id"]),
        personal_token(),
    ]
}

fn person() -> NewTable {
    NewTable::new(
        "person",
        &["id"],
        &[
            id("id"),
            id("realm_id"),
            text("email"),
            optional(time("email_verified_at")),
            json("profile"),
            // Names with spaces between them; empty for nearly everybody, hence the partial index.
            optional(text("roles")),
            optional(time("disabled_at")),
            time("created_at"),
            time("updated_at"),
        ],
    )
    .refers("realm_id", "realm")
    .unique_where_set(&["realm_id", "email"], "email_verified_at")
    .index_where_unset(&["realm_id", "email"], "email_verified_at")
    .index_where_set(&["realm_id"], "roles")
    .index(&["realm_id", "id"])
}

fn session() -> NewTable {
    NewTable::new(
        "session",
        &["id"],
        &[
            id("id"),
            id("realm_id"),
            id("person_id"),
            text("digest"),
            optional(id("connection_id")),
            text("methods"),
            time("authenticated_at"),
            flag("remembered"),
            text("user_agent"),
            text("ip"),
            time("last_used_at"),
            time("created_at"),
            time("expires_at"),
            optional(time("ended_at")),
        ],
    )
    .unique(&["digest"])
    .index(&["person_id"])
    // Each sign-in counts a person's live sessions, however many have ended.
    .index_where_unset(&["person_id", "last_used_at"], "ended_at")
    // A connection that is switched off ends the sessions that began there.
    .index_where_set(&["connection_id"], "connection_id")
    .index(&["expires_at"])
}

fn action_link() -> NewTable {
    NewTable::new(
        "action_link",
        &["id"],
        &[
            id("id"),
            id("realm_id"),
            text("digest"),
            text("action"),
            json("details"),
            optional(id("person_id")),
            optional(text("resume")),
            time("created_at"),
            time("expires_at"),
            optional(time("consumed_at")),
        ],
    )
    .unique(&["digest"])
    .index_where_set(&["person_id"], "person_id")
    .index_where_unset(&["realm_id", "action"], "person_id")
    .index(&["expires_at"])
}

fn personal_token() -> NewTable {
    NewTable::new(
        "personal_token",
        &["id"],
        &[
            id("id"),
            id("realm_id"),
            id("person_id"),
            optional(id("tenant_id")),
            text("name"),
            text("scopes"),
            text("digest"),
            text("last_four"),
            optional(time("last_used_at")),
            time("expires_at"),
            time("created_at"),
        ],
    )
    .belongs("person_id", "person")
    .belongs("tenant_id", "tenant")
    .unique(&["digest"])
    .unique(&["person_id", "name"])
    .index_where_set(&["tenant_id"], "tenant_id")
    .index(&["expires_at"])
}
