//! What must be true of the container files: everybody is asked after their health and waited for, nobody is root, nothing is
//! reachable from outside, no name is made up.

use super::dockerfile::Dockerfile;
use super::document::{Compose, Service};

/// The service that the project builds.
pub(super) const SERVER: &str = "gantry";

/// The services that the server waits for.
const NEEDED: &[&str] = &["postgres", "redis", "mail"];

/// The settings of the server that have a name of their own; a test holds the list to what the server reads.
const SETTINGS: &[&str] = &[
    "DATABASE_URL",
    "DATABASE_URL_FILE",
    "GANTRY_CONFIG",
    "GANTRY_DATA_DIR",
    "GANTRY_LISTEN",
    "GANTRY_MANAGEMENT_LISTEN",
    "GANTRY_MASTER_KEY",
    "GANTRY_MASTER_KEY_FILE",
    "GANTRY_PUBLIC_URL",
    "REDIS_URL",
    "REDIS_URL_FILE",
    "RUST_LOG",
    "SMTP_URL",
    "SMTP_URL_FILE",
];

/// Prefixes below which the server takes any name that it knows, and refuses the others itself.
const SETTING_PREFIXES: &[&str] = &["GANTRY__", "OTEL_"];

/// Everything wrong with the two files.
pub(super) fn faults(compose: &Compose, dockerfile: &Dockerfile) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, service) in &compose.services {
        faults.extend(of_any_service(compose, name, service));
    }
    match compose.services.get(SERVER) {
        Some(server) => faults.extend(of_the_server(compose, server, dockerfile)),
        None => faults.push(format!("no service is named {SERVER}")),
    }
    faults.extend(of_the_image(dockerfile));
    faults
}

fn of_any_service(compose: &Compose, name: &str, service: &Service) -> Vec<String> {
    let mut faults = Vec::new();
    let mut demand = |holds: bool, what: &str| {
        if !holds {
            faults.push(format!("docker-compose.yml, {name}: {what}"));
        }
    };
    demand(service.image.contains(':') || service.build.is_some(), "the image has no version");
    demand(!service.image.ends_with(":latest"), "the image's version is `latest`");
    demand(!service.restart.is_empty(), "says nothing about restarts");
    demand(service.ports.iter().all(|port| port.starts_with("127.0.0.1:")), "publishes a port beyond loopback");
    demand(!service.user.as_deref().is_some_and(is_root), "runs as root");
    match &service.healthcheck {
        None => demand(false, "has no health check"),
        Some(check) => {
            demand(check.test.first().is_some_and(|kind| kind == "CMD") && check.test.len() > 1, "its health check is not a plain command");
            demand(check.retries > 0, "its health check gives up at once");
            let durations = [&check.interval, &check.timeout, &check.start_period];
            demand(durations.iter().all(|duration| is_duration(duration)), "its health check has a duration that is none");
        }
    }
    for (other, dependency) in &service.depends_on {
        demand(compose.services.contains_key(other), &format!("waits for {other}, which is no service"));
        demand(dependency.condition == "service_healthy", &format!("does not wait for {other} to be healthy"));
    }
    for volume in &service.volumes {
        let source = volume.split(':').next().unwrap_or_default();
        demand(compose.volumes.contains_key(source), &format!("mounts {source}, which is no volume"));
    }
    for secret in &service.secrets {
        demand(compose.secrets.contains_key(secret), &format!("reads {secret}, which is no secret"));
    }
    faults
}

fn of_the_server(compose: &Compose, server: &Service, dockerfile: &Dockerfile) -> Vec<String> {
    let mut faults = Vec::new();
    for needed in NEEDED {
        if !server.depends_on.contains_key(*needed) {
            faults.push(format!("docker-compose.yml, {SERVER}: does not wait for {needed}"));
        }
    }
    for name in server.environment.keys().filter(|name| !is_setting(name)) {
        faults.push(format!("docker-compose.yml, {SERVER}: {name} is no setting of the server"));
    }
    if server.environment.contains_key("GANTRY_MASTER_KEY") {
        faults.push("the master key stands in the server's environment, where every `inspect` shows it".to_owned());
    }
    let file = server.environment.get("GANTRY_MASTER_KEY_FILE").and_then(|path| path.strip_prefix("/run/secrets/"));
    let from_environment = file.and_then(|name| compose.secrets.get(name)).is_some_and(|secret| secret.environment == "GANTRY_MASTER_KEY");
    if !from_environment || !file.is_some_and(|name| server.secrets.iter().any(|secret| secret == name)) {
        faults.push("the master key does not come from the secret of the caller's GANTRY_MASTER_KEY".to_owned());
    }
    let confined = server.read_only
        && server.cap_drop.iter().any(|capability| capability == "ALL")
        && server.security_opt.iter().any(|option| option == "no-new-privileges:true");
    if !confined {
        faults.push(format!("docker-compose.yml, {SERVER}: is not confined (read_only, cap_drop, no-new-privileges)"));
    }
    let own = server.healthcheck.as_ref().map(|check| check.test.iter().skip(1).cloned().collect::<Vec<_>>());
    if own != dockerfile.health_check() {
        faults.push("the health checks of image and compose file differ".to_owned());
    }
    faults
}

