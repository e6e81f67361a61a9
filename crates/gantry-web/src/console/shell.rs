//! What surrounds every page of the console: the way in, the ways on, and the answer's status.
//!
//! Owns the navigation: one table of addresses, each shown to those for whom it is.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use gantry_core::actor::Actor;
use gantry_core::failure::Fault;
use gantry_core::realm::Branding;
use gantry_identity::roles::Administers;
use gantry_views::chrome::Person;
use gantry_views::console::{ConsolePage, NavGroup, NavItem, Place, Sheet, Shell, Text, said, say};
use gantry_views::{Chrome, Views};

use super::context::{Answer, Console};
use super::seat::Seat;
use crate::csrf::Csrf;
use crate::extract::parse_query;
use crate::paths;
use crate::paths::console::{self as at, Audience};
use crate::respond::{accept_language, data, html_response};
use crate::settings::WebSettings;

/// A way on: its group, its address, what it says, its icon. Each area adds the rows of its pages.
struct Way {
    group: Group,
    path: &'static str,
    text: &'static str,
    icon: &'static str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    Deployment,
    Overview,
    Apps,
    People,
    Operation,
    Setup,
}

const GROUPS: [(Group, Option<&str>); 6] = [
    (Group::Deployment, None),
    (Group::Overview, None),
    (Group::Apps, Some("frame-nav-group-apps")),
    (Group::People, Some("frame-nav-group-people")),
    (Group::Operation, Some("frame-nav-group-operation")),
    (Group::Setup, Some("frame-nav-group-setup")),
];

/// In the order in which they are shown.
const WAYS: &[Way] = &[
    Way { group: Group::Deployment, path: at::REALMS, text: "frame-nav-realms", icon: "layers" },
    Way { group: Group::Overview, path: at::REALM, text: "frame-nav-overview", icon: "house" },
    Way { group: Group::Apps, path: at::CLIENTS, text: "clients-nav", icon: "app-window" },
    Way { group: Group::Apps, path: at::RESOURCES, text: "resources-nav", icon: "server" },
    Way { group: Group::Apps, path: at::SCOPES, text: "scopes-nav", icon: "shield-check" },
    Way { group: Group::Apps, path: at::PUBLISHERS, text: "publishers-nav", icon: "badge-check" },
    Way { group: Group::Overview, path: at::TENANT, text: "frame-nav-overview", icon: "house" },
    Way { group: Group::People, path: at::PEOPLE, text: "people-nav", icon: "users" },
    Way { group: Group::People, path: at::SESSIONS, text: "people-nav-sessions", icon: "monitor-smartphone" },
    Way { group: Group::Setup, path: at::SETTINGS, text: "settings-title", icon: "settings" },
    Way { group: Group::Setup, path: at::BRANDING, text: "branding-title", icon: "palette" },
    Way { group: Group::Setup, path: at::KEYS, text: "keys-title", icon: "key-round" },
    Way { group: Group::People, path: at::TENANTS, text: "tenants-title", icon: "building-2" },
    Way { group: Group::People, path: at::TENANT_MEMBERS, text: "tenants-members", icon: "users" },
    Way { group: Group::People, path: at::TENANT_DOMAINS, text: "tenants-domains", icon: "globe" },
    Way { group: Group::People, path: at::CONNECTIONS, text: "connections-title", icon: "plug" },
    Way { group: Group::People, path: at::TENANT_CONNECTIONS, text: "connections-title", icon: "plug" },
    Way { group: Group::Setup, path: at::SERVICE_ACCOUNTS, text: "accounts-title", icon: "bot" },
    Way { group: Group::Operation, path: at::TRACES, text: "traces-title", icon: "git-branch" },
    Way { group: Group::Operation, path: at::TENANT_TRACES, text: "traces-title", icon: "git-branch" },
    Way { group: Group::Operation, path: at::AUDIT, text: "audit-title", icon: "history" },
    Way { group: Group::Operation, path: at::TENANT_AUDIT, text: "audit-title", icon: "history" },
    Way { group: Group::Operation, path: at::MAIL, text: "mail-title", icon: "mail" },
    Way { group: Group::Apps, path: at::TENANT_APPS, text: "tenants-apps", icon: "app-window" },
    Way { group: Group::Setup, path: at::INVITATIONS, text: "tenants-invitations-realm", icon: "mails" },
    Way { group: Group::Setup, path: at::TENANT_SETTINGS, text: "tenants-settings", icon: "settings" },
    Way { group: Group::Setup, path: at::TENANT_BRANDING, text: "tenants-branding", icon: "palette" },
];

/// Renders a page with its surroundings.
pub(super) fn render(console: &Console, sheet: Sheet, status: StatusCode) -> Answer {
    let request = console.request();
    let mut shell = shell_of(console.request(), Some(console.seat()))?;
    shell.place = place(console);
    shell.nav = nav(console);
    // A tenant's admins find nothing by words: whoever is not theirs to know of is not theirs to find.
    let searches = console.request().match_info().get("realm").is_some() && !matches!(console.actor, Actor::TenantAdmin { .. });
    shell.search = searches.then(|| console.path(at::SEARCH, &[]));
    page(request, Some(console.seat()), ConsolePage { shell, sheet }, status)
}

