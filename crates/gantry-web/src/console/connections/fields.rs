//! The fields of a connection's forms: what is filled in, and what comes back.
//!
//! Field names are those of realm files, so that what rules find wrong is said beside its field. Never judges what was
//! typed: that is for `gantry_identity::connections` to do.

use std::collections::BTreeMap;

use gantry_core::connection::{
    AppleSettings, ClaimMapping, ConnectionSettings, EmailTrust, GoogleSettings, LinkingPolicy, MicrosoftAudience, MicrosoftSettings,
    ProfileRefresh, UpstreamAuth, UpstreamEndpoints,
};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::signing_algorithm::SigningAlgorithm;
use gantry_views::console::{Choice, Field, FieldKind, Text, say};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::super::form::ConsoleForm;
use super::guide;

/// Whether the realm looks at it, or a tenant.
pub(super) type ByTenant = bool;

/// What every connection of a kind needs.
pub(super) fn registration(kind: ConnectorKind, settings: &ConnectionSettings) -> Vec<Field> {
    let mut fields = vec![
        text("client_id", say("connections-field-client-id"), settings.client_id.as_ref()).hint(guide::client_id_hint(kind)).required(),
    ];
    match kind {
        ConnectorKind::Oidc => {
            fields.push(
                url("issuer", say("connections-field-issuer"), settings.issuer.as_ref()).hint(say("connections-issuer-hint")).required(),
            );
        }
        ConnectorKind::Gitlab => {
            fields
                .push(url("issuer", say("connections-field-issuer"), settings.issuer.as_ref()).hint(say("connections-issuer-hint-gitlab")));
        }
        ConnectorKind::Oauth2 => {
            let at = &settings.endpoints;
            fields.push(url("endpoints.authorization", say("connections-field-authorization"), at.authorization.as_ref()).required());
            fields.push(url("endpoints.token", say("connections-field-token"), at.token.as_ref()).required());
            let userinfo = url("endpoints.userinfo", say("connections-field-userinfo"), at.userinfo.as_ref());
            fields.push(userinfo.hint(say("connections-userinfo-hint")).required());
            let subject = text("claims.subject", say("connections-field-subject"), settings.claims.subject.as_ref());
            fields.push(subject.hint(say("connections-subject-hint")));
        }
        ConnectorKind::Microsoft => fields.extend(microsoft(settings)),
        ConnectorKind::Google => {
            let domains = settings.google.as_ref().map(|google| google.hosted_domains.clone()).unwrap_or_default();
            let field = Field::lines("google.hosted_domains", say("connections-field-hosted-domains"), domains);
            fields.push(field.hint(say("connections-hosted-domains-hint")));
        }
        ConnectorKind::Apple => {
            let apple = settings.apple.clone().unwrap_or_default();
            fields.push(Field::line("apple.team_id", say("connections-field-team-id"), apple.team_id).required());
            fields.push(Field::line("apple.key_id", say("connections-field-key-id"), apple.key_id).required());
        }
        ConnectorKind::Password
        | ConnectorKind::Github
        | ConnectorKind::Linkedin
        | ConnectorKind::Slack
        | ConnectorKind::Discord
        | ConnectorKind::Facebook => {}
    }
    if has_a_choice_of_proof(kind) {
        fields.push(client_auth(settings.client_auth));
    }
    fields
}

fn microsoft(settings: &ConnectionSettings) -> Vec<Field> {
    let microsoft = settings.microsoft.clone().unwrap_or_default();
    let word = serde_json::to_value(&microsoft.audience).ok().and_then(|word| word.as_str().map(ToOwned::to_owned));
    vec![
        Field::line("microsoft.audience", say("connections-field-audience"), word.unwrap_or_default())
            .hint(say("connections-audience-hint")),
        Field::lines("microsoft.directories", say("connections-field-directories"), microsoft.directories)
            .hint(say("connections-directories-hint")),
    ]
}

/// Providers that take a key as well as a secret, or another place for the secret.
pub(super) const fn has_a_choice_of_proof(kind: ConnectorKind) -> bool {
    matches!(kind, ConnectorKind::Oidc | ConnectorKind::Oauth2 | ConnectorKind::Microsoft | ConnectorKind::Gitlab | ConnectorKind::Google)
}

fn client_auth(chosen: Option<UpstreamAuth>) -> Field {
    let choice = |auth, label| Choice::new(auth, label, word(chosen.as_ref()) == auth);
    let choices = vec![
        choice("", say("connections-auth-usual")),
        choice("client_secret_basic", say("connections-auth-basic")),
        choice("client_secret_post", say("connections-auth-post")),
        choice("private_key_jwt", say("connections-auth-key")),
        choice("none", say("connections-auth-none")),
    ];
    Field::select("client_auth", say("connections-field-client-auth"), choices).hint(say("connections-client-auth-hint"))
}

