//! The end-session endpoint (OpenID Connect RP-Initiated Logout 1.0), and its page's form.

use actix_web::{HttpRequest, HttpResponse, web};
use gantry_core::failure::Fault;
use gantry_oauth::logout::rp_initiated::{LogoutEndpoint, LogoutOutcome};
use gantry_oauth::logout::upstream::UpstreamLogout;
use gantry_views::chrome::Person;
use gantry_views::page::sign_out::Confirm;

use crate::extract::{Arrival, Browser, CheckedForm, FormParameters, QueryParameters, RealmContext};
use crate::respond::{PageAnswer, PageFailure, repeat_as_get, see_other};
use crate::upstream::after_sign_out;
use crate::{cookies, paths};

pub(super) async fn show(
    request: HttpRequest,
    arrival: Arrival,
    query: QueryParameters,
    (endpoint, upstream): (web::Data<LogoutEndpoint>, web::Data<UpstreamLogout>),
) -> Result<HttpResponse, PageFailure> {
    let outcome = endpoint.receive(&arrival.visit(), &query, is_navigation(&request)).await?;
    answer(&request, &arrival, &upstream, outcome).await
}

/// A request by POST, which a page of the app makes: our cookies do not come with it.
pub(super) async fn create(realm: RealmContext, form: FormParameters) -> Result<HttpResponse, PageFailure> {
    repeat_as_get(&realm.path(paths::LOGOUT), &form)
}

/// The person said yes.
pub(super) async fn confirm(
    request: HttpRequest,
    arrival: Arrival,
    form: CheckedForm,
    (endpoint, upstream): (web::Data<LogoutEndpoint>, web::Data<UpstreamLogout>),
) -> Result<HttpResponse, PageFailure> {
    let outcome = endpoint.confirm(&arrival.visit(), form.get("request")).await?;
    answer(&request, &arrival, &upstream, outcome).await
}

async fn answer(
    request: &HttpRequest,
    arrival: &Arrival,
    upstream: &UpstreamLogout,
    outcome: LogoutOutcome,
) -> Result<HttpResponse, PageFailure> {
    let realm = &arrival.realm;
    match outcome {
        LogoutOutcome::Confirm { request: value, app } => {
            let person = arrival
                .signed_in()
                .map(|signed_in| Person { name: signed_in.user.display_name().to_owned(), email: signed_in.user.email.to_string() });
            let (action, stay) = (realm.path(paths::LOGOUT_CONFIRM), realm.path(paths::ACCOUNT));
            PageAnswer::to(request).render(&Confirm { action, request: value, app, person, stay }).await
        }
        LogoutOutcome::SignedOut { location, owed } => {
            let next = after_sign_out(realm, Browser::of(request).await?.digest(), upstream, owed, location).await?;
            let mut response = see_other(&next);
            for cookie in [cookies::without_session(realm.realm()), cookies::signed_out(realm.realm())] {
                response.add_cookie(&cookie).map_err(|error| Fault::caused("a cookie", error))?;
            }
            Ok(response)
        }
    }
}

/// Whether a page is asked for, rather than an image or a frame. Browsers that do not say count
/// as asking for a page.
fn is_navigation(request: &HttpRequest) -> bool {
    request.headers().get("sec-fetch-dest").is_none_or(|destination| destination == "document")
}
