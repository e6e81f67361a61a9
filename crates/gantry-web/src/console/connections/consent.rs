//! The consent of a directory's administrator: the link that asks for it at Microsoft, and what came of it.
//!
//! What the browser brings back proves nothing, so nothing is written of it: it is shown, and only in the session that the link
//! was shown in, so that nobody is told of a consent by a link of somebody else's making.

use actix_web::HttpRequest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gantry_connect::connector::Registration;
use gantry_connect::provider::microsoft;
use gantry_core::connection::{Connection, ConnectionSecrets};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::failure::{Failure, Fault};
use gantry_core::realm::Realm;
use gantry_store::seal::SealContext;
use gantry_views::console::{Link, Note, Tone, say};

use super::super::context::Console;
use super::{OVERVIEW, TRIAL, callback, page_of};

/// What the `state` of such a link begins with: no attempt to sign in has one like it.
const PREFIX: &str = "consent.";

/// Whether a callback with this `state` ends a consent and not a sign-in.
pub(crate) fn is_consent(state: &str) -> bool {
    state.starts_with(PREFIX)
}

/// Where a callback that ends a consent is handed over to: the connection's page.
pub(crate) fn consented_at(request: &HttpRequest, realm: &Realm, connection: &Connection, owner: Option<&str>) -> Result<String, Fault> {
    page_of(request, realm, connection, owner, OVERVIEW)
}

/// Where a directory's administrator agrees for all its people.
pub(super) fn url(console: &Console, connection: &Connection) -> Result<Option<String>, Failure> {
    if connection.kind != ConnectorKind::Microsoft {
        return Ok(None);
    }
    let callback = callback(console, &connection.slug);
    let registration = Registration {
        connection: connection.clone(),
        secrets: ConnectionSecrets::default(),
        callback: callback.clone(),
        directories: Vec::new(),
    };
    let (id, session) = (connection.id.to_string(), console.session().id.to_string());
    let sealed = console.store()?.sealer().seal(context(&id), session.as_bytes())?;
    let state = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(sealed));
    Ok(microsoft::admin_consent_url(&registration, &callback, &state).ok().map(String::from))
}

/// What came of a consent, where this request is the way back from one that began here.
pub(super) fn outcome(console: &Console, connection: &Connection) -> Result<Option<Note>, Failure> {
    let query = console.query()?;
    let Some(sealed) = query.get("state").and_then(|state| state.strip_prefix(PREFIX)) else { return Ok(None) };
    let id = connection.id.to_string();
    let seals = console.store()?.sealer();
    let began = URL_SAFE_NO_PAD.decode(sealed).ok().and_then(|sealed| seals.open(context(&id), &sealed));
    if began.is_none_or(|session| session != console.session().id.to_string().as_bytes()) {
        return Ok(None);
    }
    if let Some(error) = query.get("error") {
        let text = say("connections-consent-refused").with("error", plain(error));
        return Ok(Some(Note { tone: Tone::Bad, text, action: None }));
    }
    let text = say("connections-consent-granted").with("directory", plain(query.get("tenant").unwrap_or_default()));
    let action = Some(Link::to(say("connections-try"), TRIAL.of(console, connection.id)));
    Ok(Some(Note { tone: Tone::Good, text, action }))
}

/// As much of a word from outside as an id or an error code needs.
fn plain(word: &str) -> String {
    word.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')).take(64).collect()
}

const fn context(connection: &str) -> SealContext<'_> {
    SealContext { purpose: "connection.consent", realm: "", row: connection }
}