fn of_the_image(dockerfile: &Dockerfile) -> Vec<String> {
    let mut faults = Vec::new();
    if dockerfile.user().is_none_or(is_root) {
        faults.push("Dockerfile: the image runs as root".to_owned());
    }
    if dockerfile.entrypoint().is_none() || dockerfile.command().is_none() || dockerfile.health_check().is_none() {
        faults.push("Dockerfile: entry point, command and health check must be lists, for there is no shell".to_owned());
    }
    for (name, _) in dockerfile.environment().iter().filter(|(name, _)| !is_setting(name)) {
        faults.push(format!("Dockerfile: {name} is no setting of the server"));
    }
    faults
}

fn is_setting(name: &str) -> bool {
    SETTINGS.contains(&name) || SETTING_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

fn is_root(user: &str) -> bool {
    matches!(user.split(':').next(), Some("root" | "0" | ""))
}

fn is_duration(text: &str) -> bool {
    text.is_empty() || text.strip_suffix('s').is_some_and(|seconds| seconds.parse::<u32>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults_after(from: &str, to: &str) -> String {
        let compose = include_str!("../../../../docker-compose.yml");
        assert!(compose.contains(from), "the file no longer says {from}");
        let compose = Compose::parse(&compose.replace(from, to)).unwrap();
        faults(&compose, &Dockerfile::parse(include_str!("../../../../Dockerfile"))).join("\n")
    }

    #[test]
    fn the_files_are_sound() {
        assert_eq!(faults_after("services:", "services:"), "");
    }

    #[test]
    fn each_slip_is_found() {
        for (from, to, said) in [
            ("127.0.0.1:8025:8025", "8025:8025", "mail: publishes a port beyond loopback"),
            ("redis: { condition: service_healthy }", "redis: { condition: service_started }", "wait for redis to be healthy"),
            ("redis:7.2-alpine", "redis", "redis: the image has no version"),
            ("REDIS_URL:", "REDIS_URI:", "REDIS_URI is no setting"),
            ("read_only: true", "read_only: false", "is not confined"),
            ("gantry\", \"health\"]", "gantry\", \"doctor\"]", "health checks of image and compose file differ"),
            ("secrets: [master_key]", "secrets: []", "the master key does not come from the secret"),
            ("\"gantry-data:/var", "\"other-data:/var", "mounts other-data, which is no volume"),
        ] {
            let found = faults_after(from, to);
            assert!(found.contains(said), "{from} → {to}: {found}");
        }
    }

    #[test]
    fn the_server_reads_every_setting_that_is_known_here() {
        let reads =
            [include_str!("../../../../crates/gantry/src/config/source.rs"), include_str!("../../../../crates/gantry/src/config/log.rs")];
        for name in SETTINGS {
            assert!(reads.iter().any(|source| source.contains(&format!("\"{name}\""))), "nothing reads {name}");
        }
    }

    #[test]
    fn an_image_of_root_is_found() {
        let compose = Compose::parse(include_str!("../../../../docker-compose.yml")).unwrap();
        let dockerfile = include_str!("../../../../Dockerfile").replace("USER 65532:65532", "USER 0");
        assert!(faults(&compose, &Dockerfile::parse(&dockerfile)).iter().any(|fault| fault.contains("runs as root")));
    }

    #[test]
    fn an_unknown_key_is_refused() {
        assert!(Compose::parse("name: x\nservices:\n  a:\n    healthchek: {}\n").is_err());
    }
}
