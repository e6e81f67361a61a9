//! Mails that a realm words itself: row and core type, and the queries of that record.

use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::mail_text::{MailForm, MailText};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _};

use super::row::{Row, to_json};
use crate::RealmTx;
use crate::entity::mail_text;

/// Mails that a realm words itself.
#[derive(Debug)]
pub struct MailTexts<'t>(pub(crate) &'t RealmTx);

impl MailTexts<'_> {
    /// All of them: one at most for each kind and language.
    pub async fn list(&self) -> Result<Vec<MailText>, Fault> {
        use mail_text::Column as C;
        let select = self.0.select::<mail_text::Entity>().order_by_asc(C::Kind).order_by_asc(C::Locale);
        self.0.run().all(select).await?.into_iter().map(MailText::try_from).collect()
    }

    /// How the realm words this kind of mail in this language, if it does.
    pub async fn find(&self, kind: &MailForm, locale: &str) -> Result<Option<MailText>, Fault> {
        use mail_text::Column as C;
        let select = self.0.select::<mail_text::Entity>().filter(C::Locale.eq(locale)).filter(C::Kind.eq(kind.name));
        self.0.run().one(select).await?.map(MailText::try_from).transpose()
    }

    /// Writes a text, over the one before.
    pub async fn put(&self, text: &MailText) -> Result<(), Fault> {
        use mail_text::Column as C;
        let row = mail_text::Model {
            realm_id: self.0.realm_id().to_string(),
            locale: text.locale.clone(),
            kind: text.kind.name.to_owned(),
            subject: text.subject.clone(),
            paragraphs: to_json(&text.paragraphs)?,
            updated_at: text.updated_at.millis(),
        };
        let over = [C::Subject, C::Paragraphs, C::UpdatedAt];
        self.0.run().put::<mail_text::Entity>(row, &[C::RealmId, C::Locale, C::Kind], &over).await
    }

    /// Takes a text away. `false`: there was none.
    pub async fn remove(&self, kind: &MailForm, locale: &str) -> Result<bool, Fault> {
        use mail_text::Column as C;
        let delete = self.0.delete::<mail_text::Entity>().filter(C::Locale.eq(locale)).filter(C::Kind.eq(kind.name));
        Ok(self.0.run().delete(delete).await? > 0)
    }
}

impl TryFrom<mail_text::Model> for MailText {
    type Error = Fault;

    fn try_from(model: mail_text::Model) -> Result<Self, Fault> {
        let row = Row::new("mail_text", &model.kind);
        Ok(Self {
            kind: row.known("kind", MailForm::parse(&model.kind))?,
            paragraphs: row.json("paragraphs", &model.paragraphs)?,
            locale: model.locale,
            subject: model.subject,
            updated_at: Timestamp::from_millis(model.updated_at),
        })
    }
}
