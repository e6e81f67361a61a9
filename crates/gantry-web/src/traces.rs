//! Traces of sign-ins: as a page for people, as JSON for programs, and behind a link for a customer's IT.
//!
//! Who may see what is decided by `gantry_identity::traces`. Never says whether a trace is not there or not yours.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, ResponseError as _, web};
use gantry_core::actor::Actor;
use gantry_core::clock::Timestamp;
use gantry_core::failure::{Failure, Fault};
use gantry_core::id::TraceId;
use gantry_core::secret::Secret;
use gantry_core::sign_in_trace::TraceReader;
use gantry_identity::Identity;
use gantry_identity::roles;
use gantry_identity::traces::{self, Found, Named};
use gantry_store::Store;
use gantry_views::moment::{Day, Moment};
use gantry_views::page::account::ShownOnce;
use gantry_views::page::trace::{Claim, Fact, HopLine, Said, SharedLink, Trace};

use crate::extract::{CheckedForm, CurrentSession, RealmContext, SignedIn, Visitor};
use crate::paths;
use crate::respond::{OAuthFailure, PageAnswer, PageFailure, json_no_store, see_other};

/// Mounts this area.
pub(crate) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(paths::TRACE_SHARED).route(web::get().to(shared)))
        .service(web::resource(paths::TRACE_SHARE).route(web::post().to(share)))
        .service(web::resource(paths::TRACE).route(web::get().to(show)));
}

async fn show(
    request: HttpRequest,
    realm: RealmContext,
    current: CurrentSession,
    store: web::Data<Store>,
    identity: web::Data<Identity>,
) -> Result<HttpResponse, PageFailure> {
    let json = wants_json(&request);
    let found = match current.signed_in() {
        Some(person) => find(&request, &realm, person, (&store, identity.now())).await,
        // Nobody is told what is there before they say who they are.
        None if json => Err(traces::no_trace().into()),
        None => return Ok(see_other(&realm.path(paths::SIGN_IN))),
    };
    match found {
        Ok(found) if json => Ok(json_no_store(&found.to_json())),
        Ok(found) => PageAnswer::to(&request).render(&page(&realm, &found, identity.now(), true)).await,
        Err(failure) if json => Ok(OAuthFailure::from(failure).error_response()),
        Err(failure) => Err(failure.into()),
    }
}

/// Makes a link, and shows it this once.
async fn share(
    request: HttpRequest,
    (realm, _form): (RealmContext, CheckedForm),
    current: CurrentSession,
    visitor: Visitor,
    store: web::Data<Store>,
    identity: web::Data<Identity>,
) -> Result<HttpResponse, PageFailure> {
    let Some(person) = current.signed_in() else { return Ok(see_other(&realm.path(paths::SIGN_IN))) };
    let now = identity.now();
    let found = find(&request, &realm, person, (&store, now)).await?;
    let (user, id) = (person.user.id, realm.id());
    let actor = match found.view.reader {
        TraceReader::Realm => Actor::RealmAdmin { user, realm: id },
        TraceReader::Tenant => Actor::User { user, realm: id },
        TraceReader::Publisher => return Err(traces::no_trace().into()),
    };
    let (token, until) = store.transact(id, async |tx| traces::share(tx, actor, visitor.origin(), &found, now).await).await?;
    let mut page = page(&realm, &found, now, true);
    let link = realm.url(&paths::TRACE_SHARED.replace("{token}", token.expose()));
    page.link = Some(SharedLink { value: ShownOnce(Secret::new(link)), until: Day::of(until) });
    PageAnswer::to(&request).render(&page).await
}

/// What a link shows, to whoever has it.
async fn shared(
    request: HttpRequest,
    realm: RealmContext,
    store: web::Data<Store>,
    identity: web::Data<Identity>,
) -> Result<HttpResponse, PageFailure> {
    let token = request.match_info().get("token").unwrap_or_default();
    let now = identity.now();
    let found = traces::find_shared(&store.read(realm.id()), token, now).await?.ok_or_else(traces::no_trace)?;
    let mut response = PageAnswer::to(&request).render(&page(&realm, &found, now, false)).await?;
    response.headers_mut().insert(header::HeaderName::from_static("x-robots-tag"), header::HeaderValue::from_static("noindex, nofollow"));
    Ok(response)
}

async fn find(request: &HttpRequest, realm: &RealmContext, person: &SignedIn, at: (&Store, Timestamp)) -> Result<Found, Failure> {
    let (store, now) = at;
    let named = request.match_info().get("trace").unwrap_or_default();
    let id: TraceId = named.parse().or(Err(traces::no_trace()))?;
    let rows = store.read(realm.id());
    let what = roles::administers(&rows, realm.realm(), &person.user, person.session.connection_id).await?;
    let found: Result<Option<Found>, Fault> = traces::find_for(&rows, &what, id, now).await;
    Ok(found?.ok_or_else(traces::no_trace)?)
}

/// Whether a program asks: it names JSON and no page.
fn wants_json(request: &HttpRequest) -> bool {
    let accept = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accept.contains("application/json") && !accept.contains("text/html")
}

fn page(realm: &RealmContext, found: &Found, now: Timestamp, may_share: bool) -> Trace {
    let (view, about) = (&found.view, &found.about);
    let named = |name, of: &Option<Named>| of.as_ref().map(|of| Fact::named(name, format!("{} ({})", of.name, of.id)));
    let person = about.person.as_ref().map(|email| Fact::named("person", email));
    let facts = [named("organization", &about.organization), named("connection", &about.connection), named("app", &about.app), person];
    let hops = view.hops.iter().map(|hop| HopLine {
        kind: hop.kind,
        offset: format!("{:.3}", hop.at.since(view.started_at).as_secs_f64()),
        iso: hop.at.to_rfc3339(),
        facts: Fact::all_of(&hop.detail),
        claims: Claim::all_of(&hop.detail),
    });
    let id = view.id.to_string();
    Trace {
        outcome: Said::outcome(view.outcome),
        problem: view.problem,
        provider: about.connection.as_ref().map(|connection| connection.name.clone()).unwrap_or_default(),
        since: Moment::seen(view.started_at, now),
        until: Day::of(view.expires_at),
        about: facts.into_iter().flatten().collect(),
        hops: hops.collect(),
        share: may_share.then(|| realm.path(&paths::TRACE_SHARE.replace("{trace}", &id))),
        link: None,
        trace_id: id,
    }
}
