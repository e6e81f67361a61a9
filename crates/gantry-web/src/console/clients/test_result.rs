//! What a test of a client came to: what the tokens say, claim by claim.

use gantry_core::client::Client;
use gantry_core::failure::Fault;
use gantry_oauth::token::console_test::{Decoded, Ended, Tokens};
use gantry_views::console::{Code, Facts, Link, Note, Panel, Sheet, Text, Tone, Value, said, say};
use serde_json::{Map, Value as Json};

use crate::console::context::Console;
use crate::paths::console as at;

/// The page that shows it.
pub(super) fn sheet(console: &Console, client: &Client, ended: Ended) -> Result<Sheet, Fault> {
    let id = client.id.to_string();
    let path = |pattern| console.path(pattern, &[("client", &id)]);
    let mut sheet = Sheet::new(say("clients-test-result"))
        .crumb(Link::to(say("clients-title"), console.path(at::CLIENTS, &[])))
        .crumb(Link::to(said(&client.name), path(at::CLIENT)))
        .crumb(Link::to(say("clients-tab-test"), path(at::CLIENT_TEST)))
        .action(Link::primary(say("clients-test-again"), path(at::CLIENT_TEST)).icon("rotate-cw"));
    match ended {
        Ended::Tokens(tokens) => {
            note(&mut sheet, Tone::Good, say("clients-test-good"));
            show(&mut sheet, *tokens)?;
        }
        Ended::Error { error, description } => {
            note(&mut sheet, Tone::Bad, say("clients-test-error"));
            let description = description.map_or(Value::Nothing, Value::said);
            sheet = sheet.panel(
                Facts::new("error")
                    .fact(say("clients-test-error-code"), Value::Code(error))
                    .fact(say("clients-test-error-text"), description),
            );
        }
    }
    Ok(sheet)
}

fn note(sheet: &mut Sheet, tone: Tone, text: Text) {
    sheet.panels.push(Panel::Note(Note { tone, text, action: None }));
}

fn show(sheet: &mut Sheet, tokens: Tokens) -> Result<(), Fault> {
    let refresh = if tokens.refresh { Value::say("clients-test-refresh-yes") } else { Value::say("clients-test-refresh-no") };
    let facts = Facts::new("answer")
        .title(say("clients-test-answer"))
        .fact(say("clients-scopes"), Value::tags(tokens.scopes.iter()))
        .fact(say("clients-access-lifetime"), Value::Text(say("clients-seconds").with("count", u64::from(tokens.expires_in))))
        .fact(say("clients-test-refresh"), refresh);
    sheet.panels.push(facts.into());
    match tokens.access {
        Some(token) => token_panels(sheet, "access", say("clients-test-access"), &token)?,
        None => note(sheet, Tone::Plain, say("clients-test-opaque")),
    }
    if let Some(token) = tokens.id_token {
        token_panels(sheet, "id-token", say("clients-test-id-token"), &token)?;
    }
    if let Some(told) = tokens.userinfo {
        let mut facts = Facts::new("userinfo").title(say("clients-test-userinfo"));
        for (name, value) in &told {
            facts = facts.fact(said(name), Value::said(short(value)));
        }
        sheet.panels.push(facts.fact(said("sub"), Value::say("clients-claim-sub")).into());
    }
    Ok(())
}

/// One token: each claim with what it means, and the whole as it travels.
fn token_panels(sheet: &mut Sheet, id: &'static str, title: Text, token: &Decoded) -> Result<(), Fault> {
    let mut facts = Facts::new(id).title(title);
    for (name, value) in &token.claims {
        facts = facts.fact(said(name), Value::Two(said(short(value)), meaning(name)));
    }
    sheet.panels.push(facts.into());
    let mut whole = Map::new();
    whole.insert("header".to_owned(), Json::Object(token.header.clone()));
    whole.insert("claims".to_owned(), Json::Object(token.claims.clone()));
    let text = serde_json::to_string_pretty(&whole).map_err(|error| Fault::caused("claims cannot be written", error))?;
    let (id, title) =
        if id == "access" { ("access-whole", say("clients-test-access-whole")) } else { ("id-whole", say("clients-test-id-whole")) };
    sheet.panels.push(Panel::Code(Code { id, title: Some(title), lead: None, text }));
    Ok(())
}

fn short(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => value.to_string(),
    }
}

/// What a claim means, in a sentence.
fn meaning(name: &str) -> Text {
    match name {
        "iss" => say("clients-claim-iss"),
        "sub" => say("clients-claim-sub"),
        "aud" => say("clients-claim-aud"),
        "exp" => say("clients-claim-exp"),
        "iat" => say("clients-claim-iat"),
        "nbf" => say("clients-claim-nbf"),
        "jti" => say("clients-claim-jti"),
        "client_id" | "azp" => say("clients-claim-client"),
        "scope" | "scp" => say("clients-claim-scope"),
        "org_id" => say("clients-claim-org"),
        "org_name" => say("clients-claim-org-name"),
        "roles" => say("clients-claim-roles"),
        "nonce" => say("clients-claim-nonce"),
        "auth_time" => say("clients-claim-auth-time"),
        "acr" => say("clients-claim-acr"),
        "amr" => say("clients-claim-amr"),
        "sid" => say("clients-claim-sid"),
        "at_hash" => say("clients-claim-at-hash"),
        "email" | "email_verified" => say("clients-claim-email"),
        "name" | "given_name" | "family_name" | "middle_name" | "nickname" | "preferred_username" | "picture" | "profile" | "website"
        | "gender" | "birthdate" | "zoneinfo" | "locale" | "updated_at" => say("clients-claim-profile"),
        "address" | "phone_number" | "phone_number_verified" => say("clients-claim-contact"),
        _ => say("clients-claim-other"),
    }
}
