//! The first step: the address. Leads to the password, whether or not there is such an account.

use actix_web::{HttpRequest, HttpResponse, web};
use gantry_core::email_address::EmailAddress;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Refusal;
use gantry_identity::sign_up;
use gantry_views::field::FormField;
use gantry_views::page::sign_in::Identifier;

use super::pending::Pending;
use super::{password, wording};
use crate::extract::{FlowForm, QueryParameters, RealmContext};
use crate::paths;
use crate::respond::PageFailure;

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(paths::SIGN_IN).route(web::get().to(show)).route(web::post().to(create)));
}

async fn show(request: HttpRequest, realm: RealmContext, query: QueryParameters) -> Result<HttpResponse, PageFailure> {
    let pending = Pending::show(&request, &query).await?;
    pending.answer(&request).render(&page(&realm, &pending)).await
}

async fn create(request: HttpRequest, realm: RealmContext, form: FlowForm) -> Result<HttpResponse, PageFailure> {
    if !realm.realm().settings.sign_in.password {
        return Err(Refusal::new(ErrorCode::NotFound, "this platform has no passwords").into());
    }
    let pending = Pending::keep(&request, &form).await?;
    let typed = form.get("username").unwrap_or_default();
    if let Ok(email) = EmailAddress::parse(typed) {
        return pending.answer(&request).render(&password::page(&realm, &pending, &email)).await;
    }
    let mut page = page(&realm, &pending);
    page.username = Some(FormField::wrong(typed, wording::no_address(typed)));
    pending.answer(&request).with_errors().render(&page).await
}

/// The page, for the dispatcher too.
pub(super) fn page(realm: &RealmContext, pending: &Pending) -> Identifier {
    Identifier {
        action: realm.path(paths::SIGN_IN),
        request: pending.request.clone(),
        app: pending.app.clone(),
        organization: None,
        username: Some(FormField::filled(pending.username.as_deref().unwrap_or_default())),
        emergency: false,
        providers: Vec::new(),
        remember: None,
        sign_up: sign_up::check_open(realm.realm()).ok().and_then(|()| pending.link(realm, paths::SIGN_UP)),
        problem: None,
    }
}
