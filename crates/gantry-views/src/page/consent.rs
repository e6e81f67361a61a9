//! The consent page: what an app asks for, said so that a person can decide.

use serde::Serialize;

use super::{App, Page};
use crate::chrome::Person;
use crate::moment::Span;

/// Asks whether an app may have what it asks for. Posts `csrf`, `request`, `scope` once for each
/// ticked scope (required ones are not sent), and `decision` (`allow` or `deny`).
#[derive(Debug, Clone, Serialize)]
pub struct Consent {
    /// Where the form goes.
    pub action: String,
    /// The flow that the form belongs to.
    pub request: String,
    /// Who asks.
    pub app: App,
    /// Whose account it is about.
    pub person: Person,
    /// Where another account may be chosen.
    pub switch: Option<String>,
    /// What is asked for.
    pub scopes: Vec<ScopeLine>,
    /// What is not: see [`Withheld::of`].
    pub withheld: Vec<Withheld>,
    /// Whether and how long the app keeps its access.
    pub keeps: Keeps,
    /// Where access is removed later.
    pub account: String,
    /// The host that the browser goes to next.
    pub destination: String,
    /// For those who want to look closer.
    pub details: Details,
}

/// One thing asked for.
#[derive(Debug, Clone, Serialize)]
pub struct ScopeLine {
    /// The scope's name, the value of its checkbox.
    pub name: String,
    /// What it lets the app do, as text of the realm; `None` for the standard scopes, whose text
    /// is ours.
    pub text: Option<String>,
    /// The API it is for.
    pub api: Option<String>,
    /// Whether it can be unticked.
    pub required: bool,
    /// Whether it is ticked.
    pub ticked: bool,
}

impl ScopeLine {
    /// A line for a scope; standard scopes get our own, translated text.
    pub fn new(name: &str, text: &str, api: Option<String>, required: bool) -> Self {
        let standard = gantry_core::scope::STANDARD_SCOPES.iter().any(|scope| scope.name == name);
        Self { name: name.to_owned(), text: (!standard).then(|| text.to_owned()), api, required, ticked: true }
    }
}

/// What the app does not get. Each has its text as `withheld-<name>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Withheld {
    /// The password.
    Password,
    /// The e-mail address.
    Email,
    /// Anything that is not listed.
    Rest,
}

impl Withheld {
    /// What is not asked for, given what is.
    pub fn of(scopes: &[ScopeLine]) -> Vec<Self> {
        let asked = |name: &str| scopes.iter().any(|scope| scope.name == name);
        let mut withheld = vec![Self::Password];
        if !asked("email") {
            withheld.push(Self::Email);
        }
        withheld.push(Self::Rest);
        withheld
    }
}

/// Whether the app keeps its access when the person is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "key")]
pub enum Keeps {
    /// No refresh token: access ends with the access token.
    No {
        /// How long that is.
        lifetime: Span,
    },
    /// A refresh token.
    Yes {
        /// It ends when unused for this long.
        idle: Span,
    },
}

/// For those who want to look closer.
#[derive(Debug, Clone, Serialize)]
pub struct Details {
    /// The app's public id.
    pub client_id: String,
    /// Where the answer goes, in full.
    pub redirect_uri: String,
    /// How long an access token lives.
    pub access_lifetime: Span,
    /// How long the access lasts at most, where it is kept.
    pub refresh_lifetime: Option<Span>,
}

impl Page for Consent {
    const TEMPLATE: &'static str = "consent.html";

    fn samples() -> Vec<Self> {
        let api = Some("Fleet API".to_owned());
        let scopes = vec![
            ScopeLine::new("openid", "", None, true),
            ScopeLine::new("profile", "", None, false),
            ScopeLine::new("shipments.read", "see your organization's shipments and where they are", api.clone(), false),
            ScopeLine::new("shipments.write", "create and change shipments", api, false),
            ScopeLine::new("offline_access", "", None, false),
        ];
        let rich = Self {
            action: "/consent".to_owned(),
            request: "arq_0192b3c4".to_owned(),
            app: App::named("Ledger Sync")
                .described(Some("Keeps your invoices and shipments in step, every night.".to_owned()))
                .published(Some("Northwind Software".to_owned()), true),
            person: Person { name: "Ada Lovelace".to_owned(), email: "ada.lovelace@example.com".to_owned() },
            switch: Some("/sign-in?request=arq_0192b3c4".to_owned()),
            withheld: Withheld::of(&scopes),
            scopes,
            keeps: Keeps::Yes { idle: Span::seconds(30 * 86_400) },
            account: "/account".to_owned(),
            destination: "ledger.example.com".to_owned(),
            details: Details {
                client_id: "cli_0192b3c4d5e67890".to_owned(),
                redirect_uri: "https://ledger.example.com/oauth/callback".to_owned(),
                access_lifetime: Span::seconds(300),
                refresh_lifetime: Some(Span::seconds(180 * 86_400)),
            },
        };
        let every = gantry_core::scope::STANDARD_SCOPES.iter().map(|scope| ScopeLine::new(scope.name, "", None, false)).collect();
        let plain = Self {
            app: App::named("Robot"),
            switch: None,
            scopes: every,
            withheld: vec![Withheld::Password, Withheld::Rest],
            keeps: Keeps::No { lifetime: Span::seconds(3600) },
            details: Details { refresh_lifetime: None, ..rich.details.clone() },
            ..rich.clone()
        };
        vec![rich, plain]
    }
}
