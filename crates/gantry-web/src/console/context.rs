//! The extractor that every page of the console begins with: who, where, as whom, and how to answer.
//!
//! Judges the audience of the address by [`paths::console`] before any handler runs; what the person may do
//! there is for the rules to check. Whatever they do not administer is like nothing at all (attack catalogue §0.7).

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use gantry_core::actor::Actor;
use gantry_core::address::RealmAddress;
use gantry_core::audit::Origin;
use gantry_core::clock::Timestamp;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Fault, Refusal};
use gantry_core::id::RealmId;
use gantry_core::paging::{Cursor, Find};
use gantry_core::parameters::Parameters;
use gantry_core::realm::Realm;
use gantry_core::session::Session;
use gantry_core::tenant::Tenant;
use gantry_core::user::User;
use gantry_identity::Identity;
use gantry_identity::roles::{self, Administers};
use gantry_store::snapshot::RealmSnapshot;
use gantry_store::{RealmTx, Store};
use gantry_views::Views;
use gantry_views::console::Sheet;

use super::seat::Seat;
use super::shell;
use crate::extract::{origin_of, parse_query, unknown_realm};
use crate::paths;
use crate::paths::console::Audience;
use crate::respond::{PageFailure, accept_language, data, see_other};
use crate::settings::WebSettings;

/// How old a sign-in may be for what is dangerous (attack catalogue WEB-15).
const FRESH: Duration = Duration::from_mins(10);

/// What handlers of the console answer.
pub(crate) type Answer = Result<HttpResponse, PageFailure>;

/// A person of the console at one of its addresses.
#[derive(Clone)]
pub(crate) struct Console {
    request: HttpRequest,
    seat: Arc<Seat>,
    /// The realm that the address names; the person's own where it names none.
    pub(crate) realm: Arc<RealmSnapshot>,
    /// Where that realm lives.
    pub(crate) address: RealmAddress,
    /// The tenant that the address names.
    pub(crate) tenant: Option<Tenant>,
    /// As whom the person acts here.
    pub(crate) actor: Actor,
}

impl Console {
    /// Finds out who sends a request, and whether the address is for them.
    pub(crate) async fn of(request: &HttpRequest) -> Result<Self, PageFailure> {
        let Some(seat) = Seat::of(request).await? else { return Err(PageFailure::away(super::sign_in::address_for(request))) };
        if seat.administers == Administers::Nothing {
            return Err(PageFailure::away(paths::console::NO_ROLE.to_owned()));
        }
        let pattern = request.match_pattern().unwrap_or_default();
        let address = paths::console::named(&pattern).ok_or_else(|| Fault::new(format!("`{pattern}` is missing from the table")))?;
        let realm = named_realm(request, &seat).await?;
        let tenant = named_tenant(request, &realm).await?;
        let actor = actor(&seat, address.audience, &realm.realm, tenant.as_ref())?;
        let address = data::<WebSettings>(request)?.public_url.address_of(&realm.realm);
        Ok(Self { request: request.clone(), seat, realm, address, tenant, actor })
    }

    /// The present, as the rules see it.
    pub(crate) fn now(&self) -> Result<Timestamp, Fault> {
        Ok(data::<Identity>(&self.request)?.now())
    }

    /// The person.
    pub(crate) fn person(&self) -> &User {
        &self.seat.user
    }

    /// Their session, in their own realm.
    pub(crate) fn session(&self) -> &Session {
        &self.seat.session
    }

    /// Who they are, with their own realm.
    pub(crate) fn seat(&self) -> &Seat {
        &self.seat
    }

    /// The request, for what is not here.
    pub(crate) const fn request(&self) -> &HttpRequest {
        &self.request
    }

    /// Where the request came from.
    pub(crate) fn origin(&self) -> Origin {
        origin_of(&self.request)
    }

    /// The store, for rules that are given one.
    pub(crate) fn store(&self) -> Result<&Store, Fault> {
        data::<Store>(&self.request).map(actix_web::web::Data::get_ref)
    }

