//! Who is signed in, judged anew for each request.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use gantry_core::failure::{Failure, Fault};
use gantry_core::secret::SecretKind;
use gantry_core::session::Session;
use gantry_core::user::User;
use gantry_identity::Identity;

use super::RealmContext;
use crate::cookies;
use crate::respond::PageFailure;

/// A live session and its person.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The session.
    pub session: Session,
    /// The person.
    pub user: User,
}

/// The live session of the browser, if there is one.
#[derive(Debug, Clone)]
pub struct CurrentSession(pub Option<SignedIn>);

impl CurrentSession {
    /// Finds the session of a request; the same answer all through it.
    pub async fn of(request: &HttpRequest) -> Result<Self, Failure> {
        if let Some(known) = request.extensions().get::<Self>() {
            return Ok(known.clone());
        }
        let realm = RealmContext::of(request).await?;
        let identity = request.app_data::<web::Data<Identity>>().ok_or_else(|| Fault::new("the identity rules are not wired"))?;
        let found = match cookies::read(request, &cookies::session_name(realm.realm()), SecretKind::Session) {
            Some(cookie) => identity.find_live(realm.realm(), &cookie).await?,
            None => None,
        };
        let current = Self(found.map(|(session, user)| SignedIn { session, user }));
        request.extensions_mut().insert(current.clone());
        Ok(current)
    }

    /// The session with its person.
    pub const fn signed_in(&self) -> Option<&SignedIn> {
        self.0.as_ref()
    }
}

impl FromRequest for CurrentSession {
    type Error = PageFailure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, PageFailure>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Self::of(&request).await.map_err(PageFailure::from) })
    }
}
