//! The fields of a client's settings: what a record looks like in a form, and what was typed as a record.
//!
//! A record travels as the realm file's entry, so that its fields have one name everywhere. What is wrong with it
//! is for the rules to say; here are only words that are no value at all: a number with letters, keys that are no JSON.

use gantry_core::client::{Client, ClientKind};
use gantry_core::client_auth_method::ClientAuthMethod;
use gantry_core::failure::{Fault, Refusal};
use gantry_core::grant_type::GrantType;
use gantry_core::realm::{RefreshIssuance, RefreshRotation};
use gantry_core::resource::Resource;
use gantry_core::scope::{STANDARD_SCOPES, ScopeTier};
use gantry_oauth::catalogue::Catalogue;
use gantry_oauth::clients::{ClientSettings, check_redirect_uri};
use gantry_realm_file::document;
use gantry_realm_file::entry;
use gantry_views::console::{Choice, Field, FieldKind, Text, said, say};

use super::uri_check::words;
use super::{kind, kind_hint};
use crate::console::context::Console;
use crate::console::form::{ConsoleForm, problems};
use crate::paths::console as at;

/// What stands in the fields: a record, and what was typed where that may be none.
#[derive(Debug, Clone)]
pub(super) struct Typed {
    pub(super) entry: document::Client,
    jwks: String,
    lifetimes: [String; 3],
}

/// The fields of whole numbers, as the form and the file's `policy` call them.
const LIFETIMES: [&str; 3] = ["access_lifetime", "refresh_idle_lifetime", "refresh_absolute_lifetime"];

/// A client as an entry.
pub(super) fn entry(client: &Client, catalogue: &Catalogue) -> document::Client {
    entry::client(Some(client.client_id.clone()), &ClientSettings::of(client), client.is_enabled(), catalogue)
}

impl Typed {
    /// The record as it is.
    pub(super) fn of(entry: document::Client) -> Self {
        let policy = &entry.policy;
        let lifetimes = [policy.access_lifetime, policy.refresh_idle_lifetime, policy.refresh_absolute_lifetime];
        Self {
            jwks: entry.jwks.as_ref().and_then(|set| serde_json::to_string_pretty(set).ok()).unwrap_or_default(),
            lifetimes: lifetimes.map(|seconds| seconds.map_or_else(String::new, |seconds| seconds.to_string())),
            entry,
        }
    }

    /// What was typed over a record.
    pub(super) fn read(form: &ConsoleForm, before: document::Client) -> Self {
        let mut entry = before;
        form.line("name").clone_into(&mut entry.name);
        form.line("description").clone_into(&mut entry.description);
        entry.kind = ClientKind::parse(form.line("kind")).unwrap_or(entry.kind);
        entry.publisher = form.some("publisher");
        entry.website = form.some("website");
        entry.redirect_uris = form.lines("redirect_uris");
        entry.post_logout_redirect_uris = form.lines("post_logout_redirect_uris");
        entry.grant_types = Some(form.all("grant_types").filter_map(GrantType::parse).collect());
        entry.scopes = in_order(&entry.scopes, form.all("scopes"));
        entry.resources = in_order(&entry.resources, form.all("resources"));
        entry.default_resource = form.some("default_resource");
        entry.auth_method = ClientAuthMethod::parse(form.line("auth_method"));
        entry.jwks_uri = form.some("jwks_uri");
        entry.introspects = form.some("introspects");
        let policy = &mut entry.policy;
        policy.refresh_issuance = word(form.line("refresh_issuance"));
        policy.refresh_rotation = word(form.line("refresh_rotation"));
        policy.require_pkce = form.on("require_pkce");
        policy.require_pushed_requests = form.on("require_pushed_requests");
        policy.require_state = form.on("require_state");
        policy.first_party = form.on("first_party");
        let lifetimes = LIFETIMES.map(|name| form.line(name).to_owned());
        Self { entry, jwks: form.line("jwks").to_owned(), lifetimes }
    }

    /// The record that was typed, or what is no value at all.
    pub(super) fn settle(&self, console: &Console) -> Result<Result<document::Client, Vec<(String, String)>>, Fault> {
        let mut entry = self.entry.clone();
        let mut wrong = Vec::new();
        let mut seconds = LIFETIMES.iter().zip(&self.lifetimes).map(|(name, text)| {
            let number = text.parse().ok();
            (number, (number.is_none() && !text.is_empty()).then(|| (*name).to_owned()))
        });
        let slots =
            [&mut entry.policy.access_lifetime, &mut entry.policy.refresh_idle_lifetime, &mut entry.policy.refresh_absolute_lifetime];
        for slot in slots {
            let (number, bad) = seconds.next().unwrap_or_default();
            *slot = number;
            if let Some(name) = bad {
                wrong.push((name, console.words("clients-no-number")?));
            }
        }
        entry.jwks = if self.jwks.is_empty() { None } else { serde_json::from_str(&self.jwks).ok() };
        if entry.jwks.is_none() && !self.jwks.is_empty() {
            wrong.push(("jwks".to_owned(), console.words("clients-no-json")?));
        }
        Ok(if wrong.is_empty() { Ok(entry) } else { Err(wrong) })
    }

