//! What a client's record may not say.

use gantry_core::clock::Timestamp;
use gantry_core::id::{RealmId, ScopeId};
use gantry_core::scope::{Scope, ScopeTier};

use super::*;

fn catalogue() -> Catalogue {
    let scope = |name: &str, machine| Scope {
        id: ScopeId::new(),
        realm_id: RealmId::new(),
        resource_id: None,
        name: name.to_owned(),
        title: name.to_owned(),
        description: String::new(),
        tier: ScopeTier::Open,
        claims: vec![],
        machine,
        created_at: Timestamp::from_millis(0),
    };
    Catalogue { scopes: vec![scope("loads:read", true), scope("loads:mine", false)], ..Catalogue::default() }
}

fn app() -> ClientSettings {
    ClientSettings {
        kind: ClientKind::Confidential,
        name: "Load Planner".to_owned(),
        description: String::new(),
        publisher_id: None,
        website: None,
        redirect_uris: vec!["https://app.example/cb".to_owned()],
        post_logout_redirect_uris: vec![],
        grant_types: vec![GrantType::RefreshToken, GrantType::AuthorizationCode],
        scopes: ScopeSet::from_names(["openid", "loads:read"]),
        resources: vec![],
        default_resource: None,
        auth_method: None,
        jwks: None,
        jwks_uri: None,
        introspects: None,
        policy: ClientPolicy::default(),
    }
}

fn machine() -> ClientSettings {
    ClientSettings {
        kind: ClientKind::Machine,
        redirect_uris: vec![],
        grant_types: vec![GrantType::ClientCredentials],
        scopes: ScopeSet::from_names(["loads:read"]),
        ..app()
    }
}

/// The fields that are wrong.
fn wrong(settings: ClientSettings) -> Vec<&'static str> {
    normalise(settings, &catalogue()).err().unwrap_or_default().into_iter().map(|violation| violation.field).collect()
}

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn a_good_record_is_stored_in_its_one_form() {
    let stored = normalise(ClientSettings { name: " Load  Planner".to_owned(), ..app() }, &catalogue()).unwrap();
    assert_eq!(stored.name, "Load Planner");
    assert_eq!(stored.grant_types, [GrantType::AuthorizationCode, GrantType::RefreshToken]);
    assert_eq!(normalise(stored.clone(), &catalogue()).unwrap(), stored);
    let public = normalise(ClientSettings { kind: ClientKind::Public, ..app() }, &catalogue()).unwrap();
    assert_eq!(public.auth_method, Some(ClientAuthMethod::None));
    assert_eq!(wrong(machine()), [""; 0]);
}

#[test]
fn con_07_names_that_deceive_are_refused() {
    for name in ["", "Goo\u{200b}gle", "\u{202e}elgooG", "a\nb", &"x".repeat(10 * 1024)] {
        assert_eq!(wrong(ClientSettings { name: name.to_owned(), ..app() }), ["name"], "{name:?}");
    }
    assert_eq!(wrong(ClientSettings { description: "a\nb".to_owned(), ..app() }), ["description"]);
}

#[test]
fn red_02_05_06_uris_that_should_never_be_stored_are_refused() {
    for uri in [
        "https://app.example@evil.example/cb",
        "https://app.example:80@evil.example",
        "https://@evil.example/cb",
        "*",
        "https://*.example",
        "https://a.example/*",
        "https://a.example/cb#x",
        "/cb",
        "http://a.example/cb",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "myapp:/cb",
    ] {
        let settings = ClientSettings { redirect_uris: texts(&["https://app.example/cb", uri]), ..app() };
        let violations = normalise(settings, &catalogue()).unwrap_err();
        assert_eq!(violations.len(), 1, "{uri}");
        assert_eq!((violations[0].code, violations[0].index), (ErrorCode::InvalidRedirectUri, Some(1)), "{uri}");
        let settings = ClientSettings { post_logout_redirect_uris: texts(&[uri]), ..app() };
        assert_eq!(wrong(settings), ["post_logout_redirect_uris"], "{uri}");
    }
    assert_eq!(wrong(ClientSettings { website: Some("javascript:alert(1)".to_owned()), ..app() }), ["website"]);
    assert_eq!(
        wrong(ClientSettings { redirect_uris: texts(&["https://a.example/cb", "https://a.example/cb"]), ..app() }),
        ["redirect_uris"]
    );
}

