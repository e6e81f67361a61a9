//! The one place that mounts areas and layers.
//!
//! A realm's addresses are mounted twice: below `/realms/{realm}` for realms on the public URL,
//! and at the root for the default realm and for realms with a host of their own. The endpoints of
//! the profile `keycloak` are below `/realms/{realm}` and `/auth/realms/{realm}` on every host.

use std::sync::Arc;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, Error, HttpRequest, HttpResponse, web};
use gantry_connect::dns::TxtRecords;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Refusal;
use gantry_identity::Identity;
use gantry_identity::attempts::UpstreamSignIn;
use gantry_oauth::authorize::AuthorizeEndpoint;
use gantry_oauth::discovery::Documents;
use gantry_oauth::forward_auth::ForwardAuthEndpoint;
use gantry_oauth::introspection::IntrospectionEndpoint;
use gantry_oauth::logout::back_channel::BackChannelLogout;
use gantry_oauth::logout::rp_initiated::LogoutEndpoint;
use gantry_oauth::logout::upstream::UpstreamLogout;
use gantry_oauth::par::PushEndpoint;
use gantry_oauth::personal_tokens::PersonalTokens;
use gantry_oauth::revocation::RevocationEndpoint;
use gantry_oauth::token::console_test::ClientTests;
use gantry_oauth::token::endpoint::TokenEndpoint;
use gantry_oauth::upstream_token::UpstreamTokenEndpoint;
use gantry_oauth::userinfo::UserinfoEndpoint;
use gantry_store::Store;
use gantry_views::Views;
use gantry_views::page::welcome::Welcome;

use crate::csrf::Csrf;
use crate::extract::RealmContext;
use crate::health::RenderMetrics;
use crate::respond::{PageAnswer, PageFailure};
use crate::settings::WebSettings;
use crate::{
    account, api, connections, console, explanation, flow, health, middleware, oauth, operator, paths, sign_in, static_files, traces,
    upstream,
};

/// The largest body of a request (attack catalogue §0.9).
const MAX_BODY: usize = 64 * 1024;

/// Everything that handlers ask, built once by the `gantry` crate. Cheap to clone.
#[derive(Clone)]
pub struct Endpoints {
    /// Settings of the HTTP side.
    pub settings: web::Data<WebSettings>,
    /// The store, for realms and clients.
    pub store: web::Data<Store>,
    /// Pages.
    pub views: web::Data<Views>,
    /// Form tokens.
    pub csrf: web::Data<Csrf>,
    /// Who a person is.
    pub identity: web::Data<Identity>,
    /// Sign-ins with other people's servers.
    pub upstream: web::Data<UpstreamSignIn>,
    /// Who is asked for the records that prove domains.
    pub dns: web::Data<Arc<dyn TxtRecords>>,
    /// Authorization requests.
    pub authorize: web::Data<AuthorizeEndpoint>,
    /// Sign-out at a client's request.
    pub logout: web::Data<LogoutEndpoint>,
    /// Sign-out at the provider as well.
    pub upstream_logout: web::Data<UpstreamLogout>,
    /// Sign-out at a provider's request.
    pub back_channel: web::Data<BackChannelLogout>,
    /// Requests that apps push.
    pub push: web::Data<PushEndpoint>,
    /// Token requests.
    pub token: web::Data<TokenEndpoint>,
    /// What an API asks about a token.
    pub introspection: web::Data<IntrospectionEndpoint>,
    /// What a gateway asks about a request.
    pub forward_auth: web::Data<ForwardAuthEndpoint>,
    /// Admins' tests of clients.
    pub client_tests: web::Data<ClientTests>,
    /// People's own tokens.
    pub personal_tokens: web::Data<PersonalTokens>,
    /// Tokens given back.
    pub revocation: web::Data<RevocationEndpoint>,
    /// What a token says of a person.
    pub userinfo: web::Data<UserinfoEndpoint>,
    /// Providers' own tokens.
    pub upstream_tokens: web::Data<UpstreamTokenEndpoint>,
    /// Metadata and keys.
    pub documents: web::Data<Documents>,
}

