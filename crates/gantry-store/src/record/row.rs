//! Between columns and core types. A column that does not decode is a fault that names its row.

use std::fmt::Display;
use std::str::FromStr;

use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::scope_set::ScopeSet;
use gantry_core::secret::Digest;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The row whose columns are decoded.
#[derive(Clone, Copy)]
pub(crate) struct Row<'r> {
    table: &'static str,
    key: &'r str,
}

impl<'r> Row<'r> {
    pub(crate) const fn new(table: &'static str, key: &'r str) -> Self {
        Self { table, key }
    }

    /// A typed identifier.
    pub(crate) fn id<T: FromStr>(self, column: &str, text: &str) -> Result<T, Fault> {
        text.parse().or_else(|_| self.refuse(column))
    }

    /// A typed identifier that may be missing.
    pub(crate) fn optional_id<T: FromStr>(self, column: &str, text: Option<&String>) -> Result<Option<T>, Fault> {
        text.map(|text| self.id(column, text)).transpose()
    }

    /// A digest.
    pub(crate) fn digest(self, column: &str, text: &str) -> Result<Digest, Fault> {
        self.known(column, Digest::from_text(text))
    }

    /// JSON.
    pub(crate) fn json<T: DeserializeOwned>(self, column: &str, text: &str) -> Result<T, Fault> {
        serde_json::from_str(text).or_else(|_| self.refuse(column))
    }

    /// A word that serde knows.
    pub(crate) fn word<T: DeserializeOwned>(self, column: &str, text: &str) -> Result<T, Fault> {
        serde_json::from_value(serde_json::Value::String(text.to_owned())).or_else(|_| self.refuse(column))
    }

    /// A number that fits.
    pub(crate) fn number<T: TryFrom<i64>>(self, column: &str, number: i64) -> Result<T, Fault> {
        T::try_from(number).or_else(|_| self.refuse(column))
    }

    /// A number that fits and may be missing.
    pub(crate) fn optional_number<T: TryFrom<i64>>(self, column: &str, number: Option<i64>) -> Result<Option<T>, Fault> {
        number.map(|number| self.number(column, number)).transpose()
    }

    /// Names of a closed set, spaces between them.
    pub(crate) fn words<T>(self, column: &str, text: &str, parse: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, Fault> {
        text.split(' ').filter(|word| !word.is_empty()).map(|word| self.known(column, parse(word))).collect()
    }

    /// What was parsed, if it could be.
    pub(crate) fn known<T>(self, column: &str, parsed: Option<T>) -> Result<T, Fault> {
        parsed.map_or_else(|| self.refuse(column), Ok)
    }

    fn refuse<T>(self, column: &str) -> Result<T, Fault> {
        Err(Fault::new(format!("the column `{column}` of the row `{}` of the table `{}` does not decode", self.key, self.table)))
    }
}

/// Scope names, spaces between them.
pub(crate) fn scopes(text: &str) -> ScopeSet {
    ScopeSet::from_names(text.split(' ').filter(|name| !name.is_empty()))
}

/// An instant that may be missing.
pub(crate) fn optional_time(millis: Option<i64>) -> Option<Timestamp> {
    millis.map(Timestamp::from_millis)
}

/// Milliseconds of an instant that may be missing.
pub(crate) fn optional_millis(time: Option<Timestamp>) -> Option<i64> {
    time.map(Timestamp::millis)
}

/// Text of an identifier that may be missing.
pub(crate) fn optional_text(id: Option<impl Display>) -> Option<String> {
    id.map(|id| id.to_string())
}

/// JSON of a value.
pub(crate) fn to_json(value: &impl Serialize) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|error| Fault::caused("write JSON for a column", error))
}

/// The word by which serde knows a value.
pub(crate) fn to_word(value: &impl Serialize) -> Result<String, Fault> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        Ok(_) => Err(Fault::new("a value that should be a word is none")),
        Err(error) => Err(Fault::caused("write a word for a column", error)),
    }
}

/// Names of a closed set, spaces between them.
pub(crate) fn to_words<T: Display>(values: &[T]) -> String {
    values.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}
