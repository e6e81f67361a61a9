//! The error page: what happened in words, who can fix it, and the id to quote.

use serde::Serialize;

use super::Page;

/// Says what went wrong.
#[derive(Debug, Clone, Serialize)]
pub struct ErrorPage {
    /// What went wrong; decides the words.
    pub problem: Problem,
    /// Who can fix it; see [`Problem::fixer`].
    pub fixer: Fixer,
    /// The exact reason for whoever can fix it. Never a secret.
    pub detail: Option<String>,
    /// The wire code, where there is one.
    pub code: Option<String>,
    /// The id to quote.
    pub trace_id: String,
    /// A way on, with its text as `error-link-<name>`.
    pub link: Option<ErrorLink>,
}

impl ErrorPage {
    /// A page for a problem, with the id to quote.
    pub fn new(problem: Problem, trace_id: impl Into<String>) -> Self {
        Self { problem, fixer: problem.fixer(), detail: None, code: None, trace_id: trace_id.into(), link: None }
    }

    /// Adds the wire code and the exact reason.
    #[must_use]
    pub fn explained(mut self, code: impl Into<String>, detail: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self.detail = Some(detail.into());
        self
    }

    /// Adds a way on.
    #[must_use]
    pub fn linked(mut self, kind: LinkKind, href: impl Into<String>) -> Self {
        self.link = Some(ErrorLink { kind, href: href.into() });
        self
    }
}

/// A way on from an error.
#[derive(Debug, Clone, Serialize)]
pub struct ErrorLink {
    /// What it does.
    pub kind: LinkKind,
    /// Where it leads.
    pub href: String,
}

/// What the way on does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkKind {
    /// To the start page.
    Home,
    /// To sign-in.
    SignIn,
    /// The same page again.
    Retry,
}

/// What went wrong. Each has its words as `error-<name>-title` and `error-<name>-text`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Problem {
    /// The app is not known here, or switched off.
    UnknownApp,
    /// The app asked to send the browser to an address that it has not registered.
    UnknownDestination,
    /// The app's request makes no sense.
    InvalidRequest,
    /// The app asked for what it may not have.
    NotAllowedForApp,
    /// The flow is over: answered, expired, or begun in another browser.
    FlowExpired,
    /// The form did not come from our page: a wrong or missing token.
    ForeignForm,
    /// No such page.
    NotFound,
    /// The person may not see this.
    Forbidden,
    /// Sign-up is closed.
    SignUpClosed,
    /// Too much, too fast.
    TooManyRequests,
    /// The page exists, but does not take this kind of request, or not this much.
    BadRequest,
    /// We are too busy, or being restarted.
    Unavailable,
    /// We broke.
    Internal,
}

/// Who can fix it. Each has its words as `fixer-<name>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fixer {
    /// The person, by trying again.
    You,
    /// Those who made the app.
    AppDeveloper,
    /// Those who run the platform.
    Platform,
}

impl Problem {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::UnknownApp,
        Self::UnknownDestination,
        Self::InvalidRequest,
        Self::NotAllowedForApp,
        Self::FlowExpired,
        Self::ForeignForm,
        Self::NotFound,
        Self::Forbidden,
        Self::SignUpClosed,
        Self::TooManyRequests,
        Self::BadRequest,
        Self::Unavailable,
        Self::Internal,
    ];

    /// Who can fix it.
    pub const fn fixer(self) -> Fixer {
        match self {
            Self::UnknownApp | Self::UnknownDestination | Self::InvalidRequest | Self::NotAllowedForApp => Fixer::AppDeveloper,
            Self::FlowExpired | Self::ForeignForm | Self::NotFound | Self::TooManyRequests | Self::BadRequest => Fixer::You,
            Self::Forbidden | Self::SignUpClosed | Self::Unavailable | Self::Internal => Fixer::Platform,
        }
    }
}

impl Page for ErrorPage {
    const TEMPLATE: &'static str = "error.html";

    fn samples() -> Vec<Self> {
        let trace = "0af7651916cd43dd8448eb211c80319c";
        let mut samples: Vec<Self> = Problem::ALL.iter().map(|problem| Self::new(*problem, trace)).collect();
        samples.push(
            Self::new(Problem::UnknownDestination, trace)
                .explained("invalid_request", "`redirect_uri` is not registered for this client: https://ledger.example.com/callback/")
                .linked(LinkKind::Home, "/"),
        );
        samples.push(Self::new(Problem::FlowExpired, trace).linked(LinkKind::SignIn, "/sign-in"));
        samples.push(Self::new(Problem::Unavailable, trace).linked(LinkKind::Retry, "/sign-in"));
        samples
    }
}
