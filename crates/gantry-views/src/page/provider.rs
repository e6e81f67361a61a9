//! Somebody else's server to sign in with, as pages show it: a button.

use serde::Serialize;

use super::initials;

/// A button that leads to somebody else's sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Provider {
    /// What it is called.
    pub name: String,
    /// The picture, where it has one of ours.
    pub kind: Option<Mark>,
    /// One or two letters, shown where it has none.
    pub initials: String,
    /// Where its form goes.
    pub action: String,
    /// Whether it is the one that this browser signed in with last.
    pub last_used: bool,
}

impl Provider {
    /// A button with letters for a picture.
    pub fn new(name: &str, action: impl Into<String>) -> Self {
        Self { name: name.to_owned(), kind: None, initials: initials(name), action: action.into(), last_used: false }
    }

    /// The same with a picture.
    #[must_use]
    pub const fn marked(mut self, mark: Option<Mark>) -> Self {
        self.kind = mark;
        self
    }

    /// The same, where it was used last or not.
    #[must_use]
    pub const fn used(mut self, last: bool) -> Self {
        self.last_used = last;
        self
    }
}

/// A picture of ours, which stands for what a provider is about. None is anybody's trademark. Each is the
/// symbol of its name in `img/icons.svg`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// A company's own sign-in.
    #[serde(rename = "building-2")]
    Company,
    /// Branches of code: GitHub.
    GitBranch,
    /// Branches that join: GitLab.
    GitMerge,
    /// A briefcase: LinkedIn.
    Briefcase,
    /// A channel: Slack.
    Hash,
    /// A speech balloon: Discord.
    MessageCircle,
}

/// Some of each, for pages' samples.
pub(crate) fn samples() -> Vec<Provider> {
    vec![
        Provider::new("Google", "/connections/google/start").used(true),
        Provider::new("GitHub", "/connections/github/start").marked(Some(Mark::GitBranch)),
        Provider::new("Bluebird Freight", "/connections/bluebird/start").marked(Some(Mark::Company)),
    ]
}
