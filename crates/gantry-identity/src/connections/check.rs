//! What a connection may look like: the checks that every kind shares.
//!
//! Owns the wording of what is wrong and collects all of it. What concerns one provider alone is in `check_kind`.

use std::collections::BTreeSet;

use gantry_connect::outbound::{FetchFailed, Reach, check_url};
use gantry_core::connection::{ClaimMapping, ConnectionSettings, EmailTrust, UpstreamAuth, UpstreamEndpoints};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::email_address::EmailAddress;
use gantry_core::id::TenantId;

use super::check_kind;

/// How often a kept refresh token may be used, in seconds.
const LIVENESS: std::ops::RangeInclusive<u32> = 300..=2_592_000;
const MOST_SCOPES: usize = 50;
const MOST_PARAMETERS: usize = 20;
const MOST_CONTACTS: usize = 10;
/// Parameters of the authorization request that are Gantry's to set.
const OWN_PARAMETERS: [&str; 18] = [
    "acr_values",
    "client_id",
    "client_secret",
    "code_challenge",
    "code_challenge_method",
    "domain_hint",
    "login_hint",
    "max_age",
    "nonce",
    "redirect_uri",
    "request",
    "request_uri",
    "response_mode",
    "response_type",
    "scope",
    "state",
    "ui_locales",
    "id_token_hint",
];
/// Claims that a person or an admin there can change, or that pass on to somebody else: no key of an identity.
const NO_SUBJECTS: [&str; 9] =
    ["email", "mail", "name", "nickname", "phone_number", "preferred_username", "unique_name", "upn", "userPrincipalName"];

/// One thing that is wrong with a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid {
    /// The field, by its name in realm files; the fields of a mapping follow a dot.
    pub field: String,
    /// Which entry of the field, where it is a list.
    pub index: Option<usize>,
    /// What is wrong, worded to follow the field's name. Never a secret.
    pub problem: String,
}

impl std::fmt::Display for Invalid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.index {
            Some(index) => write!(f, "`{}[{index}]` {}", self.field, self.problem),
            None => write!(f, "`{}` {}", self.field, self.problem),
        }
    }
}

/// The stored form of a connection's settings, or everything that is wrong with them.
pub fn normalise(
    kind: ConnectorKind,
    owner: Option<TenantId>,
    settings: ConnectionSettings,
    reach: Reach,
) -> Result<ConnectionSettings, Vec<Invalid>> {
    let mut check = Check { kind, reach, wrong: Vec::new() };
    let settings = if kind.is_upstream() { check.upstream(settings, owner) } else { check.password(settings) };
    if check.wrong.is_empty() { Ok(settings) } else { Err(check.wrong) }
}

/// What is wrong so far.
pub(super) struct Check {
    pub(super) kind: ConnectorKind,
    reach: Reach,
    wrong: Vec<Invalid>,
}

impl Check {
    pub(super) fn note(&mut self, field: &str, problem: impl Into<String>) {
        self.wrong.push(Invalid { field: field.to_owned(), index: None, problem: problem.into() });
    }

    pub(super) fn note_at(&mut self, field: &str, index: usize, problem: impl Into<String>) {
        self.wrong.push(Invalid { field: field.to_owned(), index: Some(index), problem: problem.into() });
    }

    /// Passwords are checked here: nothing of a provider has a meaning for them.
    fn password(&mut self, settings: ConnectionSettings) -> ConnectionSettings {
        let hidden = ConnectionSettings { hidden: settings.hidden, ..ConnectionSettings::default() };
        if settings != hidden
            && let Ok(serde_json::Value::Object(fields)) = serde_json::to_value(&settings)
        {
            for field in fields.keys().filter(|field| *field != "hidden") {
                self.note(field, "must be left out: it has no meaning for passwords");
            }
        }
        settings
    }

    fn upstream(&mut self, mut settings: ConnectionSettings, owner: Option<TenantId>) -> ConnectionSettings {
        self.client(&settings);
        self.addresses(&settings);
        self.scopes(&settings.scopes);
        self.parameters(&settings);
        self.claims(&settings.claims);
        self.algorithms(&settings);
        if owner.is_some() && settings.email_trust == Some(EmailTrust::Provider) {
            self.note(
                "email_trust",
                "must not be `provider`: what a tenant's own connection says of an address counts in its proved domains",
            );
        }
        if settings.liveness_interval.is_some_and(|seconds| !LIVENESS.contains(&seconds)) {
            self.note("liveness_interval", "must be 300 to 2592000 seconds");
        }
        settings.contacts = self.contacts(&settings.contacts);
        check_kind::microsoft(self, &mut settings.microsoft);
        check_kind::google(self, &mut settings.google);
        check_kind::apple(self, &settings);
        settings
    }

    fn client(&mut self, settings: &ConnectionSettings) {
        match settings.client_id.as_deref() {
            None => self.note("client_id", "must be given: the id under which Gantry is registered there"),
            Some(id) if !is_word(id, 512) => self.note("client_id", "must be 1 to 512 visible ASCII characters without spaces"),
            Some(_) => {}
        }
        if self.kind == ConnectorKind::Apple && settings.client_auth.is_some() {
            self.note("client_auth", "must be left out: Apple knows one way only");
        }
        let plain = matches!(self.kind, ConnectorKind::Github | ConnectorKind::Discord | ConnectorKind::Facebook);
        if plain && settings.client_auth == Some(UpstreamAuth::PrivateKeyJwt) {
            self.note("client_auth", "must not be `private_key_jwt`: this provider knows secrets only");
        }
    }

