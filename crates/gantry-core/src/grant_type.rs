//! The grant types that the token endpoint offers. Password and implicit are not among them.

crate::closed_set::closed_set! {
    /// How a token request proves its right.
    GrantType {
        /// RFC 6749 §4.1.3.
        AuthorizationCode = "authorization_code",
        /// RFC 6749 §6.
        RefreshToken = "refresh_token",
        /// RFC 6749 §4.4.
        ClientCredentials = "client_credentials",
    }
}
