//! The app as an OAuth client: asking, redeeming, refreshing, revoking.
//!
//! Owns what goes over the wire and the checks of what comes back (RFC 6749 §4.1, RFC 7636,
//! RFC 9207, OpenID Connect Core §3.1.3.7). Knows the platform by its issuer alone.

use std::time::Duration;

use gantry_core::clock::{SharedClock, Timestamp};
use gantry_core::parameters::Parameters;
use gantry_core::secret::{Secret, constant_time_eq};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::Url;

use super::session::{Attempt, Connection, Person, Tokens};
use super::trouble::Trouble;
use crate::issuer::{Issuer, Silent, read};
use crate::realm::SampleClient;
use crate::signed::{UNTYPED, verify};

/// An ID token need not say what it is.
const ID_TOKEN_TYPES: [&str; 2] = [UNTYPED, "JWT"];
/// Lifetime of a token whose answer does not say (RFC 6749 §5.1 recommends that it does).
const UNTOLD_LIFETIME: u32 = 300;

/// The app's registration at a platform.
#[derive(Debug, Clone)]
pub(crate) struct OAuthClient {
    issuer: Issuer,
    registration: SampleClient,
    redirect_uri: String,
    clock: SharedClock,
}

/// RFC 6749 §5.1.
#[derive(Deserialize)]
struct TokenAnswer {
    access_token: Secret,
    token_type: String,
    expires_in: Option<u32>,
    refresh_token: Option<Secret>,
    scope: Option<String>,
    id_token: Option<Secret>,
}

/// RFC 6749 §5.2.
#[derive(Deserialize)]
struct ErrorAnswer {
    error: String,
    error_description: Option<String>,
}

#[derive(Clone, Deserialize)]
struct IdToken {
    sub: String,
    nonce: Option<String>,
}

#[derive(Deserialize)]
struct Userinfo {
    sub: String,
    name: Option<String>,
    email: Option<String>,
}

impl OAuthClient {
    pub(crate) fn new(issuer: Issuer, registration: SampleClient, redirect_uri: String, clock: SharedClock) -> Self {
        Self { issuer, registration, redirect_uri, clock }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(super) fn issuer(&self) -> &str {
        self.issuer.url()
    }

    /// Where the browser goes with a question.
    pub(super) async fn question(&self, attempt: &Attempt) -> Result<Url, Trouble> {
        let metadata = self.issuer.metadata().await?;
        let challenge = attempt.verifier.digest().to_text();
        let parameters = [
            ("response_type", "code"),
            ("client_id", &self.registration.client_id),
            ("redirect_uri", &self.redirect_uri),
            ("scope", self.registration.scope),
            ("state", attempt.state.expose()),
            ("nonce", attempt.nonce.expose()),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        let unusable = Trouble::Distrusted("The platform names an address that is none.");
        Url::parse_with_params(&metadata.authorization_endpoint, parameters).or(Err(unusable))
    }

    /// Turns an answer to a question into a connection.
    pub(super) async fn redeem(&self, attempt: &Attempt, answer: &Parameters) -> Result<Connection, Trouble> {
        // RFC 9207 §2.4: an answer of another issuer is no answer, whatever it says.
        if answer.get("iss").is_some_and(|iss| iss != self.issuer.url()) {
            return Err(Trouble::Distrusted("The answer comes from another issuer."));
        }
        if let Some(code) = answer.get("error") {
            return Err(Trouble::Refused { code: code.to_owned(), description: answer.get("error_description").map(str::to_owned) });
        }
        let code = answer.get("code").ok_or(Trouble::Distrusted("The answer has neither a code nor an error."))?;
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &self.redirect_uri),
            ("code_verifier", attempt.verifier.expose()),
        ];
        let answer: TokenAnswer = self.ask_for_tokens(&form).await?;
        let subject = self.check_id_token(attempt, answer.id_token.as_ref()).await?;
        let tokens = self.tokens(answer, None)?;
        Ok(Connection { person: self.person(&tokens, subject).await?, tokens })
    }

    /// Newer tokens.
    pub(super) async fn refresh(&self, tokens: &Tokens) -> Result<Tokens, Trouble> {
        let none = Trouble::Refused { code: "invalid_grant".to_owned(), description: Some("There is no refresh token.".to_owned()) };
        let refresh = tokens.refresh.as_ref().ok_or(none)?;
        let answer: TokenAnswer = self.ask_for_tokens(&[("grant_type", "refresh_token"), ("refresh_token", refresh.expose())]).await?;
        self.tokens(answer, Some(tokens))
    }

