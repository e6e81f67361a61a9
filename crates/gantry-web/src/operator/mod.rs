//! The page behind the one-time link of the first operator.
//!
//! Opening the link shows a form; only its POST makes the account (attack catalogue BRU-15).

use actix_web::{HttpRequest, HttpResponse, web};
use gantry_core::email_address::EmailAddress;
use gantry_core::parameters::Parameters;
use gantry_core::secret::Secret;
use gantry_core::session::Session;
use gantry_identity::Identity;
use gantry_identity::bootstrap::FirstOperator;
use gantry_views::chrome::Notice;
use gantry_views::field::{FormField, PasswordField};
use gantry_views::page::mailed::Purpose;
use gantry_views::page::operator::First;

use crate::extract::{FlowForm, QueryParameters, RealmContext, Visitor};
use crate::paths;
use crate::respond::{PageAnswer, PageFailure};
use crate::sign_in::{enter, link, wording};
use crate::{account, console};

/// Mounts this area.
pub(crate) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(paths::FIRST_OPERATOR).route(web::get().to(show)).route(web::post().to(create)));
}

async fn show(
    request: HttpRequest,
    realm: RealmContext,
    query: QueryParameters,
    identity: web::Data<Identity>,
) -> Result<HttpResponse, PageFailure> {
    if !identity.first_operator_awaited(realm.realm(), &link::token(&query)).await? {
        return link::expired(&request, &realm, Purpose::FirstOperator).await;
    }
    PageAnswer::to(&request).render(&page(&realm, &query)).await
}

async fn create(
    request: HttpRequest,
    realm: RealmContext,
    form: FlowForm,
    visitor: Visitor,
    identity: web::Data<Identity>,
) -> Result<HttpResponse, PageFailure> {
    let mut page = page(&realm, &form);
    let Ok(email) = EmailAddress::parse(&page.username.value) else {
        page.username.error = Some(wording::no_address(&page.username.value));
        return PageAnswer::to(&request).with_errors().render(&page).await;
    };
    let password = form.secret("password").unwrap_or_else(|| Secret::new(""));
    match identity.create_first_operator(realm.realm(), &link::token(&form), &email, &password, &visitor.visit()).await? {
        FirstOperator::Done(opened) => arrive(&request, &realm, enter(&realm, &visitor, &opened, &home(&realm))?, &opened.session),
        FirstOperator::Dead => link::expired(&request, &realm, Purpose::FirstOperator).await,
        FirstOperator::Weak(why) => {
            page.password = wording::weak(why);
            PageAnswer::to(&request).with_errors().render(&page).await
        }
    }
}

/// The operator begins in the console; where their realm has a host of its own, which has none, at their account.
fn home(realm: &RealmContext) -> String {
    if realm.realm().hosts.is_empty() {
        return format!("{}?notice=realms-operator", paths::console::REALMS);
    }
    account::with_notice(realm, Notice::OperatorCreated)
}

/// Signs the operator in to the console too: the link and the password are the proof.
fn arrive(request: &HttpRequest, realm: &RealmContext, mut response: HttpResponse, session: &Session) -> Result<HttpResponse, PageFailure> {
    if realm.realm().hosts.is_empty() {
        console::enter(request, &mut response, session)?;
    }
    Ok(response)
}

fn page(realm: &RealmContext, sent: &Parameters) -> First {
    First {
        action: realm.path(paths::FIRST_OPERATOR),
        token: link::token(sent).expose().to_owned(),
        username: FormField::filled(sent.get("username").unwrap_or_default()),
        password: PasswordField::default(),
        password_min_length: realm.realm().settings.sign_in.password_min_length,
        problem: None,
    }
}
