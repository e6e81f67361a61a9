//! Forward auth: whether a gateway may let a request pass, asked once for each request.
//!
//! Owns which credential of a request counts, what the gateway demands of it, and what the gateway
//! is told. A demand that is not understood is refused, never ignored. Reads nothing that the
//! caller of the gateway says about itself, and remembers no answer.

use gantry_core::clock::SharedClock;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Fault, Refusal};
use gantry_core::parameters::Parameters;
use gantry_core::scope_set::ScopeSet;
use gantry_store::snapshot::RealmSnapshot;

use crate::client_request::ServedRealm;
use crate::credential::{Credential, CredentialKind, Credentials};
use crate::token::policy::scopes_for;

/// The longest credential that is looked at.
const LONGEST: usize = 8 * 1024;
/// The parameter behind which a gateway puts what it was asked for; nothing from there on is read.
const ORIGINAL: &str = "original=";

/// What a gateway asks about. Holds credentials, so it has nothing to print.
#[derive(Clone, Copy)]
pub struct Ask<'a> {
    /// Where it asks.
    pub realm: ServedRealm<'a>,
    /// The values of the `Authorization` header of the request that it holds.
    pub authorization: &'a [Vec<u8>],
    /// The values of the header in which the realm's App Keys travel.
    pub app_keys: &'a [Vec<u8>],
    /// The query that the gateway was set up with.
    pub query: &'a str,
}

/// What the gateway is told.
#[derive(Debug)]
pub enum Verdict {
    /// No credential came: a bare challenge (RFC 6750 §3.1).
    Challenge,
    /// The request may pass.
    Pass(Passport),
}

/// Who makes the request, and what they may do.
#[derive(Debug, PartialEq, Eq)]
pub struct Passport {
    /// By what they came.
    pub kind: CredentialKind,
    /// A person's id, or the app's `client_id`.
    pub subject: String,
    /// The app; none where a person came by themself.
    pub client_id: Option<String>,
    /// What they may do at the API that is asked for.
    pub scopes: ScopeSet,
    /// The organization that they act in.
    pub org_id: Option<String>,
}

/// What the gateway demands.
#[derive(Debug, PartialEq, Eq)]
struct Demands {
    scopes: ScopeSet,
    audience: Option<String>,
}

