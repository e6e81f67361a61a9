//! Entra ID.

use gantry_connect::connector::{Failed, Finished};
use gantry_connect::provider::microsoft;
use gantry_core::connection::{
    ConnectionSecrets, ConnectionSettings, MicrosoftAudience, MicrosoftSettings, UpstreamAuth, UpstreamEndpoints,
};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::external_identity::Groups;
use gantry_core::secret::Secret;
use gantry_core::sign_in_trace::{HopKind, SignInProblem};
use serde_json::{Map, Value, json};

use crate::mock::{Mock, Signer};
use crate::setting::{CLIENT, Setting};

pub(crate) const TID: &str = "11111111-2222-3333-4444-555555555555";
pub(crate) const OTHER: &str = "99999999-2222-3333-4444-555555555555";
pub(crate) const OID: &str = "aaaaaaaa-0000-4000-8000-00000000000a";

/// A cloud in miniature and a connection to it.
pub(crate) struct Entra {
    pub(crate) mock: Mock,
    pub(crate) setting: Setting,
}

impl Entra {
    /// All directories, of which `TID` may sign in.
    pub(crate) async fn organizations() -> Self {
        Self::start(MicrosoftSettings { directories: vec![TID.to_owned()], ..MicrosoftSettings::default() }).await
    }

    async fn start(microsoft: MicrosoftSettings) -> Self {
        let mock = Mock::start().await;
        let segment = match &microsoft.audience {
            MicrosoftAudience::Organizations => "organizations",
            MicrosoftAudience::Common => "common",
            MicrosoftAudience::Consumers => "consumers",
            MicrosoftAudience::Directory(id) => id,
        };
        let named = match segment {
            "organizations" | "common" => "{tenantid}",
            "consumers" => microsoft::CONSUMERS,
            directory => directory,
        };
        let base = &mock.url;
        let metadata = json!({
            "issuer": format!("{base}/{named}/v2.0"),
            "authorization_endpoint": format!("{base}/{segment}/oauth2/v2.0/authorize"),
            "token_endpoint": format!("{base}/{segment}/oauth2/v2.0/token"),
            "jwks_uri": format!("{base}/{segment}/discovery/v2.0/keys"),
        });
        mock.answer(&format!("/{segment}/v2.0/.well-known/openid-configuration"), 200, &metadata);
        let settings = ConnectionSettings {
            issuer: Some(format!("{base}/{{audience}}/v2.0")),
            endpoints: UpstreamEndpoints { graph: Some(format!("{base}/graph")), ..UpstreamEndpoints::default() },
            microsoft: Some(microsoft),
            ..ConnectionSettings::default()
        };
        let secrets = ConnectionSecrets { client_secret: Some(Secret::new("secret")), ..ConnectionSecrets::default() };
        let entra = Self { setting: Setting::new(ConnectorKind::Microsoft, settings, secrets), mock };
        entra.publish(&[("key", Some("{tenantid}"))]);
        entra
    }

    fn segment(&self) -> String {
        let settings = &self.setting.registration.connection.settings;
        match &settings.microsoft.as_ref().unwrap().audience {
            MicrosoftAudience::Organizations => "organizations".to_owned(),
            MicrosoftAudience::Common => "common".to_owned(),
            MicrosoftAudience::Consumers => "consumers".to_owned(),
            MicrosoftAudience::Directory(id) => id.clone(),
        }
    }

    pub(crate) fn token_path(&self) -> String {
        format!("/{}/oauth2/v2.0/token", self.segment())
    }

    pub(crate) fn issuer(&self, directory: &str) -> String {
        format!("{}/{directory}/v2.0", self.mock.url)
    }

    /// Publishes the key under these names, each with the directory of its `issuer` member.
    pub(crate) fn publish(&self, keys: &[(&str, Option<&str>)]) {
        let jwk = |(kid, directory): &(&str, Option<&str>)| {
            let more = directory.map_or_else(|| json!({}), |directory| json!({ "issuer": self.issuer(directory) }));
            Signer::get().jwk(kid, &more)
        };
        let set = json!({ "keys": keys.iter().map(jwk).collect::<Vec<_>>() });
        self.mock.answer(&format!("/{}/discovery/v2.0/keys", self.segment()), 200, &set);
    }

    /// The claims of somebody in `TID`, changed so; `null` takes one away.
    pub(crate) fn claims(&self, changes: &Value) -> Value {
        let usual = json!({ "iss": self.issuer(TID), "tid": TID, "oid": OID, "ver": "2.0", "name": "Ann Bell" });
        let mut claims = self.setting.claims(&usual);
        let members = claims.as_object_mut().unwrap();
        members.extend(changes.as_object().unwrap().clone());
        members.retain(|_, value| !value.is_null());
        claims
    }

