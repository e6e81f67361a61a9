//! The trace of a sign-in: every hop of it, so that nobody has to wonder why one failed.
//!
//! Owns the record, the kinds of hop, and the closed set of reasons for which a sign-in with a provider fails.
//! Never holds a secret, a code or a token: who writes a hop leaves them out.

use serde_json::{Map, Value};

use crate::clock::Timestamp;
use crate::id::{ClientId, ConnectionId, PublisherId, RealmId, TenantId, TraceId, UserId};
use crate::secret::Digest;

/// How long, in seconds, a trace is kept: 14 days.
pub const TRACE_LIFETIME: u32 = 1_209_600;

/// Which traces somebody looks for. What is left out narrows nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TraceFilter {
    /// This one alone.
    pub id: Option<TraceId>,
    /// Of sign-ins with this connection.
    pub connection: Option<ConnectionId>,
    /// Of sign-ins for this tenant.
    pub tenant: Option<TenantId>,
    /// Of this person.
    pub user: Option<UserId>,
    /// That went so.
    pub outcome: Option<TraceOutcome>,
    /// That were refused for this.
    pub problem: Option<SignInProblem>,
}

/// One attempt to sign in with a provider, from the click to the app's tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInTrace {
    /// The key; shown to the person, and safe to be passed on.
    pub id: TraceId,
    /// Its realm.
    pub realm_id: RealmId,
    /// Through which connection.
    pub connection_id: Option<ConnectionId>,
    /// For which tenant, once that is known.
    pub tenant_id: Option<TenantId>,
    /// For which app.
    pub client_id: Option<ClientId>,
    /// Whose app.
    pub publisher_id: Option<PublisherId>,
    /// Who it turned out to be.
    pub user_id: Option<UserId>,
    /// How it went.
    pub outcome: TraceOutcome,
    /// Why, where it was refused.
    pub problem: Option<SignInProblem>,
    /// When it began.
    pub started_at: Timestamp,
    /// When it is forgotten.
    pub expires_at: Timestamp,
}

/// One step of a sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: HopKind,
    /// In which words; never a secret.
    pub detail: Map<String, Value>,
}

impl Hop {
    /// A hop; `detail` is a JSON object.
    pub fn new(at: Timestamp, kind: HopKind, detail: Value) -> Self {
        let detail = if let Value::Object(detail) = detail { detail } else { Map::from_iter([("value".to_owned(), detail)]) };
        Self { at, kind, detail }
    }
}

crate::closed_set::closed_set! {
    /// How a sign-in went.
    TraceOutcome {
        /// The person is still on the way, or never came back.
        Open = "open",
        /// The person still has to prove something.
        Waiting = "waiting",
        /// Signed in.
        SignedIn = "signed_in",
        /// Linked to an account.
        Linked = "linked",
        /// Tried out by an admin: it would have gone well, and nobody was signed in.
        Tried = "tried",
        /// Refused; `problem` says why.
        Refused = "refused",
    }
}

crate::closed_set::closed_set! {
    /// The steps of a sign-in with a provider.
    HopKind {
        /// What an app asked for.
        Request = "request",
        /// Why the person was sent to this provider.
        Route = "route",
        /// The provider's metadata.
        Metadata = "metadata",
        /// The browser was sent to the provider.
        Redirect = "redirect",
        /// The browser came back.
        Callback = "callback",
        /// The code was redeemed.
        Token = "token",
        /// The ID token was checked.
        IdToken = "id_token",
        /// The provider was asked who it is.
        Userinfo = "userinfo",
        /// The provider was asked for groups.
        Groups = "groups",
        /// Claims before and after mapping.
        Mapping = "mapping",
        /// Whose account it is, and why.
        Account = "account",
        /// What the person still had to prove, and did.
        Proof = "proof",
        /// Which tenants the person joined, as what, and why.
        Join = "join",
        /// A session began.
        Session = "session",
        /// What the person allowed.
        Consent = "consent",
        /// The answer to the app.
        Answer = "answer",
        /// Tokens went to the app.
        TokensIssued = "tokens_issued",
        /// It ended here.
        Refusal = "refusal",
    }
}

