//! Which realm a request is for: named by the path below the public URL, or by the host.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use gantry_core::address::RealmAddress;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::id::RealmId;
use gantry_core::realm::{DEFAULT_REALM, PathProfile, Realm};
use gantry_core::reason::Reason;
use gantry_store::Store;
use gantry_store::snapshot::RealmSnapshot;

use crate::paths;
use crate::respond::PageFailure;
use crate::settings::WebSettings;

/// What a route of a realm is below. One that says nothing is below the base.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Below {
    /// The base.
    #[default]
    Base,
    /// The issuer, or with the issuer's path at its end: metadata.
    Issuer,
    /// `/realms/{realm}`, with or without `/auth`, whatever the issuer is: the profile `keycloak`.
    Keycloak,
}

impl Below {
    fn suits(self, realm: &Realm) -> bool {
        self != Self::Keycloak || realm.settings.endpoints.profile == PathProfile::Keycloak
    }
}

/// The realm of a request, with where it lives.
#[derive(Debug, Clone)]
pub struct RealmContext {
    /// The realm and what belongs to it.
    pub snapshot: Arc<RealmSnapshot>,
    /// Its base and issuer, from configuration alone.
    pub address: RealmAddress,
}

impl RealmContext {
    /// The realm's record.
    pub fn realm(&self) -> &Realm {
        &self.snapshot.realm
    }

    /// The realm's key.
    pub fn id(&self) -> RealmId {
        self.snapshot.realm.id
    }

    /// The absolute URL of a path below the base.
    pub fn url(&self, path: &str) -> String {
        self.address.url(path)
    }

    /// The path of a page below the base, for links and redirects that stay here.
    pub fn path(&self, path: &str) -> String {
        format!("{}{path}", self.address.path())
    }

    /// The page that explains a reason.
    pub fn explanation(&self, reason: Reason) -> String {
        format!("{}{reason}", self.url(paths::EXPLANATIONS))
    }

    /// Finds the realm of a request. A mapped host serves its realm at the root and no other; only
    /// what is below an issuer may name the realm there once more.
    pub async fn of(request: &HttpRequest) -> Result<Self, Failure> {
        if let Some(known) = request.extensions().get::<Self>() {
            return Ok(known.clone());
        }
        let (Some(store), Some(settings)) = (request.app_data::<web::Data<Store>>(), request.app_data::<web::Data<WebSettings>>()) else {
            return Err(gantry_core::failure::Fault::new("the store is not wired").into());
        };
        let host = host_of(request).ok_or_else(misdirected)?;
        let on_public_host = authority(settings.public_url.as_str()).eq_ignore_ascii_case(&host);
        let below = request.app_data::<Below>().copied().unwrap_or_default();
        let snapshot = match request.match_info().get("realm") {
            Some(slug) if on_public_host => store.snapshots().realm_by_slug(slug).await?,
            Some(slug) if below != Below::Base => by_host(store, &host).await?.filter(|found| found.realm.slug == slug),
            Some(_) => None,
            None if on_public_host => store.snapshots().realm_by_slug(DEFAULT_REALM).await?,
            None => Some(by_host(store, &host).await?.ok_or_else(misdirected)?),
        };
        let serves = |snapshot: &Arc<RealmSnapshot>| snapshot.realm.disabled_at.is_none() && below.suits(&snapshot.realm);
        let snapshot = snapshot.filter(serves).ok_or_else(unknown_realm)?;
        let address = settings.public_url.address_of(&snapshot.realm);
        // A realm with a host of its own is served there alone: one issuer, one set of cookies.
        if on_public_host && !snapshot.realm.hosts.is_empty() {
            return Err(unknown_realm().into());
        }
        let context = Self { snapshot, address };
        request.extensions_mut().insert(context.clone());
        Ok(context)
    }
}

async fn by_host(store: &Store, host: &str) -> Result<Option<Arc<RealmSnapshot>>, Failure> {
    let host = host.to_ascii_lowercase();
    for scheme in ["https", "http"] {
        if let Some(found) = store.snapshots().realm_by_host(&format!("{scheme}://{host}")).await? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// The one `Host` of a request; none if it is missing, repeated or contradicts an absolute target.
pub(crate) fn host_of(request: &HttpRequest) -> Option<String> {
    let mut hosts = request.headers().get_all("host");
    let named = hosts.next().map(|value| value.to_str().map(str::to_owned));
    if hosts.next().is_some() {
        return None;
    }
    match (request.uri().authority().map(ToString::to_string), named) {
        (target, Some(Ok(host))) => target.is_none_or(|target| target == host).then_some(host),
        (Some(target), None) => Some(target),
        _ => None,
    }
}

pub(crate) fn authority(origin: &str) -> &str {
    origin.split_once("://").map_or(origin, |(_, authority)| authority)
}

fn misdirected() -> Refusal {
    Refusal::new(ErrorCode::MisdirectedRequest, "this server does not answer for the host that was asked for")
}

pub(crate) fn unknown_realm() -> Refusal {
    Refusal::new(ErrorCode::NotFound, "there is nothing at this address")
}

impl FromRequest for RealmContext {
    type Error = PageFailure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, PageFailure>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Self::of(&request).await.map_err(PageFailure::from) })
    }
}
