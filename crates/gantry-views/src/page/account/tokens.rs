//! A person's own tokens for APIs: the list, the form, and the one that was just made.

use gantry_core::clock::Timestamp;
use gantry_core::secret::Secret;
use serde::{Serialize, Serializer};

use super::AppScope;
use crate::field::{FieldError, FormField, FormProblem};
use crate::moment::{Day, Moment};
use crate::page::Page;

/// The person's tokens.
#[derive(Debug, Clone, Serialize)]
pub struct Tokens {
    /// The one that was just made, shown this once.
    pub made: Option<MadeToken>,
    /// The form for another; `None` where the platform offers none any more.
    pub form: Option<TokenForm>,
    /// Those that there are, newest first.
    pub tokens: Vec<TokenLine>,
    /// Posts `csrf`, `token`: ends a token.
    pub revoke: String,
    /// Back to the person's own page.
    pub account: String,
    /// Posts `csrf`: signs out here.
    pub sign_out: String,
}

/// A token that was just made.
#[derive(Debug, Clone, Serialize)]
pub struct MadeToken {
    /// What it is called.
    pub name: String,
    /// The token itself.
    pub value: ShownOnce,
    /// Its last day.
    pub until: Day,
}

/// A secret that its owner sees this once. Written by the template alone; nothing else prints it.
#[derive(Debug, Clone)]
pub struct ShownOnce(pub Secret);

impl Serialize for ShownOnce {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.expose())
    }
}

/// Posts `csrf`, `name`, `days`, `scope` (repeated), `organization`.
#[derive(Debug, Clone, Serialize)]
pub struct TokenForm {
    /// Where the form goes.
    pub action: String,
    /// What to call it.
    pub name: FormField,
    /// What it may be allowed to do.
    pub scopes: Vec<ScopeChoice>,
    /// What is wrong with the ticks.
    pub scopes_error: Option<FieldError>,
    /// How long it may live.
    pub days: Vec<DaysChoice>,
    /// Where it may act; `None` where the platform has no organizations.
    pub organizations: Option<OrganizationChoice>,
    /// What is wrong with the form as a whole.
    pub problem: Option<FormProblem>,
}

/// One thing that a token can be allowed to do.
#[derive(Debug, Clone, Serialize)]
pub struct ScopeChoice {
    /// The scope.
    pub scope: AppScope,
    /// Whether it is ticked.
    pub ticked: bool,
}

/// One length of life.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct DaysChoice {
    /// How many days.
    pub count: u32,
    /// Whether it is the one chosen.
    pub chosen: bool,
}

/// In which organization a token acts.
#[derive(Debug, Clone, Serialize)]
pub struct OrganizationChoice {
    /// Whether it may act in none.
    pub optional: bool,
    /// The person's organizations.
    pub list: Vec<Organization>,
    /// What is wrong with the choice.
    pub error: Option<FieldError>,
}

/// One of the person's organizations.
#[derive(Debug, Clone, Serialize)]
pub struct Organization {
    /// What the form sends.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it is the one chosen.
    pub chosen: bool,
}

/// One token.
#[derive(Debug, Clone, Serialize)]
pub struct TokenLine {
    /// What the form to end it sends.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Its last four characters.
    pub last_four: String,
    /// What it may do.
    pub scopes: Vec<AppScope>,
    /// The organization that it acts in.
    pub organization: Option<String>,
    /// When it was made.
    pub since: Moment,
    /// When it was last used, if it was.
    pub last_used: Option<Moment>,
    /// Its last day.
    pub until: Day,
    /// Whether that is over.
    pub expired: bool,
}

impl Page for Tokens {
    const TEMPLATE: &'static str = "account/tokens.html";

    fn samples() -> Vec<Self> {
        let made = MadeToken {
            name: "Backup script".to_owned(),
            value: ShownOnce(Secret::new("gpt_2vXx0c7Q4mJm0Wl0m3Y1b0rN8dJk5sTq7uVw9xYzA1B2C3D4E5F6")),
            until: Day::of(Timestamp::from_seconds(SAMPLE_NOW.seconds() + 90 * 86_400)),
        };
        let full = Self {
            made: Some(made),
            form: Some(sample_form()),
            tokens: sample_tokens(),
            revoke: "/account/tokens/revoke".to_owned(),
            account: "/account".to_owned(),
            sign_out: "/sign-out".to_owned(),
        };
        let mut wrong = Self { made: None, tokens: vec![], ..full.clone() };
        if let Some(form) = &mut wrong.form {
            form.name = FormField::wrong("", FieldError::Required);
            form.scopes_error = Some(FieldError::Required);
            form.problem = Some(FormProblem::Full { count: 50 });
            if let Some(organizations) = &mut form.organizations {
                organizations.error = Some(FieldError::Required);
                organizations.optional = false;
                organizations.list.iter_mut().for_each(|one| one.chosen = false);
            }
        }
        let mut plain = Self { made: None, ..full.clone() };
        plain.form = plain.form.map(|form| TokenForm { organizations: None, ..form });
        vec![full.clone(), wrong, plain, Self { made: None, form: None, ..full }]
    }
}

const SAMPLE_NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

fn sample_scopes() -> Vec<AppScope> {
    vec![
        AppScope::new("profile", ""),
        AppScope::new("shipments.read", "Read shipments"),
        AppScope::new("shipments.write", "Change shipments"),
    ]
}

fn sample_form() -> TokenForm {
    let organization =
        |(index, name): (usize, &str)| Organization { id: format!("ten_{index}"), name: name.to_owned(), chosen: index == 1 };
    TokenForm {
        action: "/account/tokens".to_owned(),
        name: FormField::default(),
        scopes: sample_scopes().into_iter().map(|scope| ScopeChoice { ticked: scope.name == "shipments.read", scope }).collect(),
        scopes_error: None,
        days: [7, 30, 90].map(|count| DaysChoice { count, chosen: count == 30 }).to_vec(),
        organizations: Some(OrganizationChoice {
            optional: true,
            list: ["Northwind Traders", "Fabrikam"].into_iter().enumerate().map(organization).collect(),
            error: None,
        }),
        problem: None,
    }
}

fn sample_tokens() -> Vec<TokenLine> {
    let moment = |ago: i64| Moment::seen(Timestamp::from_seconds(SAMPLE_NOW.seconds() - ago), SAMPLE_NOW);
    let until = |days: i64| Day::of(Timestamp::from_seconds(SAMPLE_NOW.seconds() + days * 86_400));
    let scopes = sample_scopes();
    vec![
        TokenLine {
            id: "pat_1".to_owned(),
            name: "Backup script".to_owned(),
            last_four: "E5F6".to_owned(),
            scopes: scopes.clone(),
            organization: Some("Northwind Traders".to_owned()),
            since: moment(90_000),
            last_used: Some(moment(4000)),
            until: until(80),
            expired: false,
        },
        TokenLine {
            id: "pat_2".to_owned(),
            name: "Trying things out".to_owned(),
            last_four: "x9-_".to_owned(),
            scopes,
            organization: None,
            since: moment(3_000_000),
            last_used: None,
            until: until(-3),
            expired: true,
        },
    ]
}
