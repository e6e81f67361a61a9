//! How a tenant's own pages look: a colour and a sentence within its realm's face; and a preview.
//!
//! The preview is a page of our own in a frame of our own, like the realm's (see `console::branding`).

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, web};
use gantry_core::failure::{Failure, Refusal};
use gantry_core::parameters::Parameters;
use gantry_core::realm::Branding;
use gantry_core::tenant::{Tenant, TenantBranding};
use gantry_identity::permission::{self, TenantAction};
use gantry_identity::tenants::TenantSettings;
use gantry_views::branding::{branding_css, needs_dark_words};
use gantry_views::chrome::Display;
use gantry_views::console::{Field, FieldKind, Form, Note, Preview, Sheet, Tone, say};
use gantry_views::field::FormField;
use gantry_views::page::sign_in::Identifier;
use gantry_views::{Chrome, Views};
use serde_json::json;

use super::super::context::{Answer, Console};
use super::super::form::{ConsoleForm, problems, wrong};
use super::super::stale;
use super::code::{self, Call};
use super::settings::{Written, shown, version, write};
use super::summary;
use crate::paths::console as at;
use crate::respond::{accept_language, data, html_response};

/// Mounts these pages.
pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(at::TENANT_BRANDING).route(web::get().to(show)).route(web::post().to(save)))
        .service(web::resource(at::TENANT_BRANDING_PREVIEW).route(web::get().to(preview)))
        .service(web::resource(at::TENANT_BRANDING_PREVIEW_CSS).route(web::get().to(colours)));
}

async fn show(console: Console) -> Answer {
    let tenant = console.tenant()?;
    let mut sheet = sheet(&console, tenant, &tenant.branding, form(&console, tenant, &tenant.branding)?);
    let call = Call::Send("PATCH", "", json!({ "branding": tenant.branding }));
    sheet.as_code = code::of(&console, tenant, |_| (), &call)?;
    console.show(sheet)
}

async fn save(console: Console, sent: ConsoleForm) -> Answer {
    let tenant = console.tenant()?;
    let typed = TenantBranding { accent: sent.some("accent").filter(|_| sent.on("coloured")), welcome: sent.some("welcome") };
    if sent.on("preview_only") {
        return console.show(sheet(&console, tenant, &typed, form(&console, tenant, &typed)?));
    }
    let wanted = TenantSettings { branding: typed.clone(), ..TenantSettings::of(tenant) };
    match write(&console, tenant.id, &wanted, &sent).await {
        Ok(Written::Done) => console.done(console.path(at::TENANT_BRANDING, &[]), "tenant-saved"),
        Ok(Written::Stale(current, theirs)) => {
            let sheet = sheet(&console, &current, &typed, form(&console, &current, &typed)?);
            stale::show(&console, &sent, sheet, &theirs, &shown(&wanted))
        }
        Err(failure) => {
            let refusal = wrong(failure)?;
            let form = form(&console, tenant, &typed)?.with_problems(Some(summary(&refusal)), &placed(&refusal));
            stale::show_wrong(&console, &sent, sheet(&console, tenant, &typed, form))
        }
    }
}

/// Fields of the form by the names that they have there.
fn placed(refusal: &Refusal) -> Vec<(String, String)> {
    problems(refusal).into_iter().map(|(name, problem)| (name.trim_start_matches("branding.").to_owned(), problem)).collect()
}

fn sheet(console: &Console, tenant: &Tenant, look: &TenantBranding, form: Form) -> Sheet {
    let mut sheet = super::sheet(console, tenant, say("tenants-branding")).lead(say("tenants-branding-lead")).panel(form);
    if look.accent.as_deref().is_some_and(needs_dark_words) {
        sheet = sheet.panel(Note { tone: Tone::Warn, text: say("branding-contrast"), action: None });
    }
    let src = format!("{}?{}", console.path(at::TENANT_BRANDING_PREVIEW, &[]), query(look));
    sheet.panel(Preview { id: "branding-preview", title: say("tenants-branding-preview"), src, follows: Some("branding") })
}

fn form(console: &Console, tenant: &Tenant, look: &TenantBranding) -> Result<Form, Failure> {
    let of_realm = &console.realm.realm.settings.branding.accent;
    let colour = look.accent.clone().or_else(|| of_realm.clone()).unwrap_or_else(|| "#2f4fd0".to_owned());
    Ok(Form::new("branding", console.path(at::TENANT_BRANDING, &[]), say("tenants-save"))
        .hidden("seen", version(tenant)?)
        .field(Field::switch("coloured", say("branding-coloured"), look.accent.is_some()).hint(say("tenants-coloured-hint")))
        .field(Field::new("accent", say("tenants-accent"), FieldKind::Colour(colour)).hint(say("branding-accent-hint")))
        .field(Field::line("welcome", say("tenants-welcome"), look.welcome.clone().unwrap_or_default()).hint(say("tenants-welcome-hint")))
        .field(Field::switch("preview_only", say("branding-preview-only"), false).hint(say("branding-preview-only-hint"))))
}

/// The query of the preview, which has the names of the form.
fn query(look: &TenantBranding) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if let Some(accent) = &look.accent {
        query.append_pair("coloured", "on").append_pair("accent", accent);
    }
    query.extend_pairs(look.welcome.as_ref().map(|welcome| ("welcome", welcome)));
    query.finish()
}

/// What the query of the preview asks for. What is no colour is none, see `branding_css`.
fn asked(query: &Parameters) -> TenantBranding {
    let some = |name: &str| query.get(name).filter(|text| !text.is_empty()).map(|text| text.chars().take(200).collect::<String>());
    TenantBranding { accent: some("accent").filter(|_| query.get("coloured") == Some("on")), welcome: some("welcome") }
}

fn look(console: &Console) -> Result<(TenantBranding, Branding), Failure> {
    permission::check_tenant(console.actor, TenantAction::Read, console.realm.realm.id, console.tenant()?.id)?;
    let own = asked(&console.query()?);
    let whole = own.over(&console.realm.realm.settings.branding);
    Ok((own, whole))
}

/// The page on which the tenant's people sign in, as it would look. Its form leads nowhere.
async fn preview(console: Console) -> Answer {
    let (own, whole) = look(&console)?;
    let views = data::<Views>(console.request())?;
    let locale = views.negotiate(None, accept_language(console.request()), &whole.locales, None);
    let mut chrome = Chrome::new(&console.realm.realm.name, "#", &whole, locale);
    chrome.display = Display::Frame;
    let css = || format!("{}?{}", console.path(at::TENANT_BRANDING_PREVIEW_CSS, &[]), query(&own));
    chrome.branding_css = whole.accent.as_ref().map(|_| css());
    let page = Identifier {
        action: "#".to_owned(),
        request: None,
        app: None,
        organization: Some(console.tenant()?.name.clone()),
        username: Some(FormField::default()),
        fold: None,
        providers: Vec::new(),
        remember: None,
        sign_up: None,
        problem: None,
    };
    Ok(html_response(StatusCode::OK, views.render(&chrome, &page)?))
}

async fn colours(console: Console) -> Answer {
    let (_, whole) = look(&console)?;
    Ok(HttpResponse::Ok()
        .content_type("text/css; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(branding_css(&whole)))
}
