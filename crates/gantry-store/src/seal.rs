//! Seals secrets at rest: AES-256-GCM-SIV under a key derived from the master key, bound to where the value lives.
//!
//! A value sealed for one realm, table, column and row opens nowhere else (attack catalogue §0.12).

use gantry_core::failure::Fault;
use gantry_core::secret::Secret;

/// Where a sealed value lives; part of what is authenticated.
#[derive(Debug, Clone, Copy)]
pub struct SealContext<'c> {
    /// What it is: `signing_key.private`, `authorize.form` …
    pub purpose: &'c str,
    /// The realm, as text of its id.
    pub realm: &'c str,
    /// The row, or whatever else it is bound to.
    pub row: &'c str,
}

/// Seals and opens.
#[derive(Clone)]
pub struct Sealer {}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealer")
    }
}

impl Sealer {
    /// From the master key: 32 bytes as base64 (any alphabet, padding or not).
    pub fn from_master_key(key: &Secret) -> Result<Self, Fault> {
        crate::unfinished()
    }

    /// A fresh master key, in the form that `from_master_key` reads.
    pub fn generate_master_key() -> Secret {
        crate::unfinished()
    }

    /// Seals bytes: version, key id, nonce, ciphertext.
    pub fn seal(&self, context: SealContext<'_>, plain: &[u8]) -> Result<Vec<u8>, Fault> {
        crate::unfinished()
    }

    /// Opens what was sealed in the same context; `None` for anything else.
    pub fn open(&self, context: SealContext<'_>, sealed: &[u8]) -> Option<Vec<u8>> {
        crate::unfinished()
    }

    /// A key of its own for a purpose (HKDF), for MACs such as the CSRF token's.
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        crate::unfinished()
    }
}
