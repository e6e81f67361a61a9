//! The person's own tokens for APIs: the list, making one, ending one.

use actix_web::{HttpRequest, HttpResponse, web};
use gantry_core::clock::Timestamp;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Fault, Refusal};
use gantry_core::id::PersonalTokenId;
use gantry_core::personal_token::{MAX_PERSONAL_TOKENS, PersonalToken};
use gantry_core::realm::TenantDemand;
use gantry_core::scope_set::ScopeSet;
use gantry_core::tenant::Tenant;
use gantry_oauth::personal_tokens::{MadeMail, NewPersonalToken, Offer, PersonalTokens, Unfit};
use gantry_views::chrome::Notice;
use gantry_views::field::{FieldError, FormField, FormProblem};
use gantry_views::moment::{Day, Moment};
use gantry_views::page::account::{
    DaysChoice, MadeToken, Organization, OrganizationChoice, ScopeChoice, ShownOnce, TokenForm, TokenLine, Tokens,
};

use super::overview::app_scope;
use crate::extract::{CheckedForm, CurrentSession, RealmContext, SignedIn, Visitor};
use crate::paths;
use crate::respond::{PageAnswer, PageFailure, locale_of, see_other};

/// The lengths of life that are offered, in days.
const DAYS: [u32; 5] = [7, 30, 90, 180, 366];
/// The one that is chosen at first.
const FIRST_DAYS: u32 = 30;

pub(super) async fn show(
    request: HttpRequest,
    realm: RealmContext,
    current: CurrentSession,
    tokens: web::Data<PersonalTokens>,
) -> Result<HttpResponse, PageFailure> {
    let Some(person) = current.signed_in() else { return Ok(super::to_sign_in(&realm)) };
    let page = page(&realm, person, &tokens, None).await?;
    PageAnswer::to(&request).render(&page).await
}

pub(super) async fn create(
    request: HttpRequest,
    realm: RealmContext,
    form: CheckedForm,
    current: CurrentSession,
    visitor: Visitor,
    tokens: web::Data<PersonalTokens>,
) -> Result<HttpResponse, PageFailure> {
    let Some(person) = current.signed_in() else { return Ok(super::to_sign_in(&realm)) };
    let mut typed = Typed::read(&form);
    let own = realm.url(paths::ACCOUNT_TOKENS);
    let mail = MadeMail { locale: locale_of(&request, &realm, None)?, tokens: &own };
    match tokens.make(&realm.snapshot, &person.session, typed.asked(), mail, visitor.origin()).await? {
        Ok((token, value)) => {
            let mut page = page(&realm, person, &tokens, None).await?;
            page.made = Some(MadeToken { name: token.name, value: ShownOnce(value), until: Day::of(token.expires_at) });
            PageAnswer::to(&request).render(&page).await
        }
        Err(unfit) if unfit.contains(&Unfit::SignedOut) => Ok(super::to_sign_in(&realm)),
        Err(unfit) => {
            typed.unfit = unfit;
            let page = page(&realm, person, &tokens, Some(&typed)).await?;
            PageAnswer::to(&request).with_errors().render(&page).await
        }
    }
}

pub(super) async fn revoke(
    realm: RealmContext,
    form: CheckedForm,
    current: CurrentSession,
    visitor: Visitor,
    tokens: web::Data<PersonalTokens>,
) -> Result<HttpResponse, PageFailure> {
    let Some(person) = current.signed_in() else { return Ok(super::to_sign_in(&realm)) };
    let named = form.get("token").unwrap_or_default();
    let token: PersonalTokenId = named.parse().or(Err(Refusal::new(ErrorCode::NotFound, "there is no such token")))?;
    tokens.revoke(&person.user, token, visitor.origin()).await?;
    Ok(see_other(&format!("{}?notice={}", realm.path(paths::ACCOUNT_TOKENS), Notice::TokenRevoked.name())))
}

/// What a person sent, and what is wrong with it.
struct Typed {
    name: String,
    scopes: ScopeSet,
    days: u32,
    tenant: String,
    unfit: Vec<Unfit>,
}

