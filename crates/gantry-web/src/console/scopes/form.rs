//! The fields of a scope.

use gantry_core::failure::Failure;
use gantry_core::scope::{STANDARD_SCOPES, ScopeTier};
use gantry_oauth::catalogue::Catalogue;
use gantry_oauth::scopes::ScopeSettings;
use gantry_oauth::violation::{self, Violation};
use gantry_realm_file::{document, entry};
use gantry_views::console::{Choice, Field, Form, Text, said, say};
use serde::Serialize;

use crate::console::form::ConsoleForm;

/// What stands in the fields: the scope as an entry, and the API below which the entry stands.
#[derive(Debug, Clone)]
pub(super) struct Typed {
    pub(super) entry: document::Scope,
    pub(super) audience: Option<String>,
}

/// What a form was filled from, to be named.
#[derive(Serialize)]
pub(super) struct Seen<'s> {
    entry: &'s document::Scope,
    audience: Option<&'s str>,
}

impl Default for Typed {
    fn default() -> Self {
        let entry = document::Scope {
            name: String::new(),
            title: String::new(),
            description: String::new(),
            tier: ScopeTier::Open,
            claims: Vec::new(),
            machine: false,
        };
        Self { entry, audience: None }
    }
}

impl Typed {
    pub(super) fn read(form: &ConsoleForm) -> Self {
        let entry = document::Scope {
            name: form.line("name").to_owned(),
            title: form.line("title").to_owned(),
            description: form.line("description").to_owned(),
            tier: tier_named(form.line("tier")),
            claims: form.all("claims").map(str::to_owned).collect(),
            machine: form.on("machine"),
        };
        Self { entry, audience: form.some("resource") }
    }

    pub(super) fn seen(&self) -> Seen<'_> {
        Seen { entry: &self.entry, audience: self.audience.as_deref() }
    }

    /// The settings that were typed.
    pub(super) fn settings(&self, catalogue: &Catalogue) -> Result<ScopeSettings, Failure> {
        let resource = match &self.audience {
            None => None,
            Some(audience) => {
                let known = catalogue.resource_by_audience(audience);
                let unknown = || violation::refusal(&[Violation::new("resource", "names an unknown resource")]);
                Some(known.ok_or_else(unknown)?.id)
            }
        };
        Ok(entry::scope_settings(&self.entry, resource))
    }

    /// The form; a scope's name is given once.
    pub(super) fn form(&self, id: &'static str, action: String, submit: Text, catalogue: &Catalogue, new: bool) -> Form {
        let entry = &self.entry;
        let mut form = Form::new(id, action, submit);
        if new {
            form = form.field(Field::line("name", say("scopes-name"), &entry.name).hint(say("scopes-name-hint")).required());
        }
        let mut apis = vec![Choice::new("", say("scopes-resource-none"), self.audience.is_none())];
        apis.extend(
            catalogue
                .resources
                .iter()
                .map(|api| Choice::new(&api.audience, said(&api.name), self.audience.as_ref() == Some(&api.audience))),
        );
        let tiers = [
            ("open", ScopeTier::Open, say("scopes-tier-open"), say("scopes-tier-open-hint")),
            ("reviewed", ScopeTier::Reviewed, say("scopes-tier-reviewed"), say("scopes-tier-reviewed-hint")),
            ("tenant-admin", ScopeTier::TenantAdmin, say("scopes-tier-tenant-admin"), say("scopes-tier-tenant-admin-hint")),
        ];
        let tiers = tiers.map(|(value, one, text, hint)| Choice::new(value, text, entry.tier == one).hint(hint)).to_vec();
        let known = STANDARD_SCOPES.iter().flat_map(|scope| scope.claims);
        let claims = known.map(|claim| Choice::new(*claim, said(*claim), entry.claims.iter().any(|one| one == claim))).collect();
        form.field(Field::line("title", say("scopes-field-title"), &entry.title).hint(say("scopes-field-title-hint")).required())
            .field(Field::line("description", say("scopes-sentence"), &entry.description).hint(say("scopes-sentence-hint")).required())
            .field(Field::select("resource", say("scopes-resource"), apis).hint(say("scopes-resource-hint")))
            .field(Field::radio("tier", say("scopes-tier"), tiers))
            .field(Field::switch("machine", say("scopes-machine"), entry.machine).hint(say("scopes-machine-hint")))
            .field(Field::checks("claims", say("scopes-claims"), claims).hint(say("scopes-claims-hint")))
    }
}

/// The tier of this name; open if there is none.
pub(super) fn tier_named(name: &str) -> ScopeTier {
    match name {
        "reviewed" => ScopeTier::Reviewed,
        "tenant-admin" => ScopeTier::TenantAdmin,
        _ => ScopeTier::Open,
    }
}
