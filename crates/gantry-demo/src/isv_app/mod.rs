//! The sample app of a partner: a plain OAuth client of four platforms, each by its own guide.
//!
//! Owns its pages and its sessions. Never looks into the servers that it speaks to, and lets no
//! token reach a browser but for its first characters: its own server calls the APIs.

mod callback;
mod client;
mod exchange;
mod handlers;
pub(crate) mod html;
mod pages;
mod platform;
mod respond;
mod session;
mod tries;
mod trouble;

use actix_web::web::{Data, ServiceConfig, get, post};
use gantry_core::clock::{SharedClock, Timestamp};

pub(crate) use platform::Platform;
pub(crate) use respond::under_own_name;
pub(crate) use session::Sessions;

/// Whom a newcomer may sign in as: said on the first page, because this is a demo.
#[derive(Debug, Clone)]
pub(crate) struct Hint {
    pub(crate) email: String,
    pub(crate) password: String,
}

/// The app. Built once.
#[derive(Debug)]
pub(crate) struct IsvApp {
    /// Its own origin.
    pub(crate) origin: String,
    /// The platforms that it connects to.
    pub(crate) platforms: Vec<Platform>,
    /// How it speaks to them.
    pub(crate) http: reqwest::Client,
    /// A sign-in for newcomers.
    pub(crate) hint: Option<Hint>,
    /// What tells the time.
    pub(crate) clock: SharedClock,
    /// Who is connected to what.
    pub(crate) sessions: Sessions,
}

impl IsvApp {
    fn platform(&self, word: &str) -> Option<&Platform> {
        self.platforms.iter().find(|platform| platform.guide.word == word)
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// Its addresses.
pub(crate) fn configure(config: &mut ServiceConfig, app: Data<IsvApp>) {
    config
        .app_data(app)
        .route("/", get().to(handlers::home))
        .route("/perigee.css", get().to(respond::style))
        .route("/perigee.svg", get().to(respond::icon))
        .route("/connect/{platform}", get().to(handlers::connect))
        .route("/auth/{platform}/callback", get().to(callback::callback))
        .route("/{platform}", get().to(handlers::platform))
        .route("/{platform}/again", get().to(handlers::again))
        .route("/{platform}/refresh", post().to(handlers::refresh))
        .route("/{platform}/forget", post().to(handlers::forget))
        .route("/{platform}/machine", post().to(tries::machine))
        .route("/{platform}/app-key", post().to(tries::app_key))
        .route("/{platform}/developer-token", post().to(tries::developer_token))
        .default_service(actix_web::web::to(handlers::nothing));
}