#[test]
fn cli_15_a_client_id_never_looks_like_a_persons() {
    for wrong in ["", "usr_0190", "USR_0190", "a b", "a\"b", "a\u{e9}", "a\n", &"x".repeat(129)] {
        assert!(check_client_id(wrong).is_err(), "{wrong:?}");
    }
    for right in ["partner-app", "https://app.example", "a", "7f3a.x~y_z@b:c"] {
        assert!(check_client_id(right).is_ok(), "{right:?}");
    }
}

#[test]
fn kind_grant_types_and_proof_fit_each_other() {
    use ClientAuthMethod as Method;
    use GrantType::{AuthorizationCode, ClientCredentials, RefreshToken};
    for kind in [ClientKind::Public, ClientKind::Native] {
        assert_eq!(wrong(ClientSettings { kind, grant_types: vec![AuthorizationCode, ClientCredentials], ..app() }), ["grant_types"]);
        assert_eq!(wrong(ClientSettings { kind, auth_method: Some(Method::ClientSecretPost), ..app() }), ["auth_method"]);
    }
    assert_eq!(wrong(ClientSettings { auth_method: Some(Method::None), ..app() }), ["auth_method"]);
    assert_eq!(wrong(ClientSettings { auth_method: Some(Method::None), ..machine() }), ["auth_method", "auth_method"]);
    assert_eq!(wrong(ClientSettings { kind: ClientKind::Machine, ..app() }), ["grant_types", "scopes"]);
    assert_eq!(wrong(ClientSettings { grant_types: vec![RefreshToken], redirect_uris: vec![], ..app() }), ["grant_types"]);
    assert_eq!(wrong(ClientSettings { grant_types: vec![], redirect_uris: vec![], ..app() }), ["grant_types"]);
    assert_eq!(wrong(ClientSettings { redirect_uris: vec![], ..app() }), ["redirect_uris"]);
    assert_eq!(wrong(ClientSettings { redirect_uris: texts(&["https://a.example/cb"]), ..machine() }), ["redirect_uris"]);
    assert_eq!(wrong(ClientSettings { auth_method: Some(Method::PrivateKeyJwt), ..app() }), ["auth_method"]);
    assert_eq!(wrong(ClientSettings { jwks_uri: Some("https://a.example/jwks".to_owned()), ..app() }), ["auth_method"]);
    let by_key =
        |kind, uri: &str| ClientSettings { kind, auth_method: Some(Method::PrivateKeyJwt), jwks_uri: Some(uri.to_owned()), ..app() };
    assert_eq!(wrong(by_key(ClientKind::Confidential, "https://a.example/jwks")), [""; 0]);
    assert_eq!(wrong(by_key(ClientKind::Confidential, "http://127.0.0.1:1/jwks")), ["jwks_uri"]);
    assert_eq!(wrong(by_key(ClientKind::Development, "http://127.0.0.1:1/jwks")), [""; 0]);
}

#[test]
fn references_must_exist() {
    assert_eq!(wrong(ClientSettings { scopes: ScopeSet::from_names(["loads:write"]), ..app() }), ["scopes"]);
    for person in ["openid", "offline_access", "loads:mine"] {
        assert_eq!(wrong(ClientSettings { scopes: ScopeSet::from_names([person]), ..machine() }), ["scopes"], "{person}");
    }
    let id = ResourceId::new();
    assert_eq!(wrong(ClientSettings { resources: vec![id], ..app() }), ["resources"]);
    assert_eq!(wrong(ClientSettings { default_resource: Some(id), ..app() }), ["default_resource"]);
    assert_eq!(wrong(ClientSettings { introspects: Some(id), ..app() }), ["introspects"]);
    assert_eq!(wrong(ClientSettings { publisher_id: Some(PublisherId::new()), ..app() }), ["publisher"]);
}

#[test]
fn dcr_05_a_change_is_checked_as_a_whole() {
    // Each of these was harmless in the record that it changes.
    let native = ClientSettings { kind: ClientKind::Native, redirect_uris: texts(&["com.example.app:/cb"]), ..app() };
    assert_eq!(wrong(native.clone()), [""; 0]);
    assert_eq!(wrong(ClientSettings { kind: ClientKind::Confidential, ..native }), ["redirect_uris"]);
    let policy = ClientPolicy { access_lifetime: Some(59), ..ClientPolicy::default() };
    assert_eq!(wrong(ClientSettings { policy, ..app() }), ["policy"]);
}
