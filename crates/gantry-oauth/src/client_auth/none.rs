//! `none`: a public client, which only names itself (RFC 6749 §3.2.1).

use gantry_core::failure::Refusal;
use gantry_core::parameters::Parameters;

use super::{Presented, Proof, refused};

/// Reads the name.
pub(super) fn read(parameters: &Parameters) -> Result<Presented, Refusal> {
    let client_id = parameters.get("client_id").ok_or_else(|| refused("the request names no client"))?;
    Ok(Presented { client_id: client_id.to_owned(), proof: Proof::None })
}
