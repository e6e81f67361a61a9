//! By which words and properties each kind of record is known.

use std::collections::BTreeSet;

use gantry_core::client::Client;
use gantry_core::connection::Connection;
use gantry_core::id::TenantId;
use gantry_core::publisher::Publisher;
use gantry_core::resource::Resource;
use gantry_core::scope::Scope;
use gantry_core::search::{property, words_of};
use gantry_core::tenant::{Tenant, TenantRole};
use gantry_core::user::User;

use super::super::row::to_word;
use gantry_core::failure::Fault;

/// The most words of one record; its names come first.
const MAX_WORDS: usize = 16;

/// What a record is known by.
#[derive(Debug, Default)]
pub(crate) struct Terms {
    words: BTreeSet<String>,
    properties: BTreeSet<String>,
}

impl Terms {
    /// The words of a text, as far as there is room.
    fn text(mut self, text: &str) -> Self {
        for word in words_of(text) {
            if self.words.len() < MAX_WORDS {
                self.words.insert(word);
            }
        }
        self
    }

    fn texts<'t>(self, texts: impl IntoIterator<Item = &'t Option<String>>) -> Self {
        texts.into_iter().flatten().fold(self, |terms, text| terms.text(text))
    }

    fn facet(mut self, facet: &str) -> Self {
        self.properties.insert(property(facet));
        self
    }

    fn facet_if(self, holds: bool, facet: &str) -> Self {
        if holds { self.facet(facet) } else { self }
    }

    /// All of them, as they stand in the table.
    pub(super) fn into_set(self) -> BTreeSet<String> {
        let mut all = self.words;
        all.extend(self.properties);
        all
    }
}

/// What begins the properties by which members of a tenant are found. Memberships write them, and no change of the person's
/// own record takes them away.
const PLACE: &str = "=tenant:";

/// Whether a term says where somebody is a member.
pub(super) fn is_place(term: &str) -> bool {
    term.starts_with(PLACE)
}

/// The facet of a tenant's members; of those with a role.
pub(crate) fn place(tenant: TenantId, role: Option<TenantRole>) -> String {
    role.map_or_else(|| format!("tenant:{tenant}"), |role| format!("tenant:{tenant}:{role}"))
}

pub(crate) fn of_user(user: &User) -> Terms {
    let profile = &user.profile;
    let names = [&profile.name, &profile.preferred_username, &profile.nickname, &profile.given_name, &profile.family_name];
    let terms = Terms::default().text(user.email.as_str()).texts(names);
    let terms = user.roles.iter().fold(terms, |terms, role| terms.facet(&format!("role:{role}")));
    terms.facet_if(user.disabled_at.is_some(), "is:disabled").facet(if user.email_verified_at.is_some() {
        "is:verified"
    } else {
        "is:unverified"
    })
}

pub(crate) fn of_client(client: &Client) -> Terms {
    let terms = Terms::default().text(&client.client_id).text(&client.name).facet(&format!("kind:{}", client.kind));
    let terms = client.publisher_id.iter().fold(terms, |terms, publisher| terms.facet(&format!("publisher:{publisher}")));
    terms.facet_if(client.disabled_at.is_some(), "is:disabled").facet_if(client.built_in, "is:built_in")
}

pub(crate) fn of_tenant(tenant: &Tenant) -> Terms {
    let terms = Terms::default().text(&tenant.org_id).text(&tenant.name);
    terms
        .facet_if(tenant.suspended_at.is_some(), "is:suspended")
        .facet(&format!("apps:{}", tenant.app_policy))
        .facet(&format!("sign_in:{}", tenant.sign_in))
}

pub(crate) fn of_connection(connection: &Connection) -> Terms {
    let terms = Terms::default().text(&connection.slug).text(&connection.name).facet(&format!("kind:{}", connection.kind));
    let terms = connection.owner.iter().fold(terms, |terms, owner| terms.facet(&format!("owner:{owner}")));
    let terms = terms.facet(if connection.is_enabled() { "is:enabled" } else { "is:disabled" });
    terms.facet(if connection.owner.is_some() { "of:tenant" } else { "of:realm" })
}

pub(crate) fn of_publisher(publisher: &Publisher) -> Terms {
    let terms = Terms::default().text(&publisher.slug).text(&publisher.name).texts([&publisher.website]);
    terms.facet(if publisher.verified_at.is_some() { "is:verified" } else { "is:unverified" })
}

pub(crate) fn of_resource(resource: &Resource) -> Result<Terms, Fault> {
    let terms = Terms::default().text(&resource.name).text(&resource.audience);
    Ok(terms.facet(&format!("format:{}", to_word(&resource.token_format)?)))
}

pub(crate) fn of_scope(scope: &Scope) -> Result<Terms, Fault> {
    let terms = Terms::default().text(&scope.name).text(&scope.title);
    Ok(terms.facet(&format!("tier:{}", to_word(&scope.tier)?)).facet_if(scope.machine, "is:machine"))
}
