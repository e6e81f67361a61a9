//! An installation: what a tenant decided about an app.

use crate::clock::Timestamp;
use crate::id::{ClientId, RealmId, TenantId};

/// What a tenant decided about an app, or left to its people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installation {
    /// Its realm.
    pub realm_id: RealmId,
    /// The tenant.
    pub tenant_id: TenantId,
    /// The app.
    pub client_id: ClientId,
    /// What was decided.
    pub standing: InstallationStanding,
    /// What the app was granted for the tenant before this is dead: the last removal, until the app
    /// came back, or the last block.
    pub not_before: Option<Timestamp>,
    /// When the app was first heard of there.
    pub created_at: Timestamp,
    /// When the standing last changed.
    pub updated_at: Timestamp,
}

crate::closed_set::closed_set! {
    /// How an app stands with a tenant.
    InstallationStanding {
        /// In use since a member's consent, where the tenant's policy lets members decide.
        Installed = "installed",
        /// Approved by an admin of the tenant.
        Approved = "approved",
        /// Blocked by an admin of the tenant.
        Blocked = "blocked",
        /// Taken out. Where the policy allows, a new consent installs it again.
        Removed = "removed",
    }
}

impl InstallationStanding {
    /// Whether the app is in use there, so that it may act for the tenant by itself.
    pub const fn is_installed(self) -> bool {
        matches!(self, Self::Installed | Self::Approved)
    }
}

impl Installation {
    /// The same app with another standing. Taking it out or blocking it ends what was granted; what
    /// was on its way at that moment, and read the clock a little later, does not come back either.
    #[must_use]
    pub fn moved(self, standing: InstallationStanding, now: Timestamp) -> Self {
        let ends = self.standing.is_installed() && !standing.is_installed();
        let returns = self.standing == InstallationStanding::Removed && standing.is_installed();
        let not_before = if ends {
            Some(now)
        } else if returns {
            self.not_before.max(Some(now.before_second()))
        } else {
            self.not_before
        };
        Self { standing, not_before, updated_at: now, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tenant::AppPolicy;
    use std::time::Duration;

    #[test]
    fn the_table_of_policies_and_standings() {
        use InstallationStanding::{Approved, Blocked, Installed, Removed};
        let allowed = |policy: AppPolicy| {
            [None, Some(Installed), Some(Approved), Some(Blocked), Some(Removed)].map(|standing| policy.allows(standing))
        };
        assert_eq!(allowed(AppPolicy::All), [true, true, true, true, true]);
        assert_eq!(allowed(AppPolicy::Approved), [false, false, true, false, false]);
        assert_eq!(allowed(AppPolicy::BlockList), [true, true, true, false, true]);
    }

    #[test]
    fn an_end_is_remembered_when_the_app_comes_back() {
        let (start, end) = (Timestamp::from_seconds(0), Timestamp::from_seconds(60));
        let installation = Installation {
            realm_id: RealmId::new(),
            tenant_id: TenantId::new(),
            client_id: ClientId::new(),
            standing: InstallationStanding::Installed,
            not_before: None,
            created_at: start,
            updated_at: start,
        };
        assert_eq!(installation.clone().moved(InstallationStanding::Approved, end).not_before, None);
        let back =
            installation.moved(InstallationStanding::Removed, end).moved(InstallationStanding::Approved, end.plus(Duration::from_mins(1)));
        assert_eq!(back.not_before, Some(Timestamp::from_millis(119_999)));
    }
}
