//! The fields of the settings: their names in realm files, their words, and what they look like.
//!
//! Ranges are checked where the settings are, see `gantry_core::realm`; here is only how a form is read.

use gantry_core::failure::Fault;
use gantry_core::realm::RealmSettings;
use gantry_core::scope::STANDARD_SCOPES;
use gantry_store::snapshot::RealmSnapshot;
use gantry_views::console::{Choice, Field, FieldKind, said, say};
use serde_json::{Map, Value as Json};

use super::to_json;
use crate::console::form::ConsoleForm;
use crate::paths::console as at;

/// A tab.
pub(super) struct Part {
    /// Its address.
    pub(super) path: &'static str,
    /// The part of the settings.
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) lead: &'static str,
    /// Whether a change ends what was issued, so that it is confirmed.
    pub(super) perilous: bool,
    rows: &'static [Row],
}

struct Row {
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    /// A whole number.
    Number,
    /// On or off.
    Switch,
    /// One of these words of realm files, each explained; where the words speak for themselves there is no key.
    OneOf(&'static [(&'static str, Option<&'static str>)]),
    /// A line, or nothing at all.
    Words,
    /// One of the realm's APIs, or none.
    Api,
    /// Some of the realm's scopes.
    Scopes,
}

macro_rules! row {
    ($name:literal, $label:literal, $kind:expr) => {
        Row { name: $name, label: $label, hint: concat!($label, "-hint"), kind: $kind }
    };
}

/// The tabs, in their order.
pub(super) const TABS: &[Part] = &[
    Part {
        path: at::SETTINGS,
        name: "tokens",
        title: "settings-tokens",
        lead: "settings-tokens-lead",
        perilous: false,
        rows: &[
            row!(
                "tokens.signing_algorithm",
                "settings-signing-algorithm",
                Kind::OneOf(&[("RS256", None), ("ES256", None), ("EdDSA", None)])
            ),
            row!("tokens.access_token_type", "settings-access-token-type", Kind::OneOf(&[("at+jwt", None), ("JWT", None)])),
            row!("tokens.access_lifetime", "settings-access-lifetime", Kind::Number),
            row!("tokens.id_token_lifetime", "settings-id-token-lifetime", Kind::Number),
            row!("tokens.code_lifetime", "settings-code-lifetime", Kind::Number),
            row!(
                "tokens.refresh_issuance",
                "settings-refresh-issuance",
                Kind::OneOf(&[
                    ("always", Some("settings-refresh-always")),
                    ("offline_access", Some("settings-refresh-offline")),
                    ("never", Some("settings-refresh-never")),
                ])
            ),
            row!(
                "tokens.refresh_rotation",
                "settings-refresh-rotation",
                Kind::OneOf(&[("all", Some("settings-rotation-all")), ("public", Some("settings-rotation-public"))])
            ),
            row!("tokens.refresh_retry_window", "settings-refresh-retry", Kind::Number),
            row!("tokens.refresh_idle_lifetime", "settings-refresh-idle", Kind::Number),
            row!("tokens.refresh_absolute_lifetime", "settings-refresh-absolute", Kind::Number),
            row!("tokens.key_overlap", "settings-key-overlap", Kind::Number),
            row!("tokens.response.token_type", "settings-token-type", Kind::OneOf(&[("Bearer", None), ("bearer", None)])),
            row!("tokens.response.refresh_expires_in", "settings-refresh-expires-in", Kind::Switch),
            row!("tokens.response.not_before_policy", "settings-not-before-policy", Kind::Switch),
            row!(
                "tokens.invalid_code_error",
                "settings-invalid-code-error",
                Kind::OneOf(&[("invalid_grant", None), ("invalid_request", None)])
            ),
        ],
    },
    Part {
        path: at::SETTINGS_SIGN_IN,
        name: "sign_in",
        title: "settings-sign-in",
        lead: "settings-sign-in-lead",
        perilous: false,
        rows: &[
            row!("sign_in.sign_up", "settings-sign-up", Kind::Switch),
            row!("sign_in.password", "settings-password", Kind::Switch),
            row!("sign_in.password_min_length", "settings-password-length", Kind::Number),
            row!("sign_in.session_idle_lifetime", "settings-session-idle", Kind::Number),
            row!("sign_in.session_absolute_lifetime", "settings-session-absolute", Kind::Number),
            row!("sign_in.remember", "settings-remember", Kind::Switch),
            row!("sign_in.remembered_lifetime", "settings-remembered-lifetime", Kind::Number),
        ],
    },
    Part {
        path: at::SETTINGS_AUTHORIZATION,
        name: "authorization",
        title: "settings-authorization",
        lead: "settings-authorization-lead",
        perilous: false,
        rows: &[
            row!(
                "authorization.pkce",
                "settings-pkce",
                Kind::OneOf(&[("public", Some("settings-pkce-public")), ("all", Some("settings-pkce-all"))])
            ),
            row!("authorization.require_pushed_requests", "settings-pushed", Kind::Switch),
            row!("authorization.default_resource", "settings-default-resource", Kind::Api),
            row!("authorization.default_locale", "settings-default-locale", Kind::Words),
        ],
    },
    Part {
        path: at::SETTINGS_TENANTS,
        name: "tenants",
        title: "settings-tenants",
        lead: "settings-tenants-lead",
        perilous: false,
        rows: &[row!(
            "tenants",
            "settings-tenant-demand",
            Kind::OneOf(&[
                ("required", Some("settings-tenants-required")),
                ("optional", Some("settings-tenants-optional")),
                ("none", Some("settings-tenants-none")),
            ])
        )],
    },
    Part {
        path: at::SETTINGS_ENDPOINTS,
        name: "endpoints",
        title: "settings-endpoints",
        lead: "settings-endpoints-lead",
        perilous: true,
        rows: &[
            row!("endpoints.profile", "settings-profile", Kind::OneOf(&[("oauth", None), ("keycloak", None)])),
            row!("endpoints.prefix", "settings-prefix", Kind::OneOf(&[("", Some("settings-prefix-none")), ("/auth", None)])),
        ],
    },
    Part {
        path: at::SETTINGS_APP_KEYS,
        name: "app_keys",
        title: "settings-app-keys",
        lead: "settings-app-keys-lead",
        perilous: false,
        rows: &[row!("app_keys.header", "settings-app-keys-header", Kind::Words)],
    },
    Part {
        path: at::SETTINGS_PERSONAL_TOKENS,
        name: "personal_tokens",
        title: "settings-personal-tokens",
        lead: "settings-personal-tokens-lead",
        perilous: false,
        rows: &[
            row!("personal_tokens.enabled", "settings-personal-enabled", Kind::Switch),
            row!("personal_tokens.scopes", "settings-personal-scopes", Kind::Scopes),
        ],
    },
];

impl Part {
    /// What the settings have here: every field of the tab by its name.
    pub(super) fn read(&self, settings: &RealmSettings) -> Result<Json, Fault> {
        let all = to_json(settings)?;
        let of = |row: &Row| (row.name.to_owned(), all.pointer(&pointer(row.name)).cloned().unwrap_or_else(|| row.kind.absent()));
        Ok(Json::Object(self.rows.iter().map(of).collect()))
    }

