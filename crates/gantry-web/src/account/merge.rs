//! Two accounts of one person, both proved: what would become of them as one, and doing it.

use actix_web::{HttpRequest, HttpResponse, web};
use gantry_core::connection::Connection;
use gantry_core::failure::Failure;
use gantry_core::id::{ConnectionId, TenantId};
use gantry_core::secret::{Digest, Secret};
use gantry_core::tenant::TenantRole;
use gantry_core::user::User;
use gantry_identity::Identity;
use gantry_identity::sign_in::upstream;
use gantry_views::chrome::{Notice, Person};
use gantry_views::page::account::{Merge, MovedLine};
use gantry_views::page::provider::Provider;
use gantry_views::page::tenant::Role;

use crate::connections::mark;
use crate::extract::{CheckedForm, CurrentSession, RealmContext, SignedIn, Visitor};
use crate::paths;
use crate::respond::{PageFailure, locale_of, see_other};
use crate::sign_in::link;

/// The page of what a token may carry out; none if it carries out nothing for this person in this browser.
pub(crate) async fn page(
    realm: &RealmContext,
    person: &SignedIn,
    identity: &Identity,
    token: &Secret,
    browser: Digest,
) -> Result<Option<Merge>, Failure> {
    let Some(preview) = identity.preview_merge(&person.user, token, browser).await? else { return Ok(None) };
    let tenants: Vec<TenantId> = preview.memberships.iter().map(|moved| moved.tenant).collect();
    let tenants = identity.tenants_named(realm.id(), &tenants).await?;
    let name = |id: TenantId| tenants.iter().find(|tenant| tenant.id == id).map(|tenant| tenant.name.clone());
    let moved = preview.memberships.iter().map(|moved| MovedLine {
        name: name(moved.tenant).unwrap_or_default(),
        role: match moved.role {
            TenantRole::Member => Role::Member,
            TenantRole::TenantAdmin => Role::Admin,
        },
    });
    let linked: Vec<ConnectionId> = preview.identities.iter().map(|link| link.connection_id).collect();
    let linked = identity.connections_named(realm.id(), &linked).await?;
    let provider = |connection: &Connection| Provider::new(&connection.name, "").marked(mark(connection.kind));
    Ok(Some(Merge {
        action: realm.path(paths::ACCOUNT_MERGE),
        token: token.expose().to_owned(),
        into: shown(&preview.into),
        from: shown(&preview.from),
        linked: linked.iter().map(provider).collect(),
        memberships: moved.collect(),
        apps: preview.apps,
        personal_tokens: preview.personal_tokens,
        password: preview.password,
        sign_out: realm.path(paths::SIGN_OUT),
        account: realm.path(paths::ACCOUNT),
    }))
}

fn shown(user: &User) -> Person {
    Person { name: user.display_name().to_owned(), email: user.email.to_string() }
}

/// Carries it out. Whatever is not a plain yes leaves both as they are.
pub(super) async fn create(
    request: HttpRequest,
    realm: RealmContext,
    form: CheckedForm,
    current: CurrentSession,
    visitor: Visitor,
    identity: web::Data<Identity>,
) -> Result<HttpResponse, PageFailure> {
    let Some(person) = current.signed_in() else { return Ok(super::to_sign_in(&realm)) };
    if form.get("decision") != Some("merge") {
        return Ok(see_other(&realm.path(paths::ACCOUNT)));
    }
    let account = realm.url(paths::ACCOUNT);
    let notice = upstream::Notice { locale: locale_of(&request, &realm, None)?, account: &account };
    match identity.merge_own(&person.user, &link::token(&form), notice, &visitor.visit()).await? {
        Some(_) => Ok(super::done(&realm, Notice::AccountsMerged)),
        None => Ok(super::done(&realm, Notice::MergeOver)),
    }
}
