//! Who arrives, as the authorization side sees it: the realm, the browser, the session.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use gantry_core::audit::Origin;
use gantry_core::failure::Failure;
use gantry_core::secret::Digest;
use gantry_oauth::visit::Visit;

use super::{Browser, CurrentSession, RealmContext, SignedIn, origin_of};
use crate::paths;
use crate::respond::PageFailure;

/// A person's browser at one of the realm's addresses.
#[derive(Debug)]
pub struct Arrival {
    /// The realm.
    pub realm: RealmContext,
    issuer: String,
    explanations: String,
    browser: Digest,
    session: CurrentSession,
    origin: Origin,
}

impl Arrival {
    /// Reads what a request says of who sends it.
    pub async fn of(request: &HttpRequest) -> Result<Self, Failure> {
        let realm = RealmContext::of(request).await?;
        Ok(Self {
            issuer: realm.address.issuer(),
            explanations: realm.url(paths::EXPLANATIONS),
            browser: Browser::of(request).await?.digest(),
            session: CurrentSession::of(request).await?,
            origin: origin_of(request),
            realm,
        })
    }

    /// What the authorization side takes.
    pub fn visit(&self) -> Visit<'_> {
        Visit {
            realm: &self.realm.snapshot,
            issuer: &self.issuer,
            explanations: &self.explanations,
            browser: self.browser,
            signed_in: self.signed_in().map(|signed_in| (&signed_in.session, &signed_in.user)),
            origin: &self.origin,
        }
    }

    /// The session with its person.
    pub const fn signed_in(&self) -> Option<&SignedIn> {
        self.session.signed_in()
    }
}

impl FromRequest for Arrival {
    type Error = PageFailure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, PageFailure>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Self::of(&request).await.map_err(PageFailure::from) })
    }
}
