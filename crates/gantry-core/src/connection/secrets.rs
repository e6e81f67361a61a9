//! What Gantry proves itself to a provider with.

use crate::secret::Secret;

/// What Gantry proves itself to a provider with. Sealed at rest; void once the address that it is sent to
/// changes (attack catalogue §0.17).
#[derive(Debug, Clone, Default)]
pub struct ConnectionSecrets {
    /// The client secret.
    pub client_secret: Option<Secret>,
    /// A private key as PEM (PKCS#8): for `private_key_jwt`, for Apple's client secret.
    pub private_key: Option<Secret>,
    /// The certificate of that key as PEM, where the provider knows the key by it, as Entra ID does. Public,
    /// but it belongs to the key.
    pub certificate: Option<String>,
}

impl ConnectionSecrets {
    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.client_secret.is_none() && self.private_key.is_none() && self.certificate.is_none()
    }
}
