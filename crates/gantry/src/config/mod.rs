//! Settings: read once, from a file and the environment, checked, and handed on in parts.
//!
//! Owns every name of a setting and the only reads of the environment. A file holds one section,
//! and turns it into the type of whoever uses it; nobody else sees the whole. What a platform
//! decides about itself is no setting but a row of its realm.

use std::path::PathBuf;

use serde::Deserialize;
use validator::{Validate, ValidationErrorsKind};

mod audit;
mod cache;
mod dns;
mod list;
mod log;
mod mail;
mod seal;
mod secret_file;
mod server;
mod source;
mod storage;

pub use audit::AuditSettings;
pub use cache::CacheSettings;
pub use dns::DnsSettings;
pub use log::{LogFormat, LogSettings};
pub use mail::{MailSettings, SmtpServer, SmtpTls, Transport};
pub use seal::SealSettings;
pub use server::ServerSettings;
pub use source::Environment;
use source::SettingsFile;
pub use storage::{DatabaseLocation, StorageSettings};

/// What is wrong with the settings: one line for each fault, fit for a person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct InvalidSettings(pub Vec<String>);

/// Every setting, checked.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Addresses and limits of the listeners.
    pub server: ServerSettings,
    /// Where rows and files are.
    pub storage: StorageSettings,
    /// Where what may be lost is.
    pub cache: CacheSettings,
    /// The master key, if one was given.
    pub seal: SealSettings,
    /// How mail leaves.
    pub mail: MailSettings,
    /// Who is asked for the records that prove domains.
    pub dns: DnsSettings,
    /// How long the audit trail is kept.
    pub audit: AuditSettings,
    /// What is logged, and how.
    pub log: LogSettings,
    /// Whether clients' key sets may be fetched from this very machine. No file and no variable
    /// says so: only the demo, the commands in its folder, and the tests do.
    pub reach_loopback: bool,
}

/// The file, as written.
#[derive(Debug, Default, Deserialize, Validate)]
#[serde(default, deny_unknown_fields)]
struct Document {
    #[validate(nested)]
    server: server::Section,
    #[validate(nested)]
    storage: storage::Section,
    #[validate(nested)]
    cache: cache::Section,
    seal: seal::Section,
    #[validate(nested)]
    mail: mail::Section,
    dns: dns::Section,
    #[validate(nested)]
    audit: audit::Section,
    log: log::Section,
}

impl Settings {
    /// Reads the settings: defaults, then the file, then the environment. `file` is the one named on
    /// the command line; else the one that `GANTRY_CONFIG` names, else `gantry.toml` if there is one.
    pub fn load(file: Option<PathBuf>, environment: &Environment) -> Result<Self, InvalidSettings> {
        Self::check(source::read(SettingsFile::Usual(file), environment)?, environment)
    }

    /// The settings that variables alone give, whatever files there are.
    pub fn without_file(environment: &Environment) -> Result<Self, InvalidSettings> {
        Self::check(source::read(SettingsFile::None, environment)?, environment)
    }

    fn check(document: Document, environment: &Environment) -> Result<Self, InvalidSettings> {
        let mut faults = Vec::new();
        if let Err(errors) = document.validate() {
            collect(&mut faults, "", errors.errors());
        }
        let audit = document.audit.settings();
        let parts = (
            document.server.settings(&mut faults),
            document.storage.settings(&mut faults),
            document.cache.settings(&mut faults),
            document.seal.settings(&mut faults),
            document.mail.settings(&mut faults),
            document.dns.settings(&mut faults),
            document.log.settings(&mut faults, environment),
        );
        match parts {
            (Some(server), Some(storage), Some(cache), Some(seal), Some(mail), Some(dns), Some(log)) if faults.is_empty() => {
                Ok(Self { server, storage, cache, seal, mail, dns, audit, log, reach_loopback: false })
            }
            _ => Err(InvalidSettings(faults)),
        }
    }
}

