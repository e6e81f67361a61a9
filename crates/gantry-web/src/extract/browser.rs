//! The browser that flows are bound to: a random cookie, made when it is missing.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use gantry_core::failure::Failure;
use gantry_core::secret::{Digest, Secret, SecretKind};

use super::RealmContext;
use crate::cookies;
use crate::respond::PageFailure;

/// The browser. If it was made just now, the page that is answered sets its cookie.
#[derive(Debug, Clone)]
pub struct Browser {
    value: Secret,
    fresh: bool,
}

impl Browser {
    /// Reads the cookie, or makes a new browser; the same one all through a request.
    pub async fn of(request: &HttpRequest) -> Result<Self, Failure> {
        if let Some(known) = request.extensions().get::<Self>() {
            return Ok(known.clone());
        }
        let realm = RealmContext::of(request).await?;
        let known = cookies::read(request, &cookies::browser_name(realm.realm()), SecretKind::Browser);
        let fresh = known.is_none();
        let browser = Self { value: known.unwrap_or_else(|| SecretKind::Browser.generate()), fresh };
        request.extensions_mut().insert(browser.clone());
        Ok(browser)
    }

    /// What rows are bound to.
    pub fn digest(&self) -> Digest {
        self.value.digest()
    }

    /// The value, if its cookie has yet to be set.
    pub fn to_set(&self) -> Option<&Secret> {
        self.fresh.then_some(&self.value)
    }
}

impl FromRequest for Browser {
    type Error = PageFailure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, PageFailure>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Self::of(&request).await.map_err(PageFailure::from) })
    }
}
