//! The checks of an authorization request, in the order in which they are made.
//!
//! One file each. A check reads its parameters and the client's rights, and returns what it found
//! or a refusal; it never decides how a refusal travels. That is decided here alone, by the place
//! in the list: until the client, its redirect URI and `state` are known good a refusal is a page,
//! afterwards it goes to the client (RFC 6749 §4.1.2.1, attack catalogue §0).

mod acr_values;
mod claims;
mod client;
mod connection_hint;
mod display;
mod grant_type;
mod id_token_hint;
mod login_hint;
mod max_age;
mod org_id;
mod pkce;
mod prompt;
mod redirect_uri;
mod request_object;
mod resource;
mod response_mode;
mod response_type;
mod scope;
mod size;
mod state;
mod ui_locales;

pub use prompt::offered as prompts_offered;
pub use response_type::OFFERED as RESPONSE_TYPES;

use std::sync::Arc;

use gantry_core::authorization_request::AuthorizationParameters;
use gantry_core::client::Client;
use gantry_core::clock::Timestamp;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::parameters::Parameters;
use gantry_core::response_mode::ResponseMode;
use gantry_store::Store;
use gantry_store::snapshot::{ClientSnapshot, RealmSnapshot};

use crate::id_token_hint::Hint;

/// What the checks judge.
pub(super) struct Asked<'a> {
    pub(super) realm: &'a RealmSnapshot,
    pub(super) client: &'a Client,
    pub(super) parameters: &'a Parameters,
    /// Verified before the list: it needs the realm's keys.
    pub(super) hint: &'a Hint,
    pub(super) now: Timestamp,
}

/// Who asks and where the answer goes: everything that an error needs to travel.
#[derive(Debug)]
pub(super) struct Destination {
    pub(super) client: Arc<ClientSnapshot>,
    pub(super) redirect_uri: String,
    pub(super) state: Option<String>,
}

/// The checks whose refusal is a page.
pub(super) async fn destination(store: &Store, realm: &RealmSnapshot, parameters: &Parameters) -> Result<Destination, Failure> {
    let client = client::check(store, realm, parameters).await?;
    let redirect_uri = redirect_uri::check(&client.client, parameters)?;
    // Before anything that may be redirected: an error goes out with `state` or not at all.
    let state = state::check_form(parameters)?;
    Ok(Destination { client, redirect_uri, state })
}

/// The refusal for a client that does not work, whatever the reason.
pub(super) const fn unknown_client() -> Refusal {
    client::unknown()
}

/// Whether what was checked before still holds for the client as it is now.
pub(super) fn still_holds(client: &Client, asked: &AuthorizationParameters) -> bool {
    (asked.console_test || redirect_uri::is_registered(client, &asked.redirect_uri)) && asked.scopes.is_subset_of(&client.scopes)
}

/// How the answer travels. Its own refusal travels in the query, the default.
pub(super) fn response_mode(parameters: &Parameters) -> Result<ResponseMode, Refusal> {
    response_mode::check(parameters)
}

/// The checks whose refusal goes to the client.
pub(super) fn demands(asked: &Asked<'_>, destination: &Destination, mode: ResponseMode) -> Result<AuthorizationParameters, Refusal> {
    size::check(asked.parameters)?;
    // Before the parameters are read: one inside a request object must not be half-read.
    request_object::check(asked.parameters)?;
    response_type::check(asked.parameters)?;
    grant_type::check(asked.client)?;
    state::check_demand(asked)?;
    let code_challenge = pkce::check(asked)?;
    let prompts = prompt::check(asked)?;
    let org_id = org_id::check(asked)?;
    let max_age = max_age::check(asked.parameters)?;
    let claims = claims::check(asked.parameters)?;
    let acr = acr_values::check(asked.parameters, &claims)?;
    let expected_subject = id_token_hint::check(asked, &claims)?;
    let scopes = scope::check(asked)?;
    // After the scopes: where no API is named, theirs count.
    let audiences = resource::check(asked, &scopes)?;
    Ok(AuthorizationParameters {
        client: asked.client.id,
        redirect_uri: destination.redirect_uri.clone(),
        response_mode: mode,
        state: destination.state.clone(),
        org_id,
        connection: connection_hint::read(asked.parameters),
        domain_hint: connection_hint::read_domain(asked.parameters),
        scopes,
        audiences,
        code_challenge,
        nonce: asked.parameters.get("nonce").map(str::to_owned),
        prompts,
        max_age,
        login_hint: login_hint::read(asked.parameters),
        acr_values: acr.values,
        acr_essential: acr.essential,
        ui_locales: ui_locales::read(asked.parameters),
        display: display::read(asked.parameters),
        claims: claims.to_json(),
        expected_subject,
        pushed: None,
        console_test: false,
        received_at: asked.now,
    })
}
