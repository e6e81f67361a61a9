//! What the endpoint wants to happen next, for the web crate to show.

use gantry_core::authorization_request::{AuthorizationParameters, AuthorizationRequest, Display};
use gantry_core::client::Client;
use gantry_core::id::{AuthorizationRequestId, TenantId};
use gantry_core::prompt::Prompt;
use gantry_identity::routing::{Hints, WantedTenant};

use super::answer::Response;
use crate::consent::Question;
use crate::tenancy::Workplace;

/// What happens next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The browser takes an answer to the client: a code or an error.
    Respond(Response),
    /// The sign-in page, or with `create` the sign-up page.
    SignIn(SignIn, Look),
    /// The page that asks which account.
    Account(ChooseAccount, Look),
    /// The page that asks for which tenant.
    Tenant(Box<ChooseTenant>, Look),
    /// The consent page.
    Consent(Box<Question>, Look),
    /// The browser goes to the dispatcher, which decides again for this request.
    Continue(AuthorizationRequestId),
}

/// How the client wants the page to look.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Look {
    /// The languages, in order of preference.
    pub ui_locales: Vec<String>,
    /// In a small window.
    pub popup: bool,
}

impl Look {
    /// What a request says of it.
    pub fn of(asked: &AuthorizationParameters) -> Self {
        Self { ui_locales: asked.ui_locales.clone(), popup: asked.display == Some(Display::Popup) }
    }
}

/// What the sign-in page needs to know of its request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    /// The form's value of `request`.
    pub request: String,
    /// The app's name.
    pub app: String,
    /// What the field for the address begins with.
    pub username: Option<String>,
    /// Whether the client asked for the sign-up page.
    pub create: bool,
    /// What is known of where the person should sign in, see [`gantry_identity::routing`].
    pub hints: Hints,
    /// Whether the person may be sent to a provider before they have seen a page.
    pub at_once: bool,
}

impl SignIn {
    /// The page of a request.
    pub(super) fn of(request: String, asked: &AuthorizationParameters, client: &Client, signed_in_as: Option<&str>) -> Self {
        Self {
            request,
            app: client.name.clone(),
            username: asked.login_hint.as_deref().or(signed_in_as).map(str::to_owned),
            create: asked.prompts.contains(&Prompt::Create),
            hints: hints_of(asked),
            at_once: !asked.prompts.iter().any(|prompt| matches!(prompt, Prompt::None | Prompt::SelectAccount | Prompt::Create)),
        }
    }

    /// For a tenant that is known by more than the client's word.
    pub(super) fn for_tenant(mut self, tenant: Option<TenantId>) -> Self {
        self.hints.tenant = tenant.map(WantedTenant::Known).or(self.hints.tenant);
        self
    }
}

/// What a request says of where its person signs in.
pub(super) fn hints_of(asked: &AuthorizationParameters) -> Hints {
    Hints {
        tenant: asked.org_id.clone().map(WantedTenant::OrgId),
        connection: asked.connection.clone(),
        domain: asked.domain_hint.clone(),
        login: asked.login_hint.clone(),
        ..Hints::default()
    }
}

/// What the page that asks which account needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChooseAccount {
    /// The form's value of `request`.
    pub request: String,
    /// The app's name.
    pub app: String,
}

/// What the page that asks for which tenant needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChooseTenant {
    /// The form's value of `request`.
    pub request: String,
    /// The app's name.
    pub app: String,
    /// The person's tenants, in order of name; those with a barrier cannot be chosen.
    pub workplaces: Vec<Workplace>,
    /// Whether the person may go on for themself.
    pub nobody: bool,
}

/// What the person chose on that page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chosen {
    /// The tenant with this `org_id`.
    Tenant(String),
    /// None: they go on for themself.
    Nobody,
    /// Not to go on.
    Deny,
}

/// A request that a person has acted on, with its client's name for the pages that follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adopted {
    /// The request; its id is what forms and links carry from here on.
    pub request: AuthorizationRequest,
    /// The app's name.
    pub app: String,
}