/// All else that may be decided about a connection, in groups.
pub(super) fn further(kind: ConnectorKind, settings: &ConnectionSettings, by_tenant: ByTenant) -> Vec<Field> {
    let mut fields = vec![Field::heading("group-people", say("connections-group-people"))];
    fields.push(Field::switch("hidden", say("connections-field-hidden"), settings.hidden).hint(say("connections-hidden-hint")));
    if let (ConnectorKind::Microsoft, microsoft) = (kind, settings.microsoft.clone().unwrap_or_default()) {
        let guests = Field::switch("microsoft.guests", say("connections-field-guests"), microsoft.guests);
        fields.push(guests.hint(say("connections-guests-hint")));
        let resolve = Field::switch("microsoft.resolve_groups", say("connections-field-resolve-groups"), microsoft.resolve_groups);
        fields.push(resolve.hint(say("connections-resolve-groups-hint")));
    }
    fields.push(profile(settings.profile));
    fields.push(Field::heading("group-session", say("connections-group-session")));
    if !by_tenant {
        let trust = Field::switch("trust_authentication", say("connections-field-trust-authentication"), settings.trust_authentication);
        fields.push(trust.hint(say("connections-trust-authentication-hint")));
    }
    let out = Field::switch("sign_out_upstream", say("connections-field-sign-out-upstream"), settings.sign_out_upstream);
    fields.push(out.hint(say("connections-sign-out-upstream-hint")));
    let keep = Field::switch("keep_tokens", say("connections-field-keep-tokens"), settings.keep_tokens);
    fields.push(keep.hint(say("connections-keep-tokens-hint")));
    let interval = settings.liveness_interval.map(|seconds| seconds.to_string()).unwrap_or_default();
    let liveness = Field::new("liveness_interval", say("connections-field-liveness"), FieldKind::Number(interval));
    fields.push(liveness.hint(say("connections-liveness-hint")));
    let contacts = Field::lines("contacts", say("connections-field-contacts"), settings.contacts.clone());
    fields.push(contacts.hint(say("connections-contacts-hint")));
    fields.push(Field::heading("group-protocol", say("connections-group-protocol")));
    fields.extend(protocol(kind, settings));
    fields
}

fn protocol(kind: ConnectorKind, settings: &ConnectionSettings) -> Vec<Field> {
    let mut fields = vec![
        Field::lines("scopes", say("connections-field-scopes"), settings.scopes.clone()).hint(say("connections-scopes-hint")),
        Field::lines(
            "parameters",
            say("connections-field-parameters"),
            settings.parameters.iter().map(|(name, value)| format!("{name}={value}")).collect(),
        )
        .hint(say("connections-parameters-hint")),
    ];
    let algorithm = |one: &SigningAlgorithm| {
        Choice::new(one.to_string(), gantry_views::console::said(one.to_string()), settings.signing_algorithms.contains(one))
    };
    let algorithms =
        Field::checks("signing_algorithms", say("connections-field-algorithms"), SigningAlgorithm::ALL.iter().map(algorithm).collect());
    fields.push(algorithms.hint(say("connections-algorithms-hint")));
    if !matches!(kind, ConnectorKind::Oidc | ConnectorKind::Gitlab) {
        fields.push(url("issuer", say("connections-field-issuer"), settings.issuer.as_ref()).hint(say("connections-issuer-hint-other")));
    }
    let at = &settings.endpoints;
    let all = [
        ("endpoints.authorization", say("connections-field-authorization"), &at.authorization),
        ("endpoints.token", say("connections-field-token"), &at.token),
        ("endpoints.userinfo", say("connections-field-userinfo"), &at.userinfo),
        ("endpoints.jwks", say("connections-field-jwks"), &at.jwks),
        ("endpoints.end_session", say("connections-field-end-session"), &at.end_session),
    ];
    let shown = if kind == ConnectorKind::Oauth2 { 3 } else { 0 };
    fields.extend(all.into_iter().skip(shown).map(|(name, label, value)| url(name, label, value.as_ref())));
    if kind == ConnectorKind::Github {
        fields.push(url("endpoints.emails", say("connections-field-emails"), at.emails.as_ref()));
    }
    if kind == ConnectorKind::Microsoft {
        fields.push(url("endpoints.graph", say("connections-field-graph"), at.graph.as_ref()));
    }
    fields
}

fn profile(chosen: ProfileRefresh) -> Field {
    let choice = |one: ProfileRefresh, label| Choice::new(word(Some(&one)), label, one == chosen);
    Field::select(
        "profile",
        say("connections-field-profile"),
        vec![
            choice(ProfileRefresh::Missing, say("connections-profile-missing")),
            choice(ProfileRefresh::EachTime, say("connections-profile-each-time")),
            choice(ProfileRefresh::Never, say("connections-profile-never")),
        ],
    )
}

