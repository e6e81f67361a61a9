//! Traces of sign-ins: who sees what of them, who may find one, and the links that show one.
//!
//! Owns the table of hops and readers ([`shown`]) and every way to a trace. What nobody may see looks like what is
//! not there. Never writes a hop of its own accord: whoever does the thing writes it, by [`note`].

mod list;
mod names;
mod tenant;

use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent, Origin};
use gantry_core::clock::Timestamp;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Fault, Refusal};
use gantry_core::id::{TenantId, TraceId};
use gantry_core::realm::seconds;
use gantry_core::secret::{Secret, SecretKind};
use gantry_core::sign_in_trace::{Hop, HopKind, SignInProblem, SignInTrace, TRACE_SHARE_LIFETIME, TraceOutcome, TraceReader, TraceShare};
use gantry_store::RealmTx;
use serde::Serialize;
use serde_json::{Map, Value, json};

pub use self::list::{find_as, list};
use self::names::Names;
use self::tenant::{concerns, of_tenant};
use crate::roles::Administers;

/// A trace as one reader sees it. Nothing that the reader may not see is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceView {
    /// The trace's key.
    pub id: TraceId,
    /// As whom it is read.
    pub reader: TraceReader,
    /// How it went.
    pub outcome: TraceOutcome,
    /// Why it was refused, if it was.
    pub problem: Option<SignInProblem>,
    /// When it began.
    pub started_at: Timestamp,
    /// When it is forgotten.
    pub expires_at: Timestamp,
    /// What happened, in order.
    pub hops: Vec<Hop>,
}

/// What a reader sees of a kind of hop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// All of it.
    Whole,
    /// That it happened, and of its facts those with these names.
    Only(&'static [&'static str]),
    /// Nothing, not even that it happened.
    Nothing,
}

/// What a reader sees of a kind of hop. A publisher learns what its app asked and got, and never anything that the
/// person or the provider said (attack catalogue I5).
pub const fn shown(kind: HopKind, reader: TraceReader) -> Shown {
    match reader {
        TraceReader::Realm | TraceReader::Tenant => Shown::Whole,
        TraceReader::Publisher => match kind {
            // Hints name people, so they are not among these.
            HopKind::Request => Shown::Only(&[
                "client_id",
                "redirect_uri",
                "response_mode",
                "scope",
                "audiences",
                "org_id",
                "prompt",
                "max_age",
                "acr_values",
            ]),
            HopKind::Route => Shown::Only(&["rule"]),
            HopKind::Consent => Shown::Only(&["decision", "scope", "tenants"]),
            HopKind::Answer => Shown::Only(&["answer", "error", "reason", "org_id"]),
            HopKind::TokensIssued => Shown::Only(&["client_id", "scope", "audiences", "org_id"]),
            HopKind::Refusal => Shown::Only(&["problem"]),
            HopKind::Metadata
            | HopKind::Redirect
            | HopKind::Callback
            | HopKind::Token
            | HopKind::IdToken
            | HopKind::Userinfo
            | HopKind::Groups
            | HopKind::Mapping
            | HopKind::Account
            | HopKind::Proof
            | HopKind::Join
            | HopKind::Session => Shown::Nothing,
        },
    }
}

impl TraceView {
    /// The part of a trace that a reader sees.
    pub fn of(trace: &SignInTrace, hops: &[Hop], reader: TraceReader) -> Self {
        let part = |hop: &Hop| {
            let detail = match shown(hop.kind, reader) {
                Shown::Whole => hop.detail.clone(),
                Shown::Only(names) => of_names(&hop.detail, names),
                Shown::Nothing => return None,
            };
            Some(Hop { at: hop.at, kind: hop.kind, detail })
        };
        Self {
            id: trace.id,
            reader,
            outcome: trace.outcome,
            problem: trace.problem,
            started_at: trace.started_at,
            expires_at: trace.expires_at,
            hops: hops.iter().filter_map(part).collect(),
        }
    }
}

fn of_names(detail: &Map<String, Value>, names: &[&str]) -> Map<String, Value> {
    detail.iter().filter(|(name, _)| names.contains(&name.as_str())).map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// A trace that somebody may read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The trace itself.
    pub trace: SignInTrace,
    /// The tenant as whose admin it is read; none: as the realm's admin.
    pub tenant: Option<TenantId>,
    /// What the reader sees.
    pub view: TraceView,
    /// What it is about, by name.
    pub about: About,
}

