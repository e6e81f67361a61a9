//! Which traces there are: for the realm's admins all of them, for a tenant's those of sign-ins for it.

use gantry_core::actor::Actor;
use gantry_core::clock::Timestamp;
use gantry_core::email_address::EmailAddress;
use gantry_core::failure::Failure;
use gantry_core::id::{TenantId, TraceId};
use gantry_core::paging::{Cursor, Find, MAX_LIMIT, Page};
use gantry_core::sign_in_trace::{SignInProblem, TraceFilter, TraceOutcome, TraceReader};
use gantry_store::RealmTx;

use super::names::Names;
use super::tenant::concerns;
use super::{Found, TraceView, find, no_trace, read};
use crate::permission::{self, Action, TenantAction};

/// Traces that fit, newest first, without their hops. The words are the person's address, or the id of a trace; facets are
/// `problem:<word>`, `outcome:<word>`, `connection:<slug>` and, for the realm, `tenant:<org_id>`.
pub async fn list(tx: &RealmTx, actor: Actor, tenant: Option<TenantId>, asked: &Find, now: Timestamp) -> Result<Page<Found>, Failure> {
    check(tx, actor, tenant)?;
    let Some(filter) = filter(tx, actor, tenant, asked).await? else { return Ok(Page::empty()) };
    let before = match asked.after.as_ref().map(|cursor| cursor.place().parse::<TraceId>()) {
        None => None,
        Some(Ok(id)) => Some(id),
        Some(Err(_)) => return Ok(Page::empty()),
    };
    let limit = asked.limit.clamp(1, MAX_LIMIT);
    let mut traces = tx.sign_in_traces().search(&filter, before, u64::from(limit).saturating_add(1)).await?;
    let more = u32::try_from(traces.len()).is_ok_and(|count| count > limit);
    traces.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = traces.last().filter(|_| more).map(|last| Cursor::at(last.id.to_string()));
    let reader = if tenant.is_some() { TraceReader::Tenant } else { TraceReader::Realm };
    let names = Names::of(tx, &traces).await?;
    let mut items = Vec::with_capacity(traces.len());
    for trace in traces.into_iter().filter(|trace| trace.expires_at > now) {
        // That a link named the tenant makes nobody's sign-in its business; such a page is shorter.
        if let Some(tenant) = tenant
            && !concerns(tx, &trace, tenant).await?
        {
            continue;
        }
        let mut about = names.about(&trace);
        about.organization = about.organization.filter(|_| tenant.is_none() || trace.tenant_id == tenant);
        let view = TraceView::of(&trace, &[], reader);
        items.push(Found { trace, tenant, view, about });
    }
    Ok(Page { items, next })
}

/// One trace, as the realm's admins or as a tenant's see it.
pub async fn find_as(tx: &RealmTx, actor: Actor, tenant: Option<TenantId>, id: TraceId, now: Timestamp) -> Result<Found, Failure> {
    check(tx, actor, tenant)?;
    let trace = find(tx, id, now).await?.ok_or_else(no_trace)?;
    let Some(tenant) = tenant else { return Ok(read(tx, trace, TraceReader::Realm, None).await?) };
    if !concerns(tx, &trace, tenant).await? {
        return Err(no_trace().into());
    }
    Ok(read(tx, trace, TraceReader::Tenant, Some(tenant)).await?)
}

fn check(tx: &RealmTx, actor: Actor, tenant: Option<TenantId>) -> Result<(), Failure> {
    match tenant {
        None => permission::check(actor, Action::ReadConnections, tx.realm_id())?,
        Some(tenant) => permission::check_tenant(actor, TenantAction::Read, tx.realm_id(), tenant)?,
    }
    Ok(())
}

/// What is looked for; none where nothing can fit.
async fn filter(tx: &RealmTx, actor: Actor, tenant: Option<TenantId>, asked: &Find) -> Result<Option<TraceFilter>, Failure> {
    let mut filter = TraceFilter { tenant, ..TraceFilter::default() };
    let words = asked.text.trim();
    if let Ok(id) = words.parse::<TraceId>() {
        filter.id = Some(id);
    } else if !words.is_empty() {
        let Ok(email) = EmailAddress::parse(words) else { return Ok(None) };
        let Some(user) = tx.users().find_by_email(&email).await? else { return Ok(None) };
        // A tenant's admin finds nobody who is none of its members (attack catalogue TEN).
        if let Some(own) = actor.tenant()
            && tx.memberships().find(own, user.id).await?.is_none()
        {
            return Ok(None);
        }
        filter.user = Some(user.id);
    }
    for facet in &asked.facets {
        let known = match facet.split_once(':') {
            Some(("problem", word)) => SignInProblem::parse(word).map(|problem| filter.problem = Some(problem)),
            Some(("outcome", word)) => TraceOutcome::parse(word).map(|outcome| filter.outcome = Some(outcome)),
            Some(("connection", slug)) => tx.connections().find_by_slug(slug).await?.map(|found| filter.connection = Some(found.id)),
            Some(("tenant", org_id)) if tenant.is_none() => {
                tx.tenants().find_by_org_id(org_id).await?.map(|found| filter.tenant = Some(found.id))
            }
            Some(_) | None => None,
        };
        if known.is_none() && !facet.ends_with(':') {
            return Ok(None);
        }
    }
    Ok(Some(filter))
}
