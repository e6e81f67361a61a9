//! Who may administer what: the table of roles and actions.
//!
//! A pure function of actor, action, realm and tenant. Never loads anything and never writes an audit line;
//! the rules that call it do. Whoever a person is allowed to act as is decided in [`crate::roles`].

use gantry_core::actor::Actor;
use gantry_core::admin_scope::AdminScope;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Refusal;
use gantry_core::id::{RealmId, TenantId};

/// What somebody wants to see or to change in a realm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// See which realms there are; make one, or give it a host.
    CreateRealm,
    /// See a realm's settings, and how it does.
    ReadRealm,
    /// Change a realm's name, branding and policies.
    ManageRealm,
    /// See people, with their sessions and what they allowed.
    ReadUsers,
    /// Make, change, disable and remove people.
    ManageUsers,
    /// Set another person's password. No admin may: they send a reset (attack catalogue BRU-16).
    SetPassword,
    /// Give or take the role of a realm admin.
    GrantRealmAdmin,
    /// Give or take the role of an operator.
    GrantOperator,
    /// See customer organizations, with members, domains and apps.
    ReadTenants,
    /// Make, change and suspend customer organizations, and say who belongs to them.
    ManageTenants,
    /// Say that a domain is an organization's without its proof.
    VouchForDomain,
    /// See ways to sign in, and the traces of sign-ins.
    ReadConnections,
    /// Make, change and remove ways to sign in, and say where they are offered.
    ManageConnections,
    /// See apps and the teams that own them.
    ReadClients,
    /// Register apps, and the teams that own them.
    ManageClients,
    /// See APIs and their scopes.
    ReadResources,
    /// Declare APIs and their scopes.
    ManageResources,
    /// See which signing keys there are.
    ReadKeys,
    /// Rotate signing keys.
    ManageKeys,
    /// Read the audit trail.
    ReadAudit,
    /// See mail that waits, and the texts of mails.
    ReadMail,
    /// Send mail again, and change the texts of mails.
    ManageMail,
    /// Give programs keys to the admin API.
    ManageServiceAccounts,
}

impl Action {
    /// All actions.
    pub const ALL: &'static [Self] = &[
        Self::CreateRealm,
        Self::ReadRealm,
        Self::ManageRealm,
        Self::ReadUsers,
        Self::ManageUsers,
        Self::SetPassword,
        Self::GrantRealmAdmin,
        Self::GrantOperator,
        Self::ReadTenants,
        Self::ManageTenants,
        Self::VouchForDomain,
        Self::ReadConnections,
        Self::ManageConnections,
        Self::ReadClients,
        Self::ManageClients,
        Self::ReadResources,
        Self::ManageResources,
        Self::ReadKeys,
        Self::ManageKeys,
        Self::ReadAudit,
        Self::ReadMail,
        Self::ManageMail,
        Self::ManageServiceAccounts,
    ];

    const fn by_operator(self) -> bool {
        !matches!(self, Self::SetPassword)
    }

    const fn by_realm_admin(self) -> bool {
        !matches!(self, Self::CreateRealm | Self::SetPassword | Self::GrantOperator)
    }

    /// The scope with which a service account may; none: no service account may, since it could make itself
    /// or somebody else greater.
    pub const fn scope(self) -> Option<AdminScope> {
        match self {
            Self::ReadRealm => Some(AdminScope::RealmRead),
            // Which realms there are is an operator's to know: an operator's account may list and make them.
            Self::ManageRealm | Self::CreateRealm => Some(AdminScope::RealmWrite),
            Self::ReadUsers => Some(AdminScope::PeopleRead),
            Self::ManageUsers => Some(AdminScope::PeopleWrite),
            Self::ReadTenants => Some(AdminScope::TenantsRead),
            Self::ManageTenants | Self::VouchForDomain => Some(AdminScope::TenantsWrite),
            Self::ReadConnections => Some(AdminScope::ConnectionsRead),
            Self::ManageConnections => Some(AdminScope::ConnectionsWrite),
            Self::ReadClients => Some(AdminScope::ClientsRead),
            Self::ManageClients => Some(AdminScope::ClientsWrite),
            Self::ReadResources => Some(AdminScope::ResourcesRead),
            Self::ManageResources => Some(AdminScope::ResourcesWrite),
            Self::ReadKeys => Some(AdminScope::KeysRead),
            Self::ManageKeys => Some(AdminScope::KeysWrite),
            Self::ReadAudit => Some(AdminScope::AuditRead),
            Self::ReadMail => Some(AdminScope::MailRead),
            Self::ManageMail => Some(AdminScope::MailWrite),
            Self::SetPassword | Self::GrantRealmAdmin | Self::GrantOperator | Self::ManageServiceAccounts => None,
        }
    }
}