    /// The names of what it shows.
    pub(super) fn names(&self) -> Vec<&'static str> {
        self.rows.iter().map(|row| row.name).collect()
    }

    /// What its fields are called.
    pub(super) fn labels(&self) -> Vec<&'static str> {
        self.rows.iter().map(|row| row.label).collect()
    }

    /// What a form says, and what of it cannot be read at all.
    pub(super) fn typed(&self, before: &Json, sent: &ConsoleForm) -> (Json, Vec<(String, String)>) {
        let mut wrong = Vec::new();
        let mut typed = Map::new();
        for row in self.rows {
            let value = row.kind.typed(row.name, sent).unwrap_or_else(|problem| {
                wrong.push((row.name.to_owned(), problem.to_owned()));
                // What was typed stays in its field, though it is no value.
                sent.some(row.name).map_or_else(|| before.get(row.name).cloned().unwrap_or_default(), Json::String)
            });
            typed.insert(row.name.to_owned(), value);
        }
        (Json::Object(typed), wrong)
    }

    /// The settings with what was typed, or why there are none like it.
    pub(super) fn write(&self, settings: &RealmSettings, typed: &Json) -> Result<RealmSettings, String> {
        let mut all = to_json(settings).map_err(|fault| fault.to_string())?;
        for row in self.rows {
            let value = typed.get(row.name).cloned().unwrap_or_default();
            put(&mut all, row.name, value);
        }
        serde_json::from_value(all).map_err(|error| error.to_string())
    }

    /// The fields with what stands in them.
    pub(super) fn fields(&self, shown: &Json, realm: &RealmSnapshot) -> Vec<Field> {
        let field = |row: &Row| {
            let value = shown.get(row.name).cloned().unwrap_or_default();
            Field::new(row.name, say(row.label), row.kind.shown(&value, realm)).hint(say(row.hint))
        };
        self.rows.iter().map(field).collect()
    }
}

impl Kind {
    /// What stands where realm files say nothing.
    fn absent(self) -> Json {
        match self {
            Self::Switch => Json::Bool(false),
            Self::Scopes => Json::Array(Vec::new()),
            Self::Number | Self::OneOf(_) | Self::Words | Self::Api => Json::Null,
        }
    }

