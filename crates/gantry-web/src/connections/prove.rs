//! Proving that an account or an address is one's own, for who came back from a provider.
//!
//! What waits is named in the pages' addresses and forms; it is worth nothing in any other browser.

use actix_web::{HttpRequest, HttpResponse, web};
use gantry_core::connection::Connection;
use gantry_core::email_address::EmailAddress;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Fault, Refusal};
use gantry_core::id::PendingLinkId;
use gantry_core::parameters::Parameters;
use gantry_core::reason::Reason;
use gantry_core::secret::Secret;
use gantry_core::sign_in_attempt::AttemptPurpose;
use gantry_identity::Identity;
use gantry_identity::attempts::Refused;
use gantry_identity::routing::Way;
use gantry_identity::sign_in::proving::{Asks, MailedProof, ProofMail, Proved, Waiting};
use gantry_oauth::authorize::AuthorizeEndpoint;
use gantry_store::Store;
use gantry_views::field::{FieldError, FormField, PasswordField};
use gantry_views::page::mailed::{ProveAddress, Purpose};
use gantry_views::page::sign_in::{Address, Prove, ProvePassword};
use serde_json::json;

use super::{Letter, Trip, button, failure};
use crate::extract::{Arrival, FlowForm, QueryParameters, RealmContext, Visitor};
use crate::respond::{PageAnswer, PageFailure, locale_of, see_other};
use crate::sign_in::check_mail::{self, Mailed, Sent};
use crate::sign_in::{Pending, enter, invitation, link, wording};
use crate::{cookies, flow, paths};

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(paths::PROVE).route(web::get().to(show)).route(web::post().to(by_password)))
        .service(web::resource(paths::PROVE_MAIL).route(web::post().to(send)))
        .service(web::resource(paths::PROVE_LINK).route(web::get().to(show_link)).route(web::post().to(by_mail)))
        .service(web::resource(paths::PROVE_CANCEL).route(web::post().to(cancel)));
}

/// The page of what waits.
pub(crate) fn path(realm: &RealmContext, id: PendingLinkId) -> String {
    format!("{}?link={id}", realm.path(paths::PROVE))
}

async fn show(
    request: HttpRequest,
    realm: RealmContext,
    query: QueryParameters,
    visitor: Visitor,
    identity: web::Data<Identity>,
) -> Result<HttpResponse, PageFailure> {
    let waiting = find(&realm, &query, &visitor, &identity).await?;
    let pending = Pending::resumable(&request, waiting.request.map(|id| id.to_string())).await;
    match Shown::of(&realm, &waiting, &pending) {
        Shown::Account(page) => pending.answer(&request).render(&*page).await,
        Shown::Address(page) => pending.answer(&request).render(&*page).await,
    }
}

/// The page of what waits, by what it asks for.
enum Shown {
    Account(Box<Prove>),
    Address(Box<Address>),
}

impl Shown {
    fn of(realm: &RealmContext, waiting: &Waiting, pending: &Pending) -> Self {
        let (link, provider, app) = (waiting.id.to_string(), waiting.connection.name.clone(), pending.app.clone());
        let (mail, cancel) = (realm.path(paths::PROVE_MAIL), realm.path(paths::PROVE_CANCEL));
        match &waiting.asks {
            Asks::Account { email, password, connections, may_deny } => Self::Account(Box::new(Prove {
                link,
                provider,
                email: email.to_string(),
                app,
                password: password.then(|| ProvePassword { action: realm.path(paths::PROVE), field: PasswordField::default() }),
                providers: connections.iter().map(|connection| button(realm, &Way::of(connection))).collect(),
                mail: Some(mail),
                deny: *may_deny,
                cancel,
                problem: None,
            })),
            Asks::Address { suggested } => Self::Address(Box::new(Address {
                link,
                action: mail,
                provider,
                app,
                username: FormField::filled(suggested.as_ref().map(ToString::to_string).unwrap_or_default()),
                named: suggested.is_some(),
                cancel,
                problem: None,
            })),
        }
    }
}

