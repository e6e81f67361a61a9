//! Our own signer: parsed key pairs, headers made once, one signature a token.
//!
//! Owns the private operations and the public form of a key. Parsing an RSA key costs twice as
//! much as a signature with it, so a pair is parsed once and kept (architecture §14.9).

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ED25519, EcdsaKeyPair, Ed25519KeyPair, KeyPair, ParsedPublicKey,
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, VerificationAlgorithm,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gantry_core::failure::Fault;
use gantry_core::secret::Digest;
use gantry_core::signing_algorithm::SigningAlgorithm;
use serde::Serialize;
use serde_json::json;

use super::TokenKind;

/// A parsed private key.
enum Private {
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
}

/// A key pair ready for use.
pub struct SigningPair {
    private: Private,
    public: ParsedPublicKey,
    algorithm: SigningAlgorithm,
    kid: String,
    /// For each kind of token its header, base64url.
    headers: [String; TokenKind::ALL.len()],
}

impl std::fmt::Debug for SigningPair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningPair").field("kid", &self.kid).field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

impl SigningPair {
    /// Parses a private key in PKCS#8 DER.
    pub fn parse(algorithm: SigningAlgorithm, pkcs8: &[u8]) -> Result<Self, Fault> {
        let private = match algorithm {
            SigningAlgorithm::Rs256 => RsaKeyPair::from_pkcs8(pkcs8).map(Private::Rsa),
            SigningAlgorithm::Es256 => EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8).map(Private::Ec),
            SigningAlgorithm::EdDsa => Ed25519KeyPair::from_pkcs8(pkcs8).map(Private::Ed),
        }
        .map_err(|error| Fault::new(format!("a private {algorithm} key cannot be read: {error}")))?;
        let kid = thumbprint(&private);
        let public = ParsedPublicKey::new(verification(algorithm), private.public_bytes())
            .map_err(|error| Fault::new(format!("a public {algorithm} key cannot be read: {error}")))?;
        let headers = TokenKind::ALL.map(|kind| header(kind, algorithm, &kid));
        Ok(Self { private, public, algorithm, kid, headers })
    }

    /// Makes a new private key in PKCS#8 DER. For RS256 this takes a tenth of a second or more of a core.
    pub fn generate(algorithm: SigningAlgorithm) -> Result<Vec<u8>, Fault> {
        let failed = |_| Fault::new(format!("no {algorithm} key could be made"));
        let der = match algorithm {
            SigningAlgorithm::Rs256 => {
                let der: Pkcs8V1Der<'static> = RsaKeyPair::generate(KeySize::Rsa2048).and_then(|pair| pair.as_der()).map_err(failed)?;
                der.as_ref().to_vec()
            }
            SigningAlgorithm::Es256 => {
                let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map_err(failed)?;
                pair.to_pkcs8v1().map_err(failed)?.as_ref().to_vec()
            }
            SigningAlgorithm::EdDsa => {
                let pair = Ed25519KeyPair::generate().map_err(failed)?;
                pair.to_pkcs8v1().map_err(failed)?.as_ref().to_vec()
            }
        };
        Ok(der)
    }

    /// Its name on the wire: the RFC 7638 thumbprint of its public key.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// What it signs with.
    pub const fn algorithm(&self) -> SigningAlgorithm {
        self.algorithm
    }

    /// The public key as a JWK, JSON.
    pub fn public_jwk(&self) -> String {
        let mut jwk = self.private.public_members();
        if let Some(members) = jwk.as_object_mut() {
            members.insert("kid".to_owned(), json!(self.kid));
            members.insert("alg".to_owned(), json!(self.algorithm));
            members.insert("use".to_owned(), json!("sig"));
        }
        jwk.to_string()
    }

    /// The header, base64url, that this pair's tokens of a kind have: always the same bytes.
    pub fn header(&self, kind: TokenKind) -> &str {
        let [at_jwt, jwt, id] = &self.headers;
        match kind {
            TokenKind::Access(gantry_core::realm::AccessTokenType::AtJwt) => at_jwt,
            TokenKind::Access(gantry_core::realm::AccessTokenType::Jwt) => jwt,
            TokenKind::Id => id,
        }
    }

    /// Signs claims as a token of this kind.
    pub fn sign(&self, kind: TokenKind, claims: &impl Serialize) -> Result<String, Fault> {
        let claims = serde_json::to_vec(claims).map_err(|error| Fault::caused("claims cannot be written", error))?;
        let header = self.header(kind);
        // Room for the longest signature: 342 characters for RSA with 2048 bits.
        let mut token = String::with_capacity(header.len() + claims.len() * 4 / 3 + 352);
        token.push_str(header);
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(&claims, &mut token);
        let signature = self.private.sign(token.as_bytes())?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(&signature, &mut token);
        Ok(token)
    }

    /// Whether this pair made the signature.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.public.verify_sig(message, signature).is_ok()
    }
}

impl Private {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Fault> {
        let failed = |_| Fault::new("signing failed");
        match self {
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).map_err(failed)?;
                Ok(signature)
            }
            Self::Ec(pair) => Ok(pair.sign(&SystemRandom::new(), message).map_err(failed)?.as_ref().to_vec()),
            Self::Ed(pair) => Ok(pair.sign(message).as_ref().to_vec()),
        }
    }

    fn public_bytes(&self) -> &[u8] {
        match self {
            Self::Rsa(pair) => pair.public_key().as_ref(),
            Self::Ec(pair) => pair.public_key().as_ref(),
            Self::Ed(pair) => pair.public_key().as_ref(),
        }
    }

    /// The members that make the key, in the order of RFC 7638 §3.2: names sorted, no others.
    fn public_members(&self) -> serde_json::Value {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match self {
            Self::Rsa(pair) => {
                let public = pair.public_key();
                let (n, e) = (public.modulus(), public.exponent());
                json!({ "e": text(e.big_endian_without_leading_zero()), "kty": "RSA", "n": text(n.big_endian_without_leading_zero()) })
            }
            Self::Ec(pair) => {
                // An uncompressed point: the octet 4, then both coordinates.
                let point = pair.public_key().as_ref().get(1..).unwrap_or_default();
                let (x, y) = point.split_at_checked(32).unwrap_or_default();
                json!({ "crv": "P-256", "kty": "EC", "x": text(x), "y": text(y) })
            }
            Self::Ed(pair) => json!({ "crv": "Ed25519", "kty": "OKP", "x": text(pair.public_key().as_ref()) }),
        }
    }
}

