//! Google.

use gantry_connect::connector::{Failed, Finished};
use gantry_core::connection::{ConnectionSecrets, ConnectionSettings, GoogleSettings};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::external_identity::UpstreamTokens;
use gantry_core::secret::Secret;
use gantry_core::sign_in_trace::SignInProblem;
use serde_json::{Value, json};

use crate::mock::{Mock, Signer};
use crate::setting::Setting;

struct Google {
    mock: Mock,
    setting: Setting,
}

impl Google {
    async fn start(domains: &[&str]) -> Self {
        let mock = Mock::start().await;
        let url = &mock.url;
        let metadata = json!({
            "issuer": url,
            "authorization_endpoint": format!("{url}/o/oauth2/v2/auth"),
            "token_endpoint": format!("{url}/token"),
            "jwks_uri": format!("{url}/certs"),
        });
        mock.answer("/.well-known/openid-configuration", 200, &metadata);
        mock.answer("/certs", 200, &json!({ "keys": [Signer::get().jwk("key", &json!({}))] }));
        let settings = ConnectionSettings {
            issuer: Some(url.clone()),
            google: Some(GoogleSettings { hosted_domains: domains.iter().map(|domain| (*domain).to_owned()).collect() }),
            ..ConnectionSettings::default()
        };
        let secrets = ConnectionSecrets { client_secret: Some(Secret::new("secret")), ..ConnectionSecrets::default() };
        Self { setting: Setting::new(ConnectorKind::Google, settings, secrets), mock }
    }

    async fn sign_in(&self, changes: Value) -> Result<Finished, Failed> {
        let mut claims = self.setting.claims(&json!({ "iss": self.mock.url, "sub": "108", "name": "Ann Bell" }));
        claims.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        let id_token = Signer::get().sign("key", &claims);
        self.mock.answer("/token", 200, &json!({ "token_type": "Bearer", "access_token": "t", "id_token": id_token }));
        self.setting.finish().await
    }
}

#[tokio::test]
async fn ent_08_only_the_claim_hd_makes_a_member_of_the_workspace() {
    let google = Google::start(&["corp.example"]).await;
    let url = google.setting.begin().await.unwrap();
    assert!(url.query_pairs().any(|pair| pair == ("hd".into(), "corp.example".into())), "{url}");
    let ann = |hd: Value| json!({ "email": "ann@corp.example", "email_verified": true, "hd": hd });
    let identity = google.sign_in(ann(json!("Corp.example"))).await.unwrap().identity;
    assert_eq!(identity.directory.as_deref(), Some("corp.example"));
    assert!(identity.email.unwrap().verified);
    for hd in [json!(null), json!("evil.example"), json!(["corp.example"]), json!("")] {
        let failed = google.sign_in(ann(hd.clone())).await.unwrap_err();
        assert_eq!(failed.problem, SignInProblem::DirectoryNotAllowed, "{hd}");
    }
    let failed = google.sign_in(json!({ "email": "ann@corp.example", "email_verified": true })).await.unwrap_err();
    assert_eq!(failed.problem, SignInProblem::DirectoryNotAllowed);
}

#[tokio::test]
async fn ent_08_without_hd_an_address_of_the_company_is_a_personal_accounts() {
    let google = Google::start(&[]).await;
    assert!(!google.setting.begin().await.unwrap().query_pairs().any(|(name, _)| name == "hd"));
    let identity = google.sign_in(json!({ "email": "ann@corp.example", "email_verified": true })).await.unwrap().identity;
    assert_eq!(identity.directory, None);
    assert!(!identity.email.unwrap().verified);
    let identity = google.sign_in(json!({ "email": "ann@gmail.com", "email_verified": true })).await.unwrap().identity;
    assert!(identity.email.unwrap().verified);
}

#[tokio::test]
async fn ent_09_a_domain_taken_over_brings_other_people() {
    let google = Google::start(&["corp.example"]).await;
    let claims = |sub: &str| json!({ "sub": sub, "email": "ann@corp.example", "email_verified": true, "hd": "corp.example" });
    let before = google.sign_in(claims("108")).await.unwrap().identity;
    let after = google.sign_in(claims("109")).await.unwrap().identity;
    assert_eq!((before.subject.as_str(), after.subject.as_str()), ("108", "109"));
    assert_eq!(before.issuer, after.issuer);
}

#[tokio::test]
async fn another_issuer_is_refused() {
    let google = Google::start(&[]).await;
    for iss in ["accounts.google.com", "https://accounts.google.com", "https://evil.example"] {
        let failed = google.sign_in(json!({ "iss": iss })).await.unwrap_err();
        assert_eq!(failed.problem, SignInProblem::TokenIssuer, "{iss}");
    }
}

#[tokio::test]
async fn a_renewed_token_is_of_the_same_person() {
    let google = Google::start(&[]).await;
    let old = google.sign_in(json!({})).await.unwrap().tokens;
    let old = UpstreamTokens { refresh_token: Some(Secret::new("refresh")), ..old };
    let refresh = async || google.setting.connectors.refresh(&google.setting.registration, &old).await;
    assert_eq!(refresh().await.unwrap().refresh_token.unwrap().expose(), "refresh");
    google.sign_in(json!({ "sub": "109" })).await.unwrap();
    assert_eq!(refresh().await.unwrap_err().problem, SignInProblem::BadSubject);
    assert!(google.sign_in(json!({ "iss": "https://evil.example" })).await.is_err());
    assert_eq!(refresh().await.unwrap_err().problem, SignInProblem::TokenIssuer);
}
