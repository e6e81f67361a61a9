//! What a caller sends to an API: an access token, an App Key or a personal token.
//!
//! Owns how each is recognised, whether it still stands with everything that it stands on, and what
//! it may do now. Whatever can be switched off is read at each use, so nothing outlives its end on
//! any node. Never decides who may be told; `introspection` and `forward_auth` do.

use std::sync::Arc;

use gantry_core::app_key::AppKey;
use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::personal_token::PersonalToken;
use gantry_core::scope_set::ScopeSet;
use gantry_core::secret::{Digest, SecretKind};
use gantry_core::tenant::Tenant;
use gantry_core::user::User;
use gantry_store::Store;
use gantry_store::audit_sink::{AuditSink, UsedCredential};
use gantry_store::snapshot::ClientSnapshot;
use serde::Serialize;

use crate::client_request::ServedRealm;
use crate::token::access_token::{AccessTokens, Behind, Handle};
use crate::token::policy::scopes_in;
use crate::use_log::UseLog;
use crate::{app_keys, audience, personal_tokens};

/// The kinds of credential that introspection tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CredentialKind {
    /// A token of an app, readable or not.
    AccessToken,
    /// An app's own key.
    AppKey,
    /// A person's own token.
    PersonalToken,
    /// What an app gets its next token with.
    RefreshToken,
}

impl CredentialKind {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccessToken => "access_token",
            Self::AppKey => "app_key",
            Self::PersonalToken => "personal_token",
            Self::RefreshToken => "refresh_token",
        }
    }
}

/// A credential that stands now.
#[derive(Debug, Clone)]
pub struct Credential {
    /// What it is.
    pub kind: CredentialKind,
    /// The app that sends it; none for a personal token.
    pub client: Option<Arc<ClientSnapshot>>,
    /// The person whom it speaks for; none where an app speaks for itself.
    pub user: Option<User>,
    /// The tenant that it is for.
    pub tenant: Option<Tenant>,
    /// What it may do.
    pub scopes: ScopeSet,
    /// The APIs that it is for.
    pub audiences: Vec<String>,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When it expires, if it does.
    pub expires_at: Option<Timestamp>,
    /// The name under which logs may know it; never a secret.
    pub id: Option<String>,
    used: Option<(UsedCredential, Option<Timestamp>)>,
}

impl Credential {
    /// Whom it speaks for: a person's id, or the app's `client_id`.
    pub fn subject(&self) -> String {
        match (&self.user, &self.client) {
            (Some(user), _) => user.id.to_string(),
            (None, Some(client)) => client.client.client_id.clone(),
            (None, None) => String::new(),
        }
    }

    /// The app's name on the wire.
    pub fn client_id(&self) -> Option<&str> {
        self.client.as_ref().map(|client| client.client.client_id.as_str())
    }
}

/// Finds credentials and says whether they stand. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Credentials {
    store: Store,
    tokens: AccessTokens,
    uses: UseLog,
}

impl Credentials {
    /// Over these.
    pub fn new(store: Store, tokens: AccessTokens, audit: AuditSink) -> Self {
        Self { store, tokens, uses: UseLog::new(audit) }
    }

    /// Whatever this is, if it stands.
    pub async fn find(&self, realm: ServedRealm<'_>, text: &str, now: Timestamp) -> Result<Option<Credential>, Fault> {
        if SecretKind::AppKey.unwrap(text).is_none()
            && let Some(found) = self.find_bearer(realm, text, now).await?
        {
            return Ok(Some(found));
        }
        self.find_app_key(realm, text, now).await
    }

    /// What is sent as `Authorization: Bearer`: an access token or a personal one.
    pub async fn find_bearer(&self, realm: ServedRealm<'_>, text: &str, now: Timestamp) -> Result<Option<Credential>, Fault> {
        if SecretKind::PersonalToken.unwrap(text).is_some() {
            return self.personal_token(realm, text, now).await;
        }
        self.access_token(realm, text, now).await
    }

    /// An App Key. A brought one can have any form, so it is looked up by its digest alone.
    pub async fn find_app_key(&self, realm: ServedRealm<'_>, text: &str, now: Timestamp) -> Result<Option<Credential>, Fault> {
        let found = self.store.read(realm.id()).app_keys().find(Digest::of(text.as_bytes())).await?;
        let Some(key) = found.filter(|key| key.is_live(now)) else { return Ok(None) };
        let client = self.store.snapshots().client_by_key(realm.id(), key.client_id).await?;
        Ok(client.and_then(|client| of_app_key(realm, &key, client)))
    }

    /// Notes that a credential was used, to the hour and after the answer.
    pub fn note_use(&self, realm: ServedRealm<'_>, credential: &Credential, now: Timestamp) {
        if let Some((used, last)) = credential.used {
            self.uses.note(realm.id(), used, last, now);
        }
    }

