//! The sample app of a partner: a plain OAuth client that asks a person for access to an API.
//!
//! Owns its pages and its sessions. Never looks into the server that it speaks to, and lets no
//! token reach a browser: its own server calls the API.

mod client;
mod handlers;
mod html;
mod pages;
mod session;
mod trouble;

use actix_web::web::{Data, ServiceConfig, get, post};

pub(crate) use client::OAuthClient;
pub(crate) use handlers::under_own_name;
use session::Sessions;

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
    /// The name of the platform that it connects to.
    pub(crate) platform: String,
    /// How it speaks to the platform.
    pub(crate) client: OAuthClient,
    /// Where the platform's API is.
    pub(crate) api: String,
    /// A sign-in for newcomers.
    pub(crate) hint: Option<Hint>,
    sessions: Sessions,
}

impl IsvApp {
    pub(crate) fn new(origin: String, platform: String, client: OAuthClient, api: String, hint: Option<Hint>) -> Self {
        Self { origin, platform, client, api, hint, sessions: Sessions::default() }
    }
}

/// Its addresses.
pub(crate) fn configure(config: &mut ServiceConfig, app: Data<IsvApp>) {
    config
        .app_data(app)
        .route("/", get().to(handlers::home))
        .route("/connect", get().to(handlers::connect))
        .route("/callback", get().to(handlers::callback))
        .route("/board", get().to(handlers::board))
        .route("/refresh", post().to(handlers::refresh))
        .route("/disconnect", post().to(handlers::disconnect))
        .route("/perigee.css", get().to(handlers::style))
        .route("/perigee.svg", get().to(handlers::icon))
        .default_service(actix_web::web::to(handlers::nothing));
}
