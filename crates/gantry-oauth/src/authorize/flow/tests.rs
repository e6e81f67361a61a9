//! What comes next, case by case.

use std::time::Duration;

use gantry_core::consent::Consent;
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
    demand: TenantDemand,
    standing: Standing,
    choice: Option<TenantChoice>,
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
        let standing = Standing { workplaces: Vec::new(), consents: vec![consent] };
        let demand = TenantDemand::None;
        Self { asked, stage: Stage::Received, client, session: Some(session), demand, standing, choice: None, now: NOW }
    }

    /// Of a person with these tenants, who has allowed nothing yet.
    fn at(demand: TenantDemand, workplaces: &[Workplace]) -> Self {
        Self::standing().with(|case| {
            case.demand = demand;
            case.standing = Standing { workplaces: workplaces.to_vec(), consents: Vec::new() };
        })
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
            demand: self.demand,
            standing: &self.standing,
            choice: self.choice,
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
    assert_eq!(Case::standing().step(), Step::Answer(None));
    assert_eq!(Case::standing().with(|case| case.session = None).step(), Step::SignIn(None));
    assert_eq!(Case::standing().with(|case| case.standing.consents.clear()).step(), Step::Consent(None));
}

#[test]
fn ses_07_none_shows_no_page() {
    let none = || Case::prompting(&[Prompt::None]);
    assert_eq!(none().step(), Step::Answer(None));
    assert_eq!(none().with(|case| case.session = None).code(), "login_required");
    assert_eq!(none().with(|case| case.asked.max_age = Some(60)).code(), "login_required");
    assert_eq!(none().with(|case| case.asked.expected_subject = Some("usr_x".to_owned())).code(), "login_required");
    assert_eq!(none().with(|case| case.standing.consents.clear()).code(), "consent_required");
}

#[test]
fn ses_08_a_demanded_sign_in_is_met_by_a_new_one_alone() {
    for prompts in [&[Prompt::Login][..], &[Prompt::Create], &[Prompt::Login, Prompt::Consent]] {
        assert_eq!(Case::prompting(prompts).step(), Step::SignIn(None));
    }
    assert_eq!(Case::prompting(&[Prompt::Login]).signed_in_again().step(), Step::Answer(None));
    // An earlier pass through the flow does not stand for a sign-in.
    let chosen = Case::prompting(&[Prompt::Login]).with(|case| {
        case.stage = Stage::Authenticated { session: case.session.as_ref().unwrap().id, tenant: None };
    });
    assert_eq!(chosen.step(), Step::SignIn(None));
}

#[test]
fn max_age_counts_to_the_second_and_a_new_sign_in_meets_even_zero() {
    let aged = |max_age| Case::standing().with(|case| case.asked.max_age = Some(max_age));
    assert_eq!(aged(3600).step(), Step::Answer(None));
    assert_eq!(aged(3599).step(), Step::SignIn(None));
    assert_eq!(aged(0).signed_in_again().step(), Step::Answer(None));
    // The person may take their time over the consent page.
    let later = aged(0).signed_in_again().with(|case| case.now = NOW.plus(Duration::from_mins(5)));
    assert_eq!(later.step(), Step::Answer(None));
}

#[test]
fn an_account_is_chosen_once_for_a_request() {
    assert_eq!(Case::prompting(&[Prompt::SelectAccount]).step(), Step::Account);
    assert_eq!(Case::prompting(&[Prompt::SelectAccount]).signed_in_again().step(), Step::Answer(None));
    let chosen = |chosen_other: bool| {
        Case::prompting(&[Prompt::SelectAccount]).with(|case| {
            let id = case.session.as_ref().unwrap().id;
            case.stage = Stage::Authenticated { session: if chosen_other { gantry_core::id::SessionId::new() } else { id }, tenant: None };
        })
    };
    assert_eq!(chosen(false).step(), Step::Answer(None));
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
    assert_eq!(hinted(true).step(), Step::Answer(None));
    assert_eq!(hinted(false).step(), Step::SignIn(None));
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
    assert_eq!(demanding("urn:gantry:acr:1").step(), Step::Answer(None));
    assert_eq!(demanding("urn:gantry:acr:9").code(), "unmet_authentication_requirements");
}

