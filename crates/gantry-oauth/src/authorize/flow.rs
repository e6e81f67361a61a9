//! The dispatcher: what comes next for a request. The only place that picks a step.
//!
//! Steps return here and never name each other. Knows nothing of how a step is shown; judges
//! what the server holds, so that whatever was stripped on the way changes nothing (attack
//! catalogue SES-08, CON-03).

use gantry_core::authorization_request::{AuthorizationParameters, Stage, TenantChoice};
use gantry_core::client::Client;
use gantry_core::clock::Timestamp;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Refusal;
use gantry_core::id::TenantId;
use gantry_core::prompt::Prompt;
use gantry_core::realm::{TenantDemand, seconds};
use gantry_core::session::Session;

use super::standing::Standing;
use crate::consent;
use crate::tenancy::{self, Barrier, Workplace};

/// Everything that a decision rests on.
#[derive(Debug, Clone, Copy)]
pub struct Situation<'s> {
    /// What the client asked for.
    pub asked: &'s AuthorizationParameters,
    /// How far the request has come.
    pub stage: Stage,
    /// The client.
    pub client: &'s Client,
    /// The browser's session, if it is live.
    pub session: Option<&'s Session>,
    /// Whether tokens of this realm are for tenants.
    pub demand: TenantDemand,
    /// Where the client may work for the session's person, and where the person has let it.
    pub standing: &'s Standing,
    /// What that person chose on the tenant page, if they were asked.
    pub choice: Option<TenantChoice>,
    /// The present.
    pub now: Timestamp,
}

/// What comes next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The person proves themself, in a way that this tenant takes.
    SignIn(Option<TenantId>),
    /// The person says which account.
    Account,
    /// The person says for which tenant.
    Tenant,
    /// The person says what the client may have, in this tenant or for themself.
    Consent(Option<TenantId>),
    /// The code goes out, for this tenant or for none.
    Answer(Option<TenantId>),
    /// An error goes out.
    Refuse(Refusal),
}

/// Picks the next step. `prompt=none` turns every page into its error (OpenID Connect Core
/// §3.1.2.6).
pub fn decide(situation: &Situation<'_>) -> Step {
    let step = next(situation);
    if !situation.asked.prompts.contains(&Prompt::None) {
        return step;
    }
    match step {
        Step::SignIn(tenant) => {
            let refusal = Refusal::new(ErrorCode::LoginRequired, "the person has to sign in");
            let other_way = tenant.and_then(|id| situation.standing.find_open(id)).is_some_and(|workplace| !workplace.takes_sign_in);
            Step::Refuse(if other_way { refusal.reason(Barrier::ConnectionRequired.reason()) } else { refusal })
        }
        Step::Account => refuse(ErrorCode::AccountSelectionRequired, "the person has to choose an account"),
        Step::Tenant => refuse(ErrorCode::InteractionRequired, "the person has to choose an organization"),
        Step::Consent(_) => refuse(ErrorCode::ConsentRequired, "the person has to consent"),
        Step::Answer(_) | Step::Refuse(_) => step,
    }
}

fn next(situation: &Situation<'_>) -> Step {
    let Situation { asked, stage, client, session, standing, now, .. } = *situation;
    let Some(session) = session else { return Step::SignIn(None) };
    // Signed in for this request, or since: what the request demands of a sign-in is met by that alone.
    let fresh = session.authenticated_at >= asked.received_at;
    if asked.expected_subject.as_ref().is_some_and(|subject| *subject != session.user_id.to_string()) {
        // Another person signed in than the client means (OpenID Connect Core §3.1.2.2).
        return if fresh {
            refuse(ErrorCode::LoginRequired, "another person signed in than the one asked for")
        } else {
            Step::SignIn(None)
        };
    }
    let place = place(situation);
    if !fresh && (demands_sign_in(asked) || is_too_old(asked, session, now)) {
        return Step::SignIn(place.ok().flatten().map(|workplace| workplace.tenant.id));
    }
    if asked.acr_essential && !asked.acr_values.iter().any(|value| value == session.acr().as_str()) {
        return refuse(ErrorCode::UnmetAuthenticationRequirements, "the sign-in does not reach the demanded acr");
    }
    if asked.prompts.contains(&Prompt::SelectAccount) && !fresh && stage.session() != Some(session.id) {
        return Step::Account;
    }
    let workplace = match place {
        Ok(workplace) => workplace,
        Err(step) => return step,
    };
    if let Some(step) = workplace.and_then(|workplace| sign_in_for(situation, workplace, session, fresh)) {
        return step;
    }
    let tenant = workplace.map(|workplace| workplace.tenant.id);
    if consent::is_due(client, asked, standing.decision(tenant)) {
        return Step::Consent(tenant);
    }
    Step::Answer(tenant)
}

