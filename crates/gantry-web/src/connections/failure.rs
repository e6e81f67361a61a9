//! The page of a sign-in with a provider that failed, with the ways on from it.

use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, web};
use gantry_core::connection::Connection;
use gantry_core::failure::{Failure, Fault};
use gantry_core::sign_in_attempt::AttemptPurpose;
use gantry_core::sign_in_trace::SignInProblem;
use gantry_identity::attempts::{Refused, UpstreamSignIn};
use gantry_views::page::sign_in;

use super::{path_of, prove};
use crate::extract::{RealmContext, RequestId};
use crate::paths;
use crate::respond::PageFailure;
use crate::sign_in::Pending;

/// Shows why, and what the person can do.
pub(super) async fn page(request: &HttpRequest, realm: &RealmContext, refused: Refused) -> Result<HttpResponse, PageFailure> {
    let pending = Pending::resumable(request, refused.request.map(|id| id.to_string())).await;
    page_of(request, realm, refused, &pending).await
}

/// The same for a request that need not have a row.
pub(super) async fn page_of(
    request: &HttpRequest,
    realm: &RealmContext,
    refused: Refused,
    pending: &Pending,
) -> Result<HttpResponse, PageFailure> {
    let number = || request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let trace = refused.trace.map_or_else(number, |trace| trace.to_string());
    let mut page = sign_in::Failure::new(refused.problem, &refused.connection.name, trace);
    page.back = pending.app.as_ref().map(|_| realm.path(paths::SIGN_IN_BACK));
    match refused.purpose {
        Some(AttemptPurpose::SignIn) => {
            let again = may_work_again(refused.problem);
            page.again = again.then(|| path_of(realm, paths::CONNECTION_START, &refused.connection.slug));
            page.other = other_way(request, realm, pending, &refused.connection).await?;
        }
        Some(AttemptPurpose::Link { .. }) => page.other = Some(realm.path(paths::ACCOUNT)),
        Some(AttemptPurpose::Prove { link }) => page.other = Some(prove::path(realm, link)),
        Some(AttemptPurpose::Trial { .. }) | None => {}
    }
    (page.app, page.request) = (pending.app.clone(), pending.request.clone());
    pending.answer(request).refused(refused.problem).render(&page).await
}

/// Whether the same once more can end differently.
const fn may_work_again(problem: SignInProblem) -> bool {
    !matches!(
        problem,
        SignInProblem::UnknownAttempt
            | SignInProblem::ConnectionDisabled
            | SignInProblem::LinkOnly
            | SignInProblem::AddressTaken
            | SignInProblem::AccountDisabled
    )
}

/// The sign-in page, where it offers anything else.
async fn other_way(request: &HttpRequest, realm: &RealmContext, pending: &Pending, tried: &Connection) -> Result<Option<String>, Failure> {
    let upstream = request.app_data::<web::Data<UpstreamSignIn>>().ok_or_else(|| Fault::new("sign-ins with providers are not wired"))?;
    let routed = upstream.route(realm.realm(), &pending.hints.of_tenant()).await?;
    Ok(routed.offers_other_than(tried.id).then(|| pending.path(realm, paths::SIGN_IN)))
}
