//! What a person allowed: apps that they let in, and tokens that they made.

use gantry_core::clock::Timestamp;
use gantry_core::id::{ClientId, GrantId, PersonalTokenId};
use gantry_core::personal_token::PersonalToken;
use gantry_core::user::User;
use gantry_identity::account::AppAccess;
use gantry_identity::people::access::{self, Allowed};
use gantry_views::console::{Act, Empty, Row, Table, Value, said, say};
use gantry_views::moment::{Day, Moment};

use super::super::context::{Answer, Console};
use super::super::form::ConsoleForm;
use super::{frame, named, page};
use crate::extract::unknown_realm;
use crate::paths::console as at;

pub(super) async fn show(console: Console) -> Answer {
    let user = named(&console).await?;
    let rows = console.read()?;
    let apps = access::apps(&rows, console.actor, user.id).await?;
    let grants = access::grants(&rows, console.actor, user.id).await?;
    let tokens = access::tokens(&rows, console.actor, user.id).await?;
    let now = console.now()?;
    let app = |app: &AppAccess| {
        let id = app.client.id.to_string();
        let tenants: Vec<Value> = app.tenants.iter().map(|tenant| Value::said(&tenant.name)).collect();
        let cells = vec![
            Value::Two(said(&app.client.name), said(&app.client.client_id)),
            Value::said(app.scopes.to_string()),
            if tenants.is_empty() { Value::Nothing } else { Value::List(tenants) },
            Value::Moment(Moment::seen(app.since, now)),
            app.last_used_at.map_or(Value::Nothing, |at| Value::Moment(Moment::seen(at, now))),
        ];
        let revoke = console.path(at::PERSON_ACCESS_REVOKE, &[("user", &user.id.to_string()), ("client", &id)]);
        let label = say("people-revoke-label").with("name", app.client.name.as_str());
        Row::plain(id, cells).act(Act::new(say("people-revoke"), revoke).label(label).danger())
    };
    let token = |token: &PersonalToken| {
        let cells = vec![
            Value::Two(said(&token.name), said(format!("\u{2026}{}", token.last_four))),
            Value::said(token.scopes.to_string()),
            Value::Day(Day::of(token.expires_at)),
            token.last_used_at.map_or(Value::Nothing, |at| Value::Moment(Moment::seen(at, now))),
        ];
        let revoke = Act::new(say("people-revoke"), page(&console, at::PERSON_TOKEN_REVOKE, &user)).hidden("token", token.id.to_string());
        Row::plain(token.id.to_string(), cells).act(revoke.label(say("people-revoke-label").with("name", token.name.as_str())).danger())
    };
    let mut of_apps = Table::new("apps", app_columns(), nothing(say("people-apps-empty"), say("people-apps-empty-text")));
    (of_apps.title, of_apps.rows) = (Some(say("people-apps")), apps.iter().map(app).collect());
    let mut of_grants = Table::new("grants", grant_columns(), nothing(say("people-grants-empty"), say("people-grants-empty-text")));
    (of_grants.title, of_grants.lead) = (Some(say("people-grants")), Some(say("people-grants-lead")));
    of_grants.rows = grants.iter().map(|allowed| grant(&console, &user, allowed, now)).collect();
    let mut of_tokens = Table::new("tokens", token_columns(), nothing(say("people-tokens-empty"), say("people-tokens-empty-text")));
    (of_tokens.title, of_tokens.rows) = (Some(say("people-tokens")), tokens.iter().map(token).collect());
    console.show(frame::sheet(&console, &user).panel(of_apps).panel(of_grants).panel(of_tokens))
}

fn grant(console: &Console, user: &User, allowed: &Allowed, now: Timestamp) -> Row {
    let Allowed { grant, client, tenants } = allowed;
    let id = grant.id.to_string();
    let places: Vec<&str> = tenants.iter().map(|tenant| tenant.name.as_str()).collect();
    let cells = vec![
        Value::Two(said(&client.name), said(&client.client_id)),
        Value::said(grant.scopes.to_string()),
        if places.is_empty() { Value::Nothing } else { Value::List(places.iter().copied().map(Value::said).collect()) },
        Value::Moment(Moment::seen(grant.created_at, now)),
        Value::Moment(Moment::seen(grant.last_used_at, now)),
    ];
    let revoke = console.path(at::PERSON_GRANT_REVOKE, &[("user", &user.id.to_string()), ("grant", &id)]);
    let label = if places.is_empty() {
        say("people-revoke-label").with("name", client.name.as_str())
    } else {
        say("people-revoke-grant-label").with("name", client.name.as_str()).with("tenants", places.join(", "))
    };
    Row::plain(id, cells).act(Act::new(say("people-revoke"), revoke).label(label).danger())
}

/// Takes back one thing that the person allowed.
pub(super) async fn revoke_grant(console: Console, _: ConsoleForm) -> Answer {
    let user = named(&console).await?;
    let (actor, now, grant) = (console.actor, console.now()?, console.id::<GrantId>("grant")?);
    console.transact(async |tx| access::revoke_grant(tx, actor, user.id, grant, now).await).await?;
    console.done(page(&console, at::PERSON_ACCESS, &user), "people-grant-revoked")
}

pub(super) async fn revoke_app(console: Console, _: ConsoleForm) -> Answer {
    let user = named(&console).await?;
    let (actor, now, client) = (console.actor, console.now()?, console.id::<ClientId>("client")?);
    console.transact(async |tx| access::revoke_app(tx, actor, user.id, client, now).await).await?;
    console.done(page(&console, at::PERSON_ACCESS, &user), "people-app-revoked")
}

pub(super) async fn revoke_token(console: Console, sent: ConsoleForm) -> Answer {
    let user = named(&console).await?;
    let token: PersonalTokenId = sent.line("token").parse().or(Err(unknown_realm()))?;
    let (actor, now) = (console.actor, console.now()?);
    console.transact(async |tx| access::revoke_token(tx, actor, user.id, token, now).await).await?;
    console.done(page(&console, at::PERSON_ACCESS, &user), "people-token-revoked")
}

fn app_columns() -> Vec<gantry_views::console::Text> {
    vec![say("people-app"), say("people-scopes"), say("people-tenants"), say("people-allowed-at"), say("people-last-used")]
}

fn grant_columns() -> Vec<gantry_views::console::Text> {
    vec![say("people-app"), say("people-scopes"), say("people-tenants"), say("people-allowed-at"), say("people-last-used")]
}

fn token_columns() -> Vec<gantry_views::console::Text> {
    vec![say("people-token"), say("people-scopes"), say("people-ends-at"), say("people-last-used")]
}

const fn nothing(title: gantry_views::console::Text, text: gantry_views::console::Text) -> Empty {
    Empty { icon: "app-window", title, text, action: None }
}
