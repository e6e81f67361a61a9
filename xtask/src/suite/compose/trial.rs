//! Starts the server as the container files would: same command, same names of settings, same health check, the values those
//! of throw-away services. Ends it as a container engine does, with SIGTERM.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use super::dockerfile::Dockerfile;
use super::document::Compose;
use super::rules::SERVER;
use crate::master_key;
use crate::services::{Daemon, Durability, Services, free_port};
use crate::suite::context::Context;
use crate::suite::part::Part;
use crate::trouble::Trouble;

pub(super) fn run(context: &Context<'_>, compose: &Compose, dockerfile: &Dockerfile, log: &Path) -> Result<(), Trouble> {
    let binary = context.server(Part::Compose, log)?;
    let services = Services::start(Durability::ThrowAway, context.interrupt)?;
    services.postgres().create_database("gantry")?;
    let folder = TempDir::with_prefix("gantry-trial-").map_err(Trouble::during("making a folder for the trial"))?;
    let environment = environment(compose, &services, folder.path())?;
    let command = |arguments: &[String]| {
        let mut command = context.workspace.command(binary);
        command.args(arguments).envs(&environment).current_dir(folder.path());
        command
    };
    let mut server = Daemon::spawn("the server", command(&arguments(compose, dockerfile)), &log.with_extension("server.log"), "TERM")?;
    let health: Vec<String> = dockerfile.health_check().unwrap_or_default().into_iter().skip(1).collect();
    let healthy = |mut check: Command| check.output().is_ok_and(|output| output.status.success());
    server.wait_until(|| healthy(command(&health)), context.interrupt)?;
    server.stop()?;
    if healthy(command(&health)) {
        return Err(Trouble::failed("the health check still succeeds after the server has ended"));
    }
    Ok(())
}

fn arguments(compose: &Compose, dockerfile: &Dockerfile) -> Vec<String> {
    match compose.services.get(SERVER) {
        Some(server) if !server.command.is_empty() => server.command.clone(),
        _ => dockerfile.command().unwrap_or_default(),
    }
}

/// The compose file's names with values that are true here.
fn environment(compose: &Compose, services: &Services, folder: &Path) -> Result<BTreeMap<String, String>, Trouble> {
    let key = folder.join("master_key");
    fs::write(&key, master_key::fresh()?).map_err(Trouble::during("writing the trial's master key"))?;
    let port = free_port()?;
    let here = BTreeMap::from([
        ("GANTRY_PUBLIC_URL", format!("http://localhost:{port}")),
        ("GANTRY_LISTEN", format!("127.0.0.1:{port}")),
        ("GANTRY_MANAGEMENT_LISTEN", format!("127.0.0.1:{}", free_port()?)),
        ("GANTRY_DATA_DIR", folder.join("data").display().to_string()),
        ("GANTRY_MASTER_KEY_FILE", key.display().to_string()),
        ("DATABASE_URL", services.postgres().url("gantry")),
        ("REDIS_URL", services.redis().url()),
        ("SMTP_URL", format!("smtp://127.0.0.1:{}", free_port()?)),
    ]);
    let named = compose.services.get(SERVER).map(|server| &server.environment).into_iter().flatten();
    Ok(named.map(|(name, value)| (name.clone(), here.get(name.as_str()).unwrap_or(value).clone())).collect())
}
