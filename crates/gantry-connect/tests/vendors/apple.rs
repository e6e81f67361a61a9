//! Apple.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gantry_core::connection::{AppleSettings, ConnectionSecrets, ConnectionSettings};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::secret::Secret;
use gantry_core::sign_in_trace::SignInProblem;
use serde_json::{Value, json};

use crate::mock::{Mock, Signer};
use crate::setting::{CLIENT, CODE, Setting};

struct Apple {
    mock: Mock,
    setting: Setting,
}

impl Apple {
    async fn start() -> Self {
        let mock = Mock::start().await;
        let url = &mock.url;
        let metadata = json!({
            "issuer": url,
            "authorization_endpoint": format!("{url}/auth/authorize"),
            "token_endpoint": format!("{url}/auth/token"),
            "jwks_uri": format!("{url}/auth/keys"),
        });
        mock.answer("/.well-known/openid-configuration", 200, &metadata);
        mock.answer("/auth/keys", 200, &json!({ "keys": [Signer::get().jwk("key", &json!({}))] }));
        let settings = ConnectionSettings {
            issuer: Some(url.clone()),
            apple: Some(AppleSettings { team_id: "TEAM123456".to_owned(), key_id: "KEY1234567".to_owned() }),
            ..ConnectionSettings::default()
        };
        let pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
        let secrets = ConnectionSecrets { private_key: Some(Secret::new(pair.serialize_pem())), ..ConnectionSecrets::default() };
        Self { setting: Setting::new(ConnectorKind::Apple, settings, secrets), mock }
    }

    fn tell(&self, more: &Value) {
        let mut claims = self.setting.claims(&json!({ "iss": self.mock.url, "sub": "000792.d7.0638" }));
        claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let id_token = Signer::get().sign("key", &claims);
        self.mock.answer("/auth/token", 200, &json!({ "token_type": "Bearer", "access_token": "t", "id_token": id_token }));
    }
}

#[tokio::test]
async fn the_answer_is_posted_and_the_secret_is_made_for_it() {
    let apple = Apple::start().await;
    let url = apple.setting.begin().await.unwrap();
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    assert_eq!(pairs.iter().filter(|(name, _)| name == "response_mode").count(), 1);
    assert!(pairs.contains(&("response_mode".to_owned(), "form_post".to_owned())));
    apple.tell(&json!({}));
    assert_eq!(apple.setting.finish().await.unwrap().identity.subject, "000792.d7.0638");
    let form = apple.mock.asked("/auth/token")[0].form();
    assert_eq!((form["client_id"].as_str(), form["code"].as_str()), (CLIENT, CODE));
    let part = |index: usize| -> Value {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(form["client_secret"].split('.').nth(index).unwrap()).unwrap()).unwrap()
    };
    assert_eq!(part(0), json!({ "alg": "ES256", "kid": "KEY1234567" }));
    let claims = part(1);
    assert_eq!((&claims["iss"], &claims["sub"]), (&json!("TEAM123456"), &json!(CLIENT)));
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 300);
    assert!(!apple.mock.asked("/auth/token")[0].headers.contains_key("authorization"));
}

#[tokio::test]
async fn the_name_comes_once_and_the_address_from_the_token_alone() {
    let apple = Apple::start().await;
    apple.tell(&json!({ "email": "x1@privaterelay.appleid.com", "email_verified": "true", "is_private_email": "true" }));
    let user = r#"{"name":{"firstName":"Ann","lastName":"Bell"},"email":"victim@corp.example"}"#;
    let user: String = url::form_urlencoded::byte_serialize(user.as_bytes()).collect();
    let identity = apple.setting.finish_with(&format!("code={CODE}&state=state&user={user}")).await.0.unwrap().identity;
    assert_eq!(identity.profile.name.as_deref(), Some("Ann Bell"));
    let email = identity.email.unwrap();
    assert_eq!((email.address.as_str(), email.verified, email.because.as_str()), ("x1@privaterelay.appleid.com", true, "private relay"));

    apple.tell(&json!({}));
    let identity = apple.setting.finish_with(&format!("code={CODE}&state=state&user={user}")).await.0.unwrap().identity;
    assert_eq!(identity.email, None);
    let identity = apple.setting.finish().await.unwrap().identity;
    assert_eq!(identity.profile.name, None);
}

#[tokio::test]
async fn whoever_cancels_has_said_no() {
    let apple = Apple::start().await;
    let failed = apple.setting.finish_with("error=user_cancelled_authorize&state=state").await.0.unwrap_err();
    assert_eq!(failed.problem, SignInProblem::DeniedUpstream);
}
