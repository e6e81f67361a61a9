//! The dispatcher: what comes next for a request. The only place that picks a step.
//!
//! Steps return here and never name each other. Knows nothing of how a step is shown; judges
//! what the server holds, so that whatever was stripped on the way changes nothing (attack
//! catalogue SES-08, CON-03).

use gantry_core::authorization_request::{AuthorizationParameters, Stage};
use gantry_core::client::Client;
use gantry_core::clock::Timestamp;
use gantry_core::consent::Consent;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Refusal;
use gantry_core::prompt::Prompt;
use gantry_core::realm::seconds;
use gantry_core::session::Session;

use crate::consent;

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
    /// What its person decided about the client.
    pub consent: Option<&'s Consent>,
    /// The present.
    pub now: Timestamp,
}

/// What comes next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The person proves themself.
    SignIn,
    /// The person says which account.
    Account,
    /// The person says what the client may have.
    Consent,
    /// The code goes out.
    Answer,
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
        Step::SignIn => refuse(ErrorCode::LoginRequired, "the person has to sign in"),
        Step::Account => refuse(ErrorCode::AccountSelectionRequired, "the person has to choose an account"),
        Step::Consent => refuse(ErrorCode::ConsentRequired, "the person has to consent"),
        Step::Answer | Step::Refuse(_) => step,
    }
}

