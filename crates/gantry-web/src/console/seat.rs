//! Who is signed in to the console: the cookie, and what stands behind it now.
//!
//! The cookie says nothing by itself: it names a session of the person's own realm, sealed, and each request asks
//! anew whether that session lives, whose it is and what they administer (attack catalogue SES-09, SES-14, TEN-15).

use std::sync::Arc;

use actix_web::cookie::Cookie;
use actix_web::{HttpMessage as _, HttpRequest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gantry_core::failure::{Failure, Fault};
use gantry_core::id::{RealmId, SessionId};
use gantry_core::secret::Digest;
use gantry_core::session::Session;
use gantry_core::user::User;
use gantry_identity::Identity;
use gantry_identity::roles::{self, Administers};
use gantry_store::Store;
use gantry_store::seal::{SealContext, Sealer};
use gantry_store::snapshot::RealmSnapshot;
use serde::{Deserialize, Serialize};

use crate::cookies;
use crate::csrf::Csrf;
use crate::respond::data;

/// The cookie's name.
const COOKIE: &str = "__Host-gantry-console";
const SEALED: SealContext<'_> = SealContext { purpose: "console.session", realm: "", row: "" };

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    realm: RealmId,
    session: SessionId,
}

/// A person in the console.
#[derive(Debug)]
pub(crate) struct Seat {
    /// The realm that the person belongs to.
    pub(crate) home: Arc<RealmSnapshot>,
    /// Their session there.
    pub(crate) session: Session,
    /// The person.
    pub(crate) user: User,
    /// What they administer.
    pub(crate) administers: Administers,
}

/// What a request was found to be, remembered all through it.
#[derive(Clone)]
struct Found(Option<Arc<Seat>>);

impl Seat {
    /// Who sends a request, if they are signed in to the console.
    pub(crate) async fn of(request: &HttpRequest) -> Result<Option<Arc<Self>>, Failure> {
        if let Some(Found(seat)) = request.extensions().get::<Found>() {
            return Ok(seat.clone());
        }
        let seat = Self::find(request).await?.map(Arc::new);
        request.extensions_mut().insert(Found(seat.clone()));
        Ok(seat)
    }

    async fn find(request: &HttpRequest) -> Result<Option<Self>, Failure> {
        let store = data::<Store>(request)?;
        let Some(named) = cookies::read_text(request, COOKIE).and_then(|value| open(store.sealer(), &value)) else { return Ok(None) };
        let home = store.snapshots().realm(named.realm).await?.filter(|home| home.realm.disabled_at.is_none());
        let Some(home) = home else { return Ok(None) };
        let found = data::<Identity>(request)?.find_live_session(&home.realm, named.session).await?;
        let Some((session, user)) = found else { return Ok(None) };
        let administers = roles::administers(&store.read(home.realm.id), &home.realm, &user, session.connection_id).await?;
        Ok(Some(Self { home, session, user, administers }))
    }

    /// The token of the forms that are shown to this person.
    pub(crate) fn csrf(&self, csrf: &Csrf) -> String {
        csrf.token(self.home.realm.id, forms(), Some(self.session.id))
    }

    /// Whether a form was shown to this person in this session.
    pub(crate) fn holds(&self, csrf: &Csrf, token: &str) -> bool {
        csrf.holds(token, self.home.realm.id, forms(), Some(self.session.id))
    }
}

/// In the place where tokens of a realm's pages name the browser, so that those of one are none of the other.
fn forms() -> Digest {
    Digest::of(b"the console's forms")
}

fn open(sealer: &Sealer, value: &str) -> Option<Named> {
    let plain = sealer.open(SEALED, &URL_SAFE_NO_PAD.decode(value).ok()?)?;
    serde_json::from_slice(&plain).ok()
}

/// The cookie that names a session.
pub(crate) fn cookie(sealer: &Sealer, realm: RealmId, session: SessionId) -> Result<Cookie<'static>, Fault> {
    let plain = serde_json::to_vec(&Named { realm, session }).map_err(|error| Fault::caused("the cookie cannot be written", error))?;
    Ok(cookies::of_console(COOKIE, URL_SAFE_NO_PAD.encode(sealer.seal(SEALED, &plain)?)))
}

/// Takes the cookie away.
pub(crate) fn without() -> Cookie<'static> {
    cookies::gone(COOKIE)
}