/// What happens with accounts that are here already.
pub(super) fn linking(settings: &ConnectionSettings, owned: bool) -> Vec<Field> {
    let choice = |one: LinkingPolicy, label, hint| Choice::new(word(Some(&one)), label, one == settings.linking).hint(hint);
    let policies = vec![
        choice(LinkingPolicy::Prove, say("connections-linking-prove"), say("connections-linking-prove-hint")),
        choice(LinkingPolicy::TrustedDomain, say("connections-linking-trusted"), say("connections-linking-trusted-hint")),
        choice(LinkingPolicy::Never, say("connections-linking-never"), say("connections-linking-never-hint")),
    ];
    let mut fields = vec![Field::radio("linking", say("connections-field-linking"), policies)];
    // Nobody is believed on a tenant's word alone, so there is nothing to choose.
    if !owned {
        let choice = |value: &str, label| Choice::new(value, label, word(settings.email_trust.as_ref()) == value);
        let trust = vec![
            choice("", say("connections-trust-usual")),
            choice("provider", say("connections-trust-provider")),
            choice("proved-domains", say("connections-trust-domains")),
        ];
        fields.push(Field::select("email_trust", say("connections-field-email-trust"), trust).hint(say("connections-email-trust-hint")));
    }
    let known = Field::switch("known_people_only", say("connections-field-known-people"), settings.known_people_only);
    fields.push(known.hint(say("connections-known-people-hint")));
    let only = Field::switch("link_only", say("connections-field-link-only"), settings.link_only);
    fields.push(only.hint(say("connections-link-only-hint")));
    fields
}

/// Where things are in the provider's claims.
pub(super) fn claims(mapping: &ClaimMapping) -> Vec<Field> {
    let ClaimMapping {
        subject,
        email,
        email_verified,
        name,
        given_name,
        family_name,
        preferred_username,
        picture,
        locale,
        zoneinfo,
        groups,
    } = mapping;
    vec![
        text("claims.subject", say("connections-claim-subject"), subject.as_ref()).hint(say("connections-subject-hint")),
        text("claims.email", say("connections-claim-email"), email.as_ref()),
        text("claims.email_verified", say("connections-claim-email-verified"), email_verified.as_ref()),
        text("claims.groups", say("connections-claim-groups"), groups.as_ref()).hint(say("connections-groups-hint")),
        text("claims.name", say("connections-claim-name"), name.as_ref()),
        text("claims.given_name", say("connections-claim-given-name"), given_name.as_ref()),
        text("claims.family_name", say("connections-claim-family-name"), family_name.as_ref()),
        text("claims.preferred_username", say("connections-claim-username"), preferred_username.as_ref()),
        text("claims.picture", say("connections-claim-picture"), picture.as_ref()),
        text("claims.locale", say("connections-claim-locale"), locale.as_ref()),
        text("claims.zoneinfo", say("connections-claim-zoneinfo"), zoneinfo.as_ref()),
    ]
}

/// What a form of these fields says: what it does not have stays as it is, so that each tab changes its own alone.
pub(super) fn read(form: &ConsoleForm, kind: ConnectorKind, before: &ConnectionSettings) -> ConnectionSettings {
    let mut settings = before.clone();
    let has = |name: &str| form.has(name);
    let keep = |name: &str, old: &Option<String>| if has(name) { form.some(name) } else { old.clone() };
    settings.client_id = keep("client_id", &settings.client_id);
    settings.issuer = keep("issuer", &settings.issuer);
    settings.endpoints = endpoints(&settings.endpoints, keep);
    settings.claims = mapping(&settings.claims, keep);
    if has("client_auth") {
        settings.client_auth = known(form.line("client_auth"));
    }
    if has("email_trust") {
        settings.email_trust = known::<EmailTrust>(form.line("email_trust"));
    }
    settings.linking = known(form.line("linking")).unwrap_or(settings.linking);
    settings.profile = known(form.line("profile")).unwrap_or(settings.profile);
    of_kind(form, kind, &mut settings);
    settings
}

