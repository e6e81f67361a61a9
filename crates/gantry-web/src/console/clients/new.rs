//! A new client: first what it is, then the few things that it cannot do without; everything else has a default.

use gantry_core::client::{Client, ClientKind, ClientPolicy};
use gantry_core::clock::Timestamp;
use gantry_core::failure::Failure;
use gantry_core::grant_type::GrantType;
use gantry_core::secret::Secret;
use gantry_oauth::catalogue::{self, Catalogue};
use gantry_oauth::clients::{self, ClientSettings, NewClient};
use gantry_oauth::violation;
use gantry_realm_file::{document, entry};
use gantry_store::RealmTx;
use gantry_views::console::{Card, Cards, Facts, Field, Form, Link, OnceSecret, Sheet, Text, Value, said, say};
use gantry_views::page::account::ShownOnce;

use super::fields::{self, wrong_fields};
use super::{code, kind, kind_hint};
use crate::PATH_FAMILIES;
use crate::console::context::{Answer, Console};
use crate::console::form::{ConsoleForm, wrong};
use crate::console::once;
use crate::paths::console as at;

pub(super) async fn show(console: Console) -> Answer {
    let query = console.query()?;
    let Some(kind) = query.get("kind").and_then(ClientKind::parse) else { return console.show(kinds(&console)) };
    let catalogue = catalogue::read(&console.read()?, console.actor).await?;
    let sheet = sheet(&console, &catalogue, &blank(kind), None, &[])?;
    console.show(sheet)
}

/// The first step: what is it?
fn kinds(console: &Console) -> Sheet {
    let icon = |one| match one {
        ClientKind::Confidential => "server",
        ClientKind::Public => "globe",
        ClientKind::Native => "smartphone",
        ClientKind::Machine => "bot",
        ClientKind::Development => "wrench",
    };
    let card = |one: &ClientKind| Card {
        title: kind(*one),
        text: Some(kind_hint(*one)),
        figure: None,
        href: format!("{}?kind={one}", console.path(at::CLIENT_NEW, &[])),
        icon: Some(icon(*one)),
        badge: None,
    };
    let cards = Cards { id: "kinds", title: Some(say("clients-new-kind")), cards: ClientKind::ALL.iter().map(card).collect() };
    head(console).panel(cards)
}

fn head(console: &Console) -> Sheet {
    Sheet::new(say("clients-new")).lead(say("clients-new-lead")).crumb(Link::to(say("clients-title"), console.path(at::CLIENTS, &[])))
}

/// What an app of this kind is unless somebody says otherwise.
fn blank(kind: ClientKind) -> document::Client {
    let settings = ClientSettings {
        kind,
        name: String::new(),
        description: String::new(),
        publisher_id: None,
        website: None,
        redirect_uris: Vec::new(),
        post_logout_redirect_uris: Vec::new(),
        grant_types: match kind {
            ClientKind::Machine => vec![GrantType::ClientCredentials],
            ClientKind::Confidential | ClientKind::Public | ClientKind::Native | ClientKind::Development => {
                vec![GrantType::AuthorizationCode, GrantType::RefreshToken]
            }
        },
        scopes: gantry_core::scope_set::ScopeSet::from_names(
            match kind {
                ClientKind::Machine => &[][..],
                ClientKind::Confidential | ClientKind::Public | ClientKind::Native | ClientKind::Development => {
                    &["openid", "profile", "email"]
                }
            }
            .iter()
            .copied(),
        ),
        resources: Vec::new(),
        default_resource: None,
        auth_method: None,
        jwks: None,
        jwks_uri: None,
        introspects: None,
        policy: ClientPolicy::default(),
    };
    entry::client(None, &settings, true, &Catalogue::default())
}

fn sheet(
    console: &Console,
    catalogue: &Catalogue,
    entry: &document::Client,
    whole: Option<Text>,
    bad: &[(String, String)],
) -> Result<Sheet, Failure> {
    let mut form = Form::new("new", console.path(at::CLIENT_NEW, &[]), say("clients-register")).title(kind(entry.kind));
    form = form.lead(kind_hint(entry.kind)).hidden("kind", entry.kind.as_str());
    form = form.field(Field::line("name", say("clients-name"), &entry.name).hint(say("clients-name-hint")).required());
    form = form.field(Field::line("description", say("clients-description"), &entry.description).hint(say("clients-description-hint")));
    if entry.kind != ClientKind::Machine {
        form = form.field(fields::redirect_uris(console, entry).required());
    }
    form = form.field(fields::scopes(entry, catalogue));
    let mut sheet = head(console).panel(once::numbered(form).with_problems(whole, bad));
    sheet.actions.push(Link::to(say("clients-new-other-kind"), console.path(at::CLIENT_NEW, &[])));
    sheet.as_code = Some(code::of_new(console, "clients", entry)?);
    Ok(sheet)
}

