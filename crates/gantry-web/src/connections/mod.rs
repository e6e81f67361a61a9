//! Signing in with somebody else's server: the way out, the way back, and what happens when it fails.
//!
//! GET shows, POST acts; only the callback of a provider acts as a GET, once, in the browser that was sent there.
//! Never decides where somebody signs in or whose account it is.

mod back;
mod callback;
mod failure;
mod prove;
mod start;

use actix_web::{HttpRequest, web};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_identity::attempts::UpstreamSignIn;
use gantry_identity::routing::Way;
use gantry_identity::sign_in::upstream::Notice;
use gantry_views::page::provider::{Mark, Provider};

use crate::extract::RealmContext;
use crate::paths;
use crate::respond::locale_of;

pub(crate) use prove::path as prove_path;
pub(crate) use start::{Trip, count, depart, depart_counted};

/// Mounts this area.
pub(crate) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(paths::CONNECTION_START).route(web::post().to(start::create)))
        .service(web::resource(paths::CONNECTION_CALLBACK).route(web::get().to(callback::show)).route(web::post().to(callback::create)))
        .service(web::resource(paths::SIGN_IN_BACK).route(web::post().to(back::create)));
    prove::routes(cfg);
}

/// The path of a connection's own address: `slug` is one of ours.
pub(crate) fn path_of(realm: &RealmContext, path: &str, slug: &str) -> String {
    realm.path(&path.replace("{slug}", slug))
}

/// The button of a connection.
pub(crate) fn button(realm: &RealmContext, way: &Way) -> Provider {
    Provider::new(&way.name, path_of(realm, paths::CONNECTION_START, &way.slug)).marked(mark(way.kind))
}

/// The picture of a kind, where we have one of our own.
pub(crate) const fn mark(kind: ConnectorKind) -> Option<Mark> {
    match kind {
        ConnectorKind::Github => Some(Mark::GitBranch),
        ConnectorKind::Gitlab => Some(Mark::GitMerge),
        ConnectorKind::Linkedin => Some(Mark::Briefcase),
        ConnectorKind::Slack => Some(Mark::Hash),
        ConnectorKind::Discord => Some(Mark::MessageCircle),
        ConnectorKind::Oidc | ConnectorKind::Oauth2 => Some(Mark::Company),
        ConnectorKind::Password | ConnectorKind::Microsoft | ConnectorKind::Google | ConnectorKind::Apple | ConnectorKind::Facebook => None,
    }
}

/// The connection that the address names.
async fn named(
    request: &HttpRequest,
    realm: &RealmContext,
    upstream: &UpstreamSignIn,
) -> Result<gantry_core::connection::Connection, Failure> {
    let slug = request.match_info().get("slug").unwrap_or_default();
    let found = upstream.find(realm.id(), slug).await?;
    Ok(found.ok_or_else(|| Refusal::new(ErrorCode::NotFound, "there is nothing at this address"))?)
}

/// What mails about a new way to sign in say.
struct Letter {
    locale: String,
    account: String,
}

impl Letter {
    fn to(request: &HttpRequest, realm: &RealmContext) -> Result<Self, Failure> {
        Ok(Self { locale: locale_of(request, realm, None)?.to_owned(), account: realm.url(paths::ACCOUNT) })
    }

    fn notice(&self) -> Notice<'_> {
        Notice { locale: &self.locale, account: &self.account }
    }
}
