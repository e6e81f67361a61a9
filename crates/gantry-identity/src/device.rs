//! Known devices: a browser that has signed in to an account before is not locked out of it by
//! strangers (attack catalogue BRU-03).
//!
//! The proof is a cookie of one tag for each such account, made for this browser alone. It opens
//! nothing: it only says whose failures a try is counted with. Never holds an address.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gantry_core::id::{RealmId, UserId};
use gantry_core::secret::{Digest, constant_time_eq};

/// The most accounts that a browser is known for; the one unused for longest is forgotten.
const MAX_ACCOUNTS: usize = 5;

/// Makes and recognises the tags.
#[derive(Clone)]
pub(crate) struct DeviceKey(hmac::Key);

impl std::fmt::Debug for DeviceKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DeviceKey")
    }
}

impl DeviceKey {
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key))
    }

    /// The tag of an account in a browser.
    pub(crate) fn tag(&self, realm: RealmId, user: UserId, browser: Digest) -> String {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(realm.uuid().as_bytes());
        context.update(user.uuid().as_bytes());
        context.update(browser.as_bytes());
        let tag = context.sign();
        URL_SAFE_NO_PAD.encode(tag.as_ref().get(..18).unwrap_or_default())
    }
}

/// Whether the cookie of a browser holds a tag.
pub(crate) fn holds(cookie: Option<&str>, tag: &str) -> bool {
    tags(cookie).any(|known| constant_time_eq(known.as_bytes(), tag.as_bytes()))
}

/// The cookie with a tag in first place.
pub(crate) fn remember(cookie: Option<&str>, tag: &str) -> String {
    let others = tags(cookie).filter(|known| *known != tag);
    std::iter::once(tag).chain(others).take(MAX_ACCOUNTS).collect::<Vec<_>>().join(".")
}

fn tags(cookie: Option<&str>) -> impl Iterator<Item = &str> {
    let well_formed = |tag: &&str| tag.len() == 24 && tag.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    cookie.unwrap_or_default().split('.').filter(well_formed).take(MAX_ACCOUNTS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_holds_for_one_account_in_one_browser_of_one_realm() {
        let key = DeviceKey::new(&[7; 32]);
        let (realm, user, browser) = (RealmId::new(), UserId::new(), Digest::of(b"browser"));
        let tag = key.tag(realm, user, browser);
        let cookie = remember(None, &tag);
        assert!(holds(Some(&cookie), &tag));
        assert!(!holds(None, &tag));
        assert!(!holds(Some(&cookie), &key.tag(realm, UserId::new(), browser)));
        assert!(!holds(Some(&cookie), &key.tag(RealmId::new(), user, browser)));
        assert!(!holds(Some(&cookie), &key.tag(realm, user, Digest::of(b"another"))));
    }

    #[test]
    fn the_cookie_stays_small_whatever_it_was() {
        let key = DeviceKey::new(&[7; 32]);
        let mut cookie = "junk.<script>.é".to_owned();
        let mut last = String::new();
        for _ in 0..9 {
            last = key.tag(RealmId::new(), UserId::new(), Digest::of(b"browser"));
            cookie = remember(Some(&cookie), &last);
        }
        assert_eq!(cookie.split('.').count(), MAX_ACCOUNTS);
        assert!(cookie.starts_with(&last) && !cookie.contains("junk"));
    }
}
