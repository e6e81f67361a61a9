//! Domains of tenants: what may be claimed.
//!
//! A domain counts for nothing until it is proved. One text stands for one domain: what a person types, what a
//! hint says and what an address ends in go through one parser (attack catalogue FED-20, FED-21).

use gantry_core::email_address::EmailAddress;

/// Domains whose addresses anybody can have: nobody's organization. The best-known ones; a realm admin who
/// vouches for a domain of this kind is stopped here as well.
const PUBLIC_MAIL: &[&str] = &[
    "126.com",
    "163.com",
    "aol.com",
    "fastmail.com",
    "free.fr",
    "gmail.com",
    "gmx.at",
    "gmx.ch",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hey.com",
    "hotmail.co.uk",
    "hotmail.com",
    "hotmail.de",
    "hotmail.fr",
    "icloud.com",
    "laposte.net",
    "libero.it",
    "live.com",
    "mac.com",
    "mail.com",
    "mail.ru",
    "me.com",
    "msn.com",
    "naver.com",
    "orange.fr",
    "outlook.com",
    "outlook.de",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "rediffmail.com",
    "seznam.cz",
    "t-online.de",
    "tutanota.com",
    "wanadoo.fr",
    "web.de",
    "wp.pl",
    "yahoo.co.jp",
    "yahoo.co.uk",
    "yahoo.com",
    "yahoo.de",
    "yandex.ru",
    "ymail.com",
    "zoho.com",
];

/// Why a text is no domain that a tenant can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidDomain {
    /// It is not a domain's name.
    #[error("is not a domain such as `example.com`; letters outside of ASCII are written as `xn--…`")]
    Malformed,
    /// Everybody can have an address there.
    #[error("gives addresses to everybody, so it can be no organization's own")]
    PublicMail,
}

/// The canonical form of a domain: ASCII, lower case, at least two labels, no trailing dot.
pub fn parse(text: &str) -> Result<String, InvalidDomain> {
    let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'));
    let address = plain.then(|| EmailAddress::parse(&format!("x@{text}")).ok()).flatten().ok_or(InvalidDomain::Malformed)?;
    let domain = address.domain();
    if PUBLIC_MAIL.contains(&domain) { Err(InvalidDomain::PublicMail) } else { Ok(domain.to_owned()) }
}
