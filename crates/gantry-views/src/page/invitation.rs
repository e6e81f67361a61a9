//! The page that the link of an invitation opens, and the one that says that it leads nowhere any more.

use serde::Serialize;

use crate::field::{FieldError, FormField, FormProblem, PasswordField};
use crate::page::Page;
use crate::page::provider::{Mark, Provider};

/// Says who invites to what, and offers the ways to take the place. Posts `csrf`, `token` and `what`, with `name` and
/// `password` where an account is made; the buttons of providers post elsewhere.
#[derive(Debug, Clone, Serialize)]
pub struct Invitation {
    /// Where the form goes.
    pub action: String,
    /// The link's token.
    pub token: String,
    /// Who is invited.
    pub email: String,
    /// The tenant's name; none: a role in the realm.
    pub organization: Option<String>,
    /// What its people read there.
    pub welcome: Option<String>,
    /// What they become, as a word.
    pub role: &'static str,
    /// Whoever invited.
    pub inviter: Option<String>,
    /// How the place can be taken from here.
    pub way: InvitedWay,
    /// The name of the account to be.
    pub name: FormField,
    /// The password of the account to be; none where no password helps.
    pub password: Option<PasswordField>,
    /// The fewest characters of a password.
    pub password_min_length: u32,
    /// Others whose sign-in makes the account.
    pub providers: Vec<Provider>,
    /// What is wrong with the form as a whole.
    pub problem: Option<FormProblem>,
}

/// How somebody who follows the link can take the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum InvitedWay {
    /// They are signed in with the address.
    Accept,
    /// The address has an account; its owner signs in.
    SignIn,
    /// They are signed in with another address.
    Switch,
    /// They make an account.
    Make,
}

/// Says that the link leads nowhere, and what has become of the invitation.
#[derive(Debug, Clone, Serialize)]
pub struct InvitationOver {
    /// `accepted`, `revoked`, `expired`, or `unknown`.
    pub state: &'static str,
    /// Where somebody who has accepted signs in.
    pub sign_in: String,
}

impl Page for Invitation {
    const TEMPLATE: &'static str = "invitation/invited.html";

    fn samples() -> Vec<Self> {
        let make = Self {
            action: "/invitation".to_owned(),
            token: "gal_example".to_owned(),
            email: "ada@alder.example".to_owned(),
            organization: Some("Alder Logistics".to_owned()),
            welcome: Some("Glad that you are here.".to_owned()),
            role: "tenant-admin",
            inviter: Some("Grace Hopper".to_owned()),
            way: InvitedWay::Make,
            name: FormField::default(),
            password: Some(PasswordField::default()),
            password_min_length: 8,
            providers: vec![Provider::new("Entra ID", "/connections/entra/start".to_owned()).marked(Some(Mark::Company))],
            problem: None,
        };
        let wrong = Self {
            name: FormField::wrong("\u{7}", FieldError::NameInvalid),
            password: Some(PasswordField::wrong(FieldError::TooShort { count: 8 })),
            providers: Vec::new(),
            ..make.clone()
        };
        let company = Self { password: None, role: "member", inviter: None, welcome: None, ..make.clone() };
        let nothing = Self { providers: Vec::new(), ..company.clone() };
        let accept = Self { way: InvitedWay::Accept, ..company.clone() };
        let sign_in = Self { way: InvitedWay::SignIn, organization: None, role: "realm-admin", ..company.clone() };
        let switch = Self { way: InvitedWay::Switch, organization: None, role: "operator", ..company.clone() };
        vec![make, wrong, company, nothing, accept, sign_in, switch]
    }
}

impl Page for InvitationOver {
    const TEMPLATE: &'static str = "invitation/over.html";

    fn samples() -> Vec<Self> {
        ["accepted", "revoked", "expired", "unknown"].map(|state| Self { state, sign_in: "/sign-in".to_owned() }).to_vec()
    }
}
