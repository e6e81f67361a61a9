//! The answer: what goes to the client's redirect URI, and what stands behind a code.
//!
//! Owns the parameters of a response (RFC 6749 §4.1.2, RFC 9207) and the one transaction that
//! makes grant and code. Never decides whether to answer.

use gantry_core::audit::{AuditEntry, AuditEvent, Origin};
use gantry_core::authorization_code::AuthorizationCode;
use gantry_core::authorization_request::{AuthorizationParameters, AuthorizationRequest, Stage};
use gantry_core::client::Client;
use gantry_core::clock::Timestamp;
use gantry_core::consent::Consent;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Fault, Refusal};
use gantry_core::grant::Grant;
use gantry_core::id::{GrantId, TenantId};
use gantry_core::installation::{Installation, InstallationStanding};
use gantry_core::realm::seconds;
use gantry_core::reason::Reason;
use gantry_core::response_mode::ResponseMode;
use gantry_core::scope_set::ScopeSet;
use gantry_core::secret::{Secret, SecretKind};
use gantry_core::session::Session;
use gantry_core::tenant::AppPolicy;
use gantry_store::RealmTx;
use gantry_store::snapshot::RealmSnapshot;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::pushed;
use super::standing::Standing;
use crate::consent::{self, Allowed};
use crate::tenancy::{self, Workplace};
use crate::traced::{self, Decided};

/// What the browser takes to the client. Parameters may hold a code, so they are not shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    /// The client's redirect URI, as it was sent.
    pub redirect_uri: String,
    /// How the parameters travel.
    pub mode: ResponseMode,
    /// The client's name, for the page that posts them.
    pub app: String,
    /// Names and values, in order.
    pub parameters: Vec<(&'static str, String)>,
}

impl std::fmt::Debug for Response {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Response").field("redirect_uri", &self.redirect_uri).field("mode", &self.mode).finish_non_exhaustive()
    }
}

/// What stays as it is in a query; a space becomes `%20`, which every decoder understands.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

impl Response {
    /// Where a redirect leads: the redirect URI with the parameters behind its own query, if any.
    pub fn location(&self) -> String {
        let pairs = self.parameters.iter().map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, UNRESERVED)));
        append_query(&self.redirect_uri, &pairs.collect::<Vec<_>>().join("&"))
    }
}

/// Adds a query to a URI and leaves the one it has as it is.
pub(crate) fn append_query(uri: &str, query: &str) -> String {
    let separator = match uri.split_once('?') {
        None => "?",
        Some((_, own)) if own.is_empty() || own.ends_with('&') => "",
        Some(_) => "&",
    };
    format!("{uri}{separator}{query}")
}

/// Where answers go, and what all of them carry.
#[derive(Debug, Clone, Copy)]
pub(super) struct ReturnPath<'a> {
    pub(super) client: &'a Client,
    pub(super) redirect_uri: &'a str,
    pub(super) mode: ResponseMode,
    pub(super) state: Option<&'a str>,
    pub(super) issuer: &'a str,
    pub(super) explanations: &'a str,
}

impl<'a> ReturnPath<'a> {
    pub(super) fn of(asked: &'a AuthorizationParameters, client: &'a Client, issuer: &'a str, explanations: &'a str) -> Self {
        Self { client, redirect_uri: &asked.redirect_uri, mode: asked.response_mode, state: asked.state.as_deref(), issuer, explanations }
    }

    pub(super) fn code(&self, code: &Secret) -> Response {
        self.response(vec![("code", code.expose().to_owned())])
    }

    pub(super) fn refusal(&self, refusal: &Refusal) -> Response {
        self.response(refused(refusal, self.explanations))
    }