/// What a trace is about, by the names that admins know.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct About {
    /// The connection.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connection: Option<Named>,
    /// The organization, by its `org_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<Named>,
    /// The app, by its `client_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app: Option<Named>,
    /// The person's address here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
}

/// Something with an id and a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Named {
    /// The id that the outside knows.
    pub id: String,
    /// The name for people.
    pub name: String,
}

impl Found {
    /// The trace as programs read it.
    pub fn to_json(&self) -> Value {
        let TraceView { id, reader, outcome, problem, started_at, expires_at, hops } = &self.view;
        let hop = |hop: &Hop| {
            let offset = u64::try_from(hop.at.since(*started_at).as_millis()).unwrap_or(u64::MAX);
            json!({ "at": hop.at.to_rfc3339(), "offset_ms": offset, "kind": hop.kind, "detail": hop.detail })
        };
        json!({
            "id": id,
            "reader": reader,
            "outcome": outcome,
            "problem": problem,
            "started_at": started_at.to_rfc3339(),
            "expires_at": expires_at.to_rfc3339(),
            "about": self.about,
            "hops": hops.iter().map(hop).collect::<Vec<_>>(),
        })
    }
}

/// The trace with this key, for whoever administers this: the realm that it is of, or a tenant that it is about.
pub async fn find_for(tx: &RealmTx, what: &Administers, id: TraceId, now: Timestamp) -> Result<Option<Found>, Fault> {
    let Some(trace) = find(tx, id, now).await? else { return Ok(None) };
    let own = match what {
        Administers::Deployment | Administers::Realm => return read(tx, trace, TraceReader::Realm, None).await.map(Some),
        Administers::Tenants(own) => own.as_slice(),
        Administers::Nothing => &[],
    };
    for tenant in own {
        if concerns(tx, &trace, tenant.id).await? {
            return read(tx, trace, TraceReader::Tenant, Some(tenant.id)).await.map(Some);
        }
    }
    Ok(None)
}

/// The trace with this key, for whoever has a shell on the server.
pub async fn find_for_operator(tx: &RealmTx, id: TraceId, now: Timestamp) -> Result<Option<Found>, Fault> {
    match find(tx, id, now).await? {
        Some(trace) => read(tx, trace, TraceReader::Realm, None).await.map(Some),
        None => Ok(None),
    }
}

/// The trace that a link shows.
pub async fn find_shared(tx: &RealmTx, token: &str, now: Timestamp) -> Result<Option<Found>, Fault> {
    if SecretKind::TraceShare.unwrap(token).is_none() {
        return Ok(None);
    }
    let Some(share) = tx.trace_shares().find_live(Secret::new(token).digest(), now).await? else { return Ok(None) };
    let Some(trace) = find(tx, share.trace_id, now).await? else { return Ok(None) };
    // Who could not find it any more themself shows it to nobody either.
    if let Some(tenant) = share.tenant_id
        && !concerns(tx, &trace, tenant).await?
    {
        return Ok(None);
    }
    read(tx, trace, share.reader, share.tenant_id).await.map(Some)
}

/// A link that shows a trace to a customer's IT: the value for its address, and when it ends.
pub async fn share(tx: &RealmTx, actor: Actor, origin: &Origin, found: &Found, now: Timestamp) -> Result<(Secret, Timestamp), Failure> {
    let token = SecretKind::TraceShare.generate();
    let expires_at = now.plus(seconds(TRACE_SHARE_LIFETIME)).min(found.trace.expires_at);
    let share = TraceShare {
        digest: token.digest(),
        realm_id: tx.realm_id(),
        trace_id: found.trace.id,
        reader: TraceReader::Tenant,
        tenant_id: found.tenant,
        created_at: now,
        expires_at,
    };
    tx.trace_shares().insert(&share).await?;
    let line = AuditEntry::new(tx.realm_id(), now, AuditEvent::TraceShared).by(actor).from(origin).target(&found.trace.id);
    tx.audit().insert(&line.detail(json!({ "reader": share.reader, "until": expires_at.to_rfc3339() }))).await?;
    Ok((token, expires_at))
}

/// The refusal for a trace that is not there, or not for this reader.
pub const fn no_trace() -> Refusal {
    Refusal::new(ErrorCode::NotFound, "there is nothing at this address")
}

