//! How a realm's pages look: name, colour, a sentence, whom to ask, the languages; and a preview.
//!
//! The preview is a page of our own in a frame of our own: its two addresses alone may be framed, by this origin.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web;
use gantry_core::parameters::Parameters;
use gantry_core::realm::{Branding, Realm};
use gantry_identity::permission::{self, Action};
use gantry_identity::realms::{self, RealmChange};
use gantry_views::branding::{branding_css, needs_dark_words};
use gantry_views::chrome::Display;
use gantry_views::console::{Choice, Field, FieldKind, Form, Note, Preview, Sheet, Tone, said, say};
use gantry_views::field::FormField;
use gantry_views::page::sign_in::Identifier;
use gantry_views::{Chrome, Views};

use super::context::{Answer, Console};
use super::form::{ConsoleForm, problems, wrong};
use super::settings::write;
use super::stale::{self, Theirs};
use crate::admin::fingerprint;
use crate::paths::console as at;
use crate::respond::{PageFailure, accept_language, data, html_response};

/// Mounts this area.
pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(at::BRANDING).route(web::get().to(show)).route(web::post().to(save)))
        .service(web::resource(at::BRANDING_PREVIEW).route(web::get().to(preview)))
        .service(web::resource(at::BRANDING_PREVIEW_CSS).route(web::get().to(colours)));
}

/// What the form shows and saves.
#[derive(Clone, PartialEq, Eq, serde::Serialize)]
struct Look {
    name: String,
    branding: Branding,
}

impl Look {
    fn of(realm: &Realm) -> Self {
        Self { name: realm.name.clone(), branding: realm.settings.branding.clone() }
    }

    fn typed(sent: &ConsoleForm) -> Self {
        let locales = sent.all("locales").map(str::to_owned).collect();
        let accent = sent.some("branding.accent").filter(|_| sent.on("coloured")).map(|colour| colour.to_ascii_lowercase());
        let (welcome, support_contact) = (sent.some("branding.welcome"), sent.some("branding.support_contact"));
        Self { name: sent.line("name").to_owned(), branding: Branding { accent, welcome, support_contact, locales } }
    }

    /// The same by the query of the preview, which has the names of the form. What is no colour is none, see `branding_css`.
    fn asked(query: &Parameters, realm: &Realm) -> Self {
        let some = |name: &str| query.get(name).map(|text| text.chars().take(200).collect::<String>()).filter(|text| !text.is_empty());
        let locales = realm.settings.branding.locales.clone();
        let accent = some("branding.accent").filter(|_| query.get("coloured") == Some("on"));
        let (welcome, support_contact) = (some("branding.welcome"), some("branding.support_contact"));
        let branding = Branding { accent, welcome, support_contact, locales };
        Self { name: some("name").unwrap_or_else(|| realm.name.clone()), branding }
    }

    fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("name", &self.name);
        let branding = &self.branding;
        if let Some(accent) = &branding.accent {
            query.append_pair("coloured", "on").append_pair("branding.accent", accent);
        }
        for (name, value) in [("branding.welcome", &branding.welcome), ("branding.support_contact", &branding.support_contact)] {
            query.extend_pairs(value.as_ref().map(|value| (name, value)));
        }
        query.finish()
    }
}

async fn show(console: Console) -> Answer {
    let realm = realms::read(&console.read()?, console.actor).await?;
    let look = Look::of(&realm);
    let form = form(&console, &look, &fingerprint(&look)?)?;
    let mut sheet = sheet(&console, &look, form);
    sheet.as_code = Some(super::settings::as_code(&console, &realm, &["name", "branding"])?);
    console.show(sheet)
}