    /// A handle on the address's realm for rules that only read.
    pub(crate) fn read(&self) -> Result<RealmTx, Fault> {
        Ok(self.store()?.read(self.realm.realm.id))
    }

    /// Does work in one transaction on the address's realm. A refusal commits what it learned; lines of the audit
    /// trail say where the request came from.
    pub(crate) async fn transact<T>(&self, work: impl AsyncFnOnce(&RealmTx) -> Result<T, Failure>) -> Result<T, Failure> {
        self.store()?.transact_from(self.realm.realm.id, &self.origin(), work).await
    }

    /// The same for one act upon many things: a refusal of one undoes all.
    pub(crate) async fn transact_whole<T>(&self, work: impl AsyncFnOnce(&RealmTx) -> Result<T, Failure>) -> Result<T, Failure> {
        self.store()?.transact_whole_from(self.realm.realm.id, &self.origin(), work).await
    }

    /// The tenant that the address names. For addresses that name one.
    pub(crate) fn tenant(&self) -> Result<&Tenant, Failure> {
        self.tenant.as_ref().ok_or_else(|| Fault::new("the address names no tenant").into())
    }

    /// A parameter of the address by its name, as an id. What is no id at all is nothing here.
    pub(crate) fn id<T: std::str::FromStr>(&self, name: &str) -> Result<T, Refusal> {
        self.text(name)?.parse().or(Err(unknown_realm()))
    }

    /// A parameter of the address by its name.
    pub(crate) fn text(&self, name: &str) -> Result<&str, Refusal> {
        self.request.match_info().get(name).ok_or_else(unknown_realm)
    }

    /// The query.
    pub(crate) fn query(&self) -> Result<Parameters, Failure> {
        parse_query(self.request.query_string())
    }

    /// What a list is narrowed by: `q`, `after`, and these facets as `name:value`.
    pub(crate) fn find(&self, facets: &[&str]) -> Result<Find, Failure> {
        let query = self.query()?;
        let facets = facets
            .iter()
            .filter_map(|name| query.get(name).filter(|value| !value.is_empty()).map(|value| format!("{name}:{value}")))
            .collect();
        let text = query.get("q").unwrap_or_default().chars().take(200).collect();
        Ok(Find { text, facets, after: query.get("after").and_then(Cursor::parse), ..Find::default() })
    }

    /// The path of an address. `{realm}` and `{tenant}` are those of this page unless they are given.
    pub(crate) fn path(&self, pattern: &str, values: &[(&str, &str)]) -> String {
        let mut all = values.to_vec();
        all.push(("realm", &self.realm.realm.slug));
        all.extend(self.tenant.as_ref().map(|tenant| ("tenant", tenant.org_id.as_str())));
        paths::console::fill(pattern, &all)
    }

    /// The path of this page as it was asked for, with its query: where a step-up comes back to.
    pub(crate) fn here(&self) -> String {
        self.request.uri().path_and_query().map_or_else(|| self.request.path().to_owned(), ToString::to_string)
    }

    /// The path of this page with one more thing in its query, in place of what had that name.
    pub(crate) fn with_query(&self, name: &str, value: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(
            self.query().iter().flat_map(Parameters::iter).filter(|(known, _)| *known != name && !matches!(*known, "notice" | "tick")),
        );
        if !value.is_empty() {
            query.append_pair(name, value);
        }
        let query = query.finish();
        if query.is_empty() { self.request.path().to_owned() } else { format!("{}?{query}", self.request.path()) }
    }

    /// The path of this page without something of its query.
    pub(crate) fn without_query(&self, name: &str) -> String {
        self.with_query(name, "")
    }

    /// A text of ours in the person's language, for where a page takes words alone.
    pub(crate) fn words(&self, key: &str) -> Result<String, Fault> {
        let views = data::<Views>(&self.request)?;
        let locale = views.negotiate(None, accept_language(&self.request), &[], None);
        views.text(locale, key).ok_or_else(|| Fault::new(format!("there is no text `{key}`")))
    }

