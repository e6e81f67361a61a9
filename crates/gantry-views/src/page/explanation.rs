//! The page behind `error_uri`: what a refusal means, who can mend it, what to do now. For the
//! makers of apps.

use gantry_core::reason::Reason;
use serde::Serialize;

use super::Page;

/// Explains a reason. Its words are `reason-<reason>-title` and `reason-<reason>-text`.
#[derive(Debug, Clone, Serialize)]
pub struct Explanation {
    /// The reason.
    pub reason: Reason,
    /// Who can mend it; see `menders`.
    pub menders: &'static [Mender],
    /// What to do now, in order; see `steps`.
    pub steps: &'static [Step],
    /// How the app meets it. Empty where only the person's browser does.
    pub examples: Vec<Example>,
}

impl Explanation {
    /// The page of a reason.
    pub const fn new(reason: Reason, examples: Vec<Example>) -> Self {
        Self { reason, menders: menders(reason), steps: steps(reason), examples }
    }
}

/// An answer as it looks.
#[derive(Debug, Clone, Serialize)]
pub struct Example {
    /// To which request.
    pub occasion: Occasion,
    /// Its status, unless it travels by redirect.
    pub status: Option<u16>,
    /// What it says.
    pub text: String,
}

/// The request that is answered. Each has its words as `occasion-<name>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Occasion {
    /// An authorization request.
    Authorization,
    /// A token request with a code or a refresh token.
    Grant,
    /// A token request of the app for itself.
    Machine,
}

/// Who can mend it. Each has its words as `mender-<name>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mender {
    /// Those who read the page.
    Developer,
    /// The person who uses the app.
    Person,
    /// An admin of the person's organization.
    Organization,
    /// Those who run the platform.
    Platform,
}

/// Something to do. Each has its words as `step-<name>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// No `org_id` here.
    LeaveOrgIdOut,
    /// The `org_id` of a token, not a name.
    CheckOrgId,
    /// To the authorization endpoint again, for this organization.
    AuthorizeForIt,
    /// To the authorization endpoint again, once somebody else has acted.
    AuthorizeAgain,
    /// To the address in the answer.
    UseAuthorizationUri,
    /// Nothing was used up.
    KeepRefreshToken,
    /// The person has to be a member.
    AskForMembership,
    /// The organization has to allow the app.
    AskForApproval,
    /// Somebody of the organization has to use the app first.
    InstallFirst,
    /// The platform suspended it.
    AskPlatform,
    /// The id and the realm.
    CheckClientId,
    /// The registered addresses.
    RegisterRedirectUri,
    /// From the beginning.
    StartAgain,
    /// Do not copy our forms.
    LeaveFormsAlone,
    /// Accounts come from elsewhere.
    AskForInvitation,
}

const fn menders(reason: Reason) -> &'static [Mender] {
    match reason {
        Reason::TenantsNotUsed | Reason::UnknownClient | Reason::RedirectUri => &[Mender::Developer],
        Reason::TenantNotGranted => &[Mender::Developer, Mender::Person],
        Reason::NoTenant | Reason::NotAMember | Reason::AppNotAllowed | Reason::AppRemoved => &[Mender::Organization],
        Reason::AppNotInstalled => &[Mender::Developer, Mender::Organization],
        Reason::SignInTooOld | Reason::ConnectionRequired | Reason::FlowExpired | Reason::ForeignForm => &[Mender::Person],
        Reason::TenantSuspended | Reason::ConnectionDisabled | Reason::SignUpClosed => &[Mender::Platform],
    }
}

const fn steps(reason: Reason) -> &'static [Step] {
    match reason {
        Reason::TenantsNotUsed => &[Step::LeaveOrgIdOut],
        Reason::NoTenant => &[Step::AskForMembership, Step::AskForApproval, Step::AuthorizeAgain],
        Reason::TenantNotGranted => &[Step::CheckOrgId, Step::AuthorizeForIt, Step::KeepRefreshToken],
        Reason::NotAMember => &[Step::CheckOrgId, Step::AskForMembership, Step::AuthorizeAgain, Step::KeepRefreshToken],
        Reason::TenantSuspended => &[Step::AskPlatform, Step::AuthorizeAgain, Step::KeepRefreshToken],
        Reason::AppNotAllowed | Reason::AppRemoved => &[Step::AskForApproval, Step::AuthorizeAgain, Step::KeepRefreshToken],
        Reason::AppNotInstalled => &[Step::CheckOrgId, Step::InstallFirst, Step::LeaveOrgIdOut],
        Reason::SignInTooOld | Reason::ConnectionRequired => &[Step::UseAuthorizationUri, Step::KeepRefreshToken],
        Reason::ConnectionDisabled => &[Step::AskPlatform, Step::AuthorizeAgain],
        Reason::UnknownClient => &[Step::CheckClientId],
        Reason::RedirectUri => &[Step::RegisterRedirectUri],
        Reason::FlowExpired => &[Step::StartAgain],
        Reason::ForeignForm => &[Step::LeaveFormsAlone, Step::StartAgain],
        Reason::SignUpClosed => &[Step::AskForInvitation],
    }
}

impl Page for Explanation {
    const TEMPLATE: &'static str = "explanation.html";

    fn samples() -> Vec<Self> {
        let redirect = "error=access_denied\nerror_description=the person does not belong to this organization\n\
                        error_uri=https://id.example.com/errors/not_a_member";
        let body = "{\n  \"error\": \"invalid_grant\",\n  \"error_description\": \"the person does not belong to this organization\",\n  \
                    \"reason\": \"not_a_member\",\n  \"error_uri\": \"https://id.example.com/errors/not_a_member\"\n}";
        let examples = [
            Example { occasion: Occasion::Authorization, status: None, text: redirect.to_owned() },
            Example { occasion: Occasion::Grant, status: Some(400), text: body.to_owned() },
            Example { occasion: Occasion::Machine, status: Some(400), text: body.to_owned() },
        ];
        let mut samples: Vec<Self> = Reason::ALL.iter().map(|reason| Self::new(*reason, Vec::new())).collect();
        samples.push(Self::new(Reason::NotAMember, examples.to_vec()));
        samples
    }
}
