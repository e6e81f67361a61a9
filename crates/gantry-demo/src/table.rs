//! What people read when the demo has started: one link and one sign-in, then everything.
//!
//! Owns the words and the layout. Never prints; the command line does. Secrets of apps are left to
//! `demo.json`; passwords of people who do not exist are none.

use std::fmt::Write as _;
use std::path::Path;

use crate::address::{Addresses, origin};
use crate::facts;
use crate::realm::SampleRealm;

/// The width of the first column.
const LABEL: usize = 15;

/// The text.
pub fn text(addresses: Addresses, folder: &Path, realms: &[SampleRealm]) -> String {
    let mut table = Table(String::from("\nThe demo is running.\n\n"));
    table.row("Start here", &origin(addresses.isv_app()));
    if let Some(person) = realms.iter().find_map(|realm| realm.people.first()) {
        table.row("Sign in as", &format!("{}   password: {}", person.email, person.password.expose()));
    }
    for realm in realms {
        table.realm(realm);
    }
    table.heading("Everything else");
    table.row("Sample app", &origin(addresses.isv_app()));
    table.row("Sample API", &format!("{}/resource", origin(addresses.api())));
    table.row("Default realm", &addresses.public_url());
    table.row("Health, metrics", &origin(addresses.management()));
    table.row("Mail", &format!("{}/*.eml", shown(&folder.join("mail"))));
    table.row("For scripts", &shown(&folder.join(facts::FILE)));
    table.0.push_str("\nCtrl-C stops it. Started again it goes on where it was; with --fresh it starts over.\n");
    table.0
}

struct Table(String);

impl Table {
    fn heading(&mut self, text: &str) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.0, "\n{text}");
    }

    fn row(&mut self, label: &str, value: &str) {
        let _ = writeln!(self.0, "  {label:LABEL$}  {value}");
    }

    fn realm(&mut self, realm: &SampleRealm) {
        self.heading(&realm.name);
        self.row("Issuer", &realm.issuer);
        self.row("Account page", &format!("{}{}", realm.issuer, gantry_web::paths::ACCOUNT));
        let (names, emails) = (width(realm.people.iter().map(|p| &p.name)), width(realm.people.iter().map(|p| &p.email)));
        for (position, person) in realm.people.iter().enumerate() {
            let value = format!("{:names$}  {:emails$}  {}", person.name, person.email, person.password.expose());
            self.row(if position == 0 { "People" } else { "" }, &value);
        }
        let clients = [("App", &realm.app), ("Machine", &realm.machine)];
        let ids = width(clients.iter().map(|(_, client)| &client.client_id));
        for (label, client) in clients {
            self.row(label, &format!("{:ids$}  {}", client.client_id, client.scope));
        }
        let ids = width(realm.tenants.iter().map(|tenant| &tenant.org_id));
        for (position, tenant) in realm.tenants.iter().enumerate() {
            self.row(if position == 0 { "Tenants" } else { "" }, &format!("{:ids$}  {}", tenant.org_id, tenant.name));
        }
        self.row("API audience", &realm.audience);
    }
}

fn width<'t>(texts: impl Iterator<Item = &'t String>) -> usize {
    texts.map(|text| text.chars().count()).max().unwrap_or(0)
}

/// A path as it is; what no text can show is shown as a question mark.
fn shown(path: &Path) -> String {
    path.display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::realm::tests::samples;

    #[test]
    fn one_link_and_one_sign_in_come_first() {
        let text = text(Addresses::from_base(8080).unwrap(), Path::new("data/demo"), &samples(8080));
        let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
        assert!(lines[1].ends_with("http://127.0.0.1:8090"), "{text}");
        assert!(lines[2].contains("mae@rocketskip.example") && lines[2].ends_with("orbit before lunch"), "{text}");
        for told in [
            "http://localhost:8081/account",
            "yuri@rocketskip.example",
            "gravity is optional",
            "http://127.0.0.1:8091/resource",
            "demo.json",
        ] {
            assert!(text.contains(told), "{told} in {text}");
        }
        assert!(!text.contains("gcs_"), "{text}");
    }
}
