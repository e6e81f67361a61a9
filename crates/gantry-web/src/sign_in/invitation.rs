//! Where the link of an invitation leads. GET shows, POST takes the place.
//!
//! The token waits in a cookie while its person signs in, so that no address of the way carries it; whoever signs in
//! meanwhile comes back here. Never makes anybody a member: the rules do, once, for just the invited address.

use actix_web::{HttpRequest, HttpResponse, web};
use gantry_core::failure::{Failure, Fault};
use gantry_core::invitation::{Invitation, InvitationState};
use gantry_core::secret::{Secret, SecretKind};
use gantry_identity::Identity;
use gantry_identity::attempts::{Routed, UpstreamSignIn};
use gantry_identity::invitations::{Accepted, PendingInvitation};
use gantry_identity::routing::{Hints, PasswordOffer, Route, WantedTenant};
use gantry_identity::session::OpenedSession;
use gantry_identity::sign_up::NewAccount;
use gantry_views::chrome::Notice;
use gantry_views::field::{FieldError, FormField, PasswordField};
use gantry_views::page::invitation::{Invitation as Page, InvitationOver, InvitedWay};

use super::{enter, wording};
use crate::connections::button;
use crate::extract::{CurrentSession, FlowForm, QueryParameters, RealmContext, Visitor};
use crate::respond::{PageAnswer, PageFailure, data, see_other};
use crate::settings::WebSettings;
use crate::{account, console, cookies, paths};

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(paths::INVITATION).route(web::get().to(show)).route(web::post().to(create)));
}

async fn show(request: HttpRequest, realm: RealmContext, query: QueryParameters) -> Result<HttpResponse, PageFailure> {
    let Some(token) = query.secret("token").or_else(|| waiting(&request, &realm)) else { return over(&request, &realm, None).await };
    match pending(&request, &realm, &token).await? {
        Ok(invited) => page_of(&request, &realm, &token, &invited, |_| {}).await,
        Err(state) => over(&request, &realm, state).await,
    }
}

async fn create(request: HttpRequest, realm: RealmContext, form: FlowForm, visitor: Visitor) -> Result<HttpResponse, PageFailure> {
    let token = super::link::token(&form);
    let invited = match pending(&request, &realm, &token).await? {
        Ok(invited) => invited,
        Err(state) => return over(&request, &realm, state).await,
    };
    let current = CurrentSession::of(&request).await?;
    let accepted = match (form.get("what"), current.signed_in()) {
        (Some("sign-in" | "switch"), _) => {
            let mut response = see_other(&realm.path(paths::SIGN_IN));
            keep(&mut response, &cookies::invitation(realm.realm(), &token))?;
            return Ok(response);
        }
        (Some("accept"), Some(person)) => {
            data::<Identity>(&request)?.accept_invitation(realm.realm(), &token, person.user.id, &visitor.visit()).await?
        }
        (Some("make"), _) if offers_password(&route(&request, &realm, &invited.invitation).await?) => {
            let (name, password) = (form.get("name").unwrap_or_default(), form.secret("password").unwrap_or_else(|| Secret::new("")));
            match NewAccount::check_for(realm.realm(), invited.tenant.as_ref(), invited.invitation.email.as_str(), name, &password) {
                Ok(account) => {
                    let identity = data::<Identity>(&request)?;
                    identity.accept_invitation_anew(realm.realm(), &token, account, &visitor.visit()).await?
                }
                Err(wrong) => {
                    let mark = |page: &mut Page| {
                        page.name = FormField { value: name.to_owned(), error: wrong.name.map(|_| FieldError::NameInvalid) };
                        page.password = Some(wrong.password.map(wording::weak).unwrap_or_default());
                    };
                    return page_of(&request, &realm, &token, &invited, mark).await;
                }
            }
        }
        _ => Accepted::NotTheirs,
    };
    match accepted {
        Accepted::Done { invitation, opened } => {
            let mut response = arrive(&request, &realm, &visitor, &invitation, opened.as_deref())?;
            keep(&mut response, &cookies::without_invitation(realm.realm()))?;
            Ok(response)
        }
        Accepted::Over(state) => over(&request, &realm, state).await,
        // What the page offered is no more what there is: it is shown anew.
        Accepted::NotTheirs | Accepted::HasAccount => page_of(&request, &realm, &token, &invited, |_| {}).await,
    }
}

/// Lets somebody in who took the place, and on to their work where there is some. An account that was made just now is
/// proof enough for the console too, unless the realm has a host of its own: no page there speaks for the console's.
fn arrive(
    request: &HttpRequest,
    realm: &RealmContext,
    visitor: &Visitor,
    invitation: &Invitation,
    opened: Option<&OpenedSession>,
) -> Result<HttpResponse, PageFailure> {
    let administers = invitation.role.administers();
    let enters = administers && realm.realm().hosts.is_empty() && opened.is_some();
    let public = data::<WebSettings>(request)?.public_url.as_str().trim_end_matches('/').to_owned();
    let next = match (enters, administers) {
        (true, _) => format!("{public}{}", paths::console::HOME),
        (false, true) => format!("{public}{}?realm={}", paths::console::SIGN_IN, realm.realm().slug),
        (false, false) => account::with_notice(realm, Notice::InvitationAccepted),
    };
    let Some(opened) = opened else { return Ok(see_other(&next)) };
    let mut response = enter(realm, visitor, opened, &next)?;
    if enters {
        console::enter(request, &mut response, &opened.session)?;
    }
    Ok(response)
}

