//! `client_secret_basic`: id and secret in the `Authorization` header (RFC 6749 §2.3.1).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gantry_core::failure::Refusal;
use gantry_core::secret::Secret;
use percent_encoding::percent_decode_str;

use super::{Presented, Proof, refused};

/// Takes the header apart. Both parts are form-encoded before they are joined, so that a `:` may
/// be in either; a client that forgets it differs only in characters that our secrets do not have.
pub(super) fn read(header: &[u8]) -> Result<Presented, Refusal> {
    let malformed = || refused("the Authorization header is not well-formed Basic credentials");
    let header = std::str::from_utf8(header).ok().ok_or_else(malformed)?;
    let (scheme, credentials) = header.split_once(' ').ok_or_else(malformed)?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(malformed());
    }
    let decoded = STANDARD.decode(credentials.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(malformed)?;
    let (id, secret) = decoded.split_once(':').ok_or_else(malformed)?;
    let client_id = form_decode(id).ok_or_else(malformed)?;
    let secret = form_decode(secret).ok_or_else(malformed)?;
    Ok(Presented { client_id, proof: Proof::Basic(Secret::new(secret)) })
}

fn form_decode(text: &str) -> Option<String> {
    percent_decode_str(&text.replace('+', " ")).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}
