//! Clients, and what they are made of: publishers, resources, scopes, secrets.

use crate::step::Step;
use crate::table::{NewTable, flag, id, json, number, optional, text, time};

/// This step.
pub(crate) const STEP: Step = Step { name: "m20261121_000003_clients", does: "makes the tables of clients, resources and scopes", tables };

fn tables() -> Vec<NewTable> {
    vec![
        publisher(),
        resource(),
        scope(),
        client(),
        NewTable::new("client_resource", &["client_id", "resource_id"], &[id("client_id"), id("resource_id"), number("position")])
            .belongs("client_id", "client")
            .refers("resource_id", "resource")
            .index(&["resource_id"]),
        client_secret(),
        NewTable::new(
            "installation",
            &["tenant_id", "client_id"],
            &[
                id("tenant_id"),
                id("client_id"),
                id("realm_id"),
                text("standing"),
                optional(time("not_before")),
                time("created_at"),
                time("updated_at"),
            ],
        )
        .belongs("tenant_id", "tenant")
        .belongs("client_id", "client")
        .index(&["client_id"]),
        app_key(),
    ]
}

fn publisher() -> NewTable {
    NewTable::new(
        "publisher",
        &["id"],
        &[
            id("id"),
            id("realm_id"),
            text("slug"),
            text("name"),
            optional(text("website")),
            optional(time("verified_at")),
            time("created_at"),
        ],
    )
    .refers("realm_id", "realm")
    .unique(&["realm_id", "slug"])
}

fn resource() -> NewTable {
    NewTable::new(
        "resource",
        &["id"],
        &[
            id("id"),
            id("realm_id"),
            text("audience"),
            text("name"),
            text("token_format"),
            optional(text("signing_algorithm")),
            optional(number("access_lifetime")),
            time("created_at"),
        ],
    )
    .refers("realm_id", "realm")
    .unique(&["realm_id", "audience"])
}

fn scope() -> NewTable {
    NewTable::new(
        "scope",
        &["id"],
        &[
            id("id"),
            id("realm_id"),
            optional(id("resource_id")),
            text("name"),
            text("title"),
            text("description"),
            text("tier"),
            json("claims"),
            flag("machine"),
            time("created_at"),
        ],
    )
    .refers("realm_id", "realm")
    .refers("resource_id", "resource")
    .unique(&["realm_id", "name"])
    .index_where_set(&["resource_id"], "resource_id")
}

fn client() -> NewTable {
    NewTable::new(
        "client",
        &["id"],
        &[
            id("id"),
            id("realm_id"),
            text("client_id"),
            text("kind"),
            text("name"),
            text("description"),
            optional(id("publisher_id")),
            optional(text("website")),
            json("redirect_uris"),
            json("post_logout_redirect_uris"),
            text("grant_types"),
            text("scopes"),
            optional(id("default_resource")),
            optional(text("auth_method")),
            optional(json("jwks")),
            optional(text("jwks_uri")),
            optional(id("introspects")),
            json("policy"),
            flag("built_in"),
            number("consent_version"),
            number("version"),
            optional(time("not_before")),
            optional(time("disabled_at")),
            time("created_at"),
        ],
    )
    .refers("realm_id", "realm")
    .refers("publisher_id", "publisher")
    .refers("default_resource", "resource")
    .refers("introspects", "resource")
    .unique(&["realm_id", "client_id"])
    .index(&["realm_id", "id"])
    .index_where_set(&["publisher_id"], "publisher_id")
    .index_where_set(&["default_resource"], "default_resource")
    .index_where_set(&["introspects"], "introspects")
}

fn client_secret() -> NewTable {
    NewTable::new(
        "client_secret",
        &["id"],
        &[
            id("id"),
            id("realm_id"),
            id("client_id"),
            text("digest"),
            text("last_four"),
            optional(time("last_used_at")),
            optional(time("expires_at")),
            time("created_at"),
        ],
    )
    .belongs("client_id", "client")
    .index(&["client_id"])
}

fn app_key() -> NewTable {
    NewTable::new(
        "app_key",
        &["id"],
        &[
            id("id"),
            id("realm_id"),
            id("client_id"),
            text("name"),
            text("scopes"),
            text("digest"),
            text("last_four"),
            optional(time("last_used_at")),
            optional(time("expires_at")),
            time("created_at"),
        ],
    )
    .belongs("client_id", "client")
    .unique(&["realm_id", "digest"])
    .unique(&["client_id", "name"])
}