crate::closed_set::closed_set! {
    /// Why a sign-in with a provider failed. Each has a text for the person and one for whoever can mend it.
    SignInProblem {
        /// The callback belongs to no attempt of this browser at this connection: too late, twice, or not begun here.
        UnknownAttempt = "unknown_attempt",
        /// The connection is switched off or gone.
        ConnectionDisabled = "connection_disabled",
        /// The connection lacks something that it needs.
        Misconfigured = "misconfigured",
        /// The callback is from another issuer, or from none where one is due (RFC 9207).
        WrongResponseIssuer = "wrong_response_issuer",
        /// The person said no, or the provider did on their behalf.
        DeniedUpstream = "denied_upstream",
        /// The provider wants the person to do something that was not allowed (`login_required` and its like).
        InteractionUpstream = "interaction_upstream",
        /// The provider demands an admin's consent.
        AdminConsentNeeded = "admin_consent_needed",
        /// The provider answered with another error.
        ErrorUpstream = "error_upstream",
        /// The provider did not answer in time, or not at all.
        Unreachable = "unreachable",
        /// The provider answers wrongly: another type, cut off, too long.
        BadAnswer = "bad_answer",
        /// The provider does not accept Gantry's secret, certificate or registration.
        ClientRejected = "client_rejected",
        /// The provider does not accept the code.
        CodeRejected = "code_rejected",
        /// Its metadata names another issuer.
        MetadataMismatch = "metadata_mismatch",
        /// No ID token came.
        NoIdToken = "no_id_token",
        /// The ID token is not one at all, or not signed as it must be.
        TokenMalformed = "token_malformed",
        /// The ID token's signature is not the provider's.
        TokenSignature = "token_signature",
        /// The ID token is from another issuer.
        TokenIssuer = "token_issuer",
        /// The ID token is for somebody else.
        TokenAudience = "token_audience",
        /// The ID token is over, or not yet good.
        TokenTime = "token_time",
        /// The ID token does not repeat the nonce.
        TokenNonce = "token_nonce",
        /// The sign-in there is older than was demanded.
        TokenTooOld = "token_too_old",
        /// The ID token does not go with the code or the access token.
        TokenHash = "token_hash",
        /// No usable subject.
        BadSubject = "bad_subject",
        /// Userinfo speaks of somebody else.
        UserinfoMismatch = "userinfo_mismatch",
        /// The directory (Entra tenant, Workspace domain) may not sign in here.
        DirectoryNotAllowed = "directory_not_allowed",
        /// Guests of a directory may not sign in here.
        GuestNotAllowed = "guest_not_allowed",
        /// Groups are needed and could not be had.
        GroupsUnavailable = "groups_unavailable",
        /// The connection links accounts but signs nobody in.
        LinkOnly = "link_only",
        /// Nobody here has this identity, and strangers are turned away.
        UnknownPerson = "unknown_person",
        /// The address belongs to an account here, and this connection never links.
        AddressTaken = "address_taken",
        /// The provider gave no address that can be used.
        NoAddress = "no_address",
        /// The account here is switched off.
        AccountDisabled = "account_disabled",
        /// The identity is linked to another account.
        LinkedElsewhere = "linked_elsewhere",
        /// The proof was somebody else's, for something else, or came too late.
        ProofMismatch = "proof_mismatch",
        /// The organization that this was for takes only another way of signing in, or does not take this person.
        NotForTenant = "not_for_tenant",
        /// Too many tries at once.
        TooMany = "too_many",
    }
}

crate::closed_set::closed_set! {
    /// Who reads a trace: each sees a part of it.
    TraceReader {
        /// The realm's admin: all of it.
        Realm = "realm",
        /// The tenant's admin, or its IT by a share link: all of it, where it is about that tenant or its own connection.
        Tenant = "tenant",
        /// The publisher of the app: what the app asked and got; nothing about the person or the provider's claims.
        Publisher = "publisher",
    }
}

/// How long, in seconds, a link that shows a trace works: 7 days.
pub const TRACE_SHARE_LIFETIME: u32 = 604_800;

/// A link that shows one trace to whoever has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceShare {
    /// The digest of the link's secret.
    pub digest: Digest,
    /// Its realm.
    pub realm_id: RealmId,
    /// The trace.
    pub trace_id: TraceId,
    /// As whom it is read.
    pub reader: TraceReader,
    /// The tenant whose admin made the link; none: the realm's admin did.
    pub tenant_id: Option<TenantId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it works no longer.
    pub expires_at: Timestamp,
}
