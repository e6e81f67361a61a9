//! A Python with exactly the packages of a `requirements.txt`, each checked against its hash, in the cache folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::context::Context;
use super::part::Part;
use crate::program::PYTHON;
use crate::trouble::Trouble;

/// Beside the packages: the requirements that they were installed for.
const INSTALLED: &str = "installed-requirements.txt";

/// The interpreter that has the packages which `requirements.txt` in `folder` names.
pub(super) fn with_packages(context: &Context<'_>, part: Part, folder: &str, log: &Path) -> Result<PathBuf, Trouble> {
    let system = PYTHON.find()?;
    let requirements = context.workspace.root().join(folder).join("requirements.txt");
    let wanted = fs::read_to_string(&requirements).map_err(Trouble::during("reading requirements.txt"))?;
    let place = context.workspace.cache().join("python").join(part.name());
    let interpreter = place.join("bin/python");
    let installed = place.join(INSTALLED);
    if runs(&interpreter, "") && fs::read_to_string(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(interpreter);
    }
    // Debian leaves both out of its python3.
    if !runs(&system, "import ensurepip, venv") {
        return Err(Trouble::Missing("Python's venv (apt-get install python3-venv)".to_owned()));
    }
    let mut make = context.workspace.command(&system);
    make.args(["-m", "venv", "--clear"]).arg(&place);
    context.run(part, make, log)?;
    let mut install = context.workspace.command(&interpreter);
    install
        .args(["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "--require-hashes", "-r"])
        .arg(&requirements);
    context.run(part, install, log)?;
    fs::write(&installed, wanted).map_err(Trouble::during("noting what was installed"))?;
    Ok(interpreter)
}

fn runs(interpreter: &Path, program: &str) -> bool {
    Command::new(interpreter).args(["-c", program]).output().is_ok_and(|output| output.status.success())
}