fn next(situation: &Situation<'_>) -> Step {
    let Situation { asked, stage, client, session, consent, now } = *situation;
    let Some(session) = session else { return Step::SignIn };
    // Signed in for this request, or since: what the request demands of a sign-in is met by that alone.
    let fresh = session.authenticated_at >= asked.received_at;
    if asked.expected_subject.as_ref().is_some_and(|subject| *subject != session.user_id.to_string()) {
        // Another person signed in than the client means (OpenID Connect Core §3.1.2.2).
        return if fresh { refuse(ErrorCode::LoginRequired, "another person signed in than the one asked for") } else { Step::SignIn };
    }
    if !fresh && (demands_sign_in(asked) || is_too_old(asked, session, now)) {
        return Step::SignIn;
    }
    if asked.acr_essential && !asked.acr_values.iter().any(|value| value == session.acr().as_str()) {
        return refuse(ErrorCode::UnmetAuthenticationRequirements, "the sign-in does not reach the demanded acr");
    }
    if asked.prompts.contains(&Prompt::SelectAccount) && !fresh && stage.session() != Some(session.id) {
        return Step::Account;
    }
    if consent::is_due(client, asked, consent) {
        return Step::Consent;
    }
    Step::Answer
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
mod tests {
    use std::time::Duration;

    use gantry_core::id::UserId;
    use gantry_core::scope_set::ScopeSet;

    use super::*;
    use crate::authorize::samples::{self, NOW};

    /// A request received now, a session and a consent that would let it pass.
    struct Case {
        asked: AuthorizationParameters,
        stage: Stage,
        client: Client,
        session: Option<Session>,
        consent: Option<Consent>,
        now: Timestamp,
    }

    impl Case {
        /// With a session that began an hour ago.
        fn standing() -> Self {
            let realm = samples::realm();
            let client = samples::client(&realm);
            let asked = samples::asked(&client, "openid read");
            let consent = consent::remembered(None, &client, UserId::new(), &asked, &asked.scopes, NOW);
            let session = samples::session(&realm, NOW.minus(Duration::from_hours(1)));
            Self { asked, stage: Stage::Received, client, session: Some(session), consent: Some(consent), now: NOW }
        }

        fn prompting(prompts: &[Prompt]) -> Self {
            let mut case = Self::standing();
            case.asked.prompts = prompts.to_vec();
            case
        }

        fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
            change(&mut self);
            self
        }

        /// The person signs in now.
        fn signed_in_again(self) -> Self {
            self.with(|case| case.session.as_mut().unwrap().authenticated_at = NOW)
        }

        fn step(&self) -> Step {
            decide(&Situation {
                asked: &self.asked,
                stage: self.stage,
                client: &self.client,
                session: self.session.as_ref(),
                consent: self.consent.as_ref(),
                now: self.now,
            })
        }

        fn code(&self) -> &'static str {
            let Step::Refuse(refusal) = self.step() else { panic!("no refusal") };
            refusal.code.wire_name()
        }
    }

    #[test]
    fn a_standing_session_and_consent_answer() {
        assert_eq!(Case::standing().step(), Step::Answer);
        assert_eq!(Case::standing().with(|case| case.session = None).step(), Step::SignIn);
        assert_eq!(Case::standing().with(|case| case.consent = None).step(), Step::Consent);
    }

    #[test]
    fn ses_07_none_shows_no_page() {
        let none = || Case::prompting(&[Prompt::None]);
        assert_eq!(none().step(), Step::Answer);
        assert_eq!(none().with(|case| case.session = None).code(), "login_required");
        assert_eq!(none().with(|case| case.asked.max_age = Some(60)).code(), "login_required");
        assert_eq!(none().with(|case| case.asked.expected_subject = Some("usr_x".to_owned())).code(), "login_required");
        assert_eq!(none().with(|case| case.consent = None).code(), "consent_required");
    }

    #[test]
    fn ses_08_a_demanded_sign_in_is_met_by_a_new_one_alone() {
        for prompts in [&[Prompt::Login][..], &[Prompt::Create], &[Prompt::Login, Prompt::Consent]] {
            assert_eq!(Case::prompting(prompts).step(), Step::SignIn);
        }
        assert_eq!(Case::prompting(&[Prompt::Login]).signed_in_again().step(), Step::Answer);
        // An earlier pass through the flow does not stand for a sign-in.
        let chosen = Case::prompting(&[Prompt::Login]).with(|case| {
            case.stage = Stage::Authenticated { session: case.session.as_ref().unwrap().id, tenant: None };
        });
        assert_eq!(chosen.step(), Step::SignIn);
    }

    #[test]
    fn max_age_counts_to_the_second_and_a_new_sign_in_meets_even_zero() {
        let aged = |max_age| Case::standing().with(|case| case.asked.max_age = Some(max_age));
        assert_eq!(aged(3600).step(), Step::Answer);
        assert_eq!(aged(3599).step(), Step::SignIn);
        assert_eq!(aged(0).signed_in_again().step(), Step::Answer);
        // The person may take their time over the consent page.
        let later = aged(0).signed_in_again().with(|case| case.now = NOW.plus(Duration::from_mins(5)));
        assert_eq!(later.step(), Step::Answer);
    }

    #[test]
    fn an_account_is_chosen_once_for_a_request() {
        assert_eq!(Case::prompting(&[Prompt::SelectAccount]).step(), Step::Account);
        assert_eq!(Case::prompting(&[Prompt::SelectAccount]).signed_in_again().step(), Step::Answer);
        let chosen = |chosen_other: bool| {
            Case::prompting(&[Prompt::SelectAccount]).with(|case| {
                let id = case.session.as_ref().unwrap().id;
                case.stage =
                    Stage::Authenticated { session: if chosen_other { gantry_core::id::SessionId::new() } else { id }, tenant: None };
            })
        };
        assert_eq!(chosen(false).step(), Step::Answer);
        assert_eq!(chosen(true).step(), Step::Account);
    }

    #[test]
    fn the_answer_is_about_whom_the_client_means() {
        let hinted = |own: bool| {
            Case::standing().with(|case| {
                let user = case.session.as_ref().unwrap().user_id;
                case.asked.expected_subject = Some(if own { user } else { UserId::new() }.to_string());
            })
        };
        assert_eq!(hinted(true).step(), Step::Answer);
        assert_eq!(hinted(false).step(), Step::SignIn);
        assert_eq!(hinted(false).signed_in_again().code(), "login_required");
    }

    #[test]
    fn a_demanded_acr_is_met_or_refused() {
        let demanding = |value: &str| {
            Case::standing().with(|case| {
                case.asked.acr_essential = true;
                case.asked.acr_values = vec![value.to_owned()];
            })
        };
        assert_eq!(demanding("urn:gantry:acr:1").step(), Step::Answer);
        assert_eq!(demanding("urn:gantry:acr:9").code(), "unmet_authentication_requirements");
    }

    #[test]
    fn consent_is_asked_for_more_or_on_demand() {
        let more = Case::standing().with(|case| case.asked.scopes = ScopeSet::from_names(["openid", "read", "profile"]));
        assert_eq!(more.step(), Step::Consent);
        assert_eq!(Case::prompting(&[Prompt::Consent]).step(), Step::Consent);
    }
}
