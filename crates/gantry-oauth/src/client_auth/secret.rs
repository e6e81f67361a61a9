//! The check of a client's secret, however it was sent.

use gantry_core::client::ClientSecret;
use gantry_core::clock::Timestamp;
use gantry_core::secret::Secret;

use crate::clients::is_live;

/// The live secret that was presented. One SHA-256, compared in constant time: secrets have the
/// entropy for it (architecture §14.14), and at most two are live.
pub(super) fn check<'s>(secrets: &'s [ClientSecret], presented: &Secret, now: Timestamp) -> Option<&'s ClientSecret> {
    let digest = presented.digest();
    secrets.iter().filter(|secret| is_live(secret, now)).find(|secret| secret.digest == digest)
}
