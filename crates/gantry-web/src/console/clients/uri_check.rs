//! Whether a redirect URI can be registered, and why not: as an answer while one is typed, and beside a form's field.

use actix_web::HttpResponse;
use gantry_core::client::ClientKind;
use gantry_core::failure::Fault;
use gantry_core::redirect_uri::UnregistrableUri;
use gantry_identity::permission::{self, Action};
use gantry_oauth::clients::check_redirect_uri;
use serde::Serialize;

use crate::console::context::{Answer, Console};

/// What the hint while typing says: nothing, where the URI can be registered.
#[derive(Serialize)]
struct Verdict {
    problem: Option<String>,
}

/// Answers for the URI in `uri` and the kind in `kind`. Changes nothing, and remembers nothing.
pub(super) async fn answer(console: Console) -> Answer {
    permission::check(console.actor, Action::ReadClients, console.realm.realm.id)?;
    let query = console.query()?;
    let kind = query.get("kind").and_then(ClientKind::parse).unwrap_or(ClientKind::Confidential);
    let problem = check_redirect_uri(query.get("uri").unwrap_or_default().trim(), kind).err();
    let problem = problem.map(|problem| words(&console, problem)).transpose()?;
    Ok(HttpResponse::Ok().insert_header(("cache-control", "no-store")).json(Verdict { problem }))
}

/// The reason in the admin's language.
pub(super) fn words(console: &Console, problem: UnregistrableUri) -> Result<String, Fault> {
    let key = match problem {
        UnregistrableUri::NotAbsolute => "clients-uri-not-absolute",
        UnregistrableUri::Fragment => "clients-uri-fragment",
        UnregistrableUri::UserInfo => "clients-uri-user-info",
        UnregistrableUri::Pattern => "clients-uri-pattern",
        UnregistrableUri::PlainHttp => "clients-uri-plain-http",
        UnregistrableUri::Scheme => "clients-uri-scheme",
        UnregistrableUri::Spelling => "clients-uri-spelling",
        UnregistrableUri::TooLong => "clients-uri-too-long",
    };
    console.words(key)
}
