//! Who is in a realm: people, their sessions, the programs that administer it, and invitations.

addresses! {
    /// Programs with keys to the admin API.
    SERVICE_ACCOUNTS = "/console/realms/{realm}/service-accounts", [Get], Realm;
    /// Making one.
    SERVICE_ACCOUNT_NEW = "/console/realms/{realm}/service-accounts/new", [Get, Post], Realm;
    /// One of them.
    SERVICE_ACCOUNT = "/console/realms/{realm}/service-accounts/{account}", [Get], Realm;
    /// What it is called and may do, and another key for it.
    SERVICE_ACCOUNT_SETTINGS = "/console/realms/{realm}/service-accounts/{account}/settings", [Get, Post], Realm;
    /// Makes a key.
    SERVICE_ACCOUNT_KEYS = "/console/realms/{realm}/service-accounts/{account}/keys", [Post], Realm;
    /// Ends one.
    SERVICE_ACCOUNT_KEY_END = "/console/realms/{realm}/service-accounts/{account}/keys/end", [Post], Realm;
    /// Switches it off or on.
    SERVICE_ACCOUNT_STATE = "/console/realms/{realm}/service-accounts/{account}/state", [Post], Realm;
    /// Removes it.
    SERVICE_ACCOUNT_DELETE = "/console/realms/{realm}/service-accounts/{account}/delete", [Get, Post], Realm;
    /// Everybody with an account.
    PEOPLE = "/console/realms/{realm}/people", [Get], Realm;
    /// Making somebody one.
    PERSON_NEW = "/console/realms/{realm}/people/new", [Get, Post], Realm;
    /// Does something to several of them.
    PEOPLE_BULK = "/console/realms/{realm}/people/bulk", [Post], Realm;
    /// A person, and their profile.
    PERSON = "/console/realms/{realm}/people/{user}", [Get, Post], Realm;
    /// Where they can be reached, and vouching for it.
    PERSON_ADDRESS = "/console/realms/{realm}/people/{user}/address", [Get, Post], Realm;
    /// What they may administer.
    PERSON_ROLES = "/console/realms/{realm}/people/{user}/roles", [Get, Post], Realm;
    /// Locks their account, or opens it again.
    PERSON_LOCK = "/console/realms/{realm}/people/{user}/lock", [Post], Realm;
    /// Mails them a link to a new password.
    PERSON_RESET = "/console/realms/{realm}/people/{user}/reset", [Post], Realm;
    /// Ends all their sessions.
    PERSON_SIGN_OUT = "/console/realms/{realm}/people/{user}/sign-out", [Post], Realm;
    /// Takes their account away.
    PERSON_DELETE = "/console/realms/{realm}/people/{user}/delete", [Get, Post], Realm;
    /// Their accounts elsewhere.
    PERSON_IDENTITIES = "/console/realms/{realm}/people/{user}/identities", [Get], Realm;
    /// Takes one of those away.
    PERSON_UNLINK = "/console/realms/{realm}/people/{user}/identities/{identity}/unlink", [Post], Realm;
    /// The tenants that they belong to.
    PERSON_MEMBERSHIPS = "/console/realms/{realm}/people/{user}/memberships", [Get], Realm;
    /// Where they are signed in.
    PERSON_SESSIONS = "/console/realms/{realm}/people/{user}/sessions", [Get], Realm;
    /// Ends one of those.
    PERSON_SESSION_END = "/console/realms/{realm}/people/{user}/sessions/{session}/end", [Post], Realm;
    /// What they allowed apps, and their own tokens.
    PERSON_ACCESS = "/console/realms/{realm}/people/{user}/access", [Get], Realm;
    /// Takes back what they allowed an app.
    PERSON_ACCESS_REVOKE = "/console/realms/{realm}/people/{user}/access/{client}/revoke", [Post], Realm;
    /// Takes back one thing that they allowed.
    PERSON_GRANT_REVOKE = "/console/realms/{realm}/people/{user}/grants/{grant}/revoke", [Post], Realm;
    /// Ends one of their own tokens.
    PERSON_TOKEN_REVOKE = "/console/realms/{realm}/people/{user}/tokens/revoke", [Post], Realm;
    /// What happened to their account.
    PERSON_HISTORY = "/console/realms/{realm}/people/{user}/history", [Get], Realm;
    /// What is held about them.
    PERSON_DATA = "/console/realms/{realm}/people/{user}/data", [Get], Realm;
    /// Takes all of it out.
    PERSON_EXPORT = "/console/realms/{realm}/people/{user}/data/export", [Post], Realm;
    /// Erases it.
    PERSON_ERASE = "/console/realms/{realm}/people/{user}/data/erase", [Get, Post], Realm;
    /// Where anybody is signed in.
    SESSIONS = "/console/realms/{realm}/sessions", [Get], Realm;
    /// Ends several of those.
    SESSIONS_BULK = "/console/realms/{realm}/sessions/bulk", [Post], Realm;
    /// Ends one of those.
    SESSION_END = "/console/realms/{realm}/sessions/{session}/end", [Post], Realm;
    /// Invitations to the realm's own roles.
    INVITATIONS = "/console/realms/{realm}/invitations", [Get], Realm;
    /// Sending one.
    INVITATION_NEW = "/console/realms/{realm}/invitations/new", [Get, Post], Realm;
    /// Does something to several.
    INVITATIONS_BULK = "/console/realms/{realm}/invitations/bulk", [Post], Realm;
    /// Sends it again, with another link.
    INVITATION_RESEND = "/console/realms/{realm}/invitations/{invitation}/resend", [Post], Realm;
    /// Takes it back.
    INVITATION_REVOKE = "/console/realms/{realm}/invitations/{invitation}/revoke", [Post], Realm;
}
