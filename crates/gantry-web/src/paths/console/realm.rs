//! What a realm decides: its settings, its looks, its signing keys.

addresses! {
    /// What a realm decides about its tokens.
    SETTINGS = "/console/realms/{realm}/settings", [Get, Post], Realm;
    /// About sign-in, sessions and sign-up.
    SETTINGS_SIGN_IN = "/console/realms/{realm}/settings/sign-in", [Get, Post], Realm;
    /// About authorization requests.
    SETTINGS_AUTHORIZATION = "/console/realms/{realm}/settings/authorization", [Get, Post], Realm;
    /// About tenants in tokens.
    SETTINGS_TENANTS = "/console/realms/{realm}/settings/tenants", [Get, Post], Realm;
    /// About the addresses of its endpoints.
    SETTINGS_ENDPOINTS = "/console/realms/{realm}/settings/endpoints", [Get, Post], Realm;
    /// About the header of App Keys.
    SETTINGS_APP_KEYS = "/console/realms/{realm}/settings/app-keys", [Get, Post], Realm;
    /// About personal tokens.
    SETTINGS_PERSONAL_TOKENS = "/console/realms/{realm}/settings/personal-tokens", [Get, Post], Realm;
    /// Hosts of its own.
    SETTINGS_HOSTS = "/console/realms/{realm}/settings/hosts", [Get, Post], Operator;
    /// What can be ended all at once.
    SETTINGS_STANDING = "/console/realms/{realm}/settings/standing", [Get], Realm;
    /// Ends everything that was issued.
    SETTINGS_REVOKE = "/console/realms/{realm}/settings/revoke", [Post], Realm;
    /// Switches the realm off or on.
    SETTINGS_STATE = "/console/realms/{realm}/settings/state", [Post], Operator;
    /// How its pages look.
    BRANDING = "/console/realms/{realm}/branding", [Get, Post], Realm;
    /// Its sign-in page as it would look, for the frame on the page before.
    BRANDING_PREVIEW = "/console/realms/{realm}/branding/preview", [Get], Realm;
    /// The colours of that.
    BRANDING_PREVIEW_CSS = "/console/realms/{realm}/branding/preview.css", [Get], Realm;
    /// Its signing keys.
    KEYS = "/console/realms/{realm}/keys", [Get], Realm;
    /// Lets the next one sign.
    KEYS_ROTATE = "/console/realms/{realm}/keys/rotate", [Post], Realm;
    /// The same after a compromise.
    KEYS_WITHDRAW = "/console/realms/{realm}/keys/withdraw", [Post], Realm;
}
