//! Making an account.

use actix_web::{HttpRequest, HttpResponse, web};
use gantry_core::secret::Secret;
use gantry_identity::Identity;
use gantry_identity::sign_up::{InvalidAccount, NewAccount, SignUpMail, check_open};
use gantry_store::Store;
use gantry_views::field::{FieldError, FormField, PasswordField};
use gantry_views::page::sign_up::SignUp;

use super::check_mail::{self, Mailed, Sent};
use super::pending::Pending;
use super::{link, wording};
use crate::extract::{FlowForm, QueryParameters, RealmContext, Visitor};
use crate::paths;
use crate::respond::{PageFailure, locale_of};

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(paths::SIGN_UP).route(web::get().to(show)).route(web::post().to(create)));
}

async fn show(request: HttpRequest, realm: RealmContext, query: QueryParameters) -> Result<HttpResponse, PageFailure> {
    check_open(realm.realm())?;
    let pending = Pending::show(&request, &query).await?;
    pending.answer(&request).render(&page(&realm, &pending)).await
}

async fn create(
    request: HttpRequest,
    realm: RealmContext,
    form: FlowForm,
    visitor: Visitor,
    identity: web::Data<Identity>,
    store: web::Data<Store>,
) -> Result<HttpResponse, PageFailure> {
    check_open(realm.realm())?;
    let pending = Pending::keep(&request, &form).await?;
    let (email, name) = (form.get("username").unwrap_or_default(), form.get("name").unwrap_or_default());
    let password = form.secret("password").unwrap_or_else(|| Secret::new(""));
    let account = match NewAccount::check(realm.realm(), email, name, &password) {
        Ok(account) => account,
        Err(invalid) => {
            let mut page = page(&realm, &pending);
            mark(&mut page, &invalid, email, name);
            return pending.answer(&request).with_errors().render(&page).await;
        }
    };
    let sent = Sent { email: account.email().clone(), mailed: Mailed::SignUp, request: pending.request.clone() };
    let (link_to, sign_in, reset) = (link::link_to(&realm, paths::VERIFY_EMAIL), realm.url(paths::SIGN_IN), realm.url(paths::RESET));
    let locale = locale_of(&request, &realm, pending.ui_locales().as_deref())?;
    let mail = SignUpMail { locale, link_to: &link_to, sign_in: &sign_in, reset: &reset, resume: pending.request.as_deref() };
    identity.sign_up(realm.realm(), account, mail, &visitor.visit()).await?;
    check_mail::redirect(&store, &realm, visitor.browser(), &sent)
}

/// The page, for the dispatcher too.
pub(super) fn page(realm: &RealmContext, pending: &Pending) -> SignUp {
    SignUp {
        action: realm.path(paths::SIGN_UP),
        request: pending.request.clone(),
        app: pending.app.clone(),
        name: FormField::default(),
        username: FormField::filled(pending.username.as_deref().unwrap_or_default()),
        password: PasswordField::default(),
        password_min_length: realm.realm().settings.sign_in.password_min_length,
        sign_in: pending.path(realm, paths::SIGN_IN),
        problem: None,
    }
}

/// Keeps what was typed and says what is wrong with it.
fn mark(page: &mut SignUp, invalid: &InvalidAccount, email: &str, name: &str) {
    page.username = FormField { value: email.to_owned(), error: invalid.email.map(|_| wording::no_address(email)) };
    page.name = FormField { value: name.to_owned(), error: invalid.name.map(|_| FieldError::NameInvalid) };
    page.password = invalid.password.map(wording::weak).unwrap_or_default();
}
