//! Where a verification mail leads. GET shows, POST proves.

use actix_web::{HttpRequest, HttpResponse, web};
use gantry_identity::Identity;
use gantry_identity::verification::{PendingVerification, Verification};
use gantry_views::chrome::Notice;
use gantry_views::field::{FieldError, PasswordField};
use gantry_views::page::mailed::{Purpose, VerifyEmail};

use super::pending::Pending;
use super::{enter, link, wording};
use crate::extract::{FlowForm, QueryParameters, RealmContext, Visitor};
use crate::respond::{PageAnswer, PageFailure};
use crate::{account, paths};

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(paths::VERIFY_EMAIL).route(web::get().to(show)).route(web::post().to(create)));
}

async fn show(
    request: HttpRequest,
    realm: RealmContext,
    query: QueryParameters,
    visitor: Visitor,
    identity: web::Data<Identity>,
) -> Result<HttpResponse, PageFailure> {
    let token = link::token(&query);
    match identity.pending_verification(realm.realm(), &token, visitor.browser().digest()).await? {
        Some(pending) => PageAnswer::to(&request).render(&page(&realm, token.expose(), &pending)).await,
        None => link::expired(&request, &realm, Purpose::VerifyEmail).await,
    }
}

async fn create(
    request: HttpRequest,
    realm: RealmContext,
    form: FlowForm,
    visitor: Visitor,
    identity: web::Data<Identity>,
) -> Result<HttpResponse, PageFailure> {
    let (token, password) = (link::token(&form), form.secret("password"));
    match identity.verify_email(realm.realm(), &token, password.as_ref(), &visitor.visit()).await? {
        Verification::Done { opened, resume } => {
            let resumed = Pending::resumable(&request, resume).await;
            let welcome = account::with_notice(&realm, Notice::EmailVerified);
            let next = if resumed.request.is_some() { resumed.next(&realm) } else { welcome };
            enter(&realm, &visitor, &opened, &next)
        }
        Verification::Dead => link::expired(&request, &realm, Purpose::VerifyEmail).await,
        Verification::WrongPassword(pending) => {
            let mut page = page(&realm, token.expose(), &pending);
            page.password = Some(PasswordField::wrong(FieldError::PasswordWrong));
            PageAnswer::to(&request).with_errors().render(&page).await
        }
        Verification::Throttled { pending, wait } => {
            let mut page = page(&realm, token.expose(), &pending);
            page.problem = Some(wording::too_many(wait));
            PageAnswer::to(&request).throttled(wait).render(&page).await
        }
    }
}

fn page(realm: &RealmContext, token: &str, pending: &PendingVerification) -> VerifyEmail {
    VerifyEmail {
        action: realm.path(paths::VERIFY_EMAIL),
        token: token.to_owned(),
        email: Some(pending.email.to_string()),
        password: pending.needs_password.then(PasswordField::default),
        problem: None,
    }
}
