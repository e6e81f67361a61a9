//! What all pages of one person have in common: the heading, how the account stands, the tabs; and the words for them.

use gantry_core::failure::Failure;
use gantry_core::user::{RealmRole, User};
use gantry_realm_file::entry;
use gantry_views::console::{AsCode, Badge, Link, Sheet, Tab, Text, Tone, said, say};
use gantry_views::device::Device;

use super::super::code;
use super::super::context::Console;
use super::page;
use crate::paths::console as at;

/// A page of a person, without content yet.
pub(super) fn sheet(console: &Console, user: &User) -> Sheet {
    let mut sheet = Sheet::new(said(user.display_name())).crumb(Link::to(say("people-title"), console.path(at::PEOPLE, &[])));
    if user.profile.name.is_some() {
        sheet = sheet.lead(said(user.email.as_str()));
    }
    sheet.badges = badges(user);
    sheet.tabs = tabs(console, user);
    sheet
}

/// How an account stands, in words.
pub(super) fn badges(user: &User) -> Vec<Badge> {
    let mut badges = vec![state(user)];
    badges.extend(user.roles.iter().map(|role| Badge { text: role_name(*role), tone: Tone::Plain }));
    badges
}

/// Whether its owner can sign in, in a word.
pub(super) const fn state(user: &User) -> Badge {
    if user.disabled_at.is_some() {
        return Badge { text: say("people-locked"), tone: Tone::Bad };
    }
    if user.email_verified_at.is_none() {
        return Badge { text: say("people-unverified"), tone: Tone::Warn };
    }
    Badge { text: say("people-active"), tone: Tone::Good }
}

pub(super) const fn role_name(role: RealmRole) -> Text {
    match role {
        RealmRole::Operator => say("people-role-operator"),
        RealmRole::RealmAdmin => say("people-role-realm-admin"),
    }
}

fn tabs(console: &Console, user: &User) -> Vec<Tab> {
    let here = console.request().match_pattern();
    let tab = |pattern: &str, text| Tab { text, href: page(console, pattern, user), current: here.as_deref() == Some(pattern) };
    vec![
        tab(at::PERSON, say("people-tab-overview")),
        tab(at::PERSON_IDENTITIES, say("people-tab-identities")),
        tab(at::PERSON_MEMBERSHIPS, say("people-tab-memberships")),
        tab(at::PERSON_SESSIONS, say("people-tab-sessions")),
        tab(at::PERSON_ACCESS, say("people-tab-access")),
        tab(at::PERSON_HISTORY, say("people-tab-history")),
        tab(at::PERSON_DATA, say("people-tab-data")),
    ]
}

/// The same for files and programs. No password is in either.
pub(super) fn as_code(console: &Console, user: &User) -> Result<AsCode, Failure> {
    Ok(code::of(console, "users", (&user.id, user.created_at), &entry::user(user))?)
}

/// What a browser calls itself, in a few words.
pub(super) fn device(user_agent: &str) -> String {
    let device = Device::of(user_agent);
    match (device.browser, device.system) {
        (Some(browser), Some(system)) => format!("{browser} \u{b7} {system}"),
        (Some(known), None) | (None, Some(known)) => known.to_owned(),
        (None, None) if user_agent.is_empty() => "\u{2013}".to_owned(),
        (None, None) => user_agent.chars().take(60).collect(),
    }
}
