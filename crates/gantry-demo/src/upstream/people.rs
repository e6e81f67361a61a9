//! The people of the sample providers.

use std::fmt::Write as _;

/// The directory of Fjord Freight.
pub(super) const FJORD: &str = "a1de0000-0000-4000-8000-000000000001";
/// A directory that has nothing to do with anybody here.
pub(super) const STRANGER: &str = "57a90000-0000-4000-8000-000000000002";
/// The directory of all personal accounts at Microsoft.
pub(super) const CONSUMERS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";
/// The group whose members administer.
pub(super) const ADMINS: &str = "6b5a0000-0000-4000-8000-00000000000a";
/// The group of everybody else.
pub(super) const CREW: &str = "6b5a0000-0000-4000-8000-00000000000b";
/// Above so many groups Entra ID puts a pointer into the token instead.
pub(super) const OVERAGE: usize = 200;

/// Which of the providers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    /// Like Microsoft Entra ID.
    Entra,
    /// Like Google.
    Google,
    /// Like GitHub.
    Github,
}

impl Provider {
    /// The word in facts.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Entra => "entra",
            Self::Google => "google",
            Self::Github => "github",
        }
    }
}

/// Somebody with an account at one of the providers.
#[derive(Debug, Clone, Copy)]
pub struct Account {
    /// Which provider.
    pub provider: Provider,
    /// The word for the account in forms: the directory's part of it is not said twice.
    pub word: &'static str,
    /// The full name.
    pub name: &'static str,
    /// The address that the provider tells.
    pub email: &'static str,
    /// What is special about it, for whoever chooses.
    pub remark: &'static str,
    /// Entra's directory or Google's Workspace domain.
    pub directory: Option<&'static str>,
    /// The provider's own id of the person.
    pub id: &'static str,
    /// Whether the provider says that the address is proved: `xms_edov` or `email_verified`.
    pub verified: bool,
    /// Whether the person is a guest there.
    pub guest: bool,
    /// How many groups beside the first the person is in.
    pub groups: &'static [&'static str],
    /// Further groups that have no meaning.
    pub more_groups: usize,
}

const NOBODY: Account = Account {
    provider: Provider::Entra,
    word: "",
    name: "",
    email: "",
    remark: "",
    directory: Some(FJORD),
    id: "",
    verified: true,
    guest: false,
    groups: &[],
    more_groups: 0,
};

const ACCOUNTS: &[Account] = &[
    Account {
        word: "nils",
        name: "Nils Aaberg",
        email: "nils@fjord.example",
        remark: "an ordinary member",
        id: "0b1d0000-0000-4000-8000-000000000011",
        groups: &[CREW],
        ..NOBODY
    },
    Account {
        word: "ingrid",
        name: "Ingrid Solheim",
        email: "ingrid@fjord.example",
        remark: "in the group of admins",
        id: "0b1d0000-0000-4000-8000-000000000012",
        groups: &[ADMINS, CREW],
        ..NOBODY
    },
    Account {
        word: "tove",
        name: "Tove Many",
        email: "tove@fjord.example",
        remark: "in more than 200 groups, so that Graph has to be asked",
        id: "0b1d0000-0000-4000-8000-000000000013",
        groups: &[ADMINS],
        more_groups: 230,
        ..NOBODY
    },
    Account {
        word: "gus",
        name: "Gus Visitor",
        email: "gus@elsewhere.example",
        remark: "a guest of the directory",
        id: "0b1d0000-0000-4000-8000-000000000014",
        guest: true,
        verified: false,
        ..NOBODY
    },
    Account {
        word: "mallory",
        name: "Mallory Claim",
        email: "mae@example.com",
        remark: "claims somebody else's address; the directory never proved it",
        id: "0b1d0000-0000-4000-8000-000000000015",
        verified: false,
        ..NOBODY
    },
    Account {
        word: "stranger",
        name: "Sven Stranger",
        email: "sven@stranger.example",
        remark: "of another company's directory",
        directory: Some(STRANGER),
        id: "0b1d0000-0000-4000-8000-000000000016",
        ..NOBODY
    },
    Account {
        word: "personal",
        name: "Pia Personal",
        email: "pia@outlook.example",
        remark: "a personal account",
        directory: Some(CONSUMERS),
        id: "0b1d0000-0000-4000-8000-000000000017",
        verified: false,
        ..NOBODY
    },
    Account {
        provider: Provider::Google,
        word: "gwen",
        name: "Gwen Hart",
        email: "gwen.hart@gmail.com",
        remark: "a private account",
        directory: None,
        id: "110000000000000000001",
        ..NOBODY
    },
    Account {
        provider: Provider::Google,
        word: "wanda",
        name: "Wanda Osei",
        email: "wanda@sable.example",
        remark: "of the Workspace sable.example",
        directory: Some("sable.example"),
        id: "110000000000000000002",
        ..NOBODY
    },
    Account {
        provider: Provider::Google,
        word: "mae",
        name: "Mae Carter",
        email: "mae@example.com",
        remark: "an account with an address elsewhere",
        directory: None,
        id: "110000000000000000003",
        ..NOBODY
    },
    Account {
        provider: Provider::Github,
        word: "octavia",
        name: "Octavia Lind",
        email: "octavia@example.com",
        remark: "with a verified address",
        directory: None,
        id: "900001",
        ..NOBODY
    },
    Account {
        provider: Provider::Github,
        word: "quiet",
        name: "Quinn Quiet",
        email: "900002+quiet@users.noreply.github.com",
        remark: "keeps the address private",
        directory: None,
        id: "900002",
        ..NOBODY
    },
];

/// Everybody, or those of one provider.
pub fn accounts(provider: Option<Provider>) -> impl Iterator<Item = &'static Account> {
    ACCOUNTS.iter().filter(move |account| provider.is_none_or(|provider| account.provider == provider))
}

impl Account {
    /// All groups by object id.
    pub(super) fn all_groups(&self) -> Vec<String> {
        let mut all: Vec<String> = self.groups.iter().map(|group| (*group).to_owned()).collect();
        for number in 0..self.more_groups {
            let mut id = String::from("9f000000-0000-4000-8000-");
            // Writing to a String cannot fail.
            let _ = write!(id, "{number:012x}");
            all.push(id);
        }
        all
    }
}
