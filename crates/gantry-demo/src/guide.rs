//! What each platform's guide tells the developers of apps: addresses, parameters and their order.
//!
//! Owns nothing but these words. A client that sends anything beyond them is not one of the guide.

/// The public page of a platform, as far as a client follows it.
#[derive(Debug)]
pub struct Guide {
    /// The platform's name.
    pub platform: &'static str,
    /// What it does, as a sentence without its name.
    pub about: &'static str,
    /// Its name in the sample app's addresses.
    pub word: &'static str,
    /// The authorization endpoint, below the platform's address.
    pub authorize: &'static str,
    /// The token endpoint, below the platform's address.
    pub token: &'static str,
    /// The parameters of an authorization request.
    pub question: &'static [&'static str],
    /// The parameters with which a code is exchanged.
    pub exchange: &'static [&'static str],
    /// The parameters of a refresh. `org_id` is sent only where one is wanted.
    pub refresh: &'static [&'static str],
    /// The parameters with which the app gets a token of its own; none where the guide has no such grant.
    pub machine: &'static [&'static str],
    /// What an app asks for.
    pub scope: &'static str,
    /// The API's address for a first call with the token.
    pub call: &'static str,
}

impl Guide {
    /// Whether its authorization requests carry a `state`.
    pub fn sends_state(&self) -> bool {
        self.question.contains(&"state")
    }

    /// Whether a refresh may name an organization.
    pub fn names_organizations(&self) -> bool {
        self.refresh.contains(&"org_id")
    }
}

/// Three grants for one app.
pub const ROCKETSKIP: Guide = Guide {
    platform: "RocketSkip",
    about: "Sends small rockets up for other people.",
    word: "rocketskip",
    authorize: "/oauth/authorize",
    token: "/oauth/token",
    question: &["response_type", "client_id", "redirect_uri", "scope", "state"],
    exchange: &["client_id", "client_secret", "grant_type", "code", "redirect_uri"],
    refresh: &["client_id", "client_secret", "grant_type", "refresh_token"],
    machine: &["client_id", "client_secret", "grant_type", "scope"],
    scope: "read",
    call: "/resource",
};

/// An audience, no `openid`, and organizations.
pub const ROSE_ROCKET: Guide = Guide {
    platform: "Rose Rocket",
    about: "Keeps the orders of carriers and shippers.",
    word: "roserocket",
    authorize: "/oauth/authorize",
    token: "/oauth/token",
    question: &["audience", "response_type", "client_id", "redirect_uri", "scope", "state"],
    exchange: &["grant_type", "client_id", "client_secret", "code", "redirect_uri"],
    refresh: &["grant_type", "refresh_token", "client_id", "client_secret", "org_id"],
    machine: &[],
    scope: "offline_access email profile",
    call: "/api/v1/orders",
};

/// No `state`, scopes with colons, and an App Key beside OAuth.
pub const ROCKETPUNCH: Guide = Guide {
    platform: "Rocketpunch",
    about: "Brings people and jobs together.",
    word: "rocketpunch",
    authorize: "/oauth/authorize",
    token: "/oauth/token",
    question: &["client_id", "redirect_uri", "response_type", "scope"],
    exchange: &["grant_type", "code", "client_id", "client_secret", "redirect_uri"],
    refresh: &["grant_type", "refresh_token", "client_id", "client_secret"],
    machine: &[],
    scope: "profile:read profile:email",
    call: "/api/v1/profiles/me",
};

/// The addresses of a Keycloak realm called `app`.
pub const CHASTER: Guide = Guide {
    platform: "Chaster",
    about: "Keeps locks that open when it is time.",
    word: "chaster",
    authorize: "/auth/realms/app/protocol/openid-connect/auth",
    token: "/auth/realms/app/protocol/openid-connect/token",
    question: &["client_id", "redirect_uri", "response_type", "scope", "state"],
    exchange: &["client_id", "client_secret", "grant_type", "code", "redirect_uri"],
    refresh: &["client_id", "client_secret", "grant_type", "refresh_token"],
    machine: &[],
    scope: "profile",
    call: "/api/profile",
};