pub(super) async fn register(console: Console, form: ConsoleForm) -> Answer {
    let mut entry = blank(ClientKind::parse(form.line("kind")).unwrap_or(ClientKind::Confidential));
    form.line("name").clone_into(&mut entry.name);
    form.line("description").clone_into(&mut entry.description);
    entry.redirect_uris = form.lines("redirect_uris");
    entry.scopes = form.all("scopes").map(str::to_owned).collect();
    let now = console.now()?;
    match once::transact(&console, &form, async |tx| write(tx, &console, &entry, now).await).await {
        Ok(Some((client, secret))) => console.show(registered(&console, &client, secret)),
        Ok(None) => once::again(&console, head(&console), Link::to(say("clients-title"), console.path(at::CLIENTS, &[]))),
        Err(failure) => {
            let refusal = wrong(failure)?;
            let catalogue = catalogue::read(&console.read()?, console.actor).await?;
            let bad = wrong_fields(&console, &refusal, &entry)?;
            console.show_wrong(sheet(&console, &catalogue, &entry, Some(say("clients-wrong")), &bad)?)
        }
    }
}

/// Registers the client, with a first secret if it proves itself by one.
async fn write(tx: &RealmTx, console: &Console, entry: &document::Client, now: Timestamp) -> Result<(Client, Option<Secret>), Failure> {
    let catalogue = catalogue::read(tx, console.actor).await?;
    let (settings, unknown) = entry::client_settings(entry, &catalogue);
    if !unknown.is_empty() {
        return Err(violation::refusal(&unknown).into());
    }
    let keeps_secret = settings.uses_secrets();
    let client = clients::register(tx, console.actor, NewClient { client_id: None, settings }, now).await?;
    let secret = if keeps_secret { Some(clients::add_secret(tx, console.actor, client.id, now).await?.1) } else { None };
    Ok((client, secret))
}

/// The last step: what the developer needs, the secret this once, and the way on.
fn registered(console: &Console, client: &Client, secret: Option<Secret>) -> Sheet {
    let (family, id) = (PATH_FAMILIES.of(&console.realm.realm), client.id.to_string());
    let path = |pattern| console.path(pattern, &[("client", &id)]);
    let mut facts = Facts::new("endpoints").title(say("clients-endpoints"));
    facts = facts.fact(say("clients-id"), Value::Code(client.client_id.clone()));
    facts = facts.fact(say("clients-issuer"), Value::Code(console.address.issuer()));
    if !client.redirect_uris.is_empty() {
        facts = facts.fact(say("clients-authorize"), Value::Code(console.address.below_issuer(family.authorization)));
    }
    facts = facts.fact(say("clients-token"), Value::Code(console.address.below_issuer(family.token)));
    let mut sheet = Sheet::new(say("clients-registered").with("name", client.name.as_str()))
        .lead(say("clients-registered-lead"))
        .crumb(Link::to(say("clients-title"), console.path(at::CLIENTS, &[])))
        .crumb(Link::to(said(&client.name), path(at::CLIENT)))
        .action(Link::primary(say("clients-next-test"), path(at::CLIENT_TEST)))
        .action(Link::to(say("clients-next-overview"), path(at::CLIENT)));
    if let Some(secret) = secret {
        sheet = sheet.panel(secret_of(&client.client_id, say("clients-secret-once"), secret));
    }
    sheet.panel(facts)
}

/// A secret, this once.
pub(super) fn secret_of(name: &str, title: Text, secret: Secret) -> OnceSecret {
    let file_name: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect();
    OnceSecret {
        id: "secret",
        title,
        lead: Some(say("clients-secret-once-lead")),
        value: ShownOnce(secret),
        file_name: format!("{file_name}.txt"),
    }
}
