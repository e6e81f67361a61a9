//! Keys beside OAuth: App Keys, personal tokens, and what APIs and gateways learn of all kinds of credential.

mod forward_auth;
mod gateway;
mod introspection;
mod making;
mod page;
mod standing;
mod tenants;

use std::sync::Arc;

use gantry_core::actor::Actor;
use gantry_core::app_key::AppKey;
use gantry_core::audit::Origin;
use gantry_core::clock::{Clock as _, Timestamp};
use gantry_core::failure::Failure;
use gantry_core::personal_token::PersonalToken;
use gantry_core::scope_set::ScopeSet;
use gantry_core::secret::SecretKind;
use gantry_core::session::Session;
use gantry_oauth::app_keys::{self, AppKeySettings};
use gantry_oauth::personal_tokens::{MadeMail, NewPersonalToken, PersonalTokens, Unfit};
use gantry_store::RealmTx;
use reqwest::Method;

use crate::support::{Answer, Gantry, Person};

/// The header of the sample realm's App Keys.
const HEADER: &str = "X-Sample-Key";

/// The API of most scopes.
const API: &str = "https://api.example.test";

/// Makes an App Key, as an admin does.
pub(crate) async fn app_key(gantry: &Gantry, client_id: &str, scopes: &str, expires_at: Option<Timestamp>) -> (AppKey, String) {
    let realm = gantry.realm_id().await;
    let client = gantry.store.read(realm).clients().find_by_client_id(client_id).await.unwrap().unwrap();
    let name = format!("Key {}", SecretKind::Browser.generate().last_four());
    let settings = AppKeySettings { name, scopes: ScopeSet::parse(scopes).unwrap(), expires_at };
    let now = gantry.clock.now();
    let make = async |tx: &RealmTx| app_keys::make(tx, Actor::CommandLine, client.id, settings.clone(), now).await;
    let (key, text) = gantry.store.transact(realm, make).await.unwrap();
    (key, text.expose().to_owned())
}

/// Revokes an App Key, as an admin does.
pub(crate) async fn revoke(gantry: &Gantry, key: &AppKey) {
    let now = gantry.clock.now();
    let end = async |tx: &RealmTx| app_keys::revoke(tx, Actor::CommandLine, key.client_id, key.id, now).await;
    gantry.store.transact(gantry.realm_id().await, end).await.unwrap();
}

/// The rules about personal tokens, for what a test does without a page.
fn personal_tokens(gantry: &Gantry) -> PersonalTokens {
    PersonalTokens::new(gantry.store.clone(), Arc::clone(&gantry.clock) as _)
}

/// Asks for a personal token, as its owner does on the page.
async fn ask_for_token(gantry: &Gantry, person: Person, scopes: &str, org_id: Option<&str>) -> Result<(PersonalToken, String), Vec<Unfit>> {
    let session = gantry.session(person).await;
    let tenant = match org_id {
        Some(org_id) => Some(gantry.store.read(session.realm_id).tenants().find_by_org_id(org_id).await.unwrap().unwrap().id),
        None => None,
    };
    let name = format!("Script {}", SecretKind::Browser.generate().last_four());
    let new = NewPersonalToken { name, scopes: ScopeSet::parse(scopes).unwrap(), days: 30, tenant };
    ask_in(gantry, &session, new).await.unwrap()
}

/// Asks for a personal token in a session.
async fn ask_in(gantry: &Gantry, session: &Session, new: NewPersonalToken) -> Result<Result<(PersonalToken, String), Vec<Unfit>>, Failure> {
    let realm = gantry.store.snapshots().realm(session.realm_id).await.unwrap().unwrap();
    let mail = MadeMail { locale: "en", tokens: "https://id.example.test/account/tokens" };
    let made = personal_tokens(gantry).make(&realm, session, new, mail, &Origin::default()).await?;
    Ok(made.map(|(token, text)| (token, text.expose().to_owned())))
}

/// Makes a personal token that is for no organization.
pub(crate) async fn personal_token(gantry: &Gantry, person: Person, scopes: &str) -> (PersonalToken, String) {
    ask_for_token(gantry, person, scopes, None).await.unwrap()
}

/// Asks what a gateway asks: by this method, with this query and these headers.
async fn ask(gantry: &Gantry, method: Method, query: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = gantry.http.request(method, gantry.url(&format!("/oauth/forward-auth{query}")));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    Answer::of(request.send().await.unwrap()).await
}

/// The header of a bearer.
fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}
