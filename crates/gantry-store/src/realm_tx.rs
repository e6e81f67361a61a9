//! The realm-scoped handle: every query of a tenant's data hangs off it, so none can forget the realm.

use gantry_core::id::RealmId;

use crate::record;

/// A handle on one realm's rows: inside a transaction, or for single reads outside one.
#[derive(Debug)]
pub struct RealmTx {
    realm: RealmId,
}

impl RealmTx {
    /// The realm that every query of this handle is limited to.
    pub const fn realm_id(&self) -> RealmId {
        self.realm
    }

    /// The realm itself.
    pub const fn realms(&self) -> record::realm::Realms<'_> {
        record::realm::Realms(self)
    }

    /// People.
    pub const fn users(&self) -> record::user::Users<'_> {
        record::user::Users(self)
    }

    /// Password hashes.
    pub const fn passwords(&self) -> record::password::Passwords<'_> {
        record::password::Passwords(self)
    }

    /// Customer organizations.
    pub const fn tenants(&self) -> record::tenant::Tenants<'_> {
        record::tenant::Tenants(self)
    }

    /// Who belongs to which tenant.
    pub const fn memberships(&self) -> record::membership::Memberships<'_> {
        record::membership::Memberships(self)
    }

    /// Ways to sign in.
    pub const fn connections(&self) -> record::connection::Connections<'_> {
        record::connection::Connections(self)
    }

    /// APIs.
    pub const fn resources(&self) -> record::resource::Resources<'_> {
        record::resource::Resources(self)
    }

    /// Permissions.
    pub const fn scopes(&self) -> record::scope::Scopes<'_> {
        record::scope::Scopes(self)
    }

    /// Developer teams.
    pub const fn publishers(&self) -> record::publisher::Publishers<'_> {
        record::publisher::Publishers(self)
    }

    /// Apps.
    pub const fn clients(&self) -> record::client::Clients<'_> {
        record::client::Clients(self)
    }

    /// Clients' secrets.
    pub const fn client_secrets(&self) -> record::client_secret::ClientSecrets<'_> {
        record::client_secret::ClientSecrets(self)
    }

    /// Signed-in browsers.
    pub const fn sessions(&self) -> record::session::Sessions<'_> {
        record::session::Sessions(self)
    }

    /// What people allowed clients.
    pub const fn grants(&self) -> record::grant::Grants<'_> {
        record::grant::Grants(self)
    }

    /// Remembered decisions.
    pub const fn consents(&self) -> record::consent::Consents<'_> {
        record::consent::Consents(self)
    }

    /// Requests that a person has acted on.
    pub const fn requests(&self) -> record::authorization_request::AuthorizationRequests<'_> {
        record::authorization_request::AuthorizationRequests(self)
    }

    /// Codes.
    pub const fn codes(&self) -> record::authorization_code::AuthorizationCodes<'_> {
        record::authorization_code::AuthorizationCodes(self)
    }

    /// Chains of refresh tokens.
    pub const fn families(&self) -> record::refresh_family::RefreshFamilies<'_> {
        record::refresh_family::RefreshFamilies(self)
    }

    /// Opaque access tokens, and revoked JWTs.
    pub const fn access_tokens(&self) -> record::access_token::AccessTokens<'_> {
        record::access_token::AccessTokens(self)
    }

    /// Client assertions that were seen.
    pub const fn assertions(&self) -> record::assertion::Assertions<'_> {
        record::assertion::Assertions(self)
    }

    /// Signing keys.
    pub const fn signing_keys(&self) -> record::signing_key::SigningKeys<'_> {
        record::signing_key::SigningKeys(self)
    }

    /// Single-use links.
    pub const fn action_links(&self) -> record::action_link::ActionLinks<'_> {
        record::action_link::ActionLinks(self)
    }

    /// The audit trail.
    pub const fn audit(&self) -> record::audit::AuditTrail<'_> {
        record::audit::AuditTrail(self)
    }

    /// Messages that wait to leave.
    pub const fn outbox(&self) -> record::outbox::Outbox<'_> {
        record::outbox::Outbox(self)
    }
}
