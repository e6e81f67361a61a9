//! The closed table of error codes that leave Gantry.
//!
//! Owns, for each code, its wire name, its status, whether it may travel by redirect and which
//! challenge it needs. Nothing else in Gantry chooses a status for an error.

/// Which `WWW-Authenticate` challenge an answer carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Challenge {
    /// None.
    None,
    /// `Basic`, where the client tried that header (RFC 6749 §5.2).
    Basic,
    /// `Bearer error="…"` (RFC 6750 §3).
    Bearer,
}

macro_rules! error_codes {
    ($($(#[$doc:meta])* $variant:ident = $wire:literal, $status:literal, redirect: $redirect:literal, $challenge:ident;)*) => {
        /// A code of RFC 6749, OpenID Connect Core, RFC 6750, RFC 8707 or Gantry's own pages and API.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ErrorCode { $($(#[$doc])* $variant,)* }

        impl ErrorCode {
            /// All codes.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name on the wire.
            pub const fn wire_name(self) -> &'static str {
                match self { $(Self::$variant => $wire,)* }
            }

            /// The HTTP status of a direct answer.
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)* }
            }

            /// Whether the authorization endpoint may send it to the client's redirect URI.
            /// Codes about the client or the redirect URI itself may not (RFC 6749 §4.1.2.1).
            pub const fn may_redirect(self) -> bool {
                match self { $(Self::$variant => $redirect,)* }
            }

            /// The challenge of a direct answer.
            pub const fn challenge(self) -> Challenge {
                match self { $(Self::$variant => Challenge::$challenge,)* }
            }
        }
    };
}

error_codes! {
    /// A parameter is missing, repeated or malformed.
    InvalidRequest = "invalid_request", 400, redirect: true, None;
    /// The client or its redirect URI is not known: answered by a page, never by a redirect.
    UnknownClient = "invalid_request", 400, redirect: false, None;
    /// Client authentication failed.
    InvalidClient = "invalid_client", 401, redirect: false, Basic;
    /// The code, refresh token or assertion does not hold.
    InvalidGrant = "invalid_grant", 400, redirect: false, None;
    /// This client may not do this.
    UnauthorizedClient = "unauthorized_client", 400, redirect: true, None;
    /// The grant type is not offered.
    UnsupportedGrantType = "unsupported_grant_type", 400, redirect: false, None;
    /// The response type is not offered.
    UnsupportedResponseType = "unsupported_response_type", 400, redirect: true, None;
    /// A scope is unknown or not this client's.
    InvalidScope = "invalid_scope", 400, redirect: true, None;
    /// A resource is unknown or not this client's (RFC 8707 §2).
    InvalidTarget = "invalid_target", 400, redirect: true, None;
    /// The person, or a rule, said no. The token endpoint says it too (RFC 6749 §5.2: status 400).
    AccessDenied = "access_denied", 400, redirect: true, None;
    /// `prompt=none` and nobody is signed in (OpenID Connect Core §3.1.2.6).
    LoginRequired = "login_required", 400, redirect: true, None;
    /// `prompt=none` and the consent page is due.
    ConsentRequired = "consent_required", 400, redirect: true, None;
    /// `prompt=none` and another page is due.
    InteractionRequired = "interaction_required", 400, redirect: true, None;
    /// `prompt=none` and an account has to be chosen.
    AccountSelectionRequired = "account_selection_required", 400, redirect: true, None;
    /// The demanded level of proof cannot be reached.
    UnmetAuthenticationRequirements = "unmet_authentication_requirements", 400, redirect: true, None;
    /// `request` is not offered (OpenID Connect Core §6).
    RequestNotSupported = "request_not_supported", 400, redirect: true, None;
    /// `request_uri` is not offered.
    RequestUriNotSupported = "request_uri_not_supported", 400, redirect: true, None;
    /// The reference of a pushed request does not hold (RFC 9126 §2.2): a page, since nothing says whose browser it is.
    InvalidRequestUri = "invalid_request_uri", 400, redirect: false, None;
    /// An access token does not hold (RFC 6750 §3.1).
    InvalidToken = "invalid_token", 401, redirect: false, Bearer;
    /// An access token lacks a scope.
    InsufficientScope = "insufficient_scope", 403, redirect: false, Bearer;
    /// The kind of token cannot be revoked here (RFC 7009 §2.2.1).
    UnsupportedTokenType = "unsupported_token_type", 400, redirect: false, None;
    /// A redirect URI cannot be registered (RFC 7591 §3.2.2).
    InvalidRedirectUri = "invalid_redirect_uri", 400, redirect: false, None;
    /// A client's record cannot be registered so.
    InvalidClientMetadata = "invalid_client_metadata", 400, redirect: false, None;
    /// Nothing is here, or nothing that this asker may know of.
    NotFound = "not_found", 404, redirect: false, None;
    /// The asker is known and may not.
    Forbidden = "forbidden", 403, redirect: false, None;
    /// The HTTP method is not offered here.
    MethodNotAllowed = "method_not_allowed", 405, redirect: false, None;
    /// What was sent contradicts what stands.
    Conflict = "conflict", 409, redirect: false, None;
    /// The record is no longer the one that the asker has seen (RFC 9110 §15.5.13).
    PreconditionFailed = "precondition_failed", 412, redirect: false, None;
    /// The key of a repeated request was used for another one.
    IdempotencyKeyReused = "idempotency_key_reused", 422, redirect: false, None;
    /// The same request is being carried out at this moment.
    RequestInFlight = "request_in_flight", 409, redirect: false, None;
    /// The body is too large.
    TooLarge = "too_large", 413, redirect: false, None;
    /// The body is of a type that this address does not take.
    UnsupportedMediaType = "unsupported_media_type", 415, redirect: false, None;
    /// The `Host` is none of this server's (attack catalogue §0.6).
    MisdirectedRequest = "misdirected_request", 421, redirect: false, None;
    /// Too many tries; `Retry-After` says when to come back.
    TooManyRequests = "too_many_requests", 429, redirect: false, None;
    /// Passing trouble of the server.
    TemporarilyUnavailable = "temporarily_unavailable", 503, redirect: true, None;
    /// A breakage of the server.
    ServerError = "server_error", 500, redirect: true, None;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_legal_on_the_wire() {
        for code in ErrorCode::ALL {
            let name = code.wire_name();
            assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{name}");
            assert!((400..600).contains(&code.status()), "{name}");
            assert_eq!(code.challenge() != Challenge::None, code.status() == 401 || *code == ErrorCode::InsufficientScope, "{name}");
        }
    }
}
