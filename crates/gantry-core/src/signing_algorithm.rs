//! The JWS algorithms with which a realm signs.

crate::closed_set::closed_set! {
    /// A signature algorithm of RFC 7518 §3.1 or RFC 8037.
    SigningAlgorithm {
        /// RSASSA-PKCS1-v1_5 with SHA-256, 2048-bit keys. What most clients expect.
        Rs256 = "RS256",
        /// ECDSA on P-256 with SHA-256: some fifteen times cheaper to sign than RS256.
        Es256 = "ES256",
        /// Ed25519.
        EdDsa = "EdDSA",
    }
}
