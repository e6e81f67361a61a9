//! The metadata documents (OpenID Connect Discovery 1.0 §3, RFC 8414 §2).
//!
//! Derived from the closed sets that the code matches on, so that it cannot promise what is not
//! there. What is not offered is said to be so wherever silence would mean yes.

use std::sync::Arc;

use gantry_core::authorization_request::Display;
use gantry_core::client_auth_method::ClientAuthMethod;
use gantry_core::clock::SharedClock;
use gantry_core::failure::Fault;
use gantry_core::grant_type::GrantType;
use gantry_core::pkce::CodeChallengeMethod;
use gantry_core::prompt::Prompt;
use gantry_core::realm::TenantDemand;
use gantry_core::response_mode::ResponseMode;
use gantry_core::scope::STANDARD_SCOPES;
use gantry_core::session::Acr;
use serde::Serialize;

use crate::authorize::{self, RESPONSE_TYPES};
use crate::client_request::ServedRealm;
use crate::endpoint_paths::PathFamilies;
use crate::jose::foreign::ALGORITHMS;
use crate::keys::KeyRing;
use crate::per_snapshot::PerSnapshot;
use crate::token::claims;

/// The documents that others fetch: metadata and keys. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Documents {
    keys: KeyRing,
    clock: SharedClock,
    paths: PathFamilies,
    /// The languages that there are pages in.
    locales: Arc<[String]>,
    metadata: PerSnapshot<Arc<str>>,
}

impl Documents {
    /// Over these.
    pub fn new(keys: KeyRing, clock: SharedClock, paths: PathFamilies, locales: Vec<String>) -> Self {
        Self { keys, clock, paths, locales: locales.into(), metadata: PerSnapshot::default() }
    }

    /// The metadata, ready for the wire; made once for each change of the realm.
    pub fn metadata(&self, realm: ServedRealm<'_>) -> Result<Arc<str>, Fault> {
        let made = self.metadata.get(
            realm.snapshot,
            |_| true,
            |_| {
                let document = Metadata::of(realm, &self.paths, &self.locales);
                let text = serde_json::to_string(&document).map_err(|error| Fault::caused("metadata cannot be written", error))?;
                Ok(text.into())
            },
        )?;
        Ok(Arc::clone(&made))
    }

    /// The JWK set, ready for the wire.
    pub fn jwks(&self, realm: ServedRealm<'_>) -> Result<Arc<str>, Fault> {
        Ok(self.keys.of(realm.snapshot, self.clock.now())?.document())
    }
}

#[derive(Debug, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "the members are those of the registry (RFC 8414 §7.1)")]
struct Metadata {
    issuer: String,
    authorization_endpoint: String,
    pushed_authorization_request_endpoint: String,
    require_pushed_authorization_requests: bool,
    token_endpoint: String,
    userinfo_endpoint: String,
    jwks_uri: String,
    introspection_endpoint: String,
    revocation_endpoint: String,
    end_session_endpoint: String,
    scopes_supported: Vec<String>,
    response_types_supported: &'static [&'static str],
    response_modes_supported: &'static [ResponseMode],
    grant_types_supported: &'static [GrantType],
    subject_types_supported: &'static [&'static str],
    id_token_signing_alg_values_supported: Vec<&'static str>,
    token_endpoint_auth_methods_supported: &'static [ClientAuthMethod],
    token_endpoint_auth_signing_alg_values_supported: Vec<&'static str>,
    introspection_endpoint_auth_methods_supported: Vec<ClientAuthMethod>,
    introspection_endpoint_auth_signing_alg_values_supported: Vec<&'static str>,
    revocation_endpoint_auth_methods_supported: &'static [ClientAuthMethod],
    revocation_endpoint_auth_signing_alg_values_supported: Vec<&'static str>,
    code_challenge_methods_supported: &'static [CodeChallengeMethod],
    acr_values_supported: &'static [Acr],
    claim_types_supported: &'static [&'static str],
    claims_supported: Vec<&'static str>,
    prompt_values_supported: Vec<Prompt>,
    display_values_supported: &'static [Display],
    ui_locales_supported: Vec<String>,
    claims_parameter_supported: bool,
    request_parameter_supported: bool,
    request_uri_parameter_supported: bool,
    require_request_uri_registration: bool,
    /// Request objects are not offered; the list is there because its absence is read as "perhaps unsigned ones".
    request_object_signing_alg_values_supported: &'static [&'static str],
    authorization_response_iss_parameter_supported: bool,
    tls_client_certificate_bound_access_tokens: bool,
}