async fn save(console: Console, sent: ConsoleForm) -> Answer {
    let realm = realms::read(&console.read()?, console.actor).await?;
    let (before, typed) = (Look::of(&realm), Look::typed(&sent));
    let form = form(&console, &typed, sent.line("seen"))?;
    if sent.on("preview_only") {
        return console.show(sheet(&console, &typed, form));
    }
    if let Some(theirs) = Theirs::unless_seen(&sent, fingerprint(&before)?, &before)? {
        return stale::show(&console, &sent, sheet(&console, &typed, form), &theirs, &typed);
    }
    let mut settings = realm.settings.clone();
    settings.branding = typed.branding.clone();
    match write(&console, &realm, RealmChange { name: typed.name.clone(), hosts: realm.hosts.clone(), settings }).await {
        Ok(_) => console.done(console.path(at::BRANDING, &[]), "branding-saved"),
        Err(failure) => {
            let refusal = wrong(failure)?;
            let form = form.with_problems(Some(said(refusal.description)), &problems(&refusal));
            stale::show_wrong(&console, &sent, sheet(&console, &typed, form))
        }
    }
}

fn sheet(console: &Console, look: &Look, form: Form) -> Sheet {
    let mut sheet = Sheet::new(say("branding-title")).lead(say("branding-lead")).panel(form);
    if look.branding.accent.as_deref().is_some_and(needs_dark_words) {
        sheet = sheet.panel(Note { tone: Tone::Warn, text: say("branding-contrast"), action: None });
    }
    let src = format!("{}?{}", console.path(at::BRANDING_PREVIEW, &[]), look.query());
    sheet.panel(Preview { id: "branding-preview", title: say("branding-preview"), src, follows: Some("branding") })
}

fn form(console: &Console, look: &Look, seen: &str) -> Result<Form, PageFailure> {
    let branding = &look.branding;
    let offered = |tag: &String| Choice::new(tag, said(tag), branding.locales.contains(tag));
    let locales = data::<Views>(console.request())?.locales().iter().map(offered).collect();
    let colour = branding.accent.clone().unwrap_or_else(|| "#2f4fd0".to_owned());
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    Ok(Form::new("branding", console.path(at::BRANDING, &[]), say("frame-save"))
        .field(Field::line("name", say("branding-name"), &look.name).hint(say("branding-name-hint")).required())
        .field(Field::switch("coloured", say("branding-coloured"), branding.accent.is_some()).hint(say("branding-coloured-hint")))
        .field(Field::new("branding.accent", say("branding-accent"), FieldKind::Colour(colour)).hint(say("branding-accent-hint")))
        .field(Field::line("branding.welcome", say("branding-welcome"), text(&branding.welcome)).hint(say("branding-welcome-hint")))
        .field(
            Field::line("branding.support_contact", say("branding-support"), text(&branding.support_contact))
                .hint(say("branding-support-hint")),
        )
        .field(Field::checks("locales", say("branding-locales"), locales).hint(say("branding-locales-hint")))
        .field(Field::switch("preview_only", say("branding-preview-only"), false).hint(say("branding-preview-only-hint")))
        .hidden("seen", seen))
}

/// The realm's sign-in page as it would look. Its form leads nowhere.
async fn preview(console: Console) -> Answer {
    permission::check(console.actor, Action::ReadRealm, console.realm.realm.id)?;
    let look = Look::asked(&console.query()?, &console.realm.realm);
    let views = data::<Views>(console.request())?;
    let locale = views.negotiate(None, accept_language(console.request()), &look.branding.locales, None);
    let mut chrome = Chrome::new(&look.name, "#", &look.branding, locale);
    chrome.display = Display::Frame;
    chrome.branding_css =
        look.branding.accent.as_ref().map(|_| format!("{}?{}", console.path(at::BRANDING_PREVIEW_CSS, &[]), look.query()));
    let page = Identifier {
        action: "#".to_owned(),
        request: None,
        app: None,
        organization: None,
        username: Some(FormField::default()),
        fold: None,
        providers: Vec::new(),
        remember: None,
        sign_up: console.realm.realm.settings.sign_in.sign_up.then(|| "#".to_owned()),
        problem: None,
    };
    Ok(html_response(actix_web::http::StatusCode::OK, views.render(&chrome, &page)?))
}

async fn colours(console: Console) -> Answer {
    permission::check(console.actor, Action::ReadRealm, console.realm.realm.id)?;
    let look = Look::asked(&console.query()?, &console.realm.realm);
    Ok(HttpResponse::Ok()
        .content_type("text/css; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(branding_css(&look.branding)))
}