impl std::fmt::Debug for Endpoints {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Endpoints").finish_non_exhaustive()
    }
}

/// The application of the public listener.
pub fn app(
    endpoints: &Endpoints,
) -> App<
    impl ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse<impl MessageBody + use<>>, Error = Error, InitError = ()>
    + use<>,
> {
    App::new()
        .app_data(endpoints.settings.clone())
        .app_data(endpoints.store.clone())
        .app_data(endpoints.views.clone())
        .app_data(endpoints.csrf.clone())
        .app_data(endpoints.identity.clone())
        .app_data(endpoints.upstream.clone())
        .app_data(endpoints.authorize.clone())
        .app_data(endpoints.logout.clone())
        .app_data(endpoints.upstream_logout.clone())
        .app_data(endpoints.back_channel.clone())
        .app_data(endpoints.upstream_tokens.clone())
        .app_data(endpoints.push.clone())
        .app_data(endpoints.token.clone())
        .app_data(endpoints.introspection.clone())
        .app_data(endpoints.forward_auth.clone())
        .app_data(endpoints.client_tests.clone())
        .app_data(endpoints.personal_tokens.clone())
        .app_data(endpoints.revocation.clone())
        .app_data(endpoints.userinfo.clone())
        .app_data(endpoints.dns.clone())
        .app_data(endpoints.documents.clone())
        .app_data(web::PayloadConfig::new(MAX_BODY))
        .wrap(from_fn(middleware::edge))
        .service(web::scope("/static").wrap(Compress::default()).route("/{path:.*}", web::get().to(static_files::file)))
        .configure(console::mount)
        .configure(api::routes)
        // Looked through in order: fixed paths cost a comparison, patterns cost a match.
        .configure(realm_routes)
        .service(web::scope(paths::REALM_PREFIX).configure(oauth::keycloak_routes).configure(realm_routes))
        .service(web::scope(paths::AUTH_REALM_PREFIX).configure(oauth::keycloak_routes).configure(oauth::metadata_routes))
        .service(oauth::metadata(paths::OAUTH_METADATA_INSERTED))
        .service(oauth::metadata(paths::OAUTH_METADATA_INSERTED_AUTH))
        .default_service(web::to(nothing_here))
}

/// Everything below a realm's base.
fn realm_routes(cfg: &mut web::ServiceConfig) {
    oauth::routes(cfg);
    oauth::metadata_routes(cfg);
    cfg.route(paths::WELCOME, web::get().to(welcome)).route(paths::BRANDING_CSS, web::get().to(static_files::branding));
    flow::routes(cfg);
    sign_in::routes(cfg);
    connections::routes(cfg);
    account::routes(cfg);
    operator::routes(cfg);
    traces::routes(cfg);
    upstream::routes(cfg);
    cfg.service(web::resource(paths::EXPLANATION).route(web::get().to(explanation::show)));
}

/// The routes of the management listener.
pub fn configure_management(cfg: &mut web::ServiceConfig, store: web::Data<Store>, metrics: web::Data<RenderMetrics>) {
    cfg.app_data(store)
        .app_data(metrics)
        .route(paths::HEALTH_LIVE, web::get().to(health::live))
        .route(paths::HEALTH_READY, web::get().to(health::ready))
        .route(paths::METRICS, web::get().to(health::metrics));
}

async fn welcome(request: HttpRequest, realm: RealmContext) -> Result<HttpResponse, PageFailure> {
    let discovery = realm.address.below_issuer(paths::OPENID_CONFIGURATION);
    let page = Welcome { issuer: realm.address.issuer(), discovery, account: realm.path(paths::ACCOUNT) };
    PageAnswer::to(&request).render(&page).await
}

async fn nothing_here() -> Result<HttpResponse, PageFailure> {
    Err(Refusal::new(ErrorCode::NotFound, "there is nothing at this address").into())
}
