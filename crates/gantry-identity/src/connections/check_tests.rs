//! What a connection may look like, kind by kind.

use gantry_connect::outbound::Reach;
use gantry_core::connection::{ConnectionSettings, JoinRule, RoleRule};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::id::TenantId;
use gantry_core::secret::Secret;
use gantry_core::tenant::TenantRole;
use serde_json::{Value, json};

use super::*;

fn wrong_for(owner: Option<TenantId>, kind: ConnectorKind, settings: Value) -> Vec<String> {
    let settings: ConnectionSettings = serde_json::from_value(settings).unwrap();
    match normalise(kind, owner, settings, Reach::Public) {
        Ok(_) => vec![],
        Err(wrong) => wrong.iter().map(|one| one.index.map_or(one.field.clone(), |index| format!("{}[{index}]", one.field))).collect(),
    }
}

fn wrong(kind: ConnectorKind, settings: Value) -> Vec<String> {
    wrong_for(None, kind, settings)
}

const DIRECTORY: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";

#[test]
fn each_kind_needs_what_it_cannot_know() {
    assert_eq!(wrong(ConnectorKind::Oidc, json!({})), ["client_id", "issuer"]);
    assert_eq!(wrong(ConnectorKind::Oidc, json!({ "client_id": "a", "issuer": "https://id.example" })), [""; 0]);
    assert_eq!(
        wrong(ConnectorKind::Oauth2, json!({ "client_id": "a" })),
        ["endpoints.authorization", "endpoints.token", "endpoints.userinfo"]
    );
    for kind in ConnectorKind::ALL.iter().copied().filter(|kind| kind.is_upstream()) {
        let demands = matches!(kind, ConnectorKind::Oidc | ConnectorKind::Oauth2 | ConnectorKind::Apple);
        assert_eq!(wrong(kind, json!({ "client_id": "a" })).is_empty(), !demands, "{kind}");
    }
    assert_eq!(wrong(ConnectorKind::Apple, json!({ "client_id": "a" })), ["apple"]);
    let apple = |team: &str| json!({ "client_id": "com.example.web", "apple": { "team_id": team, "key_id": "ABC1234567" } });
    assert_eq!(wrong(ConnectorKind::Apple, apple("TEAM123456")), [""; 0]);
    assert_eq!(wrong(ConnectorKind::Apple, apple("team")), ["apple.team_id"]);
    assert_eq!(wrong(ConnectorKind::Password, json!({ "hidden": true })), [""; 0]);
    assert_eq!(wrong(ConnectorKind::Password, json!({ "client_id": "a", "hidden": true })), ["client_id"]);
}

#[test]
fn ssr_04_addresses_are_judged_before_they_are_stored() {
    for url in
        ["http://id.example", "https://127.0.0.1/", "https://10.0.0.1/", "https://id.example:22", "javascript:alert(1)", "id.example"]
    {
        assert_eq!(wrong(ConnectorKind::Oidc, json!({ "client_id": "a", "issuer": url })), ["issuer"], "{url}");
        let endpoints = json!({ "client_id": "a", "endpoints": { "token": url } });
        assert_eq!(wrong(ConnectorKind::Github, endpoints), ["endpoints.token"], "{url}");
    }
    for url in ["https://id.example?x=1", "https://id.example#x"] {
        assert_eq!(wrong(ConnectorKind::Oidc, json!({ "client_id": "a", "issuer": url })), ["issuer"], "{url}");
    }
}

#[test]
fn what_gantry_sets_itself_is_nobody_elses() {
    for name in ["state", "nonce", "redirect_uri", "scope", "code_challenge", "client_secret", "response_mode", "request_uri"] {
        let settings = json!({ "client_id": "a", "parameters": { name: "x" } });
        assert_eq!(wrong(ConnectorKind::Google, settings), [format!("parameters.{name}")]);
    }
    assert_eq!(wrong(ConnectorKind::Google, json!({ "client_id": "a", "parameters": { "access_type": "offline" } })), [""; 0]);
    assert_eq!(
        wrong(ConnectorKind::Google, json!({ "client_id": "a", "scopes": ["email", "a b", "email"] })),
        ["scopes[1]", "scopes[2]", "scopes"]
    );
}

