//! The words of a realm's own mails.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How the realm words a mail in a language. Mails that are not in the file say what they said before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MailText {
    /// The kind of mail, such as `reset_password`.
    pub mail: String,
    /// The language, as a BCP 47 tag.
    pub locale: String,
    /// The subject, which is the heading too.
    pub subject: String,
    /// What it says, in plain text. Placeholders stand in braces; a link's stands alone in a paragraph and becomes a button.
    pub paragraphs: Vec<String>,
}

impl MailText {
    /// What tells it apart from the others: the kind and the language.
    pub(crate) fn name(&self) -> String {
        format!("{} in {}", self.mail, self.locale)
    }
}
