//! `gantry connection`: the ways to sign in with somebody else's server, looked at from a shell.
//!
//! Changes nothing: `gantry apply` does.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use gantry_connect::connector::{Connectors, Registration};
use gantry_connect::credential::check_credential;
use gantry_connect::outbound::{Outbound, Reach};
use gantry_core::clock::{SharedClock, Timestamp};
use gantry_core::connection::{Connection, UpstreamAuth};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::failure::Fault;
use gantry_core::realm::Realm;
use gantry_identity::{connections, linking, upstream_sessions};
use gantry_store::{RealmTx, Store};
use gantry_web::paths;
use serde_json::{Map, Value};

use super::{RealmOption, Trouble, clock, console, find_realm};
use crate::config::Settings;
use crate::master_key::IfNew;
use crate::{database, server, wire};

/// A credential that ends within this many seconds is worth a word: 30 days.
const SOON: i64 = 30 * 24 * 60 * 60;

#[derive(Debug, Subcommand)]
pub(super) enum ConnectionCommand {
    /// Show the connections of a realm
    List(RealmOption),
    /// Ask the provider about itself, as a sign-in would, and say what is wrong
    Check(CheckOptions),
    /// Say which account somebody with given claims would have, and why; nothing is written
    DryRun(DryRunOptions),
}

#[derive(Debug, Args)]
pub(super) struct CheckOptions {
    #[command(flatten)]
    realm: RealmOption,
    /// The connection's name in realm files
    slug: String,
}

#[derive(Debug, Args)]
pub(super) struct DryRunOptions {
    #[command(flatten)]
    realm: RealmOption,
    /// The connection's name in realm files
    slug: String,
    /// The claims as the provider gave them: a JSON object, such as a trace shows
    #[arg(long, value_name = "FILE")]
    claims: PathBuf,
}

pub(super) async fn run(settings: &Settings, command: &ConnectionCommand) -> Result<(), Trouble> {
    let clock = clock();
    let store = database::open(settings, clock.clone(), IfNew::Refuse).await?;
    match command {
        ConnectionCommand::List(realm) => list(&store, realm, clock.now()).await,
        ConnectionCommand::Check(options) => check(settings, &store, options, clock).await,
        ConnectionCommand::DryRun(options) => dry_run(settings, &store, options, clock).await,
    }
}

async fn list(store: &Store, option: &RealmOption, now: Timestamp) -> Result<(), Trouble> {
    let realm = find_realm(store, &option.realm).await?;
    let tx = store.read(realm.id);
    for connection in tx.connections().list().await? {
        let owner = match connection.owner {
            Some(owner) => tx.tenants().find(owner).await?.map(|tenant| format!("  of {}", tenant.org_id)).unwrap_or_default(),
            None => String::new(),
        };
        let state = if connection.is_enabled() { "on" } else { "off" };
        let ends = connection.credential_expires_at.map(|at| format!("  credential {}", ending(at, now))).unwrap_or_default();
        console::say(&format!("{:<20} {:<10} {state:<4} {}{owner}{ends}", connection.slug, connection.kind, connection.name));
    }
    Ok(())
}

async fn check(settings: &Settings, store: &Store, options: &CheckOptions, clock: SharedClock) -> Result<(), Trouble> {
    server::install_tls();
    let registration = find(settings, store, &options.realm, &options.slug).await?.1;
    let reach = wire::reach(settings);
    let mut faults = 0;
    let mut tell = |what: &str, found: Result<String, String>| match found {
        Ok(state) => console::say(&format!("ok      {what}: {state}")),
        Err(problem) => {
            faults += 1;
            console::say(&format!("FAULT   {what}: {problem}"));
        }
    };
    let connection = &registration.connection;
    tell("callback", Ok(format!("register {} at the provider", registration.callback)));
    tell("switched on", if connection.is_enabled() { Ok("yes".to_owned()) } else { Err("no: nobody can sign in with it".to_owned()) });
    tell("settings", well_formed(connection, reach));
    tell("credential", credential(&registration, clock.now()));
    let connectors = Connectors::new(Outbound::new(reach), clock);
    tell(
        "provider",
        connectors.probe(&registration).await.map_err(|failed| failed.to_string()).map(|probe| {
            let issuer = probe.issuer.as_deref().unwrap_or("it has no metadata, so nothing was asked").to_owned();
            format!("{issuer}; {} usable keys", probe.keys)
        }),
    );
    if faults == 0 { Ok(()) } else { Err(Trouble::Refused(format!("{faults} of these need your attention"))) }
}

