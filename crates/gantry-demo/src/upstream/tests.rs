//! The providers over HTTP, as Gantry meets them.

use std::sync::Arc;

use actix_web::App;
use actix_web::body::to_bytes;
use actix_web::dev::ServiceResponse;
use actix_web::http::header::{AUTHORIZATION, LOCATION};
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::web::Data;
use gantry_core::clock::SystemClock;
use gantry_core::secret::Secret;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::Value;

use super::people::{CONSUMERS, FJORD, STRANGER};
use super::{RegisteredApp, Upstream, configure};

const ORIGIN: &str = "http://localhost:8093";
const CALLBACK: &str = "http://localhost:8082/connections/fjord/callback";
/// The pair of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A request's answer.
macro_rules! send {
    ($app:expr, $request:expr) => {
        call_service(&$app, $request.to_request()).await
    };
}

/// A conversation from the choice of an account to the token answer.
macro_rules! converse {
    ($app:expr, $authorize:expr, $token:expr, $further:expr) => {{
        let chosen = send!($app, form($authorize, &question($further)));
        let code = parameter(&chosen, "code").unwrap();
        send!($app, form($token, &redemption(&code, "a secret", VERIFIER)))
    }};
}

fn upstream() -> Data<Upstream> {
    let app = RegisteredApp { client_id: "app".to_owned(), secret: Secret::new("a secret"), redirect_uri: CALLBACK.to_owned() };
    Data::new(Upstream::new(ORIGIN.to_owned(), vec![app], Arc::new(SystemClock)).unwrap())
}

