//! What people read when the demo has started: one link and one sign-in, then everything.
//!
//! Owns the words and the layout. Never prints; the command line does. Secrets of apps are left to
//! `demo.json`; passwords of people who do not exist are none.

use std::fmt::Write as _;
use std::path::Path;

use crate::address::{Addresses, origin};
use crate::facts;
use crate::realm::{SamplePerson, SampleRealm};
use crate::upstream;

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
        table.realm(realm, &origin(addresses.api()));
    }
    table.heading("Sample providers, for signing in with somebody else's server");
    table.row("Address", &addresses.upstream_url());
    let people: Vec<&upstream::Account> = upstream::accounts(None).collect();
    let emails = people.iter().map(|account| account.email.chars().count()).max().unwrap_or(0);
    let person = |account: &upstream::Account| format!("{:9}  {:emails$}  {}", account.provider.word(), account.email, account.remark);
    table.rows("People", people.into_iter().map(person));
    table.heading("Everything else");
    table.row("Sample app", &origin(addresses.isv_app()));
    table.row("Sample API", &origin(addresses.api()));
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

    /// Rows of which only the first has the label.
    fn rows(&mut self, label: &str, values: impl Iterator<Item = String>) {
        for (position, value) in values.enumerate() {
            self.row(if position == 0 { label } else { "" }, &value);
        }
    }

    fn realm(&mut self, realm: &SampleRealm, api: &str) {
        self.heading(&realm.name);
        self.row("Issuer", &realm.issuer);
        self.row("Authorization", &realm.authorization_endpoint());
        self.row("Token", &realm.token_endpoint());
        self.row("API", &format!("{api}{}", realm.guide.call));
        self.row("Account page", &format!("{}{}", realm.base, gantry_web::paths::ACCOUNT));
        let apps = || std::iter::once(&realm.app).chain(&realm.customers_apps);
        let ids = width(apps().map(|client| &client.client_id));
        self.rows("Apps", apps().map(|client| format!("{:ids$}  {}", client.client_id, client.name)));
        if let Some((header, _)) = &realm.app_key {
            self.row("App Key", &format!("in {header}"));
        }
        self.row("Scope", realm.guide.scope);
        self.row("Audience", &realm.audience);
        let (names, emails) = (width(realm.people.iter().map(|p| &p.name)), width(realm.people.iter().map(|p| &p.email)));
        let person = |p: &SamplePerson| format!("{:names$}  {:emails$}  {}", p.name, p.email, p.password.expose());
        self.rows("People", realm.people.iter().map(person));
        let (ids, names) = (width(realm.tenants.iter().map(|t| &t.org_id)), width(realm.tenants.iter().map(|t| &t.name)));
        let tenants = realm.tenants.iter();
        self.rows("Organizations", tenants.map(|t| format!("{:ids$}  {:names$}  {}", t.org_id, t.name, t.members.join(", "))));
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
        assert!(lines[2].contains("mae@example.com") && lines[2].ends_with("orbit before lunch"), "{text}");
        for told in [
            "http://localhost:8081/account",
            "yuri@example.com",
            "gravity is optional",
            "http://127.0.0.1:8091/resource",
            "http://127.0.0.1:8091/api/v1/profiles/me",
            "http://localhost:8084/auth/realms/app/protocol/openid-connect/auth",
            "org_alder",
            "http://localhost:8093",
            "nils@fjord.example",
            "demo.json",
        ] {
            assert!(text.contains(told), "{told} in {text}");
        }
        assert!(!text.contains("gcs_") && !text.contains("gak_"), "{text}");
    }
}
