//! The page on which a person chooses the organization that an app is to work for.

use serde::Serialize;

use super::{App, Page};
use crate::chrome::Person;

/// Asks for which organization. Posts `csrf`, `request`, and either `organization` (an `org_id`) or
/// `decision` (`nobody`: for the person alone; `deny`: back to the app).
#[derive(Debug, Clone, Serialize)]
pub struct ChooseTenant {
    /// Where the form goes.
    pub action: String,
    /// The flow that the form belongs to.
    pub request: String,
    /// Who asks.
    pub app: App,
    /// Whose organizations they are.
    pub person: Person,
    /// Where another account may be chosen.
    pub switch: Option<String>,
    /// Those that can be chosen.
    pub open: Vec<TenantLine>,
    /// Those that cannot be chosen now.
    pub closed: Vec<TenantLine>,
    /// Whether the person may go on without one.
    pub nobody: bool,
    /// Whether there are so many that one wants to look for a name.
    pub filter: bool,
}

/// From how many lines on one wants to look for a name.
const MANY: usize = 8;

impl ChooseTenant {
    /// Whether a list of this length wants a field to look for a name.
    pub const fn wants_filter(lines: usize) -> bool {
        lines > MANY
    }
}

/// One organization of the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TenantLine {
    /// Its name.
    pub name: String,
    /// Its public id.
    pub org_id: String,
    /// What the person is there.
    pub role: Role,
    /// Why it cannot be chosen.
    pub obstacle: Option<Obstacle>,
}

/// What a person is in an organization. Each has its text as `role-<name>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Belongs to it.
    Member,
    /// Administers it.
    Admin,
}

/// Why an organization cannot be chosen. Each has its text as `obstacle-<name>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Obstacle {
    /// It is suspended.
    Suspended,
    /// It has not approved the app.
    NotApproved,
    /// It blocked the app.
    Blocked,
}

impl TenantLine {
    /// An organization that can be chosen.
    pub fn new(name: &str, org_id: &str, role: Role) -> Self {
        Self { name: name.to_owned(), org_id: org_id.to_owned(), role, obstacle: None }
    }

    /// The same, where it cannot.
    #[must_use]
    pub const fn blocked_by(mut self, obstacle: Option<Obstacle>) -> Self {
        self.obstacle = obstacle;
        self
    }
}

impl Page for ChooseTenant {
    const TEMPLATE: &'static str = "tenant.html";

    fn samples() -> Vec<Self> {
        let several = Self {
            action: "/tenant".to_owned(),
            request: "arq_0192b3c4".to_owned(),
            app: App::named("Ledger Sync"),
            person: Person { name: "Ada Lovelace".to_owned(), email: "ada.lovelace@example.com".to_owned() },
            switch: Some("/sign-in?request=arq_0192b3c4".to_owned()),
            open: vec![
                TenantLine::new("Bluebird Freight", "org_bluebird", Role::Admin),
                TenantLine::new("Harbour & Sons Logistics", "org_harbour", Role::Member),
            ],
            closed: vec![
                TenantLine::new("Coldline", "org_coldline", Role::Member).blocked_by(Some(Obstacle::NotApproved)),
                TenantLine::new("Old Mill", "org_oldmill", Role::Member).blocked_by(Some(Obstacle::Suspended)),
                TenantLine::new("Redwood", "org_redwood", Role::Admin).blocked_by(Some(Obstacle::Blocked)),
            ],
            nobody: false,
            filter: false,
        };
        let optional = Self { open: several.open.iter().take(1).cloned().collect(), closed: Vec::new(), nobody: true, ..several.clone() };
        let line = |index| TenantLine::new(&format!("Customer {index} of Northwind"), &format!("org_{index:04}"), Role::Member);
        let many = Self { open: (1..=60).map(line).collect(), nobody: true, filter: true, switch: None, ..several.clone() };
        vec![several, optional, many]
    }
}
