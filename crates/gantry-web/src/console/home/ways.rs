//! Where home pages and the search lead on to in areas that are not everywhere: each linked only where it is served.

use crate::console::context::Console;
use crate::paths::console as at;

pub(super) const TENANT_NEW: &str = "/console/realms/{realm}/tenants/new";
pub(super) const TENANT_DOMAINS: &str = "/console/realms/{realm}/tenants/{tenant}/domains";

/// The path of an address, if it is served.
pub(super) fn to(console: &Console, pattern: &str, values: &[(&str, &str)]) -> Option<String> {
    at::named(pattern).map(|address| console.path(address.path, values))
}