/// The invitation that waits in this browser.
pub(crate) fn waiting(request: &HttpRequest, realm: &RealmContext) -> Option<Secret> {
    cookies::read(request, &cookies::invitation_name(realm.realm()), SecretKind::ActionLink)
}

/// Where somebody goes who has signed in for no app: back to an invitation that waits, or to their own pages.
pub(crate) fn home(request: &HttpRequest, realm: &RealmContext) -> String {
    realm.path(if waiting(request, realm).is_some() { paths::INVITATION } else { paths::ACCOUNT })
}

/// What an invitation that waits in this browser says of where its person signs in, and with which address.
pub(super) async fn hints(request: &HttpRequest, realm: &RealmContext) -> Result<Option<(Hints, String)>, Failure> {
    let Some(token) = waiting(request, realm) else { return Ok(None) };
    Ok(pending(request, realm, &token).await?.ok().map(|invited| {
        let tenant = invited.invitation.tenant_id.map(WantedTenant::Known);
        (Hints { tenant, ..Hints::default() }, invited.invitation.email.to_string())
    }))
}

async fn pending(
    request: &HttpRequest,
    realm: &RealmContext,
    token: &Secret,
) -> Result<Result<PendingInvitation, Option<InvitationState>>, Failure> {
    let found = data::<Identity>(request)?.pending_invitation(realm.realm(), token).await?;
    Ok(match found {
        Some(invited) if invited.state == InvitationState::Pending => Ok(invited),
        Some(invited) => Err(Some(invited.state)),
        None => Err(None),
    })
}

async fn route(request: &HttpRequest, realm: &RealmContext, invitation: &Invitation) -> Result<Routed, PageFailure> {
    let hints = Hints {
        tenant: invitation.tenant_id.map(WantedTenant::Known),
        typed: Some(invitation.email.clone()),
        remembered: cookies::read_text(request, &cookies::connection_name(realm.realm())),
        ..Hints::default()
    };
    Ok(data::<UpstreamSignIn>(request)?.route(realm.realm(), &hints).await?)
}

fn offers_password(routed: &Routed) -> bool {
    matches!(&routed.decision.route, Route::Page(offer) if matches!(offer.password, PasswordOffer::Offered | PasswordOffer::Wanted))
}

async fn page_of(
    request: &HttpRequest,
    realm: &RealmContext,
    token: &Secret,
    invited: &PendingInvitation,
    mark: impl FnOnce(&mut Page),
) -> Result<HttpResponse, PageFailure> {
    let routed = route(request, realm, &invited.invitation).await?;
    let current = CurrentSession::of(request).await?;
    let mut page = page(realm, token, invited, &routed);
    page.way = match current.signed_in() {
        Some(person) if person.user.email == invited.invitation.email && person.user.email_verified_at.is_some() => InvitedWay::Accept,
        Some(_) => InvitedWay::Switch,
        None if invited.has_account => InvitedWay::SignIn,
        None => InvitedWay::Make,
    };
    mark(&mut page);
    let wrong = page.name.error.is_some() || page.password.as_ref().is_some_and(|field| field.error.is_some());
    let answer = PageAnswer::to(request).branded(invited.tenant.as_ref().map(|tenant| &tenant.branding));
    let mut response = if wrong { answer.with_errors() } else { answer }.render(&page).await?;
    keep(&mut response, &cookies::invitation(realm.realm(), token))?;
    Ok(response)
}

fn page(realm: &RealmContext, token: &Secret, invited: &PendingInvitation, routed: &Routed) -> Page {
    let (buttons, password) = match &routed.decision.route {
        Route::Upstream(way) => (vec![way.clone()], false),
        Route::Page(offer) => (offer.buttons.clone(), offers_password(routed)),
        Route::Refuse => (Vec::new(), false),
    };
    let of_realm = realm.realm().settings.sign_in.password_min_length;
    Page {
        action: realm.path(paths::INVITATION),
        token: token.expose().to_owned(),
        email: invited.invitation.email.to_string(),
        organization: invited.tenant.as_ref().map(|tenant| tenant.name.clone()),
        welcome: invited.tenant.as_ref().and_then(|tenant| tenant.branding.welcome.clone()),
        role: word(&invited.invitation),
        inviter: invited.inviter.clone(),
        way: InvitedWay::Make,
        name: FormField::default(),
        password: password.then(PasswordField::default),
        password_min_length: invited.tenant.as_ref().map_or(of_realm, |tenant| tenant.password_least(of_realm)),
        providers: buttons.iter().map(|way| button(realm, way)).collect(),
        problem: None,
    }
}

const fn word(invitation: &Invitation) -> &'static str {
    use gantry_core::invitation::InvitedRole as R;
    match invitation.role {
        R::Member => "member",
        R::TenantAdmin => "tenant-admin",
        R::RealmAdmin => "realm-admin",
        R::Operator => "operator",
    }
}

async fn over(request: &HttpRequest, realm: &RealmContext, state: Option<InvitationState>) -> Result<HttpResponse, PageFailure> {
    let state = state.filter(|state| *state != InvitationState::Pending).map_or("unknown", InvitationState::as_str);
    let page = InvitationOver { state, sign_in: realm.path(paths::SIGN_IN) };
    let mut response = PageAnswer::to(request).gone().render(&page).await?;
    if waiting(request, realm).is_some() {
        keep(&mut response, &cookies::without_invitation(realm.realm()))?;
    }
    Ok(response)
}

fn keep(response: &mut HttpResponse, cookie: &actix_web::cookie::Cookie<'static>) -> Result<(), Fault> {
    response.add_cookie(cookie).map_err(|error| Fault::caused("a cookie", error))
}