    /// A sign-in in which these claims come.
    async fn sign_in(&self, changes: Value) -> Result<Finished, Failed> {
        self.sign_in_by("key", changes).await
    }

    async fn sign_in_by(&self, kid: &str, changes: Value) -> Result<Finished, Failed> {
        let id_token = Signer::get().sign(kid, &self.claims(&changes));
        let answer = json!({ "token_type": "Bearer", "expires_in": 3600, "access_token": "graph-token", "id_token": id_token });
        self.mock.answer(&self.token_path(), 200, &answer);
        self.setting.finish().await
    }

    async fn refused(&self, changes: Value) -> SignInProblem {
        self.sign_in(changes).await.expect_err("the sign-in had to fail").problem
    }

    fn microsoft(&mut self) -> &mut MicrosoftSettings {
        self.setting.registration.connection.settings.microsoft.as_mut().unwrap()
    }
}

#[tokio::test]
async fn somebody_of_a_listed_directory_signs_in() {
    let entra = Entra::organizations().await;
    let url = entra.setting.begin().await.unwrap();
    assert!(url.as_str().starts_with(&format!("{}/organizations/oauth2/v2.0/authorize?", entra.mock.url)), "{url}");
    let finished = entra.sign_in(json!({ "email": "ann@corp.example", "xms_edov": true, "preferred_username": "ann@corp.example" })).await;
    let identity = finished.unwrap().identity;
    assert_eq!(identity.issuer, entra.issuer(TID));
    assert_eq!(identity.subject, format!("{TID}.{OID}"));
    assert_eq!(identity.directory.as_deref(), Some(TID));
    assert!(!identity.guest);
    assert_eq!(identity.groups, Groups::NotSent);
    assert_eq!(identity.profile.name.as_deref(), Some("Ann Bell"));
    let email = identity.email.unwrap();
    assert_eq!((email.address.as_str(), email.verified, email.because.as_str()), ("ann@corp.example", true, "xms_edov"));
}

#[tokio::test]
async fn ent_02_each_single_mismatch_is_refused() {
    let entra = Entra::organizations().await;
    assert!(entra.sign_in(json!({})).await.is_ok());
    for (changes, problem) in [
        (json!({ "iss": entra.issuer(OTHER) }), SignInProblem::TokenIssuer),
        (json!({ "tid": OTHER }), SignInProblem::TokenIssuer),
        (json!({ "tid": null }), SignInProblem::TokenIssuer),
        (json!({ "tid": "{tenantid}", "iss": entra.issuer("{tenantid}") }), SignInProblem::TokenIssuer),
        (json!({ "iss": entra.issuer("{tenantid}") }), SignInProblem::TokenIssuer),
        (json!({ "iss": entra.issuer("organizations") }), SignInProblem::TokenIssuer),
        (json!({ "iss": format!("{}/", entra.issuer(TID)) }), SignInProblem::TokenIssuer),
        (json!({ "iss": format!("https://login.microsoftonline.com/{TID}/v2.0") }), SignInProblem::TokenIssuer),
        (json!({ "iss": entra.issuer(OTHER), "tid": OTHER }), SignInProblem::DirectoryNotAllowed),
        (json!({ "aud": "another-client" }), SignInProblem::TokenAudience),
        (json!({ "nonce": "another" }), SignInProblem::TokenNonce),
        (json!({ "oid": null }), SignInProblem::BadSubject),
    ] {
        assert_eq!(entra.refused(changes.clone()).await, problem, "{changes}");
    }
}

#[tokio::test]
async fn ent_02_the_key_must_be_one_for_that_issuer() {
    let entra = Entra::organizations().await;
    entra.publish(&[("own", Some(TID)), ("all", Some("{tenantid}")), ("personal", Some(microsoft::CONSUMERS)), ("bare", None)]);
    for kid in ["own", "all"] {
        assert!(entra.sign_in_by(kid, json!({})).await.is_ok(), "{kid}");
    }
    for kid in ["personal", "bare"] {
        let failed = entra.sign_in_by(kid, json!({})).await.unwrap_err();
        assert_eq!(failed.problem, SignInProblem::TokenSignature, "{kid}");
    }
}

