//! `gantry doctor`: looks at everything that Gantry needs and says what is wrong and what helps.
//!
//! Changes nothing, and goes on after a fault so that all of them are seen at once.

use gantry_core::failure::Fault;
use gantry_core::realm::SYSTEM_REALM;
use gantry_core::user::RealmRole;
use gantry_store::Store;
use gantry_store::cache::redis::Redis;

use super::{Trouble, clock, console};
use crate::config::Settings;
use crate::mail::MailTransport;
use crate::master_key::IfNew;
use crate::{database, server};

pub(super) async fn run(settings: &Settings) -> Result<(), Trouble> {
    server::install_tls();
    let mut faults = 0;
    let mut tell = |what: &str, found: Result<String, Fault>| match found {
        Ok(state) => console::say(&format!("ok      {what}: {state}")),
        Err(fault) => {
            faults += 1;
            console::say(&format!("FAULT   {what}: {fault}"));
        }
    };
    tell("settings", Ok("can be read".to_owned()));
    tell("data directory", data_directory(settings));
    match database::open(settings, clock(), IfNew::Refuse).await {
        Ok(store) => {
            tell("database", Ok("answers, and has the right schema".to_owned()));
            tell("master key and operators", operators(&store).await);
        }
        Err(fault) => tell("database", Err(fault)),
    }
    tell("cache", cache(settings).await);
    tell("mail", mail(settings).await);
    if faults == 0 { Ok(()) } else { Err(Trouble::Refused(format!("{faults} of these need your attention"))) }
}

fn data_directory(settings: &Settings) -> Result<String, Fault> {
    let directory = &settings.storage.data_dir;
    let cannot = |error| Fault::caused(format!("nothing can be written into {}", directory.display()), error);
    if !directory.exists() {
        return Ok(format!("{} is not there yet and will be made", directory.display()));
    }
    let probe = directory.join(".doctor");
    std::fs::write(&probe, "").map_err(cannot)?;
    std::fs::remove_file(&probe).map_err(cannot)?;
    Ok(format!("{} can be written to", directory.display()))
}

async fn operators(store: &Store) -> Result<String, Fault> {
    let Some(system) = store.platform().realm_by_slug(SYSTEM_REALM).await? else {
        return Ok("the server has not been started on this database yet".to_owned());
    };
    crate::first_start::check_master_key(store, &system).await?;
    if store.read(system.id).users().any_with_role(RealmRole::Operator).await? {
        Ok("the key is the right one, and there is an operator".to_owned())
    } else {
        Ok("the key is the right one; there is no operator yet, `gantry admin create --link` makes a link for the first".to_owned())
    }
}

async fn cache(settings: &Settings) -> Result<String, Fault> {
    let Some(url) = &settings.cache.redis_url else { return Ok("in this process; nodes need Redis to share rate limits".to_owned()) };
    if Redis::open(url, &settings.cache.prefix).await?.is_up() {
        Ok("Redis answers".to_owned())
    } else {
        Err(Fault::new("Redis does not answer; Gantry works without it, but nodes do not share rate limits"))
    }
}

async fn mail(settings: &Settings) -> Result<String, Fault> {
    let transport = MailTransport::new(&settings.mail.transport, &settings.storage.data_dir)?;
    transport.probe().await?;
    Ok(match transport {
        MailTransport::Smtp(_) => "the server answers".to_owned(),
        MailTransport::Files(directory) => format!("goes into files in {}; set SMTP_URL to send it", directory.display()),
        MailTransport::Memory(_) => "stays in memory".to_owned(),
    })
}
