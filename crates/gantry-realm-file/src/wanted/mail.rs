//! Checks of the words of mails.

use gantry_core::failure::Failure;
use gantry_core::mail_text::{MAIL_FORMS, MailForm};
use gantry_identity::mail;

use super::Check;
use crate::RealmFile;
use crate::document::MailText;
use crate::problem::Path;

impl Check<'_> {
    /// The words of mails in their one form.
    pub(super) fn mail(&mut self, file: &RealmFile) -> Option<Vec<MailText>> {
        let list = Path::default().key("mail");
        let entries = file.document.mail.as_ref()?;
        let names: Vec<String> = entries.iter().map(MailText::name).collect();
        self.repeated(&list, "mail", names.iter().map(|name| Some(name.as_str())));
        Some(entries.iter().enumerate().map(|(index, entry)| self.mail_text(&list.index(index), entry)).collect())
    }

    fn mail_text(&mut self, path: &Path, entry: &MailText) -> MailText {
        if let Err(refusal) = mail::checked_locale(&entry.locale) {
            self.note(&path.key("locale"), refusal.description);
        }
        let Some(form) = MailForm::parse(&entry.mail) else {
            let known: Vec<String> = MAIL_FORMS.iter().map(|form| format!("`{}`", form.name)).collect();
            self.note(&path.key("mail"), format!("is no mail that can be worded; those are {}", known.join(", ")));
            return entry.clone();
        };
        match mail::checked(form, &entry.subject, &entry.paragraphs) {
            Ok((subject, paragraphs)) => MailText { subject, paragraphs, ..entry.clone() },
            Err(refusal) if refusal.fields.is_empty() => {
                self.refusal::<()>(path, Err(Failure::Refused(refusal)));
                entry.clone()
            }
            Err(refusal) => {
                for wrong in refusal.fields {
                    let field = path.key(&wrong.field);
                    self.note(&wrong.index.map_or(field.clone(), |index| field.index(index)), wrong.problem);
                }
                entry.clone()
            }
        }
    }
}
