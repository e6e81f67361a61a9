//! Sample providers: look-alikes of Entra ID, Google and GitHub, with people who do not exist.
//!
//! Owns their people, their pages and what they say on the wire. They check what the real ones check of an app (id,
//! redirect URI, secret, PKCE), keep nothing when they stop, and fail on command. Nobody may rely on them for more
//! than a demo: whoever opens the page is whom they choose to be.

mod app;
mod codes;
mod entra;
mod github;
mod google;
mod keys;
mod pages;
mod people;
mod respond;
#[cfg(test)]
mod tests;
mod token;

use actix_web::web::{Data, ServiceConfig, get, post};
use gantry_core::clock::SharedClock;
use gantry_core::failure::Fault;

pub(crate) use app::RegisteredApp;
pub use people::{Account, Provider, accounts};

use codes::Codes;
use keys::SigningKey;

/// The providers. Built once.
#[derive(Debug)]
pub(crate) struct Upstream {
    /// Where they are.
    origin: String,
    /// Who may send people here.
    apps: Vec<RegisteredApp>,
    clock: SharedClock,
    codes: Codes,
    /// For work and school accounts, and for Google.
    work_key: SigningKey,
    /// For personal accounts at Microsoft, and for nothing else.
    personal_key: SigningKey,
}

impl Upstream {
    pub(crate) fn new(origin: String, apps: Vec<RegisteredApp>, clock: SharedClock) -> Result<Self, Fault> {
        let (work_key, personal_key) = (SigningKey::generate("work")?, SigningKey::generate("personal")?);
        Ok(Self { origin, apps, clock, codes: Codes::default(), work_key, personal_key })
    }

    fn now(&self) -> i64 {
        self.clock.now().seconds()
    }
}

/// Their addresses.
pub(crate) fn configure(config: &mut ServiceConfig, upstream: Data<Upstream>) {
    config
        .app_data(upstream)
        .route("/", get().to(pages::home))
        .route("/upstream.css", get().to(respond::style))
        .route("/google/.well-known/openid-configuration", get().to(google::metadata))
        .route("/google/authorize", get().to(google::authorize))
        .route("/google/authorize", post().to(google::chosen))
        .route("/google/token", post().to(google::token))
        .route("/google/keys", get().to(google::keys))
        .route("/github/login/oauth/authorize", get().to(github::authorize))
        .route("/github/login/oauth/authorize", post().to(github::chosen))
        .route("/github/login/oauth/access_token", post().to(github::token))
        .route("/github/user", get().to(github::user))
        .route("/github/user/emails", get().to(github::emails))
        .route("/v1.0/me/getMemberObjects", post().to(entra::member_objects))
        .route("/{audience}/v2.0/.well-known/openid-configuration", get().to(entra::metadata))
        .route("/{audience}/oauth2/v2.0/authorize", get().to(entra::authorize))
        .route("/{audience}/oauth2/v2.0/authorize", post().to(entra::chosen))
        .route("/{audience}/oauth2/v2.0/token", post().to(entra::token))
        .route("/{audience}/oauth2/v2.0/logout", get().to(entra::logout))
        .route("/{audience}/discovery/v2.0/keys", get().to(entra::keys));
}
