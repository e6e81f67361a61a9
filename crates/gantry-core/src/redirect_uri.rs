//! Redirect URIs: what may be registered, and when a request's URI is a registered one.
//!
//! Matching is byte equality, no parser involved, so that no two parsers can disagree (attack
//! catalogue §0.1). The one exception is the port of a native client's loopback address
//! (RFC 8252 §7.3). Registration does parse, to refuse what should never be stored.

use url::{Host, Url};

use crate::client::ClientKind;

/// Why a redirect URI cannot be registered, as a sentence for the developer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnregistrableUri {
    /// Not an absolute URI.
    #[error("is not an absolute URI such as `https://app.example/callback`")]
    NotAbsolute,
    /// Has a fragment (RFC 6749 §3.1.2).
    #[error("must not have a fragment (`#…`)")]
    Fragment,
    /// Has user-info before the host.
    #[error("must not have a user name or password before the host")]
    UserInfo,
    /// Has a star, which reads like a pattern.
    #[error("must be one exact URI: patterns and wildcards are not supported")]
    Pattern,
    /// Plain http where it is not allowed.
    #[error("must use https; plain http is for `127.0.0.1` or `[::1]` of native apps and `localhost` of development apps")]
    PlainHttp,
    /// A scheme that a browser would run, or one without a dot.
    #[error("uses a scheme that is not allowed; use https, or for a native app a scheme with a dot such as `com.example.app:/callback`")]
    Scheme,
    /// Has characters that do not belong into a URI, or is spelt another way than URIs are compared.
    #[error("has characters or path segments that do not belong into it; percent-encode characters and leave out `.` and `..`")]
    Spelling,
    /// Longer than 2048 bytes.
    #[error("is longer than 2048 bytes")]
    TooLong,
}

/// Checks a redirect or post-logout URI at registration.
pub fn check_registrable(uri: &str, kind: ClientKind) -> Result<(), UnregistrableUri> {
    if uri.len() > 2048 {
        return Err(UnregistrableUri::TooLong);
    }
    if uri.contains('*') {
        return Err(UnregistrableUri::Pattern);
    }
    if uri.contains('#') {
        return Err(UnregistrableUri::Fragment);
    }
    if !uri.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}')) {
        return Err(UnregistrableUri::Spelling);
    }
    let url = Url::parse(uri).or(Err(UnregistrableUri::NotAbsolute))?;
    if !url.username().is_empty() || url.password().is_some() || authority(uri).contains('@') {
        return Err(UnregistrableUri::UserInfo);
    }
    let path_end = uri.find('?').unwrap_or(uri.len());
    let path = uri.get(..path_end).unwrap_or(uri);
    if path.split('/').any(is_dot_segment) {
        return Err(UnregistrableUri::Spelling);
    }
    match url.scheme() {
        "https" if uri.starts_with("https://") => url.host().map(|_| ()).ok_or(UnregistrableUri::NotAbsolute),
        "http" if uri.starts_with("http://") => match (url.host(), kind) {
            (Some(Host::Ipv4(ip)), ClientKind::Native | ClientKind::Development) if ip.octets() == [127, 0, 0, 1] => Ok(()),
            (Some(Host::Ipv6(ip)), ClientKind::Native | ClientKind::Development) if ip.is_loopback() => Ok(()),
            (Some(Host::Domain("localhost")), ClientKind::Development) => Ok(()),
            (None, _) => Err(UnregistrableUri::NotAbsolute),
            _ => Err(UnregistrableUri::PlainHttp),
        },
        "http" | "https" => Err(UnregistrableUri::NotAbsolute),
        // A private-use scheme is the app's reversed domain, so it has a dot (RFC 8252 §7.1).
        scheme if kind == ClientKind::Native && scheme.contains('.') => Ok(()),
        _ => Err(UnregistrableUri::Scheme),
    }
}

/// Whether a request's redirect URI is the registered one.
pub fn matches(registered: &str, requested: &str, kind: ClientKind) -> bool {
    if registered == requested {
        return true;
    }
    kind == ClientKind::Native
        && ["http://127.0.0.1", "http://[::1]"].iter().any(|prefix| {
            match (registered.strip_prefix(prefix).and_then(after_port), requested.strip_prefix(prefix).and_then(after_port)) {
                (Some(registered), Some(requested)) => registered == requested,
                _ => false,
            }
        })
}