fn verification(algorithm: SigningAlgorithm) -> &'static dyn VerificationAlgorithm {
    match algorithm {
        SigningAlgorithm::Rs256 => &RSA_PKCS1_2048_8192_SHA256,
        SigningAlgorithm::Es256 => &ECDSA_P256_SHA256_FIXED,
        SigningAlgorithm::EdDsa => &ED25519,
    }
}

/// RFC 7638 §3: the digest of the required members, sorted by name, without white space.
fn thumbprint(private: &Private) -> String {
    Digest::of(private.public_members().to_string().as_bytes()).to_text()
}

/// Written out by hand, because verification compares these very bytes: every release must make the same.
fn header(kind: TokenKind, algorithm: SigningAlgorithm, name: &str) -> String {
    let header = match kind.typ() {
        Some(typ) => format!(r#"{{"typ":"{typ}","alg":"{algorithm}","kid":"{name}"}}"#),
        None => format!(r#"{{"alg":"{algorithm}","kid":"{name}"}}"#),
    };
    URL_SAFE_NO_PAD.encode(header)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jose::Compact;
    use gantry_core::realm::AccessTokenType;
    use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};

    fn foreign(algorithm: SigningAlgorithm) -> Algorithm {
        algorithm.as_str().parse().unwrap()
    }

    #[test]
    fn another_library_believes_our_signatures() {
        for algorithm in SigningAlgorithm::ALL.iter().copied() {
            let pair = SigningPair::parse(algorithm, &SigningPair::generate(algorithm).unwrap()).unwrap();
            let claims = json!({ "sub": "usr_1", "exp": 4_000_000_000_u32, "aud": "api" });
            let token = pair.sign(TokenKind::Access(AccessTokenType::AtJwt), &claims).unwrap();
            let jwk: jsonwebtoken::jwk::Jwk = serde_json::from_str(&pair.public_jwk()).unwrap();
            let mut validation = Validation::new(foreign(algorithm));
            validation.set_audience(&["api"]);
            let decoded = jsonwebtoken::decode::<serde_json::Value>(&token, &DecodingKey::from_jwk(&jwk).unwrap(), &validation).unwrap();
            assert_eq!(decoded.claims, claims);
            assert_eq!(decoded.header.typ.as_deref(), Some("at+jwt"));
            assert_eq!(decoded.header.kid.as_deref(), Some(pair.kid()));
            assert_eq!(jwk.thumbprint(jsonwebtoken::jwk::ThumbprintHash::SHA256).unwrap(), pair.kid());
        }
    }

    #[test]
    fn we_believe_another_librarys_signatures() {
        for algorithm in SigningAlgorithm::ALL.iter().copied() {
            let pkcs8 = SigningPair::generate(algorithm).unwrap();
            let key = match algorithm {
                SigningAlgorithm::Rs256 => rsa_encoding_key(&pkcs8),
                SigningAlgorithm::Es256 => EncodingKey::from_ec_der(&pkcs8),
                SigningAlgorithm::EdDsa => EncodingKey::from_ed_der(&pkcs8),
            };
            let token = jsonwebtoken::encode(&Header::new(foreign(algorithm)), &json!({ "sub": "x" }), &key).unwrap();
            let compact = Compact::split(&token).unwrap();
            let pair = SigningPair::parse(algorithm, &pkcs8).unwrap();
            let signature = URL_SAFE_NO_PAD.decode(compact.signature).unwrap();
            assert!(pair.verify(compact.message.as_bytes(), &signature));
            assert!(!pair.verify(b"another message", &signature));
        }
    }

    /// The library wants an RSA key as PEM or PKCS#1.
    fn rsa_encoding_key(pkcs8: &[u8]) -> EncodingKey {
        use base64::engine::general_purpose::STANDARD;
        let body = STANDARD.encode(pkcs8);
        let lines: Vec<&str> = body.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n"));
        EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap()
    }

    #[test]
    fn jwt_06_degenerate_signatures_are_refused() {
        let pair = SigningPair::parse(SigningAlgorithm::Es256, &SigningPair::generate(SigningAlgorithm::Es256).unwrap()).unwrap();
        for signature in [vec![0; 64], vec![], vec![0; 63], vec![0x30, 0x06, 0x02, 0x01, 0x00, 0x02, 0x01, 0x00]] {
            assert!(!pair.verify(b"message", &signature));
        }
    }

    #[test]
    fn jwt_15_the_public_form_has_no_private_member() {
        for algorithm in SigningAlgorithm::ALL.iter().copied() {
            let pair = SigningPair::parse(algorithm, &SigningPair::generate(algorithm).unwrap()).unwrap();
            let jwk: serde_json::Value = serde_json::from_str(&pair.public_jwk()).unwrap();
            for member in ["d", "p", "q", "dp", "dq", "qi", "k", "oth"] {
                assert!(jwk.get(member).is_none(), "{algorithm} {member}");
            }
        }
    }
}
