//! `gantry config check`: says what the settings come to. That they are right is known by now.

use super::console;
use crate::config::{Settings, SmtpTls, Transport};

pub(super) fn run(settings: &Settings) {
    let server = &settings.server;
    let listen = server.listen.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let rows = [
        ("public URL", server.public_url(server.port()).as_str().to_owned()),
        ("listens on", listen),
        ("management", server.management_listen.to_string()),
        ("data directory", settings.storage.data_dir.display().to_string()),
        (
            "database",
            settings.storage.database.sqlite_path().map_or_else(|| "Postgres".to_owned(), |path| format!("SQLite, {}", path.display())),
        ),
        ("master key", if settings.seal.master_key.is_some() { "given" } else { "in the data directory" }.to_owned()),
        ("cache", if settings.cache.redis_url.is_some() { "Redis" } else { "in this process" }.to_owned()),
        ("mail", mail(settings)),
        ("log", settings.log.filter.clone()),
    ];
    for (name, value) in rows {
        console::say(&format!("{name:<15} {value}"));
    }
}

fn mail(settings: &Settings) -> String {
    match &settings.mail.transport {
        Transport::Smtp(server) => {
            let protection = match server.tls {
                SmtpTls::Implicit => "TLS",
                SmtpTls::StartTls => "STARTTLS",
                SmtpTls::None => "no protection",
            };
            format!("{}:{}, {protection}", server.host, server.port)
        }
        Transport::Files(directory) => {
            let directory = directory.clone().unwrap_or_else(|| settings.storage.data_dir.join("mail"));
            format!("files in {}", directory.display())
        }
        Transport::Memory(_) => "in memory".to_owned(),
    }
}
