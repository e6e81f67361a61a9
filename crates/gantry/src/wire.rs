//! Builds everything that requests and jobs ask, once.
//!
//! The only place that knows all parts. Decides nothing; where there is a choice, a setting made it.

use std::sync::Arc;
use std::thread::available_parallelism;

use actix_web::web::Data;
use gantry_connect::connector::Connectors;
use gantry_connect::dns::{Dns, TxtRecords};
use gantry_connect::jwks::RemoteJwks;
use gantry_connect::outbound::{Outbound, Reach};
use gantry_core::address::PublicUrl;
use gantry_core::clock::SharedClock;
use gantry_core::failure::Fault;
use gantry_identity::Identity;
use gantry_identity::attempts::UpstreamSignIn;
use gantry_identity::password::Passwords;
use gantry_oauth::authorize::endpoint::AuthorizeEndpoint;
use gantry_oauth::client_auth::ClientAuthenticator;
use gantry_oauth::credential::Credentials;
use gantry_oauth::discovery::Documents;
use gantry_oauth::forward_auth::ForwardAuthEndpoint;
use gantry_oauth::introspection::IntrospectionEndpoint;
use gantry_oauth::keys::KeyRing;
use gantry_oauth::logout::back_channel::BackChannelLogout;
use gantry_oauth::logout::rp_initiated::LogoutEndpoint;
use gantry_oauth::logout::upstream::UpstreamLogout;
use gantry_oauth::par::PushEndpoint;
use gantry_oauth::personal_tokens::PersonalTokens;
use gantry_oauth::revocation::RevocationEndpoint;
use gantry_oauth::token::access_token::AccessTokens;
use gantry_oauth::token::console_test::ClientTests;
use gantry_oauth::token::endpoint::TokenEndpoint;
use gantry_oauth::upstream_token::UpstreamTokenEndpoint;
use gantry_oauth::userinfo::UserinfoEndpoint;
use gantry_store::Store;
use gantry_store::audit_sink::{AuditQueue, AuditSink};
use gantry_views::Views;
use gantry_web::csrf::Csrf;
use gantry_web::{Endpoints, PATH_FAMILIES, WebSettings};

use crate::config::Settings;
use crate::jobs::{Checker, DomainChecker, PostOffice};
use crate::mail::{Composer, MailTransport};

/// Callers that may wait for a hash, for each core: about a second and a half.
const WAITING_PER_CORE: usize = 64;
/// Lines of the audit trail that may wait to be written.
const AUDIT_QUEUE: usize = 10_000;

/// What the server runs on.
#[derive(Debug)]
pub(crate) struct Parts {
    /// For requests.
    pub(crate) endpoints: Endpoints,
    /// For the job that sends mail.
    pub(crate) post: PostOffice,
    /// For the job that asks providers about sessions.
    pub(crate) checker: Checker,
    /// For the job that looks for the proofs of domains.
    pub(crate) domains: DomainChecker,
    /// For the job that writes the audit trail.
    pub(crate) audit: AuditQueue,
}

/// The rules about people, with a pool for hashing of their own.
pub(crate) fn identity(store: &Store, clock: &SharedClock) -> Identity {
    let cores = available_parallelism().map_or(1, usize::from);
    Identity::new(store.clone(), Passwords::new(cores, cores * WAITING_PER_CORE), Arc::clone(clock))
}

/// How far this deployment reaches.
pub(crate) const fn reach(settings: &Settings) -> Reach {
    if settings.reach_loopback { Reach::LoopbackToo } else { Reach::Public }
}

/// The DNS as the settings say, for the server and for commands.
pub(crate) fn dns(settings: &Settings) -> Arc<dyn TxtRecords> {
    Arc::new(Dns::new(settings.dns.servers.clone()))
}

