//! Admin rules for scopes: the permissions of a realm's APIs.
//!
//! Owns what a scope may be called and release. Never decides who may have one in a token.

use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::client::Client;
use gantry_core::clock::Timestamp;
use gantry_core::display_name;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::id::{ResourceId, ScopeId};
use gantry_core::paging::{Counted, Find, Page};
use gantry_core::resource::Resource;
use gantry_core::scope::{STANDARD_SCOPES, Scope, ScopeTier};
use gantry_core::scope_set::is_scope_token;
use gantry_identity::permission::{self, Action};
use gantry_store::RealmTx;
use serde_json::json;

use crate::listing;
use crate::violation::{self, Violation};

/// What somebody decides about a scope.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "each field is the one of the same name of `gantry_core::scope::Scope`")]
pub struct ScopeSettings {
    pub resource_id: Option<ResourceId>,
    pub title: String,
    pub description: String,
    pub tier: ScopeTier,
    pub claims: Vec<String>,
    pub machine: bool,
}

/// A scope to be made.
#[derive(Debug, Clone)]
pub struct NewScope {
    /// The name on the wire, unique in the realm and never changed.
    pub name: String,
    /// Everything else.
    pub settings: ScopeSettings,
}

/// The stored form of a scope's settings, or everything that is wrong with them.
pub fn normalise(mut settings: ScopeSettings) -> Result<ScopeSettings, Vec<Violation>> {
    let mut wrong = Vec::new();
    match display_name::parse(&settings.title) {
        Ok(title) => settings.title = title,
        Err(invalid) => wrong.push(Violation::new("title", invalid.to_string())),
    }
    match display_name::parse_sentence(&settings.description) {
        Ok(sentence) if sentence.is_empty() => {
            wrong.push(Violation::new("description", "must complete the sentence \"This app will be able to …\""));
        }
        Ok(sentence) => settings.description = sentence,
        Err(invalid) => wrong.push(Violation::new("description", invalid.to_string())),
    }
    for (index, claim) in settings.claims.iter().enumerate() {
        if !STANDARD_SCOPES.iter().any(|scope| scope.claims.contains(&claim.as_str())) {
            wrong.push(Violation::new("claims", format!("names the unknown claim `{claim}`")).at(index));
        }
    }
    if settings.machine && !settings.claims.is_empty() {
        wrong.push(Violation::new("machine", "must not be set for a scope that releases claims about a person"));
    }
    if wrong.is_empty() { Ok(settings) } else { Err(wrong) }
}

/// What is wrong with a scope's name.
pub fn check_name(text: &str) -> Result<(), &'static str> {
    if !is_scope_token(text) {
        return Err("must be 1 to 128 printable ASCII characters without spaces, `\"` and `\\`");
    }
    if STANDARD_SCOPES.iter().any(|scope| scope.name == text) {
        return Err("is a scope of OpenID Connect, which every realm has");
    }
    Ok(())
}

/// The realm's own scopes, newest first. Facets: `resource:<audience>`, `tier:<tier>`, `is:machine`.
pub async fn list(tx: &RealmTx, actor: Actor, find: &Find) -> Result<Page<Scope>, Failure> {
    permission::check(actor, Action::ReadResources, tx.realm_id())?;
    let mut all = tx.scopes().list().await?;
    let resources = tx.resources().list().await?;
    all.retain(|scope| find.facets.iter().all(|facet| has(scope, facet, &resources)));
    Ok(listing::page(all, find, |scope| scope.id.to_string(), |scope| vec![&scope.name, &scope.title, &scope.description]))
}

/// One of them.
pub async fn find(tx: &RealmTx, actor: Actor, id: ScopeId) -> Result<Scope, Failure> {
    permission::check(actor, Action::ReadResources, tx.realm_id())?;
    known(tx, id).await
}

/// The clients that stand in the way of its removal, newest first, as many as anybody wants to read.
pub async fn clients_of(tx: &RealmTx, actor: Actor, id: ScopeId) -> Result<(Counted, Vec<Client>), Failure> {
    permission::check(actor, Action::ReadResources, tx.realm_id())?;
    permission::check(actor, Action::ReadClients, tx.realm_id())?;
    let scope = known(tx, id).await?;
    Ok(crate::clients::some_where(tx, |client| names(client, &scope)).await?)
}

/// Makes a scope.
pub async fn register(tx: &RealmTx, actor: Actor, new: NewScope, now: Timestamp) -> Result<Scope, Failure> {
    permission::check(actor, Action::ManageResources, tx.realm_id())?;
    check_name(&new.name).map_err(|problem| violation::refusal(&[Violation::new("name", problem)]))?;
    let settings = checked(tx, new.settings).await?;
    let scope = assemble(tx, new.name, settings, now);
    if !tx.scopes().insert(&scope).await? {
        return Err(Refusal::new(ErrorCode::Conflict, "the scope's name is in use").detail(scope.name).into());
    }
    tx.audit().insert(&audit_line(actor, AuditEvent::Created, &scope, now).makes(&scope)).await?;
    Ok(scope)
}

