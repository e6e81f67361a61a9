//! Clients in the console: apps of the realm, what they prove themselves with, who lets them in, and a real test.
//!
//! Handlers ask the rules of `gantry_oauth::clients` and build sheets. No rule is here.

mod access;
mod app_keys;
mod credentials;
mod fields;
mod list;
mod new;
mod overview;
mod settings;
mod several;
mod test;
mod test_result;
mod uri_check;

use actix_web::web;
use gantry_core::client::{Client, ClientKind};
use gantry_core::failure::Failure;
use gantry_core::id::ClientId;
use gantry_oauth::catalogue::{self, Catalogue};
use gantry_oauth::clients;
use gantry_views::console::{AsCode, Badge, Link, Sheet, Tab, Text, Tone, said, say};

use super::code;
use super::context::Console;
use crate::paths::console as at;

/// Mounts the pages.
pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(at::CLIENTS).route(web::get().to(list::show)))
        .service(web::resource(at::CLIENT_NEW).route(web::get().to(new::show)).route(web::post().to(new::register)))
        .service(web::resource(at::CLIENT_URI_CHECK).route(web::get().to(uri_check::answer)))
        .service(web::resource(at::CLIENTS_BULK).route(web::post().to(several::switch)))
        .service(web::resource(at::CLIENT).route(web::get().to(overview::show)))
        .service(web::resource(at::CLIENT_ENABLED).route(web::post().to(overview::set_enabled)))
        .service(web::resource(at::CLIENT_REMOVE).route(web::get().to(overview::ask_removal)).route(web::post().to(overview::remove)))
        .service(web::resource(at::CLIENT_SETTINGS).route(web::get().to(settings::show)).route(web::post().to(settings::save)))
        .service(web::resource(at::CLIENT_CREDENTIALS).route(web::get().to(credentials::show)))
        .service(web::resource(at::CLIENT_SECRETS).route(web::get().to(credentials::ask)).route(web::post().to(credentials::make)))
        .service(web::resource(at::CLIENT_SECRET).route(web::post().to(credentials::end)))
        .service(web::resource(at::CLIENT_APP_KEYS).route(web::get().to(app_keys::ask)).route(web::post().to(app_keys::make)))
        .service(web::resource(at::CLIENT_APP_KEY).route(web::post().to(app_keys::revoke)))
        .service(web::resource(at::CLIENT_ACCESS).route(web::get().to(access::show)))
        .service(web::resource(at::CLIENT_ACCESS_PERSON).route(web::post().to(access::revoke)))
        .service(web::resource(at::CLIENT_TEST).route(web::get().to(test::show)).route(web::post().to(test::begin)))
        .service(web::resource(at::CLIENT_TEST_CALLBACK).route(web::get().to(test::take)));
}

/// The client that the address names, with what its record refers to.
struct Subject {
    client: Client,
    catalogue: Catalogue,
}

impl Subject {
    async fn of(console: &Console) -> Result<Self, Failure> {
        let rows = console.read()?;
        let client = clients::find(&rows, console.actor, console.id::<ClientId>("client")?).await?;
        let catalogue = catalogue::read(&rows, console.actor).await?;
        Ok(Self { client, catalogue })
    }

    /// The path of one of its pages.
    fn path(&self, console: &Console, pattern: &str) -> String {
        console.path(pattern, &[("client", &self.client.id.to_string())])
    }

    /// A page of it, with the ways to the others.
    fn sheet(&self, console: &Console, current: &str) -> Sheet {
        let client = &self.client;
        let mut sheet = Sheet::new(said(&client.name)).crumb(Link::to(say("clients-title"), console.path(at::CLIENTS, &[])));
        sheet.badges.push(Badge { text: kind(client.kind), tone: Tone::Plain });
        sheet.badges.push(standing(client));
        if client.policy.first_party {
            sheet.badges.push(Badge { text: say("clients-first-party"), tone: Tone::Plain });
        }
        let tabs = [
            (at::CLIENT, say("clients-tab-overview")),
            (at::CLIENT_SETTINGS, say("clients-tab-settings")),
            (at::CLIENT_CREDENTIALS, say("clients-tab-credentials")),
            (at::CLIENT_ACCESS, say("clients-tab-access")),
            (at::CLIENT_TEST, say("clients-tab-test")),
        ];
        sheet.tabs = tabs.map(|(path, text)| Tab { text, href: self.path(console, path), current: path == current }).to_vec();
        sheet
    }

    /// A page that hangs off one of its pages.
    fn sheet_below(&self, console: &Console, title: Text, above: (&str, Text)) -> Sheet {
        Sheet::new(title)
            .crumb(Link::to(say("clients-title"), console.path(at::CLIENTS, &[])))
            .crumb(Link::to(said(&self.client.name), self.path(console, at::CLIENT)))
            .crumb(Link::to(above.1, self.path(console, above.0)))
    }

    /// Its record as a file and as a call.
    fn as_code(&self, console: &Console) -> Result<Option<AsCode>, Failure> {
        let entry = fields::entry(&self.client, &self.catalogue);
        Ok(Some(code::of(console, "clients", (&self.client.id, self.client.created_at), &entry)?))
    }
}

/// What an app is, in words.
const fn kind(kind: ClientKind) -> Text {
    match kind {
        ClientKind::Confidential => say("clients-kind-confidential"),
        ClientKind::Public => say("clients-kind-public"),
        ClientKind::Native => say("clients-kind-native"),
        ClientKind::Machine => say("clients-kind-machine"),
        ClientKind::Development => say("clients-kind-development"),
    }
}

/// What that means, in a sentence.
const fn kind_hint(kind: ClientKind) -> Text {
    match kind {
        ClientKind::Confidential => say("clients-kind-confidential-hint"),
        ClientKind::Public => say("clients-kind-public-hint"),
        ClientKind::Native => say("clients-kind-native-hint"),
        ClientKind::Machine => say("clients-kind-machine-hint"),
        ClientKind::Development => say("clients-kind-development-hint"),
    }
}

/// Whether it works.
const fn standing(client: &Client) -> Badge {
    if client.is_enabled() {
        Badge { text: say("clients-enabled"), tone: Tone::Good }
    } else {
        Badge { text: say("clients-disabled"), tone: Tone::Bad }
    }
}
