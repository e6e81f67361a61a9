//! Secrets and their digests.
//!
//! Owns how secrets are made, recognised and compared. Never prints one: [`Secret`] has neither
//! `Debug` output nor `Serialize`, and what is stored of a credential is its [`Digest`].

use std::fmt;

use aws_lc_rs::{constant_time, digest, rand};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

/// Text that must not be seen: shown as `[secret]` whatever formats it, wiped when dropped.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes text into hiding.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text itself, for the one place that sends or checks it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The form that may be stored.
    pub fn digest(&self) -> Digest {
        Digest::of(self.0.as_bytes())
    }

    /// The last four characters, by which a person tells two secrets apart.
    pub fn last_four(&self) -> String {
        let count = self.0.chars().count();
        self.0.chars().skip(count.saturating_sub(4)).collect()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

impl<'de> serde::Deserialize<'de> for Secret {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

/// SHA-256 of a secret of full entropy. Compared in constant time.
#[derive(Clone, Copy)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        let mut out = [0; 32];
        out.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
        Self(out)
    }

    /// The bytes, for a column or a comparison with another hash.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The text form that tables hold: base64url without padding, 43 characters.
    pub fn to_text(self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// Reads [`Self::to_text`] back.
    pub fn from_text(text: &str) -> Option<Self> {
        URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Self)
    }
}

impl PartialEq for Digest {
    fn eq(&self, other: &Self) -> bool {
        constant_time::verify_slices_are_equal(&self.0, &other.0).is_ok()
    }
}

impl Eq for Digest {}

impl std::hash::Hash for Digest {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[digest]")
    }
}

/// The kinds of credential that Gantry makes, told apart by the prefix they carry on the wire.
///
/// A prefix lets a leak scanner and a reader recognise what they hold; it also keeps every
/// single-use thing in a namespace of its own (attack catalogue COD-05).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretKind {
    /// A client secret.
    ClientSecret,
    /// An App Key.
    AppKey,
    /// A personal token.
    PersonalToken,
    /// The reference of a pushed request.
    PushedRequest,
    /// An authorization code.
    AuthorizationCode,
    /// An opaque access token.
    AccessToken,
    /// A refresh token; its body is derived, see [`crate::refresh_family`].
    RefreshToken,
    /// A browser session.
    Session,
    /// The value that binds a browser to its sign-in flow.
    Browser,
    /// A mailed or printed single-use link.
    ActionLink,
    /// The `state` of a conversation with a provider.
    UpstreamState,
    /// The `state` of an admin's trial of a connection, which never becomes a sign-in.
    UpstreamTrial,
    /// A link that shows one trace.
    TraceShare,
    /// A service account's key to the admin API.
    ServiceKey,
}

impl SecretKind {
    /// All kinds.
    pub const ALL: [Self; 14] = [
        Self::ClientSecret,
        Self::AppKey,
        Self::PersonalToken,
        Self::PushedRequest,
        Self::AuthorizationCode,
        Self::AccessToken,
        Self::RefreshToken,
        Self::Session,
        Self::Browser,
        Self::ActionLink,
        Self::UpstreamState,
        Self::UpstreamTrial,
        Self::TraceShare,
        Self::ServiceKey,
    ];

    /// The prefix on the wire.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::ClientSecret => "gcs_",
            Self::AppKey => "gak_",
            Self::PersonalToken => "gpt_",
            Self::PushedRequest => "gpr_",
            Self::AuthorizationCode => "gac_",
            Self::AccessToken => "gat_",
            Self::RefreshToken => "grt_",
            Self::Session => "gse_",
            Self::Browser => "gbr_",
            Self::ActionLink => "gal_",
            Self::UpstreamState => "gus_",
            Self::UpstreamTrial => "gut_",
            Self::TraceShare => "gts_",
            Self::ServiceKey => "gsk_",
        }
    }

    /// A new secret of 256 random bits with prefix and checksum.
    pub fn generate(self) -> Secret {
        self.wrap(&random_bytes::<32>())
    }

    /// Gives bytes the prefix and checksum of this kind.
    pub fn wrap(self, body: &[u8]) -> Secret {
        let mut text = String::from(self.prefix());
        text.push_str(&URL_SAFE_NO_PAD.encode(body));
        let checksum = checksum(&text);
        text.push_str(&checksum);
        Secret::new(text)
    }

    /// The body of a well-formed secret of this kind; `None` for anything else.
    ///
    /// Only saves look-ups: that the form is right says nothing about whether it is known.
    pub fn unwrap(self, text: &str) -> Option<Vec<u8>> {
        let split = text.len().checked_sub(CHECKSUM_CHARS)?;
        let (head, tail) = text.split_at_checked(split)?;
        let body = head.strip_prefix(self.prefix())?;
        if checksum(head) != tail {
            return None;
        }
        URL_SAFE_NO_PAD.decode(body).ok()
    }
}

const CHECKSUM_CHARS: usize = 6;

fn checksum(text: &str) -> String {
    let digest = Digest::of(text.as_bytes());
    let mut encoded = URL_SAFE_NO_PAD.encode(digest.as_bytes());
    encoded.truncate(CHECKSUM_CHARS);
    encoded
}

/// Fresh bytes from the cryptographic generator.
///
/// # Panics
/// Never in practice: only if the operating system has no randomness, when nothing can go on.
#[expect(clippy::expect_used, reason = "without randomness no answer would be safe")]
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).expect("the operating system provides randomness");
    bytes
}

/// Whether two byte strings are equal, in time that depends on their lengths alone.
pub fn constant_time_eq(left: &[u8], right: &[u8]) -> bool {
    constant_time::verify_slices_are_equal(left, right).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_do_not_mix() {
        for kind in SecretKind::ALL {
            let secret = kind.generate();
            for other in SecretKind::ALL {
                assert_eq!(other.unwrap(secret.expose()).is_some(), kind == other);
            }
        }
    }

    #[test]
    fn a_cut_or_stretched_secret_is_no_secret() {
        let secret = SecretKind::AuthorizationCode.generate();
        let text = secret.expose();
        let cut: String = text.chars().take(text.len() - 1).collect();
        assert!(SecretKind::AuthorizationCode.unwrap(&cut).is_none());
        for suffix in ["=", "\0", "A", "\n"] {
            assert!(SecretKind::AuthorizationCode.unwrap(&format!("{text}{suffix}")).is_none());
        }
        assert!(SecretKind::AuthorizationCode.unwrap("é").is_none());
    }

    #[test]
    fn a_secret_hides_itself() {
        assert_eq!(format!("{:?}", Secret::new("hunter2")), "[secret]");
    }
}
