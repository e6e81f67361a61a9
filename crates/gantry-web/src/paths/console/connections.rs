//! A realm's connections.

addresses! {
    /// Ways to sign in with somebody else's server.
    CONNECTIONS = "/console/realms/{realm}/connections", [Get], Realm;
    /// A new one.
    CONNECTION_NEW = "/console/realms/{realm}/connections/new", [Get, Post], Realm;
    /// How one stands.
    CONNECTION = "/console/realms/{realm}/connections/{connection}", [Get], Realm;
    /// Switches it on or off.
    CONNECTION_STATE = "/console/realms/{realm}/connections/{connection}/state", [Post], Realm;
    /// Asks its provider about itself.
    CONNECTION_PROBE = "/console/realms/{realm}/connections/{connection}/probe", [Post], Realm;
    /// Takes it away.
    CONNECTION_DELETE = "/console/realms/{realm}/connections/{connection}/delete", [Get, Post], Realm;
    /// What is decided about it.
    CONNECTION_SETTINGS = "/console/realms/{realm}/connections/{connection}/settings", [Get, Post], Realm;
    /// What it proves itself with.
    CONNECTION_SECRETS = "/console/realms/{realm}/connections/{connection}/secrets", [Get, Post], Realm;
    /// Where things are in its provider's claims.
    CONNECTION_CLAIMS = "/console/realms/{realm}/connections/{connection}/claims", [Get, Post], Realm;
    /// What would come of given claims.
    CONNECTION_DRY_RUN = "/console/realms/{realm}/connections/{connection}/dry-run", [Get, Post], Realm;
    /// Whose accounts it may link.
    CONNECTION_LINKING = "/console/realms/{realm}/connections/{connection}/linking", [Get, Post], Realm;
    /// The tenants that have it.
    CONNECTION_ATTACHMENTS = "/console/realms/{realm}/connections/{connection}/tenants", [Get, Post], Realm;
    /// Trying it out.
    CONNECTION_TEST = "/console/realms/{realm}/connections/{connection}/test", [Get, Post], Realm;
    /// Where a browser comes back to that tries it out.
    CONNECTION_TEST_BACK = "/console/realms/{realm}/connections/{connection}/test/back", [Get], Realm;
    /// What came of it.
    CONNECTION_TESTED = "/console/realms/{realm}/connections/{connection}/test/{trace}", [Get], Realm;
}
