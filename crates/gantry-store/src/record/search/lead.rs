//! What a record has to meet, and how far along the leading one a page came.

use sea_orm::ColumnTrait as _;
use sea_orm::sea_query::Condition;

use crate::entity::search_term::Column;

/// What sorts after every other text with the same beginning: the greatest scalar value, which no word holds.
const LAST: char = char::MAX;

/// One thing that a record has to meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Criterion {
    /// It has a word that begins so.
    Prefix(String),
    /// It has this property.
    Exact(String),
}

impl Criterion {
    pub(super) fn condition(&self) -> Condition {
        match self {
            // A range rather than LIKE: `%` and `_` are letters like others, and the key serves it.
            Self::Prefix(word) => Condition::all().add(Column::Term.gte(word.as_str())).add(Column::Term.lt(format!("{word}{LAST}"))),
            Self::Exact(property) => Condition::all().add(Column::Term.eq(property.as_str())),
        }
    }

    pub(super) fn is_met_by(&self, term: &str) -> bool {
        match self {
            Self::Prefix(word) => term.starts_with(word.as_str()),
            Self::Exact(property) => term == property,
        }
    }
}

/// The last row that was looked at, and which criterion led to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) lead: usize,
    pub(super) term: String,
    pub(super) id: String,
}

impl Place {
    pub(super) const fn start(lead: usize) -> Self {
        Self { lead, term: String::new(), id: String::new() }
    }

    /// What a cursor holds. Neither words nor ids contain the separator.
    pub(super) fn to_text(&self) -> String {
        format!("{}\0{}\0{}", self.lead, self.term, self.id)
    }

    /// Reads what [`Self::to_text`] wrote; none if it is nothing of that kind.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('\0');
        let (Some(lead), Some(term), Some(id), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else { return None };
        Some(Self { lead: lead.parse().ok()?, term: term.to_owned(), id: id.to_owned() })
    }
}
