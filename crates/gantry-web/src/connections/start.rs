//! The way out: a button was pressed, an address was typed, or a request settles it.

use actix_web::{HttpRequest, HttpResponse, web};
use gantry_core::authorization_request::AuthorizationRequest;
use gantry_core::connection::Connection;
use gantry_core::failure::{Failure, Fault};
use gantry_core::id::{PendingLinkId, TenantId};
use gantry_core::sign_in_attempt::AttemptPurpose;
use gantry_core::sign_in_trace::SignInProblem;
use gantry_identity::Identity;
use gantry_identity::attempts::{Begun, Departure, Refused, UpstreamSignIn};
use gantry_identity::routing::{Hints, Route};
use serde_json::{Value, json};

use super::{failure, named};
use crate::cookies;
use crate::extract::{FlowForm, RealmContext, Visitor};
use crate::respond::{PageFailure, see_other};
use crate::sign_in::Pending;
use crate::upstream as providers;

/// Somebody who is to be sent to a provider.
pub(crate) struct Trip<'t> {
    /// To which.
    pub(crate) connection: Connection,
    /// What for.
    pub(crate) purpose: AttemptPurpose,
    /// The request that waits, its row written.
    pub(crate) request: Option<&'t AuthorizationRequest>,
    /// The tenant that they are sent there for.
    pub(crate) tenant: Option<TenantId>,
    /// "Keep me signed in".
    pub(crate) remember: bool,
    /// The address that they typed.
    pub(crate) typed: Option<String>,
    /// Why there.
    pub(crate) route: Value,
    /// Why not, after all.
    pub(crate) refused: Option<SignInProblem>,
}

/// A button of the sign-in page, or of the page where one proves an account.
pub(super) async fn create(
    request: HttpRequest,
    realm: RealmContext,
    form: FlowForm,
    upstream: web::Data<UpstreamSignIn>,
) -> Result<HttpResponse, PageFailure> {
    let connection = named(&request, &realm, &upstream).await?;
    if let Some(link) = form.get("link") {
        let link: Option<PendingLinkId> = link.parse().ok();
        return Box::pin(super::prove::depart(&request, &realm, connection, link)).await;
    }
    let mut pending = Pending::show(&request, &form).await?;
    if let Some(page) = count(&request, &realm, &connection, &pending).await? {
        return Ok(page);
    }
    pending.adopt(&request).await?;
    let hints = Hints { connection: Some(connection.slug.clone()), ..pending.hints.of_tenant() };
    let routed = upstream.route(realm.realm(), &hints).await?;
    let there = matches!(&routed.decision.route, Route::Upstream(way) if way.id == connection.id);
    let mut route = routed.decision.hop();
    if let Some(detail) = route.as_object_mut() {
        detail.insert("pressed".to_owned(), json!(true));
    }
    let trip = Trip {
        connection,
        purpose: AttemptPurpose::SignIn,
        request: pending.row.as_ref(),
        tenant: routed.decision.tenant,
        remember: form.get("remember") == Some("on"),
        typed: None,
        route,
        refused: (!there).then_some(SignInProblem::NotForTenant),
    };
    depart_counted(&request, &realm, trip).await
}

/// Counts one more start, or shows that there were too many. Comes before anything is written, the request's own row
/// too: a flood leaves no rows behind.
pub(crate) async fn count(
    request: &HttpRequest,
    realm: &RealmContext,
    connection: &Connection,
    pending: &Pending,
) -> Result<Option<HttpResponse>, PageFailure> {
    let Err(problem) = counted(request, realm).await? else { return Ok(None) };
    let (connection, purpose) = (Box::new(connection.clone()), Some(AttemptPurpose::SignIn));
    let refused = Refused { problem, trace: None, connection, request: None, purpose };
    failure::page_of(request, realm, refused, pending).await.map(Some)
}

async fn counted(request: &HttpRequest, realm: &RealmContext) -> Result<Result<(), SignInProblem>, Failure> {
    let visitor = Visitor::of(request).await?;
    let identity = request.app_data::<web::Data<Identity>>().ok_or_else(|| Fault::new("the identity rules are not wired"))?;
    Ok(identity.count_start(realm.id(), visitor.origin()).await)
}

/// Counts the start and sends the browser there, or says why not.
pub(crate) async fn depart(request: &HttpRequest, realm: &RealmContext, trip: Trip<'_>) -> Result<HttpResponse, PageFailure> {
    if let Err(problem) = counted(request, realm).await? {
        let refused = Refused {
            problem,
            trace: None,
            connection: Box::new(trip.connection),
            request: trip.request.map(|request| request.id),
            purpose: Some(trip.purpose),
        };
        return failure::page(request, realm, refused).await;
    }
    depart_counted(request, realm, trip).await
}

/// The same for a start that was counted before its request was kept.
pub(crate) async fn depart_counted(request: &HttpRequest, realm: &RealmContext, trip: Trip<'_>) -> Result<HttpResponse, PageFailure> {
    let visitor = Visitor::of(request).await?;
    let upstream = request.app_data::<web::Data<UpstreamSignIn>>().ok_or_else(|| Fault::new("sign-ins with providers are not wired"))?;
    let identity = request.app_data::<web::Data<Identity>>().ok_or_else(|| Fault::new("the identity rules are not wired"))?;
    let standing = match visitor.visit().session {
        Some(cookie) => identity.find_live(realm.realm(), cookie).await?,
        None => None,
    };
    let callback = providers::callback(realm, &trip.connection.slug);
    let departure = Departure {
        connection: trip.connection,
        callback: &callback,
        purpose: trip.purpose,
        request: trip.request,
        tenant: trip.tenant,
        standing: standing.as_ref().map(|(session, _)| session),
        remember: trip.remember,
        typed: trip.typed,
        route: trip.route,
        refused: trip.refused,
        signed_out: cookies::read_text(request, &cookies::signed_out_name(realm.realm())).is_some(),
    };
    match Box::pin(upstream.begin(departure, &visitor.visit())).await? {
        Begun::Sent(url) => {
            let mut response = see_other(url.as_str());
            if let Some(value) = visitor.browser().to_set() {
                response.add_cookie(&cookies::browser(realm.realm(), value)).map_err(|error| Fault::caused("a cookie", error))?;
            }
            Ok(response)
        }
        Begun::Refused(refused) => failure::page(request, realm, refused).await,
    }
}
