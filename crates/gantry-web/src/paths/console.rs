//! Every address of the admin console, who takes it, and for whom it is.
//!
//! Owns their only spelling. They are on the public URL alone; a realm's own host has none of them. The
//! tests of who may do what walk [`ALL`], so an address that is not here is not served.

use std::sync::LazyLock;

/// Names addresses, and lists them as `AREA`.
macro_rules! addresses {
    ($($(#[$doc:meta])* $name:ident = $path:literal, [$($verb:ident),+], $audience:ident;)*) => {
        $($(#[$doc])* pub const $name: &str = $path;)*

        pub(super) const AREA: &[super::Address] = &[$(super::Address {
            path: $path,
            verbs: &[$(super::Verb::$verb),+],
            audience: super::Audience::$audience,
        },)*];
    };
}

mod clients;
mod connections;
mod people;
mod realm;
mod records;
mod start;
mod tenant_connections;
mod tenants;

pub use clients::*;
pub use connections::*;
pub use people::*;
pub use realm::*;
pub use records::*;
pub use start::*;
pub use tenant_connections::*;
pub use tenants::*;

/// Where all of them are. No address of a realm begins so.
pub const PREFIX: &str = "/console";

/// What an address takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Shows something, changes nothing.
    Get,
    /// A form.
    Post,
}

/// For whom an address is. Everybody above may too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Whoever asks, signed in or not.
    Anyone,
    /// Whoever administers anything.
    SignedIn,
    /// Operators of the deployment.
    Operator,
    /// Admins of the realm that the address names.
    Realm,
    /// Admins of the tenant that the address names.
    Tenant,
}

/// An address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Address {
    /// Its pattern.
    pub path: &'static str,
    /// What it takes.
    pub verbs: &'static [Verb],
    /// For whom it is.
    pub audience: Audience,
}

/// All addresses of the console. What is fixed in one stands before patterns that would match it too, within an area and
/// among them.
pub static ALL: LazyLock<Vec<Address>> = LazyLock::new(|| AREAS.concat());

const AREAS: &[&[Address]] =
    &[start::AREA, realm::AREA, connections::AREA, clients::AREA, people::AREA, records::AREA, tenants::AREA, tenant_connections::AREA];

/// The previews: the only pages that a page of ours may show in a frame (attack catalogue CON-01).
pub const FRAMED: &[&str] = &[SCOPE_PREVIEW, BRANDING_PREVIEW, TENANT_BRANDING_PREVIEW, MAIL_PREVIEW];

/// The address with this pattern.
pub fn named(pattern: &str) -> Option<&'static Address> {
    ALL.iter().find(|address| address.path == pattern)
}

/// The address that a path is one of, as the router would find it.
pub fn find(path: &str) -> Option<&'static Address> {
    ALL.iter().find(|address| matches(address.path, path))
}

/// Whether a path is below [`PREFIX`], whether or not there is anything.
pub fn is_below(path: &str) -> bool {
    path.strip_prefix(PREFIX).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The path of an address, its parameters filled in.
pub fn fill(pattern: &str, values: &[(&str, &str)]) -> String {
    let mut path = String::with_capacity(pattern.len());
    for segment in pattern.split('/').skip(1) {
        path.push('/');
        let name = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        match name.map(|name| values.iter().find(|(known, _)| *known == name)) {
            Some(Some((_, value))) => path.extend(percent_encoding::utf8_percent_encode(value, ESCAPED)),
            Some(None) | None => path.push_str(segment),
        }
    }
    path
}

/// All but what RFC 3986 §2.3 calls unreserved.
const ESCAPED: &percent_encoding::AsciiSet = &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

fn matches(pattern: &str, path: &str) -> bool {
    let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(wanted), Some(given)) if wanted == given || (wanted.starts_with('{') && !given.is_empty()) => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The only names that parameters have, so that the tests of who may do what can fill them in.
    const PARAMETERS: &[&str] = &[
        "realm",
        "tenant",
        "client",
        "secret",
        "app_key",
        "scope",
        "resource",
        "publisher",
        "connection",
        "user",
        "session",
        "grant",
        "identity",
        "domain",
        "invitation",
        "key",
        "mail",
        "trace",
        "account",
        "entry",
    ];

    #[test]
    fn every_address_is_spelled_as_agreed() {
        for (index, address) in ALL.iter().enumerate() {
            assert!(is_below(address.path), "{}", address.path);
            assert!(ALL.iter().skip(index + 1).all(|other| other.path != address.path), "{} is there twice", address.path);
            assert!(find(address.path).is_some_and(|found| found.path == address.path), "{} is hidden by another", address.path);
            let names: Vec<&str> = address.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
            assert!(names.iter().all(|name| PARAMETERS.contains(name)), "{}", address.path);
            if address.audience == Audience::Tenant {
                assert_eq!(names.get(1), Some(&"tenant"), "{}", address.path);
            }
            if matches!(address.audience, Audience::Realm | Audience::Tenant) {
                assert_eq!(names.first(), Some(&"realm"), "{}", address.path);
            }
        }
    }

    #[test]
    fn no_address_of_a_realm_is_in_the_way() {
        assert!(crate::paths::ALL.iter().all(|path| !is_below(path)));
        assert!(!is_below("/consoles") && is_below("/console") && is_below("/console/"));
    }

    #[test]
    fn parameters_are_filled_in_and_cannot_leave_their_segment() {
        assert_eq!(fill(TENANT, &[("realm", "acme"), ("tenant", "a/../b ?#%")]), "/console/realms/acme/tenants/a%2F..%2Fb%20%3F%23%25");
        assert_eq!(find("/console/realms/acme/tenants/x").map(|found| found.path), Some(TENANT));
        assert_eq!(find("/console/realms/acme/tenants/").map(|found| found.path), None);
        assert_eq!(find("/console/").map(|found| found.path), None);
    }
}
