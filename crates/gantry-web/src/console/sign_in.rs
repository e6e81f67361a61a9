//! The way in: which realm one belongs to, there and back, and out again.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use gantry_core::failure::Fault;
use gantry_core::parameters::Parameters;
use gantry_core::realm::{Realm, SYSTEM_REALM, is_slug};
use gantry_core::secret::SecretKind;
use gantry_identity::Identity;
use gantry_oauth::logout::upstream::UpstreamLogout;
use gantry_store::Store;
use gantry_views::console::{Choice, Field, Form, Note, Sheet, Tone, said, say};

use super::context::Answer;
use super::flow::{self, Way};
use super::form::{ConsoleForm, OpenForm};
use super::seat::{self, Seat};
use super::{callback, shell};
use crate::extract::{QueryParameters, RealmContext, origin_of};
use crate::paths::console as at;
use crate::respond::{data, see_other};
use crate::settings::WebSettings;
use crate::{cookies, upstream};

/// The cookie of the realm that this browser signed in at last. No secret, and no right to anything.
const LAST_REALM: &str = "__Host-gantry-console-realm";

/// Mounts this area.
pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(at::SIGN_IN).route(web::get().to(show)).route(web::post().to(start)))
        .service(web::resource(at::SIGN_IN_AGAIN).route(web::get().to(again)))
        .service(web::resource(at::CALLBACK).route(web::get().to(callback::show)))
        .service(web::resource(at::NO_ROLE).route(web::get().to(no_role)))
        .service(web::resource(at::SIGN_OUT).route(web::get().to(signed_out)).route(web::post().to(sign_out)));
}

/// Where somebody is sent who is not signed in: to sign in, and back if the page can be asked for again.
pub(super) fn address_for(request: &HttpRequest) -> String {
    let here = request.uri().path_and_query().map(ToString::to_string).filter(|_| request.method() == actix_web::http::Method::GET);
    match here.as_deref().and_then(flow::back) {
        Some(back) => format!("{}?{}", at::SIGN_IN, form_urlencoded::Serializer::new(String::new()).append_pair("return", &back).finish()),
        None => at::SIGN_IN.to_owned(),
    }
}

async fn show(request: HttpRequest, query: QueryParameters) -> Answer {
    let form = realm_form(&request, &query, query.get("realm")).await?;
    page(&request, form, StatusCode::OK)
}

/// Sends the person to their realm.
async fn start(request: HttpRequest, form: OpenForm) -> Answer {
    let slug = form.0.get("realm").unwrap_or_default().trim().to_ascii_lowercase();
    let found = if is_slug(&slug) { data::<Store>(&request)?.snapshots().realm_by_slug(&slug).await? } else { None };
    let Some(realm) = found.filter(|found| found.realm.disabled_at.is_none()) else {
        let mut asked = realm_form(&request, &form.0, Some(&slug)).await?;
        asked.problem = Some(say("frame-sign-in-unknown-realm"));
        return page(&request, asked, StatusCode::UNPROCESSABLE_ENTITY);
    };
    let back = form.0.get("return").and_then(flow::back);
    let mut response = flow::start(&request, &realm, back, Way::default()).await?;
    let mut last = cookies::of_console(LAST_REALM, slug);
    last.set_max_age(actix_web::cookie::time::Duration::days(365));
    response.add_cookie(&last).map_err(|error| Fault::caused("a cookie", error))?;
    Ok(response)
}

/// Sends a signed-in person to prove themself once more.
async fn again(request: HttpRequest, query: QueryParameters) -> Answer {
    let back = query.get("return").and_then(flow::back);
    let Some(seat) = Seat::of(&request).await? else { return Ok(see_other(at::SIGN_IN)) };
    let email = seat.user.email.to_string();
    flow::start(&request, &seat.home, back, Way { login_hint: Some(&email), anew: true }).await
}

fn page(request: &HttpRequest, form: Form, status: StatusCode) -> Answer {
    let sheet = Sheet::new(say("frame-sign-in-title")).lead(say("frame-sign-in-lead")).panel(form);
    shell::render_outside(request, None, sheet, status)
}

async fn realm_form(request: &HttpRequest, sent: &Parameters, named: Option<&str>) -> Result<Form, Fault> {
    let last = cookies::read_text(request, LAST_REALM).filter(|slug| is_slug(slug));
    let chosen = named.map(str::to_owned).or(last).unwrap_or_default();
    let mut form = Form::new("console-sign-in", at::SIGN_IN, say("frame-sign-in-submit")).field(realm_field(request, &chosen).await?);
    if let Some(back) = sent.get("return").and_then(flow::back) {
        form = form.hidden("return", back);
    }
    Ok(form)
}

