//! What each kind of provider needs, and where its admin finds that.
//!
//! Owns the choice of fields by kind. The long form is in `docs/guides/connections`.

use gantry_connect::preset::{self, Engine};
use gantry_core::connector_kind::ConnectorKind;
use gantry_views::console::{Card, Facts, Link, Note, Panel, Text, Tone, Value, say};

use super::super::context::Console;
use super::frame::kind_name;
use super::{NEW, callback};
use crate::paths;

/// A kind's own page at the vendor, and what is done there.
struct Guide {
    kind: ConnectorKind,
    /// What it is for, on its card.
    about: &'static str,
    /// What is done at the vendor.
    steps: &'static str,
    /// Where; none: at a server of the admin's own.
    vendor: Option<&'static str>,
    icon: &'static str,
}

const GUIDES: &[Guide] = &[
    Guide {
        kind: ConnectorKind::Microsoft,
        about: "connections-about-microsoft",
        steps: "connections-steps-microsoft",
        vendor: Some("https://entra.microsoft.com/"),
        icon: "building-2",
    },
    Guide {
        kind: ConnectorKind::Google,
        about: "connections-about-google",
        steps: "connections-steps-google",
        vendor: Some("https://console.cloud.google.com/auth/clients"),
        icon: "building-2",
    },
    Guide {
        kind: ConnectorKind::Github,
        about: "connections-about-github",
        steps: "connections-steps-github",
        vendor: Some("https://github.com/settings/developers"),
        icon: "git-branch",
    },
    Guide {
        kind: ConnectorKind::Gitlab,
        about: "connections-about-gitlab",
        steps: "connections-steps-gitlab",
        vendor: Some("https://gitlab.com/-/user_settings/applications"),
        icon: "git-merge",
    },
    Guide {
        kind: ConnectorKind::Apple,
        about: "connections-about-apple",
        steps: "connections-steps-apple",
        vendor: Some("https://developer.apple.com/account/resources/identifiers/list/serviceId"),
        icon: "key-round",
    },
    Guide {
        kind: ConnectorKind::Linkedin,
        about: "connections-about-linkedin",
        steps: "connections-steps-linkedin",
        vendor: Some("https://www.linkedin.com/developers/apps"),
        icon: "briefcase",
    },
    Guide { kind: ConnectorKind::Oidc, about: "connections-about-oidc", steps: "connections-steps-oidc", vendor: None, icon: "key-round" },
    Guide {
        kind: ConnectorKind::Oauth2,
        about: "connections-about-oauth2",
        steps: "connections-steps-oauth2",
        vendor: None,
        icon: "key-round",
    },
    Guide {
        kind: ConnectorKind::Slack,
        about: "connections-about-slack",
        steps: "connections-steps-slack",
        vendor: Some("https://api.slack.com/apps"),
        icon: "hash",
    },
    Guide {
        kind: ConnectorKind::Discord,
        about: "connections-about-discord",
        steps: "connections-steps-discord",
        vendor: Some("https://discord.com/developers/applications"),
        icon: "message-circle",
    },
    Guide {
        kind: ConnectorKind::Facebook,
        about: "connections-about-facebook",
        steps: "connections-steps-facebook",
        vendor: Some("https://developers.facebook.com/apps/"),
        icon: "key-round",
    },
];

/// A card for each kind.
pub(super) fn cards(console: &Console) -> Vec<Card> {
    let card = |guide: &Guide| Card {
        title: kind_name(guide.kind),
        text: Some(say(guide.about)),
        figure: None,
        href: format!("{}?kind={}", NEW.path(console), guide.kind),
        icon: Some(guide.icon),
        badge: None,
    };
    GUIDES.iter().map(card).collect()
}

/// What is done at the vendor.
pub(super) fn steps(kind: ConnectorKind) -> Option<Panel> {
    let guide = GUIDES.iter().find(|guide| guide.kind == kind)?;
    let action = guide.vendor.map(|vendor| Link::to(say("connections-open-vendor"), vendor));
    Some(Panel::Note(Note { tone: Tone::Plain, text: say(guide.steps), action }))
}

/// The addresses of ours that are registered at the provider.
pub(super) fn addresses(console: &Console, kind: ConnectorKind, slug: &str) -> Facts {
    let mut facts = Facts::new("addresses").title(say("connections-register-title"));
    facts.lead = Some(say("connections-register-lead"));
    facts = facts.fact(say("connections-register-callback"), Value::Code(callback(console, slug)));
    if preset::defaults(kind).engine == Engine::Oidc {
        let logout = console.address.url(&paths::CONNECTION_LOGOUT.replace("{slug}", slug));
        facts = facts.fact(say("connections-register-signed-out"), Value::Code(console.address.url(paths::SIGNED_OUT)));
        facts = facts.fact(say("connections-register-back-channel"), Value::Code(logout));
    }
    facts
}

/// What the id under which Gantry is registered is called there.
pub(super) const fn client_id_hint(kind: ConnectorKind) -> Text {
    match kind {
        ConnectorKind::Microsoft => say("connections-client-id-hint-microsoft"),
        ConnectorKind::Apple => say("connections-client-id-hint-apple"),
        ConnectorKind::Gitlab | ConnectorKind::Discord | ConnectorKind::Facebook => say("connections-client-id-hint-application"),
        ConnectorKind::Password
        | ConnectorKind::Oidc
        | ConnectorKind::Oauth2
        | ConnectorKind::Google
        | ConnectorKind::Github
        | ConnectorKind::Linkedin
        | ConnectorKind::Slack => say("connections-client-id-hint"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_provider_has_its_guide() {
        for kind in ConnectorKind::ALL.iter().filter(|kind| kind.is_upstream()) {
            assert!(steps(*kind).is_some(), "{kind}");
        }
        assert_eq!(GUIDES.len(), ConnectorKind::ALL.len() - 1);
    }
}
