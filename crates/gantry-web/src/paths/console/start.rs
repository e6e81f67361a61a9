//! The way in: signing in to the console, its places, the realms, and the search of one.

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
}
