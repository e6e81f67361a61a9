//! The authorization request that a sign-in page belongs to, where it belongs to one.
//!
//! Somebody who comes from a page of ours, such as the account's, has none.

use actix_web::{HttpRequest, web};
use gantry_core::authorization_request::AuthorizationRequest;
use gantry_core::failure::{Failure, Fault};
use gantry_core::parameters::Parameters;
use gantry_identity::routing::Hints;
use gantry_oauth::authorize::AuthorizeEndpoint;
use gantry_oauth::authorize::outcome::{Look, SignIn};

use super::invitation;
use crate::extract::{Arrival, RealmContext};
use crate::respond::PageAnswer;
use crate::{cookies, flow, paths};

/// What a page knows of its request.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    /// What its forms carry as `request`.
    pub(crate) request: Option<String>,
    /// The app's name.
    pub(crate) app: Option<String>,
    /// What the field for the address begins with.
    pub(crate) username: Option<String>,
    /// What is known of where the person signs in.
    pub(crate) hints: Hints,
    /// The request's row, where a form has just been sent for it.
    pub(crate) row: Option<AuthorizationRequest>,
    look: Look,
    /// Where somebody goes who has signed in for no app, where that is known.
    home: Option<String>,
}

impl Pending {
    /// Looks a request up and changes nothing: for pages.
    pub(crate) async fn show(request: &HttpRequest, sent: &Parameters) -> Result<Self, Failure> {
        let Some(value) = sent.get("request") else { return Self::default().remembering(request).await };
        let (sign_in, look) = endpoint(request)?.sign_in(&Arrival::of(request).await?.visit(), value).await?;
        Self::of(sign_in, look).remembering(request).await
    }

    /// Keeps a request, since the person acts on it: for forms.
    pub(crate) async fn keep(request: &HttpRequest, sent: &Parameters) -> Result<Self, Failure> {
        let Some(value) = sent.get("request") else { return Self::default().remembering(request).await };
        let adopted = endpoint(request)?.adopt(&Arrival::of(request).await?.visit(), value).await?;
        let asked = &adopted.request.parameters;
        Self {
            request: Some(adopted.request.id.to_string()),
            app: Some(adopted.app),
            username: asked.login_hint.clone(),
            hints: AuthorizeEndpoint::hints(&adopted.request),
            look: Look::of(asked),
            row: Some(adopted.request),
            home: None,
        }
        .remembering(request)
        .await
    }

    /// Keeps the request of a page that is answered without a form: the browser is sent on for it.
    pub(crate) async fn adopt(&mut self, request: &HttpRequest) -> Result<(), Failure> {
        let Some(value) = &self.request else { return Ok(()) };
        let adopted = endpoint(request)?.adopt(&Arrival::of(request).await?.visit(), value).await?;
        self.request = Some(adopted.request.id.to_string());
        self.row = Some(adopted.request);
        Ok(())
    }

    /// The same, with what this browser remembers.
    async fn remembering(mut self, request: &HttpRequest) -> Result<Self, Failure> {
        let realm = RealmContext::of(request).await?;
        if self.request.is_none() {
            if let Some((hints, username)) = invitation::hints(request, &realm).await? {
                (self.hints, self.username) = (hints, Some(username));
            }
            self.home = Some(invitation::home(request, &realm));
        }
        self.hints.remembered = cookies::read_text(request, &cookies::connection_name(realm.realm()));
        Ok(self)
    }

    /// A request that a mailed link remembers, if this browser may still go on with it.
    pub(crate) async fn resumable(request: &HttpRequest, resume: Option<String>) -> Self {
        let Some(value) = resume else { return Self::default() };
        let found = async { endpoint(request)?.sign_in(&Arrival::of(request).await?.visit(), &value).await };
        found.await.map(|(sign_in, look)| Self::of(sign_in, look)).unwrap_or_default()
    }

    /// What the dispatcher knows of a request, with what this browser remembers.
    pub(crate) async fn begin(request: &HttpRequest, sign_in: SignIn, look: Look) -> Result<Self, Failure> {
        Self::of(sign_in, look).remembering(request).await
    }

    /// What the dispatcher knows of a request.
    fn of(sign_in: SignIn, look: Look) -> Self {
        Self {
            request: Some(sign_in.request),
            app: Some(sign_in.app),
            username: sign_in.username,
            hints: sign_in.hints,
            row: None,
            look,
            home: None,
        }
    }

    /// The path of another page for the same request; none if no link can carry that.
    pub(crate) fn link(&self, realm: &RealmContext, path: &str) -> Option<String> {
        let carried = self.request.as_deref().is_none_or(flow::linkable);
        carried.then(|| flow::within(realm, path, self.request.as_deref()))
    }

    /// The path of another page, for the same request where a link can carry that.
    pub(crate) fn path(&self, realm: &RealmContext, path: &str) -> String {
        self.link(realm, path).unwrap_or_else(|| realm.path(path))
    }

    /// Where a person goes who has signed in.
    pub(crate) fn next(&self, realm: &RealmContext) -> String {
        match &self.home {
            Some(home) if self.request.is_none() => home.clone(),
            _ => self.path(realm, if self.request.is_some() { paths::CONTINUE } else { paths::ACCOUNT }),
        }
    }

    /// An answer that looks as the app asked.
    pub(crate) fn answer<'r>(&self, request: &'r HttpRequest) -> PageAnswer<'r> {
        PageAnswer::looking(request, &self.look)
    }

    /// The languages that the app asked for, as `locale_of` takes them.
    pub(crate) fn ui_locales(&self) -> Option<String> {
        (!self.look.ui_locales.is_empty()).then(|| self.look.ui_locales.join(" "))
    }
}

fn endpoint(request: &HttpRequest) -> Result<&AuthorizeEndpoint, Fault> {
    let wired = request.app_data::<web::Data<AuthorizeEndpoint>>();
    wired.map(web::Data::get_ref).ok_or_else(|| Fault::new("the authorization endpoint is not wired"))
}
