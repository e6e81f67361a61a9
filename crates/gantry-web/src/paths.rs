//! Every address of a realm, and the few that belong to the deployment.
//!
//! Owns the only spelling of each. The isolation tests walk [`ALL`].

pub mod console;

macro_rules! paths {
    ($($(#[$doc:meta])* $name:ident = $path:literal;)*) => {
        $($(#[$doc])* pub const $name: &str = $path;)*

        /// All addresses of a realm: below its base, those of the profile `keycloak` below its issuer.
        pub const ALL: &[&str] = &[$($path,)*];
    };
}

paths! {
    /// The realm's start page.
    WELCOME = "/";
    /// The realm's colours as a stylesheet.
    BRANDING_CSS = "/branding.css";

    /// RFC 6749 §3.1.
    AUTHORIZE = "/oauth/authorize";
    /// RFC 9126 §2.
    PAR = "/oauth/par";
    /// RFC 6749 §3.2.
    TOKEN = "/oauth/token";
    /// RFC 7662.
    INTROSPECT = "/oauth/introspect";
    /// Whether a gateway may let a request pass.
    FORWARD_AUTH = "/oauth/forward-auth";
    /// RFC 7009.
    REVOKE = "/oauth/revoke";
    /// OpenID Connect Core §5.3.
    USERINFO = "/oauth/userinfo";
    /// RFC 7517 §5.
    JWKS = "/oauth/jwks";
    /// A provider's own tokens, for apps that may have them.
    UPSTREAM_TOKEN = "/oauth/upstream-token";
    /// OpenID Connect RP-Initiated Logout 1.0.
    LOGOUT = "/oauth/logout";
    /// "Do you want to sign out?", where a client has asked for it.
    LOGOUT_CONFIRM = "/oauth/logout/confirm";

    /// [`AUTHORIZE`] in the profile `keycloak`.
    KEYCLOAK_AUTHORIZE = "/protocol/openid-connect/auth";
    /// [`PAR`] in the profile `keycloak`.
    KEYCLOAK_PAR = "/protocol/openid-connect/ext/par/request";
    /// [`TOKEN`] in the profile `keycloak`.
    KEYCLOAK_TOKEN = "/protocol/openid-connect/token";
    /// [`INTROSPECT`] in the profile `keycloak`.
    KEYCLOAK_INTROSPECT = "/protocol/openid-connect/token/introspect";
    /// [`REVOKE`] in the profile `keycloak`.
    KEYCLOAK_REVOKE = "/protocol/openid-connect/revoke";
    /// [`USERINFO`] in the profile `keycloak`.
    KEYCLOAK_USERINFO = "/protocol/openid-connect/userinfo";
    /// [`JWKS`] in the profile `keycloak`.
    KEYCLOAK_JWKS = "/protocol/openid-connect/certs";
    /// [`LOGOUT`] in the profile `keycloak`.
    KEYCLOAK_LOGOUT = "/protocol/openid-connect/logout";

    /// OpenID Connect Discovery 1.0 §4.
    OPENID_CONFIGURATION = "/.well-known/openid-configuration";
    /// RFC 8414 §3, below the issuer.
    OAUTH_METADATA = "/.well-known/oauth-authorization-server";

    /// The address, first step of signing in.
    SIGN_IN = "/sign-in";
    /// The password.
    SIGN_IN_PASSWORD = "/sign-in/password";
    /// Which of the accounts that the browser knows.
    SIGN_IN_ACCOUNT = "/sign-in/account";
    /// Sends the browser to a connection's provider.
    CONNECTION_START = "/connections/{slug}/start";
    /// Where that provider sends it back to.
    CONNECTION_CALLBACK = "/connections/{slug}/callback";
    /// Back to the app, after a sign-in with a provider that failed.
    SIGN_IN_BACK = "/sign-in/back";
    /// The ways to prove that an account or an address is one's own, and its password.
    PROVE = "/sign-in/prove";
    /// A mail that proves it.
    PROVE_MAIL = "/sign-in/prove/mail";
    /// Where that mail leads.
    PROVE_LINK = "/sign-in/prove/link";
    /// Letting go of what is to be proved.
    PROVE_CANCEL = "/sign-in/prove/cancel";
    /// The dispatcher: decides what comes next for a request.
    CONTINUE = "/continue";
    /// The tenant page's choice.
    TENANT = "/tenant";
    /// The consent page's decision.
    CONSENT = "/consent";
    /// Making an account.
    SIGN_UP = "/sign-up";
    /// "We sent you a mail".
    CHECK_MAIL = "/check-mail";
    /// Where a verification mail leads.
    VERIFY_EMAIL = "/verify-email";
    /// Where an invitation leads, and its acceptance.
    INVITATION = "/invitation";
    /// Asking for a reset mail.
    RESET = "/reset";
    /// Where a reset mail leads.
    RESET_PASSWORD = "/reset/password";
    /// Signing out from Gantry's own pages.
    SIGN_OUT = "/sign-out";
    /// Where a browser comes back to that was signed out at its provider.
    SIGNED_OUT = "/signed-out";
    /// Where a provider says that somebody has signed out there (OpenID Connect Back-Channel Logout 1.0).
    CONNECTION_LOGOUT = "/connections/{slug}/logout";

    /// The signed-in person's own pages.
    ACCOUNT = "/account";
    /// Changing the name.
    ACCOUNT_PROFILE = "/account/profile";
    /// Changing the password.
    ACCOUNT_PASSWORD = "/account/password";
    /// A mail to set a first password.
    ACCOUNT_PASSWORD_MAIL = "/account/password/mail";
    /// Taking a way to sign in away.
    ACCOUNT_CONNECTIONS = "/account/connections";
    /// Linking one.
    ACCOUNT_CONNECTIONS_LINK = "/account/connections/link";
    /// Making two accounts one.
    ACCOUNT_MERGE = "/account/merge";
    /// Ending a session, or all others.
    ACCOUNT_SESSIONS = "/account/sessions";
    /// Removing an app's access.
    ACCOUNT_APPS = "/account/apps";
    /// The person's own tokens for APIs, and making one.
    ACCOUNT_TOKENS = "/account/tokens";
    /// Ending one of them.
    ACCOUNT_TOKENS_REVOKE = "/account/tokens/revoke";

    /// What happened at a sign-in with a provider.
    TRACE = "/traces/{trace}";
    /// Making a link that shows it.
    TRACE_SHARE = "/traces/{trace}/share";
    /// Where such a link leads.
    TRACE_SHARED = "/traces/shared/{token}";

    /// What a refusal means: `error_uri` of RFC 6749 §5.2.
    EXPLANATION = "/errors/{reason}";

    /// Where the first operator's link leads.
    FIRST_OPERATOR = "/operator/first";
}

/// [`EXPLANATION`] up to its reason.
pub const EXPLANATIONS: &str = "/errors/";

/// Where realms without a host of their own live: `{public}/realms/{realm}`.
pub const REALM_PREFIX: &str = "/realms/{realm}";

/// Where the profile `keycloak` may have its realms too.
pub const AUTH_REALM_PREFIX: &str = "/auth/realms/{realm}";

/// RFC 8414 §3.1: the well-known part goes between host and path of the issuer.
pub const OAUTH_METADATA_INSERTED: &str = "/.well-known/oauth-authorization-server/realms/{realm}";
/// The same for issuers below [`AUTH_REALM_PREFIX`].
pub const OAUTH_METADATA_INSERTED_AUTH: &str = "/.well-known/oauth-authorization-server/auth/realms/{realm}";

/// The endpoints that programs call, whatever stands before them: their errors are JSON.
pub const FOR_PROGRAMS: &[&str] = &[
    PAR,
    TOKEN,
    INTROSPECT,
    FORWARD_AUTH,
    REVOKE,
    USERINFO,
    UPSTREAM_TOKEN,
    CONNECTION_LOGOUT,
    JWKS,
    KEYCLOAK_PAR,
    KEYCLOAK_TOKEN,
    KEYCLOAK_INTROSPECT,
    KEYCLOAK_REVOKE,
    KEYCLOAK_USERINFO,
    KEYCLOAK_JWKS,
    OPENID_CONFIGURATION,
    OAUTH_METADATA,
];

/// Of these, what is served from memory to everybody.
pub const DOCUMENTS: &[&str] = &[JWKS, KEYCLOAK_JWKS, OPENID_CONFIGURATION, OAUTH_METADATA];

/// Files that never change under their name, on every host.
pub const STATIC: &str = "/static/{path:.*}";

/// The admin API, on the public URL alone.
pub const ADMIN_API: &str = "/api/admin/v1";

/// Below [`ADMIN_API`]: its OpenAPI document.
pub const OPENAPI: &str = "/openapi.json";

/// On the management listener: the process runs.
pub const HEALTH_LIVE: &str = "/health/live";
/// On the management listener: requests will be answered.
pub const HEALTH_READY: &str = "/health/ready";
/// On the management listener: figures for Prometheus.
pub const METRICS: &str = "/metrics";
