//! What a realm has registered: clients, and the scopes, APIs and publishers about them.

addresses! {
    /// The realm's clients.
    CLIENTS = "/console/realms/{realm}/clients", [Get], Realm;
    /// Registering one.
    CLIENT_NEW = "/console/realms/{realm}/clients/new", [Get, Post], Realm;
    /// Whether a redirect URI can be registered: `uri`, `kind`.
    CLIENT_URI_CHECK = "/console/realms/{realm}/clients/redirect-uri", [Get], Realm;
    /// Does something to several clients.
    CLIENTS_BULK = "/console/realms/{realm}/clients/bulk", [Post], Realm;
    /// One client.
    CLIENT = "/console/realms/{realm}/clients/{client}", [Get], Realm;
    /// Switches a client on or off.
    CLIENT_ENABLED = "/console/realms/{realm}/clients/{client}/enabled", [Post], Realm;
    /// Removes it.
    CLIENT_REMOVE = "/console/realms/{realm}/clients/{client}/remove", [Get, Post], Realm;
    /// Its settings.
    CLIENT_SETTINGS = "/console/realms/{realm}/clients/{client}/settings", [Get, Post], Realm;
    /// What a client proves itself with.
    CLIENT_CREDENTIALS = "/console/realms/{realm}/clients/{client}/credentials", [Get], Realm;
    /// A new secret.
    CLIENT_SECRETS = "/console/realms/{realm}/clients/{client}/secrets", [Get, Post], Realm;
    /// Ends a secret.
    CLIENT_SECRET = "/console/realms/{realm}/clients/{client}/secrets/{secret}", [Post], Realm;
    /// A new App Key.
    CLIENT_APP_KEYS = "/console/realms/{realm}/clients/{client}/app-keys", [Get, Post], Realm;
    /// Revokes an App Key.
    CLIENT_APP_KEY = "/console/realms/{realm}/clients/{client}/app-keys/{app_key}", [Post], Realm;
    /// Who lets it in.
    CLIENT_ACCESS = "/console/realms/{realm}/clients/{client}/access", [Get], Realm;
    /// Takes one person's access back.
    CLIENT_ACCESS_PERSON = "/console/realms/{realm}/clients/{client}/access/{user}", [Post], Realm;
    /// A real authorization request for it.
    CLIENT_TEST = "/console/realms/{realm}/clients/{client}/test", [Get, Post], Realm;
    /// The realm's scopes.
    SCOPES = "/console/realms/{realm}/scopes", [Get], Realm;
    /// Making one.
    SCOPE_NEW = "/console/realms/{realm}/scopes/new", [Get, Post], Realm;
    /// The consent page with a scope that is being typed: a page of a frame.
    SCOPE_PREVIEW = "/console/realms/{realm}/scopes/preview", [Get], Realm;
    /// One scope.
    SCOPE = "/console/realms/{realm}/scopes/{scope}", [Get, Post], Realm;
    /// Removes it.
    SCOPE_REMOVE = "/console/realms/{realm}/scopes/{scope}/remove", [Get, Post], Realm;
    /// The realm's APIs.
    RESOURCES = "/console/realms/{realm}/resources", [Get], Realm;
    /// Declaring one.
    RESOURCE_NEW = "/console/realms/{realm}/resources/new", [Get, Post], Realm;
    /// One API.
    RESOURCE = "/console/realms/{realm}/resources/{resource}", [Get, Post], Realm;
    /// Removes it.
    RESOURCE_REMOVE = "/console/realms/{realm}/resources/{resource}/remove", [Get, Post], Realm;
    /// The realm's developer teams.
    PUBLISHERS = "/console/realms/{realm}/publishers", [Get], Realm;
    /// Making one.
    PUBLISHER_NEW = "/console/realms/{realm}/publishers/new", [Get, Post], Realm;
    /// One team.
    PUBLISHER = "/console/realms/{realm}/publishers/{publisher}", [Get, Post], Realm;
    /// Removes it.
    PUBLISHER_REMOVE = "/console/realms/{realm}/publishers/{publisher}/remove", [Get, Post], Realm;
    /// Where the answer of a client's test comes to. It names no realm: what the browser kept does.
    CLIENT_TEST_CALLBACK = "/console/test/callback", [Get], SignedIn;
}
