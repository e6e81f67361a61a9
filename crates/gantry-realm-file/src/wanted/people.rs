//! Checks of people and tenants.

use gantry_core::email_address::EmailAddress;
use gantry_core::fixed_word::{UNREACHABLE, is_reachable};
use gantry_core::realm::{RealmSettings, SYSTEM_REALM};
use gantry_core::user::{Profile, RealmRole};
use gantry_identity::password::HashedPassword;
use gantry_identity::password_rule::{PasswordRule, WeakPassword};
use gantry_identity::{tenants, users};

use super::{Check, GivenPassword};
use crate::current::Current;
use crate::document::{self, Member};
use crate::problem::Path;
use crate::{GivenUser, RealmFile};

impl Check<'_> {
    /// The people in their one form, and the password of each.
    pub(super) fn users(
        &mut self,
        file: &RealmFile,
        settings: &RealmSettings,
        realm: &document::Realm,
    ) -> (Vec<document::User>, Vec<Option<GivenPassword>>) {
        let list = Path::default().key("users");
        let rule = PasswordRule::new(settings.sign_in.password_min_length);
        let mut canonical = Vec::new();
        let mut passwords = Vec::new();
        for (index, (entry, given)) in file.document.users.iter().flatten().zip(&file.users).enumerate() {
            let path = list.index(index);
            let user = self.user(&path, entry, realm);
            let rule = rule.clone().not_like(&[&user.email, &realm.slug]);
            passwords.push(self.password(&path, given, &rule));
            canonical.push(user);
        }
        self.repeated(&list, "email", canonical.iter().map(|user| Some(user.email.as_str())));
        (canonical, passwords)
    }

    fn user(&mut self, path: &Path, entry: &document::User, realm: &document::Realm) -> document::User {
        let mut canonical = document::User { password: None, password_hash: None, ..entry.clone() };
        match EmailAddress::parse(&entry.email) {
            Ok(email) => email.as_str().clone_into(&mut canonical.email),
            Err(invalid) => self.note(&path.key("email"), invalid.to_string()),
        }
        if entry.name.is_some() && entry.profile.name.is_some() {
            self.note(&path.dotted("profile.name"), "must be left out where `name` is given");
        }
        let profile = Profile { name: entry.name.clone().or_else(|| entry.profile.name.clone()), ..entry.profile.clone() };
        if let Some(profile) = self.refusal(&path.key("profile"), users::checked_profile(profile)) {
            canonical.name.clone_from(&profile.name);
            canonical.profile = Profile { name: None, ..profile };
        }
        canonical.roles.sort_unstable();
        canonical.roles.dedup();
        if canonical.roles.contains(&RealmRole::Operator) && realm.slug != SYSTEM_REALM {
            self.note(&path.key("roles"), "must not have `operator`: operators are people of the realm `system`");
        }
        canonical
    }

    fn password(&mut self, path: &Path, given: &GivenUser, rule: &PasswordRule) -> Option<GivenPassword> {
        if given.password.is_some() && given.hash.is_some() {
            self.note(&path.key("password_hash"), "must be left out where `password` is given");
        }
        if let Some(password) = &given.password {
            return match rule.accept(password) {
                Ok(accepted) => Some(GivenPassword::Plain(password.clone(), accepted)),
                Err(weak) => {
                    self.note(&path.key("password"), weakness(weak));
                    None
                }
            };
        }
        let hash = given.hash.as_ref()?;
        match HashedPassword::import(hash.expose()) {
            Ok(hashed) => Some(GivenPassword::Hashed(hashed, hash.clone())),
            Err(invalid) => {
                self.note(&path.key("password_hash"), invalid.to_string());
                None
            }
        }
    }

    /// The tenants in their one form. Members are people of the file or of the realm.
    pub(super) fn tenants(
        &mut self,
        file: &RealmFile,
        people: &[document::User],
        connections: &[document::Connection],
        current: &Current,
    ) -> Option<Vec<document::Tenant>> {
        let list = Path::default().key("tenants");
        let entries = file.document.tenants.as_ref()?;
        self.repeated(&list, "org_id", entries.iter().map(|tenant| Some(tenant.org_id.as_str())));
        let mut canonical = Vec::new();
        for (index, entry) in entries.iter().enumerate() {
            let path = list.index(index);
            if !tenants::is_org_id(&entry.org_id) {
                self.note(&path.key("org_id"), "must be 1 to 64 letters, digits, `_`, `-` or `.`");
            } else if !is_reachable(&entry.org_id) {
                self.note(&path.key("org_id"), UNREACHABLE);
            }
            if entry.max_sign_in_age.is_some_and(|age| !tenants::MAX_SIGN_IN_AGES.contains(&age)) {
                self.note(&path.key("max_sign_in_age"), "must be 60 to 31536000 seconds");
            }
            if entry.password_min_length.is_some_and(|length| !tenants::PASSWORD_MIN_LENGTHS.contains(&length)) {
                self.note(&path.key("password_min_length"), "must be 8 to 64 characters");
            }
            let members = entry.members.as_ref().map(|members| self.members(&path.key("members"), members, people, current));
            let attached = entry.connections.as_ref().map(|_| self.attachments(&path, entry, connections, current));
            let domains = entry.domains.as_ref().map(|domains| self.domains(&path, domains));
            let name = self.name(&path.key("name"), &entry.name);
            canonical.push(document::Tenant { name, domains, connections: attached, members, ..entry.clone() });
        }
        Some(canonical)
    }

    /// What tenants decided about apps: both are of the file or of the realm.
    pub(super) fn installations(
        &mut self,
        file: &RealmFile,
        document: &document::Document,
        current: &Current,
    ) -> Option<Vec<document::Installation>> {
        let list = Path::default().key("installations");
        let entries = file.document.installations.as_ref()?;
        let names: Vec<String> = entries.iter().map(|entry| format!("{} of {}", entry.client_id, entry.org_id)).collect();
        self.repeated(&list, "client_id", names.iter().map(|name| Some(name.as_str())));
        for (index, entry) in entries.iter().enumerate() {
            let path = list.index(index);
            let in_file = document.tenants.iter().flatten().any(|tenant| tenant.org_id == entry.org_id);
            if !in_file && !current.tenants.contains_key(&entry.org_id) {
                self.note(&path.key("org_id"), format!("names the unknown tenant `{}`", entry.org_id));
            }
            let in_file = document.clients.iter().flatten().any(|client| client.client_id.as_ref() == Some(&entry.client_id));
            if !in_file && !current.clients.contains_key(&entry.client_id) {
                self.note(&path.key("client_id"), format!("names the unknown client `{}`", entry.client_id));
            }
        }
        Some(entries.clone())
    }

    fn members(&mut self, list: &Path, members: &[Member], people: &[document::User], current: &Current) -> Vec<Member> {
        let mut canonical = Vec::new();
        for (index, member) in members.iter().enumerate() {
            let path = list.index(index).key("user");
            let Ok(email) = EmailAddress::parse(&member.user) else {
                self.note(&path, "is not an e-mail address such as `name@example.com`");
                continue;
            };
            if !people.iter().any(|user| user.email == email.as_str()) && !current.users.contains_key(email.as_str()) {
                self.note(&path, format!("names the unknown user `{email}`"));
            }
            canonical.push(Member { user: email.as_str().to_owned(), ..member.clone() });
        }
        self.repeated(list, "user", canonical.iter().map(|member| Some(member.user.as_str())));
        canonical.sort_by(|left, right| left.user.cmp(&right.user));
        canonical
    }
}

fn weakness(weak: WeakPassword) -> String {
    match weak {
        WeakPassword::TooShort { least } => format!("must have at least {least} characters"),
        WeakPassword::TooLong => "must have at most 1024 characters".to_owned(),
        WeakPassword::Common => "is one of the passwords that are tried first".to_owned(),
        WeakPassword::Personal => "is made of the person's address or the realm's name".to_owned(),
        WeakPassword::ControlCharacter => "must not have control characters".to_owned(),
    }
}