/// What a tenant's own demands make of the sign-in: another one, none, or the end. Who has signed in
/// for this tenant and still not as it demands is refused, else they would be asked for ever.
fn sign_in_for(situation: &Situation<'_>, workplace: &Workplace, session: &Session, fresh: bool) -> Option<Step> {
    let Situation { asked, stage, choice, now, .. } = *situation;
    let id = workplace.tenant.id;
    if workplace.takes_sign_in {
        let too_old = !fresh && tenancy::is_too_old(&workplace.tenant, session.authenticated_at, now);
        return too_old.then_some(Step::SignIn(Some(id)));
    }
    let chosen_before = choice == Some(TenantChoice::Tenant(id)) && stage.session() != Some(session.id);
    let for_this_tenant = fresh && (asked.org_id.is_some() || chosen_before);
    Some(if for_this_tenant { Step::Refuse(Barrier::ConnectionRequired.denied()) } else { Step::SignIn(Some(id)) })
}

/// The tenant that the answer is for, or the step that has to come before it is known. Unknown and
/// foreign tenants are told apart by nothing (attack catalogue TEN-12).
fn place<'s>(situation: &Situation<'s>) -> Result<Option<&'s Workplace>, Step> {
    let Situation { asked, demand, standing, choice, .. } = *situation;
    let denied = |barrier: Barrier| Step::Refuse(barrier.denied());
    if let Some(org_id) = &asked.org_id {
        if demand == TenantDemand::None {
            return Err(denied(Barrier::NotUsed));
        }
        let workplace = standing.workplaces.iter().find(|workplace| workplace.tenant.org_id == *org_id);
        let workplace = workplace.ok_or_else(|| denied(Barrier::NotMember))?;
        return workplace.barrier.map_or(Ok(Some(workplace)), |barrier| Err(denied(barrier)));
    }
    if demand == TenantDemand::None {
        return Ok(None);
    }
    match choice {
        Some(TenantChoice::Nobody) if demand == TenantDemand::Optional => return Ok(None),
        // One that was closed meanwhile is no choice any more.
        Some(TenantChoice::Tenant(id)) if standing.find_open(id).is_some() => return Ok(standing.find_open(id)),
        Some(_) | None => {}
    }
    let mut open = standing.open();
    match (open.next(), open.next(), demand) {
        (None, _, TenantDemand::Required) => Err(denied(Barrier::None)),
        (None, ..) => Ok(None),
        (Some(only), None, TenantDemand::Required) => Ok(Some(only)),
        (Some(_), ..) => Err(Step::Tenant),
    }
}

fn demands_sign_in(asked: &AuthorizationParameters) -> bool {
    asked.prompts.iter().any(|prompt| matches!(prompt, Prompt::Login | Prompt::Create))
}

fn is_too_old(asked: &AuthorizationParameters, session: &Session, now: Timestamp) -> bool {
    asked.max_age.is_some_and(|max_age| now.since(session.authenticated_at) > seconds(max_age))
}

const fn refuse(code: ErrorCode, description: &'static str) -> Step {
    Step::Refuse(Refusal::new(code, description))
}

#[cfg(test)]
mod tests;