/// What Gantry itself states in tokens, beside the claims about a person.
const OWN_CLAIMS: [&str; 9] = ["sub", "iss", "aud", "exp", "iat", "auth_time", "acr", "amr", "sid"];

impl Metadata {
    fn of(realm: ServedRealm<'_>, paths: &PathFamilies, locales: &[String]) -> Self {
        let url = |path: &str| realm.address.below_issuer(path);
        let record = realm.realm();
        let paths = paths.of(record);
        let assertions = || ALGORITHMS.iter().map(|(name, _)| *name).collect::<Vec<_>>();
        let proving = ClientAuthMethod::ALL.iter().copied().filter(|method| *method != ClientAuthMethod::None);
        let own = realm.snapshot.scopes.iter().map(|scope| scope.name.clone());
        let offered = &record.settings.branding.locales;
        let of_tenants = (record.settings.tenants != TenantDemand::None).then_some("org_id");
        Self {
            issuer: realm.address.issuer(),
            authorization_endpoint: url(paths.authorization),
            pushed_authorization_request_endpoint: url(paths.pushed_requests),
            require_pushed_authorization_requests: record.settings.authorization.require_pushed_requests,
            token_endpoint: url(paths.token),
            userinfo_endpoint: url(paths.userinfo),
            jwks_uri: url(paths.jwks),
            introspection_endpoint: url(paths.introspection),
            revocation_endpoint: url(paths.revocation),
            end_session_endpoint: url(paths.end_session),
            scopes_supported: STANDARD_SCOPES.iter().map(|scope| scope.name.to_owned()).chain(own).collect(),
            response_types_supported: RESPONSE_TYPES,
            response_modes_supported: ResponseMode::ALL,
            grant_types_supported: GrantType::ALL,
            subject_types_supported: &["public"],
            id_token_signing_alg_values_supported: vec![record.settings.tokens.signing_algorithm.as_str()],
            token_endpoint_auth_methods_supported: ClientAuthMethod::ALL,
            token_endpoint_auth_signing_alg_values_supported: assertions(),
            introspection_endpoint_auth_methods_supported: proving.collect(),
            introspection_endpoint_auth_signing_alg_values_supported: assertions(),
            revocation_endpoint_auth_methods_supported: ClientAuthMethod::ALL,
            revocation_endpoint_auth_signing_alg_values_supported: assertions(),
            code_challenge_methods_supported: CodeChallengeMethod::ALL,
            acr_values_supported: Acr::ALL,
            claim_types_supported: &["normal"],
            claims_supported: OWN_CLAIMS.into_iter().chain(of_tenants).chain(claims::names()).collect(),
            prompt_values_supported: authorize::prompts_offered(record).collect(),
            display_values_supported: Display::ALL,
            ui_locales_supported: locales.iter().filter(|tag| offered.is_empty() || offered.contains(tag)).cloned().collect(),
            claims_parameter_supported: true,
            request_parameter_supported: false,
            request_uri_parameter_supported: false,
            require_request_uri_registration: false,
            request_object_signing_alg_values_supported: &["RS256"],
            authorization_response_iss_parameter_supported: true,
            tls_client_certificate_bound_access_tokens: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint_paths::EndpointPaths;
    use crate::samples;
    use gantry_core::address::PublicUrl;
    use gantry_core::clock::SystemClock;
    use gantry_core::realm::{EndpointPolicy, PathPrefix, PathProfile};
    use gantry_store::snapshot::RealmSnapshot;
    use serde_json::{Value, json};

    /// Made up, so that nothing but what was handed over can be in the document.
    const PATHS: PathFamilies = PathFamilies {
        oauth: EndpointPaths {
            authorization: "/a/authorize",
            pushed_requests: "/a/par",
            token: "/a/token",
            userinfo: "/a/userinfo",
            jwks: "/a/jwks",
            introspection: "/a/introspect",
            revocation: "/a/revoke",
            end_session: "/a/logout",
        },
        keycloak: EndpointPaths {
            authorization: "/b/authorize",
            pushed_requests: "/b/par",
            token: "/b/token",
            userinfo: "/b/userinfo",
            jwks: "/b/jwks",
            introspection: "/b/introspect",
            revocation: "/b/revoke",
            end_session: "/b/logout",
        },
    };

    fn document(snapshot: &Arc<RealmSnapshot>) -> Value {
        let address = PublicUrl::parse("https://id.example").unwrap().address_of(&snapshot.realm);
        let documents = Documents::new(KeyRing::default(), Arc::new(SystemClock), PATHS, vec!["en".to_owned(), "de".to_owned()]);
        let text = documents.metadata(ServedRealm { snapshot, address: &address }).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn each_profile_names_its_own_endpoints_below_its_own_issuer() {
        let with = |profile, prefix| {
            let mut snapshot = Arc::unwrap_or_clone(samples::realm());
            snapshot.realm.slug = "app".to_owned();
            snapshot.realm.settings.endpoints = EndpointPolicy { profile, prefix };
            document(&Arc::new(snapshot))
        };
        for (profile, prefix, issuer, family) in [
            (PathProfile::Oauth, PathPrefix::None, "https://id.example/realms/app", "a"),
            (PathProfile::Keycloak, PathPrefix::None, "https://id.example/realms/app", "b"),
            (PathProfile::Keycloak, PathPrefix::Auth, "https://id.example/auth/realms/app", "b"),
        ] {
            let document = with(profile, prefix);
            assert_eq!(document["issuer"], issuer);
            for (member, path) in [
                ("authorization_endpoint", "authorize"),
                ("pushed_authorization_request_endpoint", "par"),
                ("token_endpoint", "token"),
                ("userinfo_endpoint", "userinfo"),
                ("jwks_uri", "jwks"),
                ("introspection_endpoint", "introspect"),
                ("revocation_endpoint", "revoke"),
                ("end_session_endpoint", "logout"),
            ] {
                assert_eq!(document[member], format!("{issuer}/{family}/{path}"), "{member}");
            }
        }
    }

    #[test]
    fn the_document_says_what_there_is_and_what_is_not() {
        let document = document(&samples::realm());
        for (member, expected) in [
            ("issuer", json!("https://id.example")),
            ("jwks_uri", json!("https://id.example/a/jwks")),
            ("response_types_supported", json!(["code"])),
            ("grant_types_supported", json!(["authorization_code", "refresh_token", "client_credentials"])),
            ("id_token_signing_alg_values_supported", json!(["RS256"])),
            ("code_challenge_methods_supported", json!(["S256"])),
            ("introspection_endpoint_auth_methods_supported", json!(["client_secret_basic", "client_secret_post", "private_key_jwt"])),
            ("request_parameter_supported", json!(false)),
            ("request_uri_parameter_supported", json!(false)),
            ("claims_parameter_supported", json!(true)),
            ("ui_locales_supported", json!(["en", "de"])),
        ] {
            assert_eq!(document[member], expected, "{member}");
        }
        let scopes = document["scopes_supported"].as_array().unwrap();
        assert!(scopes.contains(&json!("openid")) && scopes.contains(&json!("profile:read")));
    }
}
