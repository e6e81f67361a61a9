//! What a service account may do through the admin API.

use crate::closed_set::closed_set;

closed_set! {
    /// One area of a realm, to read or to change. To change does not include to read.
    AdminScope {
        /// The realm's settings and branding.
        RealmRead = "realm:read",
        /// Changes them.
        RealmWrite = "realm:write",
        /// People, with their sessions and what they allowed.
        PeopleRead = "people:read",
        /// Changes them.
        PeopleWrite = "people:write",
        /// Customer organizations, with members, domains and apps.
        TenantsRead = "tenants:read",
        /// Changes them.
        TenantsWrite = "tenants:write",
        /// Ways to sign in, and the traces of sign-ins.
        ConnectionsRead = "connections:read",
        /// Changes them.
        ConnectionsWrite = "connections:write",
        /// Apps and their teams.
        ClientsRead = "clients:read",
        /// Changes them.
        ClientsWrite = "clients:write",
        /// APIs and scopes.
        ResourcesRead = "resources:read",
        /// Changes them.
        ResourcesWrite = "resources:write",
        /// Signing keys: which there are, never what they are.
        KeysRead = "keys:read",
        /// Rotates them.
        KeysWrite = "keys:write",
        /// The audit trail.
        AuditRead = "audit:read",
        /// Mail that waits, and the texts of mails.
        MailRead = "mail:read",
        /// Sends again, and changes texts.
        MailWrite = "mail:write",
    }
}

/// A set of [`AdminScope`]s.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AdminScopes(u32);

impl AdminScopes {
    /// The set of these.
    pub fn of(scopes: &[AdminScope]) -> Self {
        Self(scopes.iter().fold(0, |bits, scope| bits | scope.bit()))
    }

    /// Whether it holds this one.
    pub const fn contains(self, scope: AdminScope) -> bool {
        self.0 & scope.bit() != 0
    }

    /// Whether it holds nothing.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Reads names with spaces between them, as [`Self`] writes them; none if one is no scope.
    pub fn parse(text: &str) -> Option<Self> {
        let scopes: Option<Vec<AdminScope>> = text.split(' ').filter(|name| !name.is_empty()).map(AdminScope::parse).collect();
        scopes.map(|scopes| Self::of(&scopes))
    }

    /// What it holds, in the order of [`AdminScope::ALL`].
    pub fn iter(self) -> impl Iterator<Item = AdminScope> {
        AdminScope::ALL.iter().copied().filter(move |scope| self.contains(*scope))
    }
}

impl std::fmt::Display for AdminScopes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self.iter().map(AdminScope::as_str).collect();
        f.write_str(&names.join(" "))
    }
}

impl AdminScope {
    const fn bit(self) -> u32 {
        1 << (self as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_what_was_put_in_and_no_more() {
        let set = AdminScopes::of(&[AdminScope::ClientsRead, AdminScope::MailWrite]);
        assert_eq!(set.iter().collect::<Vec<_>>(), [AdminScope::ClientsRead, AdminScope::MailWrite]);
        assert_eq!(AdminScopes::parse(&set.to_string()), Some(set));
        assert_eq!(AdminScopes::parse("clients:read everything"), None);
        assert!(AdminScope::ALL.len() <= 32 && AdminScopes::of(AdminScope::ALL).iter().count() == AdminScope::ALL.len());
    }
}
