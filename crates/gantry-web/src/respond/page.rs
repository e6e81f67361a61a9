//! Answers to people: pages with the realm's face, in their language.

use std::fmt;
use std::time::Duration;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, ResponseError, web};
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Fault, Refusal};
use gantry_core::realm::Branding;
use gantry_core::sign_in_trace::SignInProblem;
use gantry_core::tenant::TenantBranding;
use gantry_oauth::authorize::outcome::Look;
use gantry_views::chrome::{Display, Notice, Person};
use gantry_views::page::error::{ErrorPage, LinkKind, Problem};
use gantry_views::{Chrome, Page, Views};

use super::problem::status_of;
use super::problem_of;
use crate::csrf::Csrf;
use crate::extract::{Browser, CurrentSession, RealmContext, RequestId};
use crate::{cookies, paths};

/// A page in the making: what a handler may say about how it is shown.
#[derive(Debug)]
pub struct PageAnswer<'r> {
    request: &'r HttpRequest,
    status: StatusCode,
    retry_after: Option<u64>,
    ui_locales: Option<String>,
    display: Display,
    tenant: Option<TenantBranding>,
}

impl<'r> PageAnswer<'r> {
    /// An answer to a request.
    pub const fn to(request: &'r HttpRequest) -> Self {
        Self { request, status: StatusCode::OK, retry_after: None, ui_locales: None, display: Display::Page, tenant: None }
    }

    /// An answer to a request within a flow, as its client wants it to look.
    pub fn looking(request: &'r HttpRequest, look: &Look) -> Self {
        Self::to(request).ui_locales(&look.ui_locales).popup(look.popup)
    }

    /// For a form that comes back with errors: 422, so that nobody takes it for done.
    #[must_use]
    pub const fn with_errors(mut self) -> Self {
        self.status = StatusCode::UNPROCESSABLE_ENTITY;
        self
    }

    /// For a form that was not looked at, because there were too many like it.
    #[must_use]
    pub const fn throttled(mut self, wait: Duration) -> Self {
        self.status = StatusCode::TOO_MANY_REQUESTS;
        self.retry_after = Some(wait.as_secs());
        self
    }

    /// For a form that was not looked at, because there is too much to do.
    #[must_use]
    pub const fn busy(mut self) -> Self {
        self.status = StatusCode::SERVICE_UNAVAILABLE;
        self.retry_after = Some(5);
        self
    }

    /// For a sign-in with a provider that failed.
    #[must_use]
    pub fn refused(mut self, problem: SignInProblem) -> Self {
        self.status = status_of(problem);
        self.retry_after = (problem == SignInProblem::TooMany).then_some(60);
        self
    }

    /// For a single-use address that works no longer, or never did.
    #[must_use]
    pub const fn gone(mut self) -> Self {
        self.status = StatusCode::GONE;
        self
    }

    /// The languages that the app asked for.
    #[must_use]
    pub fn ui_locales(mut self, tags: &[String]) -> Self {
        self.ui_locales = (!tags.is_empty()).then(|| tags.join(" "));
        self
    }

    /// A small window.
    #[must_use]
    pub const fn popup(mut self, popup: bool) -> Self {
        self.display = if popup { Display::Popup } else { Display::Page };
        self
    }

    /// For the people of a tenant that is known.
    #[must_use]
    pub fn branded(mut self, tenant: Option<&TenantBranding>) -> Self {
        self.tenant = tenant.cloned();
        self
    }

    /// Renders the page with its surroundings; sets the browser cookie if it is new.
    pub async fn render<P: Page>(self, page: &P) -> Result<HttpResponse, PageFailure> {
        let realm = RealmContext::of(self.request).await?;
        let browser = Browser::of(self.request).await?;
        let session = CurrentSession::of(self.request).await?;
        let csrf = data::<Csrf>(self.request)?;
        let mut chrome = self.chrome(&realm)?;
        chrome.csrf = csrf.token(realm.id(), browser.digest(), session.signed_in().map(|signed_in| signed_in.session.id));
        chrome.person = session
            .signed_in()
            .map(|signed_in| Person { name: signed_in.user.display_name().to_owned(), email: signed_in.user.email.to_string() });
        let html = data::<Views>(self.request)?.render(&chrome, page)?;
        let mut response = html_response(self.status, html);
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        if let Some(value) = browser.to_set() {
            response.add_cookie(&cookies::browser(realm.realm(), value)).map_err(|error| Fault::caused("the browser cookie", error))?;
        }
        Ok(response)
    }

    fn chrome(&self, realm: &RealmContext) -> Result<Chrome, Fault> {
        let record = realm.realm();
        let branding = match &self.tenant {
            Some(tenant) => &tenant.over(&record.settings.branding),
            None => &record.settings.branding,
        };
        let locale = locale_of(self.request, realm, self.ui_locales.as_deref())?;
        let mut chrome = Chrome::new(&record.name, &realm.path(paths::WELCOME), branding, locale);
        let own = self.tenant.as_ref().and_then(|tenant| tenant.accent.as_deref());
        chrome.branding_css = branding.accent.is_some().then(|| colours(realm, own));
        chrome.notice = notice(self.request);
        chrome.display = self.display;
        Ok(chrome)
    }
}

/// The style sheet of the realm's colours, or of a tenant's. The address says the colour and not whose it is: otherwise it
/// would tell strangers which tenants there are.
fn colours(realm: &RealmContext, own: Option<&str>) -> String {
    let query = |accent| form_urlencoded::Serializer::new(String::new()).append_pair("accent", accent).finish();
    own.map_or_else(|| realm.path(paths::BRANDING_CSS), |accent| format!("{}?{}", realm.path(paths::BRANDING_CSS), query(accent)))
}