/// Changes a scope; its name never changes.
pub async fn update(tx: &RealmTx, actor: Actor, id: ScopeId, settings: ScopeSettings, now: Timestamp) -> Result<Scope, Failure> {
    permission::check(actor, Action::ManageResources, tx.realm_id())?;
    let before = known(tx, id).await?;
    let settings = checked(tx, settings).await?;
    if before.machine && !settings.machine {
        refuse_if_machines_have_it(tx, &before).await?;
    }
    let scope = Scope { id, created_at: before.created_at, ..assemble(tx, before.name.clone(), settings, now) };
    if scope != before {
        tx.scopes().update(&scope).await?;
        tx.audit().insert(&audit_line(actor, AuditEvent::Updated, &scope, now).changes(&before, &scope)).await?;
    }
    Ok(scope)
}

/// Removes a scope that no client may ask for any more.
pub async fn remove(tx: &RealmTx, actor: Actor, id: ScopeId, now: Timestamp) -> Result<(), Failure> {
    permission::check(actor, Action::ManageResources, tx.realm_id())?;
    let scope = known(tx, id).await?;
    if let Some(client) = crate::clients::find_where(tx, |client| names(client, &scope)).await? {
        return Err(Refusal::new(ErrorCode::Conflict, "a client still has the scope").detail(client.client_id).into());
    }
    tx.scopes().remove(id).await?;
    tx.audit().insert(&audit_line(actor, AuditEvent::Removed, &scope, now).takes_away(&scope)).await?;
    Ok(())
}

async fn refuse_if_machines_have_it(tx: &RealmTx, scope: &Scope) -> Result<(), Failure> {
    let machine_has_it = |client: &gantry_core::client::Client| {
        client.kind == gantry_core::client::ClientKind::Machine && client.scopes.contains(&scope.name)
    };
    match crate::clients::find_where(tx, machine_has_it).await? {
        Some(client) => Err(Refusal::new(ErrorCode::Conflict, "a machine client still has the scope").detail(client.client_id).into()),
        None => Ok(()),
    }
}

async fn checked(tx: &RealmTx, settings: ScopeSettings) -> Result<ScopeSettings, Failure> {
    let settings = normalise(settings).map_err(|wrong| violation::refusal(&wrong))?;
    if let Some(id) = settings.resource_id
        && !tx.resources().list().await?.iter().any(|resource| resource.id == id)
    {
        return Err(violation::refusal(&[Violation::new("resource", "names an unknown resource")]).into());
    }
    Ok(settings)
}

async fn known(tx: &RealmTx, id: ScopeId) -> Result<Scope, Failure> {
    let known = tx.scopes().list().await?.into_iter().find(|scope| scope.id == id);
    Ok(known.ok_or_else(|| Refusal::new(ErrorCode::NotFound, "there is no such scope"))?)
}

fn assemble(tx: &RealmTx, name: String, settings: ScopeSettings, now: Timestamp) -> Scope {
    Scope {
        id: ScopeId::new(),
        realm_id: tx.realm_id(),
        resource_id: settings.resource_id,
        name,
        title: settings.title,
        description: settings.description,
        tier: settings.tier,
        claims: settings.claims,
        machine: settings.machine,
        created_at: now,
    }
}

/// Whether a scope has the property that a facet names.
fn has(scope: &Scope, facet: &str, resources: &[Resource]) -> bool {
    match facet.split_once(':') {
        Some(("is", "machine")) => scope.machine,
        Some(("tier", "open")) => scope.tier == ScopeTier::Open,
        Some(("tier", "reviewed")) => scope.tier == ScopeTier::Reviewed,
        Some(("tier", "tenant-admin")) => scope.tier == ScopeTier::TenantAdmin,
        Some(("resource", audience)) => resources.iter().any(|known| known.audience == audience && scope.resource_id == Some(known.id)),
        Some(_) | None => false,
    }
}

fn names(client: &Client, scope: &Scope) -> bool {
    client.scopes.contains(&scope.name)
}

fn audit_line(actor: Actor, event: AuditEvent, scope: &Scope, now: Timestamp) -> AuditEntry {
    AuditEntry::new(scope.realm_id, now, event).by(actor).target(&scope.id).detail(json!({ "name": scope.name }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> ScopeSettings {
        ScopeSettings {
            resource_id: None,
            title: "Read loads".to_owned(),
            description: "see your loads".to_owned(),
            tier: ScopeTier::Open,
            claims: vec![],
            machine: true,
        }
    }

    #[test]
    fn a_scope_says_what_it_allows() {
        let fields = |settings| normalise(settings).unwrap_err().into_iter().map(|violation| violation.field).collect::<Vec<_>>();
        assert!(normalise(settings()).is_ok());
        assert_eq!(fields(ScopeSettings { description: " ".to_owned(), ..settings() }), ["description"]);
        assert_eq!(fields(ScopeSettings { title: "a\nb".to_owned(), ..settings() }), ["title"]);
        assert_eq!(fields(ScopeSettings { claims: vec!["password".to_owned()], machine: false, ..settings() }), ["claims"]);
        assert_eq!(fields(ScopeSettings { claims: vec!["email".to_owned()], ..settings() }), ["machine"]);
    }

    #[test]
    fn standard_scopes_cannot_be_taken() {
        assert!(check_name("loads:read").is_ok());
        for wrong in ["", "a b", "a\"", "openid", "offline_access", "profile"] {
            assert!(check_name(wrong).is_err(), "{wrong}");
        }
    }
}
