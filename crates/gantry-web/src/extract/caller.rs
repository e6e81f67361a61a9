//! Who calls, as the endpoints that people come to see it: realm, browser, session, origin.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use gantry_core::audit::Origin;
use gantry_core::failure::Failure;
use gantry_oauth::visit::Visit;

use super::{Browser, CurrentSession, RealmContext, origin_of};
use crate::respond::PageFailure;

/// One request of a browser.
#[derive(Debug)]
pub struct Caller {
    realm: RealmContext,
    issuer: String,
    browser: Browser,
    current: CurrentSession,
    origin: Origin,
}

impl Caller {
    /// Reads what a request says of its browser.
    pub async fn of(request: &HttpRequest) -> Result<Self, Failure> {
        let realm = RealmContext::of(request).await?;
        Ok(Self {
            issuer: realm.address.issuer(),
            realm,
            browser: Browser::of(request).await?,
            current: CurrentSession::of(request).await?,
            origin: origin_of(request),
        })
    }

    /// What the endpoints take.
    pub fn visit(&self) -> Visit<'_> {
        Visit {
            realm: &self.realm.snapshot,
            issuer: &self.issuer,
            browser: self.browser.digest(),
            signed_in: self.current.signed_in().map(|signed_in| (&signed_in.session, &signed_in.user)),
            origin: &self.origin,
        }
    }
}

impl FromRequest for Caller {
    type Error = PageFailure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, PageFailure>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Self::of(&request).await.map_err(PageFailure::from) })
    }
}
