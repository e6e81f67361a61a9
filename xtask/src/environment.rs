//! The one place that reads this program's environment, and the one that keeps a developer's settings out of what is started.

use std::ffi::OsString;
use std::process::Command;

/// Settings of a server that must not leak from a developer's shell into a check or a measurement.
const SERVER_SETTINGS: &[&str] = &["DATABASE_URL", "REDIS_URL", "SMTP_URL", "RUST_LOG"];

/// Where this program's own settings are, under the same prefix as the server's.
const OWN_SETTINGS: &[&str] = &["GANTRY_CACHE"];

/// A variable of the environment, if it is set and not empty.
#[expect(clippy::disallowed_methods, reason = "the tasks have no configuration but a few variables, read here")]
pub(crate) fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// Takes every server setting out of a command's environment.
pub(crate) fn without_server_settings(command: &mut Command) {
    for name in SERVER_SETTINGS {
        command.env_remove(name);
    }
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("GANTRY_") && !OWN_SETTINGS.contains(&text.as_ref()) {
            command.env_remove(&name);
        }
    }
}