fn encoded(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

fn question(further: &[(&str, &str)]) -> String {
    let own = [
        ("client_id", "app"),
        ("redirect_uri", CALLBACK),
        ("response_type", "code"),
        ("scope", "openid email"),
        ("state", "s 1"),
        ("nonce", "n1"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    encoded(&[&own[..], further].concat())
}

fn redemption(code: &str, secret: &str, verifier: &str) -> String {
    encoded(&[
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("client_id", "app"),
        ("client_secret", secret),
        ("code_verifier", verifier),
    ])
}

fn form(path: &str, body: &str) -> TestRequest {
    TestRequest::post().uri(path).insert_header(("content-type", "application/x-www-form-urlencoded")).set_payload(body.to_owned())
}

async fn text(response: ServiceResponse) -> String {
    String::from_utf8(to_bytes(response.into_body()).await.unwrap().to_vec()).unwrap()
}

async fn json(response: ServiceResponse) -> Value {
    serde_json::from_str(&text(response).await).unwrap()
}

/// A parameter with which the browser is sent back to the app.
fn parameter(response: &ServiceResponse, name: &str) -> Option<String> {
    let location = response.headers().get(LOCATION)?.to_str().ok()?;
    assert!(location.starts_with(CALLBACK), "{location}");
    let url = url::Url::parse(location).ok()?;
    url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}

/// The claims of an ID token whose signature holds.
fn claims(answer: &Value, keys: &Value) -> Value {
    let token = answer["id_token"].as_str().unwrap();
    let kid = jsonwebtoken::decode_header(token).unwrap().kid.unwrap();
    let keys: JwkSet = serde_json::from_value(keys.clone()).unwrap();
    let mut validation = Validation::new(Algorithm::RS256);
    validation.validate_exp = false;
    validation.set_audience(&["app"]);
    jsonwebtoken::decode::<Value>(token, &DecodingKey::from_jwk(keys.find(&kid).unwrap()).unwrap(), &validation).unwrap().claims
}

const ENTRA: (&str, &str) = ("/organizations/oauth2/v2.0/authorize", "/organizations/oauth2/v2.0/token");

#[actix_web::test]
async fn the_directory_speaks_as_entra_id_does() {
    let app = init_service(App::new().configure(|config| configure(config, upstream()))).await;
    let metadata = json(send!(app, TestRequest::get().uri("/organizations/v2.0/.well-known/openid-configuration"))).await;
    assert_eq!(metadata["issuer"], format!("{ORIGIN}/{{tenantid}}/v2.0"));
    let keys = json(send!(app, TestRequest::get().uri("/organizations/discovery/v2.0/keys"))).await;
    assert_eq!(keys["keys"][0]["issuer"], metadata["issuer"]);
    assert_eq!(keys["keys"][1]["issuer"], format!("{ORIGIN}/{CONSUMERS}/v2.0"));

    let ordinary = json(converse!(app, ENTRA.0, ENTRA.1, &[("account", "nils")])).await;
    let told = claims(&ordinary, &keys);
    assert_eq!((told["iss"].as_str(), told["tid"].as_str()), (Some(format!("{ORIGIN}/{FJORD}/v2.0").as_str()), Some(FJORD)));
    assert_eq!((&told["nonce"], &told["xms_edov"], &told["ver"]), (&"n1".into(), &true.into(), &"2.0".into()));
    assert_eq!(told["groups"].as_array().unwrap().len(), 1);

    let many = json(converse!(app, ENTRA.0, ENTRA.1, &[("account", "tove")])).await;
    let told = claims(&many, &keys);
    assert!(told.get("groups").is_none() && told["_claim_names"]["groups"] == "src1", "{told}");
    let bearer = format!("Bearer {}", many["access_token"].as_str().unwrap());
    let graph = || TestRequest::post().uri("/v1.0/me/getMemberObjects");
    let groups = json(send!(app, graph().insert_header((AUTHORIZATION, bearer)))).await;
    assert!(groups["value"].as_array().unwrap().len() > 200);
    assert_eq!(send!(app, graph()).status(), 401);

    let guest = claims(&json(converse!(app, ENTRA.0, ENTRA.1, &[("account", "gus")])).await, &keys);
    assert!(guest["preferred_username"].as_str().unwrap().contains("#EXT#"));
    let liar = claims(&json(converse!(app, ENTRA.0, ENTRA.1, &[("account", "mallory")])).await, &keys);
    assert!(liar["email"] == "mae@example.com" && liar.get("xms_edov").is_none());
    assert_eq!(converse!(app, ENTRA.0, ENTRA.1, &[("account", "personal")]).status(), 400, "no work account");
}

#[actix_web::test]
async fn what_is_commanded_goes_wrong() {
    let app = init_service(App::new().configure(|config| configure(config, upstream()))).await;
    let keys = json(send!(app, TestRequest::get().uri("/common/discovery/v2.0/keys"))).await;
    let as_nils = |failure| [("account", "nils"), ("failure", failure)];
    let told = claims(&json(converse!(app, ENTRA.0, ENTRA.1, &as_nils("nonce"))).await, &keys);
    assert_ne!(told["nonce"], "n1");
    let told = claims(&json(converse!(app, ENTRA.0, ENTRA.1, &as_nils("issuer"))).await, &keys);
    assert_eq!((&told["tid"], told["iss"].as_str()), (&FJORD.into(), Some(format!("{ORIGIN}/{STRANGER}/v2.0").as_str())));
    let told = claims(&json(converse!(app, ENTRA.0, ENTRA.1, &as_nils("legacy"))).await, &keys);
    assert_eq!((told["ver"].as_str(), told["iss"].as_str()), (Some("1.0"), Some(format!("https://sts.windows.net/{FJORD}/").as_str())));
    let told = claims(&json(converse!(app, ENTRA.0, ENTRA.1, &as_nils("expired"))).await, &keys);
    assert!(told["exp"].as_i64() < Some(gantry_core::clock::Clock::now(&SystemClock).seconds()));
    assert_eq!(converse!(app, ENTRA.0, ENTRA.1, &as_nils("broken")).status(), 500);
    for (failure, number) in [("denied", "AADSTS65004"), ("consent", "AADSTS90094")] {
        let answer = send!(app, form(ENTRA.0, &question(&as_nils(failure))));
        assert_eq!((parameter(&answer, "error").as_deref(), parameter(&answer, "state").as_deref()), (Some("access_denied"), Some("s 1")));
        assert!(parameter(&answer, "error_description").unwrap().starts_with(number));
    }
}

#[actix_web::test]
async fn an_app_is_checked_as_the_real_ones_check_it() {
    let app = init_service(App::new().configure(|config| configure(config, upstream()))).await;
    for (name, value) in [("client_id", "another"), ("redirect_uri", "https://evil.example/"), ("code_challenge_method", "plain")] {
        let changed: Vec<(String, String)> = form_urlencoded::parse(question(&[]).as_bytes())
            .map(|(known, old)| (known.to_string(), if known == name { value.to_owned() } else { old.to_string() }))
            .collect();
        let changed = form_urlencoded::Serializer::new(String::new()).extend_pairs(changed).finish();
        let page = send!(app, TestRequest::get().uri(&format!("{}?{changed}", ENTRA.0)));
        assert!(page.status() == 400 && page.headers().get(LOCATION).is_none(), "{name}");
    }
    let page =
        text(send!(app, TestRequest::get().uri(&format!("{}?{}", ENTRA.0, question(&[("login_hint", "ingrid@fjord.example")]))))).await;
    assert!(page.find("ingrid@fjord.example") < page.find("nils@fjord.example"), "who is expected comes first");
    assert!(!page.contains("<script") && page.contains("value=\"s 1\""));
    for (secret, verifier, status) in [("a secret", "another", 400), ("wrong", VERIFIER, 401), ("a secret", VERIFIER, 200)] {
        let chosen = send!(app, form(ENTRA.0, &question(&[("account", "nils")])));
        let code = parameter(&chosen, "code").unwrap();
        let body = redemption(&code, secret, verifier);
        assert_eq!(send!(app, form(ENTRA.1, &body)).status(), status, "{secret} {verifier}");
        if status != 401 {
            assert_eq!(send!(app, form(ENTRA.1, &redemption(&code, "a secret", VERIFIER))).status(), 400, "used up");
        }
    }
}

#[actix_web::test]
async fn google_and_github_say_what_they_know() {
    let app = init_service(App::new().configure(|config| configure(config, upstream()))).await;
    let metadata = json(send!(app, TestRequest::get().uri("/google/.well-known/openid-configuration"))).await;
    assert_eq!(metadata["issuer"], format!("{ORIGIN}/google"));
    let keys = json(send!(app, TestRequest::get().uri("/google/keys"))).await;
    let told = claims(&json(converse!(app, "/google/authorize", "/google/token", &[("account", "wanda")])).await, &keys);
    assert_eq!((&told["hd"], &told["email_verified"], &told["iss"]), (&"sable.example".into(), &true.into(), &metadata["issuer"]));
    let (authorize, token) = ("/github/login/oauth/authorize", "/github/login/oauth/access_token");
    let answer = json(converse!(app, authorize, token, &[("account", "octavia")])).await;
    let bearer = format!("Bearer {}", answer["access_token"].as_str().unwrap());
    let ask = |path: &str| TestRequest::get().uri(path).insert_header((AUTHORIZATION, bearer.clone()));
    assert_eq!(json(send!(app, ask("/github/user"))).await["id"], 900_001);
    let emails = json(send!(app, ask("/github/user/emails"))).await;
    assert!(emails.as_array().unwrap().iter().any(|entry| entry["primary"] == true && entry["verified"] == true));
    assert_eq!(send!(app, TestRequest::get().uri("/github/user")).status(), 401);
}
