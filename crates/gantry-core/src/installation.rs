//! An installation: what a tenant decided about an app.

use crate::clock::Timestamp;
use crate::id::{ClientId, RealmId, TenantId};
use crate::tenant::Tenant;

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
    /// What the app was granted for the tenant before this is dead: the last removal, block or return.
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
    /// What a tenant that has not heard of the app decides.
    pub fn new(tenant: &Tenant, client: ClientId, standing: InstallationStanding, now: Timestamp) -> Self {
        // Members may have used the app before without a word of the tenant's: the platform's own apps, for instance.
        let not_before = (!standing.is_installed()).then_some(now);
        Self { realm_id: tenant.realm_id, tenant_id: tenant.id, client_id: client, standing, not_before, created_at: now, updated_at: now }
    }

    /// The same app with another standing. Taking it out or blocking it ends what was granted, and so
    /// does its return: what was on its way at the end, or granted in between, does not come back.
    #[must_use]
    pub fn moved(self, standing: InstallationStanding, now: Timestamp) -> Self {
        let not_before = match (self.standing.is_installed(), standing.is_installed()) {
            (true, true) => self.not_before,
            (_, false) if self.standing == standing => self.not_before,
            (_, false) => Some(now),
            (false, true) => self.not_before.max(Some(now.before_second())),
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