#[tokio::test]
async fn ent_02_an_attached_tenants_directory_comes_in_and_without_any_list_none_does() {
    let mut entra = Entra::start(MicrosoftSettings::default()).await;
    assert_eq!(entra.refused(json!({})).await, SignInProblem::DirectoryNotAllowed);
    entra.setting.registration.directories = vec![TID.to_owned()];
    assert!(entra.sign_in(json!({})).await.is_ok());
    assert_eq!(entra.refused(json!({ "iss": entra.issuer(OTHER), "tid": OTHER })).await, SignInProblem::DirectoryNotAllowed);
}

#[tokio::test]
async fn ent_02_a_single_directory_is_that_directory_alone() {
    let entra =
        Entra::start(MicrosoftSettings { audience: MicrosoftAudience::Directory(TID.to_owned()), ..MicrosoftSettings::default() }).await;
    assert!(entra.sign_in(json!({})).await.is_ok());
    assert_eq!(entra.refused(json!({ "iss": entra.issuer(OTHER), "tid": OTHER })).await, SignInProblem::DirectoryNotAllowed);
}

#[tokio::test]
async fn ent_03_a_personal_account_is_refused_where_organizations_sign_in() {
    let personal = |entra: &Entra| json!({ "iss": entra.issuer(microsoft::CONSUMERS), "tid": microsoft::CONSUMERS });
    let mut entra = Entra::organizations().await;
    entra.microsoft().directories.push(microsoft::CONSUMERS.to_owned());
    assert_eq!(entra.refused(personal(&entra)).await, SignInProblem::DirectoryNotAllowed);
    let everybody = MicrosoftSettings {
        audience: MicrosoftAudience::Common,
        directories: vec![microsoft::CONSUMERS.to_owned()],
        ..MicrosoftSettings::default()
    };
    let entra = Entra::start(everybody).await;
    assert!(entra.sign_in(personal(&entra)).await.is_ok());
    assert_eq!(entra.refused(json!({})).await, SignInProblem::DirectoryNotAllowed);
    let entra = Entra::start(MicrosoftSettings { audience: MicrosoftAudience::Consumers, ..MicrosoftSettings::default() }).await;
    assert!(entra.sign_in(personal(&entra)).await.is_ok());
    assert_eq!(entra.refused(json!({})).await, SignInProblem::DirectoryNotAllowed);
}

#[tokio::test]
async fn an_old_token_is_one_of_the_same_person() {
    let entra = Entra::organizations().await;
    let old = format!("https://sts.windows.net/{TID}/");
    let identity = entra.sign_in(json!({ "ver": "1.0", "iss": old })).await.unwrap().identity;
    assert_eq!((identity.issuer, identity.subject), (entra.issuer(TID), format!("{TID}.{OID}")));
    assert_eq!(entra.refused(json!({ "ver": "1.0" })).await, SignInProblem::TokenIssuer);
    assert_eq!(entra.refused(json!({ "ver": "2.0", "iss": old })).await, SignInProblem::TokenIssuer);
    assert_eq!(
        entra.refused(json!({ "ver": "1.0", "iss": format!("https://sts.windows.net/{OTHER}/") })).await,
        SignInProblem::TokenIssuer
    );
}

#[tokio::test]
async fn ent_01_an_attackers_directory_vouches_for_no_address() {
    let entra = Entra::organizations().await;
    let claims = json!({ "email": "victim@corp.example", "email_verified": true, "preferred_username": "victim@corp.example" });
    let email = entra.sign_in(claims).await.unwrap().identity.email.unwrap();
    assert!(!email.verified);
    assert_eq!(email.because, "no xms_edov");
}

#[tokio::test]
async fn ent_04_object_and_directory_are_the_key_through_every_renaming() {
    let entra = Entra::organizations().await;
    let subject = async |changes: Value| entra.sign_in(changes).await.unwrap().identity.subject;
    let first = subject(json!({ "email": "ann@corp.example" })).await;
    assert_eq!(subject(json!({ "email": "bea@corp.example", "sub": "another" })).await, first);
    assert_ne!(subject(json!({ "email": "ann@corp.example", "oid": OID.replace('a', "b") })).await, first);
}

#[tokio::test]
async fn guests_come_in_only_where_they_are_welcome() {
    let mut entra = Entra::organizations().await;
    let guest = json!({ "idp": format!("https://sts.windows.net/{OTHER}/") });
    assert_eq!(entra.refused(guest.clone()).await, SignInProblem::GuestNotAllowed);
    assert_eq!(entra.refused(json!({ "acct": 1 })).await, SignInProblem::GuestNotAllowed);
    entra.microsoft().guests = true;
    let identity = entra.sign_in(guest).await.unwrap().identity;
    assert!(identity.guest);
    assert_eq!(identity.directory.as_deref(), Some(TID));
}

