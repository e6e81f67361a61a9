//! The authorization request that a sign-in page belongs to, where it belongs to one.
//!
//! Somebody who comes from a page of ours, such as the account's, has none.

use actix_web::{HttpRequest, web};
use gantry_core::failure::{Failure, Fault};
use gantry_core::parameters::Parameters;
use gantry_oauth::authorize::AuthorizeEndpoint;
use gantry_oauth::authorize::outcome::{Look, SignIn};

use crate::extract::{Arrival, RealmContext};
use crate::respond::PageAnswer;
use crate::{flow, paths};

/// What a page knows of its request.
#[derive(Debug, Default)]
pub(super) struct Pending {
    /// What its forms carry as `request`.
    pub(super) request: Option<String>,
    /// The app's name.
    pub(super) app: Option<String>,
    /// What the field for the address begins with.
    pub(super) username: Option<String>,
    look: Look,
}

impl Pending {
    /// Looks a request up and changes nothing: for pages.
    pub(super) async fn show(request: &HttpRequest, sent: &Parameters) -> Result<Self, Failure> {
        let Some(value) = sent.get("request") else { return Ok(Self::default()) };
        let (sign_in, look) = endpoint(request)?.sign_in(&Arrival::of(request).await?.visit(), value).await?;
        Ok(Self::of(sign_in, look))
    }

    /// Keeps a request, since the person acts on it: for forms.
    pub(super) async fn keep(request: &HttpRequest, sent: &Parameters) -> Result<Self, Failure> {
        let Some(value) = sent.get("request") else { return Ok(Self::default()) };
        let adopted = endpoint(request)?.adopt(&Arrival::of(request).await?.visit(), value).await?;
        let asked = &adopted.request.parameters;
        Ok(Self {
            request: Some(adopted.request.id.to_string()),
            app: Some(adopted.app),
            username: asked.login_hint.clone(),
            look: Look::of(asked),
        })
    }

    /// A request that a mailed link remembers, if this browser may still go on with it.
    pub(super) async fn resumable(request: &HttpRequest, resume: Option<String>) -> Self {
        let Some(value) = resume else { return Self::default() };
        let found = async { endpoint(request)?.sign_in(&Arrival::of(request).await?.visit(), &value).await };
        found.await.map(|(sign_in, look)| Self::of(sign_in, look)).unwrap_or_default()
    }

    /// What the dispatcher knows of a request.
    pub(super) fn of(sign_in: SignIn, look: Look) -> Self {
        Self { request: Some(sign_in.request), app: Some(sign_in.app), username: sign_in.username, look }
    }

    /// The path of another page for the same request; none if no link can carry that.
    pub(super) fn link(&self, realm: &RealmContext, path: &str) -> Option<String> {
        let carried = self.request.as_deref().is_none_or(flow::linkable);
        carried.then(|| flow::within(realm, path, self.request.as_deref()))
    }

    /// The path of another page, for the same request where a link can carry that.
    pub(super) fn path(&self, realm: &RealmContext, path: &str) -> String {
        self.link(realm, path).unwrap_or_else(|| realm.path(path))
    }

    /// Where a person goes who has signed in.
    pub(super) fn next(&self, realm: &RealmContext) -> String {
        self.path(realm, if self.request.is_some() { paths::CONTINUE } else { paths::ACCOUNT })
    }

    /// An answer that looks as the app asked.
    pub(super) fn answer<'r>(&self, request: &'r HttpRequest) -> PageAnswer<'r> {
        PageAnswer::looking(request, &self.look)
    }

    /// The languages that the app asked for, as `locale_of` takes them.
    pub(super) fn ui_locales(&self) -> Option<String> {
        (!self.look.ui_locales.is_empty()).then(|| self.look.ui_locales.join(" "))
    }
}

fn endpoint(request: &HttpRequest) -> Result<&AuthorizeEndpoint, Fault> {
    let wired = request.app_data::<web::Data<AuthorizeEndpoint>>();
    wired.map(web::Data::get_ref).ok_or_else(|| Fault::new("the authorization endpoint is not wired"))
}