#[test]
fn jwt_16_a_mapping_finds_what_a_person_is_and_sets_nothing_else() {
    for claim in ["iss", "sub", "aud", "azp", "org_id", "roles", "scope", "amr", "acr", "act", "cnf", "sid"] {
        let settings = json!({ "client_id": "a", "claims": { claim: "x" } });
        assert!(serde_json::from_value::<ConnectionSettings>(settings).is_err(), "{claim}");
    }
    for subject in ["email", "upn", "user.email", "preferred_username"] {
        let settings = json!({ "client_id": "a", "claims": { "subject": subject } });
        assert_eq!(wrong(ConnectorKind::Github, settings), ["claims.subject"], "{subject}");
    }
    let settings = json!({ "client_id": "a", "claims": { "subject": "user.id", "email": "a..b", "name": "a.b.c.d.e.f" } });
    assert_eq!(wrong(ConnectorKind::Github, settings), ["claims.email", "claims.name"]);
}

#[test]
fn a_tenants_own_connection_vouches_for_no_address() {
    let settings = json!({ "client_id": "a", "email_trust": "provider" });
    assert_eq!(wrong_for(Some(TenantId::new()), ConnectorKind::Google, settings.clone()), ["email_trust"]);
    assert_eq!(wrong(ConnectorKind::Google, settings), [""; 0]);
}

#[test]
fn directories_are_ids_and_ranges_hold() {
    let microsoft = |inside: Value| wrong(ConnectorKind::Microsoft, json!({ "client_id": "a", "microsoft": inside }));
    assert_eq!(microsoft(json!({ "audience": DIRECTORY.to_uppercase() })), [""; 0]);
    assert_eq!(microsoft(json!({ "audience": "contoso.onmicrosoft.com" })), ["microsoft.audience"]);
    assert_eq!(microsoft(json!({ "audience": DIRECTORY, "directories": [DIRECTORY] })), ["microsoft.directories"]);
    assert_eq!(
        microsoft(json!({ "directories": [DIRECTORY, DIRECTORY.to_uppercase(), "contoso"] })),
        ["microsoft.directories[1]", "microsoft.directories[2]"]
    );
    assert_eq!(wrong(ConnectorKind::Google, json!({ "client_id": "a", "microsoft": {} })), ["microsoft"]);
    assert_eq!(
        wrong(ConnectorKind::Google, json!({ "client_id": "a", "google": { "hosted_domains": ["b c"] } })),
        ["google.hosted_domains[0]"]
    );
    for (seconds, fine) in [(299, false), (300, true), (2_592_000, true), (2_592_001, false)] {
        assert_eq!(wrong(ConnectorKind::Google, json!({ "client_id": "a", "liveness_interval": seconds })).is_empty(), fine, "{seconds}");
    }
    assert_eq!(
        wrong(ConnectorKind::Google, json!({ "client_id": "a", "contacts": ["it@a.example", "IT@a.example", "it"] })),
        ["contacts[1]", "contacts[2]"]
    );
}

fn connection(kind: ConnectorKind, settings: Value) -> Connection {
    Connection {
        id: ConnectionId::new(),
        realm_id: RealmId::new(),
        slug: "entra".to_owned(),
        name: "Entra".to_owned(),
        kind,
        owner: None,
        settings: serde_json::from_value(settings).unwrap(),
        credential_expires_at: None,
        not_before: None,
        disabled_at: None,
        created_at: Timestamp::from_millis(0),
    }
}

fn check(connection: &Connection, place: AttachmentSettings) -> Result<AttachmentSettings, Vec<Invalid>> {
    check_attachment(connection.kind, &connection.settings, place)
}