/// More groups than fit into the token, with a pointer to somewhere else.
fn overage(mock: &Mock) -> Value {
    json!({ "_claim_names": { "groups": "src1" }, "_claim_sources": { "src1": { "endpoint": format!("{}/elsewhere", mock.url) } } })
}

#[tokio::test]
async fn ent_05_overage_asks_graph_at_its_own_host_and_never_where_the_token_points() {
    let mut entra = Entra::organizations().await;
    entra.mock.answer("/elsewhere", 200, &json!({ "value": ["evil"] }));
    let groups = async |entra: &Entra, changes: Value| entra.sign_in(changes).await.unwrap().identity.groups;
    assert_eq!(
        groups(&entra, json!({ "groups": ["g1"], "roles": ["Admin"] })).await,
        Groups::Known(vec!["g1".to_owned(), "role:Admin".to_owned()])
    );
    assert_eq!(groups(&entra, overage(&entra.mock)).await, Groups::Unavailable);
    assert_eq!(groups(&entra, json!({ "hasgroups": true })).await, Groups::Unavailable);
    assert!(entra.mock.asked("/graph/v1.0/me/getMemberObjects").is_empty(), "nobody asked for that");

    entra.microsoft().resolve_groups = true;
    assert!(entra.setting.begin().await.unwrap().query_pairs().any(|(name, value)| name == "scope" && value.ends_with(" User.Read")));
    let next = format!("{}/graph/v1.0/next", entra.mock.url);
    entra.mock.answer("/graph/v1.0/me/getMemberObjects", 200, &json!({ "value": ["g1"], "@odata.nextLink": next }));
    entra.mock.answer("/graph/v1.0/next", 200, &json!({ "value": ["g2"] }));
    let all = Groups::Known(vec!["g1".to_owned(), "g2".to_owned()]);
    assert_eq!(groups(&entra, overage(&entra.mock)).await, all);
    assert_eq!(groups(&entra, json!({})).await, all, "no claim may mean that the registration sends none");
    let asked = entra.mock.asked("/graph/v1.0/me/getMemberObjects");
    assert_eq!(asked.len(), 2);
    assert_eq!((asked[0].method.as_str(), asked[0].headers["authorization"].as_str()), ("POST", "Bearer graph-token"));
    assert_eq!(asked[0].headers["content-type"], "application/json");
    assert_eq!(serde_json::from_str::<Value>(&asked[0].body).unwrap(), json!({ "securityEnabledOnly": false }));
    assert!(entra.mock.asked("/elsewhere").is_empty());
}

#[tokio::test]
async fn ent_05_a_graph_that_fails_means_unknown_and_never_none() {
    let mut entra = Entra::organizations().await;
    entra.microsoft().resolve_groups = true;
    let path = "/graph/v1.0/me/getMemberObjects";
    for (status, body) in [
        (500, json!({})),
        (403, json!({ "error": { "code": "Authorization_RequestDenied" } })),
        (302, json!({})),
        (200, json!({ "value": null })),
        (200, json!([])),
        (200, json!({ "value": ["g1"], "@odata.nextLink": "http://127.0.0.1:1/v1.0/x" })),
        (200, json!({ "value": ["g1"], "@odata.nextLink": format!("{}/graph/v1.0/gone", entra.mock.url) })),
    ] {
        entra.mock.answer(path, status, &body);
        let groups = entra.sign_in(overage(&entra.mock)).await.unwrap().identity.groups;
        assert_eq!(groups, Groups::Unavailable, "{status} {body}");
    }
    assert!(entra.mock.asked("/elsewhere").is_empty());
}

#[tokio::test]
async fn ent_05_the_trace_says_what_became_of_the_groups() {
    let entra = Entra::organizations().await;
    let id_token = Signer::get().sign("key", &entra.claims(&overage(&entra.mock)));
    entra.mock.answer(&entra.token_path(), 200, &json!({ "token_type": "Bearer", "access_token": "graph-token", "id_token": id_token }));
    let (finished, hops) = entra.setting.finish_with("code=c&state=state").await;
    finished.unwrap();
    let groups = hops.as_slice().iter().find(|hop| hop.kind == HopKind::Groups).unwrap();
    assert_eq!(groups.detail["token"], "overage");
    let text = serde_json::to_string(&hops.as_slice().iter().map(|hop| &hop.detail).collect::<Vec<&Map<String, Value>>>()).unwrap();
    assert!(!text.contains("graph-token") && !text.contains(&id_token));
}