    /// All fields of the settings, in their order.
    pub(super) fn fields(&self, console: &Console, catalogue: &Catalogue) -> Vec<Field> {
        let mut fields = self.about(catalogue);
        fields.extend(self.addresses(console));
        fields.extend(self.rights(catalogue));
        fields.extend(self.proof());
        fields.extend(self.policy());
        fields
    }

    fn about(&self, catalogue: &Catalogue) -> Vec<Field> {
        let entry = &self.entry;
        let kinds = ClientKind::ALL.iter().map(|one| Choice::new(one.as_str(), kind(*one), *one == entry.kind)).collect();
        let mut teams = vec![Choice::new("", say("clients-publisher-none"), entry.publisher.is_none())];
        teams.extend(
            catalogue
                .publishers
                .iter()
                .map(|team| Choice::new(&team.slug, said(&team.name), entry.publisher.as_deref() == Some(team.slug.as_str()))),
        );
        vec![
            Field::line("name", say("clients-name"), &entry.name).hint(say("clients-name-hint")).required(),
            Field::line("description", say("clients-description"), &entry.description).hint(say("clients-description-hint")),
            Field::new("website", say("clients-website"), FieldKind::Url(entry.website.clone().unwrap_or_default())),
            Field::select("publisher", say("clients-publisher"), teams).hint(say("clients-publisher-hint")),
            Field::select("kind", say("clients-kind"), kinds).hint(kind_hint(entry.kind)),
        ]
    }

    fn addresses(&self, console: &Console) -> Vec<Field> {
        vec![
            Field::heading("addresses", say("clients-addresses")),
            redirect_uris(console, &self.entry),
            Field::lines("post_logout_redirect_uris", say("clients-post-logout-uris"), self.entry.post_logout_redirect_uris.clone())
                .hint(say("clients-post-logout-uris-hint"))
                .checked_at(console.path(at::CLIENT_URI_CHECK, &[]), self.entry.kind.as_str()),
        ]
    }

    fn rights(&self, catalogue: &Catalogue) -> Vec<Field> {
        let entry = &self.entry;
        let grant_types = entry.redeems();
        let grants = GrantType::ALL
            .iter()
            .map(|one| Choice::new(one.as_str(), grant_type(*one), grant_types.contains(one)).hint(said(one.as_str())))
            .collect();
        let audiences = |chosen: &[String]| -> Vec<Choice> {
            let choice =
                |one: &Resource| Choice::new(&one.audience, said(&one.name), chosen.contains(&one.audience)).hint(said(&one.audience));
            catalogue.resources.iter().map(choice).collect()
        };
        let one_of = |none: Text, chosen: Option<&String>| {
            let mut choices = vec![Choice::new("", none, chosen.is_none())];
            choices.extend(audiences(&chosen.cloned().into_iter().collect::<Vec<_>>()));
            choices
        };
        vec![
            Field::heading("rights", say("clients-rights")),
            Field::checks("grant_types", say("clients-grant-types"), grants),
            scopes(entry, catalogue),
            Field::checks("resources", say("clients-resources"), audiences(&entry.resources)).hint(say("clients-resources-hint")),
            Field::select(
                "default_resource",
                say("clients-default-resource"),
                one_of(say("clients-default-resource-none"), entry.default_resource.as_ref()),
            ),
            Field::select("introspects", say("clients-introspects"), one_of(say("clients-introspects-none"), entry.introspects.as_ref()))
                .hint(say("clients-introspects-hint")),
        ]
    }

    fn proof(&self) -> Vec<Field> {
        let mut methods = vec![Choice::new("", say("clients-auth-default"), self.entry.auth_method.is_none())];
        methods
            .extend(ClientAuthMethod::ALL.iter().map(|one| Choice::new(one.as_str(), method(*one), self.entry.auth_method == Some(*one))));
        vec![
            Field::heading("proof", say("clients-proof")),
            Field::select("auth_method", say("clients-auth-method"), methods).hint(say("clients-auth-method-hint")),
            Field::new("jwks_uri", say("clients-jwks-uri"), FieldKind::Url(self.entry.jwks_uri.clone().unwrap_or_default())),
            Field::new("jwks", say("clients-jwks"), FieldKind::Code(self.jwks.clone())).hint(say("clients-jwks-hint")),
        ]
    }

