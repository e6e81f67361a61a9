//! Getting back in: asking for the mail, and the page that its link opens.

use actix_web::{HttpRequest, HttpResponse, web};
use gantry_core::email_address::EmailAddress;
use gantry_core::secret::Secret;
use gantry_identity::Identity;
use gantry_identity::recovery::{ChangedMail, PendingReset, Reset, ResetMail};
use gantry_store::Store;
use gantry_views::field::{FormField, PasswordField};
use gantry_views::page::mailed::Purpose;
use gantry_views::page::reset::{Done, NewPassword, Request};

use super::check_mail::{self, Mailed, Sent};
use super::pending::Pending;
use super::{link, wording};
use crate::extract::{FlowForm, QueryParameters, RealmContext, Visitor};
use crate::paths;
use crate::respond::{PageAnswer, PageFailure, locale_of};

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(paths::RESET).route(web::get().to(ask)).route(web::post().to(send)))
        .service(web::resource(paths::RESET_PASSWORD).route(web::get().to(show)).route(web::post().to(create)));
}

async fn ask(request: HttpRequest, realm: RealmContext, query: QueryParameters) -> Result<HttpResponse, PageFailure> {
    let pending = Pending::show(&request, &query).await?;
    pending.answer(&request).render(&request_page(&realm, &pending)).await
}

async fn send(
    request: HttpRequest,
    realm: RealmContext,
    form: FlowForm,
    visitor: Visitor,
    identity: web::Data<Identity>,
    store: web::Data<Store>,
) -> Result<HttpResponse, PageFailure> {
    let pending = Pending::keep(&request, &form).await?;
    let typed = form.get("username").unwrap_or_default();
    let Ok(email) = EmailAddress::parse(typed) else {
        let mut page = request_page(&realm, &pending);
        page.username = FormField::wrong(typed, wording::no_address(typed));
        return pending.answer(&request).with_errors().render(&page).await;
    };
    let link_to = link::link_to(&realm, paths::RESET_PASSWORD);
    let locale = locale_of(&request, &realm, pending.ui_locales().as_deref())?;
    let mail = ResetMail { locale, link_to: &link_to, resume: pending.request.as_deref() };
    identity.request_reset(realm.realm(), &email, mail, &visitor.visit()).await?;
    check_mail::redirect(&store, &realm, visitor.browser(), &Sent { email, mailed: Mailed::Reset, request: pending.request })
}

async fn show(
    request: HttpRequest,
    realm: RealmContext,
    query: QueryParameters,
    identity: web::Data<Identity>,
) -> Result<HttpResponse, PageFailure> {
    let token = link::token(&query);
    match identity.pending_reset(realm.realm(), &token).await? {
        Some(pending) => PageAnswer::to(&request).render(&new_password_page(&realm, &token, &pending)).await,
        None => link::expired(&request, &realm, Purpose::ResetPassword).await,
    }
}

async fn create(
    request: HttpRequest,
    realm: RealmContext,
    form: FlowForm,
    visitor: Visitor,
    identity: web::Data<Identity>,
) -> Result<HttpResponse, PageFailure> {
    let token = link::token(&form);
    let password = form.secret("password").unwrap_or_else(|| Secret::new(""));
    let reset = realm.url(paths::RESET);
    let mail = ChangedMail { locale: locale_of(&request, &realm, None)?, reset: &reset };
    match identity.reset_password(realm.realm(), &token, &password, mail, &visitor.visit()).await? {
        Reset::Done { resume } => {
            let sign_in = Pending::resumable(&request, resume).await.path(&realm, paths::SIGN_IN);
            PageAnswer::to(&request).render(&Done { sign_in }).await
        }
        Reset::Dead => link::expired(&request, &realm, Purpose::ResetPassword).await,
        Reset::Weak { pending, why } => {
            let mut page = new_password_page(&realm, &token, &pending);
            page.password = wording::weak(why);
            PageAnswer::to(&request).with_errors().render(&page).await
        }
    }
}

fn request_page(realm: &RealmContext, pending: &Pending) -> Request {
    Request {
        action: realm.path(paths::RESET),
        request: pending.request.clone(),
        username: FormField::filled(pending.username.as_deref().unwrap_or_default()),
        sign_in: pending.path(realm, paths::SIGN_IN),
        problem: None,
    }
}

fn new_password_page(realm: &RealmContext, token: &Secret, pending: &PendingReset) -> NewPassword {
    NewPassword {
        action: realm.path(paths::RESET_PASSWORD),
        token: token.expose().to_owned(),
        email: Some(pending.user.email.to_string()),
        password: PasswordField::default(),
        password_min_length: pending.password_least,
        problem: None,
    }
}