/// Whether the rules of today would let it be written: they may have become stricter, or the reach smaller.
fn well_formed(connection: &Connection, reach: Reach) -> Result<String, String> {
    let checked = connections::normalise(connection.kind, connection.owner, connection.settings.clone(), reach);
    checked.map(|_| "hold".to_owned()).map_err(|wrong| wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
}

/// Whether there is what it has to prove itself with, and for how long.
fn credential(registration: &Registration, now: Timestamp) -> Result<String, String> {
    let Registration { connection, secrets, .. } = registration;
    check_credential(secrets).map_err(|problem| problem.to_string())?;
    let auth = connection.settings.client_auth;
    let by_key = connection.kind == ConnectorKind::Apple || auth == Some(UpstreamAuth::PrivateKeyJwt);
    let by_nothing = auth == Some(UpstreamAuth::None);
    if by_key && secrets.private_key.is_none() {
        return Err("there is no private key; give one in the realm file as `private_key`".to_owned());
    }
    if !by_key && !by_nothing && secrets.client_secret.is_none() {
        return Err("there is no client secret; give one in the realm file as `client_secret`".to_owned());
    }
    match connection.credential_expires_at {
        Some(at) if at <= now => Err(format!("it ended on {}", at.to_rfc3339())),
        Some(at) => Ok(ending(at, now)),
        None => Ok("there is one; nobody said when it ends".to_owned()),
    }
}

fn ending(at: Timestamp, now: Timestamp) -> String {
    let left = at.seconds() - now.seconds();
    let soon = if left < 0 {
        " (over)"
    } else if left < SOON {
        " (soon)"
    } else {
        ""
    };
    format!("ends on {}{soon}", at.to_rfc3339())
}

async fn dry_run(settings: &Settings, store: &Store, options: &DryRunOptions, clock: SharedClock) -> Result<(), Trouble> {
    let (tx, registration) = find(settings, store, &options.realm, &options.slug).await?;
    let label = options.claims.display();
    let text = std::fs::read_to_string(&options.claims).map_err(|error| Trouble::Refused(format!("cannot read {label}: {error}")))?;
    let claims: Map<String, Value> =
        serde_json::from_str(&text).map_err(|error| Trouble::Refused(format!("{label} is not a JSON object: {error}")))?;
    let connectors = Connectors::new(Outbound::new(wire::reach(settings)), clock);
    let identity =
        connectors.interpret(&registration, &claims).map_err(|failed| Trouble::Refused(format!("the sign-in would fail: {failed}")))?;
    let outcome = linking::dry_run(&tx, &registration.connection, &identity).await?;
    let mut told = serde_json::to_value(&outcome).map_err(|error| Fault::caused("a dry run as JSON", error))?;
    if let (Some(told), Some(user)) = (told.as_object_mut(), &outcome.user) {
        told.insert("account_address".to_owned(), Value::from(user.email.as_str()));
    }
    let identity = serde_json::json!({
        "issuer": identity.issuer, "subject": identity.subject, "directory": identity.directory, "guest": identity.guest, "groups": identity.groups,
    });
    if let Some(told) = told.as_object_mut() {
        told.insert("identity".to_owned(), identity);
    }
    console::say(&serde_json::to_string_pretty(&told).map_err(|error| Fault::caused("a dry run as JSON", error))?);
    Ok(())
}

/// The connection with what a conversation with its provider needs.
async fn find(settings: &Settings, store: &Store, option: &RealmOption, slug: &str) -> Result<(RealmTx, Registration), Trouble> {
    let realm = find_realm(store, &option.realm).await?;
    let tx = store.read(realm.id);
    let connection = tx.connections().find_by_slug(slug).await?;
    let connection =
        connection.ok_or_else(|| Trouble::Refused(format!("there is no connection `{slug}` in the realm `{}`", realm.slug)))?;
    if !connection.kind.is_upstream() {
        return Err(Trouble::Refused(format!("`{slug}` is the realm's password database; nobody else is asked for it")));
    }
    let callback = callback(settings, &realm, slug);
    let registration = upstream_sessions::registration(&tx, connection, callback).await?;
    Ok((tx, registration))
}

fn callback(settings: &Settings, realm: &Realm, slug: &str) -> String {
    let address = settings.server.public_url(settings.server.port()).address_of(realm);
    address.url(&paths::CONNECTION_CALLBACK.replace("{slug}", slug))
}
