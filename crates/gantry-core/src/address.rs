//! Addresses: every absolute URL comes from configuration, never from a request (attack catalogue §0.6).
//!
//! Owns where a realm lives and what its issuer is. Never knows the paths below.

use url::Url;

use crate::realm::{DEFAULT_REALM, PathProfile, Realm};

/// The public URL of the deployment: scheme and authority, no path, no trailing slash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(String);

/// The text is no public URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be `https://host[:port]` (or `http://` for localhost) without a path")]
pub struct InvalidPublicUrl;

impl PublicUrl {
    /// Parses a public URL. Plain http is for loopback names only: everything rests on the issuer's origin.
    pub fn parse(text: &str) -> Result<Self, InvalidPublicUrl> {
        let url = Url::parse(text).or(Err(InvalidPublicUrl))?;
        let loopback = match url.host() {
            Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
            Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
            None => return Err(InvalidPublicUrl),
        };
        let scheme_ok = url.scheme() == "https" || (url.scheme() == "http" && loopback);
        let bare =
            url.path() == "/" && url.query().is_none() && url.fragment().is_none() && url.username().is_empty() && url.password().is_none();
        (scheme_ok && bare).then(|| Self(url.origin().ascii_serialization())).ok_or(InvalidPublicUrl)
    }

    /// This machine, for an install that nobody gave an address.
    pub fn localhost(port: u16) -> Self {
        Self(if port == 80 { "http://localhost".to_owned() } else { format!("http://localhost:{port}") })
    }

    /// The URL without a trailing slash: also its origin.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Where a realm lives.
    pub fn address_of(&self, realm: &Realm) -> RealmAddress {
        let named = || format!("/realms/{}", realm.slug);
        let (origin, path) = match realm.hosts.first() {
            Some(host) => (host.clone(), String::new()),
            None if realm.slug == DEFAULT_REALM => (self.0.clone(), String::new()),
            None => (self.0.clone(), named()),
        };
        let endpoints = realm.settings.endpoints;
        let issuer_path = match endpoints.profile {
            PathProfile::Oauth => path.clone(),
            PathProfile::Keycloak => format!("{}{}", endpoints.prefix.as_str(), named()),
        };
        RealmAddress { origin, path, issuer_path }
    }
}

/// Where a realm lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RealmAddress {
    origin: String,
    path: String,
    issuer_path: String,
}

impl RealmAddress {
    /// Scheme, host and port.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The path of the base: empty, or `/realms/{realm}`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The base: the start of every URL of the realm, without a trailing slash.
    pub fn base(&self) -> String {
        format!("{}{}", self.origin, self.path)
    }

    /// The realm's one issuer: its base, unless the realm's endpoints have another profile.
    pub fn issuer(&self) -> String {
        self.below_issuer("")
    }

    /// The path of the issuer.
    pub fn issuer_path(&self) -> &str {
        &self.issuer_path
    }

    /// The absolute URL of a path below the base: pages.
    pub fn url(&self, path: &str) -> String {
        format!("{}{}{path}", self.origin, self.path)
    }

    /// The absolute URL of a path below the issuer: the endpoints that metadata names, and metadata.
    pub fn below_issuer(&self, path: &str) -> String {
        format!("{}{}{path}", self.origin, self.issuer_path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;
    use crate::id::RealmId;
    use crate::realm::{EndpointPolicy, PathPrefix, RealmSettings};

    #[test]
    fn each_realm_has_one_base_and_one_issuer() {
        let address = |slug: &str, host: Option<&str>, profile, prefix| {
            let realm = Realm {
                id: RealmId::new(),
                slug: slug.to_owned(),
                name: slug.to_owned(),
                hosts: host.map(str::to_owned).into_iter().collect(),
                settings: RealmSettings { endpoints: EndpointPolicy { profile, prefix }, ..RealmSettings::default() },
                version: 1,
                created_at: Timestamp::from_seconds(0),
                not_before: None,
                disabled_at: None,
            };
            let address = PublicUrl::parse("https://id.example").unwrap().address_of(&realm);
            (address.base(), address.issuer())
        };
        let own = Some("https://sso.acme.example");
        for (slug, host, profile, prefix, base, issuer) in [
            ("default", None, PathProfile::Oauth, PathPrefix::None, "https://id.example", "https://id.example"),
            ("acme", None, PathProfile::Oauth, PathPrefix::None, "https://id.example/realms/acme", "https://id.example/realms/acme"),
            ("acme", own, PathProfile::Oauth, PathPrefix::None, "https://sso.acme.example", "https://sso.acme.example"),
            ("default", None, PathProfile::Keycloak, PathPrefix::None, "https://id.example", "https://id.example/realms/default"),
            ("acme", None, PathProfile::Keycloak, PathPrefix::None, "https://id.example/realms/acme", "https://id.example/realms/acme"),
            (
                "acme",
                None,
                PathProfile::Keycloak,
                PathPrefix::Auth,
                "https://id.example/realms/acme",
                "https://id.example/auth/realms/acme",
            ),
            ("acme", own, PathProfile::Keycloak, PathPrefix::Auth, "https://sso.acme.example", "https://sso.acme.example/auth/realms/acme"),
        ] {
            assert_eq!(address(slug, host, profile, prefix), (base.to_owned(), issuer.to_owned()));
        }
    }

    #[test]
    fn plain_http_is_for_loopback() {
        assert_eq!(PublicUrl::parse("http://localhost:8080/").unwrap().as_str(), "http://localhost:8080");
        assert_eq!(PublicUrl::parse("https://id.example").unwrap().as_str(), "https://id.example");
        for wrong in [
            "http://id.example",
            "https://id.example/auth",
            "https://u@id.example",
            "ftp://localhost",
            "id.example",
            "https://id.example?x",
        ] {
            assert!(PublicUrl::parse(wrong).is_err(), "{wrong}");
        }
    }
}