async fn find(realm: &RealmContext, sent: &Parameters, visitor: &Visitor, identity: &Identity) -> Result<Waiting, Failure> {
    let id: Option<PendingLinkId> = sent.get("link").and_then(|text| text.parse().ok());
    let waiting = match id {
        Some(id) => identity.waiting_link(realm.realm(), id, visitor.browser().digest()).await?,
        None => None,
    };
    Ok(waiting.ok_or_else(over)?)
}

fn over() -> Refusal {
    Refusal::new(ErrorCode::InvalidRequest, "nothing waits for a proof in this browser").reason(Reason::FlowExpired)
}

/// A button of something that the account is linked to already.
pub(super) async fn depart(
    request: &HttpRequest,
    realm: &RealmContext,
    connection: Connection,
    link: Option<PendingLinkId>,
) -> Result<HttpResponse, PageFailure> {
    let (visitor, identity) = (Visitor::of(request).await?, data::<Identity>(request)?);
    let waiting = match link {
        Some(id) => identity.waiting_link(realm.realm(), id, visitor.browser().digest()).await?,
        None => None,
    };
    let waiting = waiting.ok_or_else(over)?;
    let row = match waiting.request {
        Some(id) => data::<AuthorizeEndpoint>(request)?.adopt(&Arrival::of(request).await?.visit(), &id.to_string()).await.ok(),
        None => None,
    };
    let trip = Trip {
        connection,
        purpose: AttemptPurpose::Prove { link: waiting.id },
        request: row.as_ref().map(|adopted| &adopted.request),
        tenant: None,
        remember: false,
        typed: None,
        route: json!({ "rule": "proof", "because": "the person proves an account that is linked to this connection" }),
        refused: None,
    };
    super::depart(request, realm, trip).await
}

async fn by_password(
    request: HttpRequest,
    realm: RealmContext,
    form: FlowForm,
    visitor: Visitor,
    identity: web::Data<Identity>,
) -> Result<HttpResponse, PageFailure> {
    let waiting = find(&realm, &form, &visitor, &identity).await?;
    let pending = Pending::resumable(&request, waiting.request.map(|id| id.to_string())).await;
    let password = form.secret("password").unwrap_or_else(|| Secret::new(""));
    let letter = Letter::to(&request, &realm)?;
    let proved = identity.prove_with_password(realm.realm(), waiting.id, &password, letter.notice(), &visitor.visit()).await?;
    let Shown::Account(mut page) = Shown::of(&realm, &waiting, &pending) else { return Err(over().into()) };
    let mut answer = pending.answer(&request).with_errors();
    match proved {
        Proved::Wrong => {
            let wrong = PasswordField::wrong(FieldError::PasswordWrong);
            page.password = page.password.map(|form| ProvePassword { field: wrong, ..form });
        }
        Proved::Throttled { wait } => {
            page.problem = Some(wording::too_many(wait));
            answer = answer.throttled(wait);
        }
        done @ (Proved::SignedIn { .. } | Proved::Dead | Proved::Refused { .. }) => {
            return finish(&request, &realm, &visitor, waiting, done).await;
        }
    }
    answer.render(&*page).await
}

async fn send(
    request: HttpRequest,
    realm: RealmContext,
    form: FlowForm,
    visitor: Visitor,
    identity: web::Data<Identity>,
    store: web::Data<Store>,
) -> Result<HttpResponse, PageFailure> {
    let waiting = find(&realm, &form, &visitor, &identity).await?;
    let pending = Pending::resumable(&request, waiting.request.map(|id| id.to_string())).await;
    let email = match &waiting.asks {
        Asks::Account { email, .. } => email.clone(),
        Asks::Address { .. } => {
            let typed = form.get("username").unwrap_or_default();
            let Ok(email) = EmailAddress::parse(typed) else {
                let Shown::Address(mut page) = Shown::of(&realm, &waiting, &pending) else { return Err(over().into()) };
                page.username = FormField::wrong(typed, wording::no_address(typed));
                return pending.answer(&request).with_errors().render(&*page).await;
            };
            email
        }
    };
    let locale = locale_of(&request, &realm, pending.ui_locales().as_deref())?;
    let mail = ProofMail { locale, link_to: &link::link_to(&realm, paths::PROVE_LINK) };
    if !identity.mail_proof(realm.realm(), waiting.id, Some(&email), mail, &visitor.visit()).await? {
        return Err(over().into());
    }
    let sent = Sent { email, mailed: Mailed::Proof(waiting.id), request: pending.request };
    check_mail::redirect(&store, &realm, visitor.browser(), &sent)
}