    fn response(&self, mut parameters: Vec<(&'static str, String)>) -> Response {
        parameters.extend(self.state.map(|state| ("state", state.to_owned())));
        // RFC 9207: in errors too, so that a client can tell servers apart in every answer.
        parameters.push(("iss", self.issuer.to_owned()));
        Response { redirect_uri: self.redirect_uri.to_owned(), mode: self.mode, app: self.client.name.clone(), parameters }
    }
}

/// The parameters of a refusal (RFC 6749 §4.1.2.1), but for those that every response has.
pub(crate) fn refused(refusal: &Refusal, explanations: &str) -> Vec<(&'static str, String)> {
    let mut parameters = vec![("error", refusal.code.wire_name().to_owned()), ("error_description", refusal.description.to_owned())];
    parameters.extend(refusal.reason.map(|reason| ("error_uri", format!("{explanations}{reason}"))));
    parameters
}

/// What was allowed, and how.
#[derive(Debug, Clone)]
pub(super) struct Agreement<'a> {
    /// The tenant that tokens are for when they name none.
    pub(super) tenant: Option<TenantId>,
    pub(super) scopes: ScopeSet,
    pub(super) word: Word<'a>,
}

/// How something was allowed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Word<'a> {
    /// By an earlier decision, or by the platform.
    Earlier,
    /// By the person just now, which is to be remembered.
    Now(&'a Allowed),
}

/// A yes that is about to become a grant.
pub(super) struct Agreed<'a> {
    pub(super) realm: &'a RealmSnapshot,
    pub(super) client: &'a Client,
    pub(super) request: &'a AuthorizationRequest,
    /// Whether a row stands for the request.
    pub(super) stored: bool,
    pub(super) session: &'a Session,
    pub(super) agreement: Agreement<'a>,
    pub(super) origin: &'a Origin,
    pub(super) now: Timestamp,
}