#[test]
fn an_attachment_says_whose_people_join() {
    let place = |directories: &[&str], roles: &[&str]| AttachmentSettings {
        join: JoinRule::Everyone,
        default_role: TenantRole::Member,
        roles: roles.iter().map(|group| RoleRule { group: (*group).to_owned(), role: TenantRole::TenantAdmin }).collect(),
        directories: directories.iter().map(|name| (*name).to_owned()).collect(),
    };
    let several = connection(ConnectorKind::Microsoft, json!({ "client_id": "a" }));
    assert!(check(&several, place(&[], &[])).is_err(), "nobody knows whose people");
    assert_eq!(check(&several, place(&[&DIRECTORY.to_uppercase()], &["Dock crew"])).unwrap().directories, [DIRECTORY]);
    assert!(check(&several, place(&["contoso"], &[])).is_err());
    assert!(check(&several, place(&[DIRECTORY], &["g", "g"])).is_err());
    let one = connection(ConnectorKind::Microsoft, json!({ "client_id": "a", "microsoft": { "audience": DIRECTORY } }));
    assert!(check(&one, place(&[], &[])).is_ok());
    assert!(check(&connection(ConnectorKind::Oidc, json!({})), place(&["x"], &[])).is_err());
    assert!(check(&connection(ConnectorKind::Password, json!({})), place(&[], &[])).is_err());
}

#[test]
fn roles_by_groups_say_whose_groups_they_are() {
    let place = |directories: &[&str], roles: &[&str]| AttachmentSettings {
        join: JoinRule::Invited,
        default_role: TenantRole::Member,
        roles: roles.iter().map(|group| RoleRule { group: (*group).to_owned(), role: TenantRole::TenantAdmin }).collect(),
        directories: directories.iter().map(|name| (*name).to_owned()).collect(),
    };
    for audience in ["organizations", "common"] {
        let several = connection(ConnectorKind::Microsoft, json!({ "client_id": "a", "microsoft": { "audience": audience } }));
        let wrong = check(&several, place(&[], &["Dock crew"])).unwrap_err();
        assert!(matches!(wrong.as_slice(), [only] if only.field == "directories"), "{wrong:?}");
        assert!(check(&several, place(&[DIRECTORY], &["Dock crew"])).is_ok());
        assert!(check(&several, place(&[], &[])).is_ok());
    }
    let one = connection(ConnectorKind::Microsoft, json!({ "client_id": "a", "microsoft": { "audience": DIRECTORY } }));
    assert!(check(&one, place(&[], &["Dock crew"])).is_ok());
}

#[test]
fn secrets_stay_only_where_they_go_as_before() {
    let settings = |text: Value| serde_json::from_value::<ConnectionSettings>(text).unwrap();
    let before = settings(json!({ "client_id": "a", "issuer": "https://id.example" }));
    for after in [
        json!({ "client_id": "b", "issuer": "https://id.example" }),
        json!({ "client_id": "a", "issuer": "https://id.example/" }),
        json!({ "client_id": "a", "issuer": "https://id.example", "endpoints": { "token": "https://evil.example" } }),
        json!({ "client_id": "a", "issuer": "https://id.example", "microsoft": { "audience": "common" } }),
    ] {
        assert!(moves_secrets(&before, &settings(after.clone())), "{after}");
    }
    assert!(!moves_secrets(&before, &settings(json!({ "client_id": "a", "issuer": "https://id.example", "scopes": ["openid"] }))));
}

#[test]
fn secrets_have_their_form() {
    let key = rcgen::KeyPair::generate().unwrap().serialize_pem();
    let given = |secret: &str, key: &str| GivenSecrets {
        client_secret: Some(Secret::new(secret)),
        private_key: Some(Secret::new(key)),
        certificate: None,
    };
    assert!(given("a secret~", &key).check(ConnectorKind::Oidc).is_empty());
    let wrong: Vec<&str> =
        given("a\nb", "-----BEGIN EC PRIVATE KEY-----").check(ConnectorKind::Oidc).iter().map(|(field, _)| *field).collect();
    assert_eq!(wrong, ["client_secret", "private_key"]);
    assert_eq!(given("a", &key).check(ConnectorKind::Apple).len(), 1);
    assert_eq!(given("a", &key).check(ConnectorKind::Password).len(), 1);
}
