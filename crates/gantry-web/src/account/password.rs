//! Changing the password, and asking for a first one.

use actix_web::{HttpRequest, HttpResponse, web};
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Refusal;
use gantry_core::secret::Secret;
use gantry_identity::Identity;
use gantry_identity::account::{PasswordChange, TypedPasswords};
use gantry_identity::recovery::{ChangedMail, ResetMail};
use gantry_views::chrome::Notice;
use gantry_views::field::{FieldError, PasswordField};

use super::overview::overview;
use crate::extract::{CheckedForm, CurrentSession, RealmContext, Visitor};
use crate::respond::{PageAnswer, PageFailure, locale_of};
use crate::sign_in::{enter, link, wording};
use crate::{account, paths};

pub(super) async fn change(
    request: HttpRequest,
    realm: RealmContext,
    form: CheckedForm,
    current: CurrentSession,
    visitor: Visitor,
    identity: web::Data<Identity>,
) -> Result<HttpResponse, PageFailure> {
    let Some(person) = current.signed_in() else { return Ok(super::to_sign_in(&realm)) };
    let typed = |name: &str| form.secret(name).unwrap_or_else(|| Secret::new(""));
    let (present, new) = (typed("current_password"), typed("password"));
    let typed = TypedPasswords { current: &present, new: &new };
    let reset = realm.url(paths::RESET);
    let mail = ChangedMail { locale: locale_of(&request, &realm, None)?, reset: &reset };
    let change = identity.change_password(realm.realm(), &person.user, typed, mail, &visitor.visit()).await?;
    if let PasswordChange::Done(opened) = &change {
        return enter(&realm, &visitor, opened, &account::with_notice(&realm, Notice::PasswordChanged));
    }
    let mut page = overview(&request, &realm, person, &identity).await?;
    let fields = page.password.as_mut().ok_or(Refusal::new(ErrorCode::NotFound, "this platform has no passwords"))?;
    let mut answer = PageAnswer::to(&request).with_errors();
    match change {
        PasswordChange::Done(_) | PasswordChange::WrongCurrent => fields.current = PasswordField::wrong(FieldError::PasswordWrong),
        PasswordChange::Same => fields.new = PasswordField::wrong(FieldError::PasswordSame),
        PasswordChange::Weak(why) => fields.new = wording::weak(why),
        PasswordChange::Throttled { wait } => {
            fields.problem = Some(wording::too_many(wait));
            answer = answer.throttled(wait);
        }
    }
    answer.render(&page).await
}

/// Mails a link to set a first password, to who has none.
pub(super) async fn mail(
    request: HttpRequest,
    realm: RealmContext,
    _form: CheckedForm,
    current: CurrentSession,
    visitor: Visitor,
    identity: web::Data<Identity>,
) -> Result<HttpResponse, PageFailure> {
    let Some(person) = current.signed_in() else { return Ok(super::to_sign_in(&realm)) };
    let link_to = link::link_to(&realm, paths::RESET_PASSWORD);
    let mail = ResetMail { locale: locale_of(&request, &realm, None)?, link_to: &link_to, resume: None };
    identity.request_reset(realm.realm(), &person.user.email, mail, &visitor.visit()).await?;
    Ok(super::done(&realm, Notice::PasswordMailed))
}