#[test]
fn consent_is_asked_for_more_or_on_demand() {
    let more = Case::standing().with(|case| case.asked.scopes = ScopeSet::from_names(["openid", "read", "profile"]));
    assert_eq!(more.step(), Step::Consent(None));
    assert_eq!(Case::prompting(&[Prompt::Consent]).step(), Step::Consent(None));
}

fn workplace(change: impl FnOnce(&mut Workplace)) -> Workplace {
    samples::workplace(change)
}

/// Every rule about which tenant, where the client named none.
#[test]
fn the_tenant_is_the_only_one_or_is_chosen() {
    let (one, other) = (workplace(|_| {}), workplace(|_| {}));
    let shut = workplace(|workplace| workplace.barrier = Some(Barrier::AppNotAllowed));
    let id = |workplace: &Workplace| Some(workplace.tenant.id);
    let (required, optional) = (TenantDemand::Required, TenantDemand::Optional);
    assert_eq!(Case::at(required, &[one.clone(), shut.clone()]).step(), Step::Consent(id(&one)));
    assert_eq!(Case::at(required, std::slice::from_ref(&shut)).step(), Step::Refuse(Barrier::None.denied()));
    assert_eq!(Case::at(optional, std::slice::from_ref(&shut)).step(), Step::Consent(None));
    assert_eq!(Case::at(optional, std::slice::from_ref(&one)).step(), Step::Tenant);
    assert_eq!(Case::at(TenantDemand::None, std::slice::from_ref(&one)).step(), Step::Consent(None));
    for demand in [required, optional] {
        let case = || Case::at(demand, &[one.clone(), other.clone(), shut.clone()]);
        let choosing = |choice| case().with(|case| case.choice = Some(choice)).step();
        assert_eq!(case().step(), Step::Tenant);
        assert_eq!(choosing(TenantChoice::Tenant(other.tenant.id)), Step::Consent(id(&other)));
        // Neither what is shut nor what is not the person's.
        assert_eq!(choosing(TenantChoice::Tenant(shut.tenant.id)), Step::Tenant);
        assert_eq!(choosing(TenantChoice::Tenant(TenantId::new())), Step::Tenant);
        let nobody = if demand == optional { Step::Consent(None) } else { Step::Tenant };
        assert_eq!(choosing(TenantChoice::Nobody), nobody);
        assert_eq!(case().with(|case| case.asked.prompts = vec![Prompt::None]).code(), "interaction_required");
    }
}

#[test]
fn ten_12_the_tenant_asked_for_is_the_persons_or_nobodys() {
    let (one, other) = (workplace(|_| {}), workplace(|_| {}));
    let shut = workplace(|workplace| workplace.barrier = Some(Barrier::Suspended));
    let asking = |org_id: &str| {
        Case::at(TenantDemand::Optional, &[one.clone(), other.clone(), shut.clone()])
            .with(|case| case.asked.org_id = Some(org_id.to_owned()))
    };
    assert_eq!(asking(&other.tenant.org_id).step(), Step::Consent(Some(other.tenant.id)));
    assert_eq!(asking("org_of_others").step(), Step::Refuse(Barrier::NotMember.denied()));
    assert_eq!(asking(&shut.tenant.org_id).step(), Step::Refuse(Barrier::Suspended.denied()));
    // What was chosen on a page never outweighs what the client asked for.
    let chosen = asking(&other.tenant.org_id).with(|case| case.choice = Some(TenantChoice::Tenant(one.tenant.id)));
    assert_eq!(chosen.step(), Step::Consent(Some(other.tenant.id)));
    let unused = asking(&one.tenant.org_id).with(|case| case.demand = TenantDemand::None);
    assert_eq!(unused.step(), Step::Refuse(Barrier::NotUsed.denied()));
}

