//! Records on the wire: the entry of a realm file, and beside it what only a record has.

use gantry_core::clock::Timestamp;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Fault, Refusal};
use gantry_core::secret::Secret;
use gantry_realm_file::SecretText;
use schemars::JsonSchema;
use serde::Serialize;

use super::reply::tag;

/// A record.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Stored{T}")]
pub(super) struct Stored<T> {
    /// Its id. Never changes and is never used again.
    pub(super) id: String,
    /// When it was made.
    pub(super) created_at: String,
    /// What is decided about it, in the words of a realm file.
    #[serde(flatten)]
    pub(super) entry: T,
}

impl<T> Stored<T> {
    pub(super) fn new(id: &impl ToString, created_at: Timestamp, entry: T) -> Self {
        Self { id: id.to_string(), created_at: created_at.to_rfc3339(), entry }
    }
}

/// The name of a record's version, as `ETag` and `If-Match` have it.
pub(crate) fn version(id: &impl ToString, created_at: Timestamp, entry: &impl Serialize) -> Result<String, Fault> {
    tag(&Stored::new(id, created_at, entry))
}

/// A secret that was sent. References to variables and files are for realm files alone: a program that calls the
/// API must not read the server's.
pub(super) fn sent(field: &str, text: &SecretText) -> Result<Secret, Failure> {
    let refused = |problem: String| Refusal::new(ErrorCode::InvalidRequest, "The body does not fit this operation").field(field, problem);
    Ok(text.resolve(&|_| Err("references are for realm files alone".to_owned())).map_err(refused)?)
}

/// An instant that was sent.
pub(super) fn instant(field: &str, text: &str) -> Result<Timestamp, Failure> {
    let problem = "must be an instant such as `2027-01-31` or `2027-01-31T12:00:00Z`";
    Ok(Timestamp::parse_rfc3339(text)
        .ok_or_else(|| Refusal::new(ErrorCode::InvalidRequest, "The body does not fit this operation").field(field, problem))?)
}

/// Refuses a patch that would change what has an address of its own, or what never changes.
pub(super) fn refuse_change(field: &str, changed: bool, problem: &str) -> Result<(), Failure> {
    if changed {
        return Err(Refusal::new(ErrorCode::InvalidRequest, "The record cannot be changed so").field(field, problem).into());
    }
    Ok(())
}
