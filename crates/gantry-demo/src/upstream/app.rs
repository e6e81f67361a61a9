//! Apps that are registered at the sample providers: the connections of the sample realms.

use gantry_core::secret::{Secret, constant_time_eq};

/// A registration.
#[derive(Debug, Clone)]
pub(crate) struct RegisteredApp {
    pub(crate) client_id: String,
    pub(crate) secret: Secret,
    /// Where answers may go: an exact string.
    pub(crate) redirect_uri: String,
}

impl RegisteredApp {
    pub(super) fn has_secret(&self, secret: &str) -> bool {
        constant_time_eq(self.secret.expose().as_bytes(), secret.as_bytes())
    }
}
