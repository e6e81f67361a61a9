//! Two accounts of one person, both proved: what would become of them as one.

use serde::Serialize;

use crate::chrome::Person;
use crate::page::Page;
use crate::page::provider::Provider;
use crate::page::tenant::Role;

/// Shows what a merge does, and asks. Posts `csrf`, `token`, and `decision` (`merge`; anything else leaves both).
#[derive(Debug, Clone, Serialize)]
pub struct Merge {
    /// Where the form goes.
    pub action: String,
    /// What carries it out, once.
    pub token: String,
    /// The account that stays.
    pub into: Person,
    /// The account that goes.
    pub from: Person,
    /// What moves over: the ways to sign in.
    pub linked: Vec<Provider>,
    /// What moves over: the places in organizations.
    pub memberships: Vec<MovedLine>,
    /// How many apps lose the access that the account that goes gave them.
    pub apps: usize,
    /// How many of its personal tokens end.
    pub personal_tokens: usize,
    /// Whether it has a password, which is of no use any more.
    pub password: bool,
    /// Signs out.
    pub sign_out: String,
    /// Back to the account page.
    pub account: String,
}

/// One place in an organization that moves over.
#[derive(Debug, Clone, Serialize)]
pub struct MovedLine {
    /// The organization's name.
    pub name: String,
    /// What the person will be there.
    pub role: Role,
}

impl Page for Merge {
    const TEMPLATE: &'static str = "account/merge.html";

    fn samples() -> Vec<Self> {
        let person = |name: &str, email: &str| Person { name: name.to_owned(), email: email.to_owned() };
        let whole = Self {
            action: "/account/merge".to_owned(),
            token: "lnk_example".to_owned(),
            into: person("Ada Lovelace", "ada.lovelace@example.com"),
            from: person("Ada King", "ada@home.example"),
            linked: crate::page::provider::samples(),
            memberships: vec![
                MovedLine { name: "Bluebird Freight".to_owned(), role: Role::Admin },
                MovedLine { name: "Harbour & Sons Logistics".to_owned(), role: Role::Member },
            ],
            apps: 2,
            personal_tokens: 1,
            password: true,
            sign_out: "/sign-out".to_owned(),
            account: "/account".to_owned(),
        };
        let little = Self { memberships: Vec::new(), apps: 0, personal_tokens: 0, password: false, ..whole.clone() };
        vec![whole, little]
    }
}