/// Builds all parts.
pub(crate) fn wire(
    settings: &Settings,
    public_url: &PublicUrl,
    store: &Store,
    clock: &SharedClock,
    identity: Identity,
) -> Result<Parts, Fault> {
    let (audit, queue) = AuditSink::bounded(AUDIT_QUEUE);
    let views = Arc::new(Views::new()?);
    let composer = Arc::new(Composer::new(public_url.clone(), settings.mail.from.as_ref())?);
    let transport = MailTransport::new(&settings.mail.transport, &settings.storage.data_dir)?;
    let post = PostOffice { store: store.clone(), views: Arc::clone(&views), composer, transport, clock: Arc::clone(clock) };
    let web = WebSettings { public_url: public_url.clone(), trusted_proxies: settings.server.trusted_proxies.clone() };
    let outbound = Outbound::new(reach(settings));
    let connectors = Connectors::new(outbound.clone(), Arc::clone(clock));
    let checker =
        Checker { store: store.clone(), connectors: connectors.clone(), public_url: public_url.clone(), clock: Arc::clone(clock) };
    let dns = dns(settings);
    let domains = DomainChecker { store: store.clone(), dns: Arc::clone(&dns), clock: Arc::clone(clock) };
    let endpoints = endpoints(web, outbound, &views, &Under { store, clock, audit, identity, connectors, dns });
    Ok(Parts { endpoints, post, checker, domains, audit: queue })
}

/// What every endpoint stands on.
struct Under<'u> {
    store: &'u Store,
    clock: &'u SharedClock,
    audit: AuditSink,
    identity: Identity,
    connectors: Connectors,
    dns: Arc<dyn TxtRecords>,
}

fn endpoints(web: WebSettings, outbound: Outbound, views: &Arc<Views>, under: &Under<'_>) -> Endpoints {
    let (store, clock, audit) = (|| under.store.clone(), || Arc::clone(under.clock), || under.audit.clone());
    let (identity, connectors) = (|| under.identity.clone(), || under.connectors.clone());
    let keys = KeyRing::default();
    let jwks = RemoteJwks::new(outbound);
    let clients = ClientAuthenticator::new(store(), jwks, audit(), clock(), PATH_FAMILIES);
    let tokens = AccessTokens::new(store(), keys.clone());
    let credentials = Credentials::new(store(), tokens.clone(), audit());
    Endpoints {
        settings: Data::new(web),
        store: Data::new(store()),
        csrf: Data::new(Csrf::new(&under.store.sealer().derive("web.csrf"))),
        identity: Data::new(identity()),
        dns: Data::new(Arc::clone(&under.dns)),
        upstream: Data::new(UpstreamSignIn::new(store(), identity(), connectors(), clock())),
        authorize: Data::new(AuthorizeEndpoint { store: store(), keys: keys.clone(), audit: audit(), clock: clock() }),
        logout: Data::new(LogoutEndpoint { store: store(), identity: identity(), keys: keys.clone(), clock: clock() }),
        upstream_logout: Data::new(UpstreamLogout::new(store(), connectors(), clock())),
        back_channel: Data::new(BackChannelLogout::new(store(), connectors(), clock())),
        push: Data::new(PushEndpoint::new(store(), keys.clone(), clients.clone(), clock())),
        token: Data::new(TokenEndpoint::new(store(), keys.clone(), clients.clone(), audit(), clock())),
        introspection: Data::new(IntrospectionEndpoint::new(store(), credentials.clone(), clients.clone(), clock())),
        forward_auth: Data::new(ForwardAuthEndpoint::new(credentials.clone(), clock())),
        client_tests: Data::new(ClientTests::new(store(), keys.clone(), clock(), PATH_FAMILIES)),
        personal_tokens: Data::new(PersonalTokens::new(store(), clock())),
        upstream_tokens: Data::new(UpstreamTokenEndpoint::new(store(), tokens.clone(), connectors(), clock())),
        revocation: Data::new(RevocationEndpoint::new(store(), tokens, clients, clock())),
        userinfo: Data::new(UserinfoEndpoint::new(credentials, clock())),
        documents: Data::new(Documents::new(keys, clock(), PATH_FAMILIES, views.locales().to_vec())),
        views: Data::from(Arc::clone(views)),
    }
}
