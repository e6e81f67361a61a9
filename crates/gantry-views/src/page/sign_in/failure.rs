//! The page of a sign-in with a provider that failed: what happened, what the person can do, who can mend
//! it, and the id under which those find every step of it.

use gantry_core::sign_in_trace::SignInProblem;
use serde::Serialize;

use crate::page::Page;

/// Says why. The forms post `csrf` and `request`, nothing else: what failed is known to the server.
#[derive(Debug, Clone, Serialize)]
pub struct Failure {
    /// Why; has its words as `failure-<name>-title` and `failure-<name>-text`.
    pub problem: SignInProblem,
    /// What the person can do; see [`Failure::new`].
    pub steps: Vec<Advice>,
    /// Who can mend it; see [`Failure::new`].
    pub key: Mender,
    /// What the provider is called.
    pub provider: String,
    /// The app that one was signing in to.
    pub app: Option<String>,
    /// The flow that the forms belong to.
    pub request: Option<String>,
    /// The id to quote.
    pub trace_id: String,
    /// Where the form goes that tries the same again.
    pub again: Option<String>,
    /// The page with the other ways.
    pub other: Option<String>,
    /// Where the form goes that tells the app.
    pub back: Option<String>,
}

/// What a person can do. Each has its words as `advice-<name>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Advice {
    /// The same once more.
    TryAgain,
    /// From the beginning, in one browser.
    StartAgain,
    /// A little later.
    Wait,
    /// The same with another account there.
    OtherAccount,
    /// Another way of signing in.
    OtherWay,
    /// Somebody of the organization is to be asked.
    AskOrganization,
    /// Those who run the platform are to be asked.
    AskPlatform,
    /// Signing in as usual, and linking on the account page.
    LinkInAccount,
}

/// Who can mend it. Each has its words as `failure-mender-<name>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mender {
    /// The person.
    You,
    /// Who looks after the provider, or the organization's accounts there.
    Provider,
    /// Who looks after the organization's place here.
    Organization,
    /// Those who run the platform.
    Platform,
}

impl Failure {
    /// The page of a problem with a provider, without ways on.
    pub fn new(problem: SignInProblem, provider: &str, trace_id: impl Into<String>) -> Self {
        let (steps, key) = (advice(problem).to_vec(), mender(problem));
        let provider = provider.to_owned();
        Self { problem, steps, key, provider, app: None, request: None, trace_id: trace_id.into(), again: None, other: None, back: None }
    }
}

const fn advice(problem: SignInProblem) -> &'static [Advice] {
    use SignInProblem as P;
    match problem {
        P::UnknownAttempt | P::ProofMismatch => &[Advice::StartAgain],
        P::ConnectionDisabled | P::LinkOnly | P::Misconfigured | P::ClientRejected => &[Advice::OtherWay, Advice::AskPlatform],
        P::DeniedUpstream => &[Advice::TryAgain, Advice::OtherAccount, Advice::OtherWay],
        P::InteractionUpstream | P::CodeRejected | P::TokenTooOld => &[Advice::TryAgain],
        P::AdminConsentNeeded => &[Advice::AskOrganization],
        P::Unreachable | P::TooMany => &[Advice::Wait, Advice::OtherWay],
        P::BadAnswer | P::GroupsUnavailable => &[Advice::Wait, Advice::AskPlatform],
        P::ErrorUpstream
        | P::WrongResponseIssuer
        | P::MetadataMismatch
        | P::NoIdToken
        | P::TokenMalformed
        | P::TokenSignature
        | P::TokenIssuer
        | P::TokenAudience
        | P::TokenTime
        | P::TokenNonce
        | P::TokenHash
        | P::BadSubject
        | P::UserinfoMismatch => &[Advice::TryAgain, Advice::AskPlatform],
        P::DirectoryNotAllowed | P::GuestNotAllowed | P::UnknownPerson | P::NotForTenant => {
            &[Advice::OtherAccount, Advice::AskOrganization]
        }
        P::AddressTaken => &[Advice::LinkInAccount],
        P::NoAddress => &[Advice::OtherAccount, Advice::OtherWay],
        P::AccountDisabled => &[Advice::AskPlatform],
        P::LinkedElsewhere => &[Advice::OtherAccount, Advice::AskPlatform],
    }
}

const fn mender(problem: SignInProblem) -> Mender {
    use SignInProblem as P;
    match problem {
        P::UnknownAttempt
        | P::DeniedUpstream
        | P::InteractionUpstream
        | P::CodeRejected
        | P::TokenTooOld
        | P::AddressTaken
        | P::NoAddress
        | P::LinkedElsewhere
        | P::ProofMismatch
        | P::TooMany => Mender::You,
        P::AdminConsentNeeded | P::Unreachable | P::BadAnswer | P::ErrorUpstream | P::GroupsUnavailable => Mender::Provider,
        P::DirectoryNotAllowed | P::GuestNotAllowed | P::UnknownPerson | P::NotForTenant => Mender::Organization,
        P::ConnectionDisabled
        | P::Misconfigured
        | P::WrongResponseIssuer
        | P::ClientRejected
        | P::MetadataMismatch
        | P::NoIdToken
        | P::TokenMalformed
        | P::TokenSignature
        | P::TokenIssuer
        | P::TokenAudience
        | P::TokenTime
        | P::TokenNonce
        | P::TokenHash
        | P::BadSubject
        | P::UserinfoMismatch
        | P::LinkOnly
        | P::AccountDisabled => Mender::Platform,
    }
}

impl Page for Failure {
    const TEMPLATE: &'static str = "sign_in/failure.html";

    fn samples() -> Vec<Self> {
        let trace = "trc_0af7651916cd43dd8448eb211c80319c";
        let whole = Self {
            app: Some("Ledger Sync".to_owned()),
            request: Some("arq_0192b3c4".to_owned()),
            again: Some("/connections/bluebird/start".to_owned()),
            other: Some("/sign-in?request=arq_0192b3c4".to_owned()),
            back: Some("/connections/back".to_owned()),
            ..Self::new(SignInProblem::DirectoryNotAllowed, "Bluebird Freight", trace)
        };
        let mut samples = vec![whole];
        samples.extend(SignInProblem::ALL.iter().map(|problem| Self::new(*problem, "Bluebird Freight", trace)));
        samples
    }
}
