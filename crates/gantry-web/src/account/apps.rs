//! Removing an app's access.

use actix_web::{HttpResponse, web};
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Refusal;
use gantry_core::id::ClientId;
use gantry_identity::Identity;
use gantry_views::chrome::Notice;

use crate::extract::{CheckedForm, CurrentSession, RealmContext, Visitor};
use crate::respond::PageFailure;

pub(super) async fn remove(
    realm: RealmContext,
    form: CheckedForm,
    current: CurrentSession,
    visitor: Visitor,
    identity: web::Data<Identity>,
) -> Result<HttpResponse, PageFailure> {
    let Some(person) = current.signed_in() else { return Ok(super::to_sign_in(&realm)) };
    let named = form.get("app").unwrap_or_default();
    let client: ClientId = named.parse().or(Err(Refusal::new(ErrorCode::NotFound, "there is no such app")))?;
    identity.remove_app(&person.user, client, visitor.origin()).await?;
    Ok(super::done(&realm, Notice::AppRemoved))
}