/// Writes down what happened after the session began, where a sign-in with a provider led to it. `tenant` is the one
/// that it turned out to be for.
pub async fn note(tx: &RealmTx, trace: Option<TraceId>, hops: &[Hop], tenant: Option<TenantId>) -> Result<(), Fault> {
    let Some(id) = trace else { return Ok(()) };
    // It may have been forgotten by now, and what is done does not wait for its trace.
    let Some(trace) = tx.sign_in_traces().find(id).await? else { return Ok(()) };
    if let Some(tenant) = tenant.filter(|tenant| trace.tenant_id != Some(*tenant)) {
        tx.sign_in_traces().set_tenant(id, tenant).await?;
    }
    tx.sign_in_traces().append(id, hops).await
}

async fn find(tx: &RealmTx, id: TraceId, now: Timestamp) -> Result<Option<SignInTrace>, Fault> {
    Ok(tx.sign_in_traces().find(id).await?.filter(|trace| trace.expires_at > now))
}

async fn read(tx: &RealmTx, trace: SignInTrace, reader: TraceReader, tenant: Option<TenantId>) -> Result<Found, Fault> {
    let mut hops = tx.sign_in_traces().hops(trace.id).await?;
    let mut about = Names::of(tx, std::slice::from_ref(&trace)).await?.about(&trace);
    if reader == TraceReader::Publisher {
        about = About { app: about.app, ..About::default() };
    }
    if reader == TraceReader::Tenant {
        let own = match tenant.or(trace.tenant_id) {
            Some(id) => tx.tenants().find(id).await?,
            None => None,
        };
        // A connection that several organizations share, or one's own person who is a member of another one.
        hops = hops.into_iter().filter_map(|hop| of_tenant(hop, trace.tenant_id, own.as_ref())).collect();
        about.organization = about.organization.filter(|named| own.as_ref().is_some_and(|own| own.org_id == named.id));
    }
    let view = TraceView::of(&trace, &hops, reader);
    Ok(Found { trace, tenant, view, about })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every kind of hop with every reader, spelt out once more: a new kind has to be decided on here too.
    #[test]
    fn who_sees_what_is_a_closed_table() {
        const SEEN_BY_PUBLISHERS: [&str; 6] = ["request", "route", "consent", "answer", "tokens_issued", "refusal"];
        assert_eq!(HopKind::ALL.len(), 18);
        for kind in HopKind::ALL.iter().copied() {
            assert_eq!(shown(kind, TraceReader::Realm), Shown::Whole, "{kind}");
            assert_eq!(shown(kind, TraceReader::Tenant), Shown::Whole, "{kind}");
            match shown(kind, TraceReader::Publisher) {
                Shown::Only(names) => {
                    assert!(SEEN_BY_PUBLISHERS.contains(&kind.as_str()), "{kind}");
                    for name in names {
                        assert!(!PERSONAL.contains(name), "{kind}: {name}");
                    }
                }
                Shown::Nothing => assert!(!SEEN_BY_PUBLISHERS.contains(&kind.as_str()), "{kind}"),
                Shown::Whole => panic!("{kind}: a publisher sees no hop whole"),
            }
        }
        assert_eq!(TraceReader::ALL.len(), 3);
    }

    /// What names a person, or what a provider said of one.
    const PERSONAL: &[&str] = &[
        "login_hint",
        "domain_hint",
        "domain",
        "email",
        "sub",
        "subject",
        "claims",
        "user",
        "person",
        "detail",
        "before",
        "after",
        "groups",
    ];

    #[test]
    fn a_publisher_reads_nothing_of_the_person() {
        let trace = SignInTrace {
            id: TraceId::new(),
            realm_id: gantry_core::id::RealmId::new(),
            connection_id: None,
            tenant_id: None,
            client_id: None,
            publisher_id: None,
            user_id: None,
            outcome: TraceOutcome::Refused,
            problem: Some(SignInProblem::NoAddress),
            started_at: Timestamp::from_millis(0),
            expires_at: Timestamp::from_millis(1),
        };
        let said =
            || json!({ "client_id": "app", "rule": "domain", "problem": "no_address", "email": "canary@example.com", "detail": "canary" });
        let hops: Vec<Hop> = HopKind::ALL.iter().map(|kind| Hop::new(Timestamp::from_millis(0), *kind, said())).collect();
        let view = TraceView::of(&trace, &hops, TraceReader::Publisher);
        assert_eq!(view.hops.len(), 6);
        assert!(!format!("{view:?}").contains("canary"));
        assert_eq!(view.hops[0].detail, of_names(&hops[0].detail, &["client_id"]));
        assert_eq!(TraceView::of(&trace, &hops, TraceReader::Tenant).hops, hops);
    }
}