impl Typed {
    fn read(form: &CheckedForm) -> Self {
        Self {
            name: form.get("name").unwrap_or_default().to_owned(),
            scopes: ScopeSet::from_names(form.all("scope")),
            days: form.get("days").and_then(|text| text.parse().ok()).unwrap_or_default(),
            tenant: form.get("organization").unwrap_or_default().to_owned(),
            unfit: Vec::new(),
        }
    }

    fn asked(&self) -> NewPersonalToken {
        // What is no id at all is no organization of theirs either.
        let tenant = (!self.tenant.is_empty()).then(|| self.tenant.parse().unwrap_or_else(|_| gantry_core::id::TenantId::new()));
        NewPersonalToken { name: self.name.clone(), scopes: self.scopes.clone(), days: self.days, tenant }
    }

    fn has(&self, unfit: Unfit) -> bool {
        self.unfit.contains(&unfit)
    }
}

/// The page as things stand, with what was typed if it comes back.
async fn page(realm: &RealmContext, person: &SignedIn, tokens: &PersonalTokens, typed: Option<&Typed>) -> Result<Tokens, Fault> {
    let now = tokens.now();
    let known = tokens.list(&person.user).await?;
    let offer = tokens.offer(&realm.snapshot, &person.user).await?;
    Ok(Tokens {
        made: None,
        form: offer.map(|offer| token_form(realm, &offer, typed)),
        tokens: known.iter().map(|(token, tenant)| line(realm, token, tenant.as_ref(), now)).collect(),
        revoke: realm.path(paths::ACCOUNT_TOKENS_REVOKE),
        account: realm.path(paths::ACCOUNT),
        sign_out: realm.path(paths::SIGN_OUT),
    })
}

fn token_form(realm: &RealmContext, offer: &Offer, typed: Option<&Typed>) -> TokenForm {
    let has = |unfit| typed.is_some_and(|typed| typed.has(unfit));
    let wrong = |unfit, error| has(unfit).then_some(error);
    let name = typed.map(|typed| typed.name.as_str()).unwrap_or_default();
    let empty = if name.trim().is_empty() { FieldError::Required } else { FieldError::NameInvalid };
    let chosen = typed.map_or(FIRST_DAYS, |typed| typed.days);
    TokenForm {
        action: realm.path(paths::ACCOUNT_TOKENS),
        name: FormField { value: name.to_owned(), error: wrong(Unfit::Name, empty).or(wrong(Unfit::NameTaken, FieldError::NameTaken)) },
        scopes: offer
            .scopes
            .iter()
            .map(|name| ScopeChoice { scope: app_scope(realm, name), ticked: typed.is_some_and(|typed| typed.scopes.contains(name)) })
            .collect(),
        scopes_error: wrong(Unfit::Scopes, FieldError::Required),
        days: DAYS.map(|count| DaysChoice { count, chosen: count == chosen }).to_vec(),
        organizations: organizations(offer, typed, wrong(Unfit::Tenant, FieldError::Required)),
        problem: has(Unfit::TooMany).then(|| FormProblem::Full { count: u32::try_from(MAX_PERSONAL_TOKENS).unwrap_or(u32::MAX) }),
    }
}

fn organizations(offer: &Offer, typed: Option<&Typed>, error: Option<FieldError>) -> Option<OrganizationChoice> {
    let optional = match offer.demand {
        TenantDemand::None => return None,
        TenantDemand::Optional => true,
        TenantDemand::Required => false,
    };
    let only = !optional && offer.tenants.len() == 1;
    let list = offer.tenants.iter().map(|tenant| {
        let id = tenant.id.to_string();
        Organization { chosen: typed.map_or(only, |typed| typed.tenant == id), id, name: tenant.name.clone() }
    });
    Some(OrganizationChoice { optional, list: list.collect(), error })
}

fn line(realm: &RealmContext, token: &PersonalToken, tenant: Option<&Tenant>, now: Timestamp) -> TokenLine {
    TokenLine {
        id: token.id.to_string(),
        name: token.name.clone(),
        last_four: token.last_four.clone(),
        scopes: token.scopes.iter().map(|name| app_scope(realm, name)).collect(),
        organization: tenant.map(|tenant| tenant.name.clone()),
        since: Moment::seen(token.created_at, now),
        last_used: token.last_used_at.map(|at| Moment::seen(at, now)),
        until: Day::of(token.expires_at),
        expired: token.expires_at <= now,
    }
}