/// A deployment with one realm besides the operators' offers both; with more they are nobody's to know.
async fn realm_field(request: &HttpRequest, chosen: &str) -> Result<Field, Fault> {
    let realms = data::<Store>(request)?.platform().list_realms(None, 3).await?;
    if realms.len() > 2 || realms.is_empty() {
        return Ok(Field::line("realm", say("frame-sign-in-realm"), chosen).hint(say("frame-sign-in-realm-hint")).required());
    }
    let is_chosen = |realm: &Realm| realm.slug == chosen || (chosen.is_empty() && (realms.len() == 1 || realm.slug != SYSTEM_REALM));
    let label = |realm: &Realm| if realm.slug == SYSTEM_REALM { say("frame-sign-in-operators") } else { said(&realm.name) };
    let choices = realms.iter().map(|realm| Choice::new(&realm.slug, label(realm), is_chosen(realm))).collect();
    Ok(Field::radio("realm", say("frame-sign-in-place"), choices).required())
}

/// Who administers nothing learns so, and can sign out.
async fn no_role(request: HttpRequest) -> Answer {
    let Some(seat) = Seat::of(&request).await? else { return Ok(see_other(at::SIGN_IN)) };
    // Their role counts for nothing where a tenant's provider alone says who they are (see `roles`).
    let why = if seat.user.roles.is_empty() { "frame-no-role-text" } else { "frame-no-role-vouched" };
    let text = say(why).with("realm", seat.home.realm.name.as_str()).with("email", seat.user.email.to_string());
    let form = Form::new("console-leave", at::SIGN_OUT, say("frame-sign-out-submit"));
    let sheet = Sheet::new(say("frame-no-role-title")).panel(Note { tone: Tone::Warn, text, action: None }).panel(form);
    shell::render_outside(&request, Some(&seat), sheet, StatusCode::FORBIDDEN)
}

/// Signs out: the session ends for every app that rests on it.
async fn sign_out(
    request: HttpRequest,
    _form: ConsoleForm,
    (identity, endpoint): (web::Data<Identity>, web::Data<UpstreamLogout>),
) -> Answer {
    let Some(seat) = Seat::of(&request).await? else { return Ok(see_other(at::SIGN_OUT)) };
    let owed = identity.sign_out(&seat.session, &origin_of(&request)).await?;
    let public = &data::<WebSettings>(&request)?.public_url;
    let realm = RealmContext { address: public.address_of(&seat.home.realm), snapshot: std::sync::Arc::clone(&seat.home) };
    let browser = cookies::read(&request, &cookies::browser_name(realm.realm()), SecretKind::Browser);
    let browser = browser.unwrap_or_else(|| SecretKind::Browser.generate()).digest();
    let here = format!("{}{}", public.as_str(), at::SIGN_OUT);
    let mut response = see_other(&upstream::after_sign_out(&realm, browser, &endpoint, owed, Some(here)).await?);
    let mut gone = vec![seat::without(), flow::over()];
    // The cookie of a realm with a host of its own is there; what it names has ended.
    if realm.realm().hosts.is_empty() {
        gone.extend([cookies::without_session(realm.realm()), cookies::signed_out(realm.realm())]);
    }
    for cookie in &gone {
        response.add_cookie(cookie).map_err(|error| Fault::caused("a cookie", error))?;
    }
    Ok(response)
}

async fn signed_out(request: HttpRequest) -> Answer {
    let seat = Seat::of(&request).await?;
    let sheet = if seat.is_some() {
        Sheet::new(say("frame-sign-out-title")).panel(Form::new("console-leave", at::SIGN_OUT, say("frame-sign-out-submit")))
    } else {
        let again = gantry_views::console::Link::primary(say("frame-sign-in-again"), at::SIGN_IN);
        Sheet::new(say("frame-signed-out-title")).lead(say("frame-signed-out-text")).action(again)
    };
    shell::render_outside(&request, seat.as_deref(), sheet, StatusCode::OK)
}

/// A sign-in that did not come to an end: a page in words, with the way to begin anew.
pub(super) fn failed(request: &HttpRequest, why: &'static str) -> Answer {
    let again = gantry_views::console::Link::primary(say("frame-sign-in-again"), at::SIGN_IN);
    let sheet = Sheet::new(say("frame-sign-in-failed-title")).panel(Note { tone: Tone::Bad, text: say(why), action: None }).action(again);
    tracing::info!(target: "security", why, "a sign-in to the console failed");
    shell::render_outside(request, None, sheet, StatusCode::BAD_REQUEST)
}
