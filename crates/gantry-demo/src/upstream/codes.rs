//! What the providers remember between two requests: codes, used once, and access tokens.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gantry_core::secret::random_bytes;

use super::pages::Failure;
use super::people::Account;

/// The most of either that are remembered; the oldest names go first.
const MOST: usize = 10_000;

/// What somebody agreed to.
#[derive(Debug, Clone)]
pub(super) struct Agreed {
    pub(super) account: &'static Account,
    pub(super) client_id: String,
    pub(super) redirect_uri: String,
    pub(super) challenge: Option<String>,
    pub(super) nonce: Option<String>,
    pub(super) scope: String,
    pub(super) failure: Failure,
    pub(super) at: i64,
}

#[derive(Debug, Default)]
pub(super) struct Codes {
    codes: Mutex<BTreeMap<String, Agreed>>,
    tokens: Mutex<BTreeMap<String, Agreed>>,
}

impl Codes {
    /// A code for what somebody agreed to.
    pub(super) fn issue(&self, agreed: Agreed) -> String {
        keep(&self.codes, agreed)
    }

    /// What a code stands for; it is used up by that.
    pub(super) fn take(&self, code: &str) -> Option<Agreed> {
        self.codes.lock().unwrap_or_else(PoisonError::into_inner).remove(code)
    }

    /// An access token.
    pub(super) fn token(&self, agreed: Agreed) -> String {
        keep(&self.tokens, agreed)
    }

    /// What an access token stands for.
    pub(super) fn bearer(&self, token: &str) -> Option<Agreed> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner).get(token).cloned()
    }
}

fn keep(place: &Mutex<BTreeMap<String, Agreed>>, agreed: Agreed) -> String {
    let name = URL_SAFE_NO_PAD.encode(random_bytes::<32>());
    let mut kept = place.lock().unwrap_or_else(PoisonError::into_inner);
    if kept.len() >= MOST {
        kept.pop_first();
    }
    kept.insert(name.clone(), agreed);
    name
}