/// One line for each violated rule, under the setting's full name.
fn collect(faults: &mut Vec<String>, path: &str, errors: &std::collections::HashMap<std::borrow::Cow<'static, str>, ValidationErrorsKind>) {
    for (name, kind) in errors {
        match kind {
            ValidationErrorsKind::Struct(inner) => collect(faults, &format!("{path}{name}."), inner.errors()),
            ValidationErrorsKind::List(_) => faults.push(format!("`{path}{name}` is not valid")),
            ValidationErrorsKind::Field(rules) => {
                faults.extend(rules.iter().map(|rule| format!("`{path}{name}` {}", rule.message.as_deref().unwrap_or("is not valid"))));
            }
        }
    }
    faults.sort();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(variables: &[(&str, &str)]) -> Result<Settings, InvalidSettings> {
        Settings::load(None, &Environment::from_pairs(variables.iter().copied()))
    }

    fn load_file(text: &str, variables: &[(&str, &str)]) -> Result<Settings, InvalidSettings> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("gantry.toml");
        std::fs::write(&path, text).unwrap();
        Settings::load(Some(path), &Environment::from_pairs(variables.iter().copied()))
    }

    #[test]
    fn nothing_needs_to_be_set() {
        let settings = load(&[]).unwrap();
        assert_eq!(settings.server.public_url(8080).as_str(), "http://localhost:8080");
        assert_eq!(settings.server.listen, ["127.0.0.1:8080".parse().unwrap()]);
        assert_eq!(settings.server.management_listen, "127.0.0.1:9000".parse().unwrap());
        assert!(settings.storage.database.sqlite_path().unwrap().ends_with("data/gantry.db"));
        assert!(settings.cache.redis_url.is_none() && settings.seal.master_key.is_none());
        assert!(matches!(settings.mail.transport, Transport::Files(_)));
        assert_eq!(settings.audit.keep, Some(std::time::Duration::from_hours(400 * 24)));
        assert_eq!(load(&[("GANTRY__AUDIT__KEEP_DAYS", "0")]).unwrap().audit.keep, None);
    }

    #[test]
    fn the_environment_wins_over_the_file_and_the_long_names_over_the_short() {
        let file = "[server]\npublic_url = 'https://file.example'\nlisten = ['127.0.0.1:1', '127.0.0.1:2']\n[storage]\nmax_connections = 3";
        let public = |variables: &[(&str, &str)]| load_file(file, variables).unwrap().server.public_url(8080).as_str().to_owned();
        assert_eq!(public(&[]), "https://file.example");
        assert_eq!(public(&[("GANTRY_PUBLIC_URL", "https://short.example")]), "https://short.example");
        let both = [("GANTRY_PUBLIC_URL", "https://short.example"), ("GANTRY__SERVER__PUBLIC_URL", "https://long.example")];
        assert_eq!(public(&both), "https://long.example");
        assert_eq!(public(&[("GANTRY_PUBLIC_URL", "")]), "https://file.example", "an empty variable is none");
        let settings = load_file(file, &[("GANTRY__STORAGE__MAX_CONNECTIONS", "5"), ("GANTRY_LISTEN", "127.0.0.1:0, [::1]:0")]).unwrap();
        assert_eq!((settings.storage.max_connections, settings.server.listen.len()), (5, 2));
    }

    #[test]
    fn an_unknown_key_is_fatal_wherever_it_stands() {
        for text in ["[server]\nlisten_on = 'x'", "[sever]\n", "public_url = 'https://id.example'"] {
            let fault = load_file(text, &[]).unwrap_err().to_string();
            assert!(fault.contains("unknown field"), "{fault}");
        }
        assert!(load(&[("GANTRY__SERVER__LISTEN_ON", "x")]).is_err());
        assert!(load(&[("GANTRY_CONFIG", "/nowhere/gantry.toml")]).unwrap_err().to_string().contains("/nowhere/gantry.toml"));
    }

    #[test]
    fn every_fault_is_told_in_one_line_of_its_own() {
        let fault = load(&[
            ("GANTRY_PUBLIC_URL", "http://id.example"),
            ("GANTRY_LISTEN", "8080"),
            ("DATABASE_URL", "mysql://x"),
            ("REDIS_URL", "localhost"),
            ("SMTP_URL", "http://mail"),
            ("GANTRY__STORAGE__MAX_CONNECTIONS", "0"),
        ])
        .unwrap_err();
        let expected =
            ["server.public_url", "server.listen", "storage.database_url", "cache.redis_url", "mail.smtp_url", "storage.max_connections"];
        assert_eq!(fault.0.len(), expected.len(), "{fault}");
        for name in expected {
            assert!(fault.0.iter().any(|line| line.contains(name) && !line.contains('\n')), "{name} in {fault}");
        }
    }

    #[test]
    fn dns_servers_have_addresses_and_perhaps_ports() {
        let servers = |text: &str| load(&[("GANTRY__DNS__SERVERS", text)]).map(|settings| settings.dns.servers);
        assert_eq!(
            servers("192.0.2.53, [::1]:5353, ::1").unwrap(),
            ["192.0.2.53:53", "[::1]:5353", "[::1]:53"].map(|a| a.parse().unwrap())
        );
        assert!(load(&[]).unwrap().dns.servers.is_empty());
        assert!(servers("dns.example").unwrap_err().to_string().contains("dns.servers"));
    }

    #[test]
    fn a_fault_never_repeats_a_secret() {
        let fault = load(&[
            ("DATABASE_URL", "postgre://gantry:s3cret@db/gantry"),
            ("REDIS_URL", "http://:s3cret@cache"),
            ("SMTP_URL", "smtp://user:s3cret@:99999"),
        ])
        .unwrap_err();
        assert!(!fault.to_string().contains("s3cret"), "{fault}");
        let settings = load(&[("DATABASE_URL", "postgres://gantry:s3cret@db/gantry"), ("REDIS_URL", "redis://:s3cret@cache")]).unwrap();
        assert!(!format!("{settings:?}").contains("s3cret"));
    }

    #[test]
    fn a_secret_may_be_in_a_file_and_only_there() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        std::fs::write(&path, "from the file\n").unwrap();
        let path = path.to_str().unwrap();
        let key = load(&[("GANTRY_MASTER_KEY_FILE", path)]).unwrap().seal.master_key.unwrap();
        assert_eq!(key.expose(), "from the file");
        assert!(load(&[("GANTRY_MASTER_KEY_FILE", path), ("GANTRY_MASTER_KEY", "x")]).unwrap_err().to_string().contains("not both"));
        assert!(load(&[("REDIS_URL_FILE", "/nowhere")]).unwrap_err().to_string().contains("/nowhere"));
    }

    #[test]
    fn plain_smtp_is_for_this_machine_or_said_aloud() {
        let tls = |url: &str| match load(&[("SMTP_URL", url)]).unwrap().mail.transport {
            Transport::Smtp(server) => (server.tls, server.port),
            Transport::Files(_) | Transport::Memory(_) => panic!("no SMTP"),
        };
        assert_eq!(tls("smtp://mail.example"), (SmtpTls::StartTls, 587));
        assert_eq!(tls("smtps://mail.example"), (SmtpTls::Implicit, 465));
        assert_eq!(tls("smtp://localhost:1025"), (SmtpTls::None, 1025));
        assert_eq!(tls("smtp://mail:1025?tls=none"), (SmtpTls::None, 1025));
        assert!(load(&[("SMTP_URL", "smtp://user:password@mail:1025?tls=none")]).is_err(), "a password never goes over plain text");
        assert!(load(&[("SMTP_URL", "smtp://mail?tls=maybe")]).is_err());
    }
}