/// Whether somebody may give a program this scope in a realm: whoever does must be allowed all that the scope
/// allows there. `everywhere` is for programs that reach every realm.
pub fn check_gift(actor: Actor, scope: AdminScope, realm: RealmId, everywhere: bool) -> Result<(), Refusal> {
    check(actor, Action::ManageServiceAccounts, realm)?;
    if everywhere {
        check(actor, Action::CreateRealm, realm)?;
    }
    for action in Action::ALL.iter().copied().filter(|action| action.scope() == Some(scope)) {
        // What only operators may is nothing that a program of one realm gets by its scope.
        if everywhere || action.by_realm_admin() {
            check(actor, action, realm)?;
        }
    }
    Ok(())
}

/// What somebody wants to see or to change of one tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TenantAction {
    /// See it, with its members, domains, connections, apps, traces and its part of the audit trail.
    Read,
    /// Change its name, branding, sign-in rule and app policy.
    Manage,
    /// Invite members, change their roles, remove them.
    ManageMembers,
    /// Claim, prove and remove domains.
    ManageDomains,
    /// Make, change and remove the connections that it owns.
    ManageConnections,
    /// Decide about apps.
    ManageApps,
}

impl TenantAction {
    /// All of them.
    pub const ALL: &'static [Self] =
        &[Self::Read, Self::Manage, Self::ManageMembers, Self::ManageDomains, Self::ManageConnections, Self::ManageApps];

    /// What it is for those who administer the whole realm.
    const fn in_realm(self) -> Action {
        match self {
            Self::Read => Action::ReadTenants,
            Self::ManageConnections => Action::ManageConnections,
            Self::Manage | Self::ManageMembers | Self::ManageDomains | Self::ManageApps => Action::ManageTenants,
        }
    }
}

/// Lets an actor pass, or refuses. Another realm looks like no realm at all.
pub fn check(actor: Actor, action: Action, realm: RealmId) -> Result<(), Refusal> {
    let allowed = match actor {
        Actor::System | Actor::CommandLine => true,
        Actor::Operator { .. } => action.by_operator(),
        Actor::RealmAdmin { realm: own, .. } | Actor::TenantAdmin { realm: own, .. } | Actor::User { realm: own, .. } if own != realm => {
            return Err(nothing_here());
        }
        Actor::Service { realm: Some(own), .. } if own != realm => return Err(nothing_here()),
        Actor::RealmAdmin { .. } => action.by_realm_admin(),
        Actor::Service { realm: own, scopes, .. } => {
            action.scope().is_some_and(|scope| scopes.contains(scope)) && (own.is_none() || action.by_realm_admin())
        }
        // A tenant's admin never learns what else there is in the realm.
        Actor::TenantAdmin { .. } => return Err(nothing_here()),
        Actor::User { .. } => false,
    };
    if allowed { Ok(()) } else { Err(Refusal::new(ErrorCode::Forbidden, "Your role does not allow this")) }
}

/// The same for what concerns one tenant. Another tenant looks like none at all (attack catalogue §0.7).
pub fn check_tenant(actor: Actor, action: TenantAction, realm: RealmId, tenant: TenantId) -> Result<(), Refusal> {
    match actor {
        Actor::TenantAdmin { realm: own_realm, tenant: own, .. } if own_realm == realm && own == tenant => Ok(()),
        Actor::TenantAdmin { .. } => Err(nothing_here()),
        Actor::System
        | Actor::CommandLine
        | Actor::Operator { .. }
        | Actor::RealmAdmin { .. }
        | Actor::Service { .. }
        | Actor::User { .. } => check(actor, action.in_realm(), realm),
    }
}

const fn nothing_here() -> Refusal {
    Refusal::new(ErrorCode::NotFound, "There is nothing here")
}

