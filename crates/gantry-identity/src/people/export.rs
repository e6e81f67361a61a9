//! Everything that is held about a person, as one JSON document (GDPR articles 15 and 20).
//!
//! Owns what belongs in it. Never holds a secret or a digest of one: that a password is set is told, not its hash.

use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::clock::Timestamp;
use gantry_core::failure::{Failure, Fault};
use gantry_core::id::UserId;
use gantry_core::invitation::Invitation;
use gantry_core::session::Session;
use gantry_core::tenant::Tenant;
use gantry_core::user::User;
use gantry_store::RealmTx;
use serde_json::{Value, json};

use super::{access, identities, invitations, managed, memberships};
use crate::permission::{self, Action};

/// The form of the document.
const FORMAT: &str = "gantry-person/1";
/// Audit lines and traces of one read.
const BATCH: u64 = 500;
/// The most audit lines, and the most traces, of one document; one with more says so.
const MAX_LINES: usize = 20_000;

/// Everything about a person, and a line in the audit trail that somebody asked.
pub async fn export(tx: &RealmTx, actor: Actor, id: UserId, now: Timestamp) -> Result<Value, Failure> {
    permission::check(actor, Action::ReadUsers, tx.realm_id())?;
    let user = managed(tx, actor, id).await?;
    let (events, all_events) = events(tx, id).await?;
    let (traces, all_traces) = traces(tx, id).await?;
    let document = json!({
        "format": FORMAT,
        "exported_at": now.to_rfc3339(),
        "realm": tx.realms().find().await?.map(|realm| realm.slug),
        "account": account(&user),
        "password": tx.passwords().find(id).await?.map(|password| json!({ "set_at": password.changed_at.to_rfc3339() })),
        "linked_accounts": linked(tx, actor, id).await?,
        "memberships": places(tx, actor, id).await?,
        "sessions": tx.sessions().list_live(id, now).await?.iter().map(session).collect::<Vec<_>>(),
        "apps": apps(tx, actor, id).await?,
        "grants": grants(tx, actor, id).await?,
        "invitations": invited(tx, actor, id).await?,
        "personal_tokens": tokens(tx, actor, id).await?,
        "sign_ins_with_providers": traces,
        "events": events,
        "complete": all_events && all_traces,
    });
    let line = AuditEntry::new(tx.realm_id(), now, AuditEvent::PersonExported).by(actor).target(&id);
    tx.audit().insert(&line).await?;
    Ok(document)
}

fn time(at: Option<Timestamp>) -> Option<String> {
    at.map(Timestamp::to_rfc3339)
}

fn account(user: &User) -> Value {
    json!({
        "id": user.id,
        "email": user.email,
        "email_verified_at": time(user.email_verified_at),
        "profile": user.profile,
        "roles": user.roles,
        "locked_at": time(user.disabled_at),
        "created_at": user.created_at.to_rfc3339(),
        "updated_at": user.updated_at.to_rfc3339(),
    })
}

fn session(session: &Session) -> Value {
    json!({
        "id": session.id,
        "connection": session.connection_id,
        "methods": session.methods,
        "signed_in_at": session.authenticated_at.to_rfc3339(),
        "remembered": session.remembered,
        "user_agent": session.user_agent,
        "ip": session.ip,
        "created_at": session.created_at.to_rfc3339(),
        "last_used_at": session.last_used_at.to_rfc3339(),
        "expires_at": session.expires_at.to_rfc3339(),
    })
}

async fn linked(tx: &RealmTx, actor: Actor, id: UserId) -> Result<Vec<Value>, Failure> {
    let entry = |linked: super::Linked| {
        json!({
            "connection": linked.connection.slug,
            "issuer": linked.link.issuer,
            "subject": linked.link.subject,
            "email": linked.link.email,
            "directory": linked.link.directory,
            "groups": linked.link.groups,
            "linked_at": linked.link.created_at.to_rfc3339(),
            "last_used_at": linked.link.last_used_at.to_rfc3339(),
        })
    };
    Ok(identities(tx, actor, id).await?.into_iter().map(entry).collect())
}

async fn places(tx: &RealmTx, actor: Actor, id: UserId) -> Result<Vec<Value>, Failure> {
    let entry = |(own, tenant): (gantry_core::tenant::Membership, gantry_core::tenant::Tenant)| json!({ "org_id": tenant.org_id, "name": tenant.name, "role": own.role, "since": own.created_at.to_rfc3339() });
    Ok(memberships(tx, actor, id).await?.into_iter().map(entry).collect())
}

