//! The consent page: what an app asks for, said so that a person can decide.

use serde::Serialize;

use super::tenant::ChooseTenant;
use super::{App, Page};
use crate::chrome::Person;
use crate::moment::Span;

/// Asks whether an app may have what it asks for. Posts `csrf`, `request`, `scope` once for each
/// scope that is ticked or required, `organization` (an `org_id`) once for each ticked
/// organization, `was_ticked` once for each that was ticked from the start, `shown_for` with that of
/// the chosen one, and `decision` (`allow` or `deny`).
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
    /// Where the app will work; `None` on a platform without organizations.
    pub tenants: Option<Tenants>,
    /// The APIs that the app may use whatever its scopes say.
    pub apis: Vec<String>,
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

/// Where the app will work.
#[derive(Debug, Clone, Serialize)]
pub struct Tenants {
    /// The organization that it works in from the start; `None`: for the person alone.
    pub chosen: Option<Tenant>,
    /// The others that the person may let it work in too.
    pub others: Vec<Tenant>,
    /// Whether the others are shown only when asked for.
    pub folded: bool,
    /// Whether there are so many that one wants to look for a name.
    pub filter: bool,
}

/// How many others are shown without being asked for.
const SHOWN: usize = 3;

impl Tenants {
    /// The organization that was chosen, and others to tick.
    pub fn new(chosen: Option<Tenant>, others: Vec<Tenant>) -> Self {
        // What is ticked is not hidden.
        let folded = others.len() > SHOWN && !others.iter().any(|other| other.ticked);
        Self { chosen, folded, filter: ChooseTenant::wants_filter(others.len()), others }
    }
}

/// One organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tenant {
    /// Its name.
    pub name: String,
    /// Its public id, the value of its checkbox.
    pub org_id: String,
    /// Whether it is ticked.
    pub ticked: bool,
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
    /// Whether it counts only in organizations whose administrators approved the app.
    pub of_admins: bool,
}

impl ScopeLine {
    /// A line for a scope; standard scopes get our own, translated text.
    pub fn new(name: &str, text: &str, api: Option<String>, required: bool) -> Self {
        let standard = gantry_core::scope::STANDARD_SCOPES.iter().any(|scope| scope.name == name);
        Self { name: name.to_owned(), text: (!standard).then(|| text.to_owned()), api, required, ticked: true, of_admins: false }
    }

    /// The same, where it may count only in organizations whose administrators approved the app.
    #[must_use]
    pub const fn of_admins(mut self, of_admins: bool) -> Self {
        self.of_admins = of_admins;
        self
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
    /// What belongs to organizations that are not ticked.
    Others,
    /// What belongs to any organization.
    Organizations,
    /// Anything that is not listed.
    Rest,
}

impl Withheld {
    /// What is not asked for, given whether the address is (a realm's own scope may release it too), and where.
    pub fn of(asks_for_email: bool, tenants: Option<&Tenants>) -> Vec<Self> {
        let mut withheld = vec![Self::Password];
        if !asks_for_email {
            withheld.push(Self::Email);
        }
        withheld.extend(tenants.map(|tenants| if tenants.chosen.is_some() { Self::Others } else { Self::Organizations }));
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
    /// A refresh token, if the person ticks `offline_access`.
    IfTicked {
        /// It ends when unused for this long.
        idle: Span,
        /// It ends after this long, used or not.
        latest: Span,
        /// It ends after this long where it is not ticked.
        lifetime: Span,
    },
    /// A refresh token.
    Yes {
        /// It ends when unused for this long.
        idle: Span,
        /// It ends after this long, used or not.
        latest: Span,
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
}

impl Page for Consent {
    const TEMPLATE: &'static str = "consent.html";

    fn samples() -> Vec<Self> {
        let api = Some("Fleet API".to_owned());
        let scopes = vec![
            ScopeLine::new("openid", "", None, true),
            ScopeLine::new("profile", "", None, false),
            ScopeLine::new("shipments.read", "see your organization's shipments and where they are", api.clone(), false),
            ScopeLine::new("shipments.write", "create and change shipments", api, false).of_admins(true),
            ScopeLine::new("offline_access", "", None, false),
        ];
        let tenants = sample_tenants();
        let rich = Self {
            action: "/consent".to_owned(),
            request: "arq_0192b3c4".to_owned(),
            app: App::named("Ledger Sync")
                .described(Some("Keeps your invoices and shipments in step, every night.".to_owned()))
                .published(Some("Northwind Software".to_owned()), true),
            person: Person { name: "Ada Lovelace".to_owned(), email: "ada.lovelace@example.com".to_owned() },
            switch: Some("/sign-in?request=arq_0192b3c4".to_owned()),
            withheld: Withheld::of(false, Some(&tenants)),
            tenants: Some(tenants),
            apis: Vec::new(),
            scopes,
            keeps: Keeps::IfTicked { idle: Span::seconds(30 * 86_400), latest: Span::seconds(180 * 86_400), lifetime: Span::seconds(300) },
            account: "/account#apps".to_owned(),
            destination: "ledger.example.com".to_owned(),
            details: Details {
                client_id: "cli_0192b3c4d5e67890".to_owned(),
                redirect_uri: "https://ledger.example.com/oauth/callback".to_owned(),
                access_lifetime: Span::seconds(300),
            },
        };
        let standard = gantry_core::scope::STANDARD_SCOPES.iter().filter(|scope| scope.name != gantry_core::scope::OFFLINE_ACCESS);
        let every = standard.map(|scope| ScopeLine::new(scope.name, "", None, scope.name == gantry_core::scope::OPENID)).collect();
        let plain = Self {
            app: App::named("Robot"),
            apis: vec!["Fleet API".to_owned()],
            switch: None,
            scopes: every,
            tenants: None,
            withheld: vec![Withheld::Password, Withheld::Rest],
            keeps: Keeps::No { lifetime: Span::seconds(3600) },
            ..rich.clone()
        };
        let alone = Tenants::new(None, Vec::new());
        let alone = Self {
            withheld: Withheld::of(false, Some(&alone)),
            tenants: Some(alone),
            scopes: vec![
                ScopeLine::new("profile", "", None, false),
                ScopeLine::new("shipments.read", "see the shipments that you sent yourself", Some("Fleet API".to_owned()), false),
                ScopeLine::new("offline_access", "", None, true),
            ],
            keeps: Keeps::Yes { idle: Span::seconds(30 * 86_400), latest: Span::seconds(180 * 86_400) },
            ..rich.clone()
        };
        let many = Self { tenants: Some(sample_many()), ..rich.clone() };
        vec![rich, plain, alone, many]
    }
}

fn sample_tenant(name: &str, org_id: &str, ticked: bool) -> Tenant {
    Tenant { name: name.to_owned(), org_id: org_id.to_owned(), ticked }
}

fn sample_tenants() -> Tenants {
    let chosen = sample_tenant("Bluebird Freight", "org_bluebird", true);
    let others = vec![sample_tenant("Coldline", "org_coldline", true), sample_tenant("Harbour & Sons Logistics", "org_harbour", false)];
    Tenants::new(Some(chosen), others)
}

fn sample_many() -> Tenants {
    let others = (1..60).map(|index| sample_tenant(&format!("Customer {index} of Northwind"), &format!("org_{index:04}"), false));
    Tenants::new(sample_tenants().chosen, others.collect())
}
