//! The overview: who one is, where one is signed in, which apps have access.

use actix_web::{HttpRequest, HttpResponse, web};
use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::session::Session;
use gantry_identity::Identity;
use gantry_identity::account::AppAccess;
use gantry_identity::attempts::UpstreamSignIn;
use gantry_views::device::Device;
use gantry_views::field::{FormField, PasswordField};
use gantry_views::moment::Moment;
use gantry_views::page::App;
use gantry_views::page::account::{AppLine, AppScope, FirstPassword, Overview, PasswordForm, ProfileForm, SessionLine};

use super::connections;
use crate::extract::{CurrentSession, RealmContext, SignedIn};
use crate::paths;
use crate::respond::{PageAnswer, PageFailure};

pub(super) async fn show(
    request: HttpRequest,
    realm: RealmContext,
    current: CurrentSession,
    identity: web::Data<Identity>,
) -> Result<HttpResponse, PageFailure> {
    let Some(person) = current.signed_in() else { return Ok(super::to_sign_in(&realm)) };
    let page = overview(&request, &realm, person, &identity).await?;
    PageAnswer::to(&request).render(&page).await
}

/// The page as things stand.
pub(super) async fn overview(
    request: &HttpRequest,
    realm: &RealmContext,
    person: &SignedIn,
    identity: &Identity,
) -> Result<Overview, Fault> {
    let now = identity.now();
    let policy = &realm.realm().settings.sign_in;
    let mut sessions: Vec<SessionLine> = Vec::new();
    for session in identity.sessions_of(realm.realm(), &person.user).await? {
        let line = session_line(&session, session.id == person.session.id, now);
        // The present one first, the others as they come: last used first.
        if line.current { sessions.insert(0, line) } else { sessions.push(line) }
    }
    let apps = identity.apps_of(&person.user).await?;
    let upstream = request.app_data::<web::Data<UpstreamSignIn>>().ok_or_else(|| Fault::new("sign-ins with providers are not wired"))?;
    let password_min_length = identity.password_least(realm.realm(), &person.user).await?;
    let has_password = identity.has_password(&person.user).await?;
    Ok(Overview {
        profile: profile_form(realm, person),
        password: (policy.password && has_password).then(|| PasswordForm {
            action: realm.path(paths::ACCOUNT_PASSWORD),
            current: PasswordField::default(),
            new: PasswordField::default(),
            password_min_length,
            problem: None,
        }),
        first_password: (policy.password && !has_password).then(|| FirstPassword { action: realm.path(paths::ACCOUNT_PASSWORD_MAIL) }),
        connections: connections::section(realm, person, identity, upstream).await?,
        sessions,
        end_session: realm.path(paths::ACCOUNT_SESSIONS),
        end_other_sessions: realm.path(paths::ACCOUNT_SESSIONS),
        apps: apps.iter().map(|app| app_line(realm, app, now)).collect(),
        remove_app: realm.path(paths::ACCOUNT_APPS),
        tokens: realm.realm().settings.personal_tokens.enabled.then(|| realm.path(paths::ACCOUNT_TOKENS)),
        sign_out: realm.path(paths::SIGN_OUT),
    })
}

fn profile_form(realm: &RealmContext, person: &SignedIn) -> ProfileForm {
    ProfileForm {
        action: realm.path(paths::ACCOUNT_PROFILE),
        name: FormField::filled(person.user.profile.name.as_deref().unwrap_or_default()),
        email: person.user.email.to_string(),
        email_verified: person.user.email_verified_at.is_some(),
        problem: None,
    }
}

fn session_line(session: &Session, current: bool, now: Timestamp) -> SessionLine {
    SessionLine {
        id: session.id.to_string(),
        device: Device::of(&session.user_agent),
        ip: session.ip.clone(),
        current,
        since: Moment::seen(session.created_at, now),
        last_used: Moment::seen(session.last_used_at, now),
    }
}

fn app_line(realm: &RealmContext, access: &AppAccess, now: Timestamp) -> AppLine {
    let verified = access.publisher.as_ref().is_some_and(|publisher| publisher.verified_at.is_some());
    let publisher = access.publisher.as_ref().map(|publisher| publisher.name.clone());
    AppLine {
        id: access.client.id.to_string(),
        app: App::named(&access.client.name).described(Some(access.client.description.clone())).published(publisher, verified),
        scopes: access.scopes.iter().map(|name| app_scope(realm, name)).collect(),
        tenants: access.tenants.iter().map(|tenant| tenant.name.clone()).collect(),
        since: Moment::seen(access.since, now),
        last_used: access.last_used_at.map(|at| Moment::seen(at, now)),
    }
}

/// A scope with the title that the platform gave it.
pub(super) fn app_scope(realm: &RealmContext, name: &str) -> AppScope {
    let known = realm.snapshot.scopes.iter().find(|scope| scope.name == name);
    AppScope::new(name, known.map_or(name, |scope| scope.title.as_str()))
}
