//! The page of one platform: what its API answers, the connection, and all that went over the wire.
//!
//! Owns its order. Never asks anybody anything.

use super::answer::{self, Told};
use super::trouble::notice;
use super::{expiry, hint, initials, page, scopes};
use crate::isv_app::IsvApp;
use crate::isv_app::exchange::Exchange;
use crate::isv_app::html::Html;
use crate::isv_app::platform::Platform;
use crate::isv_app::session::{Place, Tokens};
use crate::realm::SampleTenant;

const PLATFORM: &str = include_str!("../../../assets/isv_app/platform.html");
const CONNECTION: &str = include_str!("../../../assets/isv_app/connection.html");
const INVITATION: &str = include_str!("../../../assets/isv_app/invitation.html");
const WIRE: &str = include_str!("../../../assets/isv_app/wire.html");
const EXCHANGE: &str = include_str!("../../../assets/isv_app/exchange.html");
const EXCHANGE_ANSWER: &str = include_str!("../../../assets/isv_app/exchange_answer.html");
const MACHINE: &str = include_str!("../../../assets/isv_app/machine.html");
const ORGANIZATIONS: &str = include_str!("../../../assets/isv_app/organizations.html");
const ORGANIZATION: &str = include_str!("../../../assets/isv_app/organization.html");
const APP_KEY: &str = include_str!("../../../assets/isv_app/app_key.html");
const DEVELOPER_TOKEN: &str = include_str!("../../../assets/isv_app/developer_token.html");

/// The page.
pub(in crate::isv_app) fn platform(app: &IsvApp, platform: &Platform, place: &Place, told: Option<&Told>) -> String {
    let name = Html::text(platform.name());
    let (state, connection) = match &place.tokens {
        Some(tokens) => (expiry(tokens, app.now()), connection(platform, tokens)),
        None => ("Not connected".to_owned(), invitation(app, platform)),
    };
    let values = [
        ("word", Html::text(platform.guide.word)),
        ("initials", Html::text(&initials(platform.name()))),
        ("platform", name),
        ("state", Html::text(&state)),
        ("notice", place.trouble.as_ref().map(|trouble| notice(platform, trouble)).unwrap_or_default()),
        ("answer", told.map(|told| answer::panel(platform, told)).unwrap_or_default()),
        ("connection", connection),
        ("beside", beside(platform, place, told)),
        ("wire", if place.exchanges.is_empty() { Html::default() } else { wire(&place.exchanges) }),
    ];
    page(platform.name(), Html::fill(PLATFORM, &values))
}

fn connection(platform: &Platform, tokens: &Tokens) -> Html {
    let refresh = if tokens.refresh.is_some() { "There is one, so Perigee can stay connected." } else { "There is none." };
    let values = [
        ("word", Html::text(platform.guide.word)),
        ("platform", Html::text(platform.name())),
        ("base", Html::text(&platform.base)),
        ("scopes", scopes(&tokens.scope)),
        ("refresh", Html::text(refresh)),
        ("response", Html::text(&tokens.response)),
        ("account", Html::text(&platform.account())),
    ];
    Html::fill(CONNECTION, &values)
}

fn invitation(app: &IsvApp, platform: &Platform) -> Html {
    let values = [
        ("word", Html::text(platform.guide.word)),
        ("platform", Html::text(platform.name())),
        ("about", Html::text(platform.guide.about)),
        ("scopes", scopes(platform.guide.scope)),
        ("hint", hint(app)),
    ];
    Html::fill(INVITATION, &values)
}

/// What this platform's guide has beside the code flow.
fn beside(platform: &Platform, place: &Place, told: Option<&Told>) -> Html {
    let values = |more: Vec<(&'static str, Html)>| {
        let own = [
            ("word", Html::text(platform.guide.word)),
            ("platform", Html::text(platform.name())),
            ("tried", exchanges(&place.tries, true)),
        ];
        own.into_iter().chain(more).collect::<Vec<_>>()
    };
    if platform.guide.names_organizations() && place.tokens.is_some() {
        let current = told.and_then(answer::organization);
        let rows = platform.organizations.iter().map(|organization| self::organization(platform, organization, current));
        return Html::fill(ORGANIZATIONS, &values(vec![("rows", Html::join(rows))]));
    }
    if !platform.guide.machine.is_empty() {
        return Html::fill(MACHINE, &values(Vec::new()));
    }
    if let Some((header, _)) = &platform.app_key {
        return Html::fill(APP_KEY, &values(vec![("header", Html::text(header))]));
    }
    if platform.developer_tokens {
        return Html::fill(DEVELOPER_TOKEN, &values(vec![("tokens", Html::text(&platform.own_tokens()))]));
    }
    Html::default()
}

fn organization(platform: &Platform, organization: &SampleTenant, current: Option<&str>) -> Html {
    let is_current = current == Some(organization.org_id.as_str());
    let values = [
        ("word", Html::text(platform.guide.word)),
        ("name", Html::text(&organization.name)),
        ("org_id", Html::text(&organization.org_id)),
        ("act", Html::text(if is_current { "Renew" } else { "Switch" })),
        ("current", Html::text(if is_current { "Current" } else { "" })),
    ];
    Html::fill(ORGANIZATION, &values)
}

fn wire(all: &[Exchange]) -> Html {
    Html::fill(WIRE, &[("exchanges", exchanges(all, false))])
}

fn exchanges(all: &[Exchange], open: bool) -> Html {
    Html::join(all.iter().map(|exchange| self::exchange(exchange, open)))
}

fn exchange(exchange: &Exchange, open: bool) -> Html {
    let answer = exchange.answer.as_ref().map(|(_, body)| Html::fill(EXCHANGE_ANSWER, &[("body", Html::text(body))]));
    let status = exchange.answer.as_ref().and_then(|(status, _)| *status);
    let values = [
        ("open", Html::text(if open { "open" } else { "" })),
        ("title", Html::text(&exchange.title)),
        ("request", Html::text(&exchange.request)),
        ("status", Html::text(&status.map(|status| status.to_string()).unwrap_or_default())),
        ("class", Html::text(status.map_or("", |status| if status < 400 { "done" } else { "bad" }))),
        ("answer", answer.unwrap_or_default()),
    ];
    Html::fill(EXCHANGE, &values)
}