impl Agreed<'_> {
    /// Writes what stands behind the code, and returns the code. Nothing is made before the
    /// request is marked as answered, which succeeds once.
    pub(super) async fn issue(&self, tx: &RealmTx) -> Result<Secret, Failure> {
        let standing = self.check_standing(tx).await?;
        self.answer_once(tx).await?;
        pushed::use_up(tx, &self.request.parameters, self.now).await?;
        let asked = &self.request.parameters;
        let grant = match self.agreement.word {
            Word::Earlier => self.grant(standing.remembered(self.client, asked, self.agreement.tenant)),
            Word::Now(allowed) => {
                let grant = self.grant(standing.ticked(self.agreement.tenant, &allowed.org_ids));
                self.remember(tx, &standing, &grant, &allowed.before).await?;
                grant
            }
        };
        let code = SecretKind::AuthorizationCode.generate();
        tx.grants().insert(&grant).await?;
        tx.codes().insert(&self.code(&code, &grant)).await?;
        tx.audit().insert(&self.line(AuditEvent::CodeIssued, &grant)).await?;
        self.trace(tx, &standing, &grant).await?;
        Ok(code)
    }

    /// Tells the trace of the sign-in that led here, if one did.
    async fn trace(&self, tx: &RealmTx, standing: &Standing, grant: &Grant) -> Result<(), Fault> {
        let Some(trace) = self.request.trace else { return Ok(()) };
        let decided = match self.agreement.word {
            Word::Earlier => Decided::Earlier,
            Word::Now(_) => Decided::Now,
        };
        let of_grant = standing.open().filter(|workplace| grant.tenants.contains(&workplace.tenant.id));
        let org_ids: Vec<&str> = of_grant.map(|workplace| workplace.tenant.org_id.as_str()).collect();
        traced::code(tx, trace, grant, decided, &org_ids, standing.org_id(grant.default_tenant)).await
    }

    async fn answer_once(&self, tx: &RealmTx) -> Result<(), Failure> {
        if !self.stored {
            return Ok(());
        }
        let answered = self.request.stage.authenticate(self.session.id).and_then(Stage::answer).or(Err(over()))?;
        if tx.requests().advance(self.request, answered).await? { Ok(()) } else { Err(over().into()) }
    }

    /// The session and the person as they are now: between the decision and this transaction
    /// somebody may have signed out or been switched off, and a tenant may have closed (attack
    /// catalogue I3, TEN-12).
    async fn check_standing(&self, tx: &RealmTx) -> Result<Standing, Failure> {
        // Writing the session's row makes a sign-out wait for this grant, which it then revokes, or
        // this wait for the sign-out, which the next line then sees.
        tx.sessions().touch(self.session.id, self.now).await?;
        let session = tx.sessions().find(self.session.id).await?;
        let user = tx.users().find(self.session.user_id).await?;
        let alive = session.is_some_and(|session| session.ended_at.is_none()) && user.is_some_and(|user| user.disabled_at.is_none());
        let standing = Standing::hold(tx, tenancy::demand_of(&self.realm.realm, self.client), self.client, self.session).await?;
        let open = self.agreement.tenant.is_none_or(|tenant| standing.find_open(tenant).is_some_and(|workplace| workplace.takes_sign_in));
        let allowed = match self.agreement.word {
            Word::Now(_) => true,
            Word::Earlier => standing.covers(self.client, &self.request.parameters, self.agreement.tenant),
        };
        if alive && open && allowed { Ok(standing) } else { Err(over().into()) }
    }

    /// Keeps the decision, for each tenant of the grant or for none. What was ticked before and is not
    /// now is taken back; what was never ticked here may have been allowed in another tab meanwhile.
    async fn remember(&self, tx: &RealmTx, standing: &Standing, grant: &Grant, before: &[String]) -> Result<(), Failure> {
        let (asked, user) = (&self.request.parameters, grant.user_id);
        let places: Vec<Option<TenantId>> =
            if grant.tenants.is_empty() { vec![None] } else { grant.tenants.iter().copied().map(Some).collect() };
        for tenant in places {
            let earlier = standing.decision(tenant).cloned();
            let decision = consent::remembered(earlier, self.client, user, asked, &self.agreement.scopes, self.now);
            tx.consents().put(&Consent { tenant_id: tenant, ..decision }).await?;
        }
        for Workplace { tenant, .. } in standing.others(self.agreement.tenant) {
            if before.contains(&tenant.org_id) && !grant.tenants.contains(&tenant.id) {
                tx.consents().remove_for_tenant(user, self.client.id, tenant.id).await?;
                self.take_back(tx, tenant.id).await?;
            }
        }
        for workplace in standing.open().filter(|workplace| grant.tenants.contains(&workplace.tenant.id)) {
            self.install(tx, workplace).await?;
        }
        tx.audit().insert(&self.line(AuditEvent::Consented, grant)).await?;
        Ok(())
    }

    /// What was allowed for a tenant before ends with the consent: earlier grants go on without it.
    async fn take_back(&self, tx: &RealmTx, tenant: TenantId) -> Result<(), Failure> {
        let live = tx.grants().list_live(self.session.user_id).await?;
        for mut grant in live.into_iter().filter(|grant| grant.client_id == self.client.id && grant.tenants.contains(&tenant)) {
            if grant.default_tenant == Some(tenant) {
                tx.grants().revoke(grant.id, self.now).await?;
            } else {
                grant.tenants.retain(|one| *one != tenant);
                tx.grants().narrow(&grant).await?;
            }
        }
        Ok(())
    }

    /// A member's consent brings the app to a tenant that leaves that to its members.
    async fn install(&self, tx: &RealmTx, workplace: &Workplace) -> Result<(), Failure> {
        if workplace.tenant.app_policy == AppPolicy::Approved {
            return Ok(());
        }
        match &workplace.installation {
            None => {
                let installation = Installation::new(&workplace.tenant, self.client.id, InstallationStanding::Installed, self.now);
                tx.installations().insert(&installation).await?;
            }
            Some(removed) if removed.standing == InstallationStanding::Removed => {
                tx.installations().bring_back(removed, self.now).await?;
            }
            Some(_) => {}
        }
        Ok(())
    }

    fn grant(&self, tenants: Vec<TenantId>) -> Grant {
        let asked = &self.request.parameters;
        Grant {
            id: GrantId::new(),
            realm_id: self.realm.realm.id,
            user_id: self.session.user_id,
            client_id: self.client.id,
            session_id: self.session.id,
            connection_id: self.session.connection_id,
            session_bound: !consent::keeps_access(self.realm, self.client, &self.agreement.scopes),
            scopes: self.agreement.scopes.clone(),
            audiences: asked.audiences.clone(),
            tenants,
            default_tenant: self.agreement.tenant,
            nonce: asked.nonce.clone(),
            requested_claims: asked.claims.clone(),
            authenticated_at: self.session.authenticated_at,
            acr: self.session.acr(),
            amr: self.session.methods.iter().map(|method| method.as_str().to_owned()).collect(),
            created_at: self.now,
            last_used_at: self.now,
            revoked_at: None,
        }
    }

    fn code(&self, code: &Secret, grant: &Grant) -> AuthorizationCode {
        let asked = &self.request.parameters;
        AuthorizationCode {
            digest: code.digest(),
            realm_id: grant.realm_id,
            client_id: grant.client_id,
            grant_id: grant.id,
            redirect_uri: asked.redirect_uri.clone(),
            code_challenge: asked.code_challenge.clone(),
            trace: self.request.trace,
            created_at: self.now,
            expires_at: self.now.plus(seconds(self.realm.realm.settings.tokens.code_lifetime)),
            consumed_at: None,
        }
    }

    fn line(&self, event: AuditEvent, grant: &Grant) -> AuditEntry {
        AuditEntry::new(grant.realm_id, self.now, event)
            .user(grant.user_id)
            .client(grant.client_id)
            .target(&grant.id)
            // One tenant's matter is its own; what is for several, or for none, is the realm's alone.
            .of_tenant(match grant.tenants.as_slice() {
                [tenant] => Some(*tenant),
                [] | [..] => None,
            })
            .from(self.origin)
            .detail(serde_json::json!({ "scope": grant.scopes.to_string(), "aud": grant.audiences, "tenants": grant.tenants }))
    }
}

