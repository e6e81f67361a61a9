//! One more server of this process on the database of another, for what has to hold over several nodes and needs the loopback's reach.

use std::sync::Arc;

use super::Gantry;
use super::gantry::settings_of;

/// One more server on the database of a [`Gantry`].
pub struct SecondNode(gantry::Running);

impl SecondNode {
    /// Where it listens.
    pub fn address(&self) -> String {
        self.0.public_addr.to_string()
    }

    /// Stops it.
    pub async fn stop(self) {
        self.0.stop().await;
    }
}

impl Gantry {
    /// One more server under the same public URL. The database must be one for several.
    pub async fn second_node(&self) -> SecondNode {
        let settings = settings_of(&self.database, &[("GANTRY_PUBLIC_URL", self.base.as_str())]);
        SecondNode(gantry::start(&settings, Arc::clone(&self.clock) as _).await.expect("the second node starts"))
    }
}
