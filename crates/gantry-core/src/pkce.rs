//! Proof Key for Code Exchange (RFC 7636), S256 only.
//!
//! Owns the forms of challenge and verifier and their comparison. Never decides who must send one.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::secret::{Digest, constant_time_eq};

crate::closed_set::closed_set! {
    /// How the challenge is made from the verifier. `plain` is not offered (RFC 9700 §2.1.1).
    CodeChallengeMethod {
        /// SHA-256, base64url.
        S256 = "S256",
    }
}

/// A well-formed S256 challenge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CodeChallenge(String);

impl CodeChallenge {
    /// Accepts exactly 43 base64url characters that decode to 32 bytes (RFC 7636 §4.2).
    pub fn parse(text: &str) -> Option<Self> {
        let decoded = URL_SAFE_NO_PAD.decode(text).ok()?;
        (text.len() == 43 && decoded.len() == 32).then(|| Self(text.to_owned()))
    }

    /// The challenge as it was sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the verifier is well-formed (RFC 7636 §4.1) and the one this challenge was made of.
    pub fn is_met_by(&self, verifier: &str) -> bool {
        let well_formed = (43..=128).contains(&verifier.len())
            && verifier.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~'));
        let challenge = URL_SAFE_NO_PAD.encode(Digest::of(verifier.as_bytes()).as_bytes());
        well_formed && constant_time_eq(challenge.as_bytes(), self.0.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7636 appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn the_rfc_example_holds() {
        let challenge = CodeChallenge::parse(CHALLENGE).unwrap();
        assert!(challenge.is_met_by(VERIFIER));
        for wrong in ["", VERIFIER.get(..42).unwrap(), &format!("{VERIFIER}\n"), &"a".repeat(129), &VERIFIER.to_lowercase()] {
            assert!(!challenge.is_met_by(wrong), "{wrong:?}");
        }
    }

    #[test]
    fn a_challenge_is_43_characters() {
        for wrong in ["", CHALLENGE.get(..42).unwrap(), &format!("{CHALLENGE}="), &format!("{CHALLENGE}A"), &CHALLENGE.replace('-', "+")] {
            assert!(CodeChallenge::parse(wrong).is_none(), "{wrong:?}");
        }
    }
}