    /// The same person in a realm that a sealed value names instead of the address, if they administer it.
    pub(crate) async fn in_realm(&self, realm: RealmId) -> Result<Self, Failure> {
        let snapshot = data::<Store>(&self.request)?.snapshots().realm(realm).await?.ok_or_else(unknown_realm)?;
        let actor = roles::realm_actor(&self.seat.administers, &self.seat.user, realm).ok_or_else(unknown_realm)?;
        let address = data::<WebSettings>(&self.request)?.public_url.address_of(&snapshot.realm);
        Ok(Self { realm: snapshot, address, actor, tenant: None, ..self.clone() })
    }

    /// Shows a page.
    pub(crate) fn show(&self, sheet: Sheet) -> Answer {
        shell::render(self, sheet, StatusCode::OK)
    }

    /// Shows a form again that was filled in wrong: 422, so that nobody takes it for done.
    pub(crate) fn show_wrong(&self, sheet: Sheet) -> Answer {
        shell::render(self, sheet, StatusCode::UNPROCESSABLE_ENTITY)
    }

    /// Shows a page that says why a form was not taken, though nothing in it is wrong: something else came first.
    pub(crate) fn show_conflict(&self, sheet: Sheet) -> Answer {
        shell::render(self, sheet, StatusCode::CONFLICT)
    }

    /// Goes on to a page after a form did what it should; the page says so by the text `did-<what>`.
    #[expect(
        clippy::unused_self,
        clippy::unnecessary_wraps,
        clippy::needless_pass_by_value,
        reason = "handlers end with it, as they do with `show`"
    )]
    pub(crate) fn done(&self, path: String, what: &str) -> Answer {
        let with = if path.contains('?') { '&' } else { '?' };
        Ok(see_other(&format!("{path}{with}notice={what}")))
    }

    /// Lets pass whoever proved themself within ten minutes; sends everybody else to do so and back to that path.
    pub(crate) fn fresh(&self, back: &str) -> Result<(), PageFailure> {
        if self.now()?.since(self.seat.session.authenticated_at) < FRESH {
            return Ok(());
        }
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("return", back).finish();
        Err(PageFailure::away(format!("{}?{query}", paths::console::SIGN_IN_AGAIN)))
    }
}

async fn named_realm(request: &HttpRequest, seat: &Seat) -> Result<Arc<RealmSnapshot>, Failure> {
    match request.match_info().get("realm") {
        None => Ok(Arc::clone(&seat.home)),
        Some(slug) => Ok(data::<Store>(request)?.snapshots().realm_by_slug(slug).await?.ok_or_else(unknown_realm)?),
    }
}

async fn named_tenant(request: &HttpRequest, realm: &RealmSnapshot) -> Result<Option<Tenant>, Failure> {
    let Some(org_id) = request.match_info().get("tenant") else { return Ok(None) };
    let rows = data::<Store>(request)?.read(realm.realm.id);
    Ok(Some(rows.tenants().find_by_org_id(org_id).await?.ok_or_else(unknown_realm)?))
}

/// As whom the person acts at an address, if it is for them.
fn actor(seat: &Seat, audience: Audience, realm: &Realm, tenant: Option<&Tenant>) -> Result<Actor, Refusal> {
    let (what, person) = (&seat.administers, &seat.user);
    let on_realm = roles::realm_actor(what, person, realm.id);
    let found = match audience {
        Audience::Anyone | Audience::SignedIn => Some(on_realm.unwrap_or(Actor::User { user: person.id, realm: seat.home.realm.id })),
        Audience::Realm => on_realm,
        Audience::Tenant => tenant.and_then(|tenant| roles::tenant_actor(what, person, tenant)),
        Audience::Operator => match (what, on_realm) {
            (Administers::Deployment, actor) => actor,
            // Who administers the realm knows that it is there; everybody else does not.
            (_, Some(_)) => return Err(Refusal::new(ErrorCode::Forbidden, "Your role does not allow this")),
            (_, None) => None,
        },
    };
    found.ok_or_else(unknown_realm)
}

impl FromRequest for Console {
    type Error = PageFailure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, PageFailure>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Self::of(&request).await })
    }
}
