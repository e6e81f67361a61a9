//! Signing in, signing up and getting back in: the pages and their forms.
//!
//! GET shows, POST acts. Never decides what follows a sign-in: that is the dispatcher's, behind
//! `/continue`.

pub(crate) mod check_mail;
mod entered;
mod identifier;
pub(crate) mod invitation;
pub(crate) mod link;
mod password;
mod pending;
mod reset;
pub(crate) mod sign_out;
mod sign_up;
mod verify_email;
pub(crate) mod wording;

use actix_web::{HttpRequest, HttpResponse, web};
use gantry_core::failure::Fault;
use gantry_core::sign_in_attempt::AttemptPurpose;
use gantry_identity::attempts::{Routed, UpstreamSignIn};
use gantry_identity::routing::{Route, Way};
use gantry_identity::sign_up::check_open;
use gantry_oauth::authorize::outcome::{Look, SignIn};

use crate::connections::{Trip, count, depart_counted};
use crate::extract::RealmContext;
use crate::respond::PageFailure;

pub(crate) use entered::enter;
pub(crate) use pending::Pending;

/// Mounts this area.
pub(crate) fn routes(cfg: &mut web::ServiceConfig) {
    identifier::routes(cfg);
    password::routes(cfg);
    sign_up::routes(cfg);
    check_mail::routes(cfg);
    verify_email::routes(cfg);
    invitation::routes(cfg);
    reset::routes(cfg);
    sign_out::routes(cfg);
}

/// What signing in for a request begins with: somebody else's server where that is settled, else a page. The app may
/// have asked for the sign-up page.
pub(crate) async fn begin(request: &HttpRequest, realm: &RealmContext, asked: SignIn, look: Look) -> Result<HttpResponse, PageFailure> {
    let (create, at_once) = (asked.create && check_open(realm.realm()).is_ok(), asked.at_once);
    let mut pending = Pending::begin(request, asked, look).await?;
    if create {
        return pending.answer(request).render(&sign_up::page(realm, &pending)).await;
    }
    let upstream = request.app_data::<web::Data<UpstreamSignIn>>().ok_or_else(|| Fault::new("sign-ins with providers are not wired"))?;
    let routed = upstream.route(realm.realm(), &pending.hints).await?;
    if let Route::Upstream(way) = &routed.decision.route {
        if at_once && let Some(sent) = at_provider(request, realm, &mut pending, upstream, &routed, way).await? {
            return Ok(sent);
        }
        // The person chooses: what was named is one way among others.
        let routed = upstream.route(realm.realm(), &pending.hints.of_tenant()).await?;
        return pending.answer(request).branded(routed.branding.as_ref()).render(&identifier::page(realm, &pending, &routed)).await;
    }
    pending.answer(request).branded(routed.branding.as_ref()).render(&identifier::page(realm, &pending, &routed)).await
}

/// Sends the browser to a provider before any page. Not twice in a row for one request: who comes back and is still to
/// sign in would go round for ever.
async fn at_provider(
    request: &HttpRequest,
    realm: &RealmContext,
    pending: &mut Pending,
    upstream: &UpstreamSignIn,
    routed: &Routed,
    way: &Way,
) -> Result<Option<HttpResponse>, PageFailure> {
    let Some(connection) = upstream.find(realm.id(), &way.slug).await? else { return Ok(None) };
    if let Some(page) = count(request, realm, &connection, pending).await? {
        return Ok(Some(page));
    }
    pending.adopt(request).await?;
    let trace = pending.row.as_ref().and_then(|row| row.trace);
    if upstream.was_last(realm.id(), trace, connection.id).await? {
        return Ok(None);
    }
    let trip = Trip {
        connection,
        purpose: AttemptPurpose::SignIn,
        request: pending.row.as_ref(),
        tenant: routed.decision.tenant,
        remember: false,
        typed: None,
        route: routed.decision.hop(),
        refused: None,
    };
    depart_counted(request, realm, trip).await.map(Some)
}
