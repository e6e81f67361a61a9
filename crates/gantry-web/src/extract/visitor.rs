//! Who acts, as the identity rules see it: the browser with its cookies, and where it is.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use gantry_core::audit::Origin;
use gantry_core::failure::Failure;
use gantry_core::secret::{Secret, SecretKind};
use gantry_identity::Visit;

use super::{Browser, RealmContext, origin_of};
use crate::cookies;
use crate::respond::PageFailure;

/// The browser that a person acts from.
#[derive(Debug)]
pub struct Visitor {
    origin: Origin,
    browser: Browser,
    session: Option<Secret>,
    devices: Option<String>,
}

impl Visitor {
    /// Reads what a request says of its browser.
    pub async fn of(request: &HttpRequest) -> Result<Self, Failure> {
        let realm = RealmContext::of(request).await?;
        Ok(Self {
            origin: origin_of(request),
            browser: Browser::of(request).await?,
            session: cookies::read(request, &cookies::session_name(realm.realm()), SecretKind::Session),
            devices: cookies::read_text(request, &cookies::devices_name(realm.realm())),
        })
    }

    /// What the identity rules take.
    pub fn visit(&self) -> Visit<'_> {
        Visit { origin: &self.origin, browser: self.browser.digest(), session: self.session.as_ref(), devices: self.devices.as_deref() }
    }

    /// Where the request came from.
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The browser itself.
    pub const fn browser(&self) -> &Browser {
        &self.browser
    }
}

impl FromRequest for Visitor {
    type Error = PageFailure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, PageFailure>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Self::of(&request).await.map_err(PageFailure::from) })
    }
}
