//! As little of a provider as sign-outs and renewed tokens need: metadata, keys, a token endpoint.

use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpResponse, HttpServer, web};
use serde_json::{Value, json};

use crate::support::gantry::sign;

/// The id under which Gantry is registered there.
pub(super) const CLIENT_ID: &str = "gantry-there";

/// How its token endpoint answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mood {
    /// With new tokens; each refresh token once.
    Rotates,
    /// The account is gone.
    Gone,
    /// Not at all well.
    Broken,
}

/// A running provider. Stops when it is dropped.
pub(super) struct Provider {
    pub(super) origin: String,
    shared: Arc<Shared>,
    server: ServerHandle,
}

struct Shared {
    origin: String,
    state: Mutex<State>,
}

struct State {
    mood: Mood,
    refresh_token: String,
    refreshed: usize,
}

impl Provider {
    /// Starts one that takes this refresh token.
    pub(super) fn start(refresh_token: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
        let state = State { mood: Mood::Rotates, refresh_token: refresh_token.to_owned(), refreshed: 0 };
        let shared = Arc::new(Shared { origin: origin.clone(), state: Mutex::new(state) });
        let data = web::Data::from(Arc::clone(&shared));
        let app = move || {
            App::new()
                .app_data(data.clone())
                .route("/.well-known/openid-configuration", web::get().to(metadata))
                .route("/jwks", web::get().to(keys))
                .route("/token", web::post().to(token))
        };
        let server = HttpServer::new(app).workers(1).disable_signals().listen(listener).unwrap().run();
        let handle = server.handle();
        #[expect(clippy::disallowed_methods, reason = "a server beside the test")]
        tokio::spawn(server);
        Self { origin, shared, server: handle }
    }

    pub(super) fn is(&self, mood: Mood) {
        self.shared.state.lock().unwrap().mood = mood;
    }

    /// How often it gave new tokens.
    pub(super) fn refreshed(&self) -> usize {
        self.shared.state.lock().unwrap().refreshed
    }

    /// The claims of a logout token that is right in everything.
    pub(super) fn logout_claims(&self, now: i64, jti: &str) -> Value {
        json!({
            "iss": self.origin, "aud": CLIENT_ID, "iat": now, "exp": now + 120, "jti": jti,
            "events": { "http://schemas.openid.net/event/backchannel-logout": {} },
        })
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        drop(self.server.stop(false));
    }
}

/// Signed with the provider's key.
pub(super) fn logout_token(claims: &Value) -> String {
    let mut header = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::ES256);
    header.typ = Some("logout+jwt".to_owned());
    header.kid = Some("signer".to_owned());
    sign(&header, claims)
}

async fn metadata(shared: web::Data<Shared>) -> HttpResponse {
    let at = |path: &str| format!("{}{path}", shared.origin);
    HttpResponse::Ok().json(json!({
        "issuer": shared.origin,
        "authorization_endpoint": at("/authorize"),
        "token_endpoint": at("/token"),
        "jwks_uri": at("/jwks"),
        "end_session_endpoint": at("/logout"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
    }))
}

async fn keys() -> HttpResponse {
    let key = json!({
        "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": "signer",
        "x": "Jt6aFmXr1ZfLq1VsBjiwQwznQYhTkQ9XuV7D_fqenWI", "y": "NBfi6iGb7wYTzz73Vd4yC-db--nNDpYhxPohWIV2xfE",
    });
    HttpResponse::Ok().json(json!({ "keys": [key] }))
}

async fn token(shared: web::Data<Shared>, form: web::Form<std::collections::BTreeMap<String, String>>) -> HttpResponse {
    let mut state = shared.state.lock().unwrap();
    let known =
        form.get("grant_type").is_some_and(|kind| kind == "refresh_token") && form.get("refresh_token") == Some(&state.refresh_token);
    match state.mood {
        Mood::Broken => HttpResponse::BadGateway().body("no"),
        Mood::Rotates if known => {
            state.refreshed += 1;
            state.refresh_token = format!("upstream-refresh-canary-{}", state.refreshed);
            HttpResponse::Ok().json(json!({
                "access_token": format!("upstream-access-canary-{}", state.refreshed), "token_type": "Bearer", "expires_in": 3600,
                "refresh_token": state.refresh_token, "scope": "mail.read",
            }))
        }
        Mood::Gone | Mood::Rotates => HttpResponse::BadRequest().json(json!({ "error": "invalid_grant" })),
    }
}