    async fn access_token(&self, realm: ServedRealm<'_>, text: &str, now: Timestamp) -> Result<Option<Credential>, Fault> {
        let Some(found) = self.tokens.find(realm, text, now).await? else { return Ok(None) };
        let Ok(Behind { holder, tenant }) = self.tokens.standing(realm, &found, now).await? else { return Ok(None) };
        // No more than client and tenant would give it today.
        let held = found.scopes.intersection(&found.client.client.scopes);
        let scopes = scopes_in(realm.snapshot, &held, tenant.as_ref());
        Ok(Some(Credential {
            kind: CredentialKind::AccessToken,
            client: Some(found.client),
            user: holder.map(|holder| holder.user),
            tenant: tenant.map(|held| held.tenant),
            scopes,
            audiences: found.audiences,
            issued_at: found.issued_at,
            expires_at: Some(found.expires_at),
            id: match found.handle {
                Handle::Jti(jti) => Some(jti),
                Handle::Digest(_) => None,
            },
            used: None,
        }))
    }

    async fn personal_token(&self, realm: ServedRealm<'_>, text: &str, now: Timestamp) -> Result<Option<Credential>, Fault> {
        let tx = self.store.read(realm.id());
        let found = tx.personal_tokens().find(Digest::of(text.as_bytes())).await?;
        let lives = |token: &PersonalToken| token.expires_at > now && realm.realm().stands_since(token.created_at);
        let Some(token) = found.filter(lives) else { return Ok(None) };
        match personal_tokens::stands(&tx, realm.snapshot, &token).await? {
            Ok(standing) => Ok(of_personal_token(realm, &token, standing)),
            Err(fallen) => {
                tracing::debug!(token = %token.id, reason = fallen.0, "a personal token has fallen");
                Ok(None)
            }
        }
    }
}

fn of_app_key(realm: ServedRealm<'_>, key: &AppKey, client: Arc<ClientSnapshot>) -> Option<Credential> {
    let scopes = app_keys::scopes_of(&realm.snapshot.scopes, &client.client, key);
    // A key that has lost all that it could do is no key.
    if !client.client.is_enabled() || scopes.is_empty() {
        return None;
    }
    Some(Credential {
        kind: CredentialKind::AppKey,
        client: Some(client),
        user: None,
        tenant: None,
        audiences: audience::of_scopes(realm.snapshot, &scopes),
        scopes,
        issued_at: key.created_at,
        expires_at: key.expires_at,
        id: Some(key.id.to_string()),
        used: Some((UsedCredential::AppKey(key.id), key.last_used_at)),
    })
}

fn of_personal_token(realm: ServedRealm<'_>, token: &PersonalToken, standing: personal_tokens::Standing) -> Option<Credential> {
    let personal_tokens::Standing { user, tenant, scopes } = standing;
    (!scopes.is_empty()).then(|| Credential {
        kind: CredentialKind::PersonalToken,
        client: None,
        user: Some(user),
        tenant,
        audiences: audience::of_scopes(realm.snapshot, &scopes),
        scopes,
        issued_at: token.created_at,
        expires_at: Some(token.expires_at),
        id: Some(token.id.to_string()),
        used: Some((UsedCredential::PersonalToken(token.id), token.last_used_at)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use gantry_core::address::PublicUrl;
    use gantry_core::client::ClientKind;

    #[test]
    fn a_key_is_worth_what_its_client_is() {
        let snapshot = samples::realm();
        let address = PublicUrl::parse("https://id.example").unwrap().address_of(&snapshot.realm);
        let realm = ServedRealm { snapshot: &snapshot, address: &address };
        let client = samples::client(ClientKind::Machine);
        let (key, _) = samples::app_key(&client);
        let with = |change: fn(&mut gantry_core::client::Client)| {
            let mut client = client.clone();
            change(&mut client);
            Arc::new(ClientSnapshot { client, secrets: Vec::new(), publisher: None })
        };
        let found = of_app_key(realm, &key, with(|_| {})).unwrap();
        assert_eq!((found.subject().as_str(), found.client_id()), ("app", Some("app")));
        assert_eq!((found.scopes.to_string().as_str(), &*found.audiences), ("read", &["https://api.example".to_owned()][..]));
        assert!(of_app_key(realm, &key, with(|client| client.disabled_at = Some(samples::NOW))).is_none());
        assert!(of_app_key(realm, &key, with(|client| client.scopes = ScopeSet::default())).is_none());
    }

    #[test]
    fn kinds_are_spelt_alike_everywhere() {
        for kind in [CredentialKind::AccessToken, CredentialKind::AppKey, CredentialKind::PersonalToken, CredentialKind::RefreshToken] {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
    }
}
