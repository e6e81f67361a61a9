//! The way back: where providers send people.

use actix_web::{HttpRequest, HttpResponse, web};
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Fault, Refusal};
use gantry_core::secret::{Secret, SecretKind};
use gantry_identity::Identity;
use gantry_identity::attempts::{Ended, Return, UpstreamSignIn};
use gantry_identity::sign_in::upstream::Arrived;
use gantry_views::chrome::Notice;

use super::{Letter, failure, named, path_of};
use crate::console::connections::{back_at, consented_at, is_consent};
use crate::extract::{CurrentSession, FormParameters, QueryParameters, RealmContext, Visitor};
use crate::respond::{PageAnswer, PageFailure, repeat_as_get, see_other};
use crate::sign_in::{enter, invitation};
use crate::upstream as providers;
use crate::{account, cookies, flow, paths};

/// The browser came back. Acts as a GET, since that is what browsers are sent with; what it acts on was begun in the
/// same browser, and is used up.
pub(super) async fn show(
    request: HttpRequest,
    realm: RealmContext,
    query: QueryParameters,
    visitor: Visitor,
    upstream: web::Data<UpstreamSignIn>,
) -> Result<HttpResponse, PageFailure> {
    let connection = named(&request, &realm, &upstream).await?;
    // What an admin tries out ends in the console: there alone is the session that began it.
    if query.get("state").is_some_and(|state| SecretKind::UpstreamTrial.unwrap(state).is_some()) {
        let owner = upstream.owner_of(&connection).await?;
        return Ok(see_other(&back_at(&request, realm.realm(), &connection, owner.as_deref())?));
    }
    // So does the consent of a directory's administrator, which is no sign-in.
    if query.get("state").is_some_and(is_consent) {
        let owner = upstream.owner_of(&connection).await?;
        return Ok(see_other(&consented_at(&request, realm.realm(), &connection, owner.as_deref())?));
    }
    let slug = connection.slug.clone();
    let (callback, letter) = (providers::callback(&realm, &slug), Letter::to(&request, &realm)?);
    let back = Return { connection, callback: &callback, parameters: query.0, notice: letter.notice() };
    let (arrived, waiting) = match Box::pin(upstream.finish(realm.realm(), back, &visitor.visit())).await? {
        Ended::Refused(refused) => return failure::page(&request, &realm, refused).await,
        Ended::Arrived { arrived, request } => (arrived, request),
    };
    match arrived {
        Arrived::SignedIn(opened) => {
            let next = waiting.map_or_else(|| invitation::home(&request, &realm), |id| flow::go_on(&realm, &id));
            let mut response = enter(&realm, &visitor, &opened, &next)?;
            response.add_cookie(&cookies::connection(realm.realm(), slug)).map_err(|error| Fault::caused("a cookie", error))?;
            Ok(response)
        }
        Arrived::Linked(_) => Ok(see_other(&account::with_notice(&realm, Notice::ConnectionLinked))),
        Arrived::Prove(id) => Ok(see_other(&super::prove::path(&realm, id))),
        Arrived::Mergeable(token) => offer_merge(&request, &realm, &token, &visitor).await,
        Arrived::Refused(_) => Err(Fault::new("a refusal came as an arrival").into()),
    }
}

/// A provider that sends people back by POST: their cookies do not come with it, so that nothing is done before the
/// same comes as a GET.
pub(super) async fn create(
    request: HttpRequest,
    realm: RealmContext,
    form: FormParameters,
    upstream: web::Data<UpstreamSignIn>,
) -> Result<HttpResponse, PageFailure> {
    let connection = named(&request, &realm, &upstream).await?;
    repeat_as_get(&path_of(&realm, paths::CONNECTION_CALLBACK, &connection.slug), &form)
}

/// The person proved an account elsewhere that is another account's here.
async fn offer_merge(request: &HttpRequest, realm: &RealmContext, token: &Secret, visitor: &Visitor) -> Result<HttpResponse, PageFailure> {
    let identity = request.app_data::<web::Data<Identity>>().ok_or_else(|| Fault::new("the identity rules are not wired"))?;
    let current = CurrentSession::of(request).await?;
    let gone = || Refusal::new(ErrorCode::NotFound, "there are no two accounts to make one");
    let person = current.signed_in().ok_or_else(gone)?;
    let page = account::merge_page(realm, person, identity, token, visitor.browser().digest()).await?.ok_or_else(gone)?;
    PageAnswer::to(request).render(&page).await
}
