//! A client's App Keys: what its server sends for data that is nobody's own.

use gantry_core::app_key::AppKey;
use gantry_core::clock::Timestamp;
use gantry_core::failure::Failure;
use gantry_core::id::{AppKeyId, ClientId};
use gantry_core::scope_set::ScopeSet;
use gantry_oauth::app_keys::{self, AppKeySettings};
use gantry_views::console::{Act, Choice, Empty, Field, FieldKind, Form, Link, Row, Sheet, Table, Text, Value, said, say};
use gantry_views::moment::Moment;

use super::credentials::ends;
use super::{Subject, new};
use crate::console::context::{Answer, Console};
use crate::console::form::{ConsoleForm, problems, wrong};
use crate::console::once;
use crate::paths::console as at;

/// The list, on the page of credentials.
pub(super) fn table(console: &Console, subject: &Subject, keys: &[AppKey], now: Timestamp) -> Table {
    let columns = vec![say("clients-key"), say("clients-scopes"), say("clients-made"), say("clients-last-used"), say("clients-ends")];
    let make = Link::to(say("clients-key-new"), subject.path(console, at::CLIENT_APP_KEYS)).icon("plus");
    let empty =
        Empty { icon: "key-square", title: say("clients-keys-empty"), text: say("clients-keys-empty-text"), action: Some(make.clone()) };
    let mut table = Table::new("app-keys", columns, empty);
    table.title = Some(say("clients-keys"));
    table.lead = Some(say("clients-keys-lead"));
    table.actions.push(make);
    let client = subject.client.id.to_string();
    let row = |key: &AppKey| {
        let scopes = app_keys::scopes_of(&subject.catalogue.scopes, &subject.client, key);
        let cells = vec![
            Value::Two(said(&key.name), said(format!("…{}", key.last_four))),
            Value::tags(scopes.iter()),
            Value::Moment(Moment::seen(key.created_at, now)),
            key.last_used_at.map_or_else(|| Value::say("clients-never-used"), |at| Value::Moment(Moment::seen(at, now))),
            ends(key.expires_at, now),
        ];
        let path = console.path(at::CLIENT_APP_KEY, &[("client", &client), ("app_key", &key.id.to_string())]);
        let label = say("clients-key-revoke-label").with("name", key.name.as_str());
        Row::plain(key.id.to_string(), cells).act(Act::new(say("clients-key-revoke"), path).label(label).danger())
    };
    table.rows = keys.iter().map(row).collect();
    table
}

/// What was typed.
#[derive(Default)]
struct Typed {
    name: String,
    scopes: ScopeSet,
    expires_at: String,
}

pub(super) async fn ask(console: Console) -> Answer {
    console.fresh(&console.here())?;
    let subject = Subject::of(&console).await?;
    let sheet = sheet(&console, &subject, &Typed::default(), None, &[]);
    console.show(sheet)
}

fn sheet(console: &Console, subject: &Subject, typed: &Typed, whole: Option<Text>, bad: &[(String, String)]) -> Sheet {
    let offered = app_keys::scopes_for(&subject.client, &subject.catalogue);
    let choice = |name: &str| {
        let choice = Choice::new(name, said(name), typed.scopes.contains(name));
        match subject.catalogue.scope(name) {
            Some(scope) => choice.hint(said(&scope.title)),
            None => choice,
        }
    };
    let form = Form::new("key-new", subject.path(console, at::CLIENT_APP_KEYS), say("clients-key-make"))
        .lead(if offered.is_empty() { say("clients-key-no-scopes") } else { say("clients-key-new-lead") })
        .field(Field::line("name", say("clients-key-name"), &typed.name).hint(say("clients-key-name-hint")).required())
        .field(Field::checks("scopes", say("clients-scopes"), offered.iter().map(choice).collect()).hint(say("clients-key-scopes-hint")))
        .field(
            Field::new("expires_at", say("clients-key-expires"), FieldKind::Date(typed.expires_at.clone()))
                .hint(say("clients-key-expires-hint")),
        );
    subject
        .sheet_below(console, say("clients-key-new"), (at::CLIENT_CREDENTIALS, say("clients-tab-credentials")))
        .panel(once::numbered(form).with_problems(whole, bad))
}

pub(super) async fn make(console: Console, form: ConsoleForm) -> Answer {
    console.fresh(&console.here())?;
    let subject = Subject::of(&console).await?;
    let typed = Typed {
        name: form.line("name").to_owned(),
        scopes: ScopeSet::from_names(form.all("scopes")),
        expires_at: form.line("expires_at").to_owned(),
    };
    let expires_at = Timestamp::parse_rfc3339(&typed.expires_at);
    if expires_at.is_none() && !typed.expires_at.is_empty() {
        let bad = ("expires_at".to_owned(), console.words("clients-no-day")?);
        return console.show_wrong(sheet(&console, &subject, &typed, Some(say("clients-wrong")), &[bad]));
    }
    let settings = AppKeySettings { name: typed.name.clone(), scopes: typed.scopes.clone(), expires_at };
    let (id, now) = (subject.client.id, console.now()?);
    let credentials = || subject.path(&console, at::CLIENT_CREDENTIALS);
    let below = |title| subject.sheet_below(&console, title, (at::CLIENT_CREDENTIALS, say("clients-tab-credentials")));
    match once::transact(&console, &form, async |tx| app_keys::make(tx, console.actor, id, settings, now).await).await {
        Ok(None) => once::again(&console, below(say("clients-key-new")), Link::to(say("clients-tab-credentials"), credentials())),
        Ok(Some((key, secret))) => {
            let sheet = below(say("clients-key-made")).action(Link::primary(say("clients-secret-kept"), credentials()));
            console.show(sheet.panel(new::secret_of(&key.name, say("clients-key-once"), secret)))
        }
        Err(failure) => refused(&console, &subject, &typed, failure),
    }
}

fn refused(console: &Console, subject: &Subject, typed: &Typed, failure: Failure) -> Answer {
    let refusal = wrong(failure)?;
    let whole = if refusal.fields.is_empty() { say("clients-key-refused") } else { say("clients-wrong") };
    console.show_wrong(sheet(console, subject, typed, Some(whole), &problems(&refusal)))
}

/// Ends a key.
pub(super) async fn revoke(console: Console, _form: ConsoleForm) -> Answer {
    let (client, key) = (console.id::<ClientId>("client")?, console.id::<AppKeyId>("app_key")?);
    let back = console.path(at::CLIENT_CREDENTIALS, &[("client", &client.to_string())]);
    console.fresh(&back)?;
    let now = console.now()?;
    console.transact(async |tx| app_keys::revoke(tx, console.actor, client, key, now).await).await?;
    console.done(back, "clients-key-revoked")
}
