//! The first page: the e-mail address, or somebody else's server to sign in with.

use serde::Serialize;

use crate::field::{FieldError, FormField, FormProblem};
use crate::page::provider::{self, Provider};
use crate::page::{Page, provider::Mark};

/// Asks for the e-mail address, or for a provider. Posts `csrf`, `request`, `username` and `remember`; a
/// provider's button sends the same to the provider's own address.
#[derive(Debug, Clone, Serialize)]
pub struct Identifier {
    /// Where the form goes.
    pub action: String,
    /// The flow that the form belongs to.
    pub request: Option<String>,
    /// The name of the app that one is signing in to.
    pub app: Option<String>,
    /// The organization whose people sign in here, if it was named.
    pub organization: Option<String>,
    /// The e-mail address; `None` where nobody is found by one.
    pub username: Option<FormField>,
    /// Why the address comes last and folded, if it does; its form then posts `way` (`password`) too.
    pub fold: Option<Fold>,
    /// The providers, those used last first.
    pub providers: Vec<Provider>,
    /// "Keep me signed in", for who signs in with a provider; `None` where that is not offered.
    pub remember: Option<bool>,
    /// Where an account is made, if the realm allows it.
    pub sign_up: Option<String>,
    /// What is wrong with the form as a whole.
    pub problem: Option<FormProblem>,
}

/// Why a password is not what comes first. Each has its words as `sign-in-<name>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fold {
    /// It is taken from those alone who may break the glass.
    Emergency,
    /// The address that was typed is one of an organization with ways of its own.
    Password,
}

impl Page for Identifier {
    const TEMPLATE: &'static str = "sign_in/identifier.html";

    fn samples() -> Vec<Self> {
        let first = Self {
            action: "/sign-in/identifier".to_owned(),
            request: Some("arq_0192b3c4".to_owned()),
            app: Some("Ledger Sync".to_owned()),
            organization: None,
            username: Some(FormField::default()),
            fold: None,
            providers: Vec::new(),
            remember: None,
            sign_up: Some("/sign-up?request=arq_0192b3c4".to_owned()),
            problem: None,
        };
        let wrong = Self { username: Some(FormField::wrong("ada.example.com", FieldError::EmailInvalid)), ..first.clone() };
        let alone = Self {
            request: None,
            app: None,
            sign_up: None,
            username: Some(FormField::filled("ada@example.com")),
            problem: Some(FormProblem::FormExpired),
            ..first.clone()
        };
        let with = Self { providers: provider::samples(), remember: Some(false), ..first.clone() };
        let company = Provider::new("Bluebird Freight Directory with a rather long name", "/connections/bluebird/start");
        let only = Self {
            organization: Some("Bluebird Freight".to_owned()),
            username: None,
            providers: vec![company.marked(Some(Mark::Company))],
            sign_up: None,
            ..with.clone()
        };
        let emergency = Self { username: Some(FormField::default()), fold: Some(Fold::Emergency), ..only.clone() };
        let several = Self {
            username: Some(FormField::filled("ada@bluebird.example")),
            fold: Some(Fold::Password),
            organization: None,
            ..with.clone()
        };
        let nothing = Self { username: None, sign_up: None, ..first.clone() };
        vec![first, wrong, alone, with, only, emergency, several, nothing]
    }
}