/// The fields that only one kind has.
fn of_kind(form: &ConsoleForm, kind: ConnectorKind, settings: &mut ConnectionSettings) {
    let has = |name: &str| form.has(name);
    if kind == ConnectorKind::Microsoft && has("microsoft.audience") {
        let before = settings.microsoft.clone().unwrap_or_default();
        let audience = known(form.line("microsoft.audience")).unwrap_or_else(|| MicrosoftAudience::Directory(String::new()));
        settings.microsoft = Some(MicrosoftSettings { audience, directories: form.lines("microsoft.directories"), ..before });
    }
    if kind == ConnectorKind::Google && has("google.hosted_domains") {
        let hosted_domains = form.lines("google.hosted_domains");
        settings.google = Some(GoogleSettings { hosted_domains }).filter(|google| !google.hosted_domains.is_empty());
    }
    if kind == ConnectorKind::Apple && has("apple.team_id") {
        let (team_id, key_id) = (form.line("apple.team_id").to_owned(), form.line("apple.key_id").to_owned());
        settings.apple = Some(AppleSettings { team_id, key_id });
    }
}

/// What the settings tab has beside the registration: lists and switches, of which an absent one is off.
pub(super) fn read_further(
    form: &ConsoleForm,
    kind: ConnectorKind,
    by_tenant: ByTenant,
    mut settings: ConnectionSettings,
) -> Result<ConnectionSettings, (String, String)> {
    settings.hidden = form.on("hidden");
    if !by_tenant {
        settings.trust_authentication = form.on("trust_authentication");
    }
    settings.sign_out_upstream = form.on("sign_out_upstream");
    settings.keep_tokens = form.on("keep_tokens");
    settings.scopes = form.lines("scopes").iter().flat_map(|line| line.split_whitespace()).map(ToOwned::to_owned).collect();
    settings.contacts = form.lines("contacts");
    settings.signing_algorithms = form.all("signing_algorithms").filter_map(known).collect();
    if let (ConnectorKind::Microsoft, Some(microsoft)) = (kind, &mut settings.microsoft) {
        microsoft.guests = form.on("microsoft.guests");
        microsoft.resolve_groups = form.on("microsoft.resolve_groups");
    }
    let mut parameters = BTreeMap::new();
    for line in form.lines("parameters") {
        let (name, value) = line.split_once('=').ok_or(("parameters".to_owned(), "must be lines such as `name=value`".to_owned()))?;
        parameters.insert(name.trim().to_owned(), value.trim().to_owned());
    }
    settings.parameters = parameters;
    settings.liveness_interval = match form.some("liveness_interval") {
        Some(typed) => Some(typed.parse().or(Err(("liveness_interval".to_owned(), "must be 300 to 2592000 seconds".to_owned())))?),
        None => None,
    };
    Ok(settings)
}

/// What the linking tab has: an absent switch is off.
pub(super) fn read_linking(form: &ConsoleForm, mut settings: ConnectionSettings) -> ConnectionSettings {
    settings.known_people_only = form.on("known_people_only");
    settings.link_only = form.on("link_only");
    settings
}

fn endpoints(old: &UpstreamEndpoints, keep: impl Fn(&str, &Option<String>) -> Option<String>) -> UpstreamEndpoints {
    UpstreamEndpoints {
        authorization: keep("endpoints.authorization", &old.authorization),
        token: keep("endpoints.token", &old.token),
        userinfo: keep("endpoints.userinfo", &old.userinfo),
        jwks: keep("endpoints.jwks", &old.jwks),
        end_session: keep("endpoints.end_session", &old.end_session),
        emails: keep("endpoints.emails", &old.emails),
        graph: keep("endpoints.graph", &old.graph),
    }
}

fn mapping(old: &ClaimMapping, keep: impl Fn(&str, &Option<String>) -> Option<String>) -> ClaimMapping {
    ClaimMapping {
        subject: keep("claims.subject", &old.subject),
        email: keep("claims.email", &old.email),
        email_verified: keep("claims.email_verified", &old.email_verified),
        name: keep("claims.name", &old.name),
        given_name: keep("claims.given_name", &old.given_name),
        family_name: keep("claims.family_name", &old.family_name),
        preferred_username: keep("claims.preferred_username", &old.preferred_username),
        picture: keep("claims.picture", &old.picture),
        locale: keep("claims.locale", &old.locale),
        zoneinfo: keep("claims.zoneinfo", &old.zoneinfo),
        groups: keep("claims.groups", &old.groups),
    }
}

/// The word of one of a closed set, as realm files spell it; empty for none.
pub(super) fn word(one: Option<&impl Serialize>) -> String {
    one.and_then(|one| serde_json::to_value(one).ok()).and_then(|word| word.as_str().map(ToOwned::to_owned)).unwrap_or_default()
}

/// The one of a closed set with this word.
pub(super) fn known<T: DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value::<T>(json!(word)).ok().filter(|_| !word.is_empty())
}

fn text(name: &'static str, label: Text, value: Option<&String>) -> Field {
    Field::line(name, label, value.cloned().unwrap_or_default())
}

fn url(name: &'static str, label: Text, value: Option<&String>) -> Field {
    Field::new(name, label, FieldKind::Url(value.cloned().unwrap_or_default()))
}