    fn addresses(&mut self, settings: &ConnectionSettings) {
        if let Some(issuer) = &settings.issuer {
            self.url("issuer", issuer);
            // OpenID Connect Discovery §3.
            if issuer.contains(['?', '#']) {
                self.note("issuer", "must have neither query nor fragment");
            }
        } else if self.kind == ConnectorKind::Oidc {
            self.note("issuer", "must be given: the provider's address as its metadata spells it");
        }
        let UpstreamEndpoints { authorization, token, userinfo, jwks, end_session, emails, graph } = &settings.endpoints;
        let all = [
            ("endpoints.authorization", authorization),
            ("endpoints.token", token),
            ("endpoints.userinfo", userinfo),
            ("endpoints.jwks", jwks),
            ("endpoints.end_session", end_session),
            ("endpoints.emails", emails),
            ("endpoints.graph", graph),
        ];
        for (place, (field, url)) in all.into_iter().enumerate() {
            match url {
                Some(url) => {
                    self.url(field, url);
                    if url.contains('#') {
                        self.note(field, "must have no fragment");
                    }
                }
                // Nothing tells where a bare OAuth server has them.
                None if place < 3 && self.kind == ConnectorKind::Oauth2 => self.note(field, "must be given: OAuth servers do not tell it"),
                None => {}
            }
        }
    }

    fn url(&mut self, field: &str, url: &str) {
        match check_url(url, self.reach) {
            Ok(_) => {}
            Err(FetchFailed::Forbidden(reason)) => self.note(field, format!("is an address that Gantry does not ask: {reason}")),
            Err(other) => self.note(field, other.to_string()),
        }
    }

    fn scopes(&mut self, scopes: &[String]) {
        if scopes.len() > MOST_SCOPES {
            self.note("scopes", "has more than 50 entries");
        }
        for (index, scope) in scopes.iter().enumerate() {
            // RFC 6749 §3.3: NQCHAR.
            if !is_word(scope, 256) || scope.contains(['"', '\\']) {
                self.note_at("scopes", index, "must be one scope: visible ASCII characters without spaces and quotes");
            } else if scopes.iter().take(index).any(|earlier| earlier == scope) {
                self.note_at("scopes", index, "is there twice");
            }
        }
        let of_openid = matches!(
            self.kind,
            ConnectorKind::Oidc
                | ConnectorKind::Microsoft
                | ConnectorKind::Google
                | ConnectorKind::Gitlab
                | ConnectorKind::Linkedin
                | ConnectorKind::Slack
        );
        if of_openid && !scopes.is_empty() && !scopes.iter().any(|scope| scope == "openid") {
            self.note("scopes", "must have `openid`: without it no ID token comes");
        }
    }

    fn parameters(&mut self, settings: &ConnectionSettings) {
        if settings.parameters.len() > MOST_PARAMETERS {
            self.note("parameters", "has more than 20 entries");
        }
        for (name, value) in &settings.parameters {
            let field = format!("parameters.{name}");
            if OWN_PARAMETERS.contains(&name.as_str()) {
                self.note(&field, "must be left out: Gantry sets it itself");
            } else if !is_word(name, 64) {
                self.note(&field, "must have a name of visible ASCII characters without spaces");
            } else if value.len() > 512 || value.chars().any(char::is_control) {
                self.note(&field, "must be at most 512 characters on one line");
            }
        }
    }

    fn claims(&mut self, claims: &ClaimMapping) {
        let Ok(serde_json::Value::Object(fields)) = serde_json::to_value(claims) else { return };
        for (name, path) in &fields {
            let path = path.as_str().unwrap_or_default();
            let steps: Vec<&str> = path.split('.').collect();
            let well_formed = steps.len() <= 5 && steps.iter().all(|step| is_word(step, 128));
            if !well_formed {
                self.note(&format!("claims.{name}"), "must be a claim's name, or up to five names joined by dots");
            }
        }
        // An identity's key has to be stable and the provider's own (attack catalogue §0.5).
        if claims.subject.as_deref().is_some_and(|path| path.rsplit('.').next().is_some_and(|last| NO_SUBJECTS.contains(&last))) {
            self.note("claims.subject", "must not be a name or an address: those change and pass on to others");
        }
    }

    fn algorithms(&mut self, settings: &ConnectionSettings) {
        let distinct: BTreeSet<String> = settings.signing_algorithms.iter().map(ToString::to_string).collect();
        if distinct.len() != settings.signing_algorithms.len() {
            self.note("signing_algorithms", "names one of them twice");
        }
    }

    fn contacts(&mut self, contacts: &[String]) -> Vec<String> {
        if contacts.len() > MOST_CONTACTS {
            self.note("contacts", "has more than 10 entries");
        }
        let mut canonical: Vec<String> = Vec::new();
        for (index, contact) in contacts.iter().enumerate() {
            match EmailAddress::parse(contact) {
                Ok(address) if canonical.iter().any(|earlier| earlier == address.as_str()) => {
                    self.note_at("contacts", index, "is there twice");
                }
                Ok(address) => canonical.push(address.as_str().to_owned()),
                Err(invalid) => self.note_at("contacts", index, invalid.to_string()),
            }
        }
        canonical
    }
}

/// Visible ASCII without spaces.
pub(super) fn is_word(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}
