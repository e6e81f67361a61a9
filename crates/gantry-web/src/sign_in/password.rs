//! The second step: the password.

use actix_web::{HttpRequest, HttpResponse, web};
use gantry_core::email_address::EmailAddress;
use gantry_core::failure::Failure;
use gantry_core::secret::Secret;
use gantry_identity::Identity;
use gantry_identity::sign_in::password::{Credentials, SignIn};
use gantry_views::field::{FormProblem, PasswordField};
use gantry_views::page::sign_in::Password;

use super::pending::Pending;
use super::{enter, wording};
use crate::extract::{FlowForm, RealmContext, Visitor};
use crate::paths;
use crate::respond::{PageFailure, see_other};

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(paths::SIGN_IN_PASSWORD).route(web::post().to(create)));
}

async fn create(
    request: HttpRequest,
    realm: RealmContext,
    form: FlowForm,
    visitor: Visitor,
    identity: web::Data<Identity>,
) -> Result<HttpResponse, PageFailure> {
    let pending = Pending::keep(&request, &form).await?;
    let Ok(email) = EmailAddress::parse(form.get("username").unwrap_or_default()) else {
        return Ok(see_other(&pending.path(&realm, paths::SIGN_IN)));
    };
    let password = form.secret("password").unwrap_or_else(|| Secret::new(""));
    let typed = Credentials { email: &email, password: &password, remember: form.get("remember") == Some("on") };
    let mut page = page(&realm, &pending, &email);
    page.remember = page.remember.map(|_| typed.remember);
    let mut answer = pending.answer(&request).with_errors();
    match identity.sign_in_with_password(realm.realm(), typed, &visitor.visit()).await {
        Ok(SignIn::Done(opened)) => return enter(&realm, &visitor, &opened, &pending.next(&realm)),
        Ok(SignIn::Wrong) => page.problem = Some(FormProblem::WrongCredentials),
        Ok(SignIn::Throttled { wait }) => {
            page.problem = Some(wording::too_many(wait));
            answer = answer.throttled(wait);
        }
        Err(Failure::Broken(fault)) if fault.is_unavailable() => {
            tracing::warn!(%fault, "a sign-in was turned away");
            page.problem = Some(FormProblem::Busy);
            answer = answer.busy();
        }
        Err(failure) => return Err(failure.into()),
    }
    answer.render(&page).await
}

/// The page.
pub(super) fn page(realm: &RealmContext, pending: &Pending, email: &EmailAddress) -> Password {
    Password {
        action: realm.path(paths::SIGN_IN_PASSWORD),
        request: pending.request.clone(),
        app: pending.app.clone(),
        username: email.to_string(),
        change: pending.path(realm, paths::SIGN_IN),
        password: PasswordField::default(),
        remember: realm.realm().settings.sign_in.remember.then_some(false),
        reset: Some(pending.path(realm, paths::RESET)),
        problem: None,
    }
}
