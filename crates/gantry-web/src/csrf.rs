//! The token that ties a form to the browser, and to the session, that it was shown to.
//!
//! A second wall behind same-site cookies and the origin check (attack catalogue WEB-01, CON-02, SES-03).

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gantry_core::id::{RealmId, SessionId};
use gantry_core::secret::{Digest, constant_time_eq};

/// Makes and checks form tokens.
#[derive(Clone)]
pub struct Csrf {
    key: hmac::Key,
}

impl std::fmt::Debug for Csrf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Csrf")
    }
}

impl Csrf {
    /// With the key derived for this purpose.
    pub fn new(key: &[u8; 32]) -> Self {
        Self { key: hmac::Key::new(hmac::HMAC_SHA256, key) }
    }

    /// The token for forms shown to this browser, in this session or in none.
    pub fn token(&self, realm: RealmId, browser: Digest, session: Option<SessionId>) -> String {
        let mut context = hmac::Context::with_key(&self.key);
        context.update(realm.uuid().as_bytes());
        context.update(browser.as_bytes());
        if let Some(session) = session {
            context.update(session.uuid().as_bytes());
        }
        URL_SAFE_NO_PAD.encode(context.sign())
    }

    /// Whether the token was made for exactly these.
    pub fn holds(&self, token: &str, realm: RealmId, browser: Digest, session: Option<SessionId>) -> bool {
        constant_time_eq(token.as_bytes(), self.token(realm, browser, session).as_bytes())
    }
}
