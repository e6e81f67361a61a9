//! What the app's developers wrote down about one platform: its guide, and what they registered there.
//!
//! Owns nothing else; a real app has this in its settings.

use gantry_core::secret::Secret;

use crate::guide::Guide;
use crate::realm::{SampleRealm, SampleTenant};

/// A platform and this app's registration there.
#[derive(Debug)]
pub(crate) struct Platform {
    pub(super) guide: &'static Guide,
    pub(super) base: String,
    pub(super) authorize: String,
    pub(super) token: String,
    pub(super) client_id: String,
    pub(super) client_secret: Secret,
    pub(super) redirect_uri: String,
    pub(super) audience: String,
    /// Where the API is.
    pub(super) api: String,
    /// An App Key and the header that carries it, where the platform has them.
    pub(super) app_key: Option<(String, Secret)>,
    /// Whether people make tokens for themselves there.
    pub(super) developer_tokens: bool,
    /// Customers of the platform that this app has heard of.
    pub(super) organizations: Vec<SampleTenant>,
}

impl Platform {
    pub(crate) fn of(realm: &SampleRealm, redirect_uri: String, api: String) -> Self {
        Self {
            guide: realm.guide,
            base: realm.base.clone(),
            authorize: realm.authorization_endpoint(),
            token: realm.token_endpoint(),
            client_id: realm.app.client_id.clone(),
            client_secret: realm.app.secret.clone(),
            redirect_uri,
            audience: realm.audience.clone(),
            api,
            app_key: realm.app_key.clone(),
            developer_tokens: realm.developer_tokens,
            organizations: realm.tenants.clone(),
        }
    }

    /// Its name.
    pub(super) fn name(&self) -> &'static str {
        self.guide.platform
    }

    /// Where people see which apps have access, and end it.
    pub(super) fn account(&self) -> String {
        format!("{}{}", self.base, gantry_web::paths::ACCOUNT)
    }

    /// Where people make tokens for themselves.
    pub(super) fn own_tokens(&self) -> String {
        format!("{}{}", self.base, gantry_web::paths::ACCOUNT_TOKENS)
    }

    /// An address that an answer of the platform names, if it is one of the platform's own.
    pub(super) fn own<'u>(&self, url: Option<&'u str>) -> Option<&'u str> {
        url.filter(|url| url.strip_prefix(&self.base).is_some_and(|rest| rest.starts_with('/')))
    }

    /// Where this app shows it.
    pub(super) fn page(&self) -> String {
        format!("/{}", self.guide.word)
    }

    /// The parameters of these names, in this order. A name without a value is left out.
    pub(super) fn parameters<'v>(&'v self, names: &[&'static str], own: &[(&'static str, &'v str)]) -> Vec<(&'static str, &'v str)> {
        let registered: [(&'static str, &'v str); 6] = [
            ("response_type", "code"),
            ("client_id", &self.client_id),
            ("client_secret", self.client_secret.expose()),
            ("redirect_uri", &self.redirect_uri),
            ("audience", &self.audience),
            ("scope", self.guide.scope),
        ];
        let value = |name: &&'static str| own.iter().chain(&registered).find(|(known, _)| known == name).copied();
        names.iter().filter_map(value).collect()
    }
}
