//! Finds programs that come from the operating system, and says which package brings a missing one.

use std::fs;
use std::path::{Path, PathBuf};

use crate::environment;
use crate::trouble::Trouble;

/// Where Debian keeps one version of Postgres beside another; only the client programs are in the path.
const POSTGRES_VERSIONS: &str = "/usr/lib/postgresql";

/// A program and how to get it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Program {
    names: &'static [&'static str],
    install: &'static str,
}

pub(crate) const INITDB: Program = Program { names: &["initdb"], install: "initdb and postgres (apt-get install postgresql)" };
pub(crate) const POSTGRES: Program = Program { names: &["postgres"], install: "postgres (apt-get install postgresql)" };
pub(crate) const REDIS: Program =
    Program { names: &["redis-server", "valkey-server"], install: "redis-server (apt-get install redis-server)" };
pub(crate) const NGINX: Program = Program { names: &["nginx"], install: "nginx (apt-get install nginx)" };
pub(crate) const SETPRIV: Program = Program { names: &["setpriv"], install: "setpriv (apt-get install util-linux)" };
pub(crate) const NODE: Program = Program { names: &["node"], install: "Node 20 or newer (apt-get install nodejs npm)" };
pub(crate) const NPM: Program = Program { names: &["npm"], install: "npm (apt-get install npm)" };
pub(crate) const PYTHON: Program = Program { names: &["python3"], install: "Python 3.10 or newer (apt-get install python3 python3-venv)" };
pub(crate) const CURL: Program = Program { names: &["curl"], install: "curl (apt-get install curl)" };
pub(crate) const CHROMIUM: Program =
    Program { names: &["chromium", "chromium-browser", "google-chrome"], install: "Chromium (apt-get install chromium)" };

impl Program {
    /// The program's path, or what to install.
    pub(crate) fn find(self) -> Result<PathBuf, Trouble> {
        let folders = search_path();
        self.names
            .iter()
            .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
            .find(|path| path.is_file())
            .ok_or_else(|| Trouble::Missing(self.install.to_owned()))
    }
}

fn search_path() -> Vec<PathBuf> {
    let path = environment::variable("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    // Servers stand where only root's path leads.
    folders.push(PathBuf::from("/usr/sbin"));
    folders.extend(postgres_folders(Path::new(POSTGRES_VERSIONS)));
    folders
}

/// The `bin` folders of all installed versions, newest first.
fn postgres_folders(versions: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(versions) else { return Vec::new() };
    let mut found: Vec<(u32, PathBuf)> =
        entries.flatten().filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin")))).collect();
    found.sort_unstable_by(|left, right| right.cmp(left));
    found.into_iter().map(|(_, folder)| folder).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_postgres_comes_first() {
        let versions = tempfile::tempdir().unwrap();
        for version in ["9", "15", "17", "not-a-version"] {
            fs::create_dir(versions.path().join(version)).unwrap();
        }
        let expected: Vec<PathBuf> = ["17", "15", "9"].iter().map(|version| versions.path().join(version).join("bin")).collect();
        assert_eq!(postgres_folders(versions.path()), expected);
    }

    #[test]
    fn a_missing_program_says_what_to_install() {
        let program = Program { names: &["no-such-program-anywhere"], install: "it (apt-get install it)" };
        assert!(matches!(program.find(), Err(Trouble::Missing(what)) if what == "it (apt-get install it)"));
    }
}