/// The one credential of a request.
#[derive(PartialEq, Eq)]
enum Presented<'p> {
    Bearer(&'p str),
    AppKey(&'p str),
}

/// The forward-auth endpoint. Cheap to clone.
#[derive(Debug, Clone)]
pub struct ForwardAuthEndpoint {
    credentials: Credentials,
    clock: SharedClock,
}

impl ForwardAuthEndpoint {
    /// Over these.
    pub const fn new(credentials: Credentials, clock: SharedClock) -> Self {
        Self { credentials, clock }
    }

    /// Judges a request.
    pub async fn handle(&self, ask: Ask<'_>) -> Result<Verdict, Failure> {
        let demands = Demands::read(ask.query, ask.realm.snapshot)?;
        let Some(presented) = read(ask.authorization, ask.app_keys)? else { return Ok(Verdict::Challenge) };
        let now = self.clock.now();
        let found = self.find(ask.realm, &presented).await?.ok_or_else(|| invalid_token("unknown_or_fallen"))?;
        let passport = demands.judge(ask.realm.snapshot, &found)?;
        self.credentials.note_use(ask.realm, &found, now);
        Ok(Verdict::Pass(passport))
    }

    async fn find(&self, realm: ServedRealm<'_>, presented: &Presented<'_>) -> Result<Option<Credential>, Fault> {
        let now = self.clock.now();
        match presented {
            Presented::Bearer(text) => self.credentials.find_bearer(realm, text, now).await,
            Presented::AppKey(text) => self.credentials.find_app_key(realm, text, now).await,
        }
    }
}

impl Demands {
    /// Reads the gateway's own part of the query: all before what it was asked for itself.
    fn read(query: &str, realm: &RealmSnapshot) -> Result<Self, Refusal> {
        let own = match query.split_once(&format!("&{ORIGINAL}")) {
            _ if query.starts_with(ORIGINAL) => "",
            Some((own, _)) => own,
            None => query,
        };
        let malformed = |detail: String| Refusal::new(ErrorCode::InvalidRequest, "the demands are malformed").detail(detail);
        let parameters = Parameters::parse(own).map_err(|invalid| malformed(invalid.to_string()))?;
        // A demand that is misspelt or empty must not let everything pass.
        if let Some((name, _)) = parameters.iter().find(|(name, value)| !["scope", "aud"].contains(name) || value.is_empty()) {
            return Err(malformed(format!("the parameter `{}` is unknown or empty", name.chars().take(64).collect::<String>())));
        }
        let scopes = ScopeSet::parse(parameters.get("scope").unwrap_or_default()).map_err(|invalid| malformed(invalid.to_string()))?;
        let audience = parameters.get("aud").map(str::to_owned);
        if let Some(audience) = audience.as_deref().filter(|audience| !is_resource(realm, audience)) {
            return Err(Refusal::new(ErrorCode::InvalidTarget, "the demanded API does not exist").detail(audience));
        }
        Ok(Self { scopes, audience })
    }

    /// Whether the credential is for the demanded API (without one: for any of the realm's) and may do what is demanded.
    fn judge(&self, realm: &RealmSnapshot, found: &Credential) -> Result<Passport, Refusal> {
        let is_meant = |audience: &&String| match &self.audience {
            Some(demanded) => *audience == demanded,
            None => is_resource(realm, audience),
        };
        let audiences: Vec<String> = found.audiences.iter().filter(is_meant).cloned().collect();
        if audiences.is_empty() {
            return Err(invalid_token("for_another_api"));
        }
        let scopes = scopes_for(realm, &found.scopes, &audiences);
        if !self.scopes.is_subset_of(&scopes) {
            let missing = self.scopes.without(&scopes).to_string();
            return Err(Refusal::new(ErrorCode::InsufficientScope, "a scope is missing").detail(missing));
        }
        Ok(Passport {
            kind: found.kind,
            subject: found.subject(),
            client_id: found.client_id().map(str::to_owned),
            scopes,
            org_id: found.tenant.as_ref().map(|tenant| tenant.org_id.clone()),
        })
    }
}

/// The one credential of a request, if there is one. Schemes that are not ours are the API's matter.
fn read<'r>(authorization: &'r [Vec<u8>], app_keys: &'r [Vec<u8>]) -> Result<Option<Presented<'r>>, Refusal> {
    if authorization.len() > 1 || app_keys.len() > 1 {
        return Err(invalid_token("repeated"));
    }
    let bearer = match authorization.first().map(|header| readable(header)).transpose()? {
        Some(text) => match text.split_once(' ') {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Some(token),
            None if text.eq_ignore_ascii_case("bearer") => return Err(invalid_token("empty")),
            _ => None,
        },
        None => None,
    };
    let app_key = app_keys.first().map(|header| readable(header)).transpose()?.filter(|key| !key.is_empty());
    match (bearer, app_key) {
        (Some(_), Some(_)) => Err(invalid_token("two_credentials")),
        (Some(token), None) => Ok(Some(Presented::Bearer(token))),
        (None, key) => Ok(key.map(Presented::AppKey)),
    }
}

fn readable(header: &[u8]) -> Result<&str, Refusal> {
    let text = std::str::from_utf8(header).or(Err(invalid_token("unreadable")))?;
    if text.len() > LONGEST { Err(invalid_token("too_long")) } else { Ok(text) }
}

fn is_resource(realm: &RealmSnapshot, audience: &str) -> bool {
    realm.resources.iter().any(|resource| resource.audience == audience)
}

/// One answer for whatever is wrong with a credential: gateways know no third.
fn invalid_token(detail: &str) -> Refusal {
    Refusal::new(ErrorCode::InvalidToken, "the credential is invalid, expired or revoked").detail(detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    fn presented(authorization: &[&[u8]], app_keys: &[&[u8]]) -> String {
        let own = |headers: &[&[u8]]| headers.iter().map(|header| header.to_vec()).collect::<Vec<_>>();
        match read(&own(authorization), &own(app_keys)) {
            Ok(Some(Presented::Bearer(text))) => format!("bearer {text}"),
            Ok(Some(Presented::AppKey(text))) => format!("key {text}"),
            Ok(None) => "none".to_owned(),
            Err(refusal) => refusal.detail.unwrap(),
        }
    }

    #[test]
    fn one_credential_counts() {
        assert_eq!(presented(&[], &[]), "none");
        assert_eq!(presented(&[b"bearer x"], &[]), "bearer x");
        assert_eq!(presented(&[], &[b"x"]), "key x");
        assert_eq!(presented(&[b"Basic x"], &[b"x"]), "key x");
        assert_eq!(presented(&[b"Basic x"], &[b""]), "none");
        assert_eq!(presented(&[b"Bearer x"], &[b"x"]), "two_credentials");
        assert_eq!(presented(&[b"Bearer x", b"Bearer x"], &[]), "repeated");
        assert_eq!(presented(&[], &[b"x", b"y"]), "repeated");
        assert_eq!(presented(&[b"Bearer"], &[]), "empty");
        assert_eq!(presented(&[b"Bearer \xff"], &[]), "unreadable");
        assert_eq!(presented(&[&[b'a'; LONGEST + 1]], &[]), "too_long");
    }

    #[test]
    fn a_demand_is_understood_or_refused() {
        let realm = samples::realm();
        let read = |query: &str| Demands::read(query, &realm).map_err(|refusal| refusal.code.wire_name());
        let demands = |scopes: &str, audience: Option<&str>| Demands {
            scopes: ScopeSet::parse(scopes).unwrap(),
            audience: audience.map(str::to_owned),
        };
        assert_eq!(read(""), Ok(demands("", None)));
        assert_eq!(read("scope=read+write&aud=https%3A%2F%2Fapi.example"), Ok(demands("read write", Some("https://api.example"))));
        for wrong in ["scope=", "aud=", "scopes=read", "scope=read&scope=write", "scope=%22", "scope=%ff", "read"] {
            assert_eq!(read(wrong), Err("invalid_request"), "{wrong}");
        }
        assert_eq!(read("aud=https://unknown.example"), Err("invalid_target"));
    }

    #[test]
    fn what_the_gateway_was_asked_for_is_no_demand() {
        let realm = samples::realm();
        let read = |query: &str| Demands::read(query, &realm).unwrap();
        for original in ["/v1?scope=write&aud=none", "/v1", "", "%ff&original=x&scope="] {
            let demands = read(&format!("scope=read&original={original}"));
            assert_eq!(demands.scopes.to_string(), "read", "{original}");
        }
        assert!(read("original=/v1?scope=write").scopes.is_empty());
    }
}
