//! Translates HTTP into questions and answers into HTTP.
//!
//! Handlers are short scripts: read, ask, answer. No rule, no query and no wording lives here.

pub mod admin;
pub mod app;
pub mod cookies;
pub mod csrf;
mod explanation;
pub mod extract;
mod health;
mod middleware;
pub mod paths;
pub mod respond;
pub mod settings;

mod account;
pub mod api;
mod connections;
mod console;
mod flow;
mod oauth;
mod operator;
mod sign_in;
mod static_files;
mod traces;
mod upstream;

pub use app::{Endpoints, app, configure_management};
pub use health::RenderMetrics;
pub use oauth::PATH_FAMILIES;
pub use settings::WebSettings;
