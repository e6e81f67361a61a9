//! The ways in which a client proves who it is at the token endpoint and its neighbours.

crate::closed_set::closed_set! {
    /// A client authentication method (OpenID Connect Core §9).
    ClientAuthMethod {
        /// Id and secret in the `Authorization` header (RFC 6749 §2.3.1).
        ClientSecretBasic = "client_secret_basic",
        /// Id and secret in the form body.
        ClientSecretPost = "client_secret_post",
        /// A signed assertion (RFC 7523 §2.2).
        PrivateKeyJwt = "private_key_jwt",
        /// No proof: public clients.
        None = "none",
    }
}