/// What follows the optional port; `None` if the host goes on instead.
fn after_port(rest: &str) -> Option<&str> {
    let Some(port) = rest.strip_prefix(':') else {
        return rest.starts_with(['/', '?']).then_some(rest).or_else(|| rest.is_empty().then_some(rest));
    };
    let digits = port.bytes().take_while(u8::is_ascii_digit).count();
    let (number, tail) = port.split_at_checked(digits)?;
    let valid = number.parse::<u16>().is_ok_and(|port| port > 0) && !number.starts_with('0');
    (valid && (tail.is_empty() || tail.starts_with(['/', '?']))).then_some(tail)
}

fn authority(uri: &str) -> &str {
    let rest = uri.split_once("://").map_or("", |(_, rest)| rest);
    rest.split(['/', '?']).next().unwrap_or_default()
}

fn is_dot_segment(segment: &str) -> bool {
    let plain = segment.to_ascii_lowercase().replace("%2e", ".");
    let bare = plain.split(';').next().unwrap_or_default();
    matches!(bare, "." | "..")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matching_is_byte_equality() {
        let registered = "https://app.example/cb";
        assert!(matches(registered, registered, ClientKind::Confidential));
        for other in [
            "https://app.example/cb/",
            "https://app.example/CB",
            "https://app.example/cb?x=1",
            "https://app.example:443/cb",
            "https://APP.example/cb",
        ] {
            assert!(!matches(registered, other, ClientKind::Native), "{other}");
        }
    }

    #[test]
    fn only_a_native_clients_loopback_port_is_free() {
        let registered = "http://127.0.0.1/cb";
        assert!(matches(registered, "http://127.0.0.1:5123/cb", ClientKind::Native));
        assert!(!matches(registered, "http://127.0.0.1:5123/cb", ClientKind::Confidential));
        for other in [
            "http://127.0.0.1:5123/cb?foo=bar",
            "http://localhost:5123/cb",
            "http://127.0.0.2:5123/cb",
            "http://[::ffff:127.0.0.1]:1/cb",
            "http://127.0.0.1:5123/other",
            "http://127.0.0.1:0/cb",
            "http://127.0.0.1:99999/cb",
            "http://127.0.0.1:1@evil.example/cb",
            "http://127.0.0.1.evil.example/cb",
            "http://127.0.0.1:/cb",
            "http://127.0.0.1:05/cb",
        ] {
            assert!(!matches(registered, other, ClientKind::Native), "{other}");
        }
    }

    #[test]
    fn registration_refuses_what_should_never_be_stored() {
        use UnregistrableUri as U;
        for (uri, kind, expected) in [
            ("https://app.example/cb?a=b", ClientKind::Confidential, Ok(())),
            ("com.example.app:/cb", ClientKind::Native, Ok(())),
            ("com.example.app:/cb", ClientKind::Public, Err(U::Scheme)),
            ("myapp:/cb", ClientKind::Native, Err(U::Scheme)),
            ("javascript:alert(1)", ClientKind::Native, Err(U::Scheme)),
            ("JaVaScRiPt:alert(1)", ClientKind::Native, Err(U::Scheme)),
            ("data:text/html,x", ClientKind::Native, Err(U::Scheme)),
            ("http://app.example/cb", ClientKind::Confidential, Err(U::PlainHttp)),
            ("http://127.0.0.1/cb", ClientKind::Native, Ok(())),
            ("http://localhost:3000/cb", ClientKind::Development, Ok(())),
            ("http://localhost:3000/cb", ClientKind::Native, Err(U::PlainHttp)),
            ("https://*.example/cb", ClientKind::Confidential, Err(U::Pattern)),
            ("https://app.example/cb#x", ClientKind::Confidential, Err(U::Fragment)),
            ("https://app.example@evil.example/cb", ClientKind::Confidential, Err(U::UserInfo)),
            ("https://@evil.example/cb", ClientKind::Confidential, Err(U::UserInfo)),
            ("/cb", ClientKind::Confidential, Err(U::NotAbsolute)),
            ("https:/app.example/cb", ClientKind::Confidential, Err(U::NotAbsolute)),
            ("https://app.example/a/../cb", ClientKind::Confidential, Err(U::Spelling)),
            ("https://app.example/a/%2e%2E/cb", ClientKind::Confidential, Err(U::Spelling)),
            ("https://app.example/a/..;/cb", ClientKind::Confidential, Err(U::Spelling)),
            ("https://app.example/ cb", ClientKind::Confidential, Err(U::Spelling)),
        ] {
            assert_eq!(check_registrable(uri, kind), expected, "{uri}");
        }
    }
}