async fn show_link(
    request: HttpRequest,
    realm: RealmContext,
    query: QueryParameters,
    visitor: Visitor,
    identity: web::Data<Identity>,
) -> Result<HttpResponse, PageFailure> {
    let token = link::token(&query);
    match identity.mailed_proof(realm.realm(), &token, visitor.browser().digest()).await? {
        MailedProof::Ready { email, waiting } => {
            let page = ProveAddress {
                action: realm.path(paths::PROVE_LINK),
                token: token.expose().to_owned(),
                email: email.to_string(),
                provider: waiting.connection.name.clone(),
                there: waiting.there.clone(),
            };
            PageAnswer::to(&request).render(&page).await
        }
        MailedProof::OtherBrowser | MailedProof::Dead => link::expired(&request, &realm, Purpose::ProveAddress).await,
    }
}

async fn by_mail(
    request: HttpRequest,
    realm: RealmContext,
    form: FlowForm,
    visitor: Visitor,
    identity: web::Data<Identity>,
) -> Result<HttpResponse, PageFailure> {
    let token = link::token(&form);
    let MailedProof::Ready { waiting, .. } = identity.mailed_proof(realm.realm(), &token, visitor.browser().digest()).await? else {
        return link::expired(&request, &realm, Purpose::ProveAddress).await;
    };
    let letter = Letter::to(&request, &realm)?;
    match identity.prove_with_mail(realm.realm(), &token, letter.notice(), &visitor.visit()).await? {
        Proved::Wrong | Proved::Throttled { .. } | Proved::Dead => link::expired(&request, &realm, Purpose::ProveAddress).await,
        done @ (Proved::SignedIn { .. } | Proved::Refused { .. }) => finish(&request, &realm, &visitor, *waiting, done).await,
    }
}

/// Lets go of what waits: for another address, or for another way to sign in.
async fn cancel(
    request: HttpRequest,
    realm: RealmContext,
    form: FlowForm,
    visitor: Visitor,
    identity: web::Data<Identity>,
) -> Result<HttpResponse, PageFailure> {
    let waiting = find(&realm, &form, &visitor, &identity).await?;
    if form.get("decision") == Some("deny")
        && let Some(next) = identity.deny_account(realm.realm(), waiting.id, &visitor.visit()).await?
    {
        return Ok(see_other(&path(&realm, next)));
    }
    identity.give_up_link(realm.realm(), waiting.id, &visitor.visit()).await?;
    let pending = Pending::resumable(&request, waiting.request.map(|id| id.to_string())).await;
    Ok(see_other(&pending.path(&realm, paths::SIGN_IN)))
}

/// Goes on after a proof.
async fn finish(
    request: &HttpRequest,
    realm: &RealmContext,
    visitor: &Visitor,
    waiting: Waiting,
    proved: Proved,
) -> Result<HttpResponse, PageFailure> {
    match proved {
        Proved::SignedIn { opened, request: waited } => {
            let next = waited.map_or_else(|| invitation::home(request, realm), |id| flow::go_on(realm, &id));
            let mut response = enter(realm, visitor, &opened, &next)?;
            let used = cookies::connection(realm.realm(), waiting.connection.slug);
            response.add_cookie(&used).map_err(|error| Fault::caused("a cookie", error))?;
            Ok(response)
        }
        Proved::Refused { problem, trace, request: waited } => {
            let connection = Box::new(waiting.connection);
            let refused = Refused { problem, trace: Some(trace), connection, request: waited, purpose: Some(AttemptPurpose::SignIn) };
            failure::page(request, realm, refused).await
        }
        Proved::Wrong | Proved::Throttled { .. } | Proved::Dead => Err(over().into()),
    }
}

fn data<T: 'static>(request: &HttpRequest) -> Result<&T, Fault> {
    let wired = request.app_data::<web::Data<T>>();
    wired.map(web::Data::get_ref).ok_or_else(|| Fault::new(format!("{} is not wired", std::any::type_name::<T>())))
}