    fn typed(self, name: &str, sent: &ConsoleForm) -> Result<Json, &'static str> {
        Ok(match self {
            Self::Number => sent.line(name).parse::<u32>().map(Json::from).or(Err("must be a whole number"))?,
            Self::Switch => Json::Bool(sent.on(name)),
            Self::OneOf(words) => {
                let known = words.iter().find(|(word, _)| *word == sent.line(name));
                Json::from(known.ok_or("must be one of the choices")?.0)
            }
            Self::Words | Self::Api => sent.some(name).map_or(Json::Null, Json::String),
            Self::Scopes => sent.all(name).map(Json::from).collect(),
        })
    }

    fn shown(self, value: &Json, realm: &RealmSnapshot) -> FieldKind {
        let text = match value {
            Json::String(text) => text.clone(),
            Json::Number(number) => number.to_string(),
            Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => String::new(),
        };
        match self {
            Self::Number => FieldKind::Number(text),
            Self::Switch => FieldKind::Switch(value.as_bool().unwrap_or_default()),
            Self::Words => FieldKind::Line(text),
            Self::OneOf(words) => {
                let label = |word: &str, key: Option<&'static str>| key.map_or_else(|| said(word), say);
                FieldKind::Radio(words.iter().map(|(word, key)| Choice::new(*word, label(word, *key), *word == text)).collect())
            }
            Self::Api => {
                let none = Choice::new("", say("settings-no-api"), text.is_empty());
                let of = realm
                    .resources
                    .iter()
                    .map(|one| Choice::new(&one.audience, said(format!("{} · {}", one.name, one.audience)), one.audience == text));
                FieldKind::Select(std::iter::once(none).chain(of).collect())
            }
            Self::Scopes => {
                let chosen: Vec<&str> = value.as_array().into_iter().flatten().filter_map(Json::as_str).collect();
                let standard = STANDARD_SCOPES.iter().map(|scope| scope.name).filter(|name| gantry_oauth::personal_tokens::may_carry(name));
                let names = standard.chain(realm.scopes.iter().map(|scope| scope.name.as_str()));
                FieldKind::Checks(names.map(|name| Choice::new(name, said(name), chosen.contains(&name))).collect())
            }
        }
    }
}

fn pointer(name: &str) -> String {
    format!("/{}", name.replace('.', "/"))
}

/// Sets one field by its dotted name.
fn put(all: &mut Json, name: &str, value: Json) {
    let mut place = all;
    for part in name.split('.') {
        let Json::Object(fields) = place else { return };
        place = fields.entry(part).or_insert_with(|| Json::Object(Map::new()));
    }
    *place = value;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaves(value: &Json, name: &str, found: &mut Vec<String>) {
        match value {
            Json::Object(fields) => fields.iter().for_each(|(key, value)| leaves(value, &format!("{name}.{key}"), found)),
            Json::Null => {}
            Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => found.push(name.to_owned()),
        }
    }

    #[test]
    fn every_setting_has_its_field_and_its_words() {
        let mut settings = RealmSettings::default();
        settings.authorization.require_pushed_requests = true;
        settings.authorization.default_resource = Some("https://api.example".to_owned());
        settings.authorization.default_locale = Some("de".to_owned());
        settings.app_keys.header = Some("X-Key".to_owned());
        let mut left = to_json(&settings).unwrap();
        left.as_object_mut().unwrap().remove("branding");
        for part in TABS {
            let read = part.read(&settings).unwrap();
            assert_eq!(part.write(&settings, &read).unwrap(), settings, "{}", part.name);
            for row in part.rows {
                assert!(left.pointer(&pointer(row.name)).is_some(), "there is no `{}`", row.name);
                put(&mut left, row.name, Json::Null);
            }
        }
        let mut forgotten = Vec::new();
        leaves(&left, "", &mut forgotten);
        assert!(forgotten.is_empty(), "settings without a field: {forgotten:?}");
        let views = gantry_views::Views::new().unwrap();
        for locale in views.locales() {
            for part in TABS {
                let words = part.rows.iter().flat_map(|row| {
                    let choices: Vec<&str> = match row.kind {
                        Kind::OneOf(words) => words.iter().filter_map(|(_, key)| *key).collect(),
                        Kind::Number | Kind::Switch | Kind::Words | Kind::Api | Kind::Scopes => Vec::new(),
                    };
                    [row.label, row.hint].into_iter().chain(choices)
                });
                for key in words.chain([part.title, part.lead]) {
                    assert!(views.text(locale, key).is_some(), "{locale}: {key}");
                }
            }
        }
    }
}
