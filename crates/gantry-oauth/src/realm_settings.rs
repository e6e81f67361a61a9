//! Changing what a realm decides about itself, with what OAuth has to say about it: keys that must be there first, APIs
//! and scopes that must exist. The realm's own record is written by [`gantry_identity::realms`].

use gantry_core::actor::Actor;
use gantry_core::clock::Timestamp;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, FieldProblem, Refusal};
use gantry_core::id::RealmId;
use gantry_core::realm::{Realm, RealmSettings};
use gantry_identity::permission::{self, Action};
use gantry_identity::realms::{self, RealmChange};
use gantry_store::Store;

use crate::catalogue::Catalogue;
use crate::personal_tokens;
use crate::provision::ensure_keys;

/// Changes a realm that was read at `version`, unless it has changed since. A signing algorithm that nothing signs with
/// yet gets its keys before the realm names it.
pub async fn change(
    store: &Store,
    (actor, realm): (Actor, RealmId),
    version: i64,
    change: RealmChange,
    now: Timestamp,
) -> Result<Realm, Failure> {
    permission::check(actor, Action::ManageRealm, realm)?;
    let unknown = unknown_names(&change.settings, &Catalogue::load(&store.read(realm)).await?);
    if !unknown.is_empty() {
        return Err(Refusal { fields: unknown, ..Refusal::new(ErrorCode::InvalidRequest, "A setting names what is not there") }.into());
    }
    realms::checked_settings(change.settings.clone())?;
    ensure_keys(store, realm, &[change.settings.tokens.signing_algorithm], now).await?;
    store.transact(realm, async |tx| realms::update(tx, actor, version, change, now).await).await
}

fn unknown_names(settings: &RealmSettings, catalogue: &Catalogue) -> Vec<FieldProblem> {
    let problem = |field: &str, index, problem: &str| FieldProblem { field: field.to_owned(), index, problem: problem.to_owned() };
    let mut wrong = Vec::new();
    if let Some(audience) = &settings.authorization.default_resource
        && !catalogue.resources.iter().any(|resource| resource.audience == *audience)
    {
        wrong.push(problem("authorization.default_resource", None, "names an API that is not there"));
    }
    for (index, name) in settings.personal_tokens.scopes.iter().enumerate() {
        if !catalogue.knows_scope(name) {
            wrong.push(problem("personal_tokens.scopes", Some(index), "names a scope that is not there"));
        } else if !personal_tokens::may_carry(name) {
            wrong.push(problem("personal_tokens.scopes", Some(index), "names a scope that no personal token can have"));
        }
    }
    wrong
}
