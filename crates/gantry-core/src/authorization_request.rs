//! One pass through the authorization endpoint, and the stages that it goes through.
//!
//! Owns the validated request and its transitions. A request that has not been checked is not of
//! this type: only the authorization endpoint's checks make an [`AuthorizationParameters`].

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::{AuthorizationRequestId, ClientId, RealmId, SessionId, TenantId, TraceId};
use crate::pkce::CodeChallenge;
use crate::prompt::Prompt;
use crate::response_mode::ResponseMode;
use crate::scope_set::ScopeSet;
use crate::secret::Digest;

/// What a client asked for, every check passed. Travels sealed in a page's form until the
/// person's first act, and is a row from then on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationParameters {
    /// The client's key.
    pub client: ClientId,
    /// Where the answer goes: one of the client's URIs.
    pub redirect_uri: String,
    /// How it travels.
    pub response_mode: ResponseMode,
    /// Echoed byte for byte.
    pub state: Option<String>,
    /// The tenant asked for, by its `org_id`. Whether it is one of the person's is asked when the
    /// person is known.
    pub org_id: Option<String>,
    /// The connection to sign in with (`connection`, `idp_hint`, `kc_idp_hint`).
    pub connection: Option<String>,
    /// The domain whose people sign in (`domain_hint`).
    pub domain_hint: Option<String>,
    /// The scopes asked for, all known and this client's.
    pub scopes: ScopeSet,
    /// The audiences asked for, or the default.
    pub audiences: Vec<String>,
    /// The PKCE challenge.
    pub code_challenge: Option<CodeChallenge>,
    /// For the ID token.
    pub nonce: Option<String>,
    /// What the person is to be asked.
    pub prompts: Vec<Prompt>,
    /// The greatest age of the sign-in, in seconds.
    pub max_age: Option<u32>,
    /// Prefills the address.
    pub login_hint: Option<String>,
    /// The classes asked for, in order of preference.
    pub acr_values: Vec<String>,
    /// Whether an essential `acr` claim makes those a demand (OpenID Connect Core §5.5.1.1).
    pub acr_essential: bool,
    /// The languages asked for, as BCP 47 tags.
    pub ui_locales: Vec<String>,
    /// `page`, `popup`, `touch` or `wap`.
    pub display: Option<Display>,
    /// Claims asked for by name, for the ID token and for userinfo, as the JSON of `claims`.
    pub claims: Option<String>,
    /// The `sub` that the answer must be about (`id_token_hint`, or `sub` in `claims`).
    pub expected_subject: Option<String>,
    /// The digest of the reference under which it was pushed, if it was.
    pub pushed: Option<String>,
    /// The test of a client that an admin makes in the console: the answer goes to the console, which is no URI of
    /// the client's. Nothing that a client or browser sends sets it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub console_test: bool,
    /// When it arrived.
    pub received_at: Timestamp,
}

crate::closed_set::closed_set! {
    /// `display` of OpenID Connect Core §3.1.2.1.
    Display {
        /// A full page.
        Page = "page",
        /// A small window: the page leaves its margins out.
        Popup = "popup",
        /// A touch device.
        Touch = "touch",
        /// A feature phone.
        Wap = "wap",
    }
}

/// How far a request has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "stage")]
pub enum Stage {
    /// The person acted; nobody is signed in for it yet.
    Received,
    /// A session was chosen for it.
    Authenticated {
        /// The session.
        session: SessionId,
        /// What its person chose on the tenant page, if they were asked.
        tenant: Option<TenantChoice>,
    },
    /// A code was issued. Final.
    Answered,
    /// It was refused. Final.
    Refused,
}

/// For which tenant a person wants to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TenantChoice {
    /// For none: for themself.
    Nobody,
    /// For this one.
    Tenant(TenantId),
}

/// A stage cannot follow another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the request is already past that stage")]
pub struct InvalidTransition;

impl Stage {
    /// The person signed in, or the standing session was taken. What another session's person
    /// chose is forgotten.
    pub fn authenticate(self, session: SessionId) -> Result<Self, InvalidTransition> {
        match self {
            Self::Authenticated { session: before, .. } if before == session => Ok(self),
            Self::Received | Self::Authenticated { .. } => Ok(Self::Authenticated { session, tenant: None }),
            Self::Answered | Self::Refused => Err(InvalidTransition),
        }
    }

    /// The session's person said for which tenant.
    pub fn choose(self, session: SessionId, tenant: TenantChoice) -> Result<Self, InvalidTransition> {
        self.authenticate(session).map(|_| Self::Authenticated { session, tenant: Some(tenant) })
    }

    /// The code goes out.
    pub const fn answer(self) -> Result<Self, InvalidTransition> {
        match self {
            Self::Authenticated { .. } => Ok(Self::Answered),
            Self::Received | Self::Answered | Self::Refused => Err(InvalidTransition),
        }
    }

    /// An error goes out.
    pub const fn refuse(self) -> Result<Self, InvalidTransition> {
        match self {
            Self::Answered | Self::Refused => Err(InvalidTransition),
            Self::Received | Self::Authenticated { .. } => Ok(Self::Refused),
        }
    }

    /// The session that the request goes on with.
    pub const fn session(self) -> Option<SessionId> {
        match self {
            Self::Authenticated { session, .. } => Some(session),
            Self::Received | Self::Answered | Self::Refused => None,
        }
    }

    /// What the person of this session chose on the tenant page.
    pub fn tenant(self, of: SessionId) -> Option<TenantChoice> {
        match self {
            Self::Authenticated { session, tenant } if session == of => tenant,
            Self::Received | Self::Authenticated { .. } | Self::Answered | Self::Refused => None,
        }
    }

    /// Whether nothing can follow.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Answered | Self::Refused)
    }
}

/// A request that a person has acted on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizationRequest {
    /// The key, which travels in URLs. It gives no right without the browser it is bound to.
    pub id: AuthorizationRequestId,
    /// Its realm.
    pub realm_id: RealmId,
    /// The digest of the browser cookie it belongs to.
    pub browser: Digest,
    /// What was asked for.
    pub parameters: AuthorizationParameters,
    /// How far it has come.
    pub stage: Stage,
    /// The trace of the sign-in with a provider that was made for it, if one was.
    pub trace: Option<TraceId>,
    /// When its row was made.
    pub created_at: Timestamp,
    /// When it is too old to go on with.
    pub expires_at: Timestamp,
}

/// How long a person may take, in seconds.
pub const REQUEST_LIFETIME: u32 = 3600;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_final_stage_stays_final() {
        let session = SessionId::new();
        for last in [Stage::Answered, Stage::Refused] {
            assert!(last.authenticate(session).is_err());
            assert!(last.answer().is_err());
            assert!(last.refuse().is_err());
        }
        assert!(Stage::Received.answer().is_err());
    }

    #[test]
    fn a_choice_is_of_one_session() {
        let (session, other) = (SessionId::new(), SessionId::new());
        let choice = TenantChoice::Tenant(TenantId::new());
        let chosen = Stage::Received.choose(session, choice).unwrap();
        assert_eq!((chosen.tenant(session), chosen.tenant(other)), (Some(choice), None));
        assert_eq!(chosen.authenticate(session), Ok(chosen));
        assert_eq!(chosen.authenticate(other).unwrap().tenant(other), None);
    }
}
