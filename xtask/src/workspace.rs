//! Where things are: the sources, the build output, and the cache for what takes long to get.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use crate::environment;
use crate::trouble::Trouble;

/// The folders that the tasks work in.
#[derive(Debug)]
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
    cache: PathBuf,
}

#[derive(Deserialize)]
struct Metadata {
    workspace_root: PathBuf,
    target_directory: PathBuf,
}

impl Workspace {
    /// Asks Cargo where the workspace and its build output are.
    pub(crate) fn find() -> Result<Self, Trouble> {
        let output = Command::new(cargo())
            .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .map_err(Trouble::during("cargo metadata"))?;
        if !output.status.success() {
            return Err(Trouble::failed(format!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr))));
        }
        let metadata: Metadata =
            serde_json::from_slice(&output.stdout).map_err(|error| Trouble::failed(format!("cargo metadata: {error}")))?;
        let cache = environment::variable("GANTRY_CACHE").map_or_else(default_cache, PathBuf::from);
        Ok(Self { root: metadata.workspace_root, target: metadata.target_directory, cache })
    }

    /// The folder of the root manifest.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The binary that `profile` (`debug`, `release`) builds under that name.
    pub(crate) fn binary(&self, profile: &str, name: &str) -> PathBuf {
        self.target.join(profile).join(name)
    }

    /// Where the output of each part goes.
    pub(crate) fn logs(&self) -> PathBuf {
        self.target.join("xtask")
    }

    /// Where things stay that the checks install.
    pub(crate) fn cache(&self) -> &Path {
        &self.cache
    }

    /// Builds a tool into the cache, unless this version is there. Its build output is kept apart from the workspace's and
    /// thrown away.
    pub(crate) fn install_tool(
        &self,
        name: &str,
        version: &str,
        options: &[&str],
        run: impl FnOnce(Command) -> Result<(), Trouble>,
    ) -> Result<PathBuf, Trouble> {
        let program = self.cache.join("tools/bin").join(name);
        let told = Command::new(&program).arg("--version").output();
        if told.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).trim().ends_with(version)) {
            return Ok(program);
        }
        let target = self.cache.join("tools-target");
        let mut install = self.cargo(&["install", "--locked", "--force", "--version", version, name]);
        install.args(options).arg("--root").arg(self.cache.join("tools")).arg("--target-dir").arg(&target);
        run(install)?;
        let _leftover = fs::remove_dir_all(target);
        Ok(program)
    }

    /// A `cargo` command that runs at the root, with no server settings from the caller's shell.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(&cargo());
        command.args(arguments).env("CARGO_TERM_COLOR", "never");
        command
    }

    /// A command that runs at the root, with no server settings from the caller's shell.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root).env("NO_COLOR", "1");
        environment::without_server_settings(&mut command);
        command
    }
}

fn cargo() -> PathBuf {
    environment::variable("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from)
}

fn default_cache() -> PathBuf {
    let home = environment::variable("HOME").map_or_else(std::env::temp_dir, PathBuf::from);
    home.join(".cache").join("gantry")
}