    /// Gives the access back: revoking the refresh token ends everything under it (RFC 7009 §2.1).
    pub(super) async fn revoke(&self, tokens: &Tokens) -> Result<(), Trouble> {
        let metadata = self.issuer.metadata().await?;
        let token = tokens.refresh.as_ref().unwrap_or(&tokens.access);
        let sent = self.authenticated(&metadata.revocation_endpoint).form(&[("token", token.expose())]).send().await;
        let status = sent.map_err(Silent::Network)?.status();
        if status.is_success() { Ok(()) } else { Err(Silent::Status(status.as_u16()).into()) }
    }

    /// Asks an API in the person's name; `None` if it does not take the token.
    pub(super) async fn call<T: DeserializeOwned>(&self, url: &str, tokens: &Tokens) -> Result<Option<T>, Silent> {
        match read(self.issuer.http().get(url).bearer_auth(tokens.access.expose())).await {
            Ok(answer) => Ok(Some(answer)),
            Err(Silent::Status(401)) => Ok(None),
            Err(silent) => Err(silent),
        }
    }

    async fn ask_for_tokens(&self, form: &[(&str, &str)]) -> Result<TokenAnswer, Trouble> {
        let metadata = self.issuer.metadata().await?;
        let response = self.authenticated(&metadata.token_endpoint).form(form).send().await.map_err(Silent::Network)?;
        if response.status().is_success() {
            return response.json().await.map_err(|error| Silent::Unreadable(error).into());
        }
        let status = response.status().as_u16();
        let answer: ErrorAnswer = response.json().await.or(Err(Silent::Status(status)))?;
        Err(Trouble::Refused { code: answer.error, description: answer.error_description })
    }

    /// A request that proves who asks, by `client_secret_basic`.
    fn authenticated(&self, url: &str) -> reqwest::RequestBuilder {
        // RFC 6749 §2.3.1: both are form-encoded before they are joined.
        let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let (id, secret) = (encoded(&self.registration.client_id), encoded(self.registration.secret.expose()));
        self.issuer.http().post(url).basic_auth(id, Some(secret))
    }

    /// Who signed in; the token must answer this very question.
    async fn check_id_token(&self, attempt: &Attempt, token: Option<&Secret>) -> Result<String, Trouble> {
        let token = token.ok_or(Trouble::Distrusted("The platform sent no ID token."))?;
        let claims: IdToken = verify(&self.issuer, token.expose(), &ID_TOKEN_TYPES, &self.registration.client_id).await?;
        let same = claims.nonce.is_some_and(|nonce| constant_time_eq(nonce.as_bytes(), attempt.nonce.expose().as_bytes()));
        if same { Ok(claims.sub) } else { Err(Trouble::Distrusted("The ID token answers another question.")) }
    }

    async fn person(&self, tokens: &Tokens, subject: String) -> Result<Person, Trouble> {
        let metadata = self.issuer.metadata().await?;
        let told: Option<Userinfo> = self.call(&metadata.userinfo_endpoint, tokens).await?;
        // OpenID Connect Core §5.3.2: claims of somebody else are worth nothing.
        let told = told.filter(|told| told.sub == subject).ok_or(Trouble::Distrusted("The platform tells of somebody else."))?;
        Ok(Person { subject, name: told.name, email: told.email })
    }

    /// What is not in a new answer stays as it was (RFC 6749 §6).
    fn tokens(&self, answer: TokenAnswer, before: Option<&Tokens>) -> Result<Tokens, Trouble> {
        if !answer.token_type.eq_ignore_ascii_case("bearer") {
            return Err(Trouble::Distrusted("The platform sent a kind of token that nobody asked for."));
        }
        let issued_at = self.clock.now();
        let lifetime = Duration::from_secs(u64::from(answer.expires_in.unwrap_or(UNTOLD_LIFETIME)));
        let asked = before.map_or(self.registration.scope, |before| before.scope.as_str());
        Ok(Tokens {
            access: answer.access_token,
            refresh: answer.refresh_token.or_else(|| before.and_then(|before| before.refresh.clone())),
            scope: answer.scope.unwrap_or_else(|| asked.to_owned()),
            issued_at,
            expires_at: issued_at.plus(lifetime),
        })
    }
}
