//! The consent page as a person would see it, with a scope that is being typed: a page for a frame of our own.
//!
//! Shows a sample app and a sample person, and nothing of the realm but its name, colours and APIs. Its form leads nowhere.

use actix_web::http::StatusCode;
use gantry_core::scope::ScopeTier;
use gantry_oauth::catalogue;
use gantry_views::chrome::{Display, Person};
use gantry_views::console::{Preview, say};
use gantry_views::moment::Span;
use gantry_views::page::App;
use gantry_views::page::consent::{Consent, Details, Keeps, ScopeLine, Withheld};
use gantry_views::{Chrome, Views};

use super::form::{Typed, tier_named};
use crate::console::context::{Answer, Console};
use crate::paths::console as at;
use crate::respond::{accept_language, data, html_response};

/// The frame on a page whose form is called `follows`.
pub(super) fn panel(console: &Console, typed: &Typed, follows: &'static str) -> Preview {
    let tier = match typed.entry.tier {
        ScopeTier::Open => "open",
        ScopeTier::Reviewed => "reviewed",
        ScopeTier::TenantAdmin => "tenant-admin",
    };
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("name", &typed.entry.name).append_pair("description", &typed.entry.description).append_pair("tier", tier);
    if let Some(audience) = &typed.audience {
        query.append_pair("resource", audience);
    }
    let src = format!("{}?{}", console.path(at::SCOPE_PREVIEW, &[]), query.finish());
    Preview { id: "preview", title: say("scopes-preview"), src, follows: Some(follows) }
}

/// The page in the frame.
pub(super) async fn show(console: Console) -> Answer {
    let query = console.query()?;
    let text = |name: &str, most| query.get(name).unwrap_or_default().chars().take(most).collect::<String>();
    let catalogue = catalogue::read(&console.read()?, console.actor).await?;
    let api = query.get("resource").and_then(|audience| catalogue.resource_by_audience(audience)).map(|api| api.name.clone());
    let (name, description) = (text("name", 128), text("description", 300));
    let typed =
        ScopeLine::new(if name.is_empty() { "…" } else { &name }, if description.is_empty() { "…" } else { &description }, api, false);
    let typed = typed.of_admins(tier_named(&text("tier", 20)) == ScopeTier::TenantAdmin);
    let views = data::<Views>(console.request())?;
    let branding = &console.realm.realm.settings.branding;
    let locale = views.negotiate(None, accept_language(console.request()), &branding.locales, None);
    let mut chrome = Chrome::new(&console.realm.realm.name, at::HOME, branding, locale);
    chrome.display = Display::Frame;
    Ok(html_response(StatusCode::OK, views.render(&chrome, &page(typed))?))
}

fn page(typed: ScopeLine) -> Consent {
    let lifetime = Span::seconds(300);
    Consent {
        action: String::new(),
        request: String::new(),
        app: App::named("Ledger Sync").published(Some("Northwind Software".to_owned()), true),
        person: Person { name: "Ada Lovelace".to_owned(), email: "ada@example.com".to_owned() },
        switch: None,
        tenants: None,
        apis: Vec::new(),
        scopes: vec![ScopeLine::new("openid", "", None, true), typed],
        withheld: Withheld::of(false, None),
        keeps: Keeps::No { lifetime },
        account: String::new(),
        destination: "ledger.example.com".to_owned(),
        details: Details {
            client_id: "ledger-sync".to_owned(),
            redirect_uri: "https://ledger.example.com/callback".to_owned(),
            access_lifetime: lifetime,
        },
    }
}