#[tokio::test]
async fn fed_04_a_certificate_stands_for_the_secret() {
    let mut entra = Entra::organizations().await;
    let pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).unwrap();
    let certificate = rcgen::CertificateParams::new(vec!["gantry.example".to_owned()]).unwrap().self_signed(&pair).unwrap().pem();
    entra.setting.registration.secrets =
        ConnectionSecrets { client_secret: None, private_key: Some(Secret::new(pair.serialize_pem())), certificate: Some(certificate) };
    entra.setting.registration.connection.settings.client_auth = Some(UpstreamAuth::PrivateKeyJwt);
    entra.sign_in(json!({})).await.unwrap();
    let form = entra.mock.asked(&entra.token_path())[0].form();
    assert_eq!(form["client_assertion_type"], "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    assert_eq!(form["client_id"], CLIENT);
    assert!(!form.contains_key("client_secret"));
    let mut parts = form["client_assertion"].split('.').map(|part| {
        use base64::Engine as _;
        base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part).unwrap()
    });
    let header: Value = serde_json::from_slice(&parts.next().unwrap()).unwrap();
    let claims: Value = serde_json::from_slice(&parts.next().unwrap()).unwrap();
    assert_eq!(header["alg"], "PS256");
    assert!(header["x5t#S256"].is_string());
    assert_eq!(claims["aud"], format!("{}{}", entra.mock.url, entra.token_path()));
}

#[tokio::test]
async fn refusals_are_told_in_words_that_help() {
    let entra = Entra::organizations().await;
    for (status, error, description, problem, hint) in [
        (401, "invalid_client", "AADSTS7000222: The provided client secret keys are expired.", SignInProblem::ClientRejected, "expired"),
        (401, "invalid_client", "AADSTS7000215: Invalid client secret provided.", SignInProblem::ClientRejected, "value"),
        (400, "unauthorized_client", "AADSTS700016: Application was not found", SignInProblem::ClientRejected, "client id"),
        (400, "invalid_grant", "AADSTS65001: The user or administrator has not consented", SignInProblem::AdminConsentNeeded, "agreed"),
        (400, "invalid_grant", "AADSTS70008: expired", SignInProblem::CodeRejected, ""),
    ] {
        entra.mock.answer(&entra.token_path(), status, &json!({ "error": error, "error_description": description }));
        let failed = entra.setting.finish().await.unwrap_err();
        assert_eq!(failed.problem, problem, "{description}");
        assert!(failed.detail.contains(hint), "{}", failed.detail);
    }
    let callback = async |parameters: &str| entra.setting.finish_with(parameters).await.0.unwrap_err().problem;
    assert_eq!(callback("error=consent_required&state=state").await, SignInProblem::AdminConsentNeeded);
    assert_eq!(callback("error=access_denied&error_description=AADSTS90094:+x&state=state").await, SignInProblem::AdminConsentNeeded);
    assert_eq!(callback("error=access_denied&error_description=AADSTS65004:+x&state=state").await, SignInProblem::DeniedUpstream);
}

#[tokio::test]
async fn fed_01_an_issuer_in_the_callback_must_be_one_of_the_cloud_and_the_tokens_own() {
    let entra = Entra::organizations().await;
    entra.sign_in(json!({})).await.unwrap();
    let with_issuer = async |issuer: &str| {
        let issuer: String = url::form_urlencoded::byte_serialize(issuer.as_bytes()).collect();
        entra.setting.finish_with(&format!("code=c&state=state&iss={issuer}")).await.0.map_err(|failed| failed.problem)
    };
    assert!(with_issuer(&entra.issuer(TID)).await.is_ok());
    for foreign in ["https://evil.example", &entra.issuer(OTHER), &format!("https://login.microsoftonline.com/{TID}/v2.0")] {
        assert_eq!(with_issuer(foreign).await.unwrap_err(), SignInProblem::WrongResponseIssuer, "{foreign}");
    }
}

#[tokio::test]
async fn an_administrator_is_sent_to_agree_for_the_directory() {
    let entra = Entra::organizations().await;
    let url = microsoft::admin_consent_url(&entra.setting.registration, "https://id.example/done", "s&t=1").unwrap();
    assert!(url.as_str().starts_with(&format!("{}/organizations/v2.0/adminconsent?", entra.mock.url)));
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let expected =
        [("client_id", CLIENT), ("scope", "openid profile email"), ("redirect_uri", "https://id.example/done"), ("state", "s&t=1")];
    assert_eq!(pairs, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let consumers = Entra::start(MicrosoftSettings { audience: MicrosoftAudience::Consumers, ..MicrosoftSettings::default() }).await;
    assert!(microsoft::admin_consent_url(&consumers.setting.registration, "https://id.example/done", "s").is_err());
}
