//! `gantry apply`: makes realms what their files say, or shows what that would change.
//!
//! Reads what the files refer to: environment variables, and files beside them.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::Args;
use gantry_core::actor::Actor;
use gantry_core::secret::Secret;
use gantry_realm_file::{Applied, Applier, NotApplied, RealmFile, SecretReference};

use super::{Trouble, clock, console};
use crate::config::{Environment, Settings};
use crate::master_key::IfNew;
use crate::{database, first_start, wire};

#[derive(Debug, Args)]
pub(super) struct Options {
    /// A realm file, or `-` for standard input; may be given several times
    #[arg(short, long = "file", value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Show what would change, and change nothing
    #[arg(long)]
    plan: bool,
    /// Remove clients, publishers, scopes, resources, connections, members, domains and App Keys that a file's sections leave out
    #[arg(long)]
    prune: bool,
}

pub(super) async fn run(settings: &Settings, options: &Options) -> Result<(), Trouble> {
    let environment = Environment::of_process();
    // All are read before the first is applied: most mistakes show here.
    let files = options.files.iter().map(|path| read(path, &environment)).collect::<Result<Vec<_>, _>>()?;
    let clock = clock();
    let if_new = if options.plan { IfNew::Refuse } else { IfNew::Make };
    let store = database::open(settings, clock.clone(), if_new).await?;
    let identity = wire::identity(&store, &clock);
    if !options.plan {
        // Beside a new database the realms are not there yet; the link of that first start is not shown.
        let public_url = settings.server.public_url(settings.server.port());
        first_start::ensure(&store, &identity, &public_url, clock.now()).await?;
    }
    let reach = wire::reach(settings);
    let applier = Applier { store, passwords: identity.passwords().clone(), clock, reach, actor: Actor::CommandLine };
    let how = gantry_realm_file::Options { prune: options.prune };
    for file in &files {
        if options.plan {
            console::say(&applier.plan(file, how).await.map_err(told)?.to_string());
        } else {
            tell(&applier.apply(file, how).await.map_err(told)?);
        }
    }
    Ok(())
}

fn tell(applied: &Applied) {
    console::say(&applied.plan.to_string());
    for made in &applied.made {
        console::say(&format!("\nThe client `{}` has a secret now, shown this once:\n", made.name));
        console::say(&format!("  client_id      {}\n  client_secret  {}", made.client_id, made.secret.expose()));
    }
    for made in &applied.made_keys {
        console::say(&format!("\nThe client `{}` has a new App Key, shown this once:\n", made.client_id));
        console::say(&format!("  name  {}\n  key   {}", made.name, made.key.expose()));
    }
}

fn told(reason: NotApplied) -> Trouble {
    match reason {
        NotApplied::Wrong(problems) => {
            let lines: Vec<String> = problems.to_string().lines().map(|line| format!("\n  {line}")).collect();
            Trouble::Refused(format!("the file is wrong, and nothing of it was applied{}", lines.concat()))
        }
        NotApplied::Refused(refusal) => gantry_core::failure::Failure::from(refusal).into(),
        NotApplied::Broken(fault) => fault.into(),
    }
}

fn read(path: &Path, environment: &Environment) -> Result<RealmFile, Trouble> {
    let label = path.display().to_string();
    let unreadable = |error| Trouble::Refused(format!("cannot read {label}: {error}"));
    let text = if path.as_os_str() == "-" { read_stdin() } else { std::fs::read_to_string(path) }.map_err(unreadable)?;
    let beside = path.parent().unwrap_or(Path::new(""));
    RealmFile::read(&label, &text, &|reference| resolve(reference, beside, environment)).map_err(|problems| told(problems.into()))
}

fn read_stdin() -> std::io::Result<String> {
    let mut text = String::new();
    std::io::stdin().lock().read_to_string(&mut text)?;
    Ok(text)
}

fn resolve(reference: SecretReference<'_>, beside: &Path, environment: &Environment) -> Result<Secret, String> {
    match reference {
        SecretReference::Environment(name) => environment.get(name).map(Secret::new).ok_or_else(|| "the variable is not set".to_owned()),
        SecretReference::File(name) => {
            let text = std::fs::read_to_string(beside.join(name)).map_err(|error| error.to_string())?;
            Ok(Secret::new(text.trim_end_matches(['\r', '\n'])))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_come_from_the_environment_and_from_files_beside() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("secret"), "of the file\n").unwrap();
        let environment = Environment::from_pairs([("NAME", "of the environment")]);
        let get = |reference| resolve(reference, folder.path(), &environment).map(|secret| secret.expose().to_owned());
        assert_eq!(get(SecretReference::Environment("NAME")).unwrap(), "of the environment");
        assert_eq!(get(SecretReference::File("secret")).unwrap(), "of the file");
        assert!(get(SecretReference::Environment("OTHER")).is_err());
        assert!(get(SecretReference::File("other")).is_err());
    }
}
