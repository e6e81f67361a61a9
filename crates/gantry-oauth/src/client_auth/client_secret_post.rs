//! `client_secret_post`: id and secret in the form (RFC 6749 §2.3.1).

use gantry_core::failure::Refusal;
use gantry_core::parameters::Parameters;

use super::{Presented, Proof, refused};

/// Whether the form has a secret. An empty one counts as none (RFC 6749 §3.1).
pub(super) fn is_presented(parameters: &Parameters) -> bool {
    parameters.get("client_secret").is_some()
}

/// Reads both.
pub(super) fn read(parameters: &Parameters) -> Result<Presented, Refusal> {
    let missing = || refused("`client_secret` was sent without `client_id`");
    let client_id = parameters.get("client_id").ok_or_else(missing)?.to_owned();
    let secret = parameters.secret("client_secret").ok_or_else(missing)?;
    Ok(Presented { client_id, proof: Proof::Post(secret) })
}