/// The refusal, as a page, of a request that cannot go on: answered, too old, of another browser.
pub(super) const fn over() -> Refusal {
    Refusal::new(ErrorCode::InvalidRequest, "this sign-in is over or belongs to another browser; go back to the app and start again")
        .reason(Reason::FlowExpired)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authorize::samples::{self, ISSUER};
    use crate::tenancy::Barrier;

    const EXPLANATIONS: &str = "https://id.example/errors/";

    #[test]
    fn an_answer_keeps_the_query_that_is_registered() {
        for (uri, expected) in [
            ("https://app.example/cb", "https://app.example/cb?a=1"),
            ("https://app.example/cb?", "https://app.example/cb?a=1"),
            ("https://app.example/cb?x=y", "https://app.example/cb?x=y&a=1"),
            ("com.example.app:/cb", "com.example.app:/cb?a=1"),
        ] {
            assert_eq!(append_query(uri, "a=1"), expected);
        }
    }

    #[test]
    fn every_answer_carries_state_and_issuer() {
        let realm = samples::realm();
        let client = samples::client(&realm);
        let mut asked = samples::asked(&client, "openid");
        asked.state = Some("a b&c=d+é\"~".to_owned());
        let path = ReturnPath::of(&asked, &client, ISSUER, EXPLANATIONS);
        let refusal = Refusal::new(ErrorCode::AccessDenied, "the person said no").detail("hidden");
        let expected = "https://app.example/cb?error=access_denied&error_description=the%20person%20said%20no\
                        &state=a%20b%26c%3Dd%2B%C3%A9%22~&iss=https%3A%2F%2Fid.example";
        assert_eq!(path.refusal(&refusal).location(), expected);
        let explained = path.refusal(&Barrier::NotMember.denied());
        assert!(explained.parameters.contains(&("error_uri", "https://id.example/errors/not_a_member".to_owned())), "{explained:?}");
        let code = SecretKind::AuthorizationCode.generate();
        let answer = path.code(&code);
        assert_eq!(answer.parameters.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["code", "state", "iss"]);
        assert!(!format!("{answer:?}").contains(code.expose()));
        asked.state = None;
        assert!(!ReturnPath::of(&asked, &client, ISSUER, EXPLANATIONS).code(&code).location().contains("state="));
    }
}