    fn policy(&self) -> Vec<Field> {
        let policy = &self.entry.policy;
        let [access, idle, absolute] = self.lifetimes.clone();
        let issuance = [
            ("", say("clients-as-realm"), None),
            ("offline_access", say("clients-refresh-offline"), Some(RefreshIssuance::OfflineAccess)),
            ("always", say("clients-refresh-always"), Some(RefreshIssuance::Always)),
            ("never", say("clients-refresh-never"), Some(RefreshIssuance::Never)),
        ];
        let rotation = [
            ("", say("clients-as-realm"), None),
            ("all", say("clients-rotation-all"), Some(RefreshRotation::All)),
            ("public", say("clients-rotation-public"), Some(RefreshRotation::Public)),
        ];
        let issuance = issuance.map(|(value, text, one)| Choice::new(value, text, policy.refresh_issuance == one)).to_vec();
        let rotation = rotation.map(|(value, text, one)| Choice::new(value, text, policy.refresh_rotation == one)).to_vec();
        let number = |name, label, text: String| Field::new(name, label, FieldKind::Number(text));
        vec![
            Field::heading("policy", say("clients-policy")).hint(say("clients-policy-hint")),
            number("access_lifetime", say("clients-access-lifetime"), access).hint(say("clients-seconds-hint")),
            Field::select("refresh_issuance", say("clients-refresh-issuance"), issuance),
            Field::select("refresh_rotation", say("clients-refresh-rotation"), rotation),
            number("refresh_idle_lifetime", say("clients-refresh-idle"), idle),
            number("refresh_absolute_lifetime", say("clients-refresh-absolute"), absolute),
            Field::switch("require_pkce", say("clients-require-pkce"), policy.require_pkce).hint(say("clients-require-pkce-hint")),
            Field::switch("require_pushed_requests", say("clients-require-par"), policy.require_pushed_requests)
                .hint(say("clients-require-par-hint")),
            Field::switch("require_state", say("clients-require-state"), policy.require_state),
            Field::switch("first_party", say("clients-first-party"), policy.first_party).hint(say("clients-first-party-hint")),
        ]
    }
}

/// The field of redirect URIs, each judged while it is typed.
pub(super) fn redirect_uris(console: &Console, entry: &document::Client) -> Field {
    Field::lines("redirect_uris", say("clients-redirect-uris"), entry.redirect_uris.clone())
        .hint(say("clients-redirect-uris-hint"))
        .checked_at(console.path(at::CLIENT_URI_CHECK, &[]), entry.kind.as_str())
}

/// The field of scopes, each with who may hand it out.
pub(super) fn scopes(entry: &document::Client, catalogue: &Catalogue) -> Field {
    let has = |name: &str| entry.scopes.iter().any(|one| one == name);
    let machine = entry.kind == ClientKind::Machine;
    let mut choices: Vec<Choice> = Vec::new();
    if !machine {
        choices.extend(
            STANDARD_SCOPES.iter().map(|one| Choice::new(one.name, said(one.name), has(one.name)).hint(say("clients-scope-standard"))),
        );
    }
    choices.extend(catalogue.scopes.iter().filter(|one| !machine || one.machine || has(&one.name)).map(|one| {
        let hint = match one.tier {
            ScopeTier::Open => say("clients-scope-open"),
            ScopeTier::Reviewed => say("clients-scope-reviewed"),
            ScopeTier::TenantAdmin => say("clients-scope-tenant-admin"),
        };
        Choice::new(&one.name, said(&one.name), has(&one.name)).hint(hint.with("title", one.title.as_str()))
    }));
    Field::checks("scopes", say("clients-scopes"), choices).hint(say("clients-scopes-hint"))
}

/// What the rules found wrong, each redirect URI with its own reason, in the admin's language.
pub(super) fn wrong_fields(console: &Console, refusal: &Refusal, entry: &document::Client) -> Result<Vec<(String, String)>, Fault> {
    let mut all = problems(refusal);
    for (shown, problem) in all.iter_mut().zip(&refusal.fields) {
        let uris = match problem.field.as_str() {
            "redirect_uris" => &entry.redirect_uris,
            "post_logout_redirect_uris" => &entry.post_logout_redirect_uris,
            _ => continue,
        };
        let Some(uri) = problem.index.and_then(|index| uris.get(index)) else { continue };
        let reason = match check_redirect_uri(uri, entry.kind) {
            Err(reason) => words(console, reason)?,
            Ok(()) => problem.problem.clone(),
        };
        let short: String = uri.chars().take(120).collect();
        shown.1 = format!("{short}: {reason}");
    }
    Ok(all)
}

/// What is ticked, in the order that it had before; what is new stands behind. A form that nobody touched changes nothing.
fn in_order<'t>(before: &[String], ticked: impl Iterator<Item = &'t str>) -> Vec<String> {
    let ticked: Vec<&str> = ticked.collect();
    let kept = before.iter().filter(|one| ticked.contains(&one.as_str())).cloned();
    let new = ticked.iter().filter(|one| !before.iter().any(|known| known == *one)).map(|one| (*one).to_owned());
    kept.chain(new).collect()
}

fn word<T: serde::de::DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(text.to_owned())).ok()
}

const fn grant_type(one: GrantType) -> Text {
    match one {
        GrantType::AuthorizationCode => say("clients-grant-code"),
        GrantType::RefreshToken => say("clients-grant-refresh"),
        GrantType::ClientCredentials => say("clients-grant-machine"),
    }
}

const fn method(one: ClientAuthMethod) -> Text {
    match one {
        ClientAuthMethod::ClientSecretBasic => say("clients-auth-basic"),
        ClientAuthMethod::ClientSecretPost => say("clients-auth-post"),
        ClientAuthMethod::PrivateKeyJwt => say("clients-auth-keys"),
        ClientAuthMethod::None => say("clients-auth-none"),
    }
}
