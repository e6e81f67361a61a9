//! The pages of a flow, from what the rules say to what is printed.

use gantry_core::tenant::{AppPolicy, TenantRole};
use gantry_oauth::authorize::outcome::{self, ChooseAccount};
use gantry_oauth::consent::{Keeping, Question, ScopeAsked, TenantAsked, TenantsAsked};
use gantry_oauth::tenancy::{Barrier, Workplace};
use gantry_views::chrome::Person;
use gantry_views::moment::Span;
use gantry_views::page::App;
use gantry_views::page::consent::{Consent, Details, Keeps, ScopeLine, Tenant, Tenants, Withheld};
use gantry_views::page::sign_in::Account;
use gantry_views::page::tenant::{ChooseTenant, Obstacle, Role, TenantLine};

use super::{linkable, within};
use crate::extract::{Arrival, RealmContext};
use crate::paths;

/// The page that asks which account.
pub(super) fn account(arrival: &Arrival, asked: ChooseAccount) -> Account {
    Account {
        action: arrival.realm.path(paths::SIGN_IN_ACCOUNT),
        request: Some(asked.request),
        app: Some(asked.app),
        person: person(arrival),
    }
}

fn person(arrival: &Arrival) -> Person {
    let person = arrival.signed_in().map(|signed_in| (signed_in.user.display_name().to_owned(), signed_in.user.email.to_string()));
    let (name, email) = person.unwrap_or_default();
    Person { name, email }
}

/// The page that asks for which tenant.
pub(super) fn tenant(arrival: &Arrival, asked: outcome::ChooseTenant) -> ChooseTenant {
    let realm = &arrival.realm;
    let (open, closed): (Vec<&Workplace>, Vec<&Workplace>) = asked.workplaces.iter().partition(|workplace| workplace.is_open());
    let lines = |workplaces: Vec<&Workplace>| workplaces.into_iter().map(tenant_line).collect();
    ChooseTenant {
        action: realm.path(paths::TENANT),
        switch: linkable(&asked.request).then(|| within(realm, paths::SIGN_IN, Some(&asked.request))),
        request: asked.request,
        app: App::named(&asked.app),
        person: person(arrival),
        open: lines(open),
        closed: lines(closed),
        nobody: asked.nobody,
        filter: ChooseTenant::wants_filter(asked.workplaces.len()),
    }
}

fn tenant_line(workplace: &Workplace) -> TenantLine {
    let role = match workplace.membership.role {
        TenantRole::Member => Role::Member,
        TenantRole::TenantAdmin => Role::Admin,
    };
    let obstacle = workplace.barrier.map(|barrier| match (barrier, workplace.tenant.app_policy) {
        (Barrier::Suspended, _) => Obstacle::Suspended,
        (_, AppPolicy::BlockList) => Obstacle::Blocked,
        (_, AppPolicy::All | AppPolicy::Approved) => Obstacle::NotApproved,
    });
    TenantLine::new(&workplace.tenant.name, &workplace.tenant.org_id, role).blocked_by(obstacle)
}

fn tenants(asked: TenantsAsked) -> Tenants {
    let tenant = |asked: TenantAsked| Tenant { name: asked.name, org_id: asked.org_id, ticked: asked.allowed };
    Tenants::new(asked.chosen.map(tenant), asked.others.into_iter().map(tenant).collect())
}

/// The consent page.
pub(super) fn consent(realm: &RealmContext, question: Question) -> Consent {
    let access_lifetime = Span::seconds(question.access_lifetime);
    let (idle, latest) = (Span::seconds(question.refresh_idle_lifetime), Span::seconds(question.refresh_absolute_lifetime));
    let keeps = match question.keeping {
        Keeping::Always => Keeps::Yes { idle, latest },
        Keeping::IfAllowed => Keeps::IfTicked { idle, latest, lifetime: access_lifetime },
        Keeping::Never => Keeps::No { lifetime: access_lifetime },
    };
    let asks_for_email = question.scopes.iter().any(|scope| scope.claims.iter().any(|claim| claim == "email"));
    let line = |scope: ScopeAsked| ScopeLine::new(&scope.name, &scope.description, scope.api, scope.required).of_admins(scope.of_admins);
    let scopes: Vec<ScopeLine> = question.scopes.into_iter().map(line).collect();
    let tenants = question.tenants.map(tenants);
    Consent {
        action: realm.path(paths::CONSENT),
        switch: linkable(&question.request).then(|| within(realm, paths::SIGN_IN, Some(&question.request))),
        request: question.request,
        app: App::named(&question.app).described(Some(question.description)).published(question.publisher, question.verified),
        person: Person { name: question.person, email: question.email },
        apis: question.apis,
        withheld: Withheld::of(asks_for_email, tenants.as_ref()),
        tenants,
        scopes,
        keeps,
        account: format!("{}#apps", realm.path(paths::ACCOUNT)),
        destination: question.destination,
        details: Details { client_id: question.client_id, redirect_uri: question.redirect_uri, access_lifetime },
    }
}