#[test]
fn a_tenant_may_want_a_more_recent_sign_in() {
    let strict = workplace(|workplace| workplace.tenant.max_sign_in_age = Some(60));
    let case = || Case::at(TenantDemand::Required, std::slice::from_ref(&strict));
    assert_eq!(case().step(), Step::SignIn(Some(strict.tenant.id)));
    assert_eq!(case().with(|case| case.asked.prompts = vec![Prompt::None]).code(), "login_required");
    assert_eq!(case().signed_in_again().step(), Step::Consent(Some(strict.tenant.id)));
    // Another tenant's wish is none of this one's.
    let easy = workplace(|_| {});
    let both =
        Case::at(TenantDemand::Required, &[easy.clone(), strict.clone()]).with(|case| case.asked.org_id = Some(easy.tenant.org_id.clone()));
    assert_eq!(both.step(), Step::Consent(Some(easy.tenant.id)));
}

/// A tenant with a way of signing in of its own, and every path to it: asked for, chosen, the only one.
#[test]
fn a_tenant_that_takes_another_sign_in_leads_to_it_once() {
    let own = workplace(|workplace| workplace.takes_sign_in = false);
    let easy = workplace(|_| {});
    let id = own.tenant.id;
    let only = || Case::at(TenantDemand::Required, std::slice::from_ref(&own));
    let asked =
        || Case::at(TenantDemand::Optional, &[own.clone(), easy.clone()]).with(|case| case.asked.org_id = Some(own.tenant.org_id.clone()));
    let refused = Step::Refuse(Barrier::ConnectionRequired.denied());
    // It can be chosen, beside others, and is not asked about otherwise.
    assert_eq!(Case::at(TenantDemand::Optional, &[own.clone(), easy.clone()]).step(), Step::Tenant);
    assert_eq!(only().step(), Step::SignIn(Some(id)));
    assert_eq!(asked().step(), Step::SignIn(Some(id)));
    // A sign-in that was made before anybody knew of the tenant, and one that was made for it.
    assert_eq!(only().signed_in_again().step(), Step::SignIn(Some(id)));
    assert_eq!(asked().signed_in_again().step(), refused);
    let choosing = |before: bool| {
        Case::at(TenantDemand::Optional, &[own.clone(), easy.clone()]).signed_in_again().with(|case| {
            let session = if before { gantry_core::id::SessionId::new() } else { case.session.as_ref().unwrap().id };
            case.choice = Some(TenantChoice::Tenant(id));
            case.stage = Stage::Authenticated { session, tenant: case.choice };
        })
    };
    assert_eq!(choosing(false).step(), Step::SignIn(Some(id)));
    assert_eq!(choosing(true).step(), refused);
    for case in [only(), asked()] {
        let Step::Refuse(refusal) = case.with(|case| case.asked.prompts = vec![Prompt::None]).step() else { panic!("no refusal") };
        assert_eq!((refusal.code, refusal.reason), (ErrorCode::LoginRequired, Some(Barrier::ConnectionRequired.reason())));
    }
    // A demand of the request leads to the tenant's own sign-in at once.
    let demanding = only().with(|case| case.asked.prompts = vec![Prompt::Login]);
    assert_eq!(demanding.step(), Step::SignIn(Some(id)));
}

#[test]
fn a_decision_counts_for_its_tenant_while_nothing_has_ended_it() {
    let (one, other) = (workplace(|_| {}), workplace(|_| {}));
    let decided = |tenant: &Workplace, change: fn(&mut Workplace)| {
        let mut tenant = tenant.clone();
        change(&mut tenant);
        let id = tenant.tenant.id;
        Case::at(TenantDemand::Required, &[tenant]).with(|case| {
            let consent = consent::remembered(None, &case.client, UserId::new(), &case.asked, &case.asked.scopes, NOW);
            case.standing.consents = vec![Consent { tenant_id: Some(id), ..consent }];
        })
    };
    assert_eq!(decided(&one, |_| {}).step(), Step::Answer(Some(one.tenant.id)));
    let ended: [fn(&mut Workplace); 2] = [
        |workplace| workplace.tenant.not_before = Some(NOW),
        |workplace| workplace.membership.created_at = NOW.plus(Duration::from_secs(1)),
    ];
    for end in ended {
        assert_eq!(decided(&one, end).step(), Step::Consent(Some(one.tenant.id)));
    }
    let elsewhere = decided(&one, |_| {}).with(|case| case.standing.workplaces = vec![other.clone()]);
    assert_eq!(elsewhere.step(), Step::Consent(Some(other.tenant.id)));
}
