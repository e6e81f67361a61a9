//! Every address of the admin console, who takes it, and for whom it is.
//!
//! Owns their only spelling. They are on the public URL alone; a realm's own host has none of them. The
//! tests of who may do what walk [`ALL`], so an address that is not here is not served.

/// Where all of them are. No address of a realm begins so.
pub const PREFIX: &str = "/console";

/// What an address takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Shows something, changes nothing.
    Get,
    /// A form.
    Post,
}

/// For whom an address is. Everybody above may too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Whoever asks, signed in or not.
    Anyone,
    /// Whoever administers anything.
    SignedIn,
    /// Operators of the deployment.
    Operator,
    /// Admins of the realm that the address names.
    Realm,
    /// Admins of the tenant that the address names.
    Tenant,
}

/// An address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Address {
    /// Its pattern.
    pub path: &'static str,
    /// What it takes.
    pub verbs: &'static [Verb],
    /// For whom it is.
    pub audience: Audience,
}

macro_rules! addresses {
    ($($(#[$doc:meta])* $name:ident = $path:literal, [$($verb:ident),+], $audience:ident;)*) => {
        $($(#[$doc])* pub const $name: &str = $path;)*

        /// All addresses of the console. Fixed ones stand before patterns that would match them too.
        pub const ALL: &[Address] =
            &[$(Address { path: $path, verbs: &[$(Verb::$verb),+], audience: Audience::$audience },)*];
    };
}

addresses! {
    /// The console's start: leads on to the one place that a person administers.
    HOME = "/console", [Get], SignedIn;
    /// Asks for the realm that the person belongs to, and sends them there to sign in.
    SIGN_IN = "/console/sign-in", [Get, Post], Anyone;
    /// Sends a signed-in person to prove themself once more, see `Console::fresh`.
    SIGN_IN_AGAIN = "/console/sign-in/again", [Get], Anyone;
    /// Where the realm sends them back to.
    CALLBACK = "/console/callback", [Get], Anyone;
    /// Says that a person administers nothing.
    NO_ROLE = "/console/no-role", [Get], Anyone;
    /// Signs out; afterwards says so.
    SIGN_OUT = "/console/sign-out", [Get, Post], Anyone;
    /// The places that a person administers, to choose from.
    PLACES = "/console/places", [Get], SignedIn;

    /// The person's own sessions, and ending one.
    OWN_SESSIONS = "/console/sessions", [Get, Post], SignedIn;

    /// All realms.
    REALMS = "/console/realms", [Get], Operator;
    /// Making one.
    REALM_NEW = "/console/realms/new", [Get, Post], Operator;
    /// Everything about one realm begins here.
    REALM = "/console/realms/{realm}", [Get], Realm;
    /// Everything in it by its words.
    SEARCH = "/console/realms/{realm}/search", [Get], Realm;

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

    /// Ways to sign in with somebody else's server.
    CONNECTIONS = "/console/realms/{realm}/connections", [Get], Realm;
    /// A new one.
    CONNECTION_NEW = "/console/realms/{realm}/connections/new", [Get, Post], Realm;
    /// How one stands.
    CONNECTION = "/console/realms/{realm}/connections/{connection}", [Get], Realm;
    /// Switches it on or off.
    CONNECTION_STATE = "/console/realms/{realm}/connections/{connection}/state", [Post], Realm;
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
    /// The realm's clients.
    CLIENTS = "/console/realms/{realm}/clients", [Get], Realm;
    /// Registering one.
    CLIENT_NEW = "/console/realms/{realm}/clients/new", [Get, Post], Realm;
    /// Whether a redirect URI can be registered: `uri`, `kind`.
    CLIENT_URI_CHECK = "/console/realms/{realm}/clients/redirect-uri", [Get], Realm;
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
    /// Ends one of those.
    SESSION_END = "/console/realms/{realm}/sessions/{session}/end", [Post], Realm;
    /// What happened, by whom.
    AUDIT = "/console/realms/{realm}/audit", [Get], Realm;
    /// The same as a file.
    AUDIT_EXPORT = "/console/realms/{realm}/audit/export", [Post], Realm;
    /// One thing that happened.
    AUDIT_ENTRY = "/console/realms/{realm}/audit/{entry}", [Get], Realm;
    /// Mail that waits to leave.
    MAIL = "/console/realms/{realm}/mail", [Get], Realm;
    /// The mails that the realm can word itself.
    MAIL_TEXTS = "/console/realms/{realm}/mail/texts", [Get], Realm;
    /// How one of them is worded.
    MAIL_TEXT = "/console/realms/{realm}/mail/text", [Get, Post], Realm;
    /// Gives it its own words back.
    MAIL_TEXT_RESET = "/console/realms/{realm}/mail/text/reset", [Post], Realm;
    /// Sends it to whoever asks.
    MAIL_SAMPLE = "/console/realms/{realm}/mail/text/sample", [Post], Realm;
    /// Has a mail tried at once.
    MAIL_RETRY = "/console/realms/{realm}/mail/{mail}/retry", [Post], Realm;
    /// Ends the trying of a mail.
    MAIL_GIVE_UP = "/console/realms/{realm}/mail/{mail}/give-up", [Post], Realm;
    /// Sign-ins with providers, step by step.
    TRACES = "/console/realms/{realm}/traces", [Get], Realm;
    /// One of them.
    TRACE = "/console/realms/{realm}/traces/{trace}", [Get], Realm;
    /// Makes a link that shows it.
    TRACE_SHARE = "/console/realms/{realm}/traces/{trace}/share", [Post], Realm;
    /// The realm's tenants.
    TENANTS = "/console/realms/{realm}/tenants", [Get], Realm;
    /// Making one.
    TENANT_NEW = "/console/realms/{realm}/tenants/new", [Get, Post], Realm;
    /// Invitations to the realm's own roles.
    INVITATIONS = "/console/realms/{realm}/invitations", [Get], Realm;
    /// Sending one.
    INVITATION_NEW = "/console/realms/{realm}/invitations/new", [Get, Post], Realm;
    /// Sends it again, with another link.
    INVITATION_RESEND = "/console/realms/{realm}/invitations/{invitation}/resend", [Post], Realm;
    /// Takes it back.
    INVITATION_REVOKE = "/console/realms/{realm}/invitations/{invitation}/revoke", [Post], Realm;

    /// Everything about one tenant begins here.
    TENANT = "/console/realms/{realm}/tenants/{tenant}", [Get], Tenant;

    /// [`AUDIT`] of a tenant.
    TENANT_AUDIT = "/console/realms/{realm}/tenants/{tenant}/audit", [Get], Tenant;
    /// [`AUDIT_EXPORT`] of a tenant.
    TENANT_AUDIT_EXPORT = "/console/realms/{realm}/tenants/{tenant}/audit/export", [Post], Tenant;
    /// [`AUDIT_ENTRY`] of a tenant.
    TENANT_AUDIT_ENTRY = "/console/realms/{realm}/tenants/{tenant}/audit/{entry}", [Get], Tenant;
    /// [`TRACES`] of a tenant.
    TENANT_TRACES = "/console/realms/{realm}/tenants/{tenant}/traces", [Get], Tenant;
    /// [`TRACE`] of a tenant.
    TENANT_TRACE = "/console/realms/{realm}/tenants/{tenant}/traces/{trace}", [Get], Tenant;
    /// [`TRACE_SHARE`] of a tenant.
    TENANT_TRACE_SHARE = "/console/realms/{realm}/tenants/{tenant}/traces/{trace}/share", [Post], Tenant;

    /// What is decided about a tenant.
    TENANT_SETTINGS = "/console/realms/{realm}/tenants/{tenant}/settings", [Get, Post], Tenant;
    /// How its pages look.
    TENANT_BRANDING = "/console/realms/{realm}/tenants/{tenant}/branding", [Get, Post], Tenant;
    /// Suspends it, or ends that.
    TENANT_SUSPENSION = "/console/realms/{realm}/tenants/{tenant}/suspension", [Get, Post], Realm;
    /// Who belongs to it, and who is invited.
    TENANT_MEMBERS = "/console/realms/{realm}/tenants/{tenant}/members", [Get], Tenant;
    /// Invites somebody.
    TENANT_INVITATION_NEW = "/console/realms/{realm}/tenants/{tenant}/members/invite", [Get, Post], Tenant;
    /// One member, and their role.
    TENANT_MEMBER = "/console/realms/{realm}/tenants/{tenant}/members/{user}", [Get, Post], Tenant;
    /// Takes a member out.
    TENANT_MEMBER_REMOVE = "/console/realms/{realm}/tenants/{tenant}/members/{user}/remove", [Get, Post], Tenant;
    /// Sends an invitation again, with another link.
    TENANT_INVITATION_RESEND = "/console/realms/{realm}/tenants/{tenant}/invitations/{invitation}/resend", [Post], Tenant;
    /// Takes it back.
    TENANT_INVITATION_REVOKE = "/console/realms/{realm}/tenants/{tenant}/invitations/{invitation}/revoke", [Post], Tenant;
    /// Its domains, and claiming one.
    TENANT_DOMAINS = "/console/realms/{realm}/tenants/{tenant}/domains", [Get, Post], Tenant;
    /// One domain, and how it is proved.
    TENANT_DOMAIN = "/console/realms/{realm}/tenants/{tenant}/domains/{domain}", [Get], Tenant;
    /// Looks for the proof.
    TENANT_DOMAIN_VERIFY = "/console/realms/{realm}/tenants/{tenant}/domains/{domain}/verify", [Post], Tenant;
    /// Takes an admin's word in its place.
    TENANT_DOMAIN_VOUCH = "/console/realms/{realm}/tenants/{tenant}/domains/{domain}/vouch", [Post], Realm;
    /// Gives it back.
    TENANT_DOMAIN_REMOVE = "/console/realms/{realm}/tenants/{tenant}/domains/{domain}/remove", [Get, Post], Tenant;
    /// The apps that it has heard of.
    TENANT_APPS = "/console/realms/{realm}/tenants/{tenant}/apps", [Get], Tenant;
    /// Decides about one.
    TENANT_APP = "/console/realms/{realm}/tenants/{tenant}/apps/{client}", [Post], Tenant;
    /// A tenant's own ways to sign in, and the names of those that the realm offers it.
    TENANT_CONNECTIONS = "/console/realms/{realm}/tenants/{tenant}/connections", [Get], Tenant;
    /// [`CONNECTION_NEW`] of a tenant's own.
    TENANT_CONNECTION_NEW = "/console/realms/{realm}/tenants/{tenant}/connections/new", [Get, Post], Tenant;
    /// [`CONNECTION`] of a tenant's own.
    TENANT_CONNECTION = "/console/realms/{realm}/tenants/{tenant}/connections/{connection}", [Get], Tenant;
    /// [`CONNECTION_STATE`] of a tenant's own.
    TENANT_CONNECTION_STATE = "/console/realms/{realm}/tenants/{tenant}/connections/{connection}/state", [Post], Tenant;
    /// [`CONNECTION_DELETE`] of a tenant's own.
    TENANT_CONNECTION_DELETE = "/console/realms/{realm}/tenants/{tenant}/connections/{connection}/delete", [Get, Post], Tenant;
    /// [`CONNECTION_SETTINGS`] of a tenant's own.
    TENANT_CONNECTION_SETTINGS = "/console/realms/{realm}/tenants/{tenant}/connections/{connection}/settings", [Get, Post], Tenant;
    /// [`CONNECTION_SECRETS`] of a tenant's own.
    TENANT_CONNECTION_SECRETS = "/console/realms/{realm}/tenants/{tenant}/connections/{connection}/secrets", [Get, Post], Tenant;
    /// [`CONNECTION_CLAIMS`] of a tenant's own.
    TENANT_CONNECTION_CLAIMS = "/console/realms/{realm}/tenants/{tenant}/connections/{connection}/claims", [Get, Post], Tenant;
    /// [`CONNECTION_DRY_RUN`] of a tenant's own.
    TENANT_CONNECTION_DRY_RUN = "/console/realms/{realm}/tenants/{tenant}/connections/{connection}/dry-run", [Get, Post], Tenant;
    /// [`CONNECTION_LINKING`] of a tenant's own.
    TENANT_CONNECTION_LINKING = "/console/realms/{realm}/tenants/{tenant}/connections/{connection}/linking", [Get, Post], Tenant;
    /// Who joins the tenant by a connection: its own, or one of the realm's.
    TENANT_CONNECTION_JOINING = "/console/realms/{realm}/tenants/{tenant}/connections/{connection}/joining", [Get, Post], Tenant;
    /// Takes one of the realm's away from the tenant.
    TENANT_CONNECTION_DETACH = "/console/realms/{realm}/tenants/{tenant}/connections/{connection}/detach", [Post], Tenant;
    /// [`CONNECTION_TEST`] of a tenant's own.
    TENANT_CONNECTION_TEST = "/console/realms/{realm}/tenants/{tenant}/connections/{connection}/test", [Get, Post], Tenant;
    /// [`CONNECTION_TEST_BACK`] of a tenant's own.
    TENANT_CONNECTION_TEST_BACK = "/console/realms/{realm}/tenants/{tenant}/connections/{connection}/test/back", [Get], Tenant;
    /// [`CONNECTION_TESTED`] of a tenant's own.
    TENANT_CONNECTION_TESTED = "/console/realms/{realm}/tenants/{tenant}/connections/{connection}/test/{trace}", [Get], Tenant;
}

/// The previews: the only pages that a page of ours may show in a frame (attack catalogue CON-01).
pub const FRAMED: &[&str] = &[SCOPE_PREVIEW, BRANDING_PREVIEW];

/// The address with this pattern.
pub fn named(pattern: &str) -> Option<&'static Address> {
    ALL.iter().find(|address| address.path == pattern)
}

/// The address that a path is one of, as the router would find it.
pub fn find(path: &str) -> Option<&'static Address> {
    ALL.iter().find(|address| matches(address.path, path))
}

/// Whether a path is below [`PREFIX`], whether or not there is anything.
pub fn is_below(path: &str) -> bool {
    path.strip_prefix(PREFIX).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The path of an address, its parameters filled in.
pub fn fill(pattern: &str, values: &[(&str, &str)]) -> String {
    let mut path = String::with_capacity(pattern.len());
    for segment in pattern.split('/').skip(1) {
        path.push('/');
        let name = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        match name.map(|name| values.iter().find(|(known, _)| *known == name)) {
            Some(Some((_, value))) => path.extend(percent_encoding::utf8_percent_encode(value, ESCAPED)),
            Some(None) | None => path.push_str(segment),
        }
    }
    path
}

/// All but what RFC 3986 §2.3 calls unreserved.
const ESCAPED: &percent_encoding::AsciiSet = &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

fn matches(pattern: &str, path: &str) -> bool {
    let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(wanted), Some(given)) if wanted == given || (wanted.starts_with('{') && !given.is_empty()) => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The only names that parameters have, so that the tests of who may do what can fill them in.
    const PARAMETERS: &[&str] = &[
        "realm",
        "tenant",
        "client",
        "secret",
        "app_key",
        "scope",
        "resource",
        "publisher",
        "connection",
        "user",
        "session",
        "grant",
        "identity",
        "domain",
        "invitation",
        "key",
        "mail",
        "trace",
        "account",
        "entry",
    ];

    #[test]
    fn every_address_is_spelled_as_agreed() {
        for (index, address) in ALL.iter().enumerate() {
            assert!(is_below(address.path), "{}", address.path);
            assert!(ALL.iter().skip(index + 1).all(|other| other.path != address.path), "{} is there twice", address.path);
            assert!(find(address.path).is_some_and(|found| found.path == address.path), "{} is hidden by another", address.path);
            let names: Vec<&str> = address.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
            assert!(names.iter().all(|name| PARAMETERS.contains(name)), "{}", address.path);
            if address.audience == Audience::Tenant {
                assert_eq!(names.get(1), Some(&"tenant"), "{}", address.path);
            }
            if matches!(address.audience, Audience::Realm | Audience::Tenant) {
                assert_eq!(names.first(), Some(&"realm"), "{}", address.path);
            }
        }
    }

    #[test]
    fn no_address_of_a_realm_is_in_the_way() {
        assert!(crate::paths::ALL.iter().all(|path| !is_below(path)));
        assert!(!is_below("/consoles") && is_below("/console") && is_below("/console/"));
    }

    #[test]
    fn parameters_are_filled_in_and_cannot_leave_their_segment() {
        assert_eq!(fill(TENANT, &[("realm", "acme"), ("tenant", "a/../b ?#%")]), "/console/realms/acme/tenants/a%2F..%2Fb%20%3F%23%25");
        assert_eq!(find("/console/realms/acme/tenants/x").map(|found| found.path), Some(TENANT));
        assert_eq!(find("/console/realms/acme/tenants/").map(|found| found.path), None);
        assert_eq!(find("/console/").map(|found| found.path), None);
    }
}