/// The language of a request: what the app asked for, else what the browser prefers, of those that the realm offers.
pub(crate) fn locale_of<'r>(request: &'r HttpRequest, realm: &RealmContext, ui_locales: Option<&str>) -> Result<&'r str, Fault> {
    let settings = &realm.realm().settings;
    let default = settings.authorization.default_locale.as_deref();
    Ok(data::<Views>(request)?.negotiate(ui_locales, accept_language(request), &settings.branding.locales, default))
}

pub(crate) fn data<T: 'static>(request: &HttpRequest) -> Result<&web::Data<T>, Fault> {
    request.app_data::<web::Data<T>>().ok_or_else(|| Fault::new(format!("{} is not wired", std::any::type_name::<T>())))
}

pub(crate) fn accept_language(request: &HttpRequest) -> Option<&str> {
    request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok())
}

/// The confirmation that a POST hands to the page after it, as a name from a closed list.
fn notice(request: &HttpRequest) -> Option<Notice> {
    request.query_string().split('&').find_map(|pair| pair.strip_prefix("notice=")).and_then(Notice::named)
}

pub(crate) fn html_response(status: StatusCode, html: String) -> HttpResponse {
    HttpResponse::build(status).content_type("text/html; charset=utf-8").insert_header((header::CACHE_CONTROL, "no-store")).body(html)
}

/// A failure that is answered with a page. The page itself is rendered by the edge, which has the
/// request that actix does not give to errors.
#[derive(Debug)]
pub struct PageFailure(Box<Unshown>);

/// What the page is made of. In a box of its own: it is far larger than what goes well.
#[derive(Debug)]
struct Unshown {
    failure: Failure,
    link: Option<(LinkKind, String)>,
    away: Option<String>,
}

impl PageFailure {
    /// Nothing to show: the person has to go elsewhere first, by GET. The location is ours.
    pub(crate) fn away(location: String) -> Self {
        let failure = Refusal::new(ErrorCode::LoginRequired, "the person has to go elsewhere first").into();
        Self(Box::new(Unshown { failure, link: None, away: Some(location) }))
    }

    /// Adds a way on.
    #[must_use]
    pub fn linked(mut self, kind: LinkKind, href: impl Into<String>) -> Self {
        self.0.link = Some((kind, href.into()));
        self
    }
}

impl<F: Into<Failure>> From<F> for PageFailure {
    fn from(failure: F) -> Self {
        Self(Box::new(Unshown { failure: failure.into(), link: None, away: None }))
    }
}

impl fmt::Display for PageFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0.failure, f)
    }
}

/// What the edge needs to render the error page.
#[derive(Debug, Clone)]
pub(crate) struct PendingErrorPage {
    pub(crate) problem: Problem,
    pub(crate) explained: Option<(&'static str, String)>,
    pub(crate) link: Option<(LinkKind, String)>,
}

impl ResponseError for PageFailure {
    fn status_code(&self) -> StatusCode {
        if self.0.away.is_some() {
            return StatusCode::SEE_OTHER;
        }
        let code = match &self.0.failure {
            Failure::Refused(refusal) => refusal.code,
            Failure::Broken(fault) if fault.is_unavailable() => ErrorCode::TemporarilyUnavailable,
            Failure::Broken(_) => ErrorCode::ServerError,
        };
        StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        if let Some(location) = &self.0.away {
            return super::see_other(location);
        }
        log(&self.0.failure);
        let explained = match &self.0.failure {
            Failure::Refused(refusal) => Some((refusal.code.wire_name(), refusal.description.to_owned())),
            Failure::Broken(_) => None,
        };
        let mut response = HttpResponse::build(self.status_code()).finish();
        let pending = PendingErrorPage { problem: problem_of(&self.0.failure), explained, link: self.0.link.clone() };
        response.extensions_mut().insert(pending);
        response
    }
}

/// Tells the log of a failure, once.
pub(crate) fn log(failure: &Failure) {
    match failure {
        Failure::Refused(refusal) => {
            tracing::info!(
                code = refusal.code.wire_name(),
                description = refusal.description,
                detail = refusal.detail.as_deref(),
                "refused"
            );
        }
        Failure::Broken(fault) => tracing::error!(fault = %fault, "broken"),
    }
}

/// Renders the error page. Never fails: where even the realm cannot be had, it shows a bare page.
pub(crate) async fn error_page(request: &HttpRequest, status: StatusCode, pending: PendingErrorPage) -> HttpResponse {
    let trace = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let mut page = ErrorPage::new(pending.problem, trace);
    if let Some((code, detail)) = pending.explained {
        page = page.explained(code, detail);
    }
    if let Some((kind, href)) = pending.link {
        page = page.linked(kind, href);
    }
    // The console's own errors look the same wherever they are about, so that none tells which realms there are.
    let realm = if paths::console::is_below(request.path()) { None } else { RealmContext::of(request).await.ok() };
    let rendered = data::<Views>(request).and_then(|views| {
        let chrome = match &realm {
            Some(realm) => PageAnswer::to(request).chrome(realm)?,
            None => Chrome::new("Gantry", "/", &Branding::default(), views.negotiate(None, accept_language(request), &[], None)),
        };
        views.render(&chrome, &page)
    });
    match rendered {
        Ok(html) => {
            let mut response = html_response(status, html);
            if matches!(status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) {
                response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from_static("5"));
            }
            response
        }
        Err(fault) => {
            tracing::error!(fault = %fault, "the error page is broken");
            HttpResponse::build(status).content_type("text/plain; charset=utf-8").body("Something went wrong. Please try again later.")
        }
    }
}