/// The same for a page that somebody sees who is not signed in, or administers nothing.
pub(super) fn render_outside(request: &HttpRequest, seat: Option<&Seat>, sheet: Sheet, status: StatusCode) -> Answer {
    page(request, seat, ConsolePage { shell: shell_of(request, seat)?, sheet }, status)
}

fn page(request: &HttpRequest, seat: Option<&Seat>, mut page: ConsolePage, status: StatusCode) -> Answer {
    let views = data::<Views>(request)?;
    let locale = views.negotiate(None, accept_language(request), &[], None);
    let mut chrome = Chrome::new("Gantry", at::HOME, &Branding::default(), locale);
    if let Some(seat) = seat {
        chrome.csrf = seat.csrf(data::<Csrf>(request)?);
        chrome.person = Some(Person { name: seat.user.display_name().to_owned(), email: seat.user.email.to_string() });
    }
    page.shell.notice = notice(request, views, locale);
    Ok(html_response(status, views.render(&chrome, &page)?))
}

/// What the last form did, if the texts know such a thing.
fn notice(request: &HttpRequest, views: &Views, locale: &str) -> Option<Text> {
    let query = parse_query(request.query_string()).ok()?;
    let name = query.get("notice").filter(|name| name.len() <= 60 && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'))?;
    views.text(locale, &format!("did-{name}")).map(said)
}

fn shell_of(request: &HttpRequest, seat: Option<&Seat>) -> Result<Shell, Fault> {
    let public = &data::<WebSettings>(request)?.public_url;
    Ok(Shell {
        home: at::HOME.to_owned(),
        sign_out: at::SIGN_OUT.to_owned(),
        account: seat.map(|seat| public.address_of(&seat.home.realm).url(paths::ACCOUNT)),
        ..Shell::default()
    })
}

/// The realm or tenant that a page is about; none for a page about no single one.
fn place(console: &Console) -> Option<Place> {
    let several = match &console.seat().administers {
        Administers::Deployment => true,
        Administers::Tenants(tenants) => tenants.len() > 1,
        Administers::Realm | Administers::Nothing => false,
    };
    let switch = several.then(|| at::PLACES.to_owned());
    let (name, kind, href) = match (&console.tenant, console.request().match_info().get("realm")) {
        (Some(tenant), _) => (&tenant.name, say("frame-place-tenant"), console.path(at::TENANT, &[])),
        (None, Some(_)) => (&console.realm.realm.name, say("frame-place-realm"), console.path(at::REALM, &[])),
        (None, None) => return None,
    };
    Some(Place { name: name.clone(), initials: gantry_views::page::initials(name), kind, href, switch })
}

/// The ways on from a page, for who looks at it.
fn nav(console: &Console) -> Vec<NavGroup> {
    let here = console.request().match_pattern().unwrap_or_default();
    let shown = |way: &&Way| leads_to(console, way.path);
    let item = |way: &Way| NavItem {
        text: say(way.text),
        href: console.path(way.path, &[]),
        icon: way.icon,
        current: way.path == here || (!is_home(way.path) && here.strip_prefix(way.path).is_some_and(|rest| rest.starts_with('/'))),
    };
    let group = |(group, title): &(Group, Option<&'static str>)| NavGroup {
        title: title.map(say),
        items: WAYS.iter().filter(|way| way.group == *group).filter(shown).map(item).collect(),
    };
    GROUPS.iter().map(group).filter(|group| !group.items.is_empty()).collect()
}

/// The pages of the navigation, with their names.
pub(super) fn ways() -> impl Iterator<Item = (&'static str, &'static str)> {
    WAYS.iter().map(|way| (way.path, way.text))
}

/// Whether an address is for who looks at a page of a realm or of the deployment.
pub(super) fn leads_to(console: &Console, path: &str) -> bool {
    at::named(path).is_some_and(|address| is_shown(console, address.path, address.audience))
}

fn is_home(path: &str) -> bool {
    matches!(path, at::REALM | at::TENANT | at::REALMS)
}

/// Inside a tenant its pages are shown, inside a realm the realm's, elsewhere those of the deployment.
fn is_shown(console: &Console, path: &str, audience: Audience) -> bool {
    let inside_realm = console.request().match_info().get("realm").is_some();
    match (path.contains("{tenant}"), path.contains("{realm}")) {
        (true, _) => console.tenant.is_some(),
        (false, true) => {
            let operator = matches!(console.actor, Actor::Operator { .. });
            let theirs = !matches!(console.actor, Actor::TenantAdmin { .. }) && (audience != Audience::Operator || operator);
            inside_realm && console.tenant.is_none() && theirs
        }
        (false, false) => console.seat().administers == Administers::Deployment,
    }
}
