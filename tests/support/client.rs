//! An app that is registered in the realm, and what it asks of the endpoints for programs.

use gantry_oauth::endpoint_paths::EndpointPaths;
use reqwest::header;

use super::{Answer, Authorization, Gantry};

/// How an app proves itself.
#[derive(Debug, Clone)]
pub enum ClientAuth {
    /// Id and secret in the header.
    Basic(String),
    /// Id and secret in the body.
    Post(String),
    /// The id alone.
    Public,
    /// Whatever the test adds to the body by itself.
    ByHand,
}

/// An app.
#[derive(Clone)]
pub struct App<'g> {
    /// The Gantry it is registered with.
    pub gantry: &'g Gantry,
    /// What the paths of its endpoints are below: the base of its realm, or its issuer.
    pub base: String,
    /// The paths that it knows.
    pub paths: &'static EndpointPaths,
    /// The node that requests go to, if not to the base itself.
    pub via: Option<String>,
    /// Its name on the wire.
    pub client_id: String,
    /// Its redirect URI.
    pub redirect_uri: String,
    /// Its proof.
    pub auth: ClientAuth,
}

impl<'g> App<'g> {
    /// A new authorization request with a state, a nonce and a PKCE pair of its own.
    pub fn authorize(&self) -> Authorization<'g> {
        Authorization::new(self.clone())
    }

    /// The same app with another proof.
    pub fn with_auth(mut self, auth: ClientAuth) -> Self {
        self.auth = auth;
        self
    }

    /// The same app in another realm, or in another shape of its own.
    pub fn at(mut self, base: &str, paths: &'static EndpointPaths) -> Self {
        base.clone_into(&mut self.base);
        self.paths = paths;
        self
    }

    /// Posts to an endpoint below the realm's base with the app's proof.
    pub async fn post(&self, path: &str, parameters: &[(&str, &str)]) -> Answer {
        self.try_post(path, parameters).await.expect("an answer")
    }

    /// The same, where the server may be killed before it answers.
    pub async fn try_post(&self, path: &str, parameters: &[(&str, &str)]) -> Option<Answer> {
        let mut body: Vec<(&str, &str)> = parameters.to_vec();
        let mut request = match &self.via {
            None => self.gantry.http.post(format!("{}{path}", self.base)),
            Some(node) => self.gantry.http.post(format!("{node}{path}")).header(header::HOST, self.base.trim_start_matches("http://")),
        };
        match &self.auth {
            ClientAuth::Basic(secret) => request = request.basic_auth(form_encoded(&self.client_id), Some(form_encoded(secret))),
            ClientAuth::Post(secret) => body.extend([("client_id", self.client_id.as_str()), ("client_secret", secret)]),
            ClientAuth::Public => body.push(("client_id", &self.client_id)),
            ClientAuth::ByHand => {}
        }
        let encoded = form_urlencoded::Serializer::new(String::new()).extend_pairs(body).finish();
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(encoded);
        Answer::try_of(request.send().await.ok()?).await
    }

    /// Asks the token endpoint.
    pub async fn token(&self, parameters: &[(&str, &str)]) -> Answer {
        self.post(self.paths.token, parameters).await
    }

    /// Refreshes.
    pub async fn refresh(&self, refresh_token: &str) -> Answer {
        self.token(&[("grant_type", "refresh_token"), ("refresh_token", refresh_token)]).await
    }

    /// Asks for a token of its own.
    pub async fn client_credentials(&self, scope: &str) -> Answer {
        self.token(&[("grant_type", "client_credentials"), ("scope", scope)]).await
    }

    /// Introspects.
    pub async fn introspect(&self, token: &str) -> Answer {
        self.post(self.paths.introspection, &[("token", token)]).await
    }

    /// Whether introspection calls a token active.
    pub async fn is_active(&self, token: &str) -> bool {
        self.introspect(token).await.ok().json()["active"].as_bool().unwrap()
    }

    /// Revokes.
    pub async fn revoke(&self, token: &str) -> Answer {
        self.post(self.paths.revocation, &[("token", token)]).await
    }
}

/// RFC 6749 §2.3.1 encodes id and secret before they go into the header.
fn form_encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