#[cfg(test)]
mod tests {
    use super::*;
    use gantry_core::admin_scope::AdminScopes;
    use gantry_core::id::{ServiceAccountId, UserId};

    #[test]
    fn the_table() {
        let (user, realm, tenant) = (UserId::new(), RealmId::new(), TenantId::new());
        let may = |actor, action| check(actor, action, realm).is_ok();
        for action in Action::ALL.iter().copied() {
            assert!(may(Actor::System, action) && may(Actor::CommandLine, action));
            assert!(!may(Actor::User { user, realm }, action), "{action:?}");
            assert!(!may(Actor::TenantAdmin { user, realm, tenant }, action), "{action:?}");
            assert_eq!(may(Actor::Operator { user }, action), action != Action::SetPassword, "{action:?}");
            let above = matches!(action, Action::CreateRealm | Action::SetPassword | Action::GrantOperator);
            assert_eq!(may(Actor::RealmAdmin { user, realm }, action), !above, "{action:?}");
        }
    }

    #[test]
    fn a_service_account_does_what_its_scopes_say_and_makes_nobody_greater() {
        let (account, realm) = (ServiceAccountId::new(), RealmId::new());
        let all = AdminScopes::of(AdminScope::ALL);
        for action in Action::ALL.iter().copied() {
            let own = |scopes| Actor::Service { account, realm: Some(realm), scopes };
            assert!(check(own(AdminScopes::default()), action, realm).is_err(), "{action:?}");
            let greater = action.scope().is_none();
            assert_eq!(check(own(all), action, realm).is_err(), greater || action == Action::CreateRealm, "{action:?}");
            assert_eq!(check(Actor::Service { account, realm: None, scopes: all }, action, realm).is_err(), greater, "{action:?}");
            assert_eq!(check(own(all), action, RealmId::new()).unwrap_err().code, ErrorCode::NotFound);
        }
    }

    #[test]
    fn nobody_gives_a_program_what_they_may_not_do_themselves() {
        let (user, realm, account) = (UserId::new(), RealmId::new(), ServiceAccountId::new());
        for scope in AdminScope::ALL.iter().copied() {
            let gives = |actor, everywhere| check_gift(actor, scope, realm, everywhere).is_ok();
            assert!(gives(Actor::Operator { user }, false) && gives(Actor::Operator { user }, true), "{scope}");
            // An admin of the realm `system` who is no operator makes no account that reaches all realms.
            assert!(gives(Actor::RealmAdmin { user, realm }, false) && !gives(Actor::RealmAdmin { user, realm }, true), "{scope}");
            assert!(!gives(Actor::RealmAdmin { user, realm: RealmId::new() }, false), "{scope}");
            let scopes = AdminScopes::of(AdminScope::ALL);
            assert!(!gives(Actor::Service { account, realm: None, scopes }, false), "{scope}");
            assert!(!gives(Actor::TenantAdmin { user, realm, tenant: TenantId::new() }, false), "{scope}");
            assert!(!gives(Actor::User { user, realm }, false), "{scope}");
        }
    }

    #[test]
    fn a_tenants_admin_reaches_their_tenant_and_nothing_else() {
        let (user, realm, tenant) = (UserId::new(), RealmId::new(), TenantId::new());
        let admin = Actor::TenantAdmin { user, realm, tenant };
        for action in TenantAction::ALL.iter().copied() {
            assert!(check_tenant(admin, action, realm, tenant).is_ok());
            for (realm, tenant) in [(realm, TenantId::new()), (RealmId::new(), tenant)] {
                assert_eq!(check_tenant(admin, action, realm, tenant).unwrap_err().code, ErrorCode::NotFound, "{action:?}");
            }
            assert!(check_tenant(Actor::RealmAdmin { user, realm }, action, realm, tenant).is_ok());
            assert!(check_tenant(Actor::User { user, realm }, action, realm, tenant).is_err());
        }
    }

    #[test]
    fn another_realm_looks_like_none() {
        let admin = Actor::RealmAdmin { user: UserId::new(), realm: RealmId::new() };
        assert_eq!(check(admin, Action::ManageUsers, RealmId::new()).unwrap_err().code, ErrorCode::NotFound);
    }
}
