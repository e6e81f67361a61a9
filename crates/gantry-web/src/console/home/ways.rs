//! Where home pages and the search lead on to: addresses of other areas, each linked only where it is served.

use crate::console::context::Console;
use crate::paths::console as at;

pub(super) const CLIENT: &str = "/console/realms/{realm}/clients/{client}";
pub(super) const CLIENT_NEW: &str = "/console/realms/{realm}/clients/new";
pub(super) const CLIENT_CREDENTIALS: &str = "/console/realms/{realm}/clients/{client}/credentials";
pub(super) const RESOURCE: &str = "/console/realms/{realm}/resources/{resource}";
pub(super) const SCOPE: &str = "/console/realms/{realm}/scopes/{scope}";
pub(super) const SCOPE_NEW: &str = "/console/realms/{realm}/scopes/new";
pub(super) const PUBLISHER: &str = "/console/realms/{realm}/publishers/{publisher}";
pub(super) const USERS: &str = "/console/realms/{realm}/users";
pub(super) const USER: &str = "/console/realms/{realm}/users/{user}";
pub(super) const TENANT_NEW: &str = "/console/realms/{realm}/tenants/new";
pub(super) const TENANT_DOMAINS: &str = "/console/realms/{realm}/tenants/{tenant}/domains";
pub(super) const TENANT_AUDIT: &str = "/console/realms/{realm}/tenants/{tenant}/audit";
pub(super) const AUDIT: &str = "/console/realms/{realm}/audit";
pub(super) const MAIL: &str = "/console/realms/{realm}/mail";

/// The path of an address, if it is served.
pub(super) fn to(console: &Console, pattern: &str, values: &[(&str, &str)]) -> Option<String> {
    at::named(pattern).map(|address| console.path(address.path, values))
}
