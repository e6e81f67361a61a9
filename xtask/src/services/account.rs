//! Under which account a service runs: Postgres refuses root, so root steps down to an account that every system has.
//!
//! Owns no account; it creates none.

use std::path::Path;
use std::process::Command;

use crate::program::SETPRIV;
use crate::trouble::Trouble;

/// Accounts to step down to, the fitting one first.
const UNPRIVILEGED: &[&str] = &["postgres", "nobody"];

/// The account that services run under.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Account {
    /// The caller's own.
    Own,
    /// Another one, because the caller is root.
    Other(&'static str),
}

impl Account {
    /// Decides by who is calling.
    pub(crate) fn choose() -> Result<Self, Trouble> {
        if id(&["-u"]).as_deref() != Some("0") {
            return Ok(Self::Own);
        }
        UNPRIVILEGED
            .iter()
            .find(|name| id(&["-u", name]).is_some())
            .map(|name| Self::Other(name))
            .ok_or_else(|| Trouble::Missing("an account named postgres or nobody, for Postgres does not run as root".to_owned()))
    }

    /// A command that runs `program` under this account and gets `signal` when its starter dies, however that dies.
    pub(crate) fn command(self, program: &Path, signal: &str) -> Result<Command, Trouble> {
        let setpriv = match (self, SETPRIV.find()) {
            (_, Ok(path)) => path,
            (Self::Other(_), Err(missing)) => return Err(missing),
            // Without setpriv (not Linux) the service ends with an orderly end of its starter only.
            (Self::Own, Err(_)) => return Ok(Command::new(program)),
        };
        let mut command = Command::new(setpriv);
        if let Self::Other(name) = self {
            let group = id(&["-g", name]).unwrap_or_else(|| name.to_owned());
            command.arg(format!("--reuid={name}")).arg(format!("--regid={group}")).arg("--init-groups");
        }
        command.arg(format!("--pdeathsig={signal}")).arg("--").arg(program);
        Ok(command)
    }

    /// Hands a folder over to this account.
    pub(crate) fn own(self, folder: &Path) -> Result<(), Trouble> {
        let Self::Other(name) = self else { return Ok(()) };
        let status = Command::new("chown").arg(name).arg(folder).status().map_err(Trouble::during("chown"))?;
        if status.success() { Ok(()) } else { Err(Trouble::failed(format!("cannot hand {} over to {name}", folder.display()))) }
    }
}

fn id(arguments: &[&str]) -> Option<String> {
    let output = Command::new("id").args(arguments).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