async fn apps(tx: &RealmTx, actor: Actor, id: UserId) -> Result<Vec<Value>, Failure> {
    let entry = |app: crate::account::AppAccess| {
        json!({
            "client_id": app.client.client_id,
            "name": app.client.name,
            "scopes": app.scopes.to_string(),
            "organizations": app.tenants.iter().map(|tenant| &tenant.org_id).collect::<Vec<_>>(),
            "since": app.since.to_rfc3339(),
            "last_used_at": time(app.last_used_at),
        })
    };
    Ok(access::apps(tx, actor, id).await?.into_iter().map(entry).collect())
}

async fn grants(tx: &RealmTx, actor: Actor, id: UserId) -> Result<Vec<Value>, Failure> {
    let entry = |allowed: access::Allowed| {
        json!({
            "client_id": allowed.client.client_id,
            "scopes": allowed.grant.scopes.to_string(),
            "organizations": allowed.tenants.iter().map(|tenant| &tenant.org_id).collect::<Vec<_>>(),
            "since": allowed.grant.created_at.to_rfc3339(),
            "last_used_at": allowed.grant.last_used_at.to_rfc3339(),
        })
    };
    Ok(access::grants(tx, actor, id).await?.into_iter().map(entry).collect())
}

/// What was sent to the person's address, and what they accepted; who sent it is theirs to know by the mail alone.
async fn invited(tx: &RealmTx, actor: Actor, id: UserId) -> Result<Vec<Value>, Failure> {
    let entry = |(one, tenant): (Invitation, Option<Tenant>)| {
        json!({
            "email": one.email,
            "organization": tenant.map(|tenant| tenant.org_id),
            "role": one.role,
            "sent_at": one.created_at.to_rfc3339(),
            "expires_at": one.expires_at.to_rfc3339(),
            "accepted_at": time(one.accepted_at),
            "taken_back_at": time(one.revoked_at),
        })
    };
    Ok(invitations(tx, actor, id).await?.into_iter().map(entry).collect())
}

async fn tokens(tx: &RealmTx, actor: Actor, id: UserId) -> Result<Vec<Value>, Failure> {
    let entry = |token: gantry_core::personal_token::PersonalToken| {
        json!({
            "name": token.name,
            "scopes": token.scopes.to_string(),
            "last_four": token.last_four,
            "created_at": token.created_at.to_rfc3339(),
            "last_used_at": time(token.last_used_at),
            "expires_at": token.expires_at.to_rfc3339(),
        })
    };
    Ok(access::tokens(tx, actor, id).await?.into_iter().map(entry).collect())
}

/// The audit lines about the person, newest first, and whether those are all.
async fn events(tx: &RealmTx, id: UserId) -> Result<(Vec<Value>, bool), Fault> {
    let (mut all, mut before) = (Vec::new(), None);
    loop {
        let lines = tx.person_trail().events(id, &[], before, BATCH).await?;
        before = lines.last().map(|line| (line.at, line.id));
        let full = lines.len() as u64 == BATCH;
        all.extend(lines.into_iter().map(|line| event(line, id)));
        if !full || all.len() >= MAX_LINES {
            return Ok((all, !full));
        }
    }
}

/// A line as far as it is about this person: what an admin did to others is not told of the admin, but that they did.
fn event(line: AuditEntry, id: UserId) -> Value {
    let own = line.user_id == Some(id) && matches!(line.actor.as_str(), "user" | "system");
    let about = line.target.as_deref() == Some(id.to_string().as_str());
    json!({
        "at": line.at.to_rfc3339(),
        "event": line.event,
        "actor": line.actor,
        "client": line.client_id,
        "reason": line.reason,
        "ip": line.ip.filter(|_| line.user_id == Some(id)),
        "detail": line.detail.filter(|_| own || about),
    })
}

async fn traces(tx: &RealmTx, id: UserId) -> Result<(Vec<Value>, bool), Fault> {
    let (mut all, mut before) = (Vec::new(), None);
    loop {
        let traces = tx.person_trail().traces(id, before, BATCH).await?;
        before = traces.last().map(|trace| trace.id);
        let full = traces.len() as u64 == BATCH;
        for trace in traces {
            let hop = |hop: gantry_core::sign_in_trace::Hop| json!({ "at": hop.at.to_rfc3339(), "kind": hop.kind, "detail": hop.detail });
            let steps: Vec<Value> = tx.sign_in_traces().hops(trace.id).await?.into_iter().map(hop).collect();
            let (started, ends) = (trace.started_at.to_rfc3339(), trace.expires_at.to_rfc3339());
            all.push(json!({ "id": trace.id, "outcome": trace.outcome, "started_at": started, "forgotten_at": ends, "steps": steps }));
        }
        if !full || all.len() >= MAX_LINES {
            return Ok((all, !full));
        }
    }
}
