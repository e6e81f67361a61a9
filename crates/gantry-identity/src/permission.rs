//! Who may administer what: the table of roles and actions.
//!
//! A pure function of actor, action and realm. Never loads anything and never writes an audit line;
//! the rules that call it do.

use gantry_core::actor::Actor;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Refusal;
use gantry_core::id::RealmId;

/// What somebody wants to administer in a realm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Make a realm, or give it a host.
    CreateRealm,
    /// Change a realm's name, branding and policies.
    ManageRealm,
    /// Make, change, disable and remove people.
    ManageUsers,
    /// Set another person's password. No admin may: they send a reset (attack catalogue BRU-16).
    SetPassword,
    /// Give or take the role of a realm admin.
    GrantRealmAdmin,
    /// Give or take the role of an operator.
    GrantOperator,
    /// Make, change and suspend customer organizations, and say who belongs to them.
    ManageTenants,
    /// Say that a domain is an organization's without its proof.
    VouchForDomain,
    /// Make, change and remove ways to sign in, and say where they are offered.
    ManageConnections,
    /// Register apps, and the teams that own them.
    ManageClients,
    /// Declare APIs and their scopes.
    ManageResources,
    /// Rotate signing keys.
    ManageKeys,
    /// Read the audit trail.
    ReadAudit,
}

impl Action {
    /// All actions.
    pub const ALL: &'static [Self] = &[
        Self::CreateRealm,
        Self::ManageRealm,
        Self::ManageUsers,
        Self::SetPassword,
        Self::GrantRealmAdmin,
        Self::GrantOperator,
        Self::ManageTenants,
        Self::VouchForDomain,
        Self::ManageConnections,
        Self::ManageClients,
        Self::ManageResources,
        Self::ManageKeys,
        Self::ReadAudit,
    ];

    const fn by_operator(self) -> bool {
        !matches!(self, Self::SetPassword)
    }

    const fn by_realm_admin(self) -> bool {
        !matches!(self, Self::CreateRealm | Self::SetPassword | Self::GrantOperator)
    }
}

/// Lets an actor pass, or refuses. Another realm looks like no realm at all.
pub fn check(actor: Actor, action: Action, realm: RealmId) -> Result<(), Refusal> {
    let allowed = match actor {
        Actor::System | Actor::CommandLine => true,
        Actor::Operator { .. } => action.by_operator(),
        Actor::RealmAdmin { realm: own, .. } | Actor::User { realm: own, .. } if own != realm => {
            return Err(Refusal::new(ErrorCode::NotFound, "There is nothing here"));
        }
        Actor::RealmAdmin { .. } => action.by_realm_admin(),
        Actor::User { .. } => false,
    };
    if allowed { Ok(()) } else { Err(Refusal::new(ErrorCode::Forbidden, "Your role does not allow this")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gantry_core::id::UserId;

    #[test]
    fn the_table() {
        let (user, realm) = (UserId::new(), RealmId::new());
        let may = |actor, action| check(actor, action, realm).is_ok();
        for action in Action::ALL.iter().copied() {
            assert!(may(Actor::System, action) && may(Actor::CommandLine, action));
            assert!(!may(Actor::User { user, realm }, action), "{action:?}");
            assert_eq!(may(Actor::Operator { user }, action), action != Action::SetPassword, "{action:?}");
            let above = matches!(action, Action::CreateRealm | Action::SetPassword | Action::GrantOperator);
            assert_eq!(may(Actor::RealmAdmin { user, realm }, action), !above, "{action:?}");
        }
    }

    #[test]
    fn another_realm_looks_like_none() {
        let admin = Actor::RealmAdmin { user: UserId::new(), realm: RealmId::new() };
        assert_eq!(check(admin, Action::ManageUsers, RealmId::new()).unwrap_err().code, ErrorCode::NotFound);
    }
}
