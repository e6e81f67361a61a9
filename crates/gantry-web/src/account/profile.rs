//! Changing the name.

use actix_web::{HttpRequest, HttpResponse, web};
use gantry_identity::Identity;
use gantry_views::chrome::Notice;
use gantry_views::field::{FieldError, FormField};

use super::overview::overview;
use crate::extract::{CheckedForm, CurrentSession, RealmContext, Visitor};
use crate::respond::{PageAnswer, PageFailure};

pub(super) async fn update(
    request: HttpRequest,
    realm: RealmContext,
    form: CheckedForm,
    current: CurrentSession,
    visitor: Visitor,
    identity: web::Data<Identity>,
) -> Result<HttpResponse, PageFailure> {
    let Some(person) = current.signed_in() else { return Ok(super::to_sign_in(&realm)) };
    let name = form.get("name").unwrap_or_default();
    if identity.rename(&person.user, name, visitor.origin()).await?.is_ok() {
        return Ok(super::done(&realm, Notice::ProfileSaved));
    }
    let mut page = overview(&request, &realm, person, &identity).await?;
    page.profile.name = FormField::wrong(name, FieldError::NameInvalid);
    PageAnswer::to(&request).with_errors().render(&page).await
}
