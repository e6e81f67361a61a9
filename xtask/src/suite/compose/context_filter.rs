//! Whether `.dockerignore` lets through what the build reads: the manifests and sources of every package of the workspace.

use std::path::Path;

use serde::Deserialize;

use crate::trouble::Trouble;
use crate::workspace::Workspace;

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    manifest_path: String,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    src_path: String,
}

/// The files that Cargo looks for before it builds anything, and that the filter keeps back.
pub(super) fn faults(workspace: &Workspace, dockerignore: &str) -> Result<Vec<String>, Trouble> {
    let output = workspace
        .cargo(&["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .output()
        .map_err(Trouble::during("cargo metadata"))?;
    let metadata: Metadata = serde_json::from_slice(&output.stdout).map_err(|error| Trouble::failed(format!("cargo metadata: {error}")))?;
    let allowed: Vec<&str> = dockerignore.lines().filter_map(|line| line.strip_prefix('!')).collect();
    let needed = metadata
        .packages
        .iter()
        .flat_map(|package| std::iter::once(&package.manifest_path).chain(package.targets.iter().map(|target| &target.src_path)));
    Ok(needed
        .filter_map(|path| Path::new(path).strip_prefix(workspace.root()).ok())
        .filter(|path| !allowed.iter().any(|entry| path.starts_with(entry)))
        .map(|path| format!(".dockerignore keeps back {}, which the build reads", path.display()))
        .collect())
}
