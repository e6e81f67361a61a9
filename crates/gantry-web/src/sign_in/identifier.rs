//! The first step: the address, or somebody else's server. An address leads to the server of its domain or to the
//! password, whether or not there is such an account.

use actix_web::{HttpRequest, HttpResponse, web};
use gantry_core::email_address::EmailAddress;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::sign_in_attempt::AttemptPurpose;
use gantry_identity::attempts::{Routed, UpstreamSignIn};
use gantry_identity::routing::{Because, Hints, PasswordOffer, Route};
use gantry_identity::sign_up;
use gantry_views::field::{FieldError, FormField};
use gantry_views::page::sign_in::{Fold, Identifier};

use super::pending::Pending;
use super::{password, wording};
use crate::connections::{Trip, button, count, depart_counted};
use crate::extract::{FlowForm, QueryParameters, RealmContext};
use crate::paths;
use crate::respond::PageFailure;

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(paths::SIGN_IN).route(web::get().to(show)).route(web::post().to(create)));
}

/// The page, whatever a request would settle: who comes here chooses.
async fn show(
    request: HttpRequest,
    realm: RealmContext,
    query: QueryParameters,
    upstream: web::Data<UpstreamSignIn>,
) -> Result<HttpResponse, PageFailure> {
    let pending = Pending::show(&request, &query).await?;
    let routed = upstream.route(realm.realm(), &pending.hints.of_tenant()).await?;
    pending.answer(&request).branded(routed.branding.as_ref()).render(&page(&realm, &pending, &routed)).await
}

async fn create(
    request: HttpRequest,
    realm: RealmContext,
    form: FlowForm,
    upstream: web::Data<UpstreamSignIn>,
) -> Result<HttpResponse, PageFailure> {
    let mut pending = Pending::show(&request, &form).await?;
    let (typed, remember) = (form.get("username").unwrap_or_default(), form.get("remember") == Some("on"));
    let by_password = form.get("way") == Some("password");
    let parsed = EmailAddress::parse(typed);
    let hints = Hints { typed: parsed.as_ref().ok().filter(|_| !by_password).cloned(), ..pending.hints.of_tenant() };
    let routed = upstream.route(realm.realm(), &hints).await?;
    let there = match &routed.decision.route {
        Route::Upstream(way) if parsed.is_ok() && !by_password => {
            Some(upstream.find(realm.id(), &way.slug).await?.ok_or_else(no_passwords)?)
        }
        Route::Upstream(_) | Route::Page(_) | Route::Refuse => None,
    };
    if let Some(connection) = &there
        && let Some(page) = count(&request, &realm, connection, &pending).await?
    {
        return Ok(page);
    }
    pending.adopt(&request).await?;
    let Ok(email) = parsed else {
        let mut page = page(&realm, &pending, &routed);
        page.username = page.username.map(|_| FormField::wrong(typed, wording::no_address(typed)));
        page.remember = page.remember.map(|_| remember);
        return pending.answer(&request).branded(routed.branding.as_ref()).with_errors().render(&page).await;
    };
    if let Some(connection) = there {
        let trip = Trip {
            connection,
            purpose: AttemptPurpose::SignIn,
            request: pending.row.as_ref(),
            tenant: routed.decision.tenant,
            remember,
            typed: Some(email.to_string()),
            route: routed.decision.hop(),
            refused: None,
        };
        return depart_counted(&request, &realm, trip).await;
    }
    if matches!((&routed.decision.route, &routed.decision.because), (Route::Page(_), Because::SeveralOfDomain { .. })) {
        let mut page = page(&realm, &pending, &routed);
        page.username = page.username.map(|_| FormField::filled(email.to_string()));
        page.fold = page.fold.or((routed.offer().password != PasswordOffer::Off).then_some(Fold::Password));
        page.remember = page.remember.map(|_| remember);
        return pending.answer(&request).branded(routed.branding.as_ref()).render(&page).await;
    }
    if routed.offer().password == PasswordOffer::Off {
        let mut page = page(&realm, &pending, &routed);
        page.username = page.username.map(|_| FormField::wrong(email.to_string(), FieldError::AddressUnrouted));
        page.remember = page.remember.map(|_| remember);
        return pending.answer(&request).branded(routed.branding.as_ref()).with_errors().render(&page).await;
    }
    let mut page = password::page(&realm, &pending, &email);
    page.remember = page.remember.map(|_| remember);
    pending.answer(&request).branded(routed.branding.as_ref()).render(&page).await
}

fn no_passwords() -> Failure {
    Refusal::new(ErrorCode::NotFound, "this platform has no passwords").into()
}

/// The page, for the dispatcher too.
pub(super) fn page(realm: &RealmContext, pending: &Pending, routed: &Routed) -> Identifier {
    let offer = routed.offer();
    let policy = &realm.realm().settings.sign_in;
    let (offered, fold) = match offer.password {
        PasswordOffer::Off => (false, None),
        PasswordOffer::Emergency => (true, Some(Fold::Emergency)),
        PasswordOffer::Offered | PasswordOffer::Wanted => (true, None),
    };
    let providers: Vec<_> = offer.buttons.iter().map(|way| button(realm, way).used(offer.highlighted == Some(way.id))).collect();
    let filled = pending.username.as_deref().unwrap_or_default();
    let open = offered && fold.is_none() && sign_up::check_open(realm.realm()).is_ok();
    // Without passwords an address still leads to the server of its domain, unless the tenant settles where.
    let leads = match routed.decision.route {
        Route::Page(_) => true,
        Route::Upstream(_) => offered,
        Route::Refuse => routed.decision.tenant.is_none(),
    };
    Identifier {
        action: realm.path(paths::SIGN_IN),
        request: pending.request.clone(),
        app: pending.app.clone(),
        organization: routed.organization.clone(),
        username: leads.then(|| FormField::filled(filled)),
        fold,
        remember: (policy.remember && !providers.is_empty()).then_some(false),
        providers,
        sign_up: if open { pending.link(realm, paths::SIGN_UP) } else { None },
        problem: None,
    }
}
