//! `gantry admin create`: makes operators and realm admins, and links for the first operator.
//!
//! Never takes a password as an argument, where everybody on the machine could read it.

use std::io::BufRead as _;

use clap::Args;
use gantry_core::address::PublicUrl;
use gantry_core::email_address::EmailAddress;
use gantry_core::failure::Fault;
use gantry_core::realm::{Realm, SYSTEM_REALM};
use gantry_core::secret::Secret;
use gantry_identity::Identity;
use gantry_identity::bootstrap::{AdminProof, NoAdmin};
use gantry_identity::password_rule::WeakPassword;
use gantry_web::paths;

use super::{Trouble, clock, console, find_realm};
use crate::config::Settings;
use crate::first_start;
use crate::master_key::IfNew;
use crate::{database, wire};

#[derive(Debug, Args)]
pub(super) struct Options {
    /// The e-mail address; without one, a new link for the first operator is made
    #[arg(long, required_unless_present = "link")]
    email: Option<String>,
    /// Print a link with which the person sets a password; what happens unless a password is given
    #[arg(long, conflicts_with = "password_stdin")]
    link: bool,
    /// Read the password from standard input, one line
    #[arg(long, requires = "email")]
    password_stdin: bool,
    /// The realm whose admin it becomes; operators live in `system`
    #[arg(long, value_name = "NAME", default_value = SYSTEM_REALM)]
    realm: String,
}

pub(super) async fn run(settings: &Settings, options: Options) -> Result<(), Trouble> {
    let clock = clock();
    let store = database::open(settings, clock.clone(), IfNew::Make).await?;
    let identity = wire::identity(&store, &clock);
    let public_url = settings.server.public_url(settings.server.port());
    // Beside a new database the realms are not there yet; the link of that first start is not shown.
    first_start::ensure(&store, &identity, &public_url, clock.now()).await?;
    let realm = find_realm(&store, &options.realm).await?;
    match &options.email {
        None => link_for_the_first(&identity, &realm, &public_url).await,
        Some(email) => {
            let email = EmailAddress::parse(email).map_err(|invalid| Trouble::Usage(format!("`{email}` {invalid}")))?;
            create(&identity, &realm, &email, options.password_stdin, &public_url).await
        }
    }
}

async fn link_for_the_first(identity: &Identity, system: &Realm, public_url: &PublicUrl) -> Result<(), Trouble> {
    if system.slug != SYSTEM_REALM {
        return Err(Trouble::Usage("the first operator belongs to the realm `system`; name an --email for another realm".to_owned()));
    }
    match first_start::operator_link(identity, system, public_url).await? {
        Some(link) => {
            console::say("This link makes the first operator. It works once, for an hour; earlier ones work no more:\n");
            console::say(&format!("  {}\n", link.expose()));
            Ok(())
        }
        None => Err(Trouble::Refused("there is an operator already; give an --email to make another".to_owned())),
    }
}

async fn create(identity: &Identity, realm: &Realm, email: &EmailAddress, from_stdin: bool, public_url: &PublicUrl) -> Result<(), Trouble> {
    let password = if from_stdin { Some(read_password()?) } else { None };
    let proof = password.as_ref().map_or(AdminProof::Link, AdminProof::Password);
    let created = identity.create_admin(realm, email, proof).await.map_err(|why| match why {
        NoAdmin::Weak(weak) => Trouble::Refused(format!("the password will not do: {}", wanting(weak))),
        NoAdmin::Failed(failure) => failure.into(),
    })?;
    console::say(&format!("{email} is an admin of the realm `{}`.", realm.slug));
    if let Some(token) = created.token {
        let page = public_url.address_of(realm).url(paths::RESET_PASSWORD);
        console::say("This link sets the password. It works once, for half an hour:\n");
        console::say(&format!("  {page}?token={}\n", token.expose()));
    }
    Ok(())
}

fn wanting(weak: WeakPassword) -> String {
    match weak {
        WeakPassword::TooShort { least } => format!("it must have at least {least} characters"),
        WeakPassword::TooLong => "it must have at most 1024 characters".to_owned(),
        WeakPassword::Common => "it is one of those that are tried first".to_owned(),
        WeakPassword::Personal => "it is the address or the platform's name".to_owned(),
        WeakPassword::ControlCharacter => "it has a control character in it".to_owned(),
    }
}

fn read_password() -> Result<Secret, Fault> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(|error| Fault::caused("the password could not be read", error))?;
    Ok(Secret::new(line.trim_end_matches(['\r', '\n'])))
}
