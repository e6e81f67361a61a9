//! What would come of given claims: pasted, interpreted as the connection would, and decided on. Nobody is asked and
//! nothing is written.

use gantry_core::connection::Connection;
use gantry_core::connector_kind::ConnectorKind;
use gantry_identity::connections::trial;
use gantry_views::console::{Field, FieldKind, Form, Note, Sheet, Tone, said, say};
use serde_json::{Map, Value};

use super::super::context::{Answer, Console};
use super::super::form::ConsoleForm;
use super::trial::outcome_panels;
use super::{DRY_RUN, callback, frame, named, upstream};

pub(super) async fn show(console: Console) -> Answer {
    let connection = named(&console).await?;
    let sheet = sheet(&console, &connection, example(connection.kind).to_owned());
    console.show(sheet)
}

pub(super) async fn run(console: Console, sent: ConsoleForm) -> Answer {
    let connection = named(&console).await?;
    let typed = sent.get("claims").unwrap_or_default().to_owned();
    let Ok(claims) = serde_json::from_str::<Map<String, Value>>(&typed) else {
        let form = form(&console, &connection, typed)
            .with_problems(Some(say("connections-dry-run-no-json")), &[("claims".to_owned(), "must be a JSON object".to_owned())]);
        return console.show_wrong(frame::sheet(&console, &connection).panel(form));
    };
    let callback = callback(&console, &connection.slug);
    let outside = upstream(&console)?.outside(console.realm.realm.id, &callback);
    let came = trial::dry_run(outside, console.actor, connection.id, &claims).await?;
    let mut sheet = sheet(&console, &connection, typed);
    match came {
        Ok((_, outlook)) => {
            for panel in outcome_panels(&outlook.hops(console.now()?)) {
                sheet = sheet.panel(panel);
            }
        }
        Err(failed) => {
            let text = say("connections-dry-run-fails").with("problem", failed.problem.to_string());
            sheet = sheet.panel(Note { tone: Tone::Bad, text, action: None });
            sheet = sheet.panel(Note { tone: Tone::Plain, text: said(failed.detail), action: None });
        }
    }
    console.show(sheet)
}

fn sheet(console: &Console, connection: &Connection, claims: String) -> Sheet {
    frame::sheet(console, connection).panel(form(console, connection, claims))
}

fn form(console: &Console, connection: &Connection, claims: String) -> Form {
    let field = Field::new("claims", say("connections-dry-run-claims"), FieldKind::Code(claims)).required();
    Form::new("dry-run", DRY_RUN.of(console, connection.id), say("connections-dry-run"))
        .lead(say("connections-dry-run-lead"))
        .field(field.hint(say("connections-dry-run-hint")))
}

/// Something to begin with.
fn example(kind: ConnectorKind) -> &'static str {
    if kind == ConnectorKind::Microsoft {
        "{\n  \"iss\": \"https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0\",\n  \"tid\": \"11111111-2222-3333-4444-555555555555\",\n  \"oid\": \"aaaaaaaa-0000-4000-8000-000000000001\",\n  \"sub\": \"pairwise\",\n  \"email\": \"carol@acme.example\",\n  \"xms_edov\": true,\n  \"groups\": []\n}"
    } else if kind == ConnectorKind::Github {
        "{\n  \"id\": 1,\n  \"login\": \"carol\",\n  \"name\": \"Carol\",\n  \"email\": \"carol@acme.example\"\n}"
    } else {
        "{\n  \"sub\": \"123\",\n  \"email\": \"carol@acme.example\",\n  \"email_verified\": true,\n  \"name\": \"Carol\"\n}"
    }
}
