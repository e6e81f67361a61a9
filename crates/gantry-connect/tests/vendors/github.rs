//! GitHub.

use gantry_connect::connector::{Failed, Finished};
use gantry_core::connection::{ConnectionSecrets, ConnectionSettings, UpstreamEndpoints};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::external_identity::AssertedEmail;
use gantry_core::secret::Secret;
use gantry_core::sign_in_trace::SignInProblem;
use serde_json::{Value, json};

use crate::mock::Mock;
use crate::setting::Setting;

struct Github {
    mock: Mock,
    setting: Setting,
}

impl Github {
    async fn start() -> Self {
        let mock = Mock::start().await;
        let url = &mock.url;
        let endpoints = UpstreamEndpoints {
            authorization: Some(format!("{url}/login/oauth/authorize")),
            token: Some(format!("{url}/login/oauth/access_token")),
            userinfo: Some(format!("{url}/user")),
            ..UpstreamEndpoints::default()
        };
        let settings = ConnectionSettings { endpoints, ..ConnectionSettings::default() };
        let secrets = ConnectionSecrets { client_secret: Some(Secret::new("secret")), ..ConnectionSecrets::default() };
        let github = Self { setting: Setting::new(ConnectorKind::Github, settings, secrets), mock };
        github.mock.answer(
            "/login/oauth/access_token",
            200,
            &json!({ "token_type": "bearer", "access_token": "gho", "scope": "user:email" }),
        );
        github.user(&json!({ "id": 583_231, "login": "octocat", "name": "Mona", "email": "shown@corp.example" }));
        github.emails(&json!([{ "email": "mona@corp.example", "primary": true, "verified": true }]));
        github
    }

    fn user(&self, user: &Value) {
        self.mock.answer("/user", 200, user);
    }

    fn emails(&self, emails: &Value) {
        self.mock.answer("/user/emails", 200, emails);
    }

    async fn sign_in(&self) -> Result<Finished, Failed> {
        self.setting.finish().await
    }

    async fn email(&self) -> Option<AssertedEmail> {
        self.sign_in().await.unwrap().identity.email
    }
}

#[tokio::test]
async fn ent_10_a_renamed_login_is_the_same_person_and_a_reused_one_is_not() {
    let github = Github::start().await;
    let identity = github.sign_in().await.unwrap().identity;
    assert_eq!((identity.issuer.as_str(), identity.subject.as_str()), (github.mock.url.as_str(), "583231"));
    assert_eq!(identity.profile.preferred_username.as_deref(), Some("octocat"));
    github.user(&json!({ "id": 583_231, "login": "monalisa" }));
    assert_eq!(github.sign_in().await.unwrap().identity.subject, "583231");
    github.user(&json!({ "id": 999, "login": "octocat" }));
    assert_eq!(github.sign_in().await.unwrap().identity.subject, "999");
    for id in [json!(null), json!("583231"), json!(0), json!(-5), json!(1.5)] {
        github.user(&json!({ "id": id, "login": "octocat" }));
        assert_eq!(github.setting.refused().await, SignInProblem::BadSubject, "{id}");
    }
}

#[tokio::test]
async fn ent_11_only_the_primary_verified_address_counts() {
    let github = Github::start().await;
    let email = github.email().await.unwrap();
    assert_eq!((email.address.as_str(), email.verified), ("mona@corp.example", true));
    let asked = github.mock.asked("/user/emails");
    assert_eq!(asked[0].headers["authorization"], "Bearer gho");

    github.emails(&json!([{ "email": "mona@corp.example", "primary": true, "verified": false }]));
    assert!(!github.email().await.unwrap().verified);
    github.emails(&json!([{ "email": "583231+octocat@users.noreply.github.com", "primary": true, "verified": true }]));
    assert_eq!(github.email().await, None);
    github.emails(&json!([{ "email": "second@corp.example", "primary": false, "verified": true }]));
    assert_eq!(github.email().await, None, "what the profile shows is no address");
    for status in [403, 404] {
        github.mock.answer("/user/emails", status, &json!({ "message": "Resource not accessible by integration" }));
        assert_eq!(github.email().await, None);
    }
    for (status, problem) in [(503, SignInProblem::Unreachable), (429, SignInProblem::BadAnswer), (401, SignInProblem::BadAnswer)] {
        github.mock.answer("/user/emails", status, &json!({}));
        assert_eq!(github.setting.refused().await, problem, "a failure is not an empty list");
    }
}

#[tokio::test]
async fn refusals_come_with_status_200() {
    let github = Github::start().await;
    for (error, problem) in [
        ("bad_verification_code", SignInProblem::CodeRejected),
        ("incorrect_client_credentials", SignInProblem::ClientRejected),
        ("redirect_uri_mismatch", SignInProblem::ClientRejected),
        ("unverified_user_email", SignInProblem::NoAddress),
    ] {
        github.mock.answer("/login/oauth/access_token", 200, &json!({ "error": error, "error_description": "x" }));
        assert_eq!(github.setting.refused().await, problem, "{error}");
    }
}
